/// Stands for an element while Fluent builds the sentence, so that a translation can put it anywhere (U+FFFC, the object
/// replacement character).
pub(crate) const PLACE: &str = "\u{fffc}";

/// The parts of `sentence` before and after [`PLACE`]. `None` for an empty one, which Leptos would show as a space.
pub(crate) fn around(sentence: &str) -> (Option<String>, Option<String>) {
    let (before, after) = sentence.split_once(PLACE).unwrap_or((sentence, ""));
    let part = |part: &str| (!part.is_empty()).then(|| part.to_owned());
    (part(before), part(after))
}
