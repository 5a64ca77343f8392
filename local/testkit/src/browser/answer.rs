use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use url::Url;

/// The answer to one request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The address that was requested, as the site's visitors know it.
    pub url: Url,
    /// The body, as text.
    pub body: String,
}

impl Answer {
    /// A header field; empty if absent or not text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Every `Set-Cookie`.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// The target of a redirect; `None` for any other answer.
    pub fn redirect(&self) -> Option<Url> {
        let location = self.headers.get(LOCATION).filter(|_| self.status.is_redirection())?;
        self.url.join(location.to_str().ok()?).ok()
    }

    /// `Location`, character for character.
    ///
    /// # Panics
    /// It is not a redirect.
    #[track_caller]
    pub fn location(&self) -> &str {
        assert!(self.status.is_redirection(), "not a redirect: {} {}", self.status, self.body);
        self.header(LOCATION.as_str())
    }

    /// The target of a redirect.
    ///
    /// # Panics
    /// It is not a redirect, or its target is not an address.
    #[track_caller]
    pub fn target(&self) -> Url {
        let location = self.location();
        self.url.join(location).unwrap_or_else(|error| panic!("a redirect to {location:?}: {error}"))
    }

    /// The reference on a failure page.
    pub fn reference(&self) -> Option<&str> {
        let (_, rest) = self.body.split_once("Reference: ")?;
        let reference = rest.split('<').next()?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (reference.len() >= 8 && reference.bytes().all(fits)).then_some(reference)
    }

    /// The value of a hidden field.
    pub fn field(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split_once('"').map(|(value, _)| value)
    }

    /// The value of a hidden field.
    ///
    /// # Panics
    /// The page has no such field.
    #[track_caller]
    pub fn hidden(&self, name: &str) -> &str {
        self.field(name).unwrap_or_else(|| panic!("no field {name} in {}", self.body))
    }

    /// The content of the text area, as its HTML has it.
    ///
    /// # Panics
    /// The page has no text area.
    #[track_caller]
    pub fn text_area(&self) -> &str {
        let area = || self.body.split_once("<textarea")?.1.split_once(">\n")?.1.split_once("</textarea>");
        area().unwrap_or_else(|| panic!("no text area in {}", self.body)).0
    }

    /// The address of this page without its query, to which its form posts.
    pub fn form_target(&self) -> Url {
        let mut target = self.url.clone();
        target.set_query(None);
        target
    }
}
