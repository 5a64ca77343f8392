use reqwest::Method;
use testkit::browser::form;

use crate::support::site::Site;

#[tokio::test]
async fn what_another_site_sends_changes_nothing() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let mut other = site.browser();
    other.sign_in("an").await;
    let other_session = server::secret::sha256_hex(other.session().unwrap().as_bytes())[..16].to_owned();
    let own = site.public_url.clone();
    let other_port = format!("{own}0");
    let other_scheme = own.replace("http:", "https:");
    let requests: [&[(&str, &str)]; 10] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", &other_port)],
        &[("origin", &other_scheme)],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", &own), ("sec-fetch-site", "cross-site")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
        &[("origin", "https://evil.example"), ("referer", &own)],
    ];
    for headers in requests {
        for (path, fields) in [
            ("/api/save_message", &[("text", "from elsewhere"), ("version", "0")][..]),
            ("/logout", &[]),
            ("/api/end_session", &[("session", &other_session)]),
            ("/api/end_other_sessions", &[]),
            ("/api/delete_my_data", &[]),
            ("/no-such-page", &[]),
        ] {
            let answer = browser
                .send(Method::POST, path, |request| {
                    headers.iter().fold(form(request, fields), |request, (name, value)| request.header(*name, *value))
                })
                .await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
            assert!(
                answer.reference().is_some() && answer.body.contains("came from another website"),
                "{}",
                answer.body
            );
            assert!(answer.set_cookies().is_empty());
        }
    }
    assert_eq!(browser.get("/my-data").await.status, 200, "the session ended");
    assert_eq!(other.get("/my-data").await.status, 200, "the other session ended");
    assert!(site.messages().await.is_empty());
}

#[tokio::test]
async fn the_sites_own_forms_and_programs_may() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let own = site.public_url.clone();
    let requests: [&[(&str, &str)]; 4] = [
        &[],
        &[("origin", &own)],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", &own), ("sec-fetch-site", "none")],
    ];
    for (version, headers) in requests.into_iter().enumerate() {
        let (text, version) = (format!("text {version}"), version.to_string());
        let answer = browser
            .send(Method::POST, "/api/save_message", |request| {
                let request = form(request, &[("text", &text), ("version", &version)]);
                headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
            })
            .await;
        assert_eq!(answer.status, 303, "{headers:?}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_link_on_another_site_leads_here_and_changes_nothing() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for path in ["/", "/my-data", "/profile"] {
        let answer = browser.send(Method::GET, path, |request| request.header("sec-fetch-site", "cross-site")).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    for path in [
        "/api/save_message?text=by+a+link&version=0",
        "/logout",
        "/api/end_session",
        "/api/end_other_sessions",
        "/api/delete_my_data",
    ] {
        assert_eq!(browser.get(path).await.status, 405, "{path}");
    }
    assert!(site.messages().await.is_empty());
    assert_eq!(browser.get("/my-data").await.status, 200);
}
