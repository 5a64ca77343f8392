use std::collections::HashSet;

use futures_util::{StreamExt as _, future::join_all};
use server::documents::{Documents, Person, Problem};

use super::{
    aws, document,
    fake::{
        Answer,
        Call::{self, AssumeRole, CreateToken, FreshToken, GetDataAccess, GetObject, ListGrants, ListObjects},
        Fake, Received,
    },
    folder, person, start,
};

/// What `person` sees and opens, as text.
async fn visit(documents: &Documents, person: &Person) -> String {
    let user = &person.user;
    let grants = documents.grants(person).await.unwrap();
    let scopes: Vec<_> = grants.iter().map(|grant| grant.scope.place().key().to_owned()).collect();
    let listing = documents.list(person, &folder(&format!("{user}/")), "", None).await.unwrap();
    let keys: Vec<_> = listing.documents.iter().map(|document| document.key.clone()).collect();
    let download = documents.open(person, &document(&format!("{user}/letter.pdf")), None).await.unwrap();
    let body: Vec<_> = download.body.map(Result::unwrap).collect().await;
    format!("{scopes:?} {keys:?} {}", String::from_utf8(body.concat()).unwrap())
}

fn count(calls: &[Call], call: Call) -> usize {
    calls.iter().filter(|made| **made == call).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_people_at_once_see_only_their_own() {
    let (documents, fake) = start().await;
    let people: Vec<_> = (0..100).map(|number| person(&format!("user{number}x"))).collect();
    // Each has three windows, which open at the same time as those of the others.
    let visits = (0..3).flat_map(|_| &people).map(|person| {
        let (documents, person) = (documents.clone(), person.clone());
        tokio::spawn(async move { (visit(&documents, &person).await, person.user) })
    });
    for visit in join_all(visits).await {
        let (seen, user) = visit.unwrap();
        assert_eq!(seen, format!("[\"{user}/\"] [\"{user}/letter.pdf\"] of {user}"));
    }
    let received = fake.take();
    for one in &received {
        // Everything that a call names is of the person whose credentials it has.
        let Some((_, user)) = one.key.split_once('-') else { continue };
        let named =
            [&one.path, one.query.get("prefix").unwrap_or(&one.path), one.query.get("target").unwrap_or(&one.path)];
        for text in named.iter().filter(|text| text.contains("user")) {
            assert!(text.contains(user), "{:?} of {user} names {text}", one.call);
        }
        assert_eq!(one.header("x-amz-security-token").unwrap(), format!("token-of-{}", one.key));
    }
    // The SDK repeats a call that a busy machine answers late, with the same id.
    let mut ids = HashSet::new();
    let is_first = |one: &&Received| one.header("amz-sdk-invocation-id").is_none_or(|id| ids.insert(id.to_owned()));
    let calls: Vec<_> = received.iter().filter(is_first).map(|one| one.call).collect();
    for call in [FreshToken, CreateToken, AssumeRole, ListGrants, GetDataAccess] {
        assert_eq!(count(&calls, call), 100, "{call:?}: once for each person");
    }
    for call in [ListObjects, GetObject] {
        assert_eq!(count(&calls, call), 300, "{call:?}: once for each window");
    }
}

#[tokio::test]
async fn two_directory_users_in_one_session_share_nothing() {
    let (documents, _fake) = start().await;
    let lena = person("lena");
    let tom = Person { session: lena.session.clone(), ..person("tom") };
    assert_eq!(visit(&documents, &lena).await, "[\"lena/\"] [\"lena/letter.pdf\"] of lena");
    assert_eq!(visit(&documents, &tom).await, "[\"tom/\"] [\"tom/letter.pdf\"] of tom");
}

#[tokio::test]
async fn each_session_of_a_person_has_an_identity_context_of_its_own() {
    let (documents, fake) = start().await;
    let first = person("lena");
    let second = Person { session: "another".to_owned(), ..first.clone() };
    visit(&documents, &first).await;
    visit(&documents, &second).await;
    let calls = fake.take_calls();
    assert_eq!((count(&calls, CreateToken), count(&calls, GetDataAccess)), (2, 2));
    // The end of one is not the end of the other.
    documents.forget(&first.session);
    visit(&documents, &second).await;
    assert_eq!(fake.take_calls(), [ListObjects, GetObject]);
    // Of the one that ended, nothing is left: every step is made again.
    visit(&documents, &first).await;
    let calls = fake.take_calls();
    for call in [FreshToken, CreateToken, AssumeRole, ListGrants, GetDataAccess] {
        assert!(count(&calls, call) > 0, "{call:?}");
    }
}

#[tokio::test]
async fn after_a_sign_out_nothing_is_left_to_use() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    visit(&documents, &lena).await;
    documents.forget(&lena.session);
    fake.take();
    fake.always(FreshToken, Answer::NoToken(server::documents::FreshTokenError::Ended));
    let error = documents.open(&lena, &document("lena/letter.pdf"), None).await.unwrap_err();
    assert_eq!(error.problem, Problem::SignInAgain);
    assert_eq!(fake.take_calls(), [FreshToken]);
}

async fn refused(fake: &Fake, documents: &Documents, grantee_type: &str, grantee: &str) -> String {
    fake.next(GetDataAccess, Answer::Body(aws::data_access("lena", grantee_type, grantee)));
    let error = documents.list(&person("lena"), &folder("lena/"), "", None).await.unwrap_err();
    assert_eq!(error.problem, Problem::WrongGrantee);
    error.to_string()
}

#[tokio::test]
async fn credentials_because_of_a_grant_to_someone_else_are_not_used() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    let role = refused(&fake, &documents, "IAM", super::ROLE).await;
    assert!(role.contains("an IAM identity") && role.contains("documents.role_arn"), "{role}");
    let other = refused(&fake, &documents, "DIRECTORY_USER", "someone-else").await;
    assert!(other.contains("another directory user") && !other.contains("someone"), "{other}");
    refused(&fake, &documents, "SOMETHING_NEW", "lena").await;
    let calls = fake.take_calls();
    assert_eq!(count(&calls, ListObjects), 0);
    assert_eq!(count(&calls, GetDataAccess), 3, "a refusal is not kept");
    // A grant to a group of the person, and an id in other letters.
    for (grantee_type, grantee) in [("DIRECTORY_GROUP", "case-workers"), ("DIRECTORY_USER", "LENA")] {
        let lena = Person { session: grantee_type.to_owned(), ..lena.clone() };
        fake.next(GetDataAccess, Answer::Body(aws::data_access("lena", grantee_type, grantee)));
        documents.list(&lena, &folder("lena/"), "", None).await.unwrap();
    }
}
