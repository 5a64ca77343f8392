//! Parameters of a query.

/// A parameter came more than once, which OAuth forbids (RFC 6749, 3.1) and our own links never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated;

/// The value of the parameter `name` in `query`, decoded; `None` where it is not there.
///
/// # Errors
/// It came more than once.
pub fn parameter(query: &str, name: &str) -> Result<Option<String>, Repeated> {
    let mut values = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (value, None) => Ok(value.map(|(_, value)| value.into_owned())),
        _ => Err(Repeated),
    }
}
