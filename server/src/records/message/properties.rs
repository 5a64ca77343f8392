use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::properties::cases;

/// The text as it is kept: whatever ends a line in a form is one LF, and nothing else changes.
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

/// Short texts of anything, and texts about as long as the limit, of characters that are counted wrongly in some way.
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
    fn a_text_is_kept_exactly_when_its_characters_fit_with_a_line_end_as_one(typed in typed()) {
        let kept = kept(&typed);
        match MessageText::parse(&typed) {
            Ok(text) => {
                prop_assert!(kept.len() <= MESSAGE_LIMIT);
                prop_assert_eq!(text.as_str(), kept.into_iter().collect::<String>());
            }
            Err(fault) => {
                prop_assert!(kept.len() > MESSAGE_LIMIT);
                prop_assert_eq!(fault, TextFault::TooLong(kept.len()));
            }
        }
    }

    #[test]
    fn a_text_that_is_kept_has_no_carriage_return_and_is_taken_again_as_it_is(typed in typed()) {
        if let Ok(text) = MessageText::parse(&typed) {
            prop_assert!(!text.as_str().contains('\r'));
            prop_assert_eq!(MessageText::parse(text.as_str()), Ok(text.clone()));
            // As a browser sends it back.
            prop_assert_eq!(MessageText::parse(&text.as_str().replace('\n', "\r\n")), Ok(text));
        }
    }

    #[test]
    fn a_text_never_prints(typed in typed()) {
        let shown = format!("{:?}", MessageText::parse(&typed));
        let fault = kept(&typed).len();
        prop_assert!(shown == "Ok(MessageText(…))" || shown == format!("Err(TooLong({fault}))"), "{}", shown);
    }
}
