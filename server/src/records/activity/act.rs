//! The names of acts, as they are stored, exported and sent by the API.

use app::pages::activity::{Act, Actor, EndedBy, RefusedBecause};

/// The kind of an act.
pub(crate) const fn kind(act: Act) -> &'static str {
    match act {
        Act::SignedIn => "signed_in",
        Act::SignInRefused(_) => "sign_in_refused",
        Act::SignedOut => "signed_out",
        Act::SessionEnded(_) => "session_ended",
        Act::MessageSaved { .. } => "message_saved",
        Act::MessageDeleted { .. } => "message_deleted",
        Act::DataExported { .. } => "data_exported",
        Act::ApiUsed => "api_used",
        Act::DocumentsListed => "documents_listed",
        Act::DocumentDownloaded => "document_downloaded",
        Act::AssistantAsked => "assistant_asked",
    }
}

/// Why, for the acts that have a reason.
pub(crate) const fn reason(act: Act) -> Option<&'static str> {
    match act {
        Act::SignInRefused(because) => Some(refused_because(because)),
        Act::SessionEnded(by) => Some(ended_by(by)),
        _ => None,
    }
}

const fn refused_because(because: RefusedBecause) -> &'static str {
    match because {
        RefusedBecause::Stale => "stale",
        RefusedBecause::OtherProvider => "other_provider",
        RefusedBecause::OtherSignIn => "other_sign_in",
    }
}

const fn ended_by(by: EndedBy) -> &'static str {
    match by {
        EndedBy::OtherDevice => "other_device",
        EndedBy::NewSignIn => "new_sign_in",
        EndedBy::Expiry => "expiry",
        EndedBy::Operator => "operator",
    }
}

/// The name of who did it.
pub(crate) const fn actor_name(act: Act) -> &'static str {
    name(match act {
        Act::MessageSaved { by, .. } | Act::MessageDeleted { by } | Act::DataExported { by } => by,
        Act::ApiUsed => Actor::Api,
        Act::SessionEnded(EndedBy::Operator) => Actor::Operator,
        Act::SignedIn
        | Act::SignInRefused(_)
        | Act::SignedOut
        | Act::SessionEnded(_)
        | Act::DocumentsListed
        | Act::DocumentDownloaded
        | Act::AssistantAsked => Actor::Citizen,
    })
}

/// The name of an actor.
pub(super) const fn name(actor: Actor) -> &'static str {
    match actor {
        Actor::Citizen => "citizen",
        Actor::Api => "api",
        Actor::Operator => "operator",
    }
}

/// The actor with this name.
pub(super) fn actor_of(text: &str) -> Option<Actor> {
    [Actor::Citizen, Actor::Api, Actor::Operator].into_iter().find(|known| name(*known) == text)
}

/// The act with this kind and reason. A later version may have written one that this version does not know.
pub(super) fn parse(kind: &str, reason: Option<&str>, actor: Actor, version: Option<u64>) -> Option<Act> {
    const REFUSED: [RefusedBecause; 3] =
        [RefusedBecause::Stale, RefusedBecause::OtherProvider, RefusedBecause::OtherSignIn];
    const ENDED: [EndedBy; 4] = [EndedBy::OtherDevice, EndedBy::NewSignIn, EndedBy::Expiry, EndedBy::Operator];
    Some(match kind {
        "signed_in" => Act::SignedIn,
        "sign_in_refused" => {
            Act::SignInRefused(REFUSED.into_iter().find(|known| Some(refused_because(*known)) == reason)?)
        }
        "signed_out" => Act::SignedOut,
        "session_ended" => Act::SessionEnded(ENDED.into_iter().find(|known| Some(ended_by(*known)) == reason)?),
        "message_saved" => Act::MessageSaved { version: version?, by: actor },
        "message_deleted" => Act::MessageDeleted { by: actor },
        "data_exported" => Act::DataExported { by: actor },
        "api_used" => Act::ApiUsed,
        "documents_listed" => Act::DocumentsListed,
        "document_downloaded" => Act::DocumentDownloaded,
        "assistant_asked" => Act::AssistantAsked,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_is_read_as_it_was_written() {
        let actors = [Actor::Citizen, Actor::Api, Actor::Operator];
        let refused = [RefusedBecause::Stale, RefusedBecause::OtherProvider, RefusedBecause::OtherSignIn];
        let ended = [EndedBy::OtherDevice, EndedBy::NewSignIn, EndedBy::Expiry, EndedBy::Operator];
        let plain = [Act::SignedIn, Act::SignedOut, Act::ApiUsed];
        let of_case_workers = [Act::DocumentsListed, Act::DocumentDownloaded, Act::AssistantAsked];
        let acts = plain
            .into_iter()
            .chain(of_case_workers)
            .chain(refused.map(Act::SignInRefused))
            .chain(ended.map(Act::SessionEnded))
            .map(|act| (act, Actor::Citizen, None));
        let by_actor = actors.into_iter().flat_map(|actor| {
            [
                (Act::MessageSaved { version: 3, by: actor }, actor, Some(3)),
                (Act::MessageDeleted { by: actor }, actor, None),
                (Act::DataExported { by: actor }, actor, None),
            ]
        });
        for (act, by, version) in acts.chain(by_actor) {
            assert_eq!(parse(kind(act), reason(act), by, version), Some(act));
            assert_eq!(actor_of(name(by)), Some(by));
        }
        for (kind, reason) in
            [("document_printed", None), ("session_ended", None), ("session_ended", Some("x")), ("", None)]
        {
            assert_eq!(parse(kind, reason, Actor::Citizen, None), None);
        }
    }
}
