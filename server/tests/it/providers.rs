//! Several providers: each signs in its own citizens, keeps their records apart, and has its own sign-out.

use reqwest::{Method, StatusCode};
use testkit::{
    Answer, Browser,
    browser::{form, parameter},
    example::Provider,
};
use url::Url;

use crate::support::{
    AN, AN_WRITTEN,
    site::{Site, SiteOptions},
};

async fn site() -> Site {
    Site::start_with(SiteOptions { all_providers: true, ..SiteOptions::default() }).await
}

/// Signs in as `citizen` with the provider `id`. Returns the answer of the callback.
async fn sign_in(browser: &mut Browser, id: &str, citizen: &str) -> Answer {
    let callback = browser.decide(&format!("/login/{id}"), citizen, "approve").await;
    browser.get(&callback).await
}

/// Signs out. Returns the home page.
async fn sign_out(browser: &mut Browser) -> Answer {
    let out = browser.post("/logout", &[]).await;
    let home = browser.visit(out.target()).await.site();
    assert_eq!(home.path(), "/");
    browser.get(&home).await
}

/// The target of the link with this text.
fn link(page: &Answer, text: &str) -> Option<Url> {
    let before = page.body.split_once(text)?.0;
    let (_, href) = before.rsplit_once("href=\"")?;
    Some(Url::parse(&href.split_once('"')?.0.replace("&amp;", "&")).unwrap())
}

#[tokio::test]
async fn each_provider_has_a_button_and_a_hint_in_the_configured_order() {
    let site = site().await;
    let page = site.browser().get("/?return_to=%2Fprofile").await.body;
    let mut rest = page.as_str();
    for (id, label, about) in [
        ("itsme", "Sign in with itsme", "Use the itsme app"),
        ("second", "Sign in with Second", "Use your Second account."),
        ("login_gov", "Sign in with Login.gov", "Use your Login.gov account"),
        ("auth0", "Sign in with Auth0", "your organisation"),
        ("beyond_identity", "Sign in with Beyond Identity", "passkey"),
    ] {
        for part in [format!("href=\"/login/{id}?return_to=%2Fprofile\""), label.to_owned(), about.to_owned()] {
            rest = rest.split_once(&part).unwrap_or_else(|| panic!("{part} is missing or out of order in {page}")).1;
        }
    }
    assert!(page.contains("Choose how to sign in"));
}

#[tokio::test]
async fn the_main_provider_comes_first_and_the_others_are_quiet() {
    let mut site = site().await;
    let equal = site.browser().get("/").await.body;
    assert!(!equal.contains("Other sign-in options") && equal.contains("sign-in-filled look-itsme"), "{equal}");
    site.config.providers[3].is_main = true;
    site.restart().await;
    let page = site.browser().get("/").await.body;
    let (main, others) = page.split_once("Other sign-in options").unwrap_or_else(|| panic!("{page}"));
    assert!(main.contains("href=\"/login/auth0\"") && main.contains("sign-in-filled look-auth0"), "{page}");
    assert_eq!((main.matches("/login/").count(), others.matches("/login/").count()), (1, 4), "{page}");
    assert!(!others.contains("sign-in-filled"), "{page}");
}

#[tokio::test]
async fn one_provider_is_not_offered_as_a_choice() {
    let mut site = Site::start().await;
    site.config.providers.truncate(1);
    site.restart().await;
    let page = site.browser().get("/").await.body;
    assert_eq!(page.matches("href=\"/login/").count(), 1, "{page}");
    assert!(page.contains("Sign in with itsme") && !page.contains("Choose how to sign in"), "{page}");
}

#[tokio::test]
async fn two_providers_of_a_kind_are_shown_by_their_names() {
    let providers = vec![Provider::new("other", "itsme").named("itsme-test")];
    let site = Site::start_with(SiteOptions { providers, ..SiteOptions::default() }).await;
    let page = site.browser().get("/").await.body;
    assert!(page.contains("Sign in with itsme-test"), "{page}");
}

#[tokio::test]
async fn each_provider_signs_in_and_its_details_are_shown() {
    let mut site = site().await;
    site.config.cognito.scopes.push("phone".to_owned());
    site.restart().await;
    site.until_ready().await;
    for (id, provider, facts) in [
        ("itsme", "itsme", &["An Peeters", "National Register number", AN_WRITTEN][..]),
        ("login_gov", "Login.gov", &["Peeters", "Identifier", "+32470000001", "an.peeters@example.com"]),
        ("auth0", "Auth0", &["An Peeters", "Identifier", AN.0]),
        ("beyond_identity", "Beyond Identity", &["Identifier", "an.peeters@example.com"]),
    ] {
        let mut browser = site.browser();
        let answer = sign_in(&mut browser, id, "an").await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/my-data"), "{id}: {}", answer.body);
        let profile = browser.get("/profile").await.body;
        assert!(profile.contains(&format!("{provider} shared these details")), "{id}: {profile}");
        for fact in facts {
            assert!(profile.contains(fact), "{id}: {fact} in {profile}");
        }
        let home = browser.get("/").await.body;
        assert!(home.contains("Welcome, "), "{id}: {home}");
    }
}

#[tokio::test]
async fn one_number_in_two_namespaces_is_two_citizens() {
    let site = site().await;
    let (mut at_itsme, mut at_auth0) = (site.browser(), site.browser());
    sign_in(&mut at_itsme, "itsme", "an").await;
    sign_in(&mut at_auth0, "auth0", "an").await;
    for (browser, number) in [(&mut at_itsme, AN_WRITTEN), (&mut at_auth0, AN.0)] {
        let profile = browser.get("/profile").await;
        assert!(profile.body.contains(number), "the same number");
    }
    let saved = at_itsme.post("/api/save_message", &[("text", "kept under BE"), ("version", "0")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert_eq!(at_auth0.get("/my-data").await.text_area(), "");
    let saved = at_auth0.post("/api/save_message", &[("text", "kept for staff"), ("version", "0")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert_eq!(at_itsme.get("/my-data").await.text_area(), "kept under BE");
    assert_eq!(site.messages().await.len(), 2);
}

#[tokio::test]
async fn the_sign_out_of_the_provider_is_offered_once() {
    let site = site().await;
    let home = format!("{}/", site.public_url);
    for (id, name, back) in [("login_gov", "Login.gov", "post_logout_redirect_uri"), ("auth0", "Auth0", "returnTo")] {
        let mut browser = site.browser();
        sign_in(&mut browser, id, "an").await;
        let page = sign_out(&mut browser).await;
        assert!(page.body.contains("You are signed out"), "{}", page.body);
        let also = link(&page, &format!("Also sign out of {name}")).unwrap();
        assert_eq!(parameter(&also, back).as_deref(), Some(home.as_str()));
        // The provider accepts it: the browser comes back, at Login.gov after a confirmation.
        let mut answer = browser.get(&also).await;
        if !answer.status.is_redirection() {
            assert!(answer.body.contains("Do you want to sign out of Login.gov?"), "{}", answer.body);
            answer = browser.send(Method::POST, also.as_str(), |request| form(request, &[])).await;
        }
        assert_eq!(answer.location(), home);
        let again = browser.get("/").await.body;
        assert!(!again.contains("You are signed out") && !again.contains("Also sign out"), "{again}");
        assert!(!browser.cookies().keys().any(|name| name.contains("signed_out")));
    }
    for id in ["itsme", "beyond_identity"] {
        let mut browser = site.browser();
        sign_in(&mut browser, id, "an").await;
        let page = sign_out(&mut browser).await.body;
        assert!(page.contains("You are signed out") && !page.contains("Also sign out"), "{id}: {page}");
    }
}

#[tokio::test]
async fn a_cookie_with_an_unknown_provider_is_not_shown() {
    let site = site().await;
    let mut browser = site.browser();
    browser.cookies().insert("mydata_signed_out".to_owned(), "<script>alert(1)</script>".to_owned());
    let page = browser.get("/").await.body;
    assert!(page.contains("You are signed out") && !page.contains("alert(1)"), "{page}");
}

#[tokio::test]
async fn declining_leads_home_and_another_try_works() {
    let site = site().await;
    for id in ["itsme", "login_gov", "auth0", "beyond_identity"] {
        let mut browser = site.browser();
        let callback = browser.decide(&format!("/login/{id}"), "an", "decline").await;
        let answer = browser.get(&callback).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/?signin=cancelled"), "{id}");
        assert_eq!(browser.session(), None, "{id}");
        assert_eq!(sign_in(&mut browser, id, "an").await.location(), "/my-data", "{id}");
    }
}

#[tokio::test]
async fn missing_details_are_explained_in_plain_words() {
    let site = site().await;
    for (id, citizen, status, sentence) in [
        ("itsme", "mia", 400, "We did not receive your National Register number"),
        ("auth0", "mia", 400, "We did not receive the identifier that we need to find your data"),
        ("auth0", "noor", 502, "such as your email address"),
        ("itsme", "noor", 502, "such as your email address"),
    ] {
        let mut browser = site.browser();
        let answer = sign_in(&mut browser, id, citizen).await;
        assert_eq!(answer.status.as_u16(), status, "{id} {citizen}");
        assert!(answer.body.contains(sentence), "{id} {citizen}: {}", answer.body);
        assert!(answer.reference().is_some() && browser.session().is_none());
    }
}

#[tokio::test]
async fn a_user_pool_session_with_another_provider_can_be_ended() {
    let mut site = site().await;
    site.config.cognito.prompt_login = false;
    site.restart().await;
    site.until_ready().await;
    let mut browser = site.browser();
    sign_in(&mut browser, "itsme", "an").await;
    let session = browser.session().unwrap().to_owned();
    browser.cookies().retain(|name, _| !name.contains("session"));
    let answer = sign_in(&mut browser, "auth0", "an").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("You are still signed in with a different sign-in option"), "{}", answer.body);
    let out = link(&answer, "Sign out and choose again").unwrap();
    assert_eq!(browser.visit(out).await.site().path(), "/");
    assert_eq!(sign_in(&mut browser, "auth0", "an").await.location(), "/my-data");
    assert_ne!(browser.session().unwrap(), session);
}

#[tokio::test]
async fn a_timeout_of_the_provider_behind_the_bridge_is_explained() {
    let site = site().await;
    let mut browser = site.browser();
    let callback = browser.decide("/login/login_gov", "an", "timeout").await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.body.contains("took too long to answer"), "{}", answer.body);
}

#[tokio::test]
async fn an_unregistered_certificate_is_a_set_up_problem() {
    let site = site().await;
    let registration = site.provider("login_gov").registration();
    let certificate = std::fs::read_to_string(site.scratch.path().join("login-gov.crt")).unwrap();
    registration.remove_certificate(&certificate);
    let mut browser = site.browser();
    let answer = sign_in(&mut browser, "login_gov", "an").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.body.contains("There is a problem with how this sign-in option is set up"), "{}", answer.body);
    assert!(answer.body.contains("<a href=\"/\" class=\"button\">Use another sign-in option</a>"), "{}", answer.body);
    assert!(registration.add_certificate(&certificate));
    assert_eq!(sign_in(&mut browser, "login_gov", "an").await.location(), "/my-data");
}
