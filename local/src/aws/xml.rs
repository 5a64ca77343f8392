//! Elements of XML documents, as text.

/// An element with text in it.
pub(super) fn text(name: &str, value: &str) -> String {
    parent(name, &escape(value))
}

/// An element with these children, which are XML already.
pub(super) fn parent(name: &str, children: &str) -> String {
    format!("<{name}>{children}</{name}>")
}

/// A document with this root.
pub(super) fn document(root: &str, namespace: Option<&str>, children: &str) -> String {
    let namespace = namespace.map(|namespace| format!(" xmlns=\"{namespace}\"")).unwrap_or_default();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root}{namespace}>{children}</{root}>")
}

fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 has no other way to write them, and S3 writes even those that it forbids.
            control if control.is_control() => escaped.push_str(&format!("&#x{:X};", u32::from(control))),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{document, text};

    #[test]
    fn text_is_escaped() {
        assert_eq!(text("Key", "a<b>&\"\n'é"), "<Key>a&lt;b&gt;&amp;&quot;&#xA;'é</Key>");
        assert!(document("A", Some("urn:x"), &text("B", "1")).ends_with("\n<A xmlns=\"urn:x\"><B>1</B></A>"));
    }
}
