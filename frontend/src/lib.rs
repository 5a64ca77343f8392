//! The WASM entry: hydrates the islands of `app`.

// The island's macro exports it. Without a use of its crate the linker would leave it out.
#[expect(unused_imports, reason = "keeps the islands in the WASM")]
use app::islands::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// The page's script calls it once, before it calls the function of each island with its element.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
