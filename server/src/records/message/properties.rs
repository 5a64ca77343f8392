use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::properties::cases;

/// The stored text: every line ending becomes one LF, and nothing else changes.
fn kept(typed: &str) -> Vec<char> {
    let mut kept = Vec::new();
    let mut last = None;
    for character in typed.chars() {
        match (last, character) {
            // The second half of a CRLF.
            (Some('\r'), '\n') => {}
            (_, '\r') => kept.push('\n'),
            _ => kept.push(character),
        }
        last = Some(character);
    }
    kept
}

/// Short arbitrary texts, and texts near the limit with characters that are easily miscounted.
fn typed() -> impl Strategy<Value = String> {
    let part = select(&["\r\n", "\r", "\n", "\n\r", "a", "é", "🙂", "e\u{301}", "👩‍👧", "\u{2028}", "\u{85}", "\0"][..]);
    prop_oneof![
        vec(part.clone(), 0..12).prop_map(|parts| parts.concat()),
        any::<String>(),
        (part, MESSAGE_LIMIT - 3..MESSAGE_LIMIT + 3, "[\r\na🙂]{0,3}").prop_map(|(part, count, end)| {
            let characters = kept(part).len();
            format!("{}{end}", part.repeat(count / characters))
        }),
    ]
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn a_text_is_accepted_if_it_is_within_the_limit_with_line_endings_counted_once(typed in typed()) {
        let kept = kept(&typed);
        match MessageText::parse(&typed) {
            Ok(text) => {
                prop_assert!(kept.len() <= MESSAGE_LIMIT);
                prop_assert_eq!(text.as_str(), kept.into_iter().collect::<String>());
            }
            Err(TextError::Nul) => prop_assert!(typed.contains('\0')),
            Err(error) => {
                prop_assert!(kept.len() > MESSAGE_LIMIT && !typed.contains('\0'));
                prop_assert_eq!(error, TextError::TooLong(kept.len()));
            }
        }
    }

    #[test]
    fn an_accepted_text_has_no_carriage_return_and_is_accepted_again_unchanged(typed in typed()) {
        if let Ok(text) = MessageText::parse(&typed) {
            prop_assert!(!text.as_str().contains('\r'));
            prop_assert_eq!(MessageText::parse(text.as_str()), Ok(text.clone()));
            // Browsers send LF back as CRLF.
            prop_assert_eq!(MessageText::parse(&text.as_str().replace('\n', "\r\n")), Ok(text));
        }
    }

    #[test]
    fn a_text_is_never_printed(typed in typed()) {
        let shown = format!("{:?}", MessageText::parse(&typed));
        let length = kept(&typed).len();
        prop_assert!(["Ok(MessageText(…))", "Err(Nul)"].contains(&&*shown) || shown == format!("Err(TooLong({length}))"), "{}", shown);
    }
}
