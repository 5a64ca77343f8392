//! The page for a failure: what happened, what the citizen can do now, and a reference that is also in the log.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    components::{ContactSentence, MessageArea, PLACE},
    page::{Page, Switch},
    pages::my_data::{HiddenFields, Typed},
    texts::{Language, Sentence, say},
};

/// What a failure page shows. From the request it shows the citizen's own text and nothing else.
#[derive(Clone, Debug)]
pub struct FailurePage {
    /// What went wrong.
    pub kind: FailureKind,
    /// The reference in the log, for a failure that an operator can look up.
    pub reference: Option<String>,
    /// Where the first button leads: a path on this origin, or the address that ends the user pool's own session. The home page
    /// without.
    pub again: Option<String>,
    /// What else the citizen can do.
    pub other: Option<OtherWay>,
    /// The text that the citizen typed and could not save.
    pub unsaved: Option<Unsaved>,
    /// How the page offers itself in the other languages. With a text, that is [`Switch::Form`].
    pub switch: Switch,
}

/// What a citizen can do instead of trying again, and the address for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum OtherWay {
    /// To sign in as someone else. The address ends the user pool's own session.
    SomebodyElse(String),
    /// To use another sign-in option, which may not have the same problem.
    AnotherProvider(String),
}

/// A text that was typed and not saved.
#[derive(Clone, Debug)]
pub struct Unsaved {
    /// The text, to copy. `None` if it must not be shown.
    pub typed: Option<Typed>,
    /// For how many minutes the server keeps the text for its owner; `None` if it could not.
    pub kept_minutes: Option<i64>,
}

/// What can go wrong, as the citizen sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// The session ended while the citizen was typing.
    SessionEnded,
    /// The form belongs to another citizen than the one who is signed in now.
    OtherPerson,
    /// No such page.
    NotFound,
    /// The callback belongs to no sign-in that this browser started, or to one that was already used.
    SignInInvalid,
    /// The tokens did not pass the checks.
    SignInRejected,
    /// The provider did not share the national number that its records are kept under.
    SignInNoNationalNumber,
    /// The provider did not share the identifier that its records are kept under.
    SignInNoNumber,
    /// The user pool still has a session of this browser from another provider.
    SignInOtherProvider,
    /// The user pool answered from an earlier sign-in of this browser, even after it was signed out.
    SignInStale,
    /// The user pool or the provider reported an error.
    SignInProvider,
    /// The user pool reported that the provider did not share a required attribute.
    SignInIncomplete,
    /// The user pool reported that the provider did not answer in time.
    SignInSlow,
    /// The user pool reported a problem that only the operator can fix.
    SignInSetUp,
    /// The user pool does not answer us.
    SignInUnavailable,
    /// The database does not answer.
    Unavailable,
    /// The database did not say whether a deletion has begun.
    DeletionUnclear,
    /// The organisation's directory does not let the case worker use documents here.
    DocumentsNotAssigned,
    /// What opens documents does not answer, or is throttled.
    DocumentsUnavailable,
    /// What opens documents reported a problem that only the operator can fix.
    DocumentsSetUp,
    /// Nobody has given the case worker access to the folder or document, or it was taken away.
    DocumentNotGranted,
    /// The case worker may open what is there, and no such document is there.
    DocumentNotFound,
    /// The case worker's sign-in at the organisation has ended.
    DocumentsSignInAgain,
    /// The request came from another origin.
    Forbidden,
    /// The body is over the limit.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// Too many requests from one address.
    TooMany,
    /// The service is overloaded.
    Overloaded,
    /// The request cannot be read.
    BadRequest,
    /// The address does not support the method.
    Method,
    /// A fault in the service.
    Internal,
}

impl FailureKind {
    #[cfg(test)]
    pub(crate) const ALL: &[Self] = &[
        Self::SessionEnded,
        Self::OtherPerson,
        Self::NotFound,
        Self::SignInInvalid,
        Self::SignInRejected,
        Self::SignInNoNationalNumber,
        Self::SignInNoNumber,
        Self::SignInOtherProvider,
        Self::SignInStale,
        Self::SignInProvider,
        Self::SignInIncomplete,
        Self::SignInSlow,
        Self::SignInSetUp,
        Self::SignInUnavailable,
        Self::Unavailable,
        Self::DeletionUnclear,
        Self::DocumentsNotAssigned,
        Self::DocumentsUnavailable,
        Self::DocumentsSetUp,
        Self::DocumentNotGranted,
        Self::DocumentNotFound,
        Self::DocumentsSignInAgain,
        Self::Forbidden,
        Self::TooLarge,
        Self::TooSlow,
        Self::TooMany,
        Self::Overloaded,
        Self::BadRequest,
        Self::Method,
        Self::Internal,
    ];

    /// Whether a sign-in failed.
    pub const fn is_sign_in(self) -> bool {
        matches!(
            self,
            Self::SignInInvalid
                | Self::SignInRejected
                | Self::SignInNoNationalNumber
                | Self::SignInNoNumber
                | Self::SignInOtherProvider
                | Self::SignInStale
                | Self::SignInProvider
                | Self::SignInIncomplete
                | Self::SignInSlow
                | Self::SignInSetUp
                | Self::SignInUnavailable
        )
    }

    /// Whether the page leads to the documents, unless [`FailurePage::again`] says where.
    const fn leads_to_documents(self) -> bool {
        matches!(
            self,
            Self::DocumentsNotAssigned | Self::DocumentsUnavailable | Self::DocumentNotGranted | Self::DocumentNotFound
        )
    }

    /// The heading and the explanation.
    const fn texts(self) -> (Sentence, Sentence) {
        match self {
            Self::SessionEnded => (say::FAILURE_SESSION_ENDED_HEADING, say::FAILURE_SESSION_ENDED),
            Self::OtherPerson => (say::FAILURE_OTHER_PERSON_HEADING, say::FAILURE_OTHER_PERSON),
            Self::NotFound => (say::FAILURE_NOT_FOUND_HEADING, say::FAILURE_NOT_FOUND),
            Self::SignInInvalid => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_INVALID),
            Self::SignInRejected => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_REJECTED),
            Self::SignInNoNationalNumber => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_NO_NATIONAL_NUMBER),
            Self::SignInNoNumber => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_NO_NUMBER),
            Self::SignInOtherProvider => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_OTHER_PROVIDER),
            Self::SignInStale => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_STALE),
            Self::SignInIncomplete => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_INCOMPLETE),
            Self::SignInSlow => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_SLOW),
            Self::SignInSetUp => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_SET_UP),
            Self::SignInProvider => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_PROVIDER),
            Self::SignInUnavailable => (say::FAILURE_SIGN_IN_HEADING, say::FAILURE_SIGN_IN_UNAVAILABLE),
            Self::Unavailable => (say::FAILURE_UNAVAILABLE_HEADING, say::FAILURE_UNAVAILABLE),
            Self::DeletionUnclear => (say::FAILURE_DELETION_HEADING, say::FAILURE_DELETION),
            Self::DocumentsNotAssigned => {
                (say::FAILURE_DOCUMENTS_NOT_ASSIGNED_HEADING, say::FAILURE_DOCUMENTS_NOT_ASSIGNED)
            }
            Self::DocumentsUnavailable => {
                (say::FAILURE_DOCUMENTS_UNAVAILABLE_HEADING, say::FAILURE_DOCUMENTS_UNAVAILABLE)
            }
            Self::DocumentsSetUp => (say::FAILURE_DOCUMENTS_SET_UP_HEADING, say::FAILURE_DOCUMENTS_SET_UP),
            Self::DocumentNotGranted => (say::FAILURE_DOCUMENT_NOT_GRANTED_HEADING, say::FAILURE_DOCUMENT_NOT_GRANTED),
            Self::DocumentNotFound => (say::FAILURE_DOCUMENT_NOT_FOUND_HEADING, say::FAILURE_DOCUMENT_NOT_FOUND),
            Self::DocumentsSignInAgain => {
                (say::FAILURE_DOCUMENTS_SIGN_IN_AGAIN_HEADING, say::FAILURE_DOCUMENTS_SIGN_IN_AGAIN)
            }
            Self::Forbidden => (say::FAILURE_FORBIDDEN_HEADING, say::FAILURE_FORBIDDEN),
            Self::TooLarge => (say::FAILURE_TOO_LARGE_HEADING, say::FAILURE_TOO_LARGE),
            Self::TooSlow => (say::FAILURE_TOO_SLOW_HEADING, say::FAILURE_TOO_SLOW),
            Self::Overloaded => (say::FAILURE_OVERLOADED_HEADING, say::FAILURE_OVERLOADED),
            Self::TooMany => (say::FAILURE_TOO_MANY_HEADING, say::FAILURE_TOO_MANY),
            Self::BadRequest => (say::FAILURE_BAD_REQUEST_HEADING, say::FAILURE_BAD_REQUEST),
            Self::Method => (say::FAILURE_METHOD_HEADING, say::FAILURE_METHOD),
            Self::Internal => (say::FAILURE_INTERNAL_HEADING, say::FAILURE_INTERNAL),
        }
    }
}

impl FailurePage {
    pub(crate) const fn heading(&self) -> Sentence {
        self.kind.texts().0
    }
}

pub(crate) fn view(failure: FailurePage, page: &Page) -> impl IntoView + use<> {
    let language = page.language;
    let heading = language.text(failure.heading());
    let contact = page.service.contact(language);
    let FailurePage { kind, reference, again, other, unsaved, .. } = failure;
    let is_kept = unsaved.as_ref().is_some_and(|unsaved| unsaved.kept_minutes.is_some());
    // By the form of the header.
    let sign_out = (kind == FailureKind::OtherPerson && page.citizen.is_some())
        .then(|| view! { <button type="submit" form="sign-out">{language.text(say::SIGN_OUT)}</button> });
    let other = other.map(|other| match other {
        OtherWay::SomebodyElse(href) => (href, say::FAILURE_LEAVE),
        OtherWay::AnotherProvider(href) => (href, say::FAILURE_ELSEWHERE),
    });
    let again = again.or_else(|| kind.leads_to_documents().then(|| "/documents".to_owned()));
    let (href, label) = match (kind, again) {
        (FailureKind::SessionEnded | FailureKind::DocumentsSignInAgain, again) => (again, say::FAILURE_SIGN_IN_AGAIN),
        (FailureKind::DocumentNotGranted | FailureKind::DocumentNotFound, again) => (again, say::FAILURE_TO_DOCUMENTS),
        (
            FailureKind::SignInOtherProvider
            | FailureKind::SignInStale
            | FailureKind::SignInNoNumber
            | FailureKind::SignInNoNationalNumber,
            again,
        ) => (again, say::FAILURE_CHOOSE_AGAIN),
        (kind, None) if !kind.is_sign_in() => (None, say::FAILURE_TO_HOME),
        (_, again) => (again, say::TRY_AGAIN),
    };
    let first = (href.unwrap_or_else(|| "/".to_owned()), label);
    // Trying again does not help with the set-up, so the other option comes first.
    let mut links: Vec<_> = [Some(first), other].into_iter().flatten().collect();
    if kind == FailureKind::SignInSetUp {
        links.reverse();
    }
    let classes = [if sign_out.is_some() { "button quiet" } else { "button" }, "button quiet"];
    view! {
        <div class="failure" data-kept=is_kept.then_some("")>
            <h1>{heading}</h1>
            <p class="lead">{language.text(kind.texts().1)}</p>
            {unsaved.map(|unsaved| unsaved_text(unsaved, kind, language))}
            <p class="act">
                {sign_out}
                {links.into_iter().zip(classes).map(|((href, label), class)| {
                    view! { <a class=class href=href>{language.text(label)}</a> }
                }).collect_view()}
            </p>
            {reference.map(|reference| view! {
                <p class="hint">{say::reference(language, &reference)}</p>
                {contact.map(|contact| view! { <ContactSentence sentence=say::failure_contact(language, PLACE) contact/> })}
            })}
        </div>
    }
}

/// What happens to a text that was not saved, and the text. The form has no button of its own: it lets the text come along when the
/// language of the page is changed.
fn unsaved_text(Unsaved { typed, kept_minutes }: Unsaved, kind: FailureKind, language: Language) -> impl IntoView {
    let explanation = match (kept_minutes, kind) {
        (None, FailureKind::SessionEnded | FailureKind::OtherPerson) => language.text(say::FAILURE_SESSION_ENDED_TEXT),
        (None, _) => language.text(say::FAILURE_TEXT_NOT_SAVED),
        (Some(minutes), FailureKind::OtherPerson) => say::failure_other_person_kept(language, minutes).into(),
        (Some(minutes), _) => say::failure_session_ended_kept(language, minutes).into(),
    };
    view! {
        <p role="alert">{explanation}</p>
        {typed.map(|Typed { text, version, owner, restored, is_conflict }| view! {
            <form class="message" id=Switch::FORM method="post" action="/language" aria-label=language.text(say::FAILURE_SESSION_ENDED_LABEL)>
                <label for="unsaved">{language.text(say::FAILURE_SESSION_ENDED_LABEL)}</label>
                <MessageArea id="unsaved" text is_read_only=true/>
                <HiddenFields version owner restored is_conflict/>
            </form>
        })}
    }
}
