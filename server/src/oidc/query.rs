//! Query parameters.

/// A parameter occurs more than once, which OAuth forbids (RFC 6749, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated;

/// The decoded value of the parameter `name` in `query`; `None` if it is absent.
///
/// # Errors
/// The parameter occurs more than once.
pub fn parameter(query: &str, name: &str) -> Result<Option<String>, Repeated> {
    let mut values = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (value, None) => Ok(value.map(|(_, value)| value.into_owned())),
        _ => Err(Repeated),
    }
}
