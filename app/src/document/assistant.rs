//! What the page of the assistant shows: answers as text, and never a question that is lost.

use super::{
    documents,
    organisation::{between, full, header, hrefs, html_for, main, texts},
};
use crate::{
    Role, Service,
    pages::{
        Body,
        assistant::{AssistantPage, AssistantProblem, Source, Turn},
    },
    texts::Language,
};

const SCRIPT: &str = "<script>document.title = 'ran'</script>";

fn page(turns: Vec<Turn>, problem: Option<AssistantProblem>) -> AssistantPage {
    AssistantPage {
        turns,
        is_cut: false,
        question: String::new(),
        conversation: "c2VhbGVk".to_owned(),
        problem,
        reference: None,
        sign_in: None,
    }
}

pub(super) fn first() -> Body {
    Body::Assistant(page(Vec::new(), None))
}

fn turn(question: &str, answer: &str, sources: Vec<Source>) -> Turn {
    Turn { question: question.to_owned(), answer: answer.to_owned(), sources }
}

fn source(title: &str, snippet: &str, url: Option<&str>) -> Source {
    Source { title: title.to_owned(), snippet: snippet.to_owned(), url: url.map(str::to_owned) }
}

fn with(page: AssistantPage) -> String {
    html_for(Body::Assistant(page), Some(("Lena", Role::CaseWorker)), &Service::default(), Language::En)
}

fn asked(turns: Vec<Turn>) -> String {
    with(page(turns, None))
}

#[test]
fn a_new_conversation_has_a_form_and_nothing_else() {
    let html = asked(Vec::new());
    let form = between(&html, "<form id=\"ask\"", "</form>");
    assert!(form.contains("method=\"post\" action=\"/assistant#latest\""), "{form}");
    assert!(form.contains("<input type=\"hidden\" name=\"conversation\" value=\"c2VhbGVk\">"), "{form}");
    assert!(texts(form).contains(&"Your question".to_owned()) && texts(form).contains(&"Ask".to_owned()), "{form}");
    assert!(!html.contains("class=\"conversation\"") && !hrefs(main(&html)).contains(&"/assistant"), "{html}");
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn an_answer_is_text_with_a_numbered_list_of_its_sources() {
    let sources = vec![
        source("letter.txt", "A certificate", Some("https://files.example/letter.txt?a=1&b=2")),
        source("", "", None),
    ];
    let html = asked(vec![turn("first?", "one", Vec::new()), turn("a certificate?", "Yes.\nSee below.", sources)]);
    let turns: Vec<_> = html.split("class=\"turn\"").skip(1).collect();
    assert_eq!(turns.len(), 2);
    assert!(turns[0].contains("The assistant gave no sources"), "{html}");
    assert_eq!(html.matches("id=\"latest\"").count(), 1);
    assert!(turns[1].contains("<h3 id=\"latest\" tabindex=\"-1\">You asked</h3>"), "{html}");
    assert!(turns[1].contains("<p dir=\"auto\" class=\"said\">Yes.\nSee below.</p>"), "{html}");
    let list = between(turns[1], "<ol class=\"sources\">", "</ol>");
    assert_eq!(texts(list), ["letter.txt", "A certificate", "(no title)"]);
    let link = "<a href=\"https://files.example/letter.txt?a=1&amp;b=2\" rel=\"noreferrer noopener\" referrerpolicy=\"no-referrer\">";
    assert!(list.contains(link), "{list}");
    let form = between(&html, "<form id=\"ask\"", "</form>");
    assert!(texts(form).contains(&"Your next question".to_owned()), "{form}");
    assert_eq!(hrefs(main(&html)).last(), Some(&"/assistant"));
}

#[test]
fn nothing_that_the_assistant_says_is_markup_or_a_link_that_runs() {
    let sources = [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://files.example/",
        "//files.example/",
        "/logout",
        " https://files.example/",
        "HTTPS:alert(1)",
    ]
    .map(|url| source(SCRIPT, SCRIPT, Some(url)));
    let html =
        asked(vec![turn(SCRIPT, &format!("{SCRIPT}\u{202e}\u{0}**bold** [x](https://x.example)"), sources.into())]);
    assert!(!html.contains("<script") && !html.contains("<strong>bold"), "{html}");
    assert_eq!(hrefs(between(&html, "class=\"turn\"", "</article>")), [""; 0]);
    assert!(html.contains("\u{fffd}\u{fffd}**bold** [x](https://x.example)"), "{html}");
}

#[test]
fn a_question_without_an_answer_is_still_there_whatever_went_wrong() {
    for &problem in AssistantProblem::ALL {
        let question = "\nwhat? </textarea><b>".to_owned();
        let html = with(AssistantPage { question, ..page(vec![turn("q", "a", Vec::new())], Some(problem)) });
        let area = between(&html, "<textarea", "</textarea>");
        assert!(area.ends_with(">\n\nwhat? &lt;/textarea&gt;&lt;b&gt;"), "{problem:?}: {area}");
        assert_eq!(html.matches("role=\"alert\"").count(), usize::from(!problem.is_of_field()), "{problem:?}: {html}");
        assert_eq!(html.contains("id=\"text-error\""), problem.is_of_field(), "{problem:?}: {html}");
        assert_eq!(between(&html, "<title>", "</title>").starts_with("Error: "), problem.is_of_field(), "{problem:?}");
        assert!(html.contains("class=\"turn\""), "the conversation stays: {html}");
        assert_eq!(html.matches("id=\"latest\"").count(), 1, "{problem:?}: {html}");
    }
    let html = with(page(Vec::new(), Some(AssistantProblem::TooLong { count: 7_001 })));
    assert!(texts(main(&html)).join("|").contains("Your question has 7,001 characters. It must have 7,000 or fewer."));
}

#[test]
fn a_problem_leads_to_whoever_can_solve_it() {
    let problem = AssistantPage { reference: Some("R1".to_owned()), ..page(Vec::new(), Some(AssistantProblem::SetUp)) };
    let html = html_for(Body::Assistant(problem), Some(("Lena", Role::CaseWorker)), &full(), Language::En);
    assert!(main(&html).contains("Reference: R1") && main(&html).contains("https://town.example/en/contact"), "{html}");
    let sign_in = Some("/login/staff".to_owned());
    let html = with(AssistantPage { sign_in, ..page(Vec::new(), Some(AssistantProblem::SignInAgain)) });
    assert_eq!(hrefs(main(&html)), ["/login/staff"]);
}

#[test]
fn another_language_keeps_the_conversation_and_the_question() {
    let html = asked(Vec::new());
    let buttons = between(header(&html), "class=\"languages\"", "</nav>");
    assert!(buttons.contains("form=\"ask\" formaction=\"/assistant\" formmethod=\"post\""), "{buttons}");
    assert_eq!(hrefs(buttons), [""; 0]);
}

#[test]
fn the_assistant_is_in_the_navigation_of_case_workers_who_have_it() {
    let service = |has_assistant| Service { has_assistant, ..Service::default() };
    for (role, has_assistant, expected) in [
        (Role::CaseWorker, true, &["/documents", "/assistant", "/activity", "/profile"][..]),
        (Role::CaseWorker, false, &["/documents", "/activity", "/profile"]),
        (Role::Citizen, true, &["/my-data", "/activity", "/profile"]),
    ] {
        let html = html_for(documents::documents(), Some(("Lena", role)), &service(has_assistant), Language::En);
        assert_eq!(hrefs(between(header(&html), "<form", "</nav>")), expected);
    }
    let html = html_for(first(), Some(("Lena", Role::CaseWorker)), &service(true), Language::En);
    assert!(header(&html).contains("<a href=\"/assistant\" aria-current=\"page\">Assistant</a>"), "{html}");
}

#[test]
fn questions_and_answers_are_not_printed() {
    let turns = vec![turn("secret", "secret", vec![source("secret", "secret", None)])];
    let printed = format!("{:?} {turns:?} {:?}", page(turns.clone(), None), turns[0].sources);
    assert!(!printed.contains("secret"), "{printed}");
}
