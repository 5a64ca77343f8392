//! A conversation goes along in the form of the page.

use reqwest::StatusCode;

use super::{LENA, QUESTION, TOM, ask, ask_on, asked, signed_in, start};

#[tokio::test]
async fn a_follow_up_continues_the_conversation() {
    let site = start().await;
    let mut lena = signed_in(&site, LENA).await;
    let first = ask(&mut lena, "payments?").await;
    let second = ask_on(&mut lena, &first, "and more?").await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.body);
    assert!(second.body.contains("payments?") && second.body.contains("and more?"), "{}", second.body);
    assert_eq!(second.body.matches("class=\"turn\"").count(), 2);
    // Back in the first window, the conversation has moved on. The question is not lost, and starts a new one.
    let lost = ask_on(&mut lena, &first, "something else?").await;
    assert_eq!((lost.status, lost.text_area()), (StatusCode::CONFLICT, "something else?"), "{}", lost.body);
    assert!(lost.body.contains("You cannot continue this conversation"), "{}", lost.body);
    let new = ask_on(&mut lena, &lost, "something else?").await;
    assert_eq!(new.status, StatusCode::OK, "{}", new.body);
    assert!(lena.get("/assistant").await.body.matches("class=\"turn\"").count() == 0);
}

#[tokio::test]
async fn the_same_form_is_the_same_question() {
    let site = start().await;
    let mut tom = signed_in(&site, TOM).await;
    let first = ask(&mut tom, QUESTION).await;
    let again = ask_on(&mut tom, &first, "more?").await;
    // As a reload of the page sends it. With another token, the assistant would find that the conversation has moved on.
    let reloaded = ask_on(&mut tom, &first, "more?").await;
    assert_eq!((again.status, reloaded.status), (StatusCode::OK, StatusCode::OK), "{}", reloaded.body);
}

#[tokio::test]
async fn a_conversation_cannot_be_changed_or_taken_over() {
    let site = start().await;
    let mut tom = signed_in(&site, TOM).await;
    let of_tom = ask(&mut tom, QUESTION).await;
    let mut lena = signed_in(&site, LENA).await;
    let before = asked(&site);
    let field = of_tom.hidden("conversation");
    for conversation in [field, &field[1..], "", "x"] {
        let answer = lena.post("/assistant", &[("text", "mine?"), ("conversation", conversation)]).await;
        assert_eq!((answer.status, answer.text_area()), (StatusCode::CONFLICT, "mine?"), "{}", answer.body);
        assert!(!answer.body.contains("certificate") && !answer.body.contains("letter.txt"), "{}", answer.body);
    }
    assert_eq!(asked(&site), before, "nothing is asked");
}

#[tokio::test]
async fn another_language_shows_the_same_page_and_asks_nothing() {
    let site = start().await;
    let mut tom = signed_in(&site, TOM).await;
    let page = ask(&mut tom, QUESTION).await;
    let before = asked(&site);
    let fields = [("text", "typed, not sent"), ("conversation", page.hidden("conversation")), ("lang", "nl")];
    let dutch = tom.post("/assistant", &fields).await;
    assert_eq!((dutch.status, dutch.text_area(), asked(&site)), (StatusCode::OK, "typed, not sent", before));
    assert!(dutch.body.contains("lang=\"nl\"") && dutch.body.contains(QUESTION), "{}", dutch.body);
    let again = ask_on(&mut tom, &dutch, "more?").await;
    assert!(
        again.status == StatusCode::OK && again.body.contains("Uw gesprek"),
        "the language is kept: {}",
        again.body
    );
}
