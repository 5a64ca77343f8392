use leptos::{either::Either, prelude::*};

use crate::{
    service::Languages,
    texts::{Language, say},
};

/// The page in the other languages. Each is named in itself.
#[component]
pub(crate) fn LanguageSwitch(language: Language, languages: Languages) -> impl IntoView {
    let items = languages.offered().iter().map(|&other| {
        let (tag, name) = (other.tag(), other.name());
        let item = if other == language {
            Either::Left(view! { <span lang=tag aria-current="true">{name}</span> })
        } else {
            Either::Right(view! { <a href=format!("?lang={tag}") lang=tag hreflang=tag>{name}</a> })
        };
        view! { <li>{item}</li> }
    });
    let items = items.collect_view();
    view! { <nav class="languages" aria-label=language.text(say::LANGUAGES_LABEL)><ul>{items}</ul></nav> }
}
