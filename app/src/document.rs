//! The frame around every page: head, header, main, footer.

use std::sync::Arc;

use leptos::{
    either::Either,
    nonce::{Nonce, use_nonce},
    prelude::*,
};

use crate::{components::Header, format::escaped, islands::FormEnhancer, pages::Body, texts::Language};

/// The files that a page needs, found once by the server.
#[derive(Debug)]
pub struct Assets {
    /// The style sheet.
    pub style: Style,
    /// The path of the JavaScript that loads the WASM, such as `/pkg/my-data.0a1b2c.js`.
    pub script: String,
    /// The path of the WASM.
    pub wasm: String,
    /// Set while `cargo leptos watch` runs: the reload script is added.
    pub watch: Option<LeptosOptions>,
}

/// How a page gets its style sheet.
#[derive(Debug)]
pub enum Style {
    /// It stands in the page: one round trip less before the first paint.
    Inline(String),
    /// It is at this path: what `cargo leptos watch` can replace without a reload.
    Linked(String),
}

impl Style {
    fn element(&self) -> impl IntoView + use<> {
        match self {
            Self::Inline(css) => Either::Left(view! { <style nonce=use_nonce() inner_html=css.clone()></style> }),
            Self::Linked(path) => Either::Right(view! { <link rel="stylesheet" href=path.clone() nonce=use_nonce()/> }),
        }
    }
}

/// What every page is told about its visitor.
#[derive(Clone, Debug)]
pub struct Page {
    /// The language of the texts.
    pub language: Language,
    /// The full name of the citizen who is signed in; `None` for a visitor.
    pub citizen: Option<String>,
    /// The files that it needs.
    pub assets: Arc<Assets>,
}

/// A whole page, ready to render.
#[derive(Clone, Debug)]
pub struct Document {
    /// Who looks at it.
    pub page: Page,
    /// What is shown.
    pub body: Body,
}

/// The HTML of `document`. Its `<style>` and `<script>` elements carry `nonce` (CSP Level 3, 7.2).
///
/// Everything that a page shows is there before it is rendered, so this neither waits nor streams. `leptos_axum`, which does
/// both, ends every page with scripts for what might still have come; here a page without an island has no script at all.
pub fn render(document: Document, nonce: &str) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(Nonce::from_value(nonce));
        view(document).to_html()
    });
    owner.cleanup();
    html
}

fn view(document: Document) -> impl IntoView {
    let Document { page, body } = document;
    let language = page.language;
    let title = escaped(&body.title(language));
    let enhanced = body.is_enhanced();
    view! {
        <!DOCTYPE html>
        <html lang=language.locale()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title inner_html=title></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {page.assets.style.element()}
                {enhanced.then(|| script(&page.assets))}
                {page.assets.watch.clone().map(|options| view! { <AutoReload options/> })}
            </head>
            <body>
                <a class="skip" href="#main">{language.text("skip-to-content")}</a>
                <Header language citizen=page.citizen.clone() current=body.address()/>
                <main id="main" tabindex="-1">{body.into_view(&page)}</main>
                <footer class="foot"><p>{language.text("footer")}</p></footer>
                {enhanced.then(|| view! { <FormEnhancer/> })}
            </body>
        </html>
    }
}

/// Loads the WASM and hands each island to its function in it. Leptos' own `HydrationScripts` reads a file on every
/// request to learn the hashed names, walks the whole document for nested islands, and adds preload hints that a browser
/// without JavaScript follows in vain; here both files are asked for at once and by the script alone.
fn script(assets: &Assets) -> impl IntoView + use<> {
    let nonce = use_nonce();
    let load = format!(
        "const wasm=fetch({wasm:?}),m=await import({script:?});await m.default({{module_or_path:wasm}});m.hydrate();\
         for(const i of document.querySelectorAll('leptos-island'))m[i.dataset.component](i)",
        script = assets.script,
        wasm = assets.wasm,
    );
    view! { <script type="module" nonce=nonce inner_html=load></script> }
}
