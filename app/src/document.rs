//! The frame around every page: head, header, main, footer.

use leptos::prelude::*;

use crate::{
    components::{Footer, Header, Session},
    format::escaped,
    islands::FormEnhancer,
    page::Page,
    pages::Body,
    texts::say,
};

/// A whole page, ready to render.
#[derive(Clone, Debug)]
pub struct Document {
    /// What every page is told.
    pub page: Page,
    /// What is shown.
    pub body: Body,
}

/// The HTML of `document`. Its `<style>` and `<script>` elements hold the same texts in every page: [`Style::inline`] and
/// [`Enhancer::loader`], so that the content security policy can name their hashes.
///
/// A page has everything it shows before it is rendered, so this neither waits nor streams. `leptos_axum`, which does
/// both, ends every page with scripts for late content. Here a page without an island has no script.
///
/// [`Style::inline`]: crate::Style::inline
/// [`Enhancer::loader`]: crate::Enhancer::loader
pub fn render(document: Document) -> String {
    let owner = Owner::new();
    let html = owner.with(|| view(document).to_html());
    owner.cleanup();
    without_markers(&html)
}

/// `html` without the markers `<!>` of Leptos, which are not valid HTML. Only the island is hydrated: from there on they become
/// empty comments, which a browser reads as the same nodes.
fn without_markers(html: &str) -> String {
    const MARKER: &str = "<!>";
    let (page, island) = html.split_at(html.find("<leptos-island").unwrap_or(html.len()));
    page.replace(MARKER, "") + &island.replace(MARKER, "<!---->")
}

fn view(document: Document) -> impl IntoView {
    let Document { page, body } = document;
    let language = page.language;
    let title = escaped(&body.title(&page));
    // Without the enhancer's code its element would wait for nothing.
    let enhancer = page.assets.enhancer.as_ref().filter(|_| body.is_enhanced());
    let session = page.citizen.as_ref().map(|citizen| citizen.session);
    let is_watched = enhancer.is_some();
    view! {
        <!DOCTYPE html>
        <html lang=language.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title inner_html=title></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {page.assets.style.element()}
                {enhancer.map(|enhancer| enhancer.element())}
                {page.assets.watch.clone().map(|options| view! { <AutoReload options/> })}
            </head>
            <body>
                <a class="skip" href="#main">{language.text(say::SKIP_TO_CONTENT)}</a>
                <Header
                    language service=&page.service citizen=page.citizen.as_ref().map(|citizen| (citizen.name.clone(), citizen.role))
                    current=body.address() switch=body.switch()
                />
                <main id="main" tabindex="-1">
                    {body.into_view(&page)}
                    {session.map(|session| view! { <Session language zone=&page.service.time_zone session is_watched/> })}
                </main>
                <Footer language service=&page.service/>
                {enhancer.map(|_| view! { <FormEnhancer/> })}
            </body>
        </html>
    }
}

#[cfg(test)]
mod assistant;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod held_data;
#[cfg(test)]
mod organisation;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use time::{Duration, OffsetDateTime, macros::datetime};

    use super::*;
    use crate::{
        assets::{Assets, Enhancer, Style},
        look,
        page::{Citizen, Role, SessionEnd, Switch},
        pages::{
            failure::{FailureKind, FailurePage, Unsaved},
            home::{HomePage, ProviderButton},
            my_data::{MyDataPage, Problem, Typed},
            problems::ProblemsPage,
            profile::ProfilePage,
        },
        register::Register,
        service::{Languages, Service},
        texts::Language,
        time_zone::TimeZone,
    };

    const CSS: &str = "p{margin:0}";

    fn enhancer() -> Enhancer {
        Enhancer { script: "/pkg/my-data.js".to_owned(), wasm: "/pkg/my-data.wasm".to_owned() }
    }

    fn html_with(body: Body, citizen: Option<&str>, service: Service, enhancer: Option<Enhancer>) -> String {
        let assets = Assets { style: Style::Inline { inline: CSS.into() }, enhancer, watch: None };
        let page = Page {
            language: Language::En,
            citizen: citizen.map(|name| Citizen { name: name.to_owned(), role: Role::Citizen, session: SESSION }),
            assets: Arc::new(assets),
            service: Arc::new(service),
        };
        render(Document { page, body })
    }

    fn html(body: Body, service: Service) -> String {
        html_with(body, None, service, Some(enhancer()))
    }

    fn failure(kind: FailureKind, reference: Option<&str>) -> Body {
        let reference = reference.map(str::to_owned);
        let switch = Switch::Links { query: None };
        Body::Failure(FailurePage { kind, reference, again: None, other: None, unsaved: None, switch })
    }

    const SESSION: SessionEnd = SessionEnd {
        at: datetime!(2026-11-20 17:22 UTC),
        left: Duration::minutes(13),
        warning: Duration::minutes(2),
        is_final: false,
    };

    fn stored(just_saved: bool) -> MyDataPage {
        let saved_at = just_saved.then_some(datetime!(2026-11-20 17:07 UTC));
        let owner = Some("0wner".to_owned());
        MyDataPage::Stored { text: String::new(), version: 0, saved_at, just_saved, owner }
    }

    fn typed() -> Typed {
        Typed {
            text: "typed".to_owned(),
            version: 3,
            owner: Some("0wner".to_owned()),
            restored: None,
            is_conflict: false,
        }
    }

    fn restored() -> Typed {
        Typed { restored: Some("0ne".to_owned()), ..typed() }
    }

    fn conflict(typed: Typed) -> Body {
        Body::MyData(MyDataPage::Conflict { typed, stored: None })
    }

    fn refused(problem: Problem) -> Body {
        Body::MyData(MyDataPage::Kept(typed(), problem))
    }

    fn my_data() -> Body {
        Body::MyData(stored(false))
    }

    fn home(looks: &[&'static look::Look]) -> Body {
        let providers = looks.iter().enumerate().map(|(index, &look)| ProviderButton {
            id: format!("p{index}"),
            href: format!("/login/p{index}"),
            name: format!("Provider {index}"),
            look,
            is_main: false,
        });
        Body::Home(HomePage { providers: providers.collect(), reason: None, query: None })
    }

    fn profile() -> Body {
        Body::Profile(ProfilePage {
            provider: "P".to_owned(),
            register: Register::Belgium,
            signed_in_at: OffsetDateTime::UNIX_EPOCH,
            entries: Vec::new(),
        })
    }

    fn service() -> Service {
        Service {
            languages: Languages::default(),
            time_zone: TimeZone::default(),
            name: Some("Kiosk & Co".into()),
            organisation: Some("Town <of> Example".into()),
            contact_url: Some("https://town.example/help?a=1&b=2".into()),
            privacy_url: Some("https://town.example/privacy".into()),
            accessibility_url: Some("https://town.example/accessibility".into()),
            ..Service::default()
        }
    }

    /// What stands between the first `start` and the next `end`.
    fn between<'a>(html: &'a str, start: &str, end: &str) -> &'a str {
        let (_, rest) = html.split_once(start).unwrap_or_else(|| panic!("no {start} in {html}"));
        rest.split_once(end).unwrap_or_else(|| panic!("no {end} in {rest}")).0
    }

    /// What a reader sees: no tags, no isolates, no markers of Leptos.
    fn text(html: &str) -> String {
        let mut inside = false;
        html.chars()
            .filter(|&char| {
                let shown = !inside && char != '<';
                inside = char == '<' || (inside && char != '>');
                shown && !('\u{2066}'..='\u{2069}').contains(&char)
            })
            .collect()
    }

    fn title(body: Body, service: Service) -> String {
        between(&html(body, service), "<title>", "</title>").to_owned()
    }

    #[test]
    fn the_name_of_the_service_stands_in_every_title() {
        for (body, default, named) in [
            (home(&[]), "My Data", "Kiosk &amp; Co"),
            (my_data(), "Your message – My Data", "Your message – Kiosk &amp; Co"),
            (profile(), "Your profile – My Data", "Your profile – Kiosk &amp; Co"),
            (failure(FailureKind::NotFound, None), "Page not found – My Data", "Page not found – Kiosk &amp; Co"),
            (held_data::activity(), "Your activity – My Data", "Your activity – Kiosk &amp; Co"),
            (documents::documents(), "Your documents – My Data", "Your documents – Kiosk &amp; Co"),
            (documents::folder(), "2026 – My Data", "2026 – Kiosk &amp; Co"),
            (assistant::first(), "Ask the assistant – My Data", "Ask the assistant – Kiosk &amp; Co"),
            (held_data::not_me(), "If it wasn’t you – My Data", "If it wasn’t you – Kiosk &amp; Co"),
            (held_data::delete(true), "Delete your data – My Data", "Delete your data – Kiosk &amp; Co"),
            (
                held_data::receipt(true),
                "Your data has been deleted – My Data",
                "Your data has been deleted – Kiosk &amp; Co",
            ),
            (
                held_data::receipt(false),
                "We are deleting your data – My Data",
                "We are deleting your data – Kiosk &amp; Co",
            ),
            (
                Body::Problems(ProblemsPage),
                "Problems that the API reports – My Data",
                "Problems that the API reports – Kiosk &amp; Co",
            ),
        ] {
            assert_eq!(title(body.clone(), Service::default()), default);
            assert_eq!(title(body, service()), named);
        }
    }

    #[test]
    fn the_title_says_what_became_of_a_message() {
        for (body, expected) in [
            (Body::MyData(stored(true)), "Your message is saved"),
            (Body::MyData(MyDataPage::Unsaved(typed())), "Your message"),
            (Body::MyData(MyDataPage::Unsaved(restored())), "You had not saved this text"),
            (refused(Problem::TooLong { count: 2_001 }), "Error: Your message"),
            (refused(Problem::NotText), "Error: Your message"),
            (refused(Problem::Incomplete), "We did not receive everything"),
            (refused(Problem::Unavailable), "Your message was not saved"),
            (refused(Problem::TooMany), "Your message was not saved yet"),
            (refused(Problem::Overloaded), "We could not save your message yet"),
            (conflict(typed()), "Your saved message has changed"),
        ] {
            assert_eq!(title(body, Service::default()), format!("{expected} – My Data"));
        }
    }

    #[test]
    fn an_error_of_the_text_is_said_at_the_text_and_in_a_summary_that_links_to_it() {
        let sentence = "Your message has 2,001 characters. It must have 2,000 or fewer.";
        let html_of = |body| html(body, Service::default());
        let html = html_of(refused(Problem::TooLong { count: 2_001 }));
        let main = between(&html, "<main", "</main>");
        let summary = between(main, "><div", "<h1>");
        assert!(
            summary.starts_with(
                " role=\"group\" tabindex=\"-1\" autofocus aria-labelledby=\"summary-heading\" class=\"summary\">"
            ),
            "{summary}"
        );
        assert!(
            summary.contains("<div role=\"alert\"><h2 id=\"summary-heading\">There is a problem</h2>"),
            "{summary}"
        );
        assert!(summary.contains(&format!("<a href=\"#text\">{sentence}</a>")), "{summary}");
        let error = between(main, "<p id=\"text-error\" class=\"field-error\">", "</p>");
        assert_eq!(text(error), format!("Error: {sentence}"));
        let area = between(main, "<textarea", ">");
        assert!(
            area.contains("aria-invalid=\"true\"") && area.contains("aria-describedby=\"text-error count\""),
            "{area}"
        );
        assert!(main.find("text-error").unwrap() < main.find("<textarea").unwrap());
        for body in
            [my_data(), refused(Problem::Unavailable), conflict(typed()), Body::MyData(MyDataPage::Unsaved(restored()))]
        {
            let html = html_of(body);
            let area = between(&html, "<textarea", ">");
            assert!(!area.contains("aria-invalid") && area.contains("aria-describedby=\"count\""), "{area}");
            assert!(!html.contains("class=\"summary\"") && !html.contains("text-error"), "{html}");
        }
    }

    #[test]
    fn one_element_takes_the_focus_where_the_citizen_must_act() {
        for (body, expected) in [
            (my_data(), 0),
            (Body::MyData(stored(true)), 0),
            (refused(Problem::NotText), 1),
            (refused(Problem::Incomplete), 1),
            (refused(Problem::Unavailable), 1),
            (conflict(typed()), 1),
            (conflict(restored()), 1),
            (home(&[]), 0),
        ] {
            let html = html(body, Service::default());
            assert_eq!(html.matches(" autofocus").count(), expected, "{html}");
            let focused =
                html.split_once(" autofocus").map(|(before, after)| (before.rsplit('<').next().unwrap(), after));
            assert!(
                focused.is_none_or(|(tag, rest)| tag.contains("tabindex=\"-1\"") && rest.contains("role=\"alert\""))
            );
        }
    }

    #[test]
    fn a_text_that_the_server_keeps_is_given_up_by_a_form() {
        for body in [
            Body::MyData(MyDataPage::Unsaved(restored())),
            Body::MyData(MyDataPage::Kept(restored(), Problem::NotText)),
            conflict(restored()),
        ] {
            let html = html(body, Service::default());
            assert!(
                html.contains("action=\"/api/discard_text\"") && html.contains("name=\"restored\" value=\"0ne\""),
                "{html}"
            );
        }
        for body in
            [my_data(), Body::MyData(MyDataPage::Unsaved(typed())), refused(Problem::NotText), conflict(typed())]
        {
            let html = html(body, Service::default());
            assert!(!html.contains("discard") && !html.contains("name=\"restored\""), "{html}");
            assert!(html.contains("name=\"owner\" value=\"0wner\""), "{html}");
        }
    }

    #[test]
    fn every_form_has_a_name_of_its_own() {
        let forms = |html: &str| -> Vec<String> {
            let tags = html.split("<form").skip(1).map(|rest| rest.split('>').next().unwrap().to_owned());
            tags.map(|tag| between(&tag, "aria-label=\"", "\"").to_owned()).collect()
        };
        let ended = FailurePage {
            kind: FailureKind::SessionEnded,
            reference: None,
            again: None,
            other: None,
            unsaved: Some(Unsaved { typed: Some(typed()), kept_minutes: Some(30) }),
            switch: Switch::Form,
        };
        for (body, expected) in [
            (home(&[]), &["Sign out"][..]),
            (my_data(), &["Sign out", "Your message"]),
            (conflict(restored()), &["Sign out", "Leave your message as it is now", "Your message"]),
            (Body::Failure(ended), &["Sign out", "Your unsaved text"]),
            (
                held_data::activity(),
                &[
                    "Sign out",
                    "Sign out there, Computer, Firefox, 19 November 2026 at 18:07 (Belgian time)",
                    "Sign out there, Unknown device, 20 November 2026 at 16:07 (Belgian time)",
                    "Sign out everywhere else",
                ],
            ),
            (held_data::not_me(), &["Sign out", "Sign out everywhere else"]),
            (documents::documents(), &["Sign out"]),
            (documents::folder(), &["Sign out", "Search by the beginning of a name"]),
            (held_data::delete(true), &["Sign out", "Yes, delete my data"]),
        ] {
            assert_eq!(forms(&html_with(body, Some("An"), Service::default(), None)), expected);
        }
    }

    #[test]
    fn every_page_says_when_the_session_ends() {
        let sentence = "You will be signed out at 18:22 (Belgian time) unless you open another page here.";
        for body in [
            home(&[]),
            my_data(),
            profile(),
            refused(Problem::NotText),
            conflict(typed()),
            documents::folder(),
            held_data::activity(),
            held_data::not_me(),
            held_data::delete(true),
        ] {
            let html = html_with(body.clone(), Some("An"), Service::default(), None);
            assert!(text(between(&html, "<div id=\"session\"", "</main>")).contains(sentence), "{html}");
            assert!(!html.contains("<dialog") && !html.contains("http-equiv"), "{html}");
            let html = html_with(body.clone(), Some("An"), Service::default(), Some(enhancer()));
            assert_eq!(html.contains("<dialog id=\"session-end\""), body.is_enhanced(), "{html}");
            assert!(!html_with(body, None, Service::default(), Some(enhancer())).contains("id=\"session\""));
        }
    }

    #[test]
    fn a_sentence_can_put_its_element_anywhere() {
        let html = html_with(Body::MyData(stored(true)), Some("An <b>"), Service::default(), None);
        assert!(
            text(between(&html, "<form id=\"sign-out\"", "</form>")).contains("Signed in as An &lt;b&gt;"),
            "{html}"
        );
        let saved = between(&html, "role=\"status\" class=\"state\">", "</p>");
        assert!(
            saved.contains("<time datetime=\"2026-11-20T17:07:00Z\">20 November 2026 at 18:07 (Belgian time)</time>"),
            "{saved}"
        );
        assert_eq!(text(saved), "Saved. Last saved on 20 November 2026 at 18:07 (Belgian time).");
    }

    #[test]
    fn an_unsaved_text_is_kept_or_else_can_be_copied() {
        for (kind, typed, kept_minutes, said) in [
            (FailureKind::SessionEnded, Some(typed()), None, "Copy it before you sign in again."),
            (
                FailureKind::SessionEnded,
                Some(typed()),
                Some(30),
                "we keep it for 30 minutes. Sign in again as yourself",
            ),
            (
                FailureKind::OtherPerson,
                None,
                Some(30),
                "We keep your text for 30 minutes. Sign out, then sign in again",
            ),
            (FailureKind::OtherPerson, Some(typed()), None, "Copy it before you sign in again."),
        ] {
            let is_shown = typed.is_some();
            let unsaved = Some(Unsaved { typed, kept_minutes });
            let page = FailurePage { kind, reference: None, again: None, other: None, unsaved, switch: Switch::Form };
            let html = html(Body::Failure(page), Service::default());
            assert!(html.contains(said), "{html}");
            assert_eq!(html.contains("<textarea"), is_shown, "{html}");
            assert!(!is_shown || between(&html, "<textarea", ">").contains(" readonly"), "{html}");
            assert_eq!(html.contains("data-kept=\"\""), kept_minutes.is_some(), "{html}");
        }
    }

    #[test]
    fn the_page_for_the_form_of_someone_else_offers_first_to_sign_out() {
        let page = |kind| {
            Body::Failure(FailurePage {
                kind,
                reference: None,
                again: None,
                other: None,
                unsaved: Some(Unsaved { typed: None, kept_minutes: Some(30) }),
                switch: Switch::Sealed("page".to_owned()),
            })
        };
        for (kind, citizen, expected) in [
            (FailureKind::OtherPerson, Some("Bram"), true),
            // Without a citizen, the header has no such form.
            (FailureKind::OtherPerson, None, false),
            (FailureKind::SessionEnded, Some("Bram"), false),
        ] {
            let html = html_with(page(kind), citizen, Service::default(), None);
            let act = between(&html, "class=\"act\"", "</p>");
            let button = "<button type=\"submit\" form=\"sign-out\">Sign out</button>";
            assert_eq!(act.starts_with(&format!(">{button}")), expected, "{act}");
            assert!(act.contains("<a href=\"/\" class=\"button"), "{act}");
            assert_eq!(act.contains("class=\"button quiet\""), expected, "{act}");
        }
    }

    #[test]
    fn a_failure_with_a_reference_says_whom_to_contact() {
        let sentence = |service, reference| {
            let html = html(failure(FailureKind::Internal, reference), service);
            html.contains("class=\"hint contact\"")
                .then(|| between(&html, "<p class=\"hint contact\">", "</p>").to_owned())
        };
        let given = sentence(service(), Some("R1")).unwrap_or_default();
        assert!(given.contains("<a href=\"https://town.example/help?a=1&amp;b=2\">"), "{given}");
        assert_eq!(text(&given), "If you need help, contact: Town &lt;of&gt; Example. Give this reference.");
        let mail = Service { contact_url: Some("mailto:help@town.example?subject=Help".into()), ..Service::default() };
        let given = sentence(mail, Some("R1")).unwrap_or_default();
        assert!(given.contains("<a href=\"mailto:help@town.example?subject=Help\">"), "{given}");
        assert_eq!(text(&given), "If you need help, contact: My Data (help@town.example). Give this reference.");
        assert_eq!(sentence(service(), None), None);
        assert_eq!(sentence(Service { contact_url: None, ..service() }, Some("R1")), None);
    }

    #[test]
    fn no_failure_promises_a_contact_that_the_service_does_not_give() {
        for &kind in FailureKind::ALL {
            let html = html(failure(kind, Some("R1")), Service { contact_url: None, ..service() });
            let main = text(between(&html, "<main", "</main>"));
            assert!(main.contains("Reference: R1"), "{kind:?}: {main}");
            for promise in ["contact", "Contact", "tell us", "this reference", "reference below"] {
                assert!(!main.contains(promise), "{kind:?} says {promise:?}: {main}");
            }
        }
    }

    #[test]
    fn a_page_without_an_enhancer_has_no_script_and_no_island() {
        let with = html_with(my_data(), Some("An"), Service::default(), Some(enhancer()));
        assert!(with.contains("<script") && with.contains("<leptos-island"), "{with}");
        let held = [
            held_data::activity(),
            held_data::not_me(),
            held_data::delete(true),
            held_data::receipt(true),
            documents::documents(),
            documents::folder(),
        ];
        let others = [my_data(), home(&[&look::PLAIN]), profile(), failure(FailureKind::Internal, Some("R1"))];
        for body in others.into_iter().chain(held) {
            // The policy of the page depends on this.
            let with = html_with(body.clone(), Some("An"), Service::default(), Some(enhancer()));
            let assets = |enhancer| Assets { style: Style::Inline { inline: CSS.into() }, enhancer, watch: None };
            assert_eq!(body.has_script(&assets(Some(enhancer()))), with.contains("<script"), "{with}");
            assert!(!body.has_script(&assets(None)));
            let html = html_with(body, Some("An"), Service::default(), None);
            assert!(!html.contains("<script") && !html.contains("<leptos-island"), "{html}");
        }
    }

    #[test]
    fn no_page_has_markers_that_are_not_html() {
        let providers = [&look::SAMPLE, &look::PLAIN];
        let bodies = [home(&[]), home(&providers), home(&providers[..1]), my_data(), profile()].into_iter();
        let failures = FailureKind::ALL.iter().map(|&kind| failure(kind, Some("R1")));
        let held = [
            held_data::activity(),
            held_data::not_me(),
            held_data::delete(true),
            held_data::delete(false),
            held_data::receipt(true),
            documents::documents(),
            documents::folder(),
            Body::Problems(ProblemsPage),
        ];
        for (body, citizen) in
            bodies.chain(failures).chain(held).flat_map(|body| [(body.clone(), None), (body, Some("An"))])
        {
            let html = html_with(body, citizen, service(), Some(enhancer()));
            assert!(!html.contains("<!>"), "{html}");
            // The island is hydrated, so it keeps its node.
            let (page, island) = html.split_once("<leptos-island").unwrap_or((&html, ""));
            assert!(!page.contains("<!--"), "{html}");
            assert!(island.is_empty() || island.contains("><!----></leptos-island>"), "{html}");
        }
    }

    /// The text of each element with this name.
    fn inside<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
        html.split(&format!("<{element}")).skip(1).map(|rest| between(rest, ">", "</")).collect()
    }

    #[test]
    fn every_page_has_the_same_style_and_the_same_script() {
        // The policy names their hashes, which are computed only once.
        for body in [my_data(), home(&[&look::SAMPLE]), profile(), failure(FailureKind::Internal, Some("R1"))] {
            for citizen in [None, Some("An")] {
                let html = html_with(body.clone(), citizen, service(), Some(enhancer()));
                assert_eq!(inside(&html, "style"), [CSS], "{html}");
                let scripts = if body.is_enhanced() { vec![enhancer().loader()] } else { Vec::new() };
                assert_eq!(inside(&html, "script"), scripts, "{html}");
            }
        }
    }

    #[test]
    fn a_linked_style_sheet_comes_before_the_rules_of_the_site() {
        let style = Style::Linked { path: "/pkg/my-data.css".to_owned(), inline: CSS.into() };
        let page = Page {
            language: Language::En,
            citizen: None,
            assets: Arc::new(Assets { style, enhancer: None, watch: None }),
            service: Arc::default(),
        };
        let html = render(Document { page, body: home(&[]) });
        let head = between(&html, "<head>", "</head>");
        let (before, _) = head.split_once("<style>").unwrap();
        assert!(before.contains("<link rel=\"stylesheet\" href=\"/pkg/my-data.css\""), "{head}");
        assert_eq!(inside(head, "style"), [CSS], "{head}");
    }

    #[test]
    fn the_buttons_have_the_classes_that_the_rules_of_the_site_colour() {
        let rules = crate::site_rules(":root{--accent:#123}", [&look::SAMPLE, &look::PLAIN]);
        assert!(rules.starts_with(":root{--accent:#123}.look-sample{--look:#123456"), "{rules}");
        let visitor = html(home(&[&look::SAMPLE, &look::PLAIN]), Service::default());
        assert!(visitor.contains("class=\"sign-in sign-in-filled look-sample\""), "{visitor}");
        assert!(visitor.contains("class=\"sign-in\""), "{visitor}");
    }
}
