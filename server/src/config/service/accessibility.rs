use app::{
    Localized,
    service::{Conformance, Enforcement, Exception, Law, Method, Reason, Statement},
    texts::Language,
};
use time::{Date, macros::format_description};

use super::{
    super::{Endpoint, Source, cognito::non_empty},
    localized, page,
};

const SECTION: &str = "service.accessibility";
const EXCEPTIONS: &str = "service.accessibility.exceptions";

/// `[service.accessibility]`: the accessibility statement, if the section is there. Then `status` is required.
///
/// Environment: `MYDATA_SERVICE__ACCESSIBILITY__STATUS`, `__LAW`, `__LAW_NAME`, `__PREPARED`, `__REVIEWED`, `__METHOD`, `__ANSWER_DAYS`,
/// `__ENFORCEMENT_NAME`, `__ENFORCEMENT_URL`, `__EXCEPTIONS__0__REASON`, `__EXCEPTIONS__0__TEXT`.
pub(super) fn read(source: &mut Source, default: Language) -> Option<Statement> {
    if !source.has_below(SECTION) {
        return None;
    }
    let key = |name: &str| format!("{SECTION}.{name}");
    let status = source.required(&key("status"), "fully, partially or not", |text| match text {
        "fully" => Some(Conformance::Fully),
        "partially" => Some(Conformance::Partially),
        "not" => Some(Conformance::Not),
        _ => None,
    });
    let law = law(source, default);
    let has_exceptions = !source.indexes(EXCEPTIONS).is_empty();
    let exceptions = exceptions(source, default);
    check(source, status, has_exceptions, &exceptions);
    const DATE: &str = "a date such as 2026-11-25";
    let prepared = source.optional(&key("prepared"), DATE, date);
    let reviewed = source.optional(&key("reviewed"), DATE, date);
    if prepared.zip(reviewed).is_some_and(|(prepared, reviewed)| reviewed < prepared) {
        source.fault(&key("reviewed"), format!("expected a date that is not before {SECTION}.prepared"));
    }
    let method = source.optional(&key("method"), "self or external", |text| match text {
        "self" => Some(Method::Own),
        "external" => Some(Method::External),
        _ => None,
    });
    let answer_days = source.optional(&key("answer_days"), "a whole number of days from 1 to 365", |text| {
        text.parse().ok().filter(|days| (1..=365).contains(days))
    });
    let enforcement = enforcement(source, default);
    Some(Statement { status: status?, law, exceptions, prepared, reviewed, method, answer_days, enforcement })
}

/// `law`, a known one, or `law_name`.
fn law(source: &mut Source, default: Language) -> Option<Law> {
    let [code, name] = ["law", "law_name"].map(|key| format!("{SECTION}.{key}"));
    let is_code_set = source.has(&code);
    let known =
        source.optional(&code, "BE, DE, FR, LU, NL or EU; for another law, set law_name instead", |text| match text {
            "EU" => Some(Law::Eu),
            "BE" => Some(Law::Be),
            "NL" => Some(Law::Nl),
            "LU" => Some(Law::Lu),
            "DE" => Some(Law::De),
            "FR" => Some(Law::Fr),
            _ => None,
        });
    let named = text(source, &name, default);
    if is_code_set && named.is_some() {
        source.fault(&name, format!("cannot be set together with {code}"));
    }
    known.or(named.map(Law::Named))
}

/// `[[service.accessibility.exceptions]]`
fn exceptions(source: &mut Source, default: Language) -> Vec<Exception> {
    let places = source.indexes(EXCEPTIONS);
    let read = |index: usize| {
        let [reason_key, text_key] = ["reason", "text"].map(|key| format!("{EXCEPTIONS}.{index}.{key}"));
        let reason = source.required(&reason_key, "non_compliance, burden or out_of_scope", |text| match text {
            "non_compliance" => Some(Reason::NonCompliance),
            "burden" => Some(Reason::Burden),
            "out_of_scope" => Some(Reason::OutOfScope),
            _ => None,
        });
        if !has_text(source, &text_key) {
            source.fault(&text_key, "is missing; expected what is not accessible, and what to use instead");
        }
        let text = text(source, &text_key, default);
        Some(Exception { reason: reason?, text: text? })
    };
    places.into_iter().filter_map(read).collect()
}

/// A statement lists what is not accessible, and a service that meets the standard in full has nothing to list.
fn check(source: &mut Source, status: Option<Conformance>, has_exceptions: bool, exceptions: &[Exception]) {
    let is_inside = |exception: &Exception| exception.reason != Reason::OutOfScope;
    match status {
        Some(Conformance::Fully) if exceptions.iter().any(is_inside) => source.fault(
            &format!("{SECTION}.status"),
            "expected partially or not, because some of the exceptions are not out_of_scope",
        ),
        Some(Conformance::Partially | Conformance::Not) if !has_exceptions => {
            source.fault(EXCEPTIONS, "is missing; expected what is not accessible, because the status is not fully");
        }
        _ => (),
    }
}

/// `enforcement_name` and `enforcement_url`.
fn enforcement(source: &mut Source, default: Language) -> Option<Enforcement> {
    let [name_key, url_key] = ["enforcement_name", "enforcement_url"].map(|key| format!("{SECTION}.{key}"));
    let has_name = has_text(source, &name_key);
    let name = text(source, &name_key, default);
    let url = localized::read(source, &url_key, Endpoint::EXPECTED, default, &page);
    if url.is_some() && !has_name {
        source.fault(&name_key, format!("is missing; expected the name of the organisation at {url_key}"));
    }
    Some(Enforcement { name: name?, url })
}

/// Whether there is a text at `key`, for all languages or for one.
fn has_text(source: &Source, key: &str) -> bool {
    source.has(key) || source.has_below(key)
}

fn text(source: &mut Source, key: &str, default: Language) -> Option<Localized> {
    localized::read(source, key, "a text of 500 characters or fewer", default, &short)
}

fn short(text: &str) -> Option<String> {
    non_empty(text).filter(|text| text.chars().count() <= 500)
}

fn date(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}
