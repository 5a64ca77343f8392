//! The query and the cookies of a callback, and the `return_to` of a link to sign in.
//!
//! An input is a query; the lines after its first are `Cookie` headers. As a whole it is a `return_to` as well.

#![no_main]

use server::fuzzing::{Repeated, answer_holds, cookies_hold, parameter, return_to_holds};
use url::form_urlencoded;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut lines = data.split(|byte| *byte == b'\n');
    let query = String::from_utf8_lossy(lines.next().unwrap_or_default());
    answer_holds(&query);
    for name in ["state", "code", "return_to"] {
        parameter_holds(&query, name);
    }
    cookies_hold(&lines.collect::<Vec<_>>());

    return_to_holds(&String::from_utf8_lossy(data));
    return_to_holds(&format!("/{query}"));
    if let Ok(Some(text)) = parameter(&query, "return_to") {
        return_to_holds(&text);
    }
});

/// What is read is the one value of that name, decoded; two values are none.
fn parameter_holds(query: &str, name: &str) {
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
    let values: Vec<_> = pairs.filter(|(key, _)| key == name).map(|(_, value)| value).collect();
    let expected = if values.len() > 1 { Err(Repeated) } else { Ok(values.first().cloned()) };
    assert_eq!(parameter(query, name), expected);
}
