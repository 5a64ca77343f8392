//! Turns the sentences in `locales` into Rust: a constant for each one, a function for each one with values, and the type
//! `Language` with a variant for each file. So an unknown sentence, a missing value and an unused sentence do not compile.
//!
//! All files must have the same sentences with the same values. Each fault is reported with its file and line.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs, io,
    path::Path,
    process::ExitCode,
};

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};

/// The language whose file decides which sentences there are.
const SOURCE: &str = "en";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_SSR").is_none() {
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            for fault in faults {
                println!("cargo::error={fault}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("cargo::error=app/locales: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut files = BTreeMap::new();
    for entry in fs::read_dir("locales")? {
        let path = entry?.path();
        if let Some(tag) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".ftl")) {
            let file = File::parse(tag, &fs::read_to_string(&path)?, &mut faults);
            files.insert(tag.to_owned(), file);
        }
    }
    let Some(source) = files.get(SOURCE) else {
        return Err(io::Error::other(format!("{SOURCE}.ftl is missing")));
    };
    for (tag, file) in &files {
        file.compare(tag, source, &mut faults);
    }
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    let folder = fs::canonicalize("locales")?;
    fs::write(Path::new(&out).join("language.rs"), language(files.keys(), &folder))?;
    fs::write(Path::new(&out).join("sentences.rs"), sentences(source))?;
    Ok(faults)
}

/// The sentences of one file.
struct File {
    sentences: BTreeMap<String, Sentence>,
}

struct Sentence {
    line: usize,
    /// The first words, for the documentation.
    text: String,
    /// In the order of their first use.
    values: Vec<String>,
}

impl File {
    fn parse(tag: &str, text: &str, faults: &mut Vec<String>) -> Self {
        let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(resource, errors)| {
            faults.extend(errors.iter().map(|error| {
                let line = text[..error.pos.start].matches('\n').count() + 1;
                format!("app/locales/{tag}.ftl:{line}: {error}")
            }));
            resource
        });
        let mut sentences = BTreeMap::new();
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let id = message.id.name;
            let line = line_of(text, id);
            let mut values = Vec::new();
            let Some(pattern) = &message.value else { continue };
            collect(pattern, &mut values);
            let sentence = Sentence { line, text: first_words(pattern), values };
            if sentences.insert(id.to_owned(), sentence).is_some() {
                faults.push(format!("app/locales/{tag}.ftl:{line}: {id} is there twice"));
            }
        }
        Self { sentences }
    }

    fn compare(&self, tag: &str, source: &Self, faults: &mut Vec<String>) {
        for (id, expected) in &source.sentences {
            match self.sentences.get(id) {
                None => faults.push(format!(
                    "app/locales/{tag}.ftl: {id} is missing (app/locales/{SOURCE}.ftl:{})",
                    expected.line
                )),
                Some(own) if sorted(&own.values) != sorted(&expected.values) => faults.push(format!(
                    "app/locales/{tag}.ftl:{}: {id} has the values {:?}, and {SOURCE}.ftl has {:?}",
                    own.line, own.values, expected.values
                )),
                Some(_) => (),
            }
        }
        for (id, own) in &self.sentences {
            if !source.sentences.contains_key(id) {
                faults.push(format!("app/locales/{tag}.ftl:{}: {id} is not in {SOURCE}.ftl", own.line));
            }
        }
    }
}

fn sorted(values: &[String]) -> BTreeSet<&String> {
    values.iter().collect()
}

fn line_of(text: &str, id: &str) -> usize {
    let is_it = |line: &str| line.strip_prefix(id).is_some_and(|rest| rest.trim_start().starts_with('='));
    text.lines().position(is_it).map_or(0, |index| index + 1)
}

/// The names of the `{ $values }` of `pattern`.
fn collect(pattern: &Pattern<&str>, into: &mut Vec<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            collect_expression(expression, into);
        }
    }
}

fn collect_expression(expression: &Expression<&str>, into: &mut Vec<String>) {
    match expression {
        Expression::Inline(inline) => collect_inline(inline, into),
        Expression::Select { selector, variants } => {
            collect_inline(selector, into);
            for variant in variants {
                collect(&variant.value, into);
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, into: &mut Vec<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            if !into.iter().any(|name| name == id.name) {
                into.push(id.name.to_owned());
            }
        }
        InlineExpression::Placeable { expression } => collect_expression(expression, into),
        InlineExpression::FunctionReference { arguments: CallArguments { positional, named }, .. } => {
            for argument in positional {
                collect_inline(argument, into);
            }
            for argument in named {
                collect_inline(&argument.value, into);
            }
        }
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. } => (),
    }
}

fn first_words(pattern: &Pattern<&str>) -> String {
    let words: String = pattern
        .elements
        .iter()
        .map(|element| match element {
            PatternElement::TextElement { value } => value.replace('\n', " "),
            PatternElement::Placeable { .. } => "…".to_owned(),
        })
        .collect();
    words.replace(['`', '[', ']', '<', '>', '\\'], "")
}

fn language<'a>(tags: impl Iterator<Item = &'a String> + Clone, folder: &Path) -> String {
    let variant = |tag: &str| {
        let mut letters = tag.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>())
    };
    let mut rust = String::from(
        "/// A language that the pages are written in: a file in `app/locales`.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum Language {\n",
    );
    for tag in tags.clone() {
        let _ = writeln!(rust, "/// `{tag}`\n{},", variant(tag));
    }
    rust.push_str("}\nimpl Language {\n/// All of them, in alphabetical order.\npub const ALL: &'static [Self] = &[");
    for tag in tags.clone() {
        let _ = write!(rust, "Self::{}, ", variant(tag));
    }
    rust.push_str("];\n/// The tag of the language (BCP 47), without a region.\npub const fn tag(self) -> &'static str { match self {");
    for tag in tags.clone() {
        let _ = write!(rust, "Self::{} => {tag:?}, ", variant(tag));
    }
    rust.push_str("} }\nconst fn number_format<M>(self) -> fn(&FluentValue<'_>, &M) -> Option<String> { match self {");
    for tag in tags.clone() {
        let _ = write!(rust, "Self::{0} => |value, _| number(Self::{0}, value), ", variant(tag));
    }
    rust.push_str("} }\n");
    rust.push_str("const fn source(self) -> &'static str { match self {");
    for tag in tags {
        let _ = write!(rust, "Self::{} => include_str!({:?}), ", variant(tag), folder.join(format!("{tag}.ftl")));
    }
    rust.push_str("} }\n}\n");
    rust
}

fn sentences(source: &File) -> String {
    let mut rust = String::new();
    for (id, Sentence { text, values, .. }) in &source.sentences {
        let name = id.replace('-', "_");
        let _ = writeln!(rust, "/// {text}");
        if values.is_empty() {
            let _ = writeln!(rust, "pub(crate) const {}: Sentence = Sentence({id:?});", name.to_uppercase());
        } else {
            let parameters: String = values
                .iter()
                .map(|value| format!(", {}: impl Into<FluentValue<'a>>", value.replace('-', "_")))
                .collect();
            let pairs: String =
                values.iter().map(|value| format!("({value:?}, {}.into()), ", value.replace('-', "_"))).collect();
            let _ = writeln!(
                rust,
                "pub(crate) fn {name}<'a>(language: Language{parameters}) -> String {{ \
                 language.format(Sentence({id:?}), [{pairs}]) }}"
            );
        }
    }
    rust
}
