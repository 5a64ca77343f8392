use leptos::prelude::*;

use crate::format::escaped;

/// What a browser lets through, in UTF-16 code units. Every text that may be kept is shorter, and every text that gets
/// through stays, percent-encoded (nine bytes a unit at most), below the server's limit of 64 KiB for a form: so a text that
/// is too long is answered with the text itself and not with a page that has lost it.
const LONGEST: usize = 7_000;

/// A text area that shows `text` exactly as it was saved.
///
/// Leptos 0.8 does not escape the children of a `<textarea>` on the server, and an HTML parser drops a line feed that
/// comes first in one, so both are done here and nowhere else.
#[component]
pub(crate) fn MessageArea(
    id: &'static str,
    text: String,
    /// The form field; without it the text is for reading and copying only.
    #[prop(optional)]
    name: Option<&'static str>,
    /// The ids of the elements that describe it.
    #[prop(optional)]
    described_by: Option<&'static str>,
) -> impl IntoView {
    let content = format!("\n{}", escaped(&text));
    view! {
        <textarea id=id name=name rows="8" maxlength=LONGEST dir="auto" readonly=name.is_none() aria-describedby=described_by inner_html=content></textarea>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let owner = Owner::new();
        owner.with(|| view! { <MessageArea id="t" name="text" text=text.to_owned()/> }.to_html())
    }

    #[test]
    fn markup_in_a_message_stays_text() {
        let html = html("</textarea><script>alert(1)</script>&amp;");
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;</textarea>"), "{html}");
        assert!(!html.contains("<script>"), "{html}");
    }

    #[test]
    fn a_leading_line_feed_survives_the_parser() {
        assert!(html("\nx").contains(">\n\nx</textarea>"));
    }
}
