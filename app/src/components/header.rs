use leptos::{either::Either, prelude::*};

use super::{LanguageSwitch, PLACE, PhaseBanner, around};
use crate::{
    page::{Role, Switch},
    service::{Image, Localized, Logo, Service},
    texts::{Language, Sentence, say},
};

/// The organisation and the languages, the name of the service, and for a citizen who is signed in: the citizen's name, the button to
/// sign out, and the pages.
#[component]
pub(crate) fn Header<'a>(
    language: Language,
    service: &'a Service,
    citizen: Option<(String, Role)>,
    /// The address of the page that is shown.
    current: Option<&'static str>,
    switch: Switch,
) -> impl IntoView + use<> {
    let link = move |address: &'static str, text: Sentence| {
        view! { <li><a href=address aria-current=(current == Some(address)).then_some("page")>{language.text(text)}</a></li> }
    };
    let name = service.name(language).into_owned();
    let home = say::site_home(language, &name);
    let languages = service.languages.clone();
    let has_assistant = service.has_assistant;
    let said = |part| view! { <span class="who-as">{part}</span> };
    let (before, after) = around(&say::signed_in_as(language, PLACE));
    view! {
        <header class="head">
            <div class="head-top">
                <Organisation language service/>
                <LanguageSwitch language languages switch/>
            </div>
            <div class="head-service">
                <a class="service" href="/" aria-label=home>{name}</a>
                {citizen.map(|(name, role)| view! {
                    <form class="who" id="sign-out" method="post" action="/logout" aria-label=language.text(say::SIGN_OUT)>
                        <p>{before.map(said)}<bdi>{name}</bdi>{after.map(said)}</p>
                        <button class="quiet" type="submit">{language.text(say::SIGN_OUT)}</button>
                    </form>
                    <nav aria-label=language.text(say::NAV_LABEL)>
                        <ul>
                            {match role {
                                Role::Citizen => link("/my-data", say::NAV_MY_DATA),
                                Role::CaseWorker => link("/documents", say::NAV_DOCUMENTS),
                            }}
                            {(role == Role::CaseWorker && has_assistant).then(|| link("/assistant", say::NAV_ASSISTANT))}
                            {link("/activity", say::NAV_ACTIVITY)}
                            {link("/profile", say::NAV_PROFILE)}
                        </ul>
                    </nav>
                })}
            </div>
            <PhaseBanner language service/>
        </header>
    }
}

/// The logo and the name of the organisation. They lead to its own site.
#[component]
fn Organisation<'a>(language: Language, service: &'a Service) -> impl IntoView + use<> {
    let text = |text: &Localized| text.get(language).to_owned();
    let url = service.organisation_url.as_ref().map(text);
    let logo = service.logo.clone();
    service.organisation.as_ref().map(text).map(|name| {
        // The picture stands for the name, or stands beside it.
        let (alt, shown) = match &logo {
            Some(Logo { has_name: true, .. }) => (name, None),
            _ => (String::new(), Some(name)),
        };
        let inner = view! {
            {logo.map(|logo| view! { <LogoPicture logo alt/> })}
            {shown.map(|name| view! { <span>{name}</span> })}
        };
        match url {
            Some(url) => Either::Left(view! { <a class="organisation" href=url>{inner}</a> }),
            None => Either::Right(view! { <p class="organisation">{inner}</p> }),
        }
    })
}

#[component]
fn LogoPicture(logo: Logo, alt: String) -> impl IntoView {
    let Logo { light: Image { path, width, height }, dark, .. } = logo;
    let class = if dark.is_some() { "logo" } else { "logo logo-light" };
    let dark = dark.map(|Image { path, width, height }| {
        view! { <source srcset=path width=width height=height media="(prefers-color-scheme: dark)"/> }
    });
    view! { <picture>{dark}<img class=class src=path width=width height=height alt=alt/></picture> }
}
