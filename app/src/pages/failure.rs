//! Every page for something that went wrong: what happened, what the citizen can do, and a reference for the operator.

use std::borrow::Cow;

use leptos::prelude::*;

use crate::{components::MessageArea, texts::Language};

/// What a failure page shows. It never shows anything that came with the request but the citizen's own text.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// The same reference as in the log, for those failures that an operator can look up.
    pub reference: Option<String>,
    /// Where "Try again" leads: a path on this origin, or the way out of the user pool's own session.
    pub again: Option<String>,
    /// What else the citizen can do.
    pub other: Option<OtherWay>,
    /// What the citizen typed and could not save.
    pub unsaved: Option<Unsaved>,
}

/// What a citizen can do besides trying again, and the address for it.
#[derive(Clone, Debug)]
pub enum OtherWay {
    /// To sign in as somebody else: the way out of the user pool's own session.
    SomebodyElse(String),
    /// To sign in another way, where another provider may not have the same failure.
    AnotherProvider(String),
}

/// A text that was typed and not saved.
#[derive(Clone)]
pub struct Unsaved(pub String);

impl std::fmt::Debug for Unsaved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unsaved(…)")
    }
}

/// What can go wrong, from the citizen's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The session ended while the citizen was typing.
    SessionEnded,
    /// No such page.
    NotFound,
    /// The answer belongs to no sign-in of this browser.
    SignInInvalid,
    /// The tokens did not pass the checks.
    SignInRejected,
    /// itsme handed over no national number.
    SignInNoNationalNumber,
    /// The identity provider handed over no number to find the record by.
    SignInNoNumber,
    /// The user pool still knows this browser as somebody who came through another provider.
    SignInOtherProvider,
    /// The user pool or the provider reported an error.
    SignInProvider,
    /// It reported that the provider kept something back that the service needs.
    SignInIncomplete,
    /// It reported that the provider did not answer.
    SignInSlow,
    /// It reported what only the operator can mend.
    SignInSetUp,
    /// The user pool does not answer.
    SignInUnavailable,
    /// The tables do not answer.
    Unavailable,
    /// A request from another origin.
    Forbidden,
    /// A body over the limit.
    TooLarge,
    /// Too many requests from one address.
    TooMany,
    /// A request that cannot be read.
    BadRequest,
    /// A method that the address does not have.
    Method,
    /// A fault of ours.
    Internal,
}

impl Kind {
    const fn is_sign_in(self) -> bool {
        matches!(
            self,
            Self::SignInInvalid
                | Self::SignInRejected
                | Self::SignInNoNationalNumber
                | Self::SignInNoNumber
                | Self::SignInOtherProvider
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
            Self::SignInIncomplete => ("failure-sign-in-heading", "failure-sign-in-incomplete"),
            Self::SignInSlow => ("failure-sign-in-heading", "failure-sign-in-slow"),
            Self::SignInSetUp => ("failure-sign-in-heading", "failure-sign-in-set-up"),
            Self::SignInProvider => ("failure-sign-in-heading", "failure-sign-in-provider"),
            Self::SignInUnavailable => ("failure-sign-in-heading", "failure-sign-in-unavailable"),
            Self::Unavailable => ("failure-unavailable-heading", "failure-unavailable"),
            Self::Forbidden => ("failure-forbidden-heading", "failure-forbidden"),
            Self::TooLarge => ("failure-too-large-heading", "failure-too-large"),
            Self::TooMany => ("failure-too-many-heading", "failure-too-many"),
            Self::BadRequest => ("failure-bad-request-heading", "failure-bad-request"),
            Self::Method => ("failure-method-heading", "failure-method"),
            Self::Internal => ("failure-internal-heading", "failure-internal"),
        }
    }
}

impl Failure {
    pub(crate) fn heading(&self, language: Language) -> Cow<'static, str> {
        language.text(self.kind.texts().0)
    }
}

pub(crate) fn view(failure: Failure, language: Language) -> impl IntoView {
    let heading = failure.heading(language);
    let Failure { kind, reference, again, other, unsaved } = failure;
    let other = other.map(|other| match other {
        OtherWay::SomebodyElse(href) => (href, "failure-leave"),
        OtherWay::AnotherProvider(href) => (href, "failure-elsewhere"),
    });
    let (href, label) = match (kind, again) {
        (Kind::SessionEnded, again) => (again, "failure-sign-in-again"),
        (Kind::SignInOtherProvider | Kind::SignInNoNumber | Kind::SignInNoNationalNumber, again) => {
            (again, "failure-choose-again")
        }
        (kind, None) if !kind.is_sign_in() => (None, "failure-to-home"),
        (_, again) => (again, "try-again"),
    };
    let first = (href.unwrap_or_else(|| "/".to_owned()), label);
    // Where trying again will hardly help, the other way comes first.
    let mut ways: Vec<_> = [Some(first), other].into_iter().flatten().collect();
    if kind == Kind::SignInSetUp {
        ways.reverse();
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
                {ways.into_iter().zip(["button", "button quiet"]).map(|((href, label), class)| {
                    view! { <a class=class href=href>{language.text(label)}</a> }
                }).collect_view()}
            </p>
            {reference.map(|reference| view! {
                <p class="hint">{language.text_with("reference", &[("reference", &reference)])}</p>
            })}
        </div>
    }
}
