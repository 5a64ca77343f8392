//! What one citizen saved, and whether what is stored fits to it.

use std::cmp::Ordering;

/// What citizens write after the number of a text.
const WORDS: &str = "A line of text that somebody wants to find again. ";

/// How a text that was read compares with those that were saved.
pub(crate) enum Found {
    /// It is the one that was acknowledged last.
    Expected,
    /// It is a later one, of which nobody knew until now.
    Later,
    /// It is older than one that was acknowledged, or nothing is there.
    Lost,
    /// This citizen never wrote it.
    Foreign,
}

/// The saves of one citizen, numbered from 1.
pub(crate) struct Saves {
    citizen: String,
    /// The last one that was acknowledged or read; 0 before the first.
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

    /// The text given out last was acknowledged.
    pub(crate) fn acknowledged(&mut self) {
        self.kept = self.sent;
    }

    /// Judges what is stored. It counts as kept from now on, so that a loss is told once.
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
