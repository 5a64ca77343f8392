//! `/v1/message`: what is saved is what is read.

use reqwest::Method;
use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Api, FIRST, assert_problem, json_of, on};

#[tokio::test]
async fn a_message_is_saved_read_changed_and_deleted() {
    let api = Api::start().await;
    let an = api.an();
    assert_problem("nothing saved", &api.read_as(&an).await, 404, "not-found");
    let before = OffsetDateTime::now_utc();
    let first = api.save(&an, FIRST, "the first text").await;
    assert_eq!((first.status.as_u16(), first.header("etag")), (201, "\"1\""), "{}", first.body);
    let read = api.read_as(&an).await;
    assert_eq!((read.status.as_u16(), read.header("etag")), (200, "\"1\""), "{}", read.body);
    assert_eq!((json_of(&read), read.header("content-type")), (json_of(&first), "application/json"));
    assert_eq!(read.header("cache-control"), "no-store");
    let message = json_of(&read);
    assert_eq!((&message["text"], &message["version"]), (&json!("the first text"), &json!(1)));
    assert_eq!(message.as_object().unwrap().len(), 3, "{message}");
    let updated_at = OffsetDateTime::parse(message["updated_at"].as_str().unwrap(), &Rfc3339).unwrap();
    assert!(updated_at >= before - time::Duration::seconds(1) && updated_at <= OffsetDateTime::now_utc());

    let second = api.save(&an, ("if-match", "\"1\""), "the second text").await;
    assert_eq!((second.status.as_u16(), second.header("etag")), (200, "\"2\""), "{}", second.body);
    assert_eq!(second.header("content-location"), "/v1/message");
    assert_eq!(json_of(&api.read_as(&an).await), json_of(&second));

    let deleted = api.delete(&an, ("if-match", "\"2\"")).await;
    assert_eq!((deleted.status.as_u16(), &*deleted.body), (204, ""));
    assert_eq!(api.delete(&an, ("if-match", "\"2\"")).await.status, 204, "the deletion, repeated");
    assert_problem("deleted", &api.read_as(&an).await, 404, "not-found");
    let again = api.save(&an, FIRST, "saved again").await;
    assert_eq!(again.status, 201, "{}", again.body);
    assert_eq!(json_of(&api.read_as(&an).await)["text"], "saved again");
}

#[tokio::test]
async fn a_text_comes_back_exactly_except_for_its_line_ends() {
    let api = Api::start().await;
    let an = api.an();
    let longest = "🙂".repeat(2_000);
    let mut tag = None;
    for (sent, kept) in [
        ("", ""),
        ("\n\nafter two line ends", "\n\nafter two line ends"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        (" spaces  and\ttabs ", " spaces  and\ttabs "),
        ("</textarea><script>alert(1)</script> &amp; &lt;", "</textarea><script>alert(1)</script> &amp; &lt;"),
        ("e\u{301} and é", "e\u{301} and é"),
        ("\u{202e}שלום\u{202c} مرحبا", "\u{202e}שלום\u{202c} مرحبا"),
        ("a\u{200b}\u{feff}\u{200d}b", "a\u{200b}\u{feff}\u{200d}b"),
        ("👩‍👩‍👧‍👦 🇧🇪", "👩‍👩‍👧‍👦 🇧🇪"),
        ("\u{1}\u{7f}\u{85}\u{2028}\u{fffd}\u{10ffff}", "\u{1}\u{7f}\u{85}\u{2028}\u{fffd}\u{10ffff}"),
        ("\"quoted\" \\ back", "\"quoted\" \\ back"),
        (&longest, &longest),
    ] {
        let condition = tag.as_deref().map_or(FIRST, |tag| ("if-match", tag));
        let saved = api.save(&an, condition, sent).await;
        assert!(saved.status.is_success(), "{sent:?}: {}", saved.body);
        let read = api.read_as(&an).await;
        assert_eq!(json_of(&read)["text"], kept, "{sent:?}");
        assert_eq!(json_of(&saved), json_of(&read), "{sent:?}");
        tag = Some(saved.header("etag").to_owned());
    }
    // As escapes, which JSON allows for every character.
    let escaped = br#"{"text":"\u0041\ud83d\ude42\/\u00e9"}"#;
    let tag = tag.unwrap();
    let headers = [("authorization", &*an), ("if-match", &*tag), ("content-type", "Application/JSON; charset=utf-8")];
    let saved = api.send(Method::PUT, "/v1/message", &headers, Some(escaped)).await;
    assert_eq!(json_of(&saved)["text"], "A🙂/é");
}

#[tokio::test]
async fn a_text_that_cannot_be_saved_changes_nothing() {
    let api = Api::start().await;
    let an = api.an();
    for (what, text) in [("too long", "a".repeat(2_001)), ("NUL", "a\0b".to_owned())] {
        let answer = api.save(&an, FIRST, &text).await;
        assert_problem(what, &answer, 422, "text-not-usable");
    }
    for (what, body) in [
        ("no body", &b""[..]),
        ("no JSON", b"text=a"),
        ("a list", b"[\"a\"]"),
        ("a string", b"\"a\""),
        ("no text", b"{}"),
        ("null", b"{\"text\":null}"),
        ("a number", b"{\"text\":1}"),
        ("an unknown member", b"{\"text\":\"a\",\"version\":1}"),
        ("a repeated member", b"{\"text\":\"a\",\"text\":\"b\"}"),
        ("a lone surrogate", b"{\"text\":\"\\ud83d\"}"),
        ("a second lone surrogate", b"{\"text\":\"\\ude42\"}"),
        ("no UTF-8", b"{\"text\":\"\xff\"}"),
        ("a control character", b"{\"text\":\"a\nb\"}"),
        ("more than one value", b"{\"text\":\"a\"}{}"),
        ("a byte order mark", b"\xef\xbb\xbf{\"text\":\"a\"}"),
        ("a body that ends early", b"{\"text\":\"a\""),
    ] {
        let headers = [("authorization", &*an), FIRST, ("content-type", "application/json")];
        let answer = api.send(Method::PUT, "/v1/message", &headers, Some(body)).await;
        assert_problem(what, &answer, 400, "invalid-request");
        assert!(!answer.headers.contains_key("www-authenticate"), "{what}");
    }
    for kind in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/problem+json"]
    {
        let headers = [("authorization", &*an), FIRST, ("content-type", kind)];
        let answer = api.send(Method::PUT, "/v1/message", &headers, Some(b"{\"text\":\"a\"}")).await;
        assert_problem(kind, &answer, 415, "unsupported-media-type");
    }
    assert!(api.site.records().await.is_empty());
}

#[tokio::test]
async fn head_answers_as_get_without_the_text() {
    let api = Api::start().await;
    let an = api.an();
    let head = async |headers: &[super::Header<'_>]| {
        let headers = [&[("authorization", &*an)], headers].concat();
        api.send(Method::HEAD, "/v1/message", &headers, None).await
    };
    let missing = head(&[]).await;
    assert_eq!((missing.status.as_u16(), &*missing.body), (404, ""));
    assert_eq!(api.save(&an, FIRST, "a text").await.status, 201);
    let (head_of, read) = (head(&[]).await, api.read_as(&an).await);
    assert_eq!((head_of.status.as_u16(), head_of.header("etag"), &*head_of.body), (200, "\"1\"", ""));
    assert_eq!(head_of.header("content-length"), read.header("content-length"));
    assert_eq!(head(&[("if-none-match", "\"1\"")]).await.status, 304);
}

#[tokio::test]
async fn a_save_that_is_repeated_counts_once() {
    let api = Api::start().await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "a text").await.status, 201);
    // A message is there, although it is the same text (RFC 9110, 13.1.2).
    let again = api.save(&an, FIRST, "a text").await;
    assert_problem("the first save, repeated", &again, 412, "conflict");
    assert_eq!(again.header("etag"), "\"1\"");
    let second = api.save(&an, ("if-match", "\"1\""), "another text").await;
    let repeated = api.save(&an, ("if-match", "\"1\""), "another text").await;
    assert_eq!((repeated.status.as_u16(), repeated.header("etag")), (200, "\"2\""));
    assert_eq!(json_of(&repeated), json_of(&second));
    // It is not the first message any more, although it has the same text.
    let late = api.save(&an, FIRST, "another text").await;
    assert_problem("late", &late, 412, "conflict");
    assert_eq!(late.header("etag"), "\"2\"");
}

#[tokio::test]
async fn of_two_saves_at_the_same_time_one_is_a_conflict() {
    let api = Api::start().await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "a text").await.status, 201);
    for version in 1..10 {
        let tag = on(version);
        let condition = ("if-match", &*tag);
        let (one, other) = tokio::join!(api.save(&an, condition, "left"), api.save(&an, condition, "right"));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{} {}", one.body, other.body);
        let winner = if one.status == 200 { "left" } else { "right" };
        let read = json_of(&api.read_as(&an).await);
        assert_eq!((read["text"].as_str(), read["version"].as_u64()), (Some(winner), Some(version + 1)));
    }
}
