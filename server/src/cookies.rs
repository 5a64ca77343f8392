//! Cookies (RFC 6265bis). Over https they have the prefix `__Host-`, so that no other host and no plain connection can
//! set them.

use axum::http::{HeaderMap, HeaderValue, header};
use time::Duration;

/// How long a sign-in may take: the lifetime of its cookie.
pub const SIGN_IN_LIFETIME: Duration = Duration::minutes(10);
/// How long a browser may take to sign out of the user pool and start its sign-in again.
pub const REPETITION_LIFETIME: Duration = Duration::minutes(2);
/// How long a text is kept that was sent after the session had ended.
pub const KEPT_TEXT_LIFETIME: Duration = Duration::minutes(30);
/// How long the receipt of a deletion waits for a browser that does not come back from the user pool's sign-out at once.
pub const RECEIPT_LIFETIME: Duration = Duration::hours(1);
/// How long the offer to sign out of the provider too is remembered.
pub const SIGNED_OUT_LIFETIME: Duration = Duration::minutes(5);

/// The names of the cookies, without the prefix that [`CookieJar::name`] adds.
pub mod names {
    /// Of the session.
    pub const SESSION: &str = "session";
    /// Of the chosen language.
    pub const LANGUAGE: &str = "lang";
    /// The start of the name for each pending sign-in. Its tag follows.
    pub const SIGN_IN: &str = "signin_";
    /// Of a sign-in to repeat after the user pool's sign-out.
    pub const REPETITION: &str = "again";
    /// Of the provider that the citizen had signed in with.
    pub const SIGNED_OUT: &str = "signed_out";
    /// Of the receipt of a deletion.
    pub const RECEIPT: &str = "receipt";
    /// Of a text that is kept for its owner.
    pub const KEPT_TEXT: &str = "kept";
}

/// The value of a `Set-Cookie` header.
#[derive(Clone)]
pub struct SetCookie(HeaderValue);

impl SetCookie {
    /// The header's value.
    pub fn into_value(self) -> HeaderValue {
        self.0
    }
}

// The value may hold a session id.
impl std::fmt::Debug for SetCookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SetCookie(…)")
    }
}

/// Sets and reads the cookies of this site.
#[derive(Clone, Copy, Debug)]
pub struct CookieJar {
    secure: bool,
}

impl CookieJar {
    /// `secure` is false only for a site on loopback over http, where not all browsers accept `Secure` cookies.
    pub const fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// The cookie of a session. It has no lifetime of its own: the server decides when the session ends.
    pub(crate) fn session(self, id: &str) -> SetCookie {
        self.set(names::SESSION, id, "")
    }

    pub(crate) fn end_session(self) -> SetCookie {
        self.set(names::SESSION, "", "; Max-Age=0")
    }

    pub(crate) fn session_in(self, headers: &HeaderMap) -> Option<&str> {
        self.value(headers, names::SESSION)
    }

    /// The cookie of one pending sign-in. Each sign-in has its own, so that two tabs do not interfere.
    pub fn sign_in(self, tag: &str, sealed: &str) -> SetCookie {
        self.set(
            &format!("{}{tag}", names::SIGN_IN),
            sealed,
            &format!("; Max-Age={}", SIGN_IN_LIFETIME.whole_seconds()),
        )
    }

    /// Removes the cookie of one sign-in.
    pub fn end_sign_in(self, tag: &str) -> SetCookie {
        self.set(&format!("{}{tag}", names::SIGN_IN), "", "; Max-Age=0")
    }

    /// The tag and the sealed value of each pending sign-in of this browser.
    pub fn sign_ins(self, headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
        self.all(headers).filter_map(|(name, value)| Some((name.strip_prefix(names::SIGN_IN)?, value)))
    }

    /// The cookie of a sign-in to repeat after the user pool's sign-out.
    pub fn repetition(self, sealed: &str) -> SetCookie {
        self.set(names::REPETITION, sealed, &format!("; Max-Age={}", REPETITION_LIFETIME.whole_seconds()))
    }

    /// Removes the cookie of [`repetition`](Self::repetition).
    pub fn forget_repetition(self) -> SetCookie {
        self.set(names::REPETITION, "", "; Max-Age=0")
    }

    /// The sealed value of the cookie of [`repetition`](Self::repetition).
    pub fn repetition_in(self, headers: &HeaderMap) -> Option<&str> {
        self.value(headers, names::REPETITION)
    }

    /// The cookie with the id of a text that is kept for its owner.
    pub fn kept_text(self, id: &str) -> SetCookie {
        self.set(names::KEPT_TEXT, id, &format!("; Max-Age={}", KEPT_TEXT_LIFETIME.whole_seconds()))
    }

    /// Removes the cookie of [`kept_text`](Self::kept_text).
    pub fn forget_kept_text(self) -> SetCookie {
        self.set(names::KEPT_TEXT, "", "; Max-Age=0")
    }

    /// The value of the cookie of [`kept_text`](Self::kept_text).
    pub fn kept_text_in(self, headers: &HeaderMap) -> Option<&str> {
        self.value(headers, names::KEPT_TEXT)
    }

    /// The cookie with the sealed receipt of a deletion.
    pub fn receipt(self, sealed: &str) -> SetCookie {
        self.set(names::RECEIPT, sealed, &format!("; Max-Age={}", RECEIPT_LIFETIME.whole_seconds()))
    }

    /// Removes the cookie of [`receipt`](Self::receipt).
    pub fn forget_receipt(self) -> SetCookie {
        self.set(names::RECEIPT, "", "; Max-Age=0")
    }

    /// The sealed value of the cookie of [`receipt`](Self::receipt).
    pub fn receipt_in(self, headers: &HeaderMap) -> Option<&str> {
        self.value(headers, names::RECEIPT)
    }

    /// Remembers which provider the citizen had signed in with, to offer signing out of that as well.
    pub fn signed_out(self, provider: &str) -> SetCookie {
        self.set(names::SIGNED_OUT, provider, &format!("; Max-Age={}", SIGNED_OUT_LIFETIME.whole_seconds()))
    }

    /// Removes the cookie of [`signed_out`](Self::signed_out).
    pub fn forget_signed_out(self) -> SetCookie {
        self.set(names::SIGNED_OUT, "", "; Max-Age=0")
    }

    /// The value of the cookie of [`signed_out`](Self::signed_out). It is not trusted: the browser may have changed it.
    pub fn signed_out_in(self, headers: &HeaderMap) -> Option<&str> {
        self.value(headers, names::SIGNED_OUT)
    }

    /// The citizen's choice of a language, for a year.
    pub fn language(self, tag: &str) -> SetCookie {
        self.set(names::LANGUAGE, tag, "; Max-Age=31536000")
    }

    /// The value of the cookie of [`language`](Self::language). It is not trusted: the browser may have changed it.
    pub fn language_in(self, headers: &HeaderMap) -> Option<&str> {
        self.value(headers, names::LANGUAGE)
    }

    /// The name in the browser of the cookie `name`.
    pub fn name(self, name: &str) -> String {
        format!("{}{name}", self.prefix())
    }

    /// Whether the browser has a cookie of this site that says more than its language. Without one, all visitors are alike.
    pub fn tells_more_than_language(self, headers: &HeaderMap) -> bool {
        self.all(headers).any(|(name, _)| name != names::LANGUAGE)
    }

    fn value<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        self.all(headers).find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// The request's cookies of this site: names without the prefix, and values.
    fn all(self, headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
        headers
            .get_all(header::COOKIE)
            .iter()
            // Pair by pair, because a cookie from a sibling host may not be UTF-8. Only that cookie is then ignored.
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
            // Only spaces and tabs are trimmed, as in browsers. Browsers let other sites set a cookie whose name is a
            // no-break space followed by `__Host-`.
            .filter_map(|pair| std::str::from_utf8(pair).ok()?.trim_matches([' ', '\t']).split_once('='))
            .filter_map(move |(name, value)| Some((name.strip_prefix(self.prefix())?, value)))
    }

    const fn prefix(self) -> &'static str {
        if self.secure { "__Host-mydata_" } else { "mydata_" }
    }

    #[expect(clippy::expect_used, reason = "names and values consist of letters, digits, -, _ and .")]
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
    fn a_removal_has_the_attributes_of_the_cookie() {
        let set = CookieJar::new(true).end_session().into_value();
        assert_eq!(set, "__Host-mydata_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    }

    #[test]
    fn a_cookie_that_is_not_utf_8_does_not_hide_the_others() {
        let line = HeaderValue::from_bytes(b"a=Zo\xeb; __Host-mydata_session=abc; b=\xff").unwrap();
        let headers = HeaderMap::from_iter([(header::COOKIE, line)]);
        assert_eq!(CookieJar::new(true).session_in(&headers), Some("abc"));
    }

    #[test]
    fn every_cookie_of_this_site_but_the_language_tells_more() {
        for (cookie, tells) in [
            ("", false),
            ("a=b; mydata_session=x", false),
            ("__Host-mydata_lang=fr", false),
            ("__Host-mydata_lang=fr; __Host-mydata_session=", true),
            ("a=b; __Host-mydata_again=x", true),
            ("__Host-mydata_signed_out=itsme", true),
            ("__Host-mydata_signin_x=y", true),
            ("__Host-mydata_anything=else", true),
        ] {
            assert_eq!(CookieJar::new(true).tells_more_than_language(&headers(cookie)), tells, "{cookie}");
        }
    }

    #[test]
    fn a_cookie_without_the_exact_prefix_is_ignored() {
        assert_eq!(CookieJar::new(true).session_in(&headers("mydata_session=abc; a=b")), None);
        assert_eq!(CookieJar::new(true).session_in(&headers("a=b; __Host-mydata_session=abc")), Some("abc"));
        let line = HeaderValue::from_bytes("\u{a0}__Host-mydata_session=abc".as_bytes()).unwrap();
        assert_eq!(CookieJar::new(true).session_in(&HeaderMap::from_iter([(header::COOKIE, line)])), None);
        assert_eq!(CookieJar::new(false).session_in(&headers("mydata_session=abc")), Some("abc"));
    }
}
