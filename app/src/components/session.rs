use leptos::{either::Either, prelude::*};
use time::Duration;

use crate::{
    format,
    page::SessionEnd,
    texts::{Language, say},
    time_zone::TimeZone,
};

/// The texts with the time left stand for this much or less, in seconds. They change in steps of a minute, and below a minute of
/// twenty seconds, because a screen reader says each change.
const STEPS: [i64; 4] = [120, 60, 40, 20];

/// The part of the page about the end of the session, as HTML. The answer to a request that only extends the session.
pub fn session_part(language: Language, zone: &TimeZone, session: SessionEnd) -> String {
    let owner = Owner::new();
    let html = owner.with(|| view! { <Session language zone session is_watched=true/> }.to_html());
    owner.cleanup();
    html
}

/// When the session ends. Where the island is, also the dialogs that it opens: before the end, and at the end.
#[component]
pub(crate) fn Session<'a>(
    language: Language,
    zone: &'a TimeZone,
    session: SessionEnd,
    /// Whether the island is on the page.
    is_watched: bool,
) -> impl IntoView + use<> {
    let sentence = sentence(language, zone, session);
    view! {
        <div class="session" id="session"
            data-ends-in=is_watched.then(|| session.left.whole_seconds())
            data-warning=is_watched.then(|| session.warning.whole_seconds())
        >
            <p class="hint">{sentence}</p>
            {is_watched.then(|| view! { <Warning language is_final=session.is_final/> <Over language/> })}
        </div>
    }
}

/// The time without its date can only mean the next 24 hours.
fn sentence(language: Language, zone: &TimeZone, SessionEnd { at, left, is_final, .. }: SessionEnd) -> String {
    let time = || format::time_of_day(language, zone, at);
    let moment = || format::moment(language, zone, at);
    match (left < Duration::DAY, is_final) {
        (true, false) => say::session_ends(language, time()),
        (true, true) => say::session_ends_for_good(language, time()),
        (false, false) => say::session_ends_on(language, moment()),
        (false, true) => say::session_ends_for_good_on(language, moment()),
    }
}

/// Says that the session ends soon. Its end can be moved, or if it `is_final`, the text can be saved. The heading gets the focus and
/// not a button, which could be pressed by a key that the citizen is typing.
#[component]
fn Warning(language: Language, is_final: bool) -> impl IntoView {
    let left = move |seconds: i64| match (seconds % 60, is_final) {
        (0, false) => say::session_end_minutes(language, seconds / 60),
        (0, true) => say::session_end_for_good_minutes(language, seconds / 60),
        (_, false) => say::session_end_seconds(language, seconds),
        (_, true) => say::session_end_for_good_seconds(language, seconds),
    };
    let buttons = if is_final {
        Either::Left(view! {
            <button type="submit" form="message">{language.text(say::SESSION_END_SAVE)}</button>
            <button class="quiet" type="button" data-close="">{language.text(say::SESSION_END_CLOSE)}</button>
        })
    } else {
        Either::Right(view! {
            <button type="button" data-close="">{language.text(say::SESSION_END_STAY)}</button>
            <button class="quiet" type="submit" form="sign-out">{language.text(say::SIGN_OUT)}</button>
        })
    };
    view! {
        <dialog id="session-end" aria-labelledby="session-end-heading" aria-describedby="session-left" data-extends=(!is_final).then_some("")>
            <h2 id="session-end-heading" tabindex="-1">{language.text(say::SESSION_END_HEADING)}</h2>
            {is_final.then(|| view! { <p>{language.text(say::SESSION_END_FOR_GOOD)}</p> })}
            <p id="session-left" aria-live="assertive">{left(STEPS[0])}</p>
            {STEPS.map(|seconds| view! { <p data-below=seconds hidden>{left(seconds)}</p> }).collect_view()}
            <p id="session-failed" role="alert" hidden>{language.text(say::SESSION_END_STAY_FAILED)}</p>
            <p class="act">{buttons}</p>
        </dialog>
    }
}

/// Says that the session has ended.
#[component]
fn Over(language: Language) -> impl IntoView {
    view! {
        <dialog id="session-over" aria-labelledby="session-over-heading" aria-describedby="session-over-text">
            <h2 id="session-over-heading" tabindex="-1">{language.text(say::SESSION_OVER_HEADING)}</h2>
            <p id="session-over-text">{language.text(say::SESSION_OVER)}</p>
            <p class="act">
                <button type="submit" form="message">{language.text(say::SESSION_OVER_SAVE)}</button>
                <button class="quiet" type="button" data-close="">{language.text(say::SESSION_END_CLOSE)}</button>
            </p>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn end(left: Duration, is_final: bool) -> SessionEnd {
        SessionEnd { at: datetime!(2026-11-20 17:22:40 UTC), left, warning: Duration::minutes(2), is_final }
    }

    #[test]
    fn the_end_of_a_session_is_said_with_its_zone() {
        let said = |left, is_final| sentence(Language::En, &TimeZone::default(), end(left, is_final));
        for (left, is_final, expected) in [
            (Duration::minutes(15), false, "at 18:22 (Belgian time) unless you open another page here."),
            (Duration::minutes(15), true, "at 18:22 (Belgian time). Save what you are working on before then."),
            (
                Duration::days(2),
                false,
                "on 20 November 2026 at 18:22 (Belgian time) unless you open another page here.",
            ),
            (
                Duration::DAY,
                true,
                "on 20 November 2026 at 18:22 (Belgian time). Save what you are working on before then.",
            ),
        ] {
            assert_eq!(said(left, is_final), format!("You will be signed out {expected}"));
        }
    }

    #[test]
    fn only_an_end_that_can_be_moved_has_a_button_to_move_it() {
        let html = |is_final| session_part(Language::En, &TimeZone::default(), end(Duration::seconds(780), is_final));
        for (is_final, stays) in [(false, true), (true, false)] {
            let html = html(is_final);
            assert!(html.contains("data-ends-in=\"780\" data-warning=\"120\""), "{html}");
            assert_eq!(html.contains("Stay signed in"), stays, "{html}");
            assert_eq!(html.contains("data-extends"), stays, "{html}");
            assert_eq!(html.contains("We cannot extend this time"), !stays, "{html}");
        }
        for left in ["less than 2 minutes", "less than a minute", "less than 40 seconds", "less than 20 seconds"] {
            assert!(html(false).contains(&format!("If you do nothing, we will sign you out in {left}.")), "{left}");
            assert!(html(true).contains(&format!(">We will sign you out in {left}.")), "{left}");
        }
    }
}
