//! What the pages show to case workers: their documents, and none of what is kept about citizens.

use time::{Duration, OffsetDateTime, macros::datetime};

use super::{
    held_data,
    organisation::{between, full, header, home, hrefs, html_for, main, texts},
};
use crate::{
    Role, Service, Switch,
    pages::{
        Body,
        documents::{Document, DocumentsPage, FolderAddress, FolderPage, Granted, Sort},
        failure::{FailureKind, FailurePage},
    },
    texts::Language,
};

const AT: OffsetDateTime = datetime!(2026-11-20 17:07 UTC);

fn granted(key: &str, is_folder: bool, can_change: bool) -> Granted {
    Granted { bucket: "files".to_owned(), key: key.to_owned(), is_folder, can_change }
}

pub(super) fn documents() -> Body {
    let grants = vec![
        granted("cases/pensions/", true, false),
        granted("cases/family/", true, true),
        granted("forms/a b.pdf", false, false),
    ];
    Body::Documents(DocumentsPage { grants })
}

fn document(key: &str, size: u64, days: i64) -> Document {
    Document { key: key.to_owned(), size, modified: Some(AT - Duration::days(days)) }
}

fn page() -> FolderPage {
    FolderPage {
        address: FolderAddress::new("files", "cases/family/2026/"),
        granted: granted("cases/family/", true, false),
        folders: vec!["cases/family/2026/letters/".to_owned()],
        documents: vec![
            document("cases/family/2026/", 0, 9),
            document("cases/family/2026/zoo & co.pdf", 1_234_567, 2),
            document("cases/family/2026/Annex <1>.txt", 320, 1),
        ],
        next: None,
    }
}

pub(super) fn folder() -> Body {
    Body::Folder(page())
}

fn html_of(body: Body) -> String {
    html_for(body, Some(("Lena", Role::CaseWorker)), &Service::default(), Language::En)
}

fn shown(body: Body) -> String {
    texts(main(&html_of(body))).join("|")
}

/// The names of the columns.
fn head(html: &str) -> &str {
    between(html, "role=\"table\"", "<div role=\"rowheader\"")
}

/// The rows below them.
fn rows(html: &str) -> &str {
    let from = html.find("<div role=\"rowheader\"").unwrap_or(html.len());
    between(&html[from..], "", "<div id=\"session\"")
}

#[test]
fn each_thing_that_was_granted_has_a_row() {
    let html = html_of(documents());
    let list = between(&html, "<ul class=\"grants\">", "</ul>");
    assert_eq!(
        texts(list),
        [
            "a b.pdf",
            "Document ·",
            "files/forms/a b.pdf",
            "family",
            "You can also change it",
            "Folder ·",
            "files/cases/family/",
            "pensions",
            "Folder ·",
            "files/cases/pensions/"
        ]
    );
    assert_eq!(
        hrefs(list),
        [
            "/documents/file?bucket=files&amp;key=forms/a%20b.pdf",
            "/documents/folder?bucket=files&amp;prefix=cases/family/",
            "/documents/folder?bucket=files&amp;prefix=cases/pensions/",
        ]
    );
    let said = shown(documents());
    assert!(said.contains("To change one, use another program.") && said.contains("within a minute"), "{said}");
    let reads = DocumentsPage { grants: vec![granted("a/", true, false)] };
    assert!(!shown(Body::Documents(reads)).contains("change one"));
}

#[test]
fn an_empty_page_says_why_it_may_be_empty_and_whom_to_ask() {
    let body = || Body::Documents(DocumentsPage { grants: Vec::new() });
    let said = shown(body());
    for part in
        ["not been given access", "for another application", "to a group", "who manages access", "within a minute"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("contact:"), "{said}");
    let html = html_for(body(), Some(("Lena", Role::CaseWorker)), &full(), Language::En);
    assert!(main(&html).contains("<a href=\"https://town.example/en/contact?a=1&amp;b=2\">"), "{html}");
}

#[test]
fn a_folder_has_its_path_and_its_rows() {
    let html = html_of(folder());
    assert!(html.contains("<title>2026 – My Data</title>"), "{html}");
    let crumbs = between(&html, "class=\"crumbs\">", "</nav>");
    assert_eq!(texts(crumbs), ["Your documents", "family", "2026"]);
    assert_eq!(hrefs(crumbs), ["/documents", "/documents/folder?bucket=files&amp;prefix=cases/family/"]);
    assert!(crumbs.contains("<li aria-current=\"page\"><bdi class=\"name\">2026</bdi></li>"), "{crumbs}");
    assert_eq!(
        texts(rows(&html)),
        [
            "letters",
            "Folder",
            "Annex &lt;1&gt;.txt",
            "320 bytes",
            "19 November 2026 at 18:07 (Belgian time)",
            "zoo &amp; co.pdf",
            "1.2\u{a0}MB",
            "18 November 2026 at 18:07 (Belgian time)",
        ]
    );
    assert!(html.contains("<data value=\"1234567\">"), "{html}");
    assert!(
        html.contains("<p id=\"contents\" class=\"hint about-contents\">In this folder: 1 folder, 2 documents</p>"),
        "{html}"
    );
    assert!(shown(folder()).contains("because you have access to:|files/cases/family/|"));
    assert!(!html.contains("target=") && !html.contains(" download"), "{html}");
}

#[test]
fn the_links_of_a_folder_keep_the_order() {
    let address = FolderAddress { sort: Sort::Size, is_descending: true, ..page().address };
    let html = html_of(Body::Folder(FolderPage { address, ..page() }));
    assert_eq!(
        hrefs(rows(&html)),
        [
            "/documents/folder?bucket=files&amp;prefix=cases/family/2026/letters/&amp;sort=size&amp;order=desc",
            "/documents/file?bucket=files&amp;key=cases/family/2026/zoo%20%26%20co.pdf",
            "/documents/file?bucket=files&amp;key=cases/family/2026/Annex%20%3C1%3E.txt",
        ]
    );
    let query = "?bucket=files&amp;prefix=cases/family/2026/&amp;sort=size&amp;order=desc&amp;lang=nl";
    assert!(hrefs(header(&html)).contains(&query), "{html}");
}

#[test]
fn the_head_of_a_column_says_the_order_and_changes_it() {
    for (sort, is_descending, state, columns) in [
        (
            Sort::Name,
            false,
            "ascending",
            ["sort from Z to A", "sort with the largest first", "sort with the newest first"],
        ),
        (Sort::Size, true, "descending", ["from A to Z", "the smallest first", "the newest first"]),
        (Sort::Date, false, "ascending", ["from A to Z", "the largest first", "the newest first"]),
    ] {
        let address = FolderAddress { sort, is_descending, ..page().address };
        let html = html_of(Body::Folder(FolderPage { address, ..page() }));
        let heads: Vec<_> = head(&html).split("role=\"columnheader\"").skip(1).collect();
        for ((head, column), expected) in heads.iter().zip(Sort::ALL).zip(columns) {
            assert!(head.contains(expected), "{expected}: {head}");
            let sorted = head.contains(&format!("aria-sort=\"{state}\""));
            assert_eq!(sorted, column == sort, "{head}");
            assert_eq!(head.contains("aria-sort") && head.contains("aria-hidden"), column == sort, "{head}");
        }
    }
}

#[test]
fn the_search_keeps_the_order_and_begins_at_the_first_page() {
    let address =
        FolderAddress { sort: Sort::Date, starts: "<a\"".to_owned(), page: Some("token".to_owned()), ..page().address };
    let html = html_of(Body::Folder(FolderPage { address, ..page() }));
    let form = between(&html, "<form role=\"search\"", "</form>");
    assert!(form.contains("method=\"get\" action=\"/documents/folder\""), "{form}");
    let hidden: Vec<_> =
        form.split("type=\"hidden\" name=\"").skip(1).filter_map(|rest| rest.split('>').next()).collect();
    assert_eq!(hidden, ["bucket\" value=\"files\"", "prefix\" value=\"cases/family/2026/\"", "sort\" value=\"date\""]);
    assert!(form.contains("name=\"starts\" value=\"&lt;a&quot;\""), "{form}");
    assert_eq!(hrefs(form), ["/documents/folder?bucket=files&amp;prefix=cases/family/2026/&amp;sort=date"]);
    assert!(!form.contains("token"), "{form}");
    let plain = html_of(folder());
    assert!(hrefs(between(&plain, "<form role=\"search\"", "</form>")).is_empty(), "{plain}");
    let address = FolderAddress::new("files", "cases/family/2026-");
    let inside =
        html_of(Body::Folder(FolderPage { address, granted: granted("cases/family/2026-", true, false), ..page() }));
    assert!(texts(main(&inside)).contains(&"Search by what comes after ‘2026-’ in a name".to_owned()), "{inside}");
}

#[test]
fn an_empty_folder_says_what_is_empty() {
    let empty = |starts: &str, page_token: Option<&str>, next: Option<&str>| {
        let address =
            FolderAddress { starts: starts.to_owned(), page: page_token.map(str::to_owned), ..page().address };
        let (folders, documents) = (Vec::new(), vec![document("cases/family/2026/", 0, 1)]);
        html_of(Body::Folder(FolderPage { address, folders, documents, next: next.map(str::to_owned), ..page() }))
    };
    for (starts, at, next, expected, can_be_searched, links) in [
        ("", None, None, "This folder is empty.", false, 0),
        ("x\u{202e}", None, None, "No name in this folder begins with ‘x\u{fffd}’.", true, 0),
        ("", Some("t"), None, "There is nothing on this page.", true, 1),
        ("x", None, Some("t"), "There is nothing on this page.", true, 1),
    ] {
        let html = empty(starts, at, next);
        let said = texts(main(&html)).join("|");
        assert!(said.contains(expected), "{said}");
        assert!(!html.contains("role=\"table\""), "{html}");
        assert_eq!(html.contains("role=\"search\""), can_be_searched, "{html}");
        assert_eq!(html.matches("class=\"button quiet\"").count(), links, "{html}");
    }
}

#[test]
fn the_pages_of_a_folder_lead_on_and_back_to_the_first() {
    for (at, next, expected, caption) in [
        (None, None, &[][..], "In this folder: "),
        (None, Some("t 2"), &["&amp;page=t%202"][..], "On this page: "),
        (Some("t2"), Some("t3"), &["&amp;page=t3", ""], "On this page: "),
        (Some("t3"), None, &[""], "On this page: "),
    ] {
        let address = FolderAddress { page: at.map(str::to_owned), ..page().address };
        let html = html_of(Body::Folder(FolderPage { address, next: next.map(str::to_owned), ..page() }));
        let pager = html.contains("<div class=\"act\">").then(|| between(&html, "<div class=\"act\">", "</div>"));
        let start = "/documents/folder?bucket=files&amp;prefix=cases/family/2026/";
        let expected: Vec<_> = expected.iter().map(|rest| format!("{start}{rest}")).collect();
        assert_eq!(pager.map(hrefs).unwrap_or_default(), expected);
        let said = texts(main(&html)).join("|");
        assert!(said.contains(&format!("{caption}1 folder, 2 documents")), "{said}");
        assert_eq!(said.contains("Sorting applies to this page only."), !expected.is_empty(), "{said}");
    }
}

#[test]
fn any_name_is_shown_as_it_is_and_cannot_turn_the_page_around() {
    let names = ["שלום.pdf", "  two  spaces  ", "a\u{202e}fdp.exe", &"x".repeat(900), "é=&<>\"'"];
    let documents = names.iter().map(|name| document(&format!("cases/family/2026/{name}"), 1, 1)).collect();
    let html =
        html_of(Body::Folder(FolderPage { documents, folders: vec!["cases/family/2026//".to_owned()], ..page() }));
    for name in ["שלום.pdf", "  two  spaces  ", "a\u{fffd}fdp.exe", &"x".repeat(900), "é=&amp;&lt;&gt;\"'", "(no name)"]
    {
        let class = if name.contains("  ") { "name name-spaced" } else { "name" };
        assert!(html.contains(&format!("<bdi class=\"{class}\">{name}</bdi>")), "{name}: {html}");
    }
}

#[test]
fn a_case_worker_is_led_to_documents_and_never_to_what_is_kept_about_citizens() {
    for body in [documents(), folder(), home(), held_data::activity(), held_data::not_me()] {
        for (role, own, other) in
            [(Role::CaseWorker, "/documents", "/my-data"), (Role::Citizen, "/my-data", "/documents")]
        {
            let html = html_for(body.clone(), Some(("Lena", role)), &Service::default(), Language::En);
            assert_eq!(hrefs(between(header(&html), "<form", "</nav>")), [own, "/activity", "/profile"], "{html}");
            let is_own_page = matches!(body, Body::Documents(_) | Body::Folder(_));
            assert!(is_own_page || !hrefs(&html).iter().any(|href| href.starts_with(other)), "{html}");
        }
    }
    let html = html_of(documents());
    assert!(header(&html).contains("<a href=\"/documents\" aria-current=\"page\">Documents</a>"), "{html}");
    assert_eq!(hrefs(main(&html_of(home()))), ["/documents", "/activity", "/profile"]);
    let activity = shown(held_data::activity());
    assert!(activity.contains("what was done with your account") && !activity.contains("message"), "{activity}");
}

#[test]
fn a_failure_with_documents_leads_to_what_the_case_worker_can_do() {
    let failure = |kind, again: Option<&str>| {
        Body::Failure(FailurePage {
            kind,
            reference: Some("R1".to_owned()),
            again: again.map(str::to_owned),
            other: None,
            unsaved: None,
            switch: Switch::Links { query: None },
        })
    };
    for (kind, label, href) in [
        (FailureKind::DocumentsNotAssigned, "Try again", "/documents"),
        (FailureKind::DocumentsUnavailable, "Try again", "/documents"),
        (FailureKind::DocumentsSetUp, "Go to the home page", "/"),
        (FailureKind::DocumentNotGranted, "Go to your documents", "/documents"),
        (FailureKind::DocumentNotFound, "Go to your documents", "/documents"),
        (FailureKind::DocumentsSignInAgain, "Sign in again", "/"),
    ] {
        let html = html_of(failure(kind, None));
        let link = format!("<a href=\"{href}\" class=\"button\">{label}</a>");
        assert!(main(&html).contains(&link), "{kind:?}: {html}");
        let html = html_of(failure(kind, Some("/there")));
        assert!(main(&html).contains("<a href=\"/there\" class=\"button\">"), "{kind:?}: {html}");
    }
}

#[test]
fn names_of_documents_are_not_printed() {
    assert_eq!(format!("{:?}", documents()), "Documents(DocumentsPage { .. })");
    assert_eq!(format!("{:?}", folder()), "Folder(FolderPage { .. })");
    assert_eq!(format!("{:?} {:?}", granted("a", true, true), document("a", 1, 1)), "Granted { .. } Document { .. }");
}
