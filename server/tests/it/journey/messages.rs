use reqwest::StatusCode;

use super::{save, text_of};
use crate::support::{AN, AN_WRITTEN, site::Site};

#[tokio::test]
async fn two_tabs_do_not_overwrite_each_other() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let fields = |text| [("text", text), ("version", "0")];
    assert_eq!(browser.post("/api/save_message", &fields("from <b>tab</b> one")).await.status, StatusCode::SEE_OTHER);
    let conflict = browser.post("/api/save_message", &fields("from tab two")).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.body.contains("from &lt;b&gt;tab&lt;/b&gt; one"), "what is kept: {}", conflict.body);
    assert_eq!((conflict.text_area(), conflict.hidden("version")), ("from tab two", "1"));
    // Nothing was overwritten, and saving the stored text again is not a conflict.
    assert_eq!(text_of(&browser.get("/my-data").await), "from &lt;b&gt;tab&lt;/b&gt; one");
    let again = browser.post("/api/save_message", &fields("from <b>tab</b> one")).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/my-data?saved=1"));
    let chosen = browser.post("/api/save_message", &[("text", "from tab two"), ("version", "1")]).await;
    assert_eq!(chosen.location(), "/my-data?saved=2");
}

#[tokio::test]
async fn a_text_over_the_limit_is_shown_again_and_not_saved() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let long = "é".repeat(2_001);
    let answer = save(&mut browser, &long).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.text_area(), long);
    assert!(answer.body.contains("2,001"));
    assert!(site.messages().await.is_empty());
    assert_eq!(save(&mut browser, &long[2..]).await.location(), "/my-data?saved=1");
}

#[tokio::test]
async fn a_citizen_cannot_read_the_data_of_another() {
    let site = Site::start().await;
    let (mut an, mut bram) = (site.browser(), site.browser());
    an.sign_in("an").await;
    bram.sign_in("bram").await;
    save(&mut an, "only An reads this").await;
    assert_eq!(text_of(&bram.get("/my-data").await), "");
    save(&mut bram, "only Bram reads this").await;
    assert_eq!(text_of(&an.get("/my-data").await), "only An reads this");
    let profile = bram.get("/profile").await.body;
    assert!(!profile.contains(AN.0) && !profile.contains(AN_WRITTEN), "{profile}");
    assert_eq!(site.messages().await.len(), 2);
}
