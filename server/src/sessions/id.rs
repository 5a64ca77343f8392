use std::fmt;

use tower_sessions::session::Id;

/// The id of a session, as a cookie brought it: who has it is signed in. It never prints.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SessionId(Id);

impl SessionId {
    /// Reads the value of a cookie; what is no id is `None`.
    pub(super) fn parse(cookie: &str) -> Option<Self> {
        cookie.parse().ok().map(Self)
    }

    /// For the store, which keeps its hash.
    pub(super) const fn expose(&self) -> &Id {
        &self.0
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}
