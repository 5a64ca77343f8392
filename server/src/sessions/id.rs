use std::fmt;

use tower_sessions::session::{Id, Record};

/// A session id from a cookie. Its holder is signed in, so it is never printed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SessionId(Id);

impl SessionId {
    /// Parses the value of a cookie; `None` if it is not a session id.
    pub(super) fn parse(cookie: &str) -> Option<Self> {
        cookie.parse().ok().map(Self)
    }

    /// The id of a stored session.
    pub(super) const fn of(record: &Record) -> Self {
        Self(record.id)
    }

    /// The id, for the store, which keeps only its hash.
    pub(super) const fn expose(&self) -> &Id {
        &self.0
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}
