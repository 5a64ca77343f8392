//! `/accessibility`: the statement of the operator by the model of Implementing Decision (EU) 2018/1523, or what the site is built to.

use leptos::{either::Either, prelude::*};

use crate::{
    components::{PLACE, Reach, around},
    format,
    page::Page,
    service::{Contact, Enforcement, Exception, Law, Reason, Service, Statement},
    texts::{Language, Sentence, say},
};

/// What the page about accessibility is told. The statement itself is part of the service.
#[derive(Clone, Debug)]
pub struct AccessibilityPage {
    /// The address of this site, such as `https://mydata.example`.
    pub address: String,
}

impl AccessibilityPage {
    pub(crate) const fn heading(service: &Service) -> Sentence {
        if service.accessibility.is_some() { say::STATEMENT_HEADING } else { say::ACCESSIBILITY_HEADING }
    }
}

pub(crate) fn view(body: AccessibilityPage, page: &Page) -> impl IntoView + use<> {
    let Page { language, service, .. } = page;
    let language = *language;
    let heading = language.text(AccessibilityPage::heading(service));
    let content = match &service.accessibility {
        Some(statement) => Either::Left(declared(statement, service, &body.address, language)),
        None => Either::Right(undeclared(service, language)),
    };
    view! { <div class="statement"><h1>{heading}</h1>{content}</div> }
}

/// Says what the site is built to, and claims nothing about a law.
fn undeclared(service: &Service, language: Language) -> impl IntoView + use<> {
    let abilities = [
        say::ACCESSIBILITY_ZOOM,
        say::ACCESSIBILITY_KEYBOARD,
        say::ACCESSIBILITY_SCREEN_READER,
        say::ACCESSIBILITY_COLOURS,
        say::ACCESSIBILITY_NO_SCRIPT,
    ];
    let abilities: Vec<_> =
        abilities.into_iter().map(|sentence| view! { <li>{language.text(sentence)}</li> }).collect();
    view! {
        <p class="lead">{language.text(say::ACCESSIBILITY_INTRO)}</p>
        <p>{language.text(say::ACCESSIBILITY_ABILITIES)}</p>
        <ul>{abilities}</ul>
        <p>{language.text(say::ACCESSIBILITY_NO_STATEMENT)}</p>
        {feedback(service, None, language)}
    }
}

fn declared(statement: &Statement, service: &Service, address: &str, language: Language) -> impl IntoView + use<> {
    let name = service.name(language).into_owned();
    let law = statement.law.as_ref().map(|law| view! { <p>{follows(law, language)}</p> });
    view! {
        <p class="lead">{language.text(say::STATEMENT_COMMITMENT)}</p>
        {law}
        <p>{say::statement_scope(language, format::isolated(&name), address)}</p>
        <h2>{language.text(say::STATEMENT_STATUS)}</h2>
        <p>{language.text(statement.status.sentence())}</p>
        {exceptions(statement, language)}
        {preparation(statement, language)}
        {feedback(service, statement.answer_days, language)}
        {statement.enforcement.as_ref().map(|enforcement| complaint(enforcement, language))}
    }
}

fn follows(law: &Law, language: Language) -> impl IntoView + use<> {
    let sentence = match law {
        Law::Eu => say::STATEMENT_LAW_EU,
        Law::Be => say::STATEMENT_LAW_BE,
        Law::Nl => say::STATEMENT_LAW_NL,
        Law::Lu => say::STATEMENT_LAW_LU,
        Law::De => say::STATEMENT_LAW_DE,
        Law::Fr => say::STATEMENT_LAW_FR,
        Law::Named(name) => {
            let (before, after) = around(&say::statement_law_named(language, PLACE));
            let (lang, name) = (name.lang(language), name.get(language).to_owned());
            return Either::Left(view! { {before}<bdi lang=lang>{name}</bdi>{after} });
        }
    };
    Either::Right(language.text(sentence))
}

fn exceptions(statement: &Statement, language: Language) -> impl IntoView + use<> {
    let of = |reason: Reason| {
        let own = statement.exceptions.iter().filter(|exception| exception.reason == reason);
        let item = |Exception { text, .. }: &Exception| {
            view! { <li lang=text.lang(language)>{text.get(language).to_owned()}</li> }
        };
        let items: Vec<_> = own.map(item).collect();
        (!items.is_empty()).then(|| view! { <h3>{language.text(reason.heading())}</h3><ul>{items}</ul> })
    };
    let classes: Vec<_> = Reason::ALL.into_iter().filter_map(of).collect();
    (!classes.is_empty()).then(|| view! { <h2>{language.text(say::STATEMENT_EXCEPTIONS)}</h2>{classes} })
}

fn preparation(statement: &Statement, language: Language) -> impl IntoView + use<> {
    let Statement { prepared, reviewed, method, .. } = statement;
    let sentences: Vec<_> = [
        prepared.map(|date| say::statement_prepared(language, format::date(language, date))),
        method.map(|method| language.text(method.sentence()).into_owned()),
        reviewed.map(|date| say::statement_reviewed(language, format::date(language, date))),
    ]
    .into_iter()
    .flatten()
    .map(|sentence| view! { <p>{sentence}</p> })
    .collect();
    (!sentences.is_empty()).then(|| view! { <h2>{language.text(say::STATEMENT_PREPARATION)}</h2>{sentences} })
}

/// Whom to tell about a problem. Nothing if the service gives no contact.
fn feedback(service: &Service, answer_days: Option<u16>, language: Language) -> impl IntoView + use<> {
    (!Contact::all(service, language).is_empty()).then(|| {
        view! {
            <h2>{language.text(say::STATEMENT_FEEDBACK)}</h2>
            <p>{language.text(say::STATEMENT_FEEDBACK_TEXT)}</p>
            <Reach language service class="reach"/>
            {answer_days.map(|days| view! { <p>{say::statement_answer_days(language, days)}</p> })}
        }
    })
}

fn complaint(enforcement: &Enforcement, language: Language) -> impl IntoView + use<> {
    let lang = enforcement.name.lang(language);
    let name = enforcement.name.get(language).to_owned();
    let name = match enforcement.url.as_ref().map(|url| url.get(language).to_owned()) {
        Some(url) => Either::Left(view! { <a href=url>{name}</a> }),
        None => Either::Right(name),
    };
    view! {
        <h2>{language.text(say::STATEMENT_ENFORCEMENT)}</h2>
        <p>{language.text(say::STATEMENT_ENFORCEMENT_TEXT)}</p>
        <ul class="reach"><li lang=lang>{name}</li></ul>
    }
}
