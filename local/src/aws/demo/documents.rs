//! The documents of the demonstration. Their names have what real names have: accents, signs, other scripts.

use super::{BUCKET, pdf};
use crate::aws::documents::{Content, Document};

/// A document on a pension that a case worker for family benefits may open, too.
pub(super) const JOINT_CASE: &str = "pensions/2026/joint case 0815.txt";

/// 3 August 2026, 08:00 UTC. Each document was changed some hours after the one before.
const FIRST_CHANGE: u64 = 1_785_744_000;
const SEVEN_HOURS: u64 = 7 * 60 * 60;
const SMALL_FILES: usize = 450;
const GIBIBYTE: u64 = 1 << 30;

const TEXT: &str = "text/plain; charset=utf-8";
const CSV: &str = "text/csv; charset=utf-8";

/// All of them.
pub(super) fn all() -> Vec<Document> {
    let mut documents = Vec::new();
    for found in [family_benefits(), names(), active(), large(), small_files(), pensions(), shared(), elsewhere()] {
        documents.extend(found);
    }
    let changes = (0..).map(|number| FIRST_CHANGE + number % 300 * SEVEN_HOURS);
    documents.into_iter().zip(changes).map(|(document, change)| document.modified(change)).collect()
}

fn document(key: &str, kind: &str, content: impl Into<Content>) -> Document {
    Document::new(BUCKET, key, content).typed(kind)
}

/// What the console leaves behind when someone "creates a folder".
fn folder_mark(key: &str) -> Document {
    Document::new(BUCKET, key, "").typed("application/x-directory")
}

fn family_benefits() -> Vec<Document> {
    let decision = pdf::page(&[
        "Federal Public Service - Family benefits",
        "",
        "Decision 2026-0417",
        "The monthly benefit is 184.62 euro from 1 October 2026.",
        "This document is made up, and so are the people in it.",
    ]);
    vec![
        folder_mark("family-benefits/"),
        document(
            "family-benefits/READ ME FIRST.txt",
            TEXT,
            "Cases are in one folder per year.\nClosed cases are in the archive.\n",
        ),
        folder_mark("family-benefits/2026/"),
        document("family-benefits/2026/0417/decision-2026-0417.pdf", "application/pdf", decision),
        document(
            "family-benefits/2026/0417/payments.csv",
            CSV,
            "month;amount;paid on\n2026-07;184.62;2026-07-08\n2026-08;184.62;2026-08-07\n2026-09;184.62;2026-09-08\n",
        ),
        document("family-benefits/2026/0417/notes/2026-08-19 phone call.txt", TEXT, "The family moves on 1 October.\n"),
        document("family-benefits/2026/0418/application.txt", TEXT, "Application of 3 September 2026, complete.\n"),
        document("family-benefits/2026/0418/empty.txt", TEXT, ""),
    ]
}

/// Names that are easily encoded in the wrong way.
fn names() -> Vec<Document> {
    let folder = "family-benefits/2026/correspondence/";
    [
        "Aide-mémoire été 2026.txt",
        "Q&A + \"frequently asked\" #3 (50%).txt",
        "l'attestation; version=2?.txt",
        "תיק משפחה 12.txt",
        "إفادة عائلية.txt",
        "日本語の手紙.txt",
        "a%20b+c.txt",
    ]
    .into_iter()
    .map(|name| document(&format!("{folder}{name}"), TEXT, format!("The name of this document is:\n{name}\n")))
    .collect()
}

/// Documents that would run code, if a browser showed them as pages of the site.
fn active() -> Vec<Document> {
    vec![
        document(
            "family-benefits/2026/attachments/plan.svg",
            "image/svg+xml",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"40\"><rect width=\"80\" height=\"40\" fill=\"#1246a6\"/>\
             <script>document.title = 'a script of a document ran'</script></svg>\n",
        ),
        document(
            "family-benefits/2026/attachments/notice.html",
            "text/html; charset=utf-8",
            "<!doctype html><title>Notice</title><h1>Notice</h1><script>document.title = 'a script of a document ran'</script>\n",
        ),
    ]
}

fn large() -> Vec<Document> {
    vec![
        document("family-benefits/archive/scans 2025.img", "application/octet-stream", Content::Zeros(GIBIBYTE)),
        Document::new(BUCKET, "family-benefits/archive/register 2025.log", Content::Numbered(5_000_000)),
    ]
}

fn small_files() -> Vec<Document> {
    let file = |number: usize| {
        let key = format!("family-benefits/archive/2025/case-{number:04}.txt");
        document(&key, TEXT, format!("Case {number} of 2025 is closed.\n"))
    };
    (1..=SMALL_FILES).map(file).collect()
}

fn pensions() -> Vec<Document> {
    let statement = pdf::page(&[
        "Federal Public Service - Pensions",
        "",
        "Statement 2026-2231",
        "41 years of career, 7 of them abroad.",
    ]);
    vec![
        document(JOINT_CASE, TEXT, "A survivor's pension and family benefits of one household.\n"),
        document("pensions/2026/2231/statement-2026-2231.pdf", "application/pdf", statement),
        document("pensions/2026/2231/career.csv", CSV, "from;to;employer\n1985-09;1999-12;A\n2000-01;2026-06;B\n"),
        document("pensions/2026/2232/letter.txt", TEXT, "Please send the certificate of your career abroad.\n"),
        document("pensions/templates/letter.txt", TEXT, "Dear [name],\n\n"),
        document("pensions/templates/reminder.txt", TEXT, "Dear [name],\n\nWe have not heard from you.\n"),
    ]
}

fn shared() -> Vec<Document> {
    vec![
        document(
            "shared/contacts.csv",
            CSV,
            "team;mail\nfamily benefits;family@fps.example\npensions;pensions@fps.example\n",
        ),
        document("shared/guides/how to close a case.txt", TEXT, "1. Check the file.\n2. Move it to the archive.\n"),
    ]
}

/// Documents without a grant.
fn elsewhere() -> Vec<Document> {
    vec![
        document("inspection/report.txt", TEXT, "For the inspectors only.\n"),
        Document::new("fps-case-files-closed", "minutes.txt", "For the board only.\n").typed(TEXT),
    ]
}
