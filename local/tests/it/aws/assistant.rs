//! ChatSync.

use local::aws::{ASSISTANT_ID, AwsFault};
use serde_json::{Value, json};

use super::{Answer, Cloud, Keys, LENA, Signed, TOM};

async fn ask(cloud: &Cloud, keys: &Keys, body: &Value) -> Answer {
    ask_at(cloud, keys, &format!("/applications/{ASSISTANT_ID}/conversations?sync"), body).await
}

async fn ask_at(cloud: &Cloud, keys: &Keys, path: &str, body: &Value) -> Answer {
    let url = format!("{}{path}", cloud.aws.assistant_url());
    cloud.send(Signed::post(keys, "qbusiness", url, "application/json", body.to_string()).request()).await
}

fn titles(answer: &Answer) -> Vec<String> {
    let answer = answer.json();
    let sources = answer["sourceAttributions"].as_array().unwrap();
    sources.iter().map(|source| source["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_person_gets_answers_from_their_own_documents() {
    let cloud = Cloud::demo().await;
    let question = json!({ "userMessage": "What do we know about a certificate?" });
    let tom = ask(&cloud, &cloud.session(TOM).await, &question).await;
    assert_eq!(titles(&tom), ["letter.txt"], "{tom:?}");
    let lena = ask(&cloud, &cloud.session(LENA).await, &question).await;
    assert_eq!((lena.outcome().0, titles(&lena).len()), (200, 0));
    assert!(lena.json()["systemMessage"].as_str().unwrap().starts_with("Sorry"));

    let source = &tom.json()["sourceAttributions"][0];
    assert!(source["url"].as_str().unwrap().starts_with("https://fps-case-files."));
    let (message, segment) =
        (tom.json()["systemMessage"].as_str().unwrap().to_owned(), &source["textMessageSegments"][0]);
    let offset = |name: &str| usize::try_from(segment[name].as_u64().unwrap()).unwrap();
    let cited: String = message.chars().take(offset("endOffset")).skip(offset("beginOffset")).collect();
    assert_eq!(cited, "letter.txt [1]");
}

#[tokio::test]
async fn a_conversation_is_kept_by_its_ids() {
    let cloud = Cloud::demo().await;
    let keys = cloud.session(LENA).await;
    let first = ask(&cloud, &keys, &json!({ "userMessage": "payments" })).await.json();
    assert_eq!(first["conversationId"].as_str().unwrap().len(), 36);
    let next = |parent: &Value| json!({ "userMessage": "more", "conversationId": first["conversationId"], "parentMessageId": parent });
    let second = ask(&cloud, &keys, &next(&first["systemMessageId"])).await;
    assert_eq!((second.outcome().0, &second.json()["conversationId"]), (200, &first["conversationId"]));
    let validation = (400, "ValidationException".to_owned());
    assert_eq!(ask(&cloud, &keys, &next(&first["systemMessageId"])).await.outcome(), validation);
    let half = json!({ "userMessage": "more", "conversationId": first["conversationId"] });
    assert_eq!(ask(&cloud, &keys, &half).await.outcome(), validation);
    // It is not found by anybody else.
    let tom = cloud.session(TOM).await;
    let other = ask(&cloud, &tom, &next(&second.json()["systemMessageId"])).await;
    assert_eq!(other.outcome(), (404, "ResourceNotFoundException".to_owned()));
}

#[tokio::test]
async fn the_same_client_token_is_the_same_question() {
    let cloud = Cloud::demo().await;
    let keys = cloud.session(LENA).await;
    let body = json!({ "userMessage": "payments", "clientToken": "a token" });
    let first = ask(&cloud, &keys, &body).await.json();
    assert_eq!(ask(&cloud, &keys, &body).await.json(), first);
    assert_ne!(ask(&cloud, &cloud.session(TOM).await, &body).await.json(), first);
}

#[tokio::test]
async fn only_a_persons_session_may_ask() {
    let cloud = Cloud::demo().await;
    let body = json!({ "userMessage": "payments" });
    let session = cloud.session(LENA).await;
    let denied = (403, "AccessDeniedException".to_owned());
    let vended = cloud.vended(&session, "s3://fps-case-files/shared/*").await;
    for keys in [cloud.server(), vended] {
        assert_eq!(ask(&cloud, &keys, &body).await.outcome(), denied);
    }
    let (path, validation) = (format!("/applications/{ASSISTANT_ID}/conversations"), "ValidationException".to_owned());
    let with_user = ask_at(&cloud, &session, &format!("{path}?sync&userId=lena"), &body).await;
    assert_eq!(with_user.outcome(), (400, validation.clone()));
    assert_eq!(ask(&cloud, &session, &json!({ "userMessage": " " })).await.outcome(), (400, validation));
    let other = ask_at(&cloud, &session, &path.replace("5d2c", "5d2d"), &body).await;
    assert_eq!(other.outcome(), (404, "ResourceNotFoundException".to_owned()));
}

#[tokio::test]
async fn the_assistant_has_faults() {
    let cloud = Cloud::demo().await;
    let keys = cloud.session(LENA).await;
    let body = json!({ "userMessage": "payments" });
    for (fault, status, code) in [
        (AwsFault::AssistantNotSubscribed, 403, "AccessDeniedException"),
        (AwsFault::AssistantNoLicence, 400, "LicenseNotFoundException"),
        (AwsFault::AssistantThrottled, 429, "ThrottlingException"),
        (AwsFault::AssistantFails, 500, "InternalServerException"),
    ] {
        cloud.aws.misbehave(fault);
        assert_eq!(ask(&cloud, &keys, &body).await.outcome(), (status, code.to_owned()));
    }
    cloud.aws.misbehave(AwsFault::AssistantHostile);
    let answer = ask(&cloud, &keys, &body).await;
    assert_eq!(answer.outcome().0, 200);
    assert!(answer.json()["sourceAttributions"][0]["url"].as_str().unwrap().starts_with("javascript:"));
    cloud.aws.misbehave(AwsFault::AssistantHangs);
    let before = cloud.aws.calls()["ChatSync"];
    tokio::select! {
        answer = ask(&cloud, &keys, &body) => assert!(answer.text.is_empty(), "an answer: {answer:?}"),
        () = testkit::until("the call arrived", async || cloud.aws.calls()["ChatSync"] > before) => {}
    }
}
