//! The page for a failure: what happened, what the citizen can do now, and a reference that is also in the log.

use std::borrow::Cow;

use leptos::prelude::*;

use crate::{
    components::{ContactSentence, MessageArea},
    page::Page,
    texts::Language,
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
}

/// What a citizen can do instead of trying again, and the address for it.
#[derive(Clone, Debug)]
pub enum OtherWay {
    /// To sign in as someone else. The address ends the user pool's own session.
    SomebodyElse(String),
    /// To use another sign-in option, which may not have the same problem.
    AnotherProvider(String),
}

/// A text that was typed and not saved. Its `Debug` form hides the text, so that it never reaches a log.
#[derive(Clone)]
pub struct Unsaved(pub String);

impl std::fmt::Debug for Unsaved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unsaved(…)")
    }
}

/// What can go wrong, as the citizen sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The session ended while the citizen was typing.
    SessionEnded,
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

    /// The keys of the heading and of the explanation.
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::SessionEnded => ("failure-session-ended-heading", "failure-session-ended"),
            Self::NotFound => ("failure-not-found-heading", "failure-not-found"),
            Self::SignInInvalid => ("failure-sign-in-heading", "failure-sign-in-invalid"),
            Self::SignInRejected => ("failure-sign-in-heading", "failure-sign-in-rejected"),
            Self::SignInNoNationalNumber => ("failure-sign-in-heading", "failure-sign-in-no-national-number"),
            Self::SignInNoNumber => ("failure-sign-in-heading", "failure-sign-in-no-number"),
            Self::SignInOtherProvider => ("failure-sign-in-heading", "failure-sign-in-other-provider"),
            Self::SignInStale => ("failure-sign-in-heading", "failure-sign-in-stale"),
            Self::SignInIncomplete => ("failure-sign-in-heading", "failure-sign-in-incomplete"),
            Self::SignInSlow => ("failure-sign-in-heading", "failure-sign-in-slow"),
            Self::SignInSetUp => ("failure-sign-in-heading", "failure-sign-in-set-up"),
            Self::SignInProvider => ("failure-sign-in-heading", "failure-sign-in-provider"),
            Self::SignInUnavailable => ("failure-sign-in-heading", "failure-sign-in-unavailable"),
            Self::Unavailable => ("failure-unavailable-heading", "failure-unavailable"),
            Self::Forbidden => ("failure-forbidden-heading", "failure-forbidden"),
            Self::TooLarge => ("failure-too-large-heading", "failure-too-large"),
            Self::TooSlow => ("failure-too-slow-heading", "failure-too-slow"),
            Self::Overloaded => ("failure-overloaded-heading", "failure-overloaded"),
            Self::TooMany => ("failure-too-many-heading", "failure-too-many"),
            Self::BadRequest => ("failure-bad-request-heading", "failure-bad-request"),
            Self::Method => ("failure-method-heading", "failure-method"),
            Self::Internal => ("failure-internal-heading", "failure-internal"),
        }
    }
}

impl FailurePage {
    pub(crate) fn heading(&self, language: Language) -> Cow<'static, str> {
        language.text(self.kind.texts().0)
    }
}

pub(crate) fn view(failure: FailurePage, page: &Page) -> impl IntoView + use<> {
    let language = page.language;
    let heading = failure.heading(language);
    let contact = page.service.contact(language);
    let FailurePage { kind, reference, again, other, unsaved } = failure;
    let other = other.map(|other| match other {
        OtherWay::SomebodyElse(href) => (href, "failure-leave"),
        OtherWay::AnotherProvider(href) => (href, "failure-elsewhere"),
    });
    let (href, label) = match (kind, again) {
        (FailureKind::SessionEnded, again) => (again, "failure-sign-in-again"),
        (
            FailureKind::SignInOtherProvider
            | FailureKind::SignInStale
            | FailureKind::SignInNoNumber
            | FailureKind::SignInNoNationalNumber,
            again,
        ) => (again, "failure-choose-again"),
        (kind, None) if !kind.is_sign_in() => (None, "failure-to-home"),
        (_, again) => (again, "try-again"),
    };
    let first = (href.unwrap_or_else(|| "/".to_owned()), label);
    // Trying again does not help with the set-up, so the other option comes first.
    let mut links: Vec<_> = [Some(first), other].into_iter().flatten().collect();
    if kind == FailureKind::SignInSetUp {
        links.reverse();
    }
    view! {
        <div class="failure">
            <h1>{heading}</h1>
            <p class="lead">{language.text(kind.texts().1)}</p>
            {unsaved.map(|Unsaved(text)| view! {
                <div class="message">
                    <p role="alert">{language.text("failure-session-ended-text")}</p>
                    <label for="unsaved">{language.text("failure-session-ended-label")}</label>
                    <MessageArea id="unsaved" text/>
                </div>
            })}
            <p class="act">
                {links.into_iter().zip(["button", "button quiet"]).map(|((href, label), class)| {
                    view! { <a class=class href=href>{language.text(label)}</a> }
                }).collect_view()}
            </p>
            {reference.map(|reference| view! {
                <p class="hint">{language.text_with("reference", &[("reference", &reference)])}</p>
                {contact.map(|contact| view! { <ContactSentence language contact/> })}
            })}
        </div>
    }
}
