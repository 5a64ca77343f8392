use serde_json::json;

use super::*;

const ROLE: &str = "arn:aws:iam::123456789012:role/my-data-server";
const CONTEXT_KEY: &str = "sts:RequestContextProviders";
const PROVIDER: &str = "arn:aws:iam::aws:contextProvider/IdentityCenter";

fn ask(policy: &Value, action: &str) -> Verdict {
    let role = RoleName::exact(ROLE);
    decide(policy, &Request { principal: Principal::Role(&role), action, context: &[(CONTEXT_KEY, PROVIDER)] })
}

fn statement(changes: Value) -> Value {
    let mut statement = json!({
        "Effect": "Allow",
        "Principal": { "AWS": ROLE },
        "Action": "sts:SetContext",
        "Condition": {
            "ForAllValues:ArnEquals": { CONTEXT_KEY: [PROVIDER] },
            "Null": { CONTEXT_KEY: "false" },
        },
    });
    for (name, value) in changes.as_object().unwrap() {
        statement[name] = value.clone();
    }
    statement
}

#[test]
fn the_policy_of_the_template_allows_the_server() {
    let policy = json!({ "Statement": [statement(json!({ "Action": "sts:AssumeRole", "Condition": null })), statement(json!({}))] });
    for action in ["sts:AssumeRole", "sts:SetContext"] {
        assert_eq!(ask(&policy, action), Verdict::Allowed(Vec::new()), "{action}");
    }
    assert_eq!(ask(&policy, "sts:TagSession"), Verdict::Denied("no statement allows it".to_owned()));
}

#[test]
fn a_policy_that_does_not_allow_it_says_why() {
    for (change, reason) in [
        (json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:role/other" } }), "no statement allows it"),
        (json!({ "Principal": { "AWS": "AROAEXAMPLEEXAMPLE" } }), "that role was deleted"),
        (json!({ "Principal": { "Service": "ec2.amazonaws.com" } }), "no statement allows it"),
        (json!({ "Principal": { "AWS": "arn:aws:iam::999999999999:root" } }), "no statement allows it"),
        (json!({ "Action": ["sts:AssumeRole", "sts:TagSession"] }), "no statement allows it"),
        (json!({ "Effect": "Deny" }), "a statement denies it"),
        (
            json!({ "Condition": { "StringEquals": { CONTEXT_KEY: "arn:aws:iam:aws::contextProvider/IdentityCenter" } } }),
            "the condition on sts:RequestContextProviders is not met",
        ),
        (json!({ "Condition": { "Null": { CONTEXT_KEY: "true" } } }), "is not met"),
    ] {
        let Verdict::Denied(found) = ask(&json!({ "Statement": statement(change.clone()) }), "sts:SetContext") else {
            panic!("{change} is allowed")
        };
        assert!(found.contains(reason), "{change}: {found}");
    }
}

#[test]
fn reservations_are_told() {
    for (change, note) in [
        (json!({ "Principal": "*" }), "for everyone"),
        (json!({ "Principal": { "AWS": ["*"] } }), "for everyone"),
        (json!({ "Principal": { "AWS": "123456789012" } }), "for the whole account"),
        (json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:root" } }), "for the whole account"),
        (
            json!({ "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-1" } } }),
            "condition on aws:PrincipalOrgID was not compared",
        ),
    ] {
        let Verdict::Allowed(notes) = ask(&json!({ "Statement": [statement(change.clone())] }), "sts:SetContext")
        else {
            panic!("{change} is denied")
        };
        assert!(notes.concat().contains(note), "{change}: {notes:?}");
    }
    let policy = json!({ "Statement": [statement(json!({})), statement(json!({ "Effect": "Deny", "Condition": { "Bool": { "aws:x": "true" } } }))] });
    assert_eq!(
        ask(&policy, "sts:SetContext"),
        Verdict::Allowed(vec!["a statement may deny it, by its condition on aws:x".to_owned()])
    );
}

#[test]
fn patterns_are_those_of_iam() {
    for (pattern, text, expected) in [
        ("*", "", true),
        ("sts:*", "sts:setcontext", true),
        ("sts:set?ontext", "sts:setcontext", true),
        ("arn:*:role/a*z", "arn:aws:iam::1:role/abcz", true),
        ("sts:*x", "sts:setcontext", false),
        ("sts:setcontext", "sts:setcontexts", false),
    ] {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
    }
}
