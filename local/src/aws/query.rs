//! The parameters of a query, as S3 reads them: an empty value is a value.

use super::fail::Fail;
use super::percent;

/// Decoded parameters.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Parses a raw query.
    pub(super) fn parse(raw: Option<&str>) -> Result<Self, Fail> {
        let decode = |text| {
            let text = String::from_utf8(percent::decode_query(text));
            text.map_err(|_| Fail::bad("InvalidURI", "Couldn't parse the specified URI."))
        };
        let pairs = raw.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let pairs: Result<Vec<_>, _> = pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| Ok((decode(name)?, decode(value)?)))
            .collect();
        Ok(Self(pairs?))
    }

    /// The first value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A number, at most `max`; `None` if there is none.
    pub(super) fn number(&self, name: &str, max: usize) -> Result<Option<usize>, Fail> {
        let Some(text) = self.get(name) else { return Ok(None) };
        match text.parse() {
            Ok(number) if number <= max => Ok(Some(number)),
            _ => Err(Fail::bad("InvalidArgument", format!("{name} is not a number from 0 to {max}"))),
        }
    }
}
