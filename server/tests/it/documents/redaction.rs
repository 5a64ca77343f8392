use std::fmt::Debug;

use server::documents::{FreshTokenError, Place, Scope, ServerCredentials};

use super::{document, fake::SERVER_KEY, folder, person, start};

#[tokio::test]
async fn no_type_prints_a_secret_a_person_or_a_document() {
    let (documents, _fake) = start().await;
    let lena = person("lena");
    let place = document("lena/letter.pdf");
    let grants = documents.grants(&lena).await.unwrap();
    let listing = documents.list(&lena, &folder("lena/"), "", None).await.unwrap();
    let download = documents.open(&lena, &place, None).await.unwrap();
    let refused = documents.open(&lena, &document("tom/letter.pdf"), None).await.unwrap_err();
    let scope = Scope::parse("s3://bucket/lena/*");
    let server =
        aws_sdk_dynamodb::config::Credentials::new(SERVER_KEY, "the-secret", Some("the-token".into()), None, "x");
    let server = ServerCredentials::new(server);
    let shown: [&dyn Debug; 12] = [
        &documents,
        &lena,
        &place,
        &scope,
        &grants,
        &listing,
        &listing.documents,
        &download,
        &refused,
        &server,
        &FreshTokenError::Ended,
        &Place::folder("bucket", "lena/"),
    ];
    for value in shown {
        let text = format!("{value:?} {value:#?}");
        for word in ["lena", "letter", "bucket", "refresh", "secret", "token-", "DATA", "CONTEXT", SERVER_KEY] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
}
