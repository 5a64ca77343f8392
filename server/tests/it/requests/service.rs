//! `[service]`: the name of the service, and the organisation behind it.

use crate::support::site::{Site, SiteOptions};

const SERVICE: &str = "\
[service]
name = \"Mijn gegevens <b>\"
organisation = \"Stad Gent & co\"
contact_url = \"mailto:hulp@gent.example\"
privacy_url = \"https://gent.example/privacy?a=1&b=2\"
accessibility_url = \"https://gent.example/toegankelijkheid\"
";

#[tokio::test]
async fn the_name_is_in_the_header_and_the_titles() {
    for (more, name) in [("", "My Data"), (SERVICE, "Mijn gegevens &lt;b&gt;")] {
        let site = Site::start_with(SiteOptions { more, ..SiteOptions::default() }).await;
        let mut browser = site.browser();
        let home = browser.get("/").await.body;
        for part in [
            format!("<title>{name}</title>"),
            format!("<span>{name}</span></a>"),
            format!("aria-label=\"{name}, home\""),
            format!("<h1>{name}</h1>"),
        ] {
            // Attributes need no escape for angle brackets.
            let unescaped = part.replace("&lt;", "<").replace("&gt;", ">");
            assert!(home.contains(&part) || (part.starts_with("aria") && home.contains(&unescaped)), "{part}: {home}");
        }
        let missing = browser.get("/no-such-page").await.body;
        assert!(missing.contains(&format!("– {name}</title>")), "{missing}");
        browser.sign_in("an").await;
        let profile = browser.get("/profile").await.body;
        assert!(profile.contains(&format!("<title>Your profile – {name}</title>")), "{profile}");
    }
}

#[tokio::test]
async fn the_footer_has_the_links_that_are_configured() {
    let site = Site::start_with(SiteOptions { more: SERVICE, ..SiteOptions::default() }).await;
    let body = site.browser().get("/").await.body;
    let footer = body.split_once("<footer").unwrap().1;
    assert!(footer.contains("Stad Gent &amp; co"), "{footer}");
    for (url, text) in [
        ("mailto:hulp@gent.example", "Contact"),
        ("https://gent.example/privacy?a=1&amp;b=2", "Privacy"),
        ("https://gent.example/toegankelijkheid", "Accessibility"),
    ] {
        assert!(footer.contains(&format!("<a href=\"{url}\">{text}</a>")), "{url}: {footer}");
    }

    let site = Site::start().await;
    let body = site.browser().get("/").await.body;
    let footer = body.split_once("<footer").unwrap().1;
    for text in ["A service of", "Contact", "Privacy", "Accessibility", "<a "] {
        assert!(!footer.contains(text), "{text}: {footer}");
    }
}

#[tokio::test]
async fn a_failure_page_names_a_contact_only_if_there_is_one() {
    for (more, contact) in [
        ("", None),
        ("[service]\norganisation = \"Stad Gent\"\n", None),
        ("[service]\ncontact_url = \"https://gent.example/hulp\"\n", Some("https://gent.example/hulp")),
        (SERVICE, Some("mailto:hulp@gent.example")),
    ] {
        let site = Site::start_with(SiteOptions { more, ..SiteOptions::default() }).await;
        let page = site.browser().get("/auth/callback?code=c&state=s").await;
        assert!(page.reference().is_some(), "{}", page.body);
        let main = page.body.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
        assert_eq!(main.contains("If you need help"), contact.is_some(), "{main}");
        assert_eq!(main.contains("give this reference"), contact.is_some(), "{main}");
        if let Some(url) = contact {
            assert!(main.contains(&format!("href=\"{url}\"")), "{main}");
        }
    }
}
