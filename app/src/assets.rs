//! The files for the browser.

use std::sync::Arc;

use leptos::{either::Either, nonce::use_nonce, prelude::*};

/// The files that the pages need. The server finds them at start.
#[derive(Debug)]
pub struct Assets {
    /// The style sheet.
    pub style: Style,
    /// What enhances the forms. Without it every page works as it does without JavaScript.
    pub enhancer: Option<Enhancer>,
    /// Set while `cargo leptos watch` runs: the reload script is added.
    pub watch: Option<LeptosOptions>,
}

/// The code of the one island.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enhancer {
    /// The path of the JavaScript that loads the WASM, such as `/pkg/my-data.0a1b2c.js`.
    pub script: String,
    /// The path of the WASM.
    pub wasm: String,
}

/// How a page gets its style sheet.
#[derive(Debug, PartialEq, Eq)]
pub enum Style {
    /// In the page: one round trip less before the first paint. All pages share this one copy.
    Inline(Arc<str>),
    /// By a link to this path: `cargo leptos watch` can replace the sheet without a reload.
    Linked(String),
}

impl Style {
    pub(crate) fn element(&self) -> impl IntoView + use<> {
        match self {
            Self::Inline(css) => Either::Left(view! { <style nonce=use_nonce() inner_html=Arc::clone(css)></style> }),
            Self::Linked(path) => Either::Right(view! { <link rel="stylesheet" href=path.clone() nonce=use_nonce()/> }),
        }
    }
}

impl Enhancer {
    /// Loads the WASM and calls the function of each island with its element. Leptos' own `HydrationScripts` reads a file on every
    /// request to learn the hashed names, walks the whole document for nested islands, and adds preload hints that a browser
    /// without JavaScript follows in vain. Here the script alone requests both files, in parallel.
    pub(crate) fn element(&self) -> impl IntoView + use<> {
        let load = format!(
            "const wasm=fetch({wasm:?}),m=await import({script:?});await m.default({{module_or_path:wasm}});m.hydrate();\
             for(const i of document.querySelectorAll('leptos-island'))m[i.dataset.component](i)",
            script = self.script,
            wasm = self.wasm,
        );
        view! { <script type="module" nonce=use_nonce() inner_html=load></script> }
    }
}
