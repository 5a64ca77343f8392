//! `/activity`: where the citizen is signed in, and what was done with the citizen's data.

use leptos::prelude::*;
use time::OffsetDateTime;

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

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A session began.
    SignedIn,
    /// Tokens named the citizen, but no session began.
    SignInRefused(RefusedBecause),
    /// The citizen ended the session.
    SignedOut,
    /// The session ended in another way.
    SessionEnded(EndedBy),
    /// A message was saved.
    MessageSaved {
        /// The version that it got.
        version: u64,
        /// Who saved it.
        by: Actor,
    },
    /// The message was deleted.
    MessageDeleted {
        /// Who deleted it.
        by: Actor,
    },
    /// Everything that is held about the citizen was downloaded.
    DataExported {
        /// Who downloaded it.
        by: Actor,
    },
    /// An app used the API for the first time with one of the citizen's tokens.
    ApiUsed,
}

/// Why a sign-in was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedBecause {
    /// An older sign-in was used again.
    Stale,
    /// It came from another provider than the chosen one.
    OtherProvider,
    /// It belonged to a sign-in that was started elsewhere.
    OtherSignIn,
    /// The citizen's number cannot be used.
    NumberUnusable,
    /// Any other check failed.
    Other,
}

/// What ended a session, other than its own sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// The citizen, on another device.
    OtherDevice,
    /// Another sign-in in the same browser.
    NewSignIn,
    /// Time.
    Inactivity,
    /// The organisation, at the citizen's request.
    Operator,
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The citizen, on the pages.
    Citizen,
    /// An app, for the citizen.
    Api,
    /// The organisation, at the citizen's request.
    Operator,
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

impl Act {
    /// What was done, in a few words.
    const fn heading(self) -> Sentence {
        match self {
            Self::SignedIn => say::ACTIVITY_SIGNED_IN,
            Self::SignInRefused(_) => say::ACTIVITY_REFUSED,
            Self::SignedOut => say::ACTIVITY_SIGNED_OUT,
            Self::SessionEnded(EndedBy::OtherDevice) => say::ACTIVITY_ENDED_OTHER_DEVICE,
            Self::SessionEnded(EndedBy::NewSignIn) => say::ACTIVITY_ENDED_NEW_SIGN_IN,
            Self::SessionEnded(EndedBy::Inactivity) => say::ACTIVITY_ENDED_INACTIVITY,
            Self::SessionEnded(EndedBy::Operator) => say::ACTIVITY_ENDED_OPERATOR,
            Self::MessageSaved { .. } => say::ACTIVITY_SAVED,
            Self::MessageDeleted { .. } => say::ACTIVITY_MESSAGE_DELETED,
            Self::DataExported { .. } => say::ACTIVITY_EXPORTED,
            Self::ApiUsed => say::ACTIVITY_API_USED,
        }
    }

    /// Why it was done, or who did it if it was not the citizen.
    const fn explanation(self) -> Option<Sentence> {
        match self {
            Self::SignInRefused(because) => Some(because.sentence()),
            Self::MessageSaved { by, .. } | Self::MessageDeleted { by } | Self::DataExported { by } => by.sentence(),
            Self::SignedIn | Self::SignedOut | Self::SessionEnded(_) | Self::ApiUsed => None,
        }
    }

    const fn version(self) -> Option<u64> {
        match self {
            Self::MessageSaved { version, .. } => Some(version),
            _ => None,
        }
    }

    /// Whether it let someone in, who may not have been the citizen.
    const fn is_access(self) -> bool {
        matches!(self, Self::SignedIn | Self::ApiUsed)
    }
}

impl RefusedBecause {
    const fn sentence(self) -> Sentence {
        match self {
            Self::Stale => say::ACTIVITY_REFUSED_STALE,
            Self::OtherProvider => say::ACTIVITY_REFUSED_OTHER_PROVIDER,
            Self::OtherSignIn => say::ACTIVITY_REFUSED_OTHER_SIGN_IN,
            Self::NumberUnusable => say::ACTIVITY_REFUSED_NUMBER,
            Self::Other => say::ACTIVITY_REFUSED_OTHER,
        }
    }
}

impl Actor {
    const fn sentence(self) -> Option<Sentence> {
        match self {
            Self::Citizen => None,
            Self::Api => Some(say::ACTIVITY_BY_API),
            Self::Operator => Some(say::ACTIVITY_BY_OPERATOR),
        }
    }
}

pub(crate) fn view(activity: ActivityPage, page: &Page) -> impl IntoView + use<> {
    let (language, zone) = (page.language, &page.service.time_zone);
    let ActivityPage { notice, sessions, entries, older, is_first, retention_days, .. } = activity;
    view! {
        {notice.map(|notice| banner(notice, language))}
        <h1>{language.text(say::ACTIVITY_HEADING)}</h1>
        <p class="lead">{language.text(say::ACTIVITY_INTRO)}</p>
        {(!sessions.is_empty()).then(|| open_sessions(sessions, language, zone))}
        <section class="part" aria-labelledby="done">
            <h2 id="done">{language.text(say::ACTIVITY_DONE)}</h2>
            <p class="hint">{say::activity_kept(language, retention_days)}" "{language.text(say::ACTIVITY_COUNTED)}</p>
            {done(entries, language, zone)}
            <Pager language older is_first/>
        </section>
        <YourData language/>
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
            <p>{say::activity_session(language, provider, signed_in)}" "{last_used}</p>
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
    let facts = [
        act.version().map(|version| say::activity_version(language, version)),
        provider.map(|provider| say::activity_provider(language, provider)),
        Some(device.text(language)),
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
    let newest = (!is_first).then(|| {
        view! { <a class="button quiet" href="/activity">{language.text(say::ACTIVITY_NEWEST)}</a> }
    });
    let end = older.is_none().then(|| view! { <p class="hint">{language.text(say::ACTIVITY_OLDEST)}</p> });
    let older = older.map(|query| {
        view! { <a class="button quiet" href=format!("/activity?{query}")>{language.text(say::ACTIVITY_OLDER)}</a> }
    });
    view! {
        {end}
        <div class="act">{older}{newest}</div>
    }
}

#[component]
fn YourData(language: Language) -> impl IntoView {
    view! {
        <section class="part" aria-labelledby="your-data">
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
        </section>
    }
}
