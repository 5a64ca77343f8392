//! `[service]`: the name of the service, and the organisation behind it.

use std::collections::BTreeSet;

use reqwest::Method;
use testkit::{browser::form, until_too_many};

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
            format!(">{name}</a>"),
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
    for text in ["Provided by", "Contact", "Privacy", "Terms", "Help", "mailto:", "tel:"] {
        assert!(!footer.contains(text), "{text}: {footer}");
    }
    assert_eq!(footer.matches("<a ").count(), 2, "{footer}");
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
        assert_eq!(main.contains("Give this reference"), contact.is_some(), "{main}");
        if let Some(url) = contact {
            assert!(main.contains(&format!("href=\"{url}\"")), "{main}");
        }
    }
}

const FULL: &str = concat!(
    "[service]
organisation = \"Stad Gent\"
logo = \"",
    env!("CARGO_MANIFEST_DIR"),
    "/../public/favicon.svg\"
accent = \"#7a1f5c\"
phase = \"test\"
contact_email = \"hulp@gent.example\"
contact_phone = \"+32 2 000 00 00\"
help_url = \"https://gent.example/hulp\"
terms_url = \"https://gent.example/voorwaarden\"
[service.accessibility]
status = \"fully\"
law = \"BE\"
"
);

#[tokio::test]
async fn header_and_footer_are_the_same_on_failures_too() {
    let site = Site::start_with(SiteOptions { more: FULL, ..SiteOptions::default() }).await;
    let mut browser = site.browser();
    let part = |body: &str, start: &str, end: &str| {
        let (_, rest) = body.split_once(start).unwrap_or_else(|| panic!("no {start}: {body}"));
        rest.split_once(end).unwrap().0.to_owned()
    };
    let home = browser.get("/").await.body;
    // The languages are links or buttons.
    let header_of = |body: &str| {
        let header = part(body, "<header", "</header>");
        header.replace(&part(&header, "<nav aria-label=\"Language\"", "</nav>"), "")
    };
    let (header, footer) = (header_of(&home), part(&home, "<footer", "</footer>"));
    assert!(header.contains("Stad Gent") && header.contains("class=\"phase\""), "{header}");
    let too_large = browser
        .send(Method::POST, "/api/save_message", |request| {
            form(request, &[]).body(format!("text={}", "x".repeat(70_000)))
        })
        .await;
    let elsewhere =
        browser.send(Method::POST, "/logout", |request| request.header("origin", "https://evil.example")).await;
    let mut answers = vec![
        (413, too_large),
        (403, elsewhere),
        (404, browser.get("/no-such-page").await),
        (405, browser.send(Method::DELETE, "/", |request| request).await),
        (400, browser.get("/auth/callback?code=c&state=s").await),
        (200, browser.get("/accessibility").await),
        (200, browser.get("/cookies").await),
    ];
    let (_, too_many) = until_too_many(404, async || browser.post("/no-such-page", &[]).await).await;
    answers.push((429, too_many));
    for (status, answer) in answers {
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(header_of(&answer.body), header, "{status}");
        assert_eq!(part(&answer.body, "<footer", "</footer>"), footer, "{status}");
    }
}

#[tokio::test]
async fn the_logo_is_a_picture_that_browsers_keep_and_that_can_do_nothing() {
    let site = Site::start_with(SiteOptions { more: FULL, ..SiteOptions::default() }).await;
    let mut browser = site.browser();
    let home = browser.get("/").await;
    assert!(home.header("content-security-policy").contains("img-src 'self';"));
    assert!(home.body.contains(":root{--accent:#7a1f5c;"), "{}", home.body);
    let (_, path) = home.body.split_once("src=\"/brand/").unwrap();
    let path = format!("/brand/{}", path.split_once('"').unwrap().0);
    let logo = browser.get(&path).await;
    assert_eq!((logo.status.as_u16(), logo.body.as_str()), (200, include_str!("../../../../public/favicon.svg")));
    for (name, value) in [
        ("content-type", "image/svg+xml"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; frame-ancestors 'none'",
        ),
    ] {
        assert_eq!(logo.header(name), value, "{name}");
    }
    assert_eq!(browser.send(Method::HEAD, &path, |request| request).await.status, 200);
    assert_eq!(browser.get("/brand/logo.0123456789abcdef.svg").await.status, 404);
    assert!(!Site::start().await.browser().get("/").await.body.contains("/brand/"));
}

#[tokio::test]
async fn the_pages_about_accessibility_and_cookies_can_be_read_by_everyone() {
    let site = Site::start_with(SiteOptions { more: FULL, ..SiteOptions::default() }).await;
    let mut browser = site.browser();
    for signed_in in [false, true] {
        let statement = browser.get("/accessibility").await;
        assert_eq!(statement.status, 200);
        assert!(statement.body.contains("<h1>Accessibility statement</h1>"), "{}", statement.body);
        assert!(statement.body.contains(&site.public_url), "{}", statement.body);
        let cookies = browser.get("/cookies").await;
        assert_eq!((cookies.status.as_u16(), cookies.set_cookies()), (200, vec![]));
        for answer in [statement, cookies] {
            assert_eq!(answer.body.contains("action=\"/logout\""), signed_in, "{}", answer.body);
        }
        browser.sign_in("an").await;
    }
    let plain = Site::start().await.browser().get("/accessibility").await;
    assert!(plain.status == 200 && plain.body.contains("not an accessibility statement"), "{}", plain.body);
}

#[tokio::test]
async fn own_pages_about_accessibility_and_cookies_replace_the_built_in_ones() {
    const OWN: &str = "[service]\ncookies_url = { en = \"https://gent.example/en/cookies\", nl = \"https://gent.example/nl/cookies\" }\n\
                       accessibility_url = \"https://gent.example/toegankelijk\"\n";
    let site = Site::start_with(SiteOptions { more: OWN, ..SiteOptions::default() }).await;
    for (path, url) in
        [("/accessibility", "https://gent.example/toegankelijk"), ("/cookies", "https://gent.example/en/cookies")]
    {
        let answer = site.browser().get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, url), "{path}");
        let home = site.browser().get("/").await.body;
        assert!(home.contains(&format!("href=\"{url}\"")) && !home.contains(&format!("href=\"{path}\"")), "{home}");
    }
}

#[tokio::test]
async fn every_cookie_that_the_site_sets_is_on_its_page() {
    for (public_url, prefix) in [(None, "mydata_"), (Some("https://mydata.example"), "__Host-mydata_")] {
        let site = Site::start_with(SiteOptions { public_url, ..SiteOptions::default() }).await;
        let mut browser = site.browser();
        let answers = [
            browser.get("/login/itsme").await,
            browser.sign_in("an").await,
            browser.get("/?lang=nl").await,
            browser.post("/logout", &[]).await,
        ];
        let name = |cookie: &&str| cookie.split('=').next().unwrap().to_owned();
        let set: BTreeSet<_> =
            answers.iter().flat_map(|answer| answer.set_cookies().iter().map(name).collect::<Vec<_>>()).collect();
        assert!(set.len() >= 3, "{set:?}");
        let page = site.browser().get("/cookies").await.body;
        for name in set {
            assert!(name.starts_with(prefix), "{name}");
            // Each sign-in has a cookie of its own.
            let shown = if name.contains("signin_") { format!("{prefix}signin_…") } else { name };
            assert!(page.contains(&format!("<code>{shown}</code>")), "{shown}: {page}");
        }
    }
}
