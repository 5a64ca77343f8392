//! The saves of one citizen, and the comparison with the stored text.

use std::cmp::Ordering;

/// The text after its number.
const WORDS: &str = "A line of text to find again. ";

/// A stored text, compared with the saves.
pub(crate) enum Found {
    /// The one that was acknowledged last.
    Expected,
    /// A later one, whose save was not acknowledged.
    Later,
    /// Older than an acknowledged one, or missing.
    Lost,
    /// Not a text of this citizen.
    Foreign,
}

/// The saves of one citizen, numbered from 1.
pub(crate) struct Saves {
    citizen: String,
    /// The last one that was acknowledged or read, or 0.
    kept: u64,
    sent: u64,
}

impl Saves {
    pub(crate) fn of(citizen: &str) -> Self {
        Self { citizen: citizen.to_owned(), kept: 0, sent: 0 }
    }

    /// The next text.
    pub(crate) fn next(&mut self) -> String {
        self.sent += 1;
        self.text(self.sent)
    }

    /// Records that the latest text was acknowledged.
    pub(crate) fn acknowledged(&mut self) {
        self.kept = self.sent;
    }

    /// Compares the stored text. It counts as stored from now on, so that a loss is reported once.
    pub(crate) fn compare(&mut self, stored: &str) -> Found {
        let Some(number) = self.number(stored) else { return Found::Foreign };
        let found = match number.cmp(&self.kept) {
            Ordering::Less => Found::Lost,
            Ordering::Equal => Found::Expected,
            Ordering::Greater => Found::Later,
        };
        self.kept = number;
        found
    }

    fn number(&self, stored: &str) -> Option<u64> {
        if stored.is_empty() {
            return Some(0);
        }
        let number = stored.split(' ').nth(1)?.parse().ok()?;
        ((1..=self.sent).contains(&number) && stored == self.text(number)).then_some(number)
    }

    fn text(&self, number: u64) -> String {
        format!("{} {number} {}", self.citizen, WORDS.repeat(4).trim_end())
    }
}
