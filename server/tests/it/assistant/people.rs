//! Who may ask, what they are answered, and what is written about it.

use reqwest::StatusCode;
use serde_json::Value;

use super::{LENA, QUESTION, TOM, ask, asked, signed_in, sources, start};
use crate::support::site::everything_in;

#[tokio::test]
async fn each_person_is_answered_from_their_own_documents() {
    let site = start().await;
    let mut tom = signed_in(&site, TOM).await;
    let answer = ask(&mut tom, QUESTION).await;
    assert_eq!((answer.status, sources(&answer)), (StatusCode::OK, vec!["letter.txt"]), "{}", answer.body);
    assert!(answer.body.contains("rel=\"noreferrer noopener\""), "{}", answer.body);
    assert!(answer.body.contains(QUESTION) && answer.text_area().is_empty(), "{}", answer.body);
    let mut lena = signed_in(&site, LENA).await;
    let answer = ask(&mut lena, QUESTION).await;
    assert_eq!((answer.status, sources(&answer)), (StatusCode::OK, vec![]), "{}", answer.body);
    let users: Vec<_> = site.aws().trail().into_iter().filter(|entry| entry.operation == "ChatSync").collect();
    assert!(users.len() == 2 && users[0].user_id != users[1].user_id, "{users:?}");
}

#[tokio::test]
async fn the_context_of_the_documents_is_used_for_the_assistant_too() {
    let site = start().await;
    let mut lena = signed_in(&site, LENA).await;
    lena.get("/documents").await;
    ask(&mut lena, QUESTION).await;
    let calls = site.aws().calls();
    assert_eq!((calls["CreateTokenWithIAM"], calls["AssumeRole"], calls["ChatSync"]), (1, 1, 1), "{calls:?}");
}

#[tokio::test]
async fn a_session_of_the_person_role_that_has_ended_is_replaced() {
    let site = start().await;
    let mut lena = signed_in(&site, LENA).await;
    ask(&mut lena, QUESTION).await;
    site.aws().expire(local::aws::IssuedFor::Session);
    assert_eq!(ask(&mut lena, QUESTION).await.status, StatusCode::OK);
    assert_eq!((site.aws().calls()["AssumeRole"], asked(&site)), (2, 3));
}

#[tokio::test]
async fn only_case_workers_have_an_assistant() {
    let site = start().await;
    let mut citizen = site.browser();
    citizen.sign_in("an").await;
    assert_eq!(citizen.get("/assistant").await.status, StatusCode::NOT_FOUND);
    let answer = citizen.post("/assistant", &[("text", "anything?")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!citizen.get("/my-data").await.body.contains("/assistant"));
    let mut visitor = site.browser();
    assert_eq!(visitor.get("/assistant").await.location(), "/?return_to=%2Fassistant");
    // The question is still on the page.
    let answer = visitor.post("/assistant", &[("text", "where is it?")]).await;
    assert_eq!((answer.status, answer.text_area()), (StatusCode::UNAUTHORIZED, "where is it?"), "{}", answer.body);
    assert_eq!(asked(&site), 0);
    let mut lena = signed_in(&site, LENA).await;
    assert!(lena.get("/documents").await.body.contains("<a href=\"/assistant\""));
}

#[tokio::test]
async fn a_question_is_in_the_activity_and_in_the_security_log_but_nothing_of_it_is_kept() {
    let site = start().await;
    let mut lena = signed_in(&site, LENA).await;
    let question = "Who is Zebedeus Quist?";
    assert_eq!(ask(&mut lena, question).await.status, StatusCode::OK);
    let activity = lena.get("/activity").await;
    assert_eq!(activity.body.matches("Question asked to the assistant").count(), 1, "{}", activity.body);
    let records = site.security_records();
    let of_questions = |record: &&Value| record["event"]["action"] == "assistant-question";
    let records: Vec<_> = records.iter().filter(of_questions).collect();
    assert_eq!(records.len(), 1);
    let written = records.iter().map(ToString::to_string);
    let items = site.records().await.into_iter().chain(site.sessions().await).map(|item| everything_in(&item));
    for text in written.chain(items) {
        assert!(!text.contains("Zebedeus"), "{text}");
    }
}
