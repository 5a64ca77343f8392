//! Whatever goes wrong has a page, and the question is still on it.

use std::time::Duration;

use local::aws::AwsFault;
use reqwest::StatusCode;
use server::Options;

use super::{LENA, TOM, ask, ask_on, asked, misbehave, options, signed_in, start};
use crate::support::site::{Site, SiteOptions};

const QUESTION: &str = "Where is Zebedeus Quist?";

#[tokio::test]
async fn each_failure_has_a_page_with_the_question() {
    let site = start().await;
    let mut lena = signed_in(&site, LENA).await;
    let mut page = ask(&mut lena, "payments?").await;
    for (fault, status, heading, times) in [
        (AwsFault::AssistantNotSubscribed, 403, "You cannot use the assistant yet", 1),
        (AwsFault::AssistantNoLicence, 403, "The assistant has no active licence", 1),
        (AwsFault::AssistantThrottled, 503, "The assistant is busy", 1),
        (AwsFault::AssistantFails, 503, "The assistant is not available right now", 1),
    ] {
        misbehave(&site, fault);
        let before = asked(&site);
        let answer = ask_on(&mut lena, &page, QUESTION).await;
        assert_eq!((answer.status.as_u16(), answer.text_area()), (status, QUESTION), "{fault:?}: {}", answer.body);
        assert!(answer.body.contains(&format!("<h2>{heading}</h2>")), "{fault:?}: {}", answer.body);
        assert!(answer.body.contains("payments?"), "the conversation stays: {}", answer.body);
        assert_eq!(asked(&site) - before, times, "one attempt: {fault:?}");
        assert_eq!(answer.reference().is_some(), fault != AwsFault::AssistantThrottled, "{fault:?}: {}", answer.body);
        site.aws().misbehave(None);
        let again = ask_on(&mut lena, &answer, QUESTION).await;
        assert_eq!(again.status, StatusCode::OK, "the conversation goes on after {fault:?}: {}", again.body);
        page = again;
    }
    let records = site.security_records();
    assert!(records.iter().all(|record| !record.to_string().contains("Zebedeus")));
    // A case worker without a subscription does not come from another site.
    assert!(records.iter().all(|record| !record.to_string().contains("cross-origin-request")), "{records:?}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_in_time_and_is_asked_once() {
    let server = Options { answer_timeout: Duration::from_millis(300), ..Options::default() };
    let site = Site::start_with(SiteOptions { server: Some(server), ..options() }).await;
    let mut lena = signed_in(&site, LENA).await;
    misbehave(&site, AwsFault::AssistantHangs);
    let answer = ask(&mut lena, QUESTION).await;
    assert_eq!((answer.status, answer.text_area()), (StatusCode::GATEWAY_TIMEOUT, QUESTION), "{}", answer.body);
    assert!(answer.body.contains("There was no answer in time"), "{}", answer.body);
    assert_eq!(asked(&site), 1);
}

#[tokio::test]
async fn an_answer_that_attacks_is_shown_as_text() {
    let site = start().await;
    let mut tom = signed_in(&site, TOM).await;
    misbehave(&site, AwsFault::AssistantHostile);
    let answer = ask(&mut tom, QUESTION).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("é𝄞 &lt;script&gt;"), "{}", answer.body);
    assert!(!answer.body.contains("<script>document") && !answer.body.contains("javascript:"), "{}", answer.body);
    assert!(answer.header("content-security-policy").contains("script-src 'none'"));
}

#[tokio::test]
async fn a_question_that_cannot_be_sent_is_not_sent() {
    let site = start().await;
    let mut lena = signed_in(&site, LENA).await;
    let long = "é".repeat(7_001);
    for (question, said) in [
        (&*long, "Your question has 7,001 characters"),
        (" \r\n ", "Type a question."),
        ("a\0b", "characters that we cannot send"),
    ] {
        let answer = ask(&mut lena, question).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    assert_eq!(asked(&site), 0);
    assert_eq!(ask(&mut lena, &"é".repeat(7_000)).await.status, StatusCode::OK);
    let no_form = lena.post("/assistant", &[]).await;
    assert_eq!(no_form.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_failure_before_the_question_has_its_page_too() {
    let site = start().await;
    for (fault, user, status, heading) in [
        (AwsFault::NotAssigned, LENA, 403, "You cannot use the assistant yet"),
        (AwsFault::TrustWithoutSetContext, TOM, 502, "The assistant does not work at the moment"),
    ] {
        let mut browser = signed_in(&site, user).await;
        misbehave(&site, fault);
        let answer = ask(&mut browser, QUESTION).await;
        assert_eq!((answer.status.as_u16(), answer.text_area()), (status, QUESTION), "{fault:?}: {}", answer.body);
        assert!(answer.body.contains(heading), "{fault:?}: {}", answer.body);
        site.aws().misbehave(None);
        let activity = browser.get("/activity").await;
        assert!(!activity.body.contains("Question asked to the assistant"), "nothing was asked");
    }
    assert_eq!(asked(&site), 0);
}
