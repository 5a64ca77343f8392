//! Names of folders and documents as they are shown. Other people have given them, and any character may be in one.

use leptos::prelude::*;

/// A name with every space in it, and kept apart from the text around it, whatever its direction.
#[component]
pub(super) fn Name(name: String) -> impl IntoView {
    let class = if is_collapsed(&name) { "name name-spaced" } else { "name" };
    view! { <bdi class=class>{name}</bdi> }
}

/// Whether a browser would leave out some of the spaces.
fn is_collapsed(name: &str) -> bool {
    name.starts_with(' ') || name.ends_with(' ') || name.contains("  ")
}

/// The last part of `key`, which may be that of a folder; empty if that part has no name.
pub(super) fn last_part(key: &str) -> &str {
    let key = key.strip_suffix('/').unwrap_or(key);
    key.rsplit('/').next().unwrap_or(key)
}

/// `name` with U+FFFD for what is not seen but changes what is: control characters, and those that turn the direction around, which
/// make `fdp.exe` of `exe.pdf` (Unicode Technical Report 36, 3.5). Marks that write a language well, such as the joiners, stay.
pub(super) fn shown(name: &str) -> String {
    name.chars().map(|char| if is_hidden(char) { char::REPLACEMENT_CHARACTER } else { char }).collect()
}

fn is_hidden(char: char) -> bool {
    char.is_control() || matches!(char, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_of_a_key() {
        for (key, name) in [("a/b/c.pdf", "c.pdf"), ("a/b/", "b"), ("a", "a"), ("a//", ""), ("", ""), ("/", "")] {
            assert_eq!(last_part(key), name, "{key}");
        }
    }

    #[test]
    fn what_hides_in_a_name_is_shown() {
        assert_eq!(shown("a\u{202e}fdp.exe"), "a\u{fffd}fdp.exe");
        assert_eq!(shown("a\u{0}\n\u{85}\u{2067}"), "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
        for whole in [" a ", "שלום.pdf", "می\u{200c}خواهم", "👩\u{200d}💻"] {
            assert_eq!(shown(whole), whole);
        }
    }
}
