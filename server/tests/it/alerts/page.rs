//! `docs/operations.md`.

use std::sync::LazyLock;

use regex_lite::Regex;

pub const PAGE: &str = include_str!("../../../../docs/operations.md");

/// What the page says about an alert.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub alert: &'static str,
    anchor: &'static str,
    text: &'static str,
}

/// The entries of all alerts, in their order.
pub static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut entries = Vec::new();
    for part in PAGE.split("\n### ").skip(1) {
        let (heading, text) = part.split_once('\n').unwrap();
        let text = text.split("\n## ").next().unwrap();
        let Some(alert) = text.trim_start().strip_prefix('`').and_then(|rest| rest.split('`').next()) else { continue };
        entries.push(Entry { alert, anchor: anchor(heading).leak(), text });
    }
    entries
});

/// The anchor that GitHub and GitLab make of a heading.
fn anchor(heading: &str) -> String {
    let kept =
        heading.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || " -".contains(*c)).collect::<String>();
    kept.replace(' ', "-")
}

/// The entry with this anchor.
pub fn entry(anchor: &str) -> Entry {
    *ENTRIES.iter().find(|entry| entry.anchor == anchor).unwrap_or_else(|| panic!("no entry {anchor}"))
}

/// The entry of this alert.
pub fn entry_of(alert: &str) -> Entry {
    *ENTRIES.iter().find(|entry| entry.alert == alert).unwrap_or_else(|| panic!("no entry about {alert}"))
}

impl Entry {
    /// What it tells the reader to do, in one line.
    fn steps(&self) -> String {
        let (_, steps) = self.text.split_once("- **Do**").unwrap_or_else(|| panic!("{}: nothing to do", self.alert));
        steps.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The drill takes this step, which the entry tells in these words.
    #[track_caller]
    pub fn step(&self, words: &str) {
        assert!(self.steps().contains(words), "{}: no step “{words}” in: {}", self.alert, self.steps());
    }

    /// The drill runs this command, which the entry tells to look at.
    #[track_caller]
    pub fn look(&self, words: &str) {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (look, _) = text.split_once("- **Do**").unwrap();
        assert!(look.contains(words), "{}: “{words}” is not in: {look}", self.alert);
    }

    /// The settings that it tells to deploy.
    #[track_caller]
    pub fn settings(&self) -> &'static str {
        let (_, block) = self.text.split_once("```toml\n").unwrap_or_else(|| panic!("{}: no settings", self.alert));
        block.split("```").next().unwrap().leak_indent()
    }
}

/// A block inside a list is indented.
trait LeakIndent {
    fn leak_indent(&self) -> &'static str;
}

impl LeakIndent for str {
    fn leak_indent(&self) -> &'static str {
        self.lines().map(|line| format!("{}\n", line.trim_start())).collect::<String>().leak()
    }
}

#[test]
fn an_entry_says_what_citizens_notice_where_to_look_and_what_to_do() {
    assert!(ENTRIES.len() > 15);
    let parts = Regex::new(r"(?m)^- \*\*(\w+)\*\*").unwrap();
    for entry in &*ENTRIES {
        let found: Vec<_> = parts.captures_iter(entry.text).map(|found| found[1].to_owned()).collect();
        assert_eq!(found, ["Citizens", "Look", "Do"], "{}", entry.alert);
    }
}

#[test]
fn links_lead_to_places_that_exist() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let links = Regex::new(r"\]\(([^)#]*)(?:#([^)]*))?\)").unwrap();
    let mut count = 0;
    for link in links.captures_iter(PAGE).filter(|link| !link[1].starts_with("http")) {
        let text = match &link[1] {
            "" => PAGE.to_owned(),
            file => std::fs::read_to_string(docs.join(file)).unwrap_or_else(|_| panic!("no {file}")),
        };
        if let Some(wanted) = link.get(2) {
            let mut headings =
                text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#'));
            assert!(headings.any(|heading| anchor(heading.trim()) == wanted.as_str()), "{}", &link[0]);
        }
        count += 1;
    }
    assert!(count > 10);
}
