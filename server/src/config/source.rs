//! The values of the file and of the environment, each as a flat map from path to text.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fmt, fs,
    path::{Path, PathBuf},
};

use tracing::warn;

/// Variables with the prefix `MYDATA_` that are not keys.
const OTHER_VARIABLES: [&str; 2] = ["MYDATA_CONFIG", "MYDATA_LOCAL_DATA_DIR"];

/// One error and the key to change. It never holds the value, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The path of the key, such as `cognito.region`.
    pub key: String,
    /// What is wrong and what is expected.
    pub problem: String,
}

impl Fault {
    pub(super) fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into() }
    }
}

/// The values that are still unread, and the faults found so far.
#[derive(Default)]
pub struct Source {
    file: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
    /// The keys of the file's empty arrays and tables, which have no path of their own.
    empty: BTreeSet<String>,
    faults: Vec<Fault>,
    /// The folder of the file.
    folder: PathBuf,
}

// Values may be secrets.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("faults", &self.faults).finish_non_exhaustive()
    }
}

impl Source {
    /// Reads the file at `path` and the process's environment. An unreadable file is one of the faults.
    pub fn load(path: &Path) -> Self {
        let mut source = match fs::read_to_string(path) {
            Ok(text) => Self::from_toml(&text),
            Err(error) => Self {
                faults: vec![Fault::new(path.display().to_string(), format!("cannot be read ({error})"))],
                ..Self::default()
            },
        };
        source.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        source.override_by(variables());
        source
    }

    /// Reads the process's environment, without a file.
    pub fn from_environment() -> Self {
        let mut source = Self::default();
        source.override_by(variables());
        source
    }

    /// Reads a TOML document.
    pub fn from_toml(text: &str) -> Self {
        let mut source = Self::default();
        match text.parse::<toml::Table>() {
            Ok(table) => flatten("", toml::Value::Table(table), &mut source.file, &mut source.empty),
            Err(error) => {
                // `Display` would add an excerpt, which may show a secret.
                let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count().max(1));
                source.faults.push(Fault::new(format!("line {line}"), format!("not valid TOML: {}", error.message())));
            }
        }
        source
    }

    /// Lets `variables` (name and value) override the file. Templates produce empty variables, so those count as unset.
    pub fn override_by(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        for (name, value) in variables {
            if let Some(path) =
                name.strip_prefix("MYDATA_").filter(|_| !value.is_empty() && !OTHER_VARIABLES.contains(&name.as_str()))
            {
                self.environment.insert(path.to_lowercase().replace("__", "."), value);
            }
        }
    }

    /// Sets a value as if it were in the file.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.file.insert(key.to_owned(), value.into());
    }

    /// Where relative paths of this configuration start: the folder of its file.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The value of `key`; a missing value is a fault.
    pub(super) fn required<T>(
        &mut self,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        if !self.has(key) {
            self.fault(key, format!("is missing; expected {expected}"));
            return None;
        }
        self.optional(key, expected, parse)
    }

    /// The value of `key`, or of `default` if it is not set.
    pub(super) fn with_default<T>(
        &mut self,
        key: &str,
        expected: &str,
        default: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if self.has(key) { self.optional(key, expected, parse) } else { parse(default) }
    }

    /// The value of `key`; `None` if it is not set or invalid. An invalid value is a fault.
    pub(super) fn optional<T>(
        &mut self,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let parsed = parse(value.trim());
        if parsed.is_none() {
            self.fault(key, format!("expected {expected}"));
        }
        parsed
    }

    /// A list: an array in the file; an array or separated words in the environment.
    pub(super) fn list(&mut self, key: &str) -> Option<Vec<String>> {
        let places = self.indexes(key);
        let items: Vec<_> = places.iter().filter_map(|index| self.take(&format!("{key}.{index}"))).collect();
        let words = self.take(key).map(|text| words(&text));
        words.or((!places.is_empty()).then_some(items))
    }

    /// As [`list`](Self::list), and an empty array in the file counts as set.
    pub(super) fn list_or_empty(&mut self, key: &str) -> Option<Vec<String>> {
        self.list(key).or_else(|| self.empty.contains(key).then(Vec::new))
    }

    /// The places of the array `key` with anything in them, in their order: from 0 to 99. Variables may leave places out.
    pub(super) fn indexes(&self, key: &str) -> Vec<usize> {
        let prefix = format!("{key}.");
        let index = |path: &String| path.strip_prefix(&prefix)?.split('.').next()?.parse::<usize>().ok();
        let paths = self.file.keys().chain(self.environment.keys()).chain(&self.empty);
        let places: BTreeSet<_> = paths.filter_map(index).filter(|index| *index < 100).collect();
        places.into_iter().collect()
    }

    /// Whether the table `key` has any entry.
    pub(super) fn has_below(&self, key: &str) -> bool {
        let prefix = format!("{key}.");
        self.file.keys().chain(self.environment.keys()).any(|path| path.starts_with(&prefix))
    }

    /// The first parts of the keys below the table `key`, each once.
    pub(super) fn names_below(&self, key: &str) -> BTreeSet<String> {
        let prefix = format!("{key}.");
        let name = |path: &String| Some(path.strip_prefix(&prefix)?.split('.').next()?.to_owned());
        self.file.keys().chain(self.environment.keys()).filter_map(name).collect()
    }

    /// Removes the table `key` of the file if a variable has a value for the whole key.
    pub(super) fn let_variable_replace_table(&mut self, key: &str) {
        if self.environment.contains_key(key) {
            let prefix = format!("{key}.");
            self.file.retain(|path, _| !path.starts_with(&prefix));
        }
    }

    /// Reports `key` and everything below it as one fault.
    pub(super) fn refuse_table(&mut self, key: &str, problem: String) {
        let prefix = format!("{key}.");
        for values in [&mut self.file, &mut self.environment] {
            values.retain(|path, _| path != key && !path.starts_with(&prefix));
        }
        self.fault(key, problem);
    }

    /// Whether `key`, or a key below it, has a fault so far.
    pub(super) fn has_fault(&self, key: &str) -> bool {
        let is_below =
            |fault: &str| fault.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.faults.iter().any(|fault| is_below(&fault.key))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.file.contains_key(key) || self.environment.contains_key(key)
    }

    pub(super) fn fault(&mut self, key: &str, problem: impl Into<String>) {
        self.faults.push(Fault::new(key, problem));
    }

    /// The faults so far, whatever is still unread.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// How many variables are still unread.
    pub(super) fn unread_variables(&self) -> usize {
        self.environment.len()
    }

    /// All faults. Unread keys of the file are faults too; unread variables only cause a warning, because Kubernetes
    /// sets variables such as `MYDATA_PORT` for a service called `mydata`.
    pub(super) fn finish(mut self) -> Vec<Fault> {
        for key in self.environment.keys() {
            warn!(
                variable = format!("MYDATA_{}", key.to_uppercase().replace('.', "__")),
                "environment variable matches no configuration key"
            );
        }
        let unknown = self.file.keys().map(|key| Fault::new(key, "is not a known key"));
        self.faults.extend(unknown);
        self.faults
    }

    fn take(&mut self, key: &str) -> Option<String> {
        let from_file = self.file.remove(key);
        self.environment.remove(key).or(from_file)
    }
}

/// The process's environment.
fn variables() -> impl Iterator<Item = (String, String)> {
    env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// `["a", "b"]`, `a b` or `a,b`.
fn words(text: &str) -> Vec<String> {
    let is_separator = |character: char| character.is_whitespace() || matches!(character, ',' | '[' | ']' | '"' | '\'');
    text.split(is_separator).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn flatten(path: &str, value: toml::Value, into: &mut BTreeMap<String, String>, empty: &mut BTreeSet<String>) {
    let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        toml::Value::Table(table) if table.is_empty() => drop(empty.insert(path.to_owned())),
        toml::Value::Table(table) => {
            table.into_iter().for_each(|(key, value)| flatten(&under(&key), value, into, empty))
        }
        toml::Value::Array(items) if items.is_empty() => drop(empty.insert(path.to_owned())),
        toml::Value::Array(items) => items
            .into_iter()
            .enumerate()
            .for_each(|(index, value)| flatten(&under(&index.to_string()), value, into, empty)),
        toml::Value::String(text) => drop(into.insert(path.to_owned(), text)),
        toml::Value::Integer(number) => drop(into.insert(path.to_owned(), number.to_string())),
        toml::Value::Float(number) => drop(into.insert(path.to_owned(), number.to_string())),
        toml::Value::Boolean(truth) => drop(into.insert(path.to_owned(), truth.to_string())),
        toml::Value::Datetime(moment) => drop(into.insert(path.to_owned(), moment.to_string())),
    }
}
