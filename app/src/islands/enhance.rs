//! What [`super::FormEnhancer`] does, directly on the DOM.
//!
//! It reads these attributes:
//! - `form[data-enhance]`: the form is sent by `fetch`, unless a button with `formaction` sends it, such as that of a language. If the answer has a text area, its `<main>`, `<header>` and title
//!   replace those of the page. `data-busy` is the text shown in the meantime, `data-unreachable` the text when there is no
//!   answer.
//! - `[data-count-of=id][data-limit][data-template]`: shows the number of characters in the text area `id`.
//! - `#session[data-ends-in][data-warning]`: see [`session`].

mod session;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortSignal, Document, DomParser, Element, Event, EventTarget, FormData, Headers, HtmlElement, HtmlFormElement,
    HtmlTextAreaElement, RequestInit, Response, SubmitEvent, SupportedType, UrlSearchParams, Window,
};

/// Longer than the server needs for an answer after the form has arrived.
const TIMEOUT_MS: u32 = 15_000;

/// Listens on the document, so that it also works for forms that arrive later.
pub(super) fn start() {
    let document = document();
    listen(&document, "submit", |event| {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        let is_own = button.is_none_or(|button| !button.has_attribute("formaction"));
        if let Some(form) = form.filter(|form| is_own && form.has_attribute("data-enhance")) {
            event.prevent_default();
            // Do not send a form again before its answer is here.
            if !form.has_attribute("aria-busy") {
                spawn_local(submit(form));
            }
        }
    });
    listen(&document, "input", |_| count());
    count();
    session::start();
}

async fn submit(form: HtmlFormElement) {
    // The form can be sent from a dialog.
    session::dismiss_dialogs();
    let since = session::now();
    set_busy(&form, true);
    show_state(&form, form.get_attribute("data-busy"));
    match send(&form).await {
        Ok(answer) if answer.page.query_selector("textarea").is_ok_and(|area| area.is_some()) => {
            replace_page(&answer);
            session::arrived(since);
        }
        // A page without the text, such as the one for a request from another origin, must not replace the text.
        Ok(Answer { page, .. }) => {
            let reason = page.query_selector(".lead").ok().flatten().and_then(|lead| lead.text_content());
            restore(&form, reason);
        }
        Err(_) => restore(&form, form.get_attribute("data-unreachable")),
    }
}

/// Makes the form usable again and shows why it was not saved.
fn restore(form: &HtmlFormElement, reason: Option<String>) {
    set_busy(form, false);
    show_state(form, reason);
}

/// The server's answer, whatever its status: every status has a page.
struct Answer {
    /// The target of the redirect. `None` after a save that failed: it has no address of its own.
    address: Option<String>,
    page: Document,
}

async fn send(form: &HtmlFormElement) -> Result<Answer, JsValue> {
    let data = UrlSearchParams::new_with_str_sequence_sequence(&FormData::new_with_form(form)?.into())?;
    let (response, html) = post(&form.action(), &data).await?;
    // This page's policy also holds for the parsed document, and would report the style sheet of a newer build of the site.
    // Only the title of the head is needed, so leave out the rest.
    let (head, body) = html.split_at(html.find("<body").unwrap_or(0));
    let page = parsed(body)?;
    page.set_title(between(head, "<title>", "</title>"));
    // An error page of a gateway is not one of our pages, so it must not replace the text.
    page.query_selector("main")?.ok_or(JsValue::NULL)?;
    Ok(Answer { address: response.redirected().then(|| response.url()), page })
}

/// The answer and its text.
async fn post(address: &str, data: &JsValue) -> Result<(Response, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "text/html")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(data);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)));
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(address, &request)).await?.dyn_into()?;
    let html = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok((response, html))
}

fn parsed(html: &str) -> Result<Document, JsValue> {
    DomParser::new()?.parse_from_string(html, SupportedType::TextHtml)
}

fn replace_page(Answer { address, page }: &Answer) {
    let document = document();
    let focused = document.active_element().map(|element| element.id()).filter(|id| !id.is_empty());
    // In a page that is already open, the attribute does nothing but a warning in the console.
    let target = page.query_selector("[autofocus]").ok().flatten();
    if let Some(target) = &target {
        let _ = target.remove_attribute("autofocus");
    }
    for part in ["main", "header"] {
        if let (Ok(Some(old)), Ok(Some(new))) = (document.query_selector(part), page.query_selector(part)) {
            // The parsed nodes themselves: as text, they would be parsed a second time, which changes some of them. A text area that
            // begins with a line feed would lose it.
            let _ = old.replace_with_with_node_1(&new);
        }
    }
    document.set_title(&page.title());
    if let (Some(address), Ok(history)) = (address, window().history()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
    count();
    announce();
    focus(target.or_else(|| focused.and_then(|id| document.get_element_by_id(&id))).or_else(|| find("main")));
}

fn focus(target: Option<Element>) {
    if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        let _ = target.focus();
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

fn show_state(form: &HtmlFormElement, text: Option<String>) {
    if let (Ok(Some(state)), Some(text)) = (form.query_selector("[role=status]"), text) {
        state.set_text_content(Some(&text));
    }
}

fn count() {
    each(&document(), "[data-count-of]", &mut |counter| {
        let attribute = |name| counter.get_attribute(name).unwrap_or_default();
        if let Some(area) = document()
            .get_element_by_id(&attribute("data-count-of"))
            .and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok())
        {
            // Count as the server does: Unicode scalar values, with a line end as one.
            let count = area.value().chars().count();
            // A browser's text is far shorter than `u32::MAX`.
            let number = js_sys::Number::from(u32::try_from(count).unwrap_or(u32::MAX)).to_locale_string(&language());
            let text = attribute("data-template").replace("{count}", &String::from(number));
            counter.set_text_content(Some(&text));
            let over = attribute("data-limit").parse().is_ok_and(|limit: usize| count > limit);
            let _ = counter.class_list().toggle_with_force("over", over);
        }
    });
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map_or("", |(found, _)| found)
}

/// The language of the page, whose numbers it follows.
fn language() -> String {
    document().document_element().and_then(|root| root.get_attribute("lang")).unwrap_or_default()
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
