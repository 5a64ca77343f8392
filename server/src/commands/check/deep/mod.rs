//! `server check --deep`: compares the settings at AWS that only administrative calls show. Each line has one subject, and says which
//! setting to change. docs/check.md lists the lines.

mod documents;
mod held;
mod pool;
mod secrets;
mod tables;

use aws_config::SdkConfig;

use super::{Line, caller::Caller, line, places::Places, role::RoleName};
use crate::{
    config::{Config, Provider},
    oidc::HttpClient,
};

/// Who asks, and about what.
struct Operator<'a> {
    config: &'a Config,
    http: &'a HttpClient,
    places: Places,
    /// The region of the tables.
    region: String,
}

impl Operator<'_> {
    /// Calls of services in `region`.
    fn in_region<'b>(&'b self, region: &'b str) -> Caller<'b> {
        Caller { http: self.http, places: &self.places, region }
    }

    /// Calls in the region of the user pool.
    fn of_pool(&self) -> Caller<'_> {
        self.in_region(&self.config.cognito.region)
    }
}

/// The lines of `--deep`.
pub(super) async fn check(
    config: &Config,
    settings: &SdkConfig,
    http: &HttpClient,
    server: Option<&RoleName>,
) -> Vec<Line> {
    let places = match Places::of_operator(config, settings, |name| std::env::var(name).ok()) {
        Ok(places) => places,
        Err(problem) => return vec![line("deep", Err(problem))],
    };
    let region = settings.region().map_or(config.cognito.region.as_str(), AsRef::as_ref).to_owned();
    let operator = Operator { config, http, places, region };
    let mut lines = documents::check(&operator, server).await;
    lines.extend(pool::check(&operator).await);
    lines.extend(tables::check(&operator).await);
    lines.extend(secrets::check(&operator).await);
    lines
}

/// The providers, each with its place in the configuration, as in `providers.0`.
fn indexed(config: &Config) -> impl Iterator<Item = (usize, &Provider)> {
    config.providers.iter().map(|provider| (provider.index, provider))
}

/// In place of a result, where an emulator lacks an operation.
const NOT_AWS: &str = "not compared: this endpoint does not know the operation";

/// `text`, followed by each note.
fn with_notes(text: &str, notes: &[String]) -> String {
    notes.iter().fold(text.to_owned(), |text, note| format!("{text}; note: {note}"))
}

/// The problems of one subject, and what is worth knowing if there are none.
#[derive(Default)]
struct Findings {
    problems: Vec<String>,
    notes: Vec<String>,
}

impl Findings {
    /// Adds the problem unless `holds`.
    fn need(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.problems.push(problem());
        }
    }

    /// Adds the note unless `holds`.
    fn advise(&mut self, holds: bool, note: impl FnOnce() -> String) {
        if !holds {
            self.notes.push(note());
        }
    }

    /// The line's result: every problem, or `text` with the notes.
    fn result(self, text: &str) -> Result<String, String> {
        if self.problems.is_empty() { Ok(with_notes(text, &self.notes)) } else { Err(self.problems.join("; ")) }
    }
}
