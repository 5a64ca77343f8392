//! The query and the cookies of a callback, and the `return_to` of a sign-in link.
//!
//! The first line of an input is a query, and the other lines are `Cookie` headers. The whole input is also a `return_to`.

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

/// The value of a parameter is decoded. A repeated parameter is an error.
fn parameter_holds(query: &str, name: &str) {
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
    let values: Vec<_> = pairs.filter(|(key, _)| key == name).map(|(_, value)| value).collect();
    let expected = if values.len() > 1 { Err(Repeated) } else { Ok(values.first().cloned()) };
    assert_eq!(parameter(query, name), expected);
}
