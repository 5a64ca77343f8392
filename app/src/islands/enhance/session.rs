//! Warns before the session ends, and extends it on request.
//!
//! The server sends `#session` with every page: `data-ends-in` has the seconds that are left, and `data-warning` how many before
//! the end to warn. `#session-end` is the dialog for the warning. With `data-extends`, closing it extends the session, also by
//! Escape. `[data-below]` are the texts for the time left, for `#session-left`. `#session-over` is the dialog for the end.
//! `[data-close]` are buttons that close a dialog.
//!
//! The session is shared with pages that have no island. So before a tab says that it has ended, it asks the server. Tabs with the
//! island tell each other when the session was extended. Each then asks for the new end in its own language.

use std::cell::Cell;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, Element, Event, HtmlDialogElement};

use super::{document, each, find, focus, handler, listen, number, parsed, request, say_count, window};

/// Where a session is asked for and extended, and the name of the channel between tabs.
const ADDRESS: &str = "/session";

/// The part of the page, if it is watched.
const PART: &str = "#session[data-warning]";

/// The dialog for the end.
const OVER: &str = "session-over";

/// Requested at this moment, a session has ended.
const LONG_AGO: Clocks = Clocks { steady: f64::NEG_INFINITY, wall: f64::NEG_INFINITY };

thread_local! {
    static SINCE: Cell<Clocks> = const { Cell::new(Clocks { steady: 0.0, wall: 0.0 }) };
    static TABS: Cell<Option<&'static BroadcastChannel>> = const { Cell::new(None) };
}

/// A moment on two clocks, in milliseconds: the steady one may stop while the computer sleeps, and the wall clock can be changed.
#[derive(Clone, Copy)]
pub(super) struct Clocks {
    pub(super) steady: f64,
    wall: f64,
}

pub(super) fn now() -> Clocks {
    Clocks { steady: window().performance().map_or(0.0, |clock| clock.now()), wall: js_sys::Date::now() }
}

/// Watches the session of this page, which the browser requested when its steady clock was zero.
pub(super) fn start() {
    if let Ok(tabs) = BroadcastChannel::new(ADDRESS) {
        listen(&tabs, "message", |_| spawn_local(ask("GET")));
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
            spawn_local(ask("POST"));
        }
    });
    let each_second = handler(|_| {
        say_count();
        show(false);
    });
    let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(&each_second, 1_000);
}

fn is_on(event: &Event, attribute: &str) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| target.has_attribute(attribute))
}

/// The page is new, and was requested at `since`. Tells the other tabs, because the request extended the session.
pub(super) fn arrived(since: Clocks) {
    SINCE.set(since);
    let _ = TABS.get().map(|tabs| tabs.post_message(&JsValue::NULL));
    show(false);
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

/// Asks for the session (`GET`) or extends it (`POST`), and shows the answer.
async fn ask(method: &str) {
    let since = now();
    let extends = method == "POST";
    match request(method, ADDRESS, &JsValue::UNDEFINED).await {
        Ok((response, html)) if response.ok() => {
            let new = parsed(&html).ok().and_then(|page| page.query_selector(PART).ok().flatten());
            if let (Some(old), Some(new)) = (find(PART), new) {
                // A dialog that is removed while it is open would not give back the focus.
                dismiss_dialogs();
                let _ = old.replace_with_with_node_1(&new);
                SINCE.set(since);
            }
            if extends {
                return arrived(since);
            }
        }
        Ok((response, _)) if response.status() == 401 => SINCE.set(LONG_AGO),
        _ if extends => {
            if let Some(failed) = find("#session-failed") {
                let _ = failed.remove_attribute("hidden");
            }
        }
        _ => {}
    }
    // Again, if it was shown before.
    if let Some(session) = find(PART) {
        let _ = session.remove_attribute("data-shown");
    }
    show(true);
}

/// The seconds that are left of the session, or fewer.
fn left(session: &Element) -> f64 {
    let (since, now) = (SINCE.get(), now());
    let passed = (now.steady - since.steady).max(now.wall - since.wall) / 1_000.0;
    number(session, "data-ends-in") - passed.ceil()
}

/// Shows what the time calls for. The end needs the server's word, unless this follows its answer.
fn show(is_answer: bool) {
    let Some(session) = find(PART) else { return };
    let left = left(&session);
    let id = if left <= 0.0 {
        OVER
    } else if left <= number(&session, "data-warning") {
        "session-end"
    } else {
        return;
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
        if id == OVER && !is_answer {
            return spawn_local(ask("GET"));
        }
        if let Some(dialog) = document().get_element_by_id(id).filter(|dialog| !dialog.has_attribute("open")) {
            dismiss_dialogs();
            let heading = dialog.first_element_child();
            let _ = dialog.unchecked_into::<HtmlDialogElement>().show_modal();
            focus(heading);
        }
    }
}
