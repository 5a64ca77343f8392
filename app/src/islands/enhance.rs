//! What [`super::FormEnhancer`] does, directly on the DOM.
//!
//! It reads these attributes:
//! - `form[data-enhance]`: the form is sent by `fetch`, unless a button with `formaction` sends it, such as that of a language.
//!   `data-busy` is the text shown in the meantime, `data-unreachable` the text when there is no answer. The answer replaces the
//!   page if it has a text area, or `[data-kept]`, which means that the server keeps the text.
//! - `[data-count-of=id][data-limit][data-template]`: shows the number of characters in the text area `id`. `#count-said` gets the
//!   same text once typing has stopped.
//! - `#session[data-ends-in][data-warning]`: see [`session`].
//!
//! Every byte of it is sent to the browser. So it leaves strings and numbers to JavaScript, and formats and slices none.

mod session;

use std::cell::Cell;

use js_sys::{Function, JsString, RegExp};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortSignal, Document, DomParser, Element, Event, EventTarget, FormData, Headers, HtmlElement, HtmlFormElement,
    HtmlTextAreaElement, RequestInit, Response, SubmitEvent, SupportedType, UrlSearchParams, Window,
};

/// Longer than the server needs for an answer after the form has arrived.
const TIMEOUT_MS: u32 = 15_000;

/// How long after the last key the count is said. Screen readers then speak it after the last word, and not during it.
const PAUSE_MS: f64 = 1_000.0;

thread_local! {
    /// When something was typed, on the steady clock, until its count has been said.
    static TYPED: Cell<f64> = const { Cell::new(f64::INFINITY) };
}

/// Listens on the document, so that it also works for forms that arrive later.
pub(super) fn start() {
    let document = document();
    listen(&document, "submit", |event| {
        let form = event.target().map(JsCast::unchecked_into::<HtmlFormElement>);
        let button = event.unchecked_ref::<SubmitEvent>().submitter();
        let is_own = button.is_none_or(|button| !button.has_attribute("formaction"));
        if let Some(form) = form.filter(|form| is_own && form.has_attribute("data-enhance")) {
            event.prevent_default();
            // Do not send a form again before its answer is here.
            if !form.has_attribute("aria-busy") {
                spawn_local(submit(form));
            }
        }
    });
    listen(&document, "input", |_| {
        TYPED.set(session::now().steady);
        count();
    });
    count();
    session::start();
}

async fn submit(form: HtmlFormElement) {
    // The form can be sent from a dialog.
    session::dismiss_dialogs();
    let since = session::now();
    set_busy(&form, true);
    show_state(&form, form.get_attribute("data-busy"), false);
    let reason = match send(&form).await {
        Ok(answer) if answer.has("textarea,[data-kept]") => {
            replace_page(&answer);
            return session::arrived(since);
        }
        // A page without the text, such as the one for a request from another origin, must not replace the text.
        Ok(answer) => answer.page.query_selector(".lead").ok().flatten().and_then(|lead| lead.text_content()),
        Err(_) => None,
    };
    set_busy(&form, false);
    show_state(&form, reason.or_else(|| form.get_attribute("data-unreachable")), true);
}

/// The server's answer, whatever its status: every status has a page.
struct Answer {
    /// The target of the redirect. `None` after a save that failed: it has no address of its own.
    address: Option<String>,
    page: Document,
}

impl Answer {
    fn has(&self, selector: &str) -> bool {
        self.page.query_selector(selector).is_ok_and(|found| found.is_some())
    }
}

async fn send(form: &HtmlFormElement) -> Result<Answer, JsValue> {
    let data = UrlSearchParams::new_with_str_sequence_sequence(&FormData::new_with_form(form)?.into())?;
    let (response, html) = request("POST", &form.action(), &data).await?;
    let answer = Answer { address: response.redirected().then(|| response.url()), page: parsed(&html)? };
    // An error page of a gateway is not one of our pages, so it must not replace the text.
    if answer.has("main") { Ok(answer) } else { Err(JsValue::NULL) }
}

/// The answer and its text, in the language of this page where the citizen has chosen none.
async fn request(method: &str, address: &str, data: &JsValue) -> Result<(Response, JsString), JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "text/html")?;
    headers.set("accept-language", &language(&document()))?;
    let request = RequestInit::new();
    request.set_method(method);
    request.set_headers(&headers);
    request.set_body(data);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)));
    let response = JsFuture::from(window().fetch_with_str_and_init(address, &request)).await?;
    let response: Response = response.unchecked_into();
    let html = JsFuture::from(response.text()?).await?;
    Ok((response, html.unchecked_into()))
}

/// The page without the end of its head: this page's policy also holds for the parsed document, and would report the style sheet
/// of a newer build of the site. The title stands before.
fn parsed(html: &JsString) -> Result<Document, JsValue> {
    let html = html.replace_by_pattern(&RegExp::new("<link[^]*?<body", ""), "<body");
    DomParser::new()?.parse_from_string(&String::from(html), SupportedType::TextHtml)
}

fn replace_page(Answer { address, page }: &Answer) {
    let document = document();
    let focused = document.active_element().map(|element| element.id()).filter(|id| !id.is_empty());
    // In a page that is already open, the attribute does nothing but a warning in the console.
    let target = page.query_selector("[autofocus]").ok().flatten();
    if let Some(target) = &target {
        let _ = target.remove_attribute("autofocus");
    }
    // The whole page, because the citizen may have chosen another language in another tab.
    for part in [".skip", "header", "main", "footer"] {
        if let (Some(old), Ok(Some(new))) = (find(part), page.query_selector(part)) {
            // The parsed nodes themselves: as text, they would be parsed a second time, which changes some of them. A text area that
            // begins with a line feed would lose it.
            let _ = old.replace_with_with_node_1(&new);
        }
    }
    document.set_title(&page.title());
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("lang", &language(page));
    }
    if let (Some(address), Ok(history)) = (address, window().history()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
    count();
    announce();
    focus(target.or_else(|| focused.and_then(|id| document.get_element_by_id(&id))).or_else(|| find("main")));
}

fn focus(target: Option<Element>) {
    if let Some(target) = target {
        let _ = target.unchecked_into::<HtmlElement>().focus();
    }
}

/// Sets the status again a moment later: a screen reader speaks only a change to a status that is already on the page.
fn announce() {
    if let Some(status) = find("[role=status]") {
        let mut nodes = Vec::new();
        while let Some(node) = status.first_child() {
            let _ = status.remove_child(&node);
            nodes.push(node);
        }
        let again = Closure::once_into_js(move || {
            for node in &nodes {
                let _ = status.append_child(node);
            }
        });
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(again.unchecked_ref(), 30);
    }
}

fn set_busy(form: &HtmlFormElement, busy: bool) {
    let _ = if busy { form.set_attribute("aria-busy", "true") } else { form.remove_attribute("aria-busy") };
    each(form, "button", &mut |button| {
        let _ = button.set_attribute("aria-disabled", if busy { "true" } else { "false" });
    });
    // The answer replaces the page, so text that was typed during the save would be lost.
    each(form, "textarea", &mut |area| {
        let _ = if busy { area.set_attribute("readonly", "") } else { area.remove_attribute("readonly") };
    });
}

fn show_state(form: &HtmlFormElement, text: Option<String>, is_failure: bool) {
    if let (Ok(Some(state)), Some(text)) = (form.query_selector("[role=status]"), text) {
        state.set_text_content(Some(&text));
        let _ = state.class_list().toggle_with_force("failed", is_failure);
    }
}

fn count() {
    each(&document(), "[data-count-of]", &mut |counter| {
        let attribute = |name| counter.get_attribute(name).unwrap_or_default();
        if let Some(area) = document().get_element_by_id(&attribute("data-count-of")) {
            let text = area.unchecked_into::<HtmlTextAreaElement>().value();
            // Count as the server does: Unicode scalar values, with a line end as one. Each has one byte that does not continue one.
            let count = text.bytes().filter(|byte| byte & 0b1100_0000 != 0b1000_0000).count();
            // A browser's text is far shorter than `u32::MAX`.
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            let shown = js_sys::Number::from(count).to_locale_string(&language(&document()));
            let text = JsString::from(attribute("data-template")).replace("{count}", &String::from(shown));
            counter.set_text_content(text.as_string().as_deref());
            let _ = counter.class_list().toggle_with_force("over", f64::from(count) > number(&counter, "data-limit"));
        }
    });
}

/// Says the count, once, when typing has stopped. The count itself changes with each key, and is not said.
fn say_count() {
    if session::now().steady - TYPED.get() >= PAUSE_MS {
        TYPED.set(f64::INFINITY);
        if let (Some(said), Some(count)) = (find("#count-said"), find("#count")) {
            said.set_text_content(count.text_content().as_deref());
        }
    }
}

/// The value of an attribute that has only digits.
fn number(element: &Element, name: &str) -> f64 {
    let digits = element.get_attribute(name).unwrap_or_default();
    digits.bytes().fold(0.0, |number, digit| number * 10.0 + f64::from(digit & 0b1111))
}

/// The language of a page, whose numbers it follows.
fn language(page: &Document) -> String {
    page.document_element().and_then(|root| root.get_attribute("lang")).unwrap_or_default()
}

fn listen(target: &EventTarget, event: &str, work: impl Fn(Event) + 'static) {
    // In the capture phase, because some events do not bubble.
    let _ = target.add_event_listener_with_callback_and_bool(event, &handler(work), true);
}

/// A function for the browser. One that is not for an event must not use its argument.
fn handler(work: impl Fn(Event) + 'static) -> Function {
    Closure::<dyn Fn(Event)>::new(work).into_js_value().unchecked_into()
}

/// Not generic, which would make the code for each use.
fn each(root: &web_sys::Node, selector: &str, work: &mut dyn FnMut(Element)) {
    // A document, an element and a fragment have the same function.
    if let Ok(found) = root.unchecked_ref::<Element>().query_selector_all(selector) {
        for index in 0..found.length() {
            if let Some(element) = found.get(index) {
                work(element.unchecked_into());
            }
        }
    }
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

#[expect(clippy::expect_used, reason = "this runs in a document, which has a window")]
fn window() -> Window {
    web_sys::window().expect("a window")
}

#[expect(clippy::expect_used, reason = "this runs in a document")]
fn document() -> Document {
    window().document().expect("a document")
}
