//! The frame around every page: head, header, main, footer.

use std::sync::Arc;

use leptos::{nonce::use_nonce, prelude::*};

use crate::{components::Header, islands::FormEnhancer, pages::Body, texts::Language};

/// The files that a page needs, found once by the server.
#[derive(Debug, Default)]
pub struct Assets {
    /// The style sheet, set into each page: one round trip less before the first paint.
    pub css: String,
    /// The path of the JavaScript that loads the WASM, such as `/pkg/my-data.0a1b2c.js`.
    pub script: String,
    /// The path of the WASM.
    pub wasm: String,
    /// Set while `cargo leptos watch` runs: the reload script is added.
    pub watch: Option<LeptosOptions>,
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

/// The HTML document. Its `<style>` and `<script>` elements carry the nonce of the Leptos context.
pub fn document(document: Document) -> impl IntoView {
    let Document { page, body } = document;
    let language = page.language;
    let title = body.title(language);
    let enhanced = body.is_enhanced();
    let nonce = use_nonce();
    let head_scripts = enhanced.then(|| scripts(&page.assets));
    view! {
        <!DOCTYPE html>
        <html lang=language.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{title}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <style nonce=nonce inner_html=page.assets.css.clone()></style>
                {head_scripts}
                {page.assets.watch.clone().map(|options| view! { <AutoReload options/> })}
            </head>
            <body>
                <a class="skip" href="#main">{language.text("skip-to-content")}</a>
                <Header language citizen=page.citizen.clone()/>
                <main id="main" tabindex="-1">{body.into_view(&page)}</main>
                <footer class="foot"><p>{language.text("footer")}</p></footer>
                {enhanced.then(|| view! { <FormEnhancer/> })}
            </body>
        </html>
    }
}

/// Loads the WASM and hands each island to its function in it. Leptos' own `HydrationScripts` reads a file on every
/// request to learn the hashed names, and walks the whole document for nested islands; this page has one, at its end.
fn scripts(assets: &Assets) -> impl IntoView + use<> {
    let nonce = use_nonce();
    let load = format!(
        "import({script:?}).then(async m=>{{await m.default({{module_or_path:{wasm:?}}});m.hydrate();\
         for(const i of document.querySelectorAll('leptos-island'))m[i.dataset.component](i)}})",
        script = assets.script,
        wasm = assets.wasm,
    );
    view! {
        <link rel="modulepreload" href=assets.script.clone()/>
        <link rel="preload" href=assets.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce inner_html=load></script>
    }
}
