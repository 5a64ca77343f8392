//! Reads policies of resources: whether one lets a principal do something. Source: "IAM JSON policy elements reference" in the IAM
//! user guide.

use serde_json::Value;

use crate::commands::check::role::RoleName;

/// Who asks.
#[derive(Clone, Copy)]
pub(super) enum Principal<'a> {
    Role(&'a RoleName),
    /// A service of AWS, such as `access-grants.s3.amazonaws.com`.
    Service(&'a str),
}

/// A request, as a policy sees it.
pub(super) struct Request<'a> {
    pub(super) principal: Principal<'a>,
    pub(super) action: &'a str,
    /// What conditions can be compared with: keys and their values.
    pub(super) context: &'a [(&'a str, &'a str)],
}

/// Whether a request is allowed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is, perhaps with reservations.
    Allowed(Vec<String>),
    /// It is not, and why.
    Denied(String),
}

/// Whether `policy` allows `request`.
pub(super) fn decide(policy: &Value, request: &Request<'_>) -> Verdict {
    let (mut is_allowed, mut notes, mut reasons) = (false, Vec::new(), Vec::new());
    for statement in members(&policy["Statement"]) {
        if !names_action(statement, request.action) {
            continue;
        }
        let Some(match_note) = names_principal(statement, request.principal) else { continue };
        let is_deny = statement["Effect"] == "Deny";
        match (is_deny, conditions(&statement["Condition"], request.context)) {
            (true, Condition::Holds) => return Verdict::Denied("a statement denies it".to_owned()),
            (true, Condition::Unknown(key)) => {
                notes.push(format!("a statement may deny it, by its condition on {key}"))
            }
            (true, Condition::Fails(_)) => (),
            (false, Condition::Fails(key)) => reasons.push(format!("the condition on {key} is not met")),
            (false, condition) => {
                is_allowed = true;
                notes.extend(match_note);
                if let Condition::Unknown(key) = condition {
                    notes.push(format!("its condition on {key} was not compared"));
                }
            }
        }
    }
    if is_allowed {
        return Verdict::Allowed(notes);
    }
    if reasons.is_empty() {
        reasons.push(if has_deleted_principal(policy) {
            "it names a role by an id, because that role was deleted".to_owned()
        } else {
            "no statement allows it".to_owned()
        });
    }
    Verdict::Denied(reasons.join(", "))
}

/// A value, or each value of a list.
fn members(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        Value::Null => &[],
        value => std::slice::from_ref(value),
    }
}

fn names_action(statement: &Value, action: &str) -> bool {
    let names = |list: &Value| {
        members(list).iter().filter_map(Value::as_str).any(|name| matches(&name.to_lowercase(), &action.to_lowercase()))
    };
    match statement.get("NotAction") {
        Some(others) => !names(others),
        None => names(&statement["Action"]),
    }
}

/// Whether the statement is about `principal`: `None` if not, else perhaps a reservation.
fn names_principal(statement: &Value, principal: Principal<'_>) -> Option<Option<String>> {
    let is_deny = statement["Effect"] == "Deny";
    let everyone = || Some((!is_deny).then(|| "it is for everyone".to_owned()));
    if statement["Principal"] == "*" {
        return everyone();
    }
    let names = |kind: &str| members(&statement["Principal"][kind]).iter().filter_map(Value::as_str);
    match principal {
        Principal::Service(service) => names("Service").any(|name| name == service).then_some(None),
        Principal::Role(role) => {
            if names("AWS").any(|name| name == "*") {
                return everyone();
            }
            if names("AWS").any(|name| role.is(name)) {
                return Some(None);
            }
            let whole = names("AWS").any(|name| name == role.account() || is_root_of(name, role.account()));
            whole.then(|| (!is_deny).then(|| "it is for the whole account, not only the server's role".to_owned()))
        }
    }
}

fn is_root_of(arn: &str, account: &str) -> bool {
    arn.strip_suffix(":root").is_some_and(|arn| arn.ends_with(&format!("::{account}")))
}

/// Whether a statement names the unique id of a role. IAM replaces the ARN of a deleted role by it.
fn has_deleted_principal(policy: &Value) -> bool {
    let names = members(&policy["Statement"]).iter().flat_map(|statement| members(&statement["Principal"]["AWS"]));
    names.filter_map(Value::as_str).any(|name| name.starts_with("AROA"))
}

/// Whether the conditions of a statement hold, with the key that decides it.
enum Condition {
    Holds,
    Fails(String),
    Unknown(String),
}

fn conditions(condition: &Value, context: &[(&str, &str)]) -> Condition {
    let Some(operators) = condition.as_object() else { return Condition::Holds };
    let mut unknown = None;
    for (operator, keys) in operators {
        for (key, expected) in keys.as_object().into_iter().flatten() {
            let values = context.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| *value);
            match holds(operator, expected, &values.collect::<Vec<_>>()) {
                Some(true) => (),
                Some(false) => return Condition::Fails(key.clone()),
                None => unknown = Some(key.clone()),
            }
        }
    }
    unknown.map_or(Condition::Holds, Condition::Unknown)
}

/// Whether a condition holds for these values of its key. `None` if that cannot be told.
fn holds(operator: &str, expected: &Value, values: &[&str]) -> Option<bool> {
    let operator = operator.trim_start_matches("ForAllValues:").trim_start_matches("ForAnyValue:");
    let operator = operator.trim_end_matches("IfExists");
    let expected: Vec<_> =
        members(expected).iter().map(|value| value.as_str().map_or(value.to_string(), str::to_owned)).collect();
    if values.is_empty() {
        return None;
    }
    let any =
        |equal: fn(&str, &str) -> bool| values.iter().all(|value| expected.iter().any(|pattern| equal(pattern, value)));
    Some(match operator {
        "Null" => expected.iter().any(|text| text == "false"),
        "StringEquals" => any(|pattern, value| pattern == value),
        "StringEqualsIgnoreCase" => any(str::eq_ignore_ascii_case),
        "StringLike" | "ArnEquals" | "ArnLike" => any(matches),
        "StringNotEquals" => !any(|pattern, value| pattern == value),
        "StringNotLike" | "ArnNotEquals" | "ArnNotLike" => !any(matches),
        _ => return None,
    })
}

/// Whether `text` is as `pattern` says: `*` stands for any text, `?` for one character.
fn matches(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = rest.as_str();
            text.char_indices().map(|(place, _)| &text[place..]).chain([""]).any(|text| matches(rest, text))
        }
        Some(expected) => {
            let mut text = text.chars();
            text.next().is_some_and(|found| expected == '?' || expected == found)
                && matches(rest.as_str(), text.as_str())
        }
    }
}

#[cfg(test)]
mod tests;
