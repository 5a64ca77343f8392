use leptos::prelude::*;

use crate::{
    page::Switch,
    service::Languages,
    texts::{Language, say},
};

/// The page in the other languages. Each is named in itself.
///
/// The buttons of the page's form come before the form's own button, so a browser would take the first one as the form's default
/// (HTML, 4.10.22.2). Only Enter in a field of one line uses the default, and the form has none.
#[component]
pub(crate) fn LanguageSwitch(language: Language, languages: Languages, switch: Switch) -> impl IntoView {
    (languages.offered().len() > 1).then(|| {
        let label = language.text(say::LANGUAGES_LABEL);
        let items = languages.offered().iter().map(|&other| {
            let item = if other == language { current(other) } else { choice(other, &switch) };
            view! { <li>{item}</li> }
        });
        let items = view! { <ul>{items.collect_view()}</ul> };
        let items = match &switch {
            Switch::Sealed(page) => view! {
                <form method="post" action="/language" aria-label=label.clone()>
                    <input type="hidden" name="page" value=page.clone()/>
                    {items}
                </form>
            }
            .into_any(),
            Switch::Links { .. } | Switch::Form | Switch::FormAt { .. } => items.into_any(),
        };
        view! { <nav class="languages" aria-label=label>{items}</nav> }
    })
}

fn current(language: Language) -> AnyView {
    view! { <span lang=language.tag() aria-current="true">{language.name()}</span> }.into_any()
}

fn choice(language: Language, switch: &Switch) -> AnyView {
    let (tag, name) = (language.tag(), language.name());
    match switch {
        Switch::Links { query } => {
            let kept = query.as_ref().map(|query| format!("{query}&")).unwrap_or_default();
            view! { <a href=format!("?{kept}lang={tag}") lang=tag hreflang=tag>{name}</a> }.into_any()
        }
        Switch::Form => button_of(Switch::FORM, "/language", language),
        Switch::FormAt { form, action } => button_of(form, action, language),
        Switch::Sealed(_) => view! { <button type="submit" name="lang" value=tag lang=tag>{name}</button> }.into_any(),
    }
}

/// A button of the form with this id. The text goes along even if it is too long.
fn button_of(form: &'static str, action: &'static str, language: Language) -> AnyView {
    let (tag, name) = (language.tag(), language.name());
    view! {
        <button type="submit" form=form formaction=action formmethod="post" formnovalidate=true name="lang" value=tag lang=tag>
            {name}
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(languages: Languages, switch: Switch) -> String {
        let owner = Owner::new();
        owner.with(|| view! { <LanguageSwitch language=Language::Nl languages switch/> }.to_html()).replace("<!>", "")
    }

    fn two() -> Languages {
        Languages::new(vec![Language::Nl, Language::Fr], Language::Nl).unwrap_or_default()
    }

    const NEDERLANDS: &str = r#"<li><span lang="nl" aria-current="true">Nederlands</span></li>"#;

    #[test]
    fn links_keep_the_query_of_the_page() {
        for (query, href) in [
            (None, "?lang=fr"),
            (Some("return_to=%2Fprofile"), "?return_to=%2Fprofile&amp;lang=fr"),
            (Some("a=\"><script>&b=1"), "?a=&quot;&gt;&lt;script&gt;&amp;b=1&amp;lang=fr"),
        ] {
            let html = html(two(), Switch::Links { query: query.map(str::to_owned) });
            let link = format!(r#"<li><a href="{href}" lang="fr" hreflang="fr">Français</a></li>"#);
            assert!(html.contains(NEDERLANDS) && html.contains(&link), "{html}");
            assert!(!html.contains("<form") && !html.contains("<button"), "{html}");
        }
    }

    #[test]
    fn buttons_of_the_pages_form_take_the_text_along() {
        let html = html(two(), Switch::Form);
        let button = r#"<button type="submit" form="message" formaction="/language" formmethod="post" formnovalidate name="lang" value="fr" lang="fr">Français</button>"#;
        assert!(html.contains(NEDERLANDS) && html.contains(button), "{html}");
        assert!(!html.contains("<form") && !html.contains("<a "), "{html}");
    }

    #[test]
    fn a_page_that_cannot_be_requested_again_goes_along_sealed() {
        let html = html(two(), Switch::Sealed("c2VhbGVk".to_owned()));
        let start = r#"<form method="post" action="/language" aria-label="#;
        let field = r#"<input type="hidden" name="page" value="c2VhbGVk">"#;
        let button = r#"<button type="submit" name="lang" value="fr" lang="fr">Français</button>"#;
        for part in [start, field, button, NEDERLANDS] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn one_language_needs_no_switch() {
        let one = Languages::new(vec![Language::Nl], Language::Nl).unwrap_or_default();
        assert_eq!(html(one, Switch::Links { query: None }), "");
    }
}
