//! Cookies, as RFC 6265bis has them: `__Host-` over https, so that no other host and no plain connection can set one.

use axum::http::{HeaderMap, HeaderValue, header};

use super::SIGN_IN_LIFETIME;

/// The value of a `Set-Cookie` header.
#[derive(Clone)]
pub struct SetCookie(HeaderValue);

impl SetCookie {
    /// The header's value.
    pub fn into_value(self) -> HeaderValue {
        self.0
    }
}

// It may hold a session id.
impl std::fmt::Debug for SetCookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SetCookie(…)")
    }
}

/// Makes and finds the cookies of this site.
#[derive(Clone, Copy, Debug)]
pub struct CookieJar {
    secure: bool,
}

impl CookieJar {
    /// For a site on `https`, or (`secure` false) for one on loopback, where browsers keep no `Secure` cookie.
    pub const fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// The cookie of a session. It lives as long as the browser: the session's end is kept on the server.
    pub(super) fn session(self, id: &str) -> SetCookie {
        self.set("session", id, "")
    }

    pub(super) fn end_session(self) -> SetCookie {
        self.set("session", "", "; Max-Age=0")
    }

    pub(super) fn session_in(self, headers: &HeaderMap) -> Option<&str> {
        self.value(headers, "session")
    }

    /// The cookie of one sign-in that is under way; each has its own, so that two tabs do not disturb each other.
    pub fn sign_in(self, tag: &str, sealed: &str) -> SetCookie {
        self.set(&format!("signin_{tag}"), sealed, &format!("; Max-Age={}", SIGN_IN_LIFETIME.whole_seconds()))
    }

    /// Removes the cookie of one sign-in.
    pub fn end_sign_in(self, tag: &str) -> SetCookie {
        self.set(&format!("signin_{tag}"), "", "; Max-Age=0")
    }

    /// The tag and the sealed value of each sign-in that this browser has under way.
    pub fn sign_ins(self, headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
        self.all(headers).filter_map(|(name, value)| Some((name.strip_prefix("signin_")?, value)))
    }

    /// Remembers for some minutes with which provider somebody signed out just now, to offer the way out of that as well.
    pub fn signed_out(self, provider: &str) -> SetCookie {
        self.set("signed_out", provider, "; Max-Age=300")
    }

    /// Removes what [`signed_out`](Self::signed_out) remembers.
    pub fn forget_signed_out(self) -> SetCookie {
        self.set("signed_out", "", "; Max-Age=0")
    }

    /// The id of the provider that somebody signed out from just now. The browser may have made it up.
    pub fn signed_out_in(self, headers: &HeaderMap) -> Option<&str> {
        self.value(headers, "signed_out")
    }

    fn value<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        self.all(headers).find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// The site's own cookies of a request, without the part that all names begin with.
    fn all(self, headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
        headers
            .get_all(header::COOKIE)
            .iter()
            // Pair by pair: a cookie of another site on a sibling host may hold bytes that are no text, and hides only itself.
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
            // Spaces and tabs go, as in browsers, and no other white space: a browser lets anybody set a cookie whose name is a
            // no-break space before `__Host-`.
            .filter_map(|pair| std::str::from_utf8(pair).ok()?.trim_matches([' ', '\t']).split_once('='))
            .filter_map(move |(name, value)| Some((name.strip_prefix(self.prefix())?, value)))
    }

    const fn prefix(self) -> &'static str {
        if self.secure { "__Host-mydata_" } else { "mydata_" }
    }

    #[expect(clippy::expect_used, reason = "names and values are letters, digits, -, _ and .")]
    fn set(self, name: &str, value: &str, life: &str) -> SetCookie {
        let secure = if self.secure { "; Secure" } else { "" };
        let line = format!("{}{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{life}", self.prefix());
        SetCookie(HeaderValue::from_str(&line).expect("a cookie of plain characters"))
    }
}

#[cfg(any(test, fuzzing))]
pub(crate) mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(cookie).unwrap())])
    }

    #[test]
    fn over_https_no_other_host_can_set_the_cookie() {
        let set = CookieJar::new(true).session("abc").into_value();
        assert_eq!(set, "__Host-mydata_session=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
    }

    #[test]
    fn a_removal_has_what_browsers_ask_of_the_cookie_itself() {
        let set = CookieJar::new(true).end_session().into_value();
        assert_eq!(set, "__Host-mydata_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    }

    #[test]
    fn a_cookie_that_is_no_text_hides_only_itself() {
        let line = HeaderValue::from_bytes(b"a=Zo\xeb; __Host-mydata_session=abc; b=\xff").unwrap();
        let headers = HeaderMap::from_iter([(header::COOKIE, line)]);
        assert_eq!(CookieJar::new(true).session_in(&headers), Some("abc"));
    }

    #[test]
    fn a_cookie_without_the_prefix_is_not_ours() {
        assert_eq!(CookieJar::new(true).session_in(&headers("mydata_session=abc; a=b")), None);
        assert_eq!(CookieJar::new(true).session_in(&headers("a=b; __Host-mydata_session=abc")), Some("abc"));
        let line = HeaderValue::from_bytes("\u{a0}__Host-mydata_session=abc".as_bytes()).unwrap();
        assert_eq!(CookieJar::new(true).session_in(&HeaderMap::from_iter([(header::COOKIE, line)])), None);
        assert_eq!(CookieJar::new(false).session_in(&headers("mydata_session=abc")), Some("abc"));
    }
}
