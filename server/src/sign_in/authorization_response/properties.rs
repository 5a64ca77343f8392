//! When an authorization response is read and when not. The fuzz target `callback_query` asserts the same.

use url::form_urlencoded;

use super::Answer;

/// Panics if `query` is accepted and should not be, or the other way round, or something else is read than what it says.
pub fn holds(query: &str) {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let all = |name: &str| pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect::<Vec<_>>();
    let given = |name| all(name).first().map(|value| value.as_str());
    // A state or a code without a value is none (RFC 6749, 3.1), but an error without one is still not a success.
    let filled = |name| given(name).filter(|value| !value.is_empty());
    let repeated = ["state", "iss", "code", "error"].iter().any(|name| all(name).len() > 1);
    let fits = !repeated && filled("state").is_some() && filled("code").is_some() != given("error").is_some();

    let read = Answer::read(query);
    assert_eq!(read.is_ok(), fits, "{query:?}");
    let Ok(answer) = read else { return };
    assert_eq!((Some(answer.state.expose()), answer.issuer.as_deref()), (given("state"), given("iss")), "{query:?}");
    let (code, error) = match &answer.result {
        Ok(code) => (Some(code.expose()), None),
        Err(error) => (None, Some(error.as_str())),
    };
    assert_eq!((code, error), (filled("code"), given("error")), "{query:?}");
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
        fn an_answer_has_one_state_and_one_of_code_and_error_and_nothing_twice(query in query()) {
            holds(&query);
        }

        #[test]
        fn arbitrary_queries_are_no_exception(query in any::<String>()) {
            holds(&query);
        }
    }
}
