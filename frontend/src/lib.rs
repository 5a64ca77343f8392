//! The WASM entry: hydrates the islands of `app`.

// An island is exported by its macro; without a use of its crate the linker would leave it out.
#[expect(unused_imports, reason = "keeps the islands in the WASM")]
use app::islands::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script, before it hands each island its element.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
