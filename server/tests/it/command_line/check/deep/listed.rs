//! What documents say of `--deep`, compared with the code.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{OF_DOCUMENTS, PLAIN, deep};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

fn in_backticks(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The table of rights in a document.
fn rights_in(document: &str) -> BTreeSet<String> {
    let (_, rights) = document.split_once("| on | actions |\n").unwrap();
    in_backticks(rights.split("\n\n").next().unwrap())
}

/// The rights that the code below `folder` names when a call is refused.
fn explained_in(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(explained_in(&path));
        } else {
            let code = std::fs::read_to_string(path).unwrap();
            found.extend(code.split("explain(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
    }
    found
}

/// A line's name in the documents, where `ID`, `TABLE` and `SETTING` stand for what differs between configurations.
fn name_of(subject: &str) -> String {
    let words: Vec<_> = subject.split(' ').collect();
    match words[..] {
        ["provider", _, "in", ..] => "provider ID in the user pool".to_owned(),
        ["provider", _, "mapping"] => "provider ID mapping".to_owned(),
        ["table", _, part] => format!("table TABLE {part}"),
        _ => subject.replace("of citizens", "of PEOPLE").replace("of case workers", "of PEOPLE"),
    }
}

/// The lines that the table of `document` under `heading` lists: the first column.
fn lines_under(document: &str, heading: &str) -> BTreeSet<String> {
    let (_, section) = document.split_once(&format!("## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    rows.map(str::to_owned).collect()
}

#[test]
fn the_list_of_lines_has_every_right_and_every_line_of_deep() {
    let page = read("../docs/check.md");
    let of_documents = rights_in(&read("../docs/providers/identity_center.md"));
    let folder = root().join("src/commands/check/deep");
    assert_eq!(explained_in(&folder.join("documents")), of_documents);
    let mut listed = rights_in(&page);
    listed.extend(of_documents);
    assert_eq!(explained_in(&folder), listed);

    let mut expected: BTreeSet<_> =
        deep().into_iter().filter(|line| !OF_DOCUMENTS.contains(line)).map(name_of).collect();
    expected.insert("secret SETTING".to_owned());
    let mut found = BTreeSet::new();
    for heading in ["The user pool", "Its providers", "Its app clients", "The tables", "Secrets and keys"] {
        found.extend(lines_under(&page, heading));
    }
    assert_eq!(found, expected);
}

#[test]
fn the_guide_of_case_workers_names_lines_that_exist() {
    let guide = read("../docs/providers/identity_center.md");
    let named: BTreeSet<_> = guide
        .lines()
        .filter_map(|line| line.split_once("In the check: "))
        .flat_map(|(_, names)| in_backticks(names))
        .collect();
    for name in &named {
        assert!(name == "clock" || PLAIN.contains(&&**name) || deep().contains(&**name), "there is no line {name}");
    }
    assert!(named.len() > 10, "{named:?}");
}

/// A sentence that the page quotes is in the code, so that an operator finds it.
#[test]
fn what_a_line_says_is_what_the_page_quotes() {
    let page = read("../docs/check.md");
    let mut code = String::new();
    let mut folders = vec![root().join("src/commands/check")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                code += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    // A long sentence in the code is broken over lines.
    let code: String = code.replace("\\\n", "").split_whitespace().collect::<Vec<_>>().join(" ");
    let quoted: Vec<_> = page.split("*\"").skip(1).map(|rest| rest.split("\"*").next().unwrap()).collect();
    assert!(quoted.len() > 30, "{}", quoted.len());
    for quote in quoted {
        let quote = quote.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(code.contains(&quote), "{quote} is not in the code");
    }
}
