//! What the pages show of the data that is held about a citizen: the activity, and what becomes of it all in a deletion.

use time::{Duration, OffsetDateTime, macros::datetime};

use super::organisation::{between, full, header, hrefs, html, main, texts};
use crate::{
    Device, Service,
    pages::{
        Body,
        activity::{Act, ActivityPage, Actor, EndedBy, Entry, Notice, OpenSession, Reads, RefusedBecause},
        delete::DeletePage,
        my_data::MyDataPage,
        not_me::{NotMePage, UnrecognisedEntry},
        problems::{ProblemKind, ProblemsPage},
        receipt::ReceiptPage,
    },
    texts::Language,
};

const AT: OffsetDateTime = datetime!(2026-11-20 17:07 UTC);

/// The activity of a citizen who is signed in on three devices.
fn page() -> ActivityPage {
    let session = |name: &str, device, before| OpenSession {
        name: name.to_owned(),
        provider: "P & Co".to_owned(),
        device: Device::parse(device),
        signed_in_at: AT - before,
        last_used_at: AT + Duration::minutes(12),
        is_this: name == "a",
    };
    ActivityPage {
        notice: None,
        sessions: vec![
            session("a", "phone/safari/ios", Duration::ZERO),
            session("b", "computer/firefox/-", Duration::DAY),
            session("c", "unknown/-/-", Duration::hours(2)),
        ],
        entries: vec![entry(Act::SignedIn), entry(Act::SignedOut)],
        older: None,
        is_first: true,
        retention_days: 365,
        query: None,
    }
}

fn entry(act: Act) -> Entry {
    Entry {
        id: "018f-1".to_owned(),
        at: AT,
        act,
        provider: Some("P & Co".to_owned()),
        device: Device::parse("phone/safari/ios"),
        reference: "R1".to_owned(),
        is_this_session: false,
        reads: None,
    }
}

pub(super) fn activity() -> Body {
    Body::Activity(page())
}

pub(super) fn not_me() -> Body {
    let device = Device::parse("computer/-/linux");
    let entry = UnrecognisedEntry { at: AT, provider: Some("P & Co".to_owned()), device, reference: "R1".to_owned() };
    Body::NotMe(NotMePage { entry: Some(entry), others: 2, query: Some("entry=018f-1".to_owned()) })
}

pub(super) fn delete(is_fresh: bool) -> Body {
    let (sign_in, provider) = ("/login/p?return_to=/my-data/delete".to_owned(), "P & Co".to_owned());
    Body::Delete(DeletePage { is_fresh, sign_in, provider, backup_days: Some(35), retention_days: 365 })
}

pub(super) fn receipt(is_complete: bool) -> Body {
    Body::Receipt(ReceiptPage { at: AT, reference: "R1".to_owned(), is_complete, query: Some("r=1".to_owned()) })
}

fn html_of(body: Body) -> String {
    html(body, Some("An"), &Service::default(), Language::En)
}

/// What a reader sees of the page in the middle.
fn shown(body: Body) -> String {
    texts(main(&html_of(body))).join("|")
}

/// What a reader sees of the only entry.
fn row(entry: Entry) -> String {
    let html = html_of(Body::Activity(ActivityPage { entries: vec![entry], ..page() }));
    texts(between(&html, "<ol class=\"log\">", "</ol>")).join("|")
}

#[test]
fn each_session_but_this_one_can_be_ended() {
    let html = html_of(activity());
    let sessions = between(&html, "<section aria-labelledby=\"sessions\" class=\"part\">", "</section>");
    assert_eq!(
        texts(between(sessions, "<ul", "</ul>")),
        [
            "Phone, Safari on iOS",
            "This device",
            "Signed in with P &amp; Co on 20 November 2026 at 18:07 (Belgian time).",
            "Last used on 20 November 2026 at about 18:19 (Belgian time).",
            "Computer, Firefox",
            "Signed in with P &amp; Co on 19 November 2026 at 18:07 (Belgian time).",
            "Last used on 20 November 2026 at about 18:19 (Belgian time).",
            "Sign out there",
            ", Computer, Firefox, 19 November 2026 at 18:07 (Belgian time)",
            "Unknown device",
            "Signed in with P &amp; Co on 20 November 2026 at 16:07 (Belgian time).",
            "Last used on 20 November 2026 at about 18:19 (Belgian time).",
            "Sign out there",
            ", Unknown device, 20 November 2026 at 16:07 (Belgian time)",
        ]
    );
    let named: Vec<_> = sessions.split("name=\"session\" value=\"").skip(1).map(|rest| &rest[..1]).collect();
    assert_eq!(named, ["b", "c"], "{sessions}");
    assert_eq!(sessions.matches("action=\"/api/end_session\"").count(), 2, "{sessions}");
    assert_eq!(sessions.matches("action=\"/api/end_other_sessions\"").count(), 1, "{sessions}");
}

#[test]
fn without_another_session_there_is_nothing_to_end() {
    let mut alone = page();
    alone.sessions.truncate(1);
    for (sessions, is_shown) in [(alone.sessions, true), (Vec::new(), false)] {
        let html = html_of(Body::Activity(ActivityPage { sessions, ..page() }));
        assert_eq!(main(&html).contains("Where you are signed in"), is_shown, "{html}");
        assert!(!main(&html).contains("<form"), "{html}");
    }
}

#[test]
fn each_act_is_told_in_words() {
    for (act, expected) in [
        (Act::SignedIn, "Signed in|20 Nov"),
        (
            Act::SignInRefused(RefusedBecause::Stale),
            "Sign-in refused|20 November 2026 at 18:07 (Belgian time)|An earlier sign-in was used again.|",
        ),
        (Act::SignInRefused(RefusedBecause::OtherProvider), "|It came from another sign-in option"),
        (Act::SignInRefused(RefusedBecause::OtherSignIn), "|It belonged to a sign-in that was started somewhere else."),
        (Act::SignedOut, "Signed out|20 Nov"),
        (Act::SessionEnded(EndedBy::OtherDevice), "Signed out from another device|"),
        (Act::SessionEnded(EndedBy::NewSignIn), "Signed out because of a new sign-in in the same browser|"),
        (Act::SessionEnded(EndedBy::Expiry), "Signed out automatically|"),
        (Act::SessionEnded(EndedBy::Operator), "Signed out by the organisation, at your request|"),
        (
            Act::MessageSaved { version: 1_203, by: Actor::Citizen },
            "Message saved|20 November 2026 at 18:07 (Belgian time)|Version 1,203|",
        ),
        (Act::MessageSaved { version: 1, by: Actor::Api }, "|An app did this for you.|Version 1|"),
        (
            Act::MessageSaved { version: 1, by: Actor::Operator },
            "|The organisation moved it here from an earlier service.|Version 1|",
        ),
        (Act::MessageDeleted { by: Actor::Operator }, "|The organisation did this at your request.|"),
        (Act::MessageDeleted { by: Actor::Citizen }, "Message deleted|20 Nov"),
        (Act::DataExported { by: Actor::Citizen }, "Data downloaded|20 Nov"),
        (Act::ApiUsed, "An app used your data|20 Nov"),
        (Act::DocumentsListed, "List of documents opened|20 Nov"),
        (Act::DocumentDownloaded, "Document downloaded|20 Nov"),
        (Act::AssistantAsked, "Question asked to the assistant|20 Nov"),
    ] {
        let row = row(entry(act));
        assert!(row.contains(expected), "{act:?}: {row}");
        assert!(row.contains("|Sign-in option: P &amp; Co|Phone, Safari on iOS|Reference: R1"), "{act:?}: {row}");
        // Someone else can have signed in. Whatever was done after that is explained by it.
        let is_access = matches!(act, Act::SignedIn | Act::ApiUsed);
        assert_eq!(row.contains("This wasn’t me|, 20 November"), is_access, "{act:?}: {row}");
    }
}

#[test]
fn an_entry_tells_what_is_known_and_no_more() {
    let least = Entry { provider: None, device: Device::default(), ..entry(Act::SessionEnded(EndedBy::Operator)) };
    let moment = "20 November 2026 at 18:07 (Belgian time)";
    assert_eq!(row(least), format!("Signed out by the organisation, at your request|{moment}|Reference: R1"));
    assert!(row(Entry { device: Device::default(), ..entry(Act::SignedIn) }).contains("|Unknown device|"));
    for (count, expected) in [
        (0, None),
        (1, Some(format!("Your message was opened once, on {moment}."))),
        (1_234, Some(format!("Your message was opened 1,234 times, most recently on {moment}."))),
    ] {
        let row =
            row(Entry { reads: Some(Reads { count, last_at: AT }), is_this_session: true, ..entry(Act::SignedIn) });
        assert!(row.starts_with(&format!("Signed in|This session|{moment}|")), "{row}");
        assert!(expected.is_none_or(|expected| row.contains(&expected)), "{row}");
        assert_eq!(row.contains("opened"), count > 0, "{row}");
    }
}

#[test]
fn the_pages_of_the_activity_lead_to_each_other() {
    for (older, is_first, expected) in [
        (None, true, &[][..]),
        (Some("before=1"), true, &["/activity?before=1"]),
        (Some("before=1"), false, &["/activity?before=1", "/activity"]),
        (None, false, &["/activity"]),
    ] {
        let older = older.map(str::to_owned);
        let is_last = older.is_none();
        let html = html_of(Body::Activity(ActivityPage { older, is_first, ..page() }));
        let pager = html.contains("class=\"act\"").then(|| between(&html, "<div class=\"act\">", "</div>"));
        assert_eq!(pager.map(hrefs).unwrap_or_default(), expected);
        assert_eq!(html.contains("There is nothing older."), is_last, "{html}");
        assert_eq!(hrefs(main(&html)).last_chunk(), Some(&["/my-data/export", "/my-data/delete"]), "{html}");
    }
    let empty = shown(Body::Activity(ActivityPage { entries: Vec::new(), ..page() }));
    assert!(empty.contains("|There is no activity to show.|"), "{empty}");
}

#[test]
fn the_page_says_for_how_long_an_entry_is_kept() {
    for (retention_days, expected) in [
        (365, "We keep each entry for one year."),
        (1, "We keep each entry for 1 day."),
        (400, "We keep each entry for 400 days."),
    ] {
        let shown = shown(Body::Activity(ActivityPage { retention_days, ..page() }));
        assert!(shown.contains(expected) && shown.contains("We count that for each sign-in."), "{shown}");
    }
}

#[test]
fn what_a_button_has_done_is_said_in_the_title_and_in_a_notice() {
    for (notice, expected, class) in [
        (Notice::SessionEnded, "You are signed out there|To use this service", "notice notice-status"),
        (Notice::SessionAlreadyEnded, "That session had already ended|You were no longer signed in there.", "notice"),
        (
            Notice::OthersEnded { count: 1 },
            "You are signed out everywhere else|We ended 1 other session.",
            "notice notice-status",
        ),
        (
            Notice::OthersEnded { count: 12 },
            "You are signed out everywhere else|We ended 12 other sessions.",
            "notice notice-status",
        ),
        (
            Notice::OthersEnded { count: 0 },
            "You were not signed in anywhere else|You are still signed in here.",
            "notice",
        ),
    ] {
        let html = html_of(Body::Activity(ActivityPage { notice: Some(notice), ..page() }));
        let said = texts(main(&html)).join("|");
        assert!(said.starts_with(expected), "{said}");
        let heading = expected.split('|').next().unwrap();
        assert!(html.contains(&format!("<title>{heading} – My Data</title>")), "{html}");
        assert!(
            main(&html).contains(&format!("<section role=\"status\" tabindex=\"-1\" class=\"{class}\">")),
            "{html}"
        );
    }
}

#[test]
fn another_language_keeps_the_query_of_the_page() {
    let query = Some("before=1".to_owned());
    for (body, expected) in [
        (Body::Activity(ActivityPage { query, ..page() }), "?before=1&amp;lang=nl"),
        (not_me(), "?entry=018f-1&amp;lang=nl"),
        (delete(true), "?lang=nl"),
        (receipt(true), "?r=1&amp;lang=nl"),
    ] {
        let html = html_of(body);
        assert!(hrefs(header(&html)).contains(&expected), "{html}");
    }
}

#[test]
fn the_activity_is_in_the_navigation_and_on_the_home_page() {
    let html = html_of(activity());
    assert!(header(&html).contains("<a href=\"/activity\" aria-current=\"page\">Activity</a>"), "{html}");
    let home = crate::pages::home::HomePage { providers: Vec::new(), reason: None, query: None };
    assert_eq!(hrefs(main(&html_of(Body::Home(home)))), ["/my-data", "/activity", "/profile"]);
}

#[test]
fn a_citizen_who_was_not_it_is_told_what_to_do_in_order() {
    let html = html(not_me(), Some("An"), &full(), Language::En);
    let steps = between(&html, "<ol", "</ol>");
    assert_eq!(
        texts(steps)[..7],
        [
            "Sign out everywhere else",
            "This ends your 2 other sessions. You stay signed in here.",
            "Sign out everywhere else",
            "Protect the account that you sign in with",
            "Someone may be able to sign in as you. Contact P &amp; Co: change your PIN or password there, or have your account blocked.",
            "Tell us",
            "Tell us what you saw, and give this reference: R1",
        ]
    );
    assert!(steps.contains("method=\"post\" action=\"/api/end_other_sessions\""), "{steps}");
    assert!(steps.contains("mailto:help@town.example"), "{steps}");
    let facts = texts(between(&html, "<dl", "</dl>")).join("|");
    assert_eq!(
        facts,
        "When|20 November 2026 at 18:07 (Belgian time)|Sign-in option|P &amp; Co|Device|Computer, Linux|Reference|R1"
    );
}

#[test]
fn without_an_entry_a_session_or_a_contact_the_steps_are_fewer() {
    let body = Body::NotMe(NotMePage { entry: None, others: 0, query: None });
    let html = html(body, Some("An"), &Service::default(), Language::En);
    let said = texts(main(&html)).join("|");
    assert!(!main(&html).contains("<dl") && !main(&html).contains("<form"), "{html}");
    assert!(said.contains("You have no other session right now") && !said.contains("Tell us"), "{said}");
    assert!(said.contains("Change the PIN or password of each sign-in option"), "{said}");
}

#[test]
fn a_deletion_needs_a_new_sign_in() {
    for (is_fresh, expected) in [
        (true, "|Are you sure you want to delete your data?|Yes, delete my data|Cancel and go back|"),
        (
            false,
            "|Sign in again first|To make sure that it is you, we need a sign-in from the last 5 minutes. P &amp; Co may recognise \
             you without asking for everything again.|Sign in again with P &amp; Co|Cancel and go back|",
        ),
    ] {
        let html = html_of(delete(is_fresh));
        assert!(texts(main(&html)).join("|").contains(expected), "{html}");
        assert_eq!(main(&html).contains("method=\"post\" action=\"/api/delete_my_data\""), is_fresh, "{html}");
        assert_eq!(hrefs(main(&html)).contains(&"/login/p?return_to=/my-data/delete"), !is_fresh, "{html}");
        assert_eq!(hrefs(main(&html)).first_chunk(), Some(&["/my-data/export"]), "{html}");
    }
}

#[test]
fn the_page_says_what_is_deleted_and_what_is_not() {
    let shown = shown(delete(true));
    let parts = [
        "You cannot undo this.",
        "What will be deleted|Your message.|Your activity, which we would otherwise keep for one year.|All your sessions.",
        "What is not deleted|What P &amp; Co itself keeps about you.|The copy of your details in our sign-in system.",
        "|Copies in our backups. They are gone after 35 days.|",
        "|In our log: the time and the reference of the deletion. Earlier entries there do not name you.|",
        "|A text that you typed in another browser and could not save.",
    ];
    let places: Vec<_> = parts.iter().map(|part| shown.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {shown}");
    let Body::Delete(page) = delete(true) else { return };
    let without = html_of(Body::Delete(DeletePage { backup_days: None, ..page }));
    assert!(!without.contains("backups"), "{without}");
}

#[test]
fn a_receipt_has_the_time_and_the_reference() {
    for (is_complete, expected) in [
        (
            true,
            "Your data has been deleted|We deleted your message and your activity, and you are signed out everywhere.|",
        ),
        (false, "We are deleting your data|Your data can no longer be opened, and you are signed out everywhere."),
    ] {
        let html = html(receipt(is_complete), None, &Service::default(), Language::En);
        let said = texts(main(&html)).join("|");
        assert!(said.starts_with(expected), "{said}");
        assert!(said.contains("|When|20 November 2026 at 18:07 (Belgian time)|Reference|R1|"), "{said}");
        assert_eq!(hrefs(main(&html)), ["/"]);
    }
}

#[test]
fn after_a_deletion_the_message_reads_as_never_saved() {
    let (text, owner) = (String::new(), Some("0wner".to_owned()));
    let page = MyDataPage::Stored { text, version: 7, saved_at: None, just_saved: false, owner };
    let html = html_of(Body::MyData(page));
    assert!(html.contains("role=\"status\" class=\"state\">Nothing saved yet.</p>"), "{html}");
    // The next save must follow the deletion.
    assert!(html.contains("name=\"version\" value=\"7\""), "{html}");
}

#[test]
fn every_problem_has_its_place_and_its_title() {
    let html = html_of(Body::Problems(ProblemsPage));
    for problem in ProblemKind::ALL {
        let heading = format!("<h2 id=\"{}\">{}</h2>", problem.slug(), problem.title());
        assert_eq!(html.matches(&heading).count(), 1, "{heading}: {html}");
    }
    assert_eq!(html.matches("<h2 ").count(), ProblemKind::ALL.len());
}

#[test]
fn what_is_held_about_a_citizen_is_not_printed() {
    assert_eq!(format!("{:?}", activity()), "Activity(ActivityPage { .. })");
    assert_eq!(format!("{:?}", not_me()), "NotMe(NotMePage { .. })");
}
