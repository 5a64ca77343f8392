//! The files for the browser, and what stands inside the pages in their place.

use std::sync::Arc;

use leptos::prelude::*;

use crate::look::{self, Look};

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

/// How a page gets its style sheet. Both ways, `inline` is the text of the one `<style>` element, which all pages share.
#[derive(Debug, PartialEq, Eq)]
pub enum Style {
    /// All of it in the page: one round trip less before the first paint.
    Inline {
        /// The style sheet, with the rules of [`site_rules`].
        inline: Arc<str>,
    },
    /// By a link: `cargo leptos watch` can replace the sheet without a reload.
    Linked {
        /// The path of the style sheet.
        path: String,
        /// The rules of [`site_rules`].
        inline: Arc<str>,
    },
}

/// The rules that depend on the configuration: `accent`, and the colours of the sign-in buttons with these looks.
pub fn site_rules(accent: &str, looks: impl IntoIterator<Item = &'static Look>) -> String {
    format!("{accent}{}", look::style_sheet(looks.into_iter()))
}

impl Style {
    /// The text of the page's `<style>` element, which the content security policy must allow.
    pub const fn inline(&self) -> &Arc<str> {
        match self {
            Self::Inline { inline } | Self::Linked { inline, .. } => inline,
        }
    }

    pub(crate) fn element(&self) -> impl IntoView + use<> {
        let link = match self {
            Self::Inline { .. } => None,
            Self::Linked { path, .. } => Some(view! { <link rel="stylesheet" href=path.clone()/> }),
        };
        (link, view! { <style inner_html=Arc::clone(self.inline())></style> })
    }
}

impl Enhancer {
    /// The page's only script, which the content security policy must allow. It loads the WASM and calls the function of each
    /// island with its element.
    ///
    /// Leptos' own `HydrationScripts` reads a file on every request to learn the hashed names, walks the whole document for nested
    /// islands, and adds preload hints that a browser without JavaScript follows in vain. Here the script alone requests both
    /// files, in parallel.
    pub fn loader(&self) -> String {
        format!(
            "const wasm=fetch({wasm:?}),m=await import({script:?});await m.default({{module_or_path:wasm}});\
             for(const i of document.querySelectorAll('leptos-island'))m[i.dataset.component](i)",
            script = self.script,
            wasm = self.wasm,
        )
    }

    pub(crate) fn element(&self) -> impl IntoView + use<> {
        view! { <script type="module" inner_html=self.loader()></script> }
    }
}
