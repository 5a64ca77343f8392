//! The rule for a message that the pages, the server and the island share.

/// The longest message that is kept, in Unicode scalar values. A line end counts as one.
pub const MESSAGE_LIMIT: usize = 2_000;
