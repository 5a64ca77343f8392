//! When an authorization response is accepted. The fuzz target `callback_query` asserts the same.

use url::form_urlencoded;

use super::AuthorizationResponse;

/// Panics if `query` is wrongly accepted or refused, or if the parsed values differ from those in `query`.
pub fn holds(query: &str) {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let all = |name: &str| pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect::<Vec<_>>();
    let given = |name| all(name).first().map(|value| value.as_str());
    // An empty state or code counts as missing (RFC 6749, 3.1). An empty error is still an error.
    let non_empty = |name| given(name).filter(|value| !value.is_empty());
    let repeated = ["state", "iss", "code", "error"].iter().any(|name| all(name).len() > 1);
    let is_valid = !repeated && non_empty("state").is_some() && non_empty("code").is_some() != given("error").is_some();

    let read = AuthorizationResponse::read(query);
    assert_eq!(read.is_ok(), is_valid, "{query:?}");
    let Ok(response) = read else { return };
    assert_eq!(
        (Some(response.state.expose()), response.issuer.as_deref()),
        (given("state"), given("iss")),
        "{query:?}"
    );
    let (code, error) = match &response.result {
        Ok(code) => (Some(code.expose()), None),
        Err(error) => (None, Some(error.as_str())),
    };
    assert_eq!((code, error), (non_empty("code"), given("error")), "{query:?}");
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::properties::cases;

    fn query() -> impl Strategy<Value = String> {
        let name = prop_oneof![
            8 => select(&["state", "code", "error", "iss"][..]).prop_map(str::to_owned),
            2 => select(&["st%61te", "%63ode", "State", "code ", "+code", "error_description", "state[]", ""][..])
                .prop_map(str::to_owned),
            1 => "\\PC{0,6}",
        ];
        let value = prop_oneof![
            5 => select(&["=s", "=c", "=access_denied", "=https://issuer.example", "=%26code%3Dx", "=a+b", "=é"][..])
                .prop_map(str::to_owned),
            2 => select(&["=", "", "=%", "=%00", "=%ff", "==", "=+"][..]).prop_map(str::to_owned),
            1 => "=\\PC{0,6}",
        ];
        let separator = select(&["&", "&", "&", "&", "&&", ";", "?", "#"][..]);
        vec((name, value, separator), 0..6).prop_map(|pairs| {
            pairs.into_iter().map(|(name, value, separator)| format!("{name}{value}{separator}")).collect()
        })
    }

    proptest! {
        #![proptest_config(cases(3_000))]

        #[test]
        fn a_response_has_one_state_and_a_code_or_an_error_and_no_repeats(query in query()) {
            holds(&query);
        }

        #[test]
        fn arbitrary_queries_follow_the_same_rules(query in any::<String>()) {
            holds(&query);
        }
    }
}
