//! Stands in for `enhance` on the server, which has no DOM.

pub(super) const fn start() {}
