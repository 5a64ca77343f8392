//! An answer, made of what the assistant sent. It is text: what looks like Markdown or HTML stays as it is.

use std::fmt;

use app::pages::assistant::Source;
use aws_sdk_qbusiness::{operation::chat_sync::ChatSyncOutput, types::SourceAttribution};
use url::Url;

use super::{AssistantError, Ids};

/// The most characters of an answer that are shown, of a title, and of a part of a document.
const MAX_TEXT: usize = 50_000;
const MAX_TITLE: usize = 500;
const MAX_SNIPPET: usize = 2_000;
const MAX_SOURCES: usize = 50;
const MAX_URL: usize = 2_048;

/// What the assistant answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The text.
    pub text: String,
    /// Where it is from, in the order of the assistant's numbers.
    pub sources: Vec<Source>,
    /// How to continue the conversation. `None` if the assistant did not say.
    pub ids: Option<Ids>,
}

impl Answer {
    /// # Errors
    /// There is no text.
    pub(super) fn of(output: &ChatSyncOutput) -> Result<Self, AssistantError> {
        let text = output.system_message().map(str::trim).filter(|text| !text.is_empty());
        let text = text.ok_or(AssistantError::without_text())?;
        let mut given: Vec<_> = output.source_attributions().iter().flatten().collect();
        given.sort_by_key(|source| source.citation_number().unwrap_or(i32::MAX));
        let ids = output.conversation_id().zip(output.system_message_id());
        Ok(Self {
            text: first(text, MAX_TEXT),
            sources: given.into_iter().take(MAX_SOURCES).map(source).collect(),
            ids: ids
                .map(|(conversation, parent)| Ids { conversation: conversation.to_owned(), parent: parent.to_owned() }),
        })
    }
}

fn source(given: &SourceAttribution) -> Source {
    Source {
        title: first(given.title().unwrap_or_default(), MAX_TITLE),
        snippet: first(given.snippet().unwrap_or_default(), MAX_SNIPPET),
        url: given.url().and_then(https),
    }
}

/// An address that may be a link: with TLS, of a named host, and without a password that would be sent there.
fn https(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok().filter(|_| text.len() <= MAX_URL)?;
    let is_safe = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    is_safe.then(|| url.into())
}

fn first(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

// An answer must never reach a log.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output() -> aws_sdk_qbusiness::operation::chat_sync::builders::ChatSyncOutputBuilder {
        ChatSyncOutput::builder().system_message("An answer.")
    }

    #[test]
    fn only_https_addresses_are_links() {
        for (url, expected) in [
            ("https://files.example/a b", Some("https://files.example/a%20b")),
            ("HTTPS://files.example", Some("https://files.example/")),
            ("http://files.example/", None),
            ("javascript:alert(1)", None),
            ("https:", None),
            ("//files.example", None),
            ("https://name:secret@files.example/", None),
            ("https://bank.example@files.example/", None),
            ("data:text/html,x", None),
            ("s3://bucket/key", None),
            ("", None),
        ] {
            assert_eq!(https(url).as_deref(), expected, "{url}");
        }
        assert_eq!(https(&format!("https://files.example/{}", "x".repeat(MAX_URL))), None);
    }

    #[test]
    fn sources_are_in_the_order_of_their_numbers_and_texts_are_bounded() {
        let source =
            |number, title: &str| Some(SourceAttribution::builder().set_citation_number(number).title(title).build());
        let output = output()
            .source_attributions(source(None, "last"))
            .source_attributions(source(Some(2), "second"))
            .source_attributions(source(Some(-1), &"é".repeat(600)))
            .system_message(format!("  {}", "𝄞".repeat(60_000)))
            .build();
        let answer = Answer::of(&output).unwrap();
        let titles: Vec<_> =
            answer.sources.iter().map(|source| source.title.chars().take(6).collect::<String>()).collect();
        assert_eq!(titles, ["éééééé", "second", "last"]);
        assert_eq!((answer.text.chars().count(), answer.sources[0].title.chars().count()), (MAX_TEXT, MAX_TITLE));
        assert_eq!(answer.ids, None);
    }

    #[test]
    fn an_answer_has_a_text_and_both_ids_or_none() {
        let answer = Answer::of(&output().conversation_id("c").system_message_id("m").build()).unwrap();
        assert_eq!(answer.ids, Some(Ids { conversation: "c".to_owned(), parent: "m".to_owned() }));
        assert_eq!(Answer::of(&output().conversation_id("c").build()).unwrap().ids, None);
        for empty in ["", " \n"] {
            assert!(Answer::of(&output().system_message(empty).build()).is_err());
        }
        assert_eq!(format!("{answer:?} {:?}", answer.ids), "Answer(…) Some(Ids(…))");
    }
}
