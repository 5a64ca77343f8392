//! `/activity`: where the citizen is signed in, and what was done with the citizen's data.

mod act;

use leptos::prelude::*;
use time::OffsetDateTime;

pub use self::act::{Act, Actor, EndedBy, RefusedBecause};
use crate::{
    components::{self, Moment},
    device::Device,
    format,
    page::Page,
    texts::{Language, Sentence, say},
    time_zone::TimeZone,
};

/// What the page about activity shows.
#[derive(Clone)]
pub struct ActivityPage {
    /// What was done just now.
    pub notice: Option<Notice>,
    /// The citizen's open sessions. Empty on the pages after the first one.
    pub sessions: Vec<OpenSession>,
    /// What was done, newest first.
    pub entries: Vec<Entry>,
    /// The query of the page with older entries, such as `before=018f…`, if there are any.
    pub older: Option<String>,
    /// Whether it is the page with the newest entries.
    pub is_first: bool,
    /// For how many days an entry is kept.
    pub retention_days: u32,
    /// The query of its address.
    pub query: Option<String>,
}

/// What a button of the page, or of the page “If it wasn’t you”, has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The session was ended.
    SessionEnded,
    /// The session had already ended.
    SessionAlreadyEnded,
    /// Every session but this one was ended.
    OthersEnded {
        /// How many there were.
        count: usize,
    },
}

/// A session of the citizen.
#[derive(Clone)]
pub struct OpenSession {
    /// Names it in the form that ends it. It cannot be used as the session.
    pub name: String,
    /// The name that citizens know the provider by.
    pub provider: String,
    /// The device that it was opened on.
    pub device: Device,
    /// When it was opened.
    pub signed_in_at: OffsetDateTime,
    /// When it was last used, within a few minutes.
    pub last_used_at: OffsetDateTime,
    /// Whether it is the one that this page is shown in.
    pub is_this: bool,
}

/// Something that was done.
#[derive(Clone)]
pub struct Entry {
    /// Names it in the address of the page “If it wasn’t you”: letters, digits and dashes.
    pub id: String,
    /// When it was done.
    pub at: OffsetDateTime,
    /// What was done.
    pub act: Act,
    /// The name that citizens know the provider by.
    pub provider: Option<String>,
    /// The device that it was done on.
    pub device: Device,
    /// The reference in the log.
    pub reference: String,
    /// Whether it was done in the session that this page is shown in.
    pub is_this_session: bool,
    /// How the message was read in the session that began with it.
    pub reads: Option<Reads>,
}

/// How often a message was opened in one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reads {
    /// How many times.
    pub count: u64,
    /// The last time.
    pub last_at: OffsetDateTime,
}

// Where a citizen is signed in and what was done must never reach a log.
impl std::fmt::Debug for ActivityPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActivityPage").finish_non_exhaustive()
    }
}

impl ActivityPage {
    /// The first part of the title: what was done just now, or the heading.
    pub(crate) const fn title(&self) -> Sentence {
        match &self.notice {
            Some(notice) => notice.heading(),
            None => say::ACTIVITY_HEADING,
        }
    }
}

impl Notice {
    const fn heading(self) -> Sentence {
        match self {
            Self::SessionEnded => say::ACTIVITY_SESSION_ENDED_HEADING,
            Self::SessionAlreadyEnded => say::ACTIVITY_ALREADY_ENDED_HEADING,
            Self::OthersEnded { count: 0 } => say::ACTIVITY_NO_OTHERS_HEADING,
            Self::OthersEnded { .. } => say::ACTIVITY_OTHERS_ENDED_HEADING,
        }
    }

    fn text(self, language: Language) -> String {
        match self {
            Self::SessionEnded => language.text(say::ACTIVITY_SESSION_ENDED).into_owned(),
            Self::SessionAlreadyEnded => language.text(say::ACTIVITY_ALREADY_ENDED).into_owned(),
            Self::OthersEnded { count: 0 } => language.text(say::ACTIVITY_NO_OTHERS).into_owned(),
            Self::OthersEnded { count } => say::activity_others_ended(language, count),
        }
    }

    /// Whether nothing was left to do.
    const fn is_neutral(self) -> bool {
        matches!(self, Self::SessionAlreadyEnded | Self::OthersEnded { count: 0 })
    }
}

pub(crate) fn view(activity: ActivityPage, page: &Page) -> impl IntoView + use<> {
    let (language, zone) = (page.language, &page.service.time_zone);
    let ActivityPage { notice, sessions, entries, older, is_first, retention_days, .. } = activity;
    // No message is kept for a case worker, and nothing that could be downloaded or deleted.
    let is_for_citizen = !page.is_for_case_worker();
    let intro = if is_for_citizen { say::ACTIVITY_INTRO } else { say::ACTIVITY_INTRO_CASE_WORKER };
    view! {
        {notice.map(|notice| banner(notice, language))}
        <h1>{language.text(say::ACTIVITY_HEADING)}</h1>
        <p class="lead">{language.text(intro)}</p>
        {(!sessions.is_empty()).then(|| open_sessions(sessions, language, zone))}
        <section class="part" aria-labelledby="done">
            <h2 id="done">{language.text(say::ACTIVITY_DONE)}</h2>
            <p class="hint">
                {say::activity_kept(language, retention_days)}
                {is_for_citizen.then(|| view! { " "{language.text(say::ACTIVITY_COUNTED)} })}
            </p>
            {done(entries, language, zone)}
            <Pager language older is_first/>
        </section>
        {is_for_citizen.then(|| view! { <YourData language/> })}
    }
}

fn banner(notice: Notice, language: Language) -> impl IntoView {
    let heading = language.text(notice.heading());
    view! {
        <components::Notice role="status" is_neutral=notice.is_neutral() heading>
            <p>{notice.text(language)}</p>
        </components::Notice>
    }
}

fn open_sessions(sessions: Vec<OpenSession>, language: Language, zone: &TimeZone) -> impl IntoView + use<> {
    let has_others = sessions.iter().any(|session| !session.is_this);
    let sessions = sessions.into_iter().map(|session| open_session(session, language, zone)).collect_view();
    view! {
        <section class="part" aria-labelledby="sessions">
            <h2 id="sessions">{language.text(say::ACTIVITY_SESSIONS)}</h2>
            <ul class="log">{sessions}</ul>
            {has_others.then(|| view! {
                <form method="post" action="/api/end_other_sessions" aria-label=language.text(say::ACTIVITY_END_OTHERS)>
                    <button class="quiet" type="submit">{language.text(say::ACTIVITY_END_OTHERS)}</button>
                </form>
            })}
        </section>
    }
}

fn open_session(session: OpenSession, language: Language, zone: &TimeZone) -> impl IntoView + use<> {
    let OpenSession { name, provider, device, signed_in_at, last_used_at, is_this } = session;
    let device = device.text(language);
    let signed_in = format::moment(language, zone, signed_in_at);
    let last_used = zone.local(last_used_at);
    let last_used = say::activity_last_used(
        language,
        format::date(language, last_used.date()),
        format::time_of_day(language, zone, last_used_at),
    );
    let end = (!is_this).then(|| {
        let label = language.text(say::ACTIVITY_END_SESSION);
        let which = format!(", {device}, {signed_in}");
        let name_of_form = format!("{label}{which}");
        view! {
            <form method="post" action="/api/end_session" aria-label=name_of_form>
                <input type="hidden" name="session" value=name/>
                <button class="quiet" type="submit">{label}<span class="visually-hidden">{which}</span></button>
            </form>
        }
    });
    view! {
        <li>
            <p>
                <strong>{device}</strong>
                {is_this.then(|| view! { " "<span class="tag">{language.text(say::ACTIVITY_THIS_DEVICE)}</span> })}
            </p>
            <p>{say::activity_session(language, provider, signed_in)}</p>
            <p>{last_used}</p>
            {end}
        </li>
    }
}

fn done(entries: Vec<Entry>, language: Language, zone: &TimeZone) -> AnyView {
    if entries.is_empty() {
        return view! { <p>{language.text(say::ACTIVITY_EMPTY)}</p> }.into_any();
    }
    let entries = entries.into_iter().map(|entry| row(entry, language, zone)).collect_view();
    view! { <ol class="log">{entries}</ol> }.into_any()
}

fn row(entry: Entry, language: Language, zone: &TimeZone) -> impl IntoView + use<> {
    let Entry { id, at, act, provider, device, reference, is_this_session, reads } = entry;
    let reads = reads.filter(|reads| reads.count > 0).map(|Reads { count, last_at }| {
        view! { <p>{say::activity_reads(language, count, format::moment(language, zone, last_at))}</p> }
    });
    let is_from_device = device != Device::default() || !act.is_without_device();
    let facts = [
        act.version().map(|version| say::activity_version(language, version)),
        provider.map(|provider| say::activity_provider(language, provider)),
        is_from_device.then(|| device.text(language)),
        Some(say::reference(language, reference)),
    ];
    let facts = facts.into_iter().flatten().map(|fact| view! { <li>{fact}</li> }).collect_view();
    let not_me = act.is_access().then(|| {
        let which = format!(", {}", format::moment(language, zone, at));
        view! {
            <p>
                <a href=format!("/activity/not-me?entry={id}")>
                    {language.text(say::ACTIVITY_NOT_ME)}<span class="visually-hidden">{which}</span>
                </a>
            </p>
        }
    });
    view! {
        <li>
            <p>
                <strong>{language.text(act.heading())}</strong>
                {is_this_session.then(|| view! { " "<span class="tag">{language.text(say::ACTIVITY_THIS_SESSION)}</span> })}
            </p>
            <p><Moment language zone at/></p>
            {act.explanation().map(|sentence| view! { <p>{language.text(sentence)}</p> })}
            {reads}
            <ul class="hint">{facts}</ul>
            {not_me}
        </li>
    }
}

/// Leads to the entries before and after these.
#[component]
fn Pager(language: Language, older: Option<String>, is_first: bool) -> impl IntoView {
    let is_last = older.is_none();
    let links: Vec<_> = [
        older.map(|query| (format!("/activity?{query}"), say::ACTIVITY_OLDER)),
        (!is_first).then(|| ("/activity".to_owned(), say::ACTIVITY_NEWEST)),
    ]
    .into_iter()
    .flatten()
    .map(|(href, label)| view! { <a class="button quiet" href=href>{language.text(label)}</a> })
    .collect();
    view! {
        {is_last.then(|| view! { <p class="hint">{language.text(say::ACTIVITY_OLDEST)}</p> })}
        {(!links.is_empty()).then(|| view! { <div class="act">{links}</div> })}
    }
}

#[component]
fn YourData(language: Language) -> impl IntoView {
    view! {
        <nav class="part" aria-labelledby="your-data">
            <h2 id="your-data">{language.text(say::ACTIVITY_YOUR_DATA)}</h2>
            <ul class="ways">
                <li>
                    <a href="/my-data/export">{language.text(say::ACTIVITY_DOWNLOAD)}</a>
                    <p>{language.text(say::ACTIVITY_DOWNLOAD_HINT)}</p>
                </li>
                <li>
                    <a href="/my-data/delete">{language.text(say::ACTIVITY_DELETE)}</a>
                    <p>{language.text(say::ACTIVITY_DELETE_HINT)}</p>
                </li>
            </ul>
        </nav>
    }
}
