use reqwest::Method;
use testkit::client;

use crate::support::site::Site;

#[tokio::test]
async fn an_unknown_address_is_a_page_with_404() {
    let site = Site::start().await;
    for (method, path) in [
        (Method::GET, "/no-such-page"),
        (Method::GET, "/login/nobody"),
        (Method::GET, "/login/"),
        (Method::GET, "/login/itsme/more"),
        (Method::GET, "/profile/"),
        (Method::GET, "/%3Cscript%3Ealert(1)%3C/script%3E"),
        (Method::GET, "/%ff%00"),
        (Method::POST, "/no-such-page"),
        (Method::DELETE, "/no-such-page"),
    ] {
        let answer = site.browser().send(method.clone(), path, |request| request).await;
        assert_eq!(answer.status, 404, "{method} {path}");
        assert!(answer.body.contains("Page not found"), "{method} {path}: {}", answer.body);
        assert!(answer.reference().is_some(), "{method} {path}");
        assert!(!answer.body.contains("alert"), "{method} {path}");
    }
}

#[tokio::test]
async fn an_unsupported_method_is_refused() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for (method, path, allowed) in [
        (Method::POST, "/", "GET,HEAD"),
        (Method::PUT, "/my-data", "GET,HEAD"),
        (Method::DELETE, "/profile", "GET,HEAD"),
        (Method::POST, "/login/itsme", "GET,HEAD"),
        (Method::POST, "/auth/callback", "GET,HEAD"),
        (Method::GET, "/logout", "POST"),
        (Method::GET, "/api/save_message", "POST"),
    ] {
        let answer = browser.send(method.clone(), path, |request| request).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
        assert!(answer.reference().is_some(), "{method} {path}");
    }
}

#[tokio::test]
async fn a_save_without_a_session_returns_the_text() {
    let site = Site::start().await;
    let fields = [("text", "typed for an hour </textarea>"), ("version", "3")];
    let answer = site.browser().post("/api/save_message", &fields).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.text_area(), "typed for an hour &lt;/textarea&gt;");
    assert!(answer.body.contains("href=\"/?return_to=%2Fmy-data\""), "{}", answer.body);
    assert!(site.messages().await.is_empty());
}

#[tokio::test]
async fn an_invalid_form_saves_nothing() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let form = "application/x-www-form-urlencoded";
    for (kind, body) in [
        (form, ""),
        (form, "version=0"),
        (form, "Text=a&version=0"),
        ("application/json", "{\"text\":\"a\",\"version\":0}"),
        ("text/plain", "text=a&version=0"),
    ] {
        let answer = browser
            .send(Method::POST, "/api/save_message", |request| request.header("content-type", kind).body(body))
            .await;
        assert_eq!(answer.status, 400, "{kind} {body}: {}", answer.body);
        assert!(answer.reference().is_some(), "{kind} {body}");
    }
    assert!(site.messages().await.is_empty());
}

#[tokio::test]
async fn an_incomplete_form_keeps_the_text_and_never_replaces_a_saved_message() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    browser.post("/api/save_message", &[("text", "saved before"), ("version", "0")]).await;
    let send = async |browser: &mut testkit::Browser, body: &'static str| {
        let post = |request| testkit::browser::form(request, &[]).body(body);
        browser.send(Method::POST, "/api/save_message", post).await
    };
    for (body, kept) in [
        ("text=typed", "typed"),
        ("text=typed&version=", "typed"),
        ("text=typed&version=-1", "typed"),
        ("text=typed&version=1e3", "typed"),
        ("text=typed&version=%FF", "typed"),
        ("text=typed&version=99999999999999999999999", "typed"),
        ("text=typed&version=1&version=1", "typed"),
        ("text=one&text=%3Cb%3E+two&version=1", "one\n&lt;b&gt; two"),
    ] {
        let answer = send(&mut browser, body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert!(answer.body.contains("did not send everything that we need"), "{body}: {}", answer.body);
        assert_eq!((answer.text_area(), answer.hidden("version")), (kept, "0"), "{body}");
        // Without a session, the text can be copied.
        let answer = send(&mut site.browser(), body).await;
        assert_eq!((answer.status.as_u16(), answer.text_area()), (401, kept), "{body}");
    }
    let again = browser.post("/api/save_message", &[("text", "typed"), ("version", "0")]).await;
    assert_eq!((again.status.as_u16(), again.text_area()), (409, "typed"));
    assert!(again.body.contains("saved before"), "{}", again.body);
}

#[tokio::test]
async fn a_page_without_a_form_has_no_script() {
    let site = Site::start().await;
    let mut browser = site.browser();
    for path in ["/", "/?signin=cancelled", "/?return_to=/my-data", "/no-such-page"] {
        let answer = browser.get(path).await;
        assert!(!answer.body.contains("<script") && !answer.body.contains("/pkg/"), "{path}: {}", answer.body);
    }
    assert!(browser.get("/").await.set_cookies().is_empty(), "a visitor gets no cookie");
    browser.sign_in("an").await;
    assert!(!browser.get("/profile").await.body.contains("<script"));
    // The page with the form loads the script and the WASM.
    let form = browser.get("/my-data").await;
    assert!(form.body.contains("/pkg/my-data.0a1b2c.js") && form.body.contains("/pkg/my-data.0a1b2c.wasm"));
}

#[tokio::test]
async fn the_home_page_has_a_button_for_each_provider() {
    let site = Site::start().await;
    let body = site.browser().get("/").await.body;
    let at = |text: &str| body.find(text).unwrap_or_else(|| panic!("no {text} in {body}"));
    assert!(at("href=\"/login/itsme\"") < at("href=\"/login/second\""));
    assert!(at("Sign in with itsme") < at("Sign in with Second"));
}

#[tokio::test]
async fn pages_are_compressed_if_the_browser_accepts_it() {
    let site = Site::start().await;
    let answer = client().get(site.url("/")).header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "br");
    assert!(answer.headers()["vary"].to_str().unwrap().to_lowercase().contains("accept-encoding"));
}

#[tokio::test]
async fn a_text_that_cannot_be_stored_is_refused_and_stays() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for (body, shown) in [
        ("version=0&text=a%00b", "a\u{fffd}b"),
        ("version=0&text=%0D%0Aa%FFb+%3C", "\r\na\u{fffd}b &lt;"),
        ("version=0&text=%ED%A0%80", "\u{fffd}\u{fffd}\u{fffd}"),
    ] {
        let kind = "Application/X-WWW-Form-URLencoded; charset=UTF-8";
        let answer = browser
            .send(Method::POST, "/api/save_message", |request| request.header("content-type", kind).body(body))
            .await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        assert!(answer.body.contains("characters that we cannot save"), "{body}: {}", answer.body);
        assert_eq!((answer.text_area(), answer.hidden("version")), (shown, "0"), "{body}");
    }
    assert!(site.messages().await.is_empty());
    // Without a session too, nothing is lost and nothing breaks the page.
    let answer = site.browser().post("/api/save_message", &[("text", "a\0b"), ("version", "0")]).await;
    assert_eq!((answer.status.as_u16(), answer.text_area()), (401, "a\u{fffd}b"));
}

#[tokio::test]
async fn a_message_that_begins_with_a_line_end_keeps_it() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let answer = browser.post("/api/save_message", &[("text", "\r\n\r\nthird line"), ("version", "0")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    // A parser drops the first line feed after the tag, which `text_area` leaves out too.
    assert_eq!(browser.get("/my-data").await.text_area(), "\n\nthird line");
}
