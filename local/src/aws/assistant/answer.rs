//! What the assistant says.

use std::sync::Arc;

use serde_json::{Value, json};

use super::conversations::Turn;
use crate::aws::account::Account;
use crate::aws::documents::{Content, Document};
use crate::aws::faults::AwsFault;
use crate::aws::people::Person;
use crate::aws::percent;
use crate::aws::scope::{Access, Permission, Scope};
use crate::user_pool::REGION;

/// The most documents in one answer.
const MAX_SOURCES: usize = 3;
const SNIPPET_CHARS: usize = 200;
/// Shorter words are in every document.
const MIN_WORD_CHARS: usize = 4;
const NOTHING: &str = "Sorry, I could not find relevant information to complete your request.";

/// The answer to a question, as JSON.
pub(super) fn answer(
    account: &Account,
    person: &Person,
    question: &str,
    turn: &Turn,
    fault: Option<AwsFault>,
) -> Value {
    let found = found(account, person, question);
    let (message, sources) = match fault {
        Some(AwsFault::AssistantHostile) => hostile(),
        _ if found.is_empty() => (NOTHING.to_owned(), Vec::new()),
        _ => cited(&found),
    };
    json!({
        "conversationId": turn.conversation,
        "userMessageId": turn.user_message,
        "systemMessageId": turn.system_message,
        "systemMessage": message,
        "sourceAttributions": sources,
        "failedAttachments": [],
    })
}

/// The first documents with a word of the question in their name or text, of those that the person may read.
fn found(account: &Account, person: &Person, question: &str) -> Vec<(Arc<Document>, String)> {
    let words: Vec<String> = question
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| word.chars().count() >= MIN_WORD_CHARS)
        .map(str::to_lowercase)
        .collect();
    let mut found: Vec<(Arc<Document>, String)> = Vec::new();
    for grant in account.grants.of(person) {
        let Some(scope) = Scope::of_grant(&grant.scope).filter(|_| grant.permission.includes(Permission::Read)) else {
            continue;
        };
        let access = Access { scope, permission: Permission::Read };
        for document in account.documents.after(access.scope.bucket(), "", None).unwrap_or_default() {
            if found.len() == MAX_SOURCES {
                return found;
            }
            let is_new = found.iter().all(|(known, _)| !Arc::ptr_eq(known, &document));
            let text = text(&document).filter(|_| is_new && access.may_read(&document.bucket, &document.key));
            let Some(text) = text else { continue };
            let searched = format!("{} {text}", document.key).to_lowercase();
            if words.iter().any(|word| searched.contains(word)) {
                found.push((document, text));
            }
        }
    }
    found
}

/// The text of a document that is text and is not empty.
fn text(document: &Document) -> Option<String> {
    let is_text = document.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/"));
    match &document.content {
        Content::Bytes(bytes) if is_text && !bytes.is_empty() => String::from_utf8(bytes.to_vec()).ok(),
        _ => None,
    }
}

/// A message with a line for each document, and its source. Offsets count characters.
fn cited(found: &[(Arc<Document>, String)]) -> (String, Vec<Value>) {
    let mut message = "These documents may help:".to_owned();
    let mut sources = Vec::new();
    for (number, (document, text)) in (1..).zip(found) {
        let title = document.key.rsplit('/').next().unwrap_or_default();
        let snippet: String = text.chars().take(SNIPPET_CHARS).collect();
        message.push('\n');
        let begin = message.chars().count();
        message.push_str(&format!("{title} [{number}]"));
        let path = percent::encode(document.key.as_bytes(), b"/");
        sources.push(json!({
            "title": title,
            "snippet": snippet,
            "url": format!("https://{}.s3.{REGION}.amazonaws.com/{path}", document.bucket),
            "citationNumber": number,
            "updatedAt": document.modified,
            "documentId": format!("s3://{}/{}", document.bucket, document.key),
            "textMessageSegments": [{
                "beginOffset": begin,
                "endOffset": message.chars().count(),
                "snippetExcerpt": { "text": snippet },
            }],
        }));
    }
    (message, sources)
}

/// An answer that a page must not take at its word.
fn hostile() -> (String, Vec<Value>) {
    let script = "<script>document.title = 'a script of an answer ran'</script>";
    let source = json!({
        "title": script,
        "snippet": script,
        "url": "javascript:document.title='a link of an answer ran'",
        "citationNumber": -1,
        "textMessageSegments": [
            { "beginOffset": 5, "endOffset": 1_000_000 },
            { "beginOffset": -3, "endOffset": 2 },
            { "beginOffset": 9, "endOffset": 4 },
        ],
    });
    (format!("é𝄞 {script}"), vec![source])
}
