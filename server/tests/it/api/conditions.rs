//! Conditional requests (RFC 9110, 13): no client replaces what it has not seen, and polling is cheap.

use reqwest::Method;

use super::{Api, FIRST, assert_problem, json_of};

/// A site whose An has saved three times.
async fn at_version_3() -> (Api, String) {
    let api = Api::start().await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "1").await.status, 201);
    assert_eq!(api.save(&an, ("if-match", "\"1\""), "2").await.status, 200);
    assert_eq!(api.save(&an, ("if-match", "\"2\""), "3").await.status, 200);
    (api, an)
}

#[tokio::test]
async fn a_change_without_a_condition_is_refused() {
    let (api, an) = at_version_3().await;
    let json = ("content-type", "application/json");
    for headers in
        [vec![], vec![("if-none-match", "\"2\"")], vec![("if-none-match", "\"3\"")], vec![("if-unmodified-since", "x")]]
    {
        let headers = [&[("authorization", &*an), json], &headers[..]].concat();
        let answer = api.send(Method::PUT, "/v1/message", &headers, Some(b"{\"text\":\"x\"}")).await;
        assert_problem("PUT", &answer, 428, "precondition-required");
    }
    for headers in [vec![], vec![FIRST], vec![("if-none-match", "\"2\"")]] {
        let headers = [&[("authorization", &*an)], &headers[..]].concat();
        let answer = api.send(Method::DELETE, "/v1/message", &headers, None).await;
        assert_problem("DELETE", &answer, 428, "precondition-required");
    }
    assert_eq!(api.read_as(&an).await.header("etag"), "\"3\"");
}

#[tokio::test]
async fn a_condition_that_cannot_be_read_is_an_invalid_request() {
    let (api, an) = at_version_3().await;
    for bad in ["3", "'3'", "\"3", "w/\"3\"", "\"3\" \"4\"", "*, \"3\""] {
        for name in ["if-match", "if-none-match"] {
            let condition = (name, bad);
            assert_problem(bad, &api.save(&an, condition, "x").await, 400, "invalid-request");
            assert_problem(bad, &api.delete(&an, condition).await, 400, "invalid-request");
            assert_problem(bad, &api.read_with(&an, &[condition]).await, 400, "invalid-request");
        }
    }
    assert_eq!(api.read_as(&an).await.header("etag"), "\"3\"");
}

#[tokio::test]
async fn a_change_of_another_version_is_a_conflict() {
    let (api, an) = at_version_3().await;
    for (name, line) in [
        ("if-match", "\"2\""),
        ("if-match", "\"4\""),
        ("if-match", "\"03\""),
        ("if-match", "\"other\""),
        ("if-match", "W/\"3\""),
        ("if-match", "\"1\", \"2\""),
        ("if-match", "\"18446744073709551615\""),
        ("if-match", ""),
        FIRST,
    ] {
        let answer = api.save(&an, (name, line), "x").await;
        assert_problem(line, &answer, 412, "conflict");
        assert_eq!(answer.header("etag"), "\"3\"", "{line}");
        if name == "if-match" {
            let answer = api.delete(&an, (name, line)).await;
            assert_problem(line, &answer, 412, "conflict");
            assert_eq!(answer.header("etag"), "\"3\"", "{line}");
        }
    }
    let read = json_of(&api.read_as(&an).await);
    assert_eq!((read["text"].as_str(), read["version"].as_u64()), (Some("3"), Some(3)));
}

#[tokio::test]
async fn a_change_of_the_current_version_is_carried_out_however_it_is_named() {
    let (api, an) = at_version_3().await;
    for (number, line) in ["\"3\"", "\"9\", \"4\"", "W/\"9\",\"5\"", "*"].into_iter().enumerate() {
        let text = format!("text {number}");
        let answer = api.save(&an, ("if-match", line), &text).await;
        assert_eq!(answer.status, 200, "{line}: {}", answer.body);
        assert_eq!(json_of(&api.read_as(&an).await)["text"], *text, "{line}");
    }
    // Both conditions must hold.
    let json = ("content-type", "application/json");
    for (if_none_match, status) in [("\"7\"", 412), ("*", 412), ("\"6\"", 200)] {
        let headers = [("authorization", &*an), json, ("if-match", "\"7\""), ("if-none-match", if_none_match)];
        let answer = api.send(Method::PUT, "/v1/message", &headers, Some(b"{\"text\":\"both\"}")).await;
        assert_eq!(answer.status, status, "{if_none_match}: {}", answer.body);
    }
    assert_eq!(api.delete(&an, ("if-match", "*")).await.status, 204);
}

#[tokio::test]
async fn where_nothing_is_saved_no_version_matches() {
    let api = Api::start().await;
    let an = api.an();
    for line in ["*", "\"1\"", "\"0\"", "\"1\", \"2\""] {
        for answer in [
            api.save(&an, ("if-match", line), "x").await,
            api.delete(&an, ("if-match", line)).await,
            api.read_with(&an, &[("if-match", line)]).await,
        ] {
            assert_problem(line, &answer, 412, "conflict");
            assert!(!answer.headers.contains_key("etag"), "{line}");
        }
    }
    for line in ["*", "\"1\""] {
        assert_problem(line, &api.read_with(&an, &[("if-none-match", line)]).await, 404, "not-found");
    }
    assert!(api.site.records().await.is_empty());
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let (api, an) = at_version_3().await;
    for line in ["\"3\"", "W/\"3\"", "\"1\", \"3\"", "*"] {
        let answer = api.read_with(&an, &[("if-none-match", line)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("etag"), &*answer.body), (304, "\"3\"", ""), "{line}");
        assert_eq!(answer.header("cache-control"), "no-store", "{line}");
        assert!(!answer.headers.contains_key("content-type"), "{line}");
    }
    for line in ["\"2\"", "\"4\"", "\"03\"", "\"other\""] {
        let answer = api.read_with(&an, &[("if-none-match", line)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"3\""), "{line}");
    }
    let both = api.read_with(&an, &[("if-match", "\"3\""), ("if-none-match", "\"3\"")]).await;
    assert_eq!(both.status, 304);
    let other = api.read_with(&an, &[("if-match", "\"2\""), ("if-none-match", "\"3\"")]).await;
    assert_problem("If-Match comes first", &other, 412, "conflict");
}

#[tokio::test]
async fn polling_does_not_read_the_text() {
    let (api, an) = at_version_3().await;
    // With a text that cannot be read, only what does not need it works.
    let [item] = &api.site.records().await.into_iter().filter(|item| item.contains_key("text")).collect::<Vec<_>>()[..]
    else {
        panic!("not one text")
    };
    let update = api.site.tables.update_item().table_name(&api.site.config.dynamodb.records_table);
    let update = update.key("pk", item["pk"].clone()).key("sk", item["sk"].clone());
    let update = update.update_expression("REMOVE #text").expression_attribute_names("#text", "text");
    update.send().await.unwrap();
    let polled = api.read_with(&an, &[("if-none-match", "\"3\"")]).await;
    assert_eq!((polled.status.as_u16(), polled.header("etag")), (304, "\"3\""), "{}", polled.body);
    assert_problem("read", &api.read_as(&an).await, 503, "unavailable");
}
