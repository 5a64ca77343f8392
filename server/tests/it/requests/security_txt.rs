use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::support::site::{Site, SiteOptions};

const PATH: &str = "/.well-known/security.txt";

#[tokio::test]
async fn the_file_names_the_configured_contact() {
    for (more, contact) in [
        (
            "[service]\nlanguages = [\"nl\", \"en\"]\ncontact_url = \"mailto:help@mydata.example\"\n",
            "mailto:help@mydata.example",
        ),
        (
            "[service]\ncontact_url = \"mailto:help@mydata.example\"\nlanguages = [\"nl\", \"en\"]\nsecurity_contact_url = \"https://mydata.example/security\"\n",
            "https://mydata.example/security",
        ),
    ] {
        let options = SiteOptions { more, public_url: Some("https://mydata.example"), ..SiteOptions::default() };
        let site = Site::start_with(options).await;
        let answer = site.browser().get(PATH).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/plain; charset=utf-8"));
        let fields: Vec<_> = answer.body.lines().map(|line| line.split_once(": ").unwrap()).collect();
        let [first, expires, canonical, languages] = fields[..] else { panic!("{}", answer.body) };
        assert_eq!(first, ("Contact", contact));
        assert_eq!(canonical, ("Canonical", "https://mydata.example/.well-known/security.txt"));
        assert_eq!(languages, ("Preferred-Languages", "nl, en"));
        assert_eq!(expires.0, "Expires");
        let left = OffsetDateTime::parse(expires.1, &Rfc3339).unwrap() - OffsetDateTime::now_utc();
        assert!((Duration::days(30)..Duration::days(365)).contains(&left), "{left}");
        assert_eq!(site.browser().post(PATH, &[]).await.header("allow"), "GET,HEAD");
    }
}

#[tokio::test]
async fn without_a_contact_there_is_no_file() {
    // A page that only this machine can open is no contact.
    for more in ["", "[service]\ncontact_url = \"http://127.0.0.1:3000/help\"\n"] {
        let site = Site::start_with(SiteOptions { more, ..SiteOptions::default() }).await;
        let answer = site.browser().get(PATH).await;
        assert_eq!(answer.status, 404, "{more}");
        assert!(answer.body.contains("Page not found"), "{}", answer.body);
    }
}
