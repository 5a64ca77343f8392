//! What the pages show of the organisation: header, footer, and the pages about accessibility and cookies.

use std::sync::Arc;

use time::{
    Duration,
    macros::{date, datetime},
};

use super::render;
use crate::{
    Accent, Assets, Citizen, Colour, Document, Languages, Localized, Page, Register, Role, Service, SessionEnd, Style,
    Switch, TimeZone,
    pages::{
        Body,
        accessibility::AccessibilityPage,
        cookies::{Cookie, CookiesPage, Lifetime, Purpose},
        failure::{FailureKind, FailurePage},
        home::HomePage,
        profile::ProfilePage,
    },
    service::{Conformance, Enforcement, Exception, Image, Law, Logo, Method, Phase, Reason, Statement},
    texts::Language,
};

const SESSION: SessionEnd = SessionEnd {
    at: datetime!(2026-11-20 17:22 UTC),
    left: Duration::minutes(13),
    warning: Duration::minutes(2),
    is_final: false,
};

pub(super) fn html(body: Body, citizen: Option<&str>, service: &Service, language: Language) -> String {
    html_for(body, citizen.map(|name| (name, Role::Citizen)), service, language)
}

/// As [`html`], for someone with this name and role.
pub(super) fn html_for(body: Body, who: Option<(&str, Role)>, service: &Service, language: Language) -> String {
    let page = Page {
        language,
        citizen: who.map(|(name, role)| Citizen { name: name.to_owned(), role, session: SESSION }),
        assets: Arc::new(Assets { style: Style::Inline { inline: "p{}".into() }, enhancer: None, watch: None }),
        service: Arc::new(service.clone()),
    };
    render(Document { page, body })
}

pub(super) fn home() -> Body {
    Body::Home(HomePage { providers: Vec::new(), reason: None, query: None })
}

fn profile() -> Body {
    Body::Profile(ProfilePage {
        provider: "P".to_owned(),
        register: Register::Belgium,
        signed_in_at: datetime!(2026-11-20 17:07 UTC),
        entries: Vec::new(),
    })
}

fn not_found() -> Body {
    Body::Failure(FailurePage {
        kind: FailureKind::NotFound,
        reference: None,
        again: None,
        other: None,
        unsaved: None,
        switch: Switch::Links { query: None },
    })
}

fn accessibility() -> Body {
    Body::Accessibility(AccessibilityPage { address: "https://mydata.example".to_owned() })
}

/// A text that differs in every language.
fn each(text: &str) -> Option<Localized> {
    Some(Localized::new(|language| format!("{text} {}", language.tag())))
}

fn url(name: &str) -> Option<Localized> {
    Some(Localized::new(|language| format!("https://town.example/{}/{name}?a=1&b=2", language.tag())))
}

/// Everything that can be configured.
pub(super) fn full() -> Service {
    let image = |path: &str| Image { path: path.to_owned(), width: 64, height: 32 };
    Service {
        languages: Languages::default(),
        time_zone: TimeZone::default(),
        name: each("Kiosk &"),
        organisation: each("Town <of> Example"),
        organisation_url: url("home"),
        logo: Some(Logo { light: image("/brand/light.svg"), dark: Some(image("/brand/dark.svg")), has_name: false }),
        accent: Accent::new(Colour::parse("#7a1f5c").unwrap()).ok(),
        phase: Phase::Beta,
        contact_url: url("contact"),
        contact_email: each("help@town.example").map(|_| "help@town.example".into()),
        contact_phone: Some("+32 2 555 12 34".into()),
        help_url: url("help"),
        privacy_url: url("privacy"),
        cookies_url: url("cookies"),
        terms_url: url("terms"),
        accessibility_url: url("accessibility"),
        accessibility: Some(statement()),
        has_assistant: true,
    }
}

fn statement() -> Statement {
    let exception = |reason, text: &str| Exception { reason, text: each(text).unwrap() };
    Statement {
        status: Conformance::Partially,
        law: Some(Law::Be),
        exceptions: vec![
            exception(Reason::OutOfScope, "Old maps"),
            exception(Reason::NonCompliance, "Films & sound"),
            exception(Reason::NonCompliance, "Tables"),
        ],
        prepared: Some(date!(2026 - 11 - 25)),
        reviewed: Some(date!(2027 - 01 - 02)),
        method: Some(Method::External),
        answer_days: Some(1),
        enforcement: Some(Enforcement { name: each("Ombudsman").unwrap(), url: url("complaints") }),
    }
}

pub(super) fn between<'a>(html: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = html.split_once(start).unwrap_or_else(|| panic!("no {start} in {html}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end} in {rest}")).0
}

fn footer(html: &str) -> &str {
    between(html, "<footer", "</footer>")
}

pub(super) fn header(html: &str) -> &str {
    between(html, "<header", "</header>")
}

pub(super) fn main(html: &str) -> &str {
    between(html, "<main", "</main>")
}

/// Where the links lead, in order.
pub(super) fn hrefs(html: &str) -> Vec<&str> {
    html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect()
}

/// What a reader sees, with a bar between elements.
pub(super) fn texts(html: &str) -> Vec<String> {
    let parts = html.split('<').filter_map(|part| part.split_once('>'));
    let shown = parts.map(|(_, text)| text.replace(['\u{2068}', '\u{2069}'], "").trim().to_owned());
    shown.filter(|text| !text.is_empty()).collect()
}

#[test]
fn the_footer_has_the_same_order_on_every_page_and_in_every_language() {
    for &language in Language::ALL {
        let tag = language.tag();
        let at = |name: &str| format!("https://town.example/{tag}/{name}?a=1&amp;b=2");
        let expected = [
            at("contact"),
            "mailto:help@town.example".to_owned(),
            "tel:+3225551234".to_owned(),
            at("help"),
            at("accessibility"),
            at("privacy"),
            at("cookies"),
            at("terms"),
        ];
        for body in [home(), profile(), not_found(), accessibility(), Body::Cookies(CookiesPage { cookies: vec![] })] {
            for citizen in [None, Some("An")] {
                let page = html(body.clone(), citizen, &full(), language);
                assert_eq!(hrefs(footer(&page)), expected, "{tag}");
                assert!(footer(&page).contains(&format!("Town &lt;of&gt; Example {tag}")), "{page}");
            }
        }
    }
}

#[test]
fn the_footer_leaves_out_what_is_not_configured() {
    let own = ["/accessibility", "/cookies"];
    let bare = html(home(), None, &Service::default(), Language::En);
    assert_eq!(hrefs(footer(&bare)), own);
    assert_eq!(texts(footer(&bare)), ["Accessibility", "Cookies"]);
    for (service, expected) in [
        (
            Service { help_url: url("help"), ..Service::default() },
            vec!["https://town.example/en/help?a=1&amp;b=2", own[0], own[1]],
        ),
        (Service { contact_phone: Some("1819".into()), ..Service::default() }, vec!["tel:1819", own[0], own[1]]),
        (
            Service { terms_url: url("terms"), ..Service::default() },
            vec![own[0], own[1], "https://town.example/en/terms?a=1&amp;b=2"],
        ),
    ] {
        let page = html(home(), None, &service, Language::En);
        assert_eq!(hrefs(footer(&page)), expected);
        assert!(!footer(&page).contains("<p"), "{page}");
    }
}

#[test]
fn the_header_has_the_organisation_and_the_service() {
    for &language in Language::ALL {
        let tag = language.tag();
        let page = html(home(), None, &full(), language);
        let header = header(&page);
        assert!(header.contains(&format!("href=\"https://town.example/{tag}/home?a=1&amp;b=2\"")), "{header}");
        assert!(header.contains(&format!("Town &lt;of&gt; Example {tag}</span>")), "{header}");
        assert!(header.contains(&format!("Kiosk &amp; {tag}</a>")), "{header}");
        assert!(
            header.contains(&format!(
                "aria-label=\"{}\"",
                crate::texts::say::site_home(language, format!("Kiosk &amp; {tag}"))
            )),
            "{header}"
        );
        assert!(header.contains("src=\"/brand/light.svg\" width=\"64\" height=\"32\" alt=\"\""), "{header}");
        assert!(header.contains("srcset=\"/brand/dark.svg\""), "{header}");
    }
    let bare = html(home(), None, &Service::default(), Language::En);
    for part in ["organisation", "<img", "<picture", "class=\"phase\""] {
        assert!(!header(&bare).contains(part), "{part}: {bare}");
    }
    assert!(header(&bare).contains("My Data</a>"), "{bare}");
}

#[test]
fn a_logo_with_the_name_stands_for_the_name() {
    let mut service = full();
    service.organisation_url = None;
    service.logo = service.logo.map(|logo| Logo { has_name: true, dark: None, ..logo });
    let page = html(home(), None, &service, Language::Nl);
    let header = header(&page);
    assert!(
        header.contains("alt=\"Town <of> Example nl\"") || header.contains("alt=\"Town &lt;of&gt; Example nl\""),
        "{header}"
    );
    assert!(!texts(header).iter().any(|text| text.contains("Town")), "{header}");
    assert!(header.contains("<p class=\"organisation\">") && !header.contains("<source"), "{header}");
}

#[test]
fn the_current_page_is_named_in_the_navigation_of_a_citizen() {
    let page = html(profile(), Some("An"), &full(), Language::En);
    let header = header(&page);
    assert_eq!(header.matches("aria-current=\"page\"").count(), 1, "{header}");
    assert!(header.contains("href=\"/profile\" aria-current=\"page\""), "{header}");
    let visitor = html(home(), None, &full(), Language::En);
    assert!(!visitor.contains("aria-current=\"page\"") && !visitor.contains("action=\"/logout\""), "{visitor}");
}

#[test]
fn the_phase_is_told_with_a_contact_if_there_is_one() {
    for (phase, tag) in [(Phase::Test, "Test"), (Phase::Beta, "Beta")] {
        let service = Service { phase, ..full() };
        let page = html(not_found(), None, &service, Language::En);
        let banner = between(&page, "<p class=\"phase\">", "</p>");
        assert_eq!(texts(banner)[0], tag, "{banner}");
        assert_eq!(hrefs(banner), ["https://town.example/en/contact?a=1&amp;b=2"]);
        let alone = html(home(), None, &Service { phase, ..Service::default() }, Language::En);
        assert_eq!(hrefs(between(&alone, "<p class=\"phase\">", "</p>")), [""; 0]);
    }
    assert!(!html(home(), None, &Service { phase: Phase::None, ..full() }, Language::En).contains("class=\"phase"));
}

#[test]
fn the_accent_comes_before_the_colours_of_the_buttons() {
    let rules = crate::site_rules(&full().style(), [&crate::look::SAMPLE]);
    assert!(rules.starts_with("@media screen{:root{--accent:#7a1f5c;"), "{rules}");
    assert!(rules.contains("}.look-sample{"), "{rules}");
    assert_eq!(Service::default().style(), "");
}

#[test]
fn the_statement_has_the_sections_of_the_model_in_their_order() {
    let page = html(accessibility(), None, &full(), Language::En);
    assert!(page.contains("<title>Accessibility statement – Kiosk &amp; en</title>"), "{page}");
    assert_eq!(
        texts(main(&page)),
        [
            "Accessibility statement",
            "We want everyone to be able to use this service.",
            "We follow the Belgian law of 19 July 2018 on the accessibility of the websites and mobile applications of public sector bodies.",
            "This statement applies to: Kiosk &amp; en (https://mydata.example).",
            "How accessible this service is",
            "This service meets most of the European standard EN 301 549, which includes level AA of the Web Content Accessibility Guidelines (WCAG).",
            "What is not accessible",
            "This does not meet the standard",
            "Films &amp; sound en",
            "Tables en",
            "The law does not cover this",
            "Old maps en",
            "How we prepared this statement",
            "We prepared this statement on 25 November 2026.",
            "An external organisation assessed the service.",
            "We last reviewed this statement on 2 January 2027.",
            "Feedback and contact",
            "Tell us if something does not work for you, or if you need it in another form.",
            "Contact",
            "Email: help@town.example",
            "Phone:\u{a0}+32\u{a0}2\u{a0}555\u{a0}12\u{a0}34",
            "We answer within 1 day.",
            "If our answer does not help you",
            "You can then complain to this organisation:",
            "Ombudsman en",
        ]
    );
    for &language in Language::ALL {
        let page = html(accessibility(), Some("An"), &full(), language);
        let tag = language.tag();
        for part in
            [format!("Tables {tag}"), format!("Ombudsman {tag}"), format!("https://town.example/{tag}/complaints")]
        {
            assert!(main(&page).contains(&part), "{part}: {page}");
        }
    }
}

#[test]
fn the_statement_leaves_out_what_is_not_configured() {
    let least = Statement {
        status: Conformance::Fully,
        law: None,
        exceptions: Vec::new(),
        prepared: None,
        reviewed: None,
        method: None,
        answer_days: None,
        enforcement: None,
    };
    let service = Service { accessibility: Some(least.clone()), ..Service::default() };
    let page = html(accessibility(), None, &service, Language::En);
    assert_eq!(
        texts(main(&page)),
        [
            "Accessibility statement",
            "We want everyone to be able to use this service.",
            "This statement applies to: My Data (https://mydata.example).",
            "How accessible this service is",
            "This service meets the European standard EN 301 549 in full. The standard includes level AA of the Web Content Accessibility Guidelines (WCAG).",
        ]
    );
    let name = Enforcement { name: "Ombudsman".into(), url: None };
    let law = Some(Law::Named("Statute 12".into()));
    let service = Service {
        accessibility: Some(Statement { enforcement: Some(name), law, status: Conformance::Not, ..least }),
        ..Service::default()
    };
    let page = html(accessibility(), None, &service, Language::En);
    let shown = texts(main(&page));
    assert!(shown.join("|").contains("We follow this law:|Statute 12|."), "{shown:?}");
    assert!(shown.contains(&"Ombudsman".to_owned()) && hrefs(main(&page)).is_empty(), "{shown:?}");
    assert!(shown.iter().any(|text| text.starts_with("This service does not meet")), "{shown:?}");
}

/// The button to sign out is shown above the pages. WCAG 2.2, 2.4.3.
#[test]
fn the_order_of_the_header_is_the_one_that_is_seen() {
    let page = html(profile(), Some("An"), &full(), Language::En);
    let header = header(&page);
    let parts = [
        "class=\"organisation\"",
        "class=\"languages\"",
        "class=\"service\"",
        "action=\"/logout\"",
        "href=\"/profile\"",
        "class=\"phase\"",
    ];
    let places: Vec<_> = parts.iter().map(|part| header.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {header}");
}

/// WCAG 2.2, 3.1.2. Names of the service and the organisation are proper names.
#[test]
fn a_part_in_another_language_says_so() {
    let dutch = |text: &str| {
        let french = format!("fr {text}");
        Localized::with_fallback(
            |language| (language == Language::Fr).then(|| french.clone()),
            text,
            Some(Language::Nl),
        )
    };
    let statement = Statement {
        law: Some(Law::Named(dutch("wet"))),
        exceptions: vec![
            Exception { reason: Reason::Burden, text: dutch("kaart") },
            Exception { reason: Reason::Burden, text: "Atlas".into() },
        ],
        enforcement: Some(Enforcement { name: dutch("dienst"), url: url("complaints") }),
        ..full().accessibility.unwrap()
    };
    let service = Service { accessibility: Some(statement), ..full() };
    let parts = |language: Language| {
        let page = html(accessibility(), None, &service, language);
        let main = main(&page);
        assert!(main.contains("<li>Atlas</li>"), "{main}");
        let marked =
            main.split(" lang=\"").skip(1).map(|rest| texts(&format!("<{rest}"))[0].clone()).collect::<Vec<_>>();
        (marked, main.matches(" lang=\"nl\"").count())
    };
    let all = ["wet", "kaart", "dienst"].map(str::to_owned).to_vec();
    assert_eq!(parts(Language::En), (all.clone(), 3));
    assert_eq!(parts(Language::De), (all, 3));
    for language in [Language::Nl, Language::Fr] {
        assert_eq!(parts(language), (Vec::new(), 0), "{language:?}");
    }
}

#[test]
fn without_a_statement_no_conformity_is_claimed() {
    for service in [Service::default(), Service { accessibility: None, ..full() }] {
        let page = html(accessibility(), None, &service, Language::En);
        let shown = texts(main(&page)).join(" ");
        assert!(shown.contains("not an accessibility statement") && !shown.contains("EN 301 549"), "{shown}");
        assert_eq!(shown.contains("Feedback"), service.contact_url.is_some(), "{shown}");
    }
}

#[test]
fn every_cookie_is_listed_with_its_purpose_and_lifetime() {
    let cookie = |name: &str, purpose, lifetime| Cookie { name: name.to_owned(), purpose, lifetime };
    let cookies = vec![
        cookie("__Host-mydata_session", Purpose::Session, Lifetime::Session),
        cookie("a", Purpose::SignIn, Lifetime::Minutes(10)),
        cookie("b", Purpose::Repetition, Lifetime::Minutes(1)),
        cookie("c", Purpose::Language, Lifetime::Year),
        cookie("d", Purpose::Receipt, Lifetime::Minutes(10)),
    ];
    let page = html(Body::Cookies(CookiesPage { cookies }), None, &Service::default(), Language::En);
    assert!(page.contains("<title>Cookies – My Data</title>"), "{page}");
    assert_eq!(
        texts(between(&page, "<dl", "</dl>")),
        [
            "__Host-mydata_session",
            "Keeps you signed in.",
            "Your browser keeps it until you sign out or close the browser.",
            "a",
            "Remembers the sign-in that you have started.",
            "Your browser keeps it for 10 minutes.",
            "b",
            "Starts your sign-in again when this browser was still signed in from an earlier time.",
            "Your browser keeps it for 1 minute.",
            "c",
            "Remembers the language that you chose.",
            "Your browser keeps it for a year.",
            "d",
            "Shows you the receipt after you have deleted your data.",
            "Your browser keeps it for 10 minutes.",
        ]
    );
}
