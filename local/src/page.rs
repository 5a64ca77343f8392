//! The frame of every page of the stand-ins: what it stands in for, a plain style, a strict policy.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::random;

/// What differs from one frame to the next.
pub(crate) struct Frame<'a> {
    /// The tag of the page's language.
    pub(crate) language: &'a str,
    /// The title of the document.
    pub(crate) document_title: &'a str,
    /// The heading.
    pub(crate) title: &'a str,
}

/// A page that says that it is a stand-in for `stands_in_for`.
pub(crate) fn page(status: StatusCode, stands_in_for: &str, title: &str, body: &Markup) -> Response {
    let note = html! {
        strong { "This is a stand-in for " (stands_in_for) "." }
        " It runs on this computer, for development. All data on it is made up."
    };
    let document_title = format!("{title} – stand-in for {stands_in_for}");
    framed(status, &Frame { language: "en", document_title: &document_title, title }, &note, body)
}

/// A page with `note` above its heading.
pub(crate) fn framed(status: StatusCode, frame: &Frame<'_>, note: &Markup, body: &Markup) -> Response {
    let Frame { language, document_title, title } = frame;
    let nonce = random::uuid();
    let markup = html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (document_title) }
                // Without it, browsers request /favicon.ico and log an error.
                link rel="icon" href="data:,";
                style nonce=(nonce) { (PreEscaped(STYLE)) }
            }
            body {
                header class="note" { (note) }
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    };
    // No form-action: browsers apply it to the redirects after a form, which lead to other origins.
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    );
    (
        status,
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
            (CONTENT_SECURITY_POLICY, &policy),
            (axum::http::header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (axum::http::header::REFERRER_POLICY, "no-referrer"),
        ],
        markup.into_string(),
    )
        .into_response()
}

/// Follows the reader's preference for light or dark. The contrast is above 7:1 in both.
const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1c2330; --paper: #fbfaf7; --quiet: #48505e; --line: #8a919e;
  --note: #fff0c2; --note-ink: #3d2f00; --strong: #1d4f73; --on-strong: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef2; --paper: #171b22; --quiet: #c0c6d0;
  --line: #7d8695; --note: #4a3b0a; --note-ink: #fff3cf; --strong: #a9d3f2; --on-strong: #10202c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
.note { margin: 0; padding: .75rem 1rem; background: var(--note); color: var(--note-ink); text-align: center; }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
fieldset { border: 0; margin: 0 0 1.5rem; padding: 0; }
legend { padding: 0; margin-bottom: .5rem; font-weight: 600; }
.choice { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; align-items: start;
  padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; margin-bottom: .5rem; }
.choice:has(:checked) { border-color: var(--strong); box-shadow: inset 0 0 0 1px var(--strong); }
.choice input { width: 1.25rem; height: 1.25rem; margin: .15rem 0 0; accent-color: var(--strong); }
.choice p { grid-column: 2; margin: 0; color: var(--quiet); font-size: .9375rem; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
button, .button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.25rem; border-radius: .5rem;
  border: 1px solid var(--strong); background: transparent; color: var(--strong); cursor: pointer;
  display: inline-flex; align-items: center; text-decoration: none; }
button.primary, .button.primary { background: var(--strong); color: var(--on-strong); }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
";
