use std::sync::Arc;

use axum::http::HeaderValue;

use super::{PublicUrl, Source};

/// `[api]`: the JSON API.
///
/// Environment: `MYDATA_API__ALLOWED_ORIGINS` (words).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// `allowed_origins`: the origins whose pages may use the API, as browsers send them in `Origin`. Default: none.
    pub allowed_origins: Arc<[HeaderValue]>,
}

impl Api {
    const EXPECTED: &str =
        "expected origins such as https://app.example (http for loopback only, no path, no wildcard)";

    pub(super) fn read(source: &mut Source) -> Option<Self> {
        const KEY: &str = "api.allowed_origins";
        // A wildcard is a valid host, but no page has it.
        let parse = |text: &String| PublicUrl::parse(text).filter(|_| !text.contains('*'));
        let header = |url: PublicUrl| HeaderValue::try_from(url.origin()).ok();
        let texts = source.list(KEY).unwrap_or_default();
        let origins: Option<_> = texts.iter().map(|text| parse(text).and_then(header)).collect();
        if origins.is_none() {
            source.fault(KEY, Self::EXPECTED);
        }
        Some(Self { allowed_origins: origins? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> (Option<Vec<String>>, Vec<String>) {
        let mut source = Source::from_toml(toml);
        let origins = Api::read(&mut source).map(|api| {
            api.allowed_origins.iter().map(|origin| origin.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        });
        (origins, source.finish().into_iter().map(|fault| format!("{}: {}", fault.key, fault.problem)).collect())
    }

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for toml in ["", "[api]\nallowed_origins = []"] {
            assert_eq!(read(toml), (Some(Vec::new()), Vec::new()), "{toml}");
        }
        let (origins, faults) = read(
            "[api]\nallowed_origins = [\"HTTPS://App.Example:443/\", \"https://app.example:8443\", \"http://127.0.0.1:5173\"]",
        );
        let expected = ["https://app.example", "https://app.example:8443", "http://127.0.0.1:5173"];
        assert_eq!((origins, faults), (Some(expected.map(str::to_owned).to_vec()), Vec::new()));
    }

    #[test]
    fn every_other_value_is_a_fault() {
        for bad in
            ["*", "null", "", "app.example", "http://app.example", "https://app.example/path", "https://*.app.example"]
        {
            let (origins, faults) = read(&format!("[api]\nallowed_origins = [\"https://good.example\", \"{bad}\"]"));
            assert_eq!(origins, None, "{bad}");
            assert_eq!(faults, [format!("api.allowed_origins: {}", Api::EXPECTED)], "{bad}");
        }
    }
}
