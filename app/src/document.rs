//! The frame around every page: head, header, main, footer.

use leptos::{
    nonce::{Nonce, use_nonce},
    prelude::*,
};

use crate::{
    components::{Footer, Header},
    format::escaped,
    islands::FormEnhancer,
    look,
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

/// The HTML of `document`. Its `<style>` and `<script>` elements carry `nonce` (CSP Level 3, 7.2).
///
/// A page has everything it shows before it is rendered, so this neither waits nor streams. `leptos_axum`, which does
/// both, ends every page with scripts for late content. Here a page without an island has no script.
pub fn render(document: Document, nonce: &str) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(Nonce::from_value(nonce));
        view(document).to_html()
    });
    owner.cleanup();
    without_markers(&html)
}

/// `html` without the markers `<!>` of Leptos, which are not valid HTML. Only the island is hydrated: from there on they become
/// empty comments, which a browser reads as the same nodes.
fn without_markers(html: &str) -> String {
    const MARKER: &str = "<!>";
    let (page, island) = html.split_at(html.find("<leptos-island").unwrap_or(html.len()));
    page.replace(MARKER, "") + &island.replace(MARKER, "<!---->")
}

fn view(document: Document) -> impl IntoView {
    let Document { page, body } = document;
    let language = page.language;
    let title = escaped(&body.title(&page));
    let looks = look::style_sheet(body.looks(&page));
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
                {(!looks.is_empty()).then(|| view! { <style nonce=use_nonce() inner_html=looks></style> })}
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

    use time::OffsetDateTime;

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
        register::Register,
        service::{Languages, Service},
        texts::Language,
    };

    const CSS: &str = "p{margin:0}";

    fn enhancer() -> Enhancer {
        Enhancer { script: "/pkg/my-data.js".to_owned(), wasm: "/pkg/my-data.wasm".to_owned() }
    }

    fn html_with(body: Body, citizen: Option<&str>, service: Service, enhancer: Option<Enhancer>) -> String {
        let assets = Assets { style: Style::Inline(CSS.into()), enhancer, watch: None };
        let page = Page {
            language: Language::En,
            citizen: citizen.map(str::to_owned),
            assets: Arc::new(assets),
            service: Arc::new(service),
        };
        render(Document { page, body }, "n0nce")
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
            is_main: false,
        });
        Body::Home(HomePage { providers: providers.collect(), reason: None })
    }

    fn profile() -> Body {
        Body::Profile(ProfilePage {
            provider: "P".to_owned(),
            register: Register::Belgium,
            signed_in_at: OffsetDateTime::UNIX_EPOCH,
            entries: Vec::new(),
        })
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
            let assets = |enhancer| Assets { style: Style::Inline(CSS.into()), enhancer, watch: None };
            assert_eq!(body.has_script(&assets(Some(enhancer()))), with.contains("<script"), "{with}");
            assert!(!body.has_script(&assets(None)));
            let html = html_with(body, Some("An"), Service::default(), None);
            assert!(!html.contains("<script") && !html.contains("<leptos-island"), "{html}");
        }
    }

    #[test]
    fn no_page_has_markers_that_are_not_html() {
        let providers = [&look::SAMPLE, &look::PLAIN];
        let bodies = [home(&[]), home(&providers), home(&providers[..1]), my_data(), profile()].into_iter();
        let failures = FailureKind::ALL.iter().map(|&kind| failure(kind, Some("R1")));
        for (body, citizen) in bodies.chain(failures).flat_map(|body| [(body.clone(), None), (body, Some("An"))]) {
            let html = html_with(body, citizen, service(), Some(enhancer()));
            assert!(!html.contains("<!>"), "{html}");
            // The island is hydrated, so it keeps its node.
            let (page, island) = html.split_once("<leptos-island").unwrap_or((&html, ""));
            assert!(!page.contains("<!--"), "{html}");
            assert!(island.is_empty() || island.contains("><!----></leptos-island>"), "{html}");
        }
    }

    #[test]
    fn an_inline_style_sheet_stands_in_the_page_with_its_nonce() {
        let html = html(my_data(), Service::default());
        assert!(html.contains(&format!("<style nonce=\"n0nce\">{CSS}</style>")), "{html}");
    }

    #[test]
    fn the_colours_of_the_buttons_come_with_the_page_that_has_them() {
        let rule = ".look-sample{--look:#123456";
        let visitor = html(home(&[&look::SAMPLE, &look::PLAIN]), Service::default());
        assert!(visitor.contains(&format!("<style nonce=\"n0nce\">{rule}")), "{visitor}");
        assert!(visitor.contains("class=\"sign-in sign-in-filled look-sample\""), "{visitor}");
        assert!(visitor.contains("class=\"sign-in\""), "{visitor}");
        let citizen = html_with(home(&[&look::SAMPLE]), Some("An"), Service::default(), None);
        assert!(!citizen.contains(rule), "{citizen}");
    }
}
