//! `/`: the sign-in options for a visitor, or links to the pages for a citizen or a case worker who is signed in.

use leptos::{either::Either, prelude::*};

use crate::{
    components::Notice,
    format,
    look::Look,
    page::Page,
    texts::{Language, say},
};

/// What the home page shows.
#[derive(Clone, Debug)]
pub struct HomePage {
    /// The sign-in options, in the order shown.
    pub providers: Vec<ProviderButton>,
    /// Why the visitor is here, where that is worth a notice.
    pub reason: Option<Reason>,
    /// The query of its address.
    pub query: Option<String>,
}

/// A sign-in option.
#[derive(Clone, Debug)]
pub struct ProviderButton {
    /// The provider's id in the configuration.
    pub id: String,
    /// `/login/{id}`, with `return_to` where there is one.
    pub href: String,
    /// The name that citizens know the provider by.
    pub name: String,
    /// How the button looks.
    pub look: &'static Look,
    /// Whether it is the one that most citizens use. At most one is.
    pub is_main: bool,
}

/// Why a visitor is on the home page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The citizen or the provider stopped the sign-in.
    Cancelled,
    /// The requested page needs a sign-in.
    SignInNeeded,
    /// The citizen signed out here. The provider may still have a session, with an offer to end it too.
    SignedOut(Option<ProviderSignOut>),
}

/// The provider's own sign-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSignOut {
    /// The name that citizens know the provider by.
    pub name: String,
    /// The address that ends the provider's session.
    pub url: String,
}

pub(crate) fn view(home: HomePage, page: &Page) -> impl IntoView + use<> {
    match &page.citizen {
        Some(citizen) => Either::Left(welcome(page, &citizen.name)),
        None => Either::Right(sign_in(home, page)),
    }
}

fn sign_in(home: HomePage, page: &Page) -> impl IntoView + use<> {
    let language = page.language;
    let HomePage { mut providers, reason, .. } = home;
    let choice = if providers.len() == 1 {
        providers.pop().map(|provider| single(provider, language).into_any())
    } else {
        Some(choice(providers, language).into_any())
    };
    view! {
        {reason.map(|reason| notice(reason, language))}
        <h1>{page.service.name(language).into_owned()}</h1>
        <p class="lead">{language.text(say::HOME_INTRO)}</p>
        {choice}
    }
}

fn single(provider: ProviderButton, language: Language) -> impl IntoView {
    view! { <div class="providers"><div><SignInButton language provider/></div></div> }
}

/// With one provider there is nothing to choose. The main one comes first, and the others are quiet.
fn choice(mut providers: Vec<ProviderButton>, language: Language) -> impl IntoView {
    let main = providers.iter().position(|provider| provider.is_main).map(|index| providers.remove(index));
    let is_quiet = main.is_some();
    let options = providers.into_iter().map(|provider| view! { <li><SignInButton language provider is_quiet/></li> });
    let options = options.collect_view();
    view! {
        <h2 class="choose">{language.text(say::HOME_CHOOSE)}</h2>
        <p class="hint">{language.text(say::HOME_CHOOSE_HINT)}</p>
        {main.map(|provider| view! {
            {single(provider, language)}
            <h3 class="others">{language.text(say::HOME_OTHERS)}</h3>
        })}
        <ul class="providers">{options}</ul>
    }
}

/// The link to one sign-in option, and who it is for. A link works everywhere and opens in a new tab.
#[component]
fn SignInButton(language: Language, provider: ProviderButton, #[prop(optional)] is_quiet: bool) -> impl IntoView {
    let ProviderButton { id, href, name, look, .. } = provider;
    let explanation = format!("about-{id}");
    view! {
        <a class=look.button_class(is_quiet) href=href aria-describedby=explanation.clone()>
            {look.mark()}
            <span>{say::sign_in_with(language, &name)}</span>
        </a>
        <p class="hint sign-in-about" id=explanation>{look.explanation(language, &name)}</p>
    }
}

fn notice(reason: Reason, language: Language) -> AnyView {
    match reason {
        Reason::Cancelled => view! {
            <Notice role="status" is_neutral=true heading=language.text(say::SIGN_IN_CANCELLED_HEADING)>
                <p>{language.text(say::SIGN_IN_CANCELLED)}</p>
            </Notice>
        }
        .into_any(),
        Reason::SignInNeeded => {
            view! { <Notice role="status" is_neutral=true heading=language.text(say::SIGN_IN_NEEDED)/> }.into_any()
        }
        Reason::SignedOut(provider) => view! {
            <Notice role="status" heading=language.text(say::SIGNED_OUT_HEADING)>
                {provider.map(|provider| still_signed_in(provider, language))}
            </Notice>
        }
        .into_any(),
    }
}

fn still_signed_in(provider: ProviderSignOut, language: Language) -> impl IntoView {
    let ProviderSignOut { name, url } = provider;
    view! {
        <p>{say::signed_out_still(language, &name)}</p>
        <p class="act"><a class="button" href=url>{say::signed_out_also(language, &name)}</a></p>
    }
}

fn welcome(page: &Page, name: &str) -> impl IntoView + use<> {
    let language = page.language;
    let (first, activity_hint) = if page.is_for_case_worker() {
        (("/documents", say::HOME_TO_DOCUMENTS, say::HOME_TO_DOCUMENTS_HINT), say::HOME_TO_ACTIVITY_HINT_CASE_WORKER)
    } else {
        (("/my-data", say::HOME_TO_MY_DATA, say::HOME_TO_MY_DATA_HINT), say::HOME_TO_ACTIVITY_HINT)
    };
    let ways = [
        first,
        ("/activity", say::HOME_TO_ACTIVITY, activity_hint),
        ("/profile", say::HOME_TO_PROFILE, say::HOME_TO_PROFILE_HINT),
    ];
    let ways = ways.map(|(href, text, hint)| {
        view! {
            <li>
                <a href=href>{language.text(text)}</a>
                <p>{language.text(hint)}</p>
            </li>
        }
    });
    view! {
        <h1>{say::home_welcome(language, format::isolated(name))}</h1>
        <p class="lead">{language.text(say::HOME_SIGNED_IN)}</p>
        <ul class="ways">{ways}</ul>
    }
}
