//! The WASM entry: exports the islands of `app`. The page's script calls the function of each island with its element.
//!
//! It does not call `leptos::mount::hydrate_islands`, which prepares what signals and effects need. The one island has neither, and
//! what is prepared would be a tenth of the WASM.

// The island's macro exports it. Without a use of its crate the linker would leave it out.
#[expect(unused_imports, reason = "keeps the islands in the WASM")]
use app::islands::*;
