use std::fmt;

use serde_json::json;

/// One line of the report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// What was checked.
    pub(super) subject: String,
    /// What was found, or what is wrong and how to fix it.
    pub(super) result: Result<String, String>,
}

pub(super) fn line(subject: &str, result: Result<String, String>) -> Line {
    Line { subject: subject.to_owned(), result }
}

/// The longest text of a line. The rest is cut off.
const MAX_CHARACTERS: usize = 600;

impl Line {
    /// The line as a JSON object, for programs.
    pub(super) fn to_json(&self) -> String {
        let (is_ok, text) = match &self.result {
            Ok(found) => (true, found),
            Err(problem) => (false, problem),
        };
        json!({ "subject": self.subject, "ok": is_ok, "text": shortened(text) }).to_string()
    }
}

/// Part of the text comes from remote servers. Control characters are escaped, so that it cannot forge lines or control
/// the terminal.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verdict, text) = match &self.result {
            Ok(found) => ("ok  ", found),
            Err(problem) => ("FAIL", problem),
        };
        write!(f, "{verdict}  {}: ", self.subject)?;
        for character in shortened(text).chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?
            } else {
                write!(f, "{character}")?
            }
        }
        Ok(())
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_text_cannot_forge_a_line() {
        let forged = line("discovery", Ok("x\u{1b}[2K\nok    signing keys: 2 for RS256".to_owned()));
        assert_eq!(forged.to_string(), "ok    discovery: x\\u{1b}[2K\\nok    signing keys: 2 for RS256");
        assert_eq!(forged.to_json().lines().count(), 1);
        let long = line("discovery", Err("é".repeat(100_000))).to_string();
        assert!(long.ends_with("éé…") && long.chars().count() < 700, "{}", long.len());
    }
}
