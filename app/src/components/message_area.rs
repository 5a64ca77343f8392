use leptos::prelude::*;

use crate::format::escaped;

/// The most that a browser lets a citizen type, in UTF-16 code units. It is more than a message may have. Percent-encoded (at
/// most nine bytes a unit) it is still below the server's limit of 64 KiB for a form. So the server can answer a text that is
/// too long with a page that still holds the text.
const MAX_UTF16_UNITS: usize = 7_000;

/// About the rows that `text` needs, so that nothing of it is hidden on paper: a row has about 70 characters. On a screen the style
/// sheet limits the height, and the text scrolls.
fn rows(text: &str) -> usize {
    let rows: usize = text.lines().map(|line| 1 + line.chars().count() / 70).sum();
    (rows + 1).max(8)
}

/// The text area of the field `text`. It shows the text exactly as it is.
///
/// Leptos 0.8 does not escape the children of a `<textarea>` on the server, and an HTML parser drops a leading line feed.
/// Every text area uses this component, which takes care of both.
#[component]
pub(crate) fn MessageArea(
    id: &'static str,
    text: String,
    /// Whether the text can only be read and copied.
    #[prop(optional)]
    is_read_only: bool,
    /// Whether an error of this field is shown.
    #[prop(optional)]
    is_invalid: bool,
    /// The ids of the elements that describe it.
    #[prop(optional)]
    described_by: Option<&'static str>,
) -> impl IntoView {
    let content = format!("\n{}", escaped(&text));
    view! {
        <textarea id=id name="text" rows=rows(&text) maxlength=MAX_UTF16_UNITS dir="auto" readonly=is_read_only aria-invalid=is_invalid.then_some("true") aria-describedby=described_by inner_html=content></textarea>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let owner = Owner::new();
        owner.with(|| view! { <MessageArea id="t" text=text.to_owned()/> }.to_html())
    }

    #[test]
    fn markup_in_a_message_stays_text() {
        let html = html("</textarea><script>alert(1)</script>&amp;");
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;</textarea>"), "{html}");
        assert!(!html.contains("<script>"), "{html}");
    }

    #[test]
    fn a_long_text_has_more_rows() {
        for (text, expected) in
            [("", 8), ("a\nb", 8), (&"a\n".repeat(20), 21), (&"a".repeat(700), 12), (&"a\n".repeat(2_000), 2_001)]
        {
            assert_eq!(rows(text), expected);
            assert!(html(text).contains(&format!("rows=\"{expected}\"")), "{}", html(text));
        }
    }

    #[test]
    fn a_leading_line_feed_survives_the_parser() {
        assert!(html("\nx").contains(">\n\nx</textarea>"));
    }
}
