//! Warns before the session ends, and extends it on request.
//!
//! The server sends `#session` with every page: `data-ends-in` has the seconds that are left, and `data-warning` how many before
//! the end to warn. `#session-end` is the dialog for the warning. With `data-extends`, closing it extends the session, also by
//! Escape. `[data-below]` are the texts for the time left, for `#session-left`. `#session-over` is the dialog for the end.
//! `[data-close]` are buttons that close a dialog. Tabs tell each other when the session was extended.

use std::cell::Cell;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, Element, Event, HtmlDialogElement, MessageEvent};

use super::{document, each, find, focus, handler, listen, parsed, post, window};

/// Where a session is extended, and the name of the channel between tabs.
const ADDRESS: &str = "/session";

thread_local! {
    static SINCE: Cell<Clocks> = const { Cell::new(Clocks { steady: 0.0, wall: 0.0 }) };
    static TABS: Cell<Option<&'static BroadcastChannel>> = const { Cell::new(None) };
}

/// A moment on two clocks, in milliseconds: the steady one may stop while the computer sleeps, and the wall clock can be changed.
#[derive(Clone, Copy)]
pub(super) struct Clocks {
    steady: f64,
    wall: f64,
}

pub(super) fn now() -> Clocks {
    Clocks { steady: window().performance().map_or(0.0, |clock| clock.now()), wall: js_sys::Date::now() }
}

/// Watches the session of this page, which the browser requested when its steady clock was zero.
pub(super) fn start() {
    if let Ok(tabs) = BroadcastChannel::new(ADDRESS) {
        listen(&tabs, "message", |event| {
            if let Some(html) = event.unchecked_into::<MessageEvent>().data().as_string() {
                replace(&html, now());
            }
        });
        // For as long as the page. A value with a destructor would need more code.
        TABS.set(Some(Box::leak(Box::new(tabs))));
    }
    let Clocks { steady, wall } = now();
    arrived(Clocks { steady: 0.0, wall: wall - steady });
    let document = document();
    listen(&document, "click", |event| {
        if is_on(&event, "data-close") {
            close_dialogs();
        }
    });
    listen(&document, "close", |event| {
        if is_on(&event, "data-extends") {
            spawn_local(extend());
        }
    });
    let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(&handler(|_| tick()), 1_000);
}

fn is_on(event: &Event, attribute: &str) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| target.has_attribute(attribute))
}

/// The page has a new `#session`, requested at `since`. Tells the other tabs.
pub(super) fn arrived(since: Clocks) {
    SINCE.set(since);
    if let Some(session) = find("#session") {
        // The other tabs count from now.
        let _ = session.set_attribute("data-ends-in", &left(&session).to_string());
        SINCE.set(now());
        let _ = TABS.get().map(|tabs| tabs.post_message(&session.outer_html().into()));
    }
    tick();
}

/// Closes the open dialog, which does not extend the session.
pub(super) fn dismiss_dialogs() {
    each(&document(), "dialog[open]", &mut |dialog| {
        let _ = dialog.remove_attribute("data-extends");
    });
    close_dialogs();
}

fn close_dialogs() {
    each(&document(), "dialog[open]", &mut |dialog| dialog.unchecked_into::<HtmlDialogElement>().close());
}

async fn extend() {
    let since = now();
    match post(ADDRESS, &JsValue::UNDEFINED).await {
        Ok((response, html)) if response.ok() => {
            replace(&html, since);
            arrived(since);
        }
        Ok((response, _)) if response.status() == 401 => {
            if let Some(session) = find("#session") {
                let _ = session.set_attribute("data-ends-in", "0");
            }
            tick();
        }
        _ => {
            for (element, attribute) in [("#session-failed", "hidden"), ("#session", "data-shown")] {
                if let Some(element) = find(element) {
                    let _ = element.remove_attribute(attribute);
                }
            }
            tick();
        }
    }
}

/// Replaces `#session` by that in `html`, which another tab or the server has sent, requested at `since`.
fn replace(html: &str, since: Clocks) {
    let new = parsed(html).ok().and_then(|page| page.query_selector("#session").ok().flatten());
    if let (Some(old), Some(new)) = (find("#session"), new) {
        SINCE.set(since);
        // A dialog that is removed while it is open would not give back the focus.
        dismiss_dialogs();
        let _ = old.replace_with_with_node_1(&new);
    }
}

/// The seconds that are left of the session, or fewer.
#[expect(clippy::cast_possible_truncation, reason = "a page is open for less than 68 years")]
fn left(session: &Element) -> i32 {
    let (since, now) = (SINCE.get(), now());
    let passed = (now.steady - since.steady).max(now.wall - since.wall) / 1_000.0;
    number(session, "data-ends-in").saturating_sub(passed.ceil() as i32)
}

fn number(element: &Element, name: &str) -> i32 {
    element.get_attribute(name).and_then(|value| value.parse().ok()).unwrap_or_default()
}

/// Shows what the time calls for.
fn tick() {
    let Some(session) = find("#session[data-warning]") else { return };
    let left = left(&session);
    let id = match left {
        ..=0 => "session-over",
        left if left <= number(&session, "data-warning") => "session-end",
        _ => return,
    };
    // The last one that applies has the shortest time.
    let mut text = None;
    each(&session, "[data-below]", &mut |below| {
        if left <= number(&below, "data-below") {
            text = below.text_content();
        }
    });
    // It is set only when it changes, because screen readers say it each time.
    if let (Some(shown), Some(text)) = (find("#session-left"), text)
        && shown.text_content().as_ref() != Some(&text)
    {
        shown.set_text_content(Some(&text));
    }
    if session.get_attribute("data-shown").as_deref() != Some(id) {
        let _ = session.set_attribute("data-shown", id);
        dismiss_dialogs();
        if let Some(dialog) = document().get_element_by_id(id) {
            let heading = dialog.first_element_child();
            let _ = dialog.unchecked_into::<HtmlDialogElement>().show_modal();
            focus(heading);
        }
    }
}
