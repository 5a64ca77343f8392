//! The work of [`super::FormEnhancer`], on the DOM itself.
//!
//! The attributes it understands:
//! - `form[data-enhance]`: is sent by `fetch`; the `<main>`, `<header>` and title of an answer that holds a text area take the
//!   place of the page's.
//!   `data-busy` is the text shown meanwhile, `data-unreachable` the text for a server that does not answer.
//! - `[data-count-of=id][data-limit][data-template]`: shows how many characters the text area `id` holds.
//! - `time[data-local-time]`: shows its moment in the visitor's time zone.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortSignal, Document, DomParser, Element, Event, FormData, Headers, HtmlButtonElement, HtmlElement,
    HtmlFormElement, HtmlTextAreaElement, RequestInit, Response, SupportedType, UrlSearchParams, Window,
};

/// Longer than the server takes for an answer once the form has arrived.
const TIMEOUT_MS: u32 = 15_000;

/// Listens on the document, so that forms which arrive later are served too.
pub(super) fn start() {
    let document = document();
    listen(&document, "submit", |event| {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form.filter(|form| form.has_attribute("data-enhance")) {
            event.prevent_default();
            // A form that is under way is not sent twice.
            if !form.has_attribute("aria-busy") {
                spawn_local(submit(form));
            }
        }
    });
    listen(&document, "input", |_| count());
    present();
}

async fn submit(form: HtmlFormElement) {
    set_busy(&form, true);
    show_state(&form, form.get_attribute("data-busy"));
    match send(&form).await {
        Ok(answer) if answer.page.query_selector("textarea").is_ok_and(|area| area.is_some()) => replace_page(&answer),
        // A page without the text, such as that for a request from another origin, does not take the place of the text.
        Ok(Answer { page, .. }) => {
            let reason = page.query_selector(".lead").ok().flatten().and_then(|lead| lead.text_content());
            give_back(&form, reason);
        }
        Err(_) => give_back(&form, form.get_attribute("data-unreachable")),
    }
}

/// The form as it was, with the reason why it was not sent.
fn give_back(form: &HtmlFormElement, reason: Option<String>) {
    set_busy(form, false);
    show_state(form, reason);
}

/// The server's answer, whatever its status: every status has a page.
struct Answer {
    /// Where a redirect led. The answer to a save that failed has no address to go back to.
    address: Option<String>,
    page: Document,
}

async fn send(form: &HtmlFormElement) -> Result<Answer, JsValue> {
    let data = UrlSearchParams::new_with_str_sequence_sequence(&FormData::new_with_form(form)?.into())?;
    let headers = Headers::new()?;
    headers.set("accept", "text/html")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&data);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)));
    let response: Response =
        JsFuture::from(window().fetch_with_str_and_init(&form.action(), &request)).await?.dyn_into()?;
    let html = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    // The parsed document is under this page's policy, whose nonce is not that of the answer's style sheet. The head is not
    // needed, so it is left out rather than refused aloud; the title is.
    let (head, body) = html.split_at(html.find("<body").unwrap_or(0));
    let page = DomParser::new()?.parse_from_string(body, SupportedType::TextHtml)?;
    page.set_title(between(head, "<title>", "</title>"));
    // A gateway's own error page is not one of ours: what was typed stays.
    page.query_selector("main")?.ok_or(JsValue::NULL)?;
    Ok(Answer { address: response.redirected().then(|| response.url()), page })
}

fn replace_page(Answer { address, page }: &Answer) {
    let document = document();
    let focused = document.active_element().map(|element| element.id()).filter(|id| !id.is_empty());
    for part in ["main", "header"] {
        if let (Ok(Some(old)), Ok(Some(new))) = (document.query_selector(part), page.query_selector(part)) {
            old.set_inner_html(&new.inner_html());
        }
    }
    document.set_title(&page.title());
    if let (Some(address), Ok(history)) = (address, window().history()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
    present();
    announce();
    let target = find("[role=alert]")
        .or_else(|| focused.and_then(|id| document.get_element_by_id(&id)))
        .or_else(|| find("main"));
    if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        let _ = target.focus();
    }
}

/// A screen reader speaks a status only when it changes while it is there: so it is set once more, a moment later.
fn announce() {
    if let Some(status) = find("[role=status]") {
        let text = status.inner_html();
        status.set_inner_html("");
        let again = Closure::once_into_js(move || status.set_inner_html(&text));
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(again.unchecked_ref(), 30);
    }
}

fn set_busy(form: &HtmlFormElement, busy: bool) {
    let _ = if busy { form.set_attribute("aria-busy", "true") } else { form.remove_attribute("aria-busy") };
    each(form, "button", |button: HtmlButtonElement| {
        button.set_attribute("aria-disabled", if busy { "true" } else { "false" })
    });
    // What is typed while a save is under way would be lost when its answer takes the page's place.
    each(form, "textarea", |area: HtmlTextAreaElement| {
        area.set_read_only(busy);
        Ok(())
    });
}

fn show_state(form: &HtmlFormElement, text: Option<String>) {
    if let (Ok(Some(state)), Some(text)) = (form.query_selector("[role=status]"), text) {
        state.set_text_content(Some(&text));
    }
}

/// What every fresh page needs.
fn present() {
    count();
    each(&document(), "time[data-local-time]", |time: Element| {
        let moment = js_sys::Date::new(&time.get_attribute("datetime").unwrap_or_default().into());
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"dateStyle".into(), &"long".into())?;
        js_sys::Reflect::set(&options, &"timeStyle".into(), &"short".into())?;
        let language = document().document_element().and_then(|root| root.get_attribute("lang")).unwrap_or_default();
        time.set_text_content(moment.to_locale_string(&language, &options).as_string().as_deref());
        Ok(())
    });
}

fn count() {
    each(&document(), "[data-count-of]", |counter: Element| {
        let attribute = |name| counter.get_attribute(name).unwrap_or_default();
        if let Some(area) = document()
            .get_element_by_id(&attribute("data-count-of"))
            .and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok())
        {
            // As the server counts: Unicode scalar values, a line end as one.
            let count = area.value().chars().count();
            counter.set_text_content(Some(&attribute("data-template").replace("{count}", &grouped(count))));
            let over = attribute("data-limit").parse().is_ok_and(|limit: usize| count > limit);
            counter.class_list().toggle_with_force("over", over)?;
        }
        Ok(())
    });
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map_or("", |(found, _)| found)
}

fn grouped(value: usize) -> String {
    let (thousands, rest) = (value / 1_000, value % 1_000);
    if thousands == 0 { rest.to_string() } else { format!("{thousands},{rest:03}") }
}

fn listen(document: &Document, event: &str, handler: impl Fn(Event) + 'static) {
    let handler = Closure::<dyn Fn(Event)>::new(handler).into_js_value();
    let _ = document.add_event_listener_with_callback(event, handler.unchecked_ref());
}

fn each<T: JsCast>(root: &web_sys::Node, selector: &str, work: impl Fn(T) -> Result<(), JsValue>) {
    let found = root
        .dyn_ref::<Document>()
        .map(|document| document.query_selector_all(selector))
        .or_else(|| root.dyn_ref::<Element>().map(|element| element.query_selector_all(selector)));
    if let Some(Ok(found)) = found {
        for index in 0..found.length() {
            if let Some(element) = found.get(index).and_then(|node| node.dyn_into().ok()) {
                let _ = work(element);
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
