//! The pages of the stand-ins.

use local::organisation::{Organisation, TEXTS};
use reqwest::StatusCode;
use reqwest::header::CONTENT_SECURITY_POLICY;
use testkit::Answer;

use crate::relying_party::authorize_url;
use crate::{Pool, new_browser};

pub fn check_frame(page: &Answer) {
    let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(!policy.contains("form-action"), "browsers apply it to the redirect chain");
    let (_, nonce) = policy.split_once("'nonce-").unwrap();
    let nonce = nonce.split_once('\'').unwrap().0;
    assert!(page.body.contains(&format!("<style nonce=\"{nonce}\">")));
    assert!(page.body.contains("This is a stand-in for"));
    assert!(page.body.contains("<link rel=\"icon\" href=\"data:,\">"));
    assert!(!page.body.contains("<script") && !page.body.contains(" style="));
}

#[tokio::test]
async fn the_itsme_page_has_citizens_and_three_buttons() {
    let pool = Pool::public().await;
    let page = new_browser().visit(authorize_url(&pool, &[])).await.page();
    check_frame(&page);
    for (id, name) in [
        ("an", "An Peeters"),
        ("bram", "Bram Janssens"),
        ("mia", "Mia Lindqvist"),
        ("zoe", "Zoë Çelik-Østergård ليلى بن علي"),
        ("noor", "Noor Haddad"),
        ("eva", "Eva Willems"),
    ] {
        assert!(page.body.contains(&format!("<label for=\"{id}\"><bdi>{name}</bdi></label>")));
        assert!(page.body.contains(&format!("name=\"citizen\" id=\"{id}\" value=\"{id}\"")));
    }
    for (value, name) in [("approve", "Approve"), ("decline", "Decline"), ("timeout", "Let it time out")] {
        assert!(page.body.contains(&format!("value=\"{value}\">{name}</button>")));
    }
}

#[tokio::test]
async fn the_organisation_has_its_pages_in_four_languages() {
    let organisation = Organisation::start().await.unwrap();
    let mut browser = new_browser();
    for texts in &TEXTS {
        let tag = texts.tag;
        let home = browser.get(format!("{}/{tag}", organisation.url())).await;
        assert_eq!(home.status, StatusCode::OK);
        assert!(home.body.contains(&format!("<html lang=\"{tag}\">")), "{}", home.body);
        assert!(home.body.contains(&format!("<title>{}</title>", texts.name)), "{}", home.body);
        let mut bodies = Vec::new();
        for page in ["contact", "help", "privacy", "terms", "complaints"] {
            let page = browser.get(format!("{}/{tag}/{page}", organisation.url())).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.body.contains(&format!("– {}</title>", texts.name)), "{}", page.body);
            bodies.push(page.body);
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 5);
    }
    for path in ["/xx", "/en/other", "/", "/xx/help"] {
        assert_eq!(browser.get(format!("{}{path}", organisation.url())).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    organisation.shutdown().await;
}

#[tokio::test]
async fn pages_show_no_text_of_the_request() {
    let pool = Pool::public().await;
    let url = format!("{}/error?error=<script>alert(1)</script>", pool.pool.domain_url());
    let page = new_browser().get(url).await;
    check_frame(&page);
    let url = authorize_url(&pool, &[("identity_provider", None), ("state", Some("\"><script>alert(1)</script>"))]);
    check_frame(&new_browser().visit(url).await.page());
}

#[tokio::test]
async fn itsme_trusts_no_other_relying_party() {
    let pool = Pool::public().await;
    let mut browser = new_browser();
    let at_itsme = browser.get(authorize_url(&pool, &[])).await.target();
    for (from, to) in [("idpresponse", "elsewhere"), ("mydata-user-pool", "other")] {
        let page = browser.get(at_itsme.as_str().replace(from, to)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        check_frame(&page);
    }
    let back = browser.get(at_itsme.as_str().replace("service%3AMYDATA_LOGIN", "x")).await;
    assert!(back.target().as_str().contains("error=invalid_scope"));
}
