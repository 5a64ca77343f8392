//! The direction of dependencies: which room of the server may use which others, and where a vendor may be named.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Every room, from the top floor down, with the rooms that it uses. A room uses only rooms that come after it, so there are no
/// circles. `main.rs` and `lib.rs` hold nothing but the way in.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "commands",
        &[
            "assets",
            "aws",
            "citizen",
            "config",
            "export",
            "federation",
            "local_profile",
            "oidc",
            "providers",
            "records",
            "request_context",
            "secret",
            "security_log",
            "sessions",
            "sign_in",
            "site_keys",
            "start",
            "telemetry",
        ],
    ),
    (
        "start",
        &[
            "api",
            "assets",
            "assistant",
            "aws",
            "background",
            "brand",
            "config",
            "cookies",
            "documents",
            "export",
            "failure",
            "federation",
            "health",
            "kept_text",
            "language",
            "layers",
            "metrics",
            "oidc",
            "pages",
            "records",
            "rendering",
            "request_context",
            "secret",
            "security_log",
            "security_txt",
            "serving",
            "sessions",
            "sign_in",
            "site_keys",
            "static_files",
            "tasks",
            "telemetry",
            "traces",
        ],
    ),
    (
        "api",
        &[
            "aws",
            "citizen",
            "config",
            "export",
            "failure",
            "id_token",
            "layers",
            "media_type",
            "metrics",
            "oidc",
            "records",
            "request_context",
            "secret",
            "security_log",
            "tasks",
        ],
    ),
    ("local_profile", &["assets", "assistant", "aws", "config", "federation", "secret"]),
    ("no_local_profile", &["assets", "config"]),
    (
        "pages",
        &[
            "assets",
            "aws",
            "citizen",
            "config",
            "cookies",
            "export",
            "failure",
            "fetch_metadata",
            "form",
            "kept_text",
            "language",
            "layers",
            "oidc",
            "records",
            "redirect",
            "rendering",
            "request_context",
            "return_to",
            "secret",
            "security_log",
            "sessions",
            "sign_in",
            "tasks",
            "visitor",
        ],
    ),
    (
        "assistant",
        &[
            "aws",
            "config",
            "documents",
            "failure",
            "form",
            "language",
            "layers",
            "records",
            "rendering",
            "request_context",
            "secret",
            "security_log",
            "sessions",
            "sign_in",
            "visitor",
        ],
    ),
    (
        "no_assistant",
        &["config", "documents", "language", "layers", "records", "rendering", "secret", "security_log", "sessions"],
    ),
    (
        "documents",
        &[
            "aws",
            "config",
            "failure",
            "fetch_metadata",
            "layers",
            "oidc",
            "providers",
            "records",
            "redirect",
            "rendering",
            "request_context",
            "secret",
            "security_log",
            "serving",
            "sessions",
            "sign_in",
            "visitor",
        ],
    ),
    ("no_documents", &["config", "layers", "records", "rendering", "security_log", "sessions", "sign_in"]),
    (
        "sign_in",
        &[
            "aws",
            "citizen",
            "config",
            "cookies",
            "device",
            "failure",
            "id_token",
            "kept_text",
            "language",
            "layers",
            "metrics",
            "oidc",
            "records",
            "redirect",
            "request_context",
            "return_to",
            "secret",
            "security_log",
            "sessions",
            "tasks",
        ],
    ),
    (
        "federation",
        &[
            "aws",
            "config",
            "failure",
            "language",
            "layers",
            "media_type",
            "metrics",
            "oidc",
            "once_per_minute",
            "providers",
            "redirect",
            "secret",
        ],
    ),
    ("health", &["aws", "config", "failure", "layers", "oidc"]),
    ("security_txt", &["config", "failure", "layers"]),
    ("brand", &["config", "layers"]),
    ("static_files", &["assets", "failure", "layers"]),
    ("visitor", &["citizen", "failure", "language", "layers", "redirect", "request_context", "return_to", "sessions"]),
    ("layers", &["config", "failure", "language", "metrics", "request_context", "security_log", "traces", "weight"]),
    ("redirect", &["failure"]),
    ("failure", &["cookies", "language", "media_type", "network", "rendering", "request_context", "secret"]),
    ("form", &["media_type", "secret"]),
    ("export", &["aws", "citizen", "config", "records", "secret"]),
    ("kept_text", &["aws", "citizen", "cookies", "secret"]),
    (
        "sessions",
        &[
            "aws",
            "citizen",
            "config",
            "cookies",
            "metrics",
            "records",
            "request_context",
            "secret",
            "security_log",
            "tasks",
        ],
    ),
    ("records", &["aws", "citizen", "config", "metrics", "request_context", "security_log"]),
    ("security_log", &["citizen", "config", "network", "request_context", "telemetry"]),
    ("serving", &["metrics", "network", "once_per_minute"]),
    ("request_context", &["config", "network", "once_per_minute", "secret"]),
    ("rendering", &["assets", "config"]),
    ("assets", &["config"]),
    ("id_token", &["citizen", "config", "oidc", "secret"]),
    ("site_keys", &["aws", "citizen", "config", "secret"]),
    ("citizen", &["config", "return_to", "secret"]),
    ("aws", &["config", "metrics", "secret", "traces"]),
    ("return_to", &["oidc"]),
    ("oidc", &["traces"]),
    ("tasks", &["traces"]),
    ("traces", &["metrics", "once_per_minute"]),
    ("metrics", &[]),
    ("once_per_minute", &[]),
    ("config", &["providers", "secret"]),
    ("background", &[]),
    ("language", &["cookies", "weight"]),
    ("cookies", &[]),
    ("device", &[]),
    ("fetch_metadata", &[]),
    ("media_type", &[]),
    ("network", &[]),
    ("providers", &[]),
    ("secret", &[]),
    ("telemetry", &[]),
    ("weight", &[]),
];

/// Names of vendors, in every spelling, and the places that may know them.
const VENDORS: [&str; 5] = ["itsme", "login.?gov", "auth0", "beyond.?identity", "identity.?center"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The Rust files below `folder`, with their paths below it.
fn files(folder: &Path) -> Vec<(String, String)> {
    fn collect(root: &Path, folder: &Path, into: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                into.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut all = Vec::new();
    collect(folder, folder, &mut all);
    assert!(!all.is_empty(), "no file in {}", folder.display());
    all
}

/// Whether a file holds tests alone: what tests use is no arrow.
fn is_test(name: &str) -> bool {
    ["tests.rs", "properties.rs", "fuzzing.rs"].iter().any(|end| name.ends_with(end))
}

/// A file without its unit tests and comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The room that a file belongs to.
fn room(name: &str) -> &str {
    name.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The first names behind every `crate::` of `code`, in groups too: `a` and `b` of `crate::{a::x, b::{y, z}}`.
fn used(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(word(rest));
            continue;
        };
        let (mut depth, mut at_start) = (0, true);
        for (place, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => at_start = true,
                letter if at_start && letter.is_alphabetic() => {
                    names.insert(word(&group[place..]));
                    at_start = false;
                }
                _ => (),
            }
        }
    }
    names
}

#[test]
fn a_group_of_imports_is_read() {
    let found = used("use crate::{\n    a::x,\n    b::{y, z},\n    c,\n};\nfn f() { crate::d::g() }");
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
}

#[test]
fn rooms_depend_one_way() {
    for (place, (room, uses)) in ARROWS.iter().enumerate() {
        for used in *uses {
            assert!(ARROWS[place + 1..].iter().any(|(below, _)| below == used), "{room} -> {used} runs back up");
        }
    }
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in files(&root().join("server/src")) {
        if is_test(&name) || ["lib.rs", "main.rs"].contains(&name.as_str()) {
            continue;
        }
        let own = room(&name);
        found.entry(own.to_owned()).or_default().extend(used(&code(&text)).into_iter().filter(|used| used != own));
    }
    let allowed: BTreeMap<_, BTreeSet<_>> = ARROWS
        .iter()
        .map(|(room, uses)| ((*room).to_owned(), uses.iter().map(|used| (*used).to_owned()).collect()))
        .collect();
    assert_eq!(found, allowed, "the rooms of the server, and the table in this file");
}

#[test]
fn app_and_local_never_depend_on_the_server() {
    for (crate_name, banned) in [("app", &["aws_", "axum", "server::", "local::"][..]), ("local", &["server::"])] {
        for (name, text) in files(&root().join(crate_name).join("src")) {
            for word in banned {
                let is_used = code(&text).lines().any(|line| line.trim_start().starts_with(&format!("use {word}")));
                assert!(!is_used, "{crate_name}/src/{name} uses {word}");
            }
        }
    }
}

#[test]
fn a_vendor_is_named_in_one_place_of_each_crate() {
    let names_a_vendor = |line: &str| {
        let plain: String = line.to_lowercase().chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
        // "its message" names no vendor.
        let as_one_word = |vendor: &str| !vendor.contains(".?") && line.to_lowercase().contains(vendor);
        let in_any_spelling = |vendor: &str| vendor.contains(".?") && plain.contains(&vendor.replace(".?", ""));
        VENDORS.iter().any(|vendor| as_one_word(vendor) || in_any_spelling(vendor))
    };
    for (folder, homes) in [
        ("server/src", &["providers/"][..]),
        ("app/src", &["look.rs"]),
        // The stand-ins for AWS are named after what they stand for.
        ("local/src", &["providers/vendors/", "aws/"]),
        ("frontend/src", &[]),
    ] {
        for (name, text) in files(&root().join(folder)) {
            if homes.iter().any(|home| name.starts_with(home)) || is_test(&name) {
                continue;
            }
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let line = text.lines().find(|line| names_a_vendor(line));
            assert_eq!(line, None, "{folder}/{name} names a vendor, and only {homes:?} may");
        }
    }
}

#[test]
fn a_feature_of_cargo_is_named_once_in_each_crate() {
    // In the list of modules, where one word decides which of two files a module is.
    for (folder, feature, home) in [
        ("server/src", "local", "lib.rs"),
        ("server/src", "assistant", "lib.rs"),
        ("server/src", "documents", "lib.rs"),
        ("local/src", "faults", "user_pool/mod.rs"),
        ("app/src", "hydrate", "islands/mod.rs"),
        ("app/src", "ssr", "lib.rs"),
    ] {
        for (name, text) in files(&root().join(folder)) {
            let is_named = text.contains(&format!("feature = \"{feature}\""));
            assert_eq!(is_named, name == home, "{folder}/{name}: the feature {feature}");
        }
    }
}
