//! Turns the sentences in `locales` into Rust: a constant for each one, a function for each one with values, and the type
//! `Language` with a variant for each file. So an unknown sentence, a missing value and an unused sentence do not compile.
//!
//! All files must have the same sentences with the same values. Each fault is reported with its file and line.

#[path = "build/locales.rs"]
mod locales;

use std::{collections::BTreeMap, env, fmt::Write as _, fs, io, path::Path, process::ExitCode};

use locales::{File, SOURCE, Sentence};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build/locales.rs");
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
    rust.push_str("} }\nconst fn source(self) -> &'static str { match self {");
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
