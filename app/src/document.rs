//! The frame around every page: head, header, main, footer.

use leptos::prelude::*;

use crate::{
    components::{Footer, Header},
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
/// [`Style::inline`]: crate::Style::inline
/// [`Enhancer::loader`]: crate::Enhancer::loader
///
/// A page has everything it shows before it is rendered, so this neither waits nor streams. `leptos_axum`, which does
/// both, ends every page with scripts for late content. Here a page without an island has no script.
pub fn render(document: Document) -> String {
    let owner = Owner::new();
    let html = owner.with(|| view(document).to_html());
    owner.cleanup();
    html
}

fn view(document: Document) -> impl IntoView {
    let Document { page, body } = document;
    let language = page.language;
    let title = escaped(&body.title(&page));
    // Without the enhancer's code its element would wait for nothing.
    let enhancer = page.assets.enhancer.as_ref().filter(|_| body.is_enhanced());
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
                    language service=page.service.name(language).into_owned() citizen=page.citizen.clone()
                    current=body.address() languages=page.service.languages.clone()
                />
                <main id="main" tabindex="-1">{body.into_view(&page)}</main>
                <Footer language service=&page.service/>
                {enhancer.map(|_| view! { <FormEnhancer/> })}
            </body>
        </html>
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        assets::{Assets, Enhancer, Style},
        look,
        pages::{
            failure::{FailureKind, FailurePage},
            home::{HomePage, ProviderButton},
            my_data::MyDataPage,
            profile::ProfilePage,
        },
        service::{Languages, Service},
        texts::Language,
    };

    const CSS: &str = "p{margin:0}";

    fn enhancer() -> Enhancer {
        Enhancer { script: "/pkg/my-data.js".to_owned(), wasm: "/pkg/my-data.wasm".to_owned() }
    }

    fn html_with(body: Body, citizen: Option<&str>, service: Service, enhancer: Option<Enhancer>) -> String {
        let assets = Assets { style: Style::Inline { inline: CSS.into() }, enhancer, watch: None };
        let page = Page {
            language: Language::En,
            citizen: citizen.map(str::to_owned),
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
        Body::Failure(FailurePage { kind, reference, again: None, other: None, unsaved: None })
    }

    fn my_data() -> Body {
        Body::MyData(MyDataPage::Stored { text: String::new(), version: 0, saved_at: None, just_saved: false })
    }

    fn home(looks: &[&'static look::Look]) -> Body {
        let providers = looks.iter().enumerate().map(|(index, &look)| ProviderButton {
            id: format!("p{index}"),
            href: format!("/login/p{index}"),
            name: format!("Provider {index}"),
            look,
        });
        Body::Home(HomePage { providers: providers.collect(), reason: None })
    }

    fn profile() -> Body {
        Body::Profile(ProfilePage { provider: "P".to_owned(), look: &look::PLAIN, entries: Vec::new() })
    }

    fn service() -> Service {
        Service {
            languages: Languages::default(),
            name: Some("Kiosk & Co".into()),
            organisation: Some("Town <of> Example".into()),
            contact_url: Some("https://town.example/help?a=1&b=2".to_owned()),
            privacy_url: Some("https://town.example/privacy".to_owned()),
            accessibility_url: Some("https://town.example/accessibility".to_owned()),
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
            (my_data(), "My Data", "My Data – Kiosk &amp; Co"),
            (profile(), "Your profile – My Data", "Your profile – Kiosk &amp; Co"),
            (failure(FailureKind::NotFound, None), "Page not found – My Data", "Page not found – Kiosk &amp; Co"),
        ] {
            assert_eq!(title(body.clone(), Service::default()), default);
            assert_eq!(title(body, service()), named);
        }
    }

    #[test]
    fn the_name_of_the_service_stands_in_the_header() {
        for (service, name) in [(Service::default(), "My Data"), (service(), "Kiosk &amp; Co")] {
            let html = html(home(&[]), service);
            let header = between(&html, "<header", "</header>");
            assert_eq!(text(between(header, "<span>", "</span>")), name);
            assert!(header.contains(&format!("aria-label=\"{name}, home\"")), "{header}");
        }
    }

    #[test]
    fn the_footer_links_to_what_the_service_gives() {
        let html = html(home(&[]), service());
        let footer = between(&html, "<footer", "</footer>");
        for (href, label) in [
            ("https://town.example/help?a=1&amp;b=2", "Contact"),
            ("https://town.example/privacy", "Privacy"),
            ("https://town.example/accessibility", "Accessibility"),
        ] {
            assert!(footer.contains(&format!("<a href=\"{href}\">{label}</a>")), "{footer}");
        }
        assert!(text(footer).contains("Town &lt;of&gt; Example"), "{footer}");
    }

    #[test]
    fn the_footer_links_to_nothing_that_the_service_does_not_give() {
        let bare = html(home(&[]), Service::default());
        let footer = between(&bare, "<footer", "</footer>");
        assert!(!footer.contains("<a") && !footer.contains("<ul") && !footer.contains("A service of"), "{footer}");
        let one = html(home(&[]), Service { contact_url: None, organisation: None, ..service() });
        let footer = between(&one, "<footer", "</footer>");
        assert_eq!(footer.matches("<a").count(), 2, "{footer}");
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
        assert_eq!(text(&given), "If you need help, contact Town &lt;of&gt; Example and give this reference.");
        let mail =
            Service { contact_url: Some("mailto:help@town.example?subject=Help".to_owned()), ..Service::default() };
        let given = sentence(mail, Some("R1")).unwrap_or_default();
        assert!(given.contains("<a href=\"mailto:help@town.example?subject=Help\">"), "{given}");
        assert_eq!(text(&given), "If you need help, contact My Data (help@town.example) and give this reference.");
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
        for body in [my_data(), home(&[&look::PLAIN]), profile(), failure(FailureKind::Internal, Some("R1"))] {
            // The policy of the page depends on this.
            let with = html_with(body.clone(), Some("An"), Service::default(), Some(enhancer()));
            let assets = |enhancer| Assets { style: Style::Inline { inline: CSS.into() }, enhancer, watch: None };
            assert_eq!(body.has_script(&assets(Some(enhancer()))), with.contains("<script"), "{with}");
            assert!(!body.has_script(&assets(None)));
            let html = html_with(body, Some("An"), Service::default(), None);
            assert!(!html.contains("<script") && !html.contains("<leptos-island"), "{html}");
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
        assert!(visitor.contains("class=\"sign-in look-plain\""), "{visitor}");
    }
}
