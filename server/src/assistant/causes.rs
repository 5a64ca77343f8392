//! What an error code of ChatSync may mean ("ChatSync", "Errors" in the Amazon Q Business API reference).

use app::pages::assistant::AssistantProblem;

use crate::documents::Cause;

const fn cause(what: &'static str, setting: &'static str) -> Cause {
    Cause { what, setting }
}

pub(super) const TIMED_OUT: &[Cause] = &[
    cause("the assistant takes too long", "health of the region"),
    cause("AWS cannot be reached from this server", "network"),
];
pub(super) const UNREACHABLE: &[Cause] =
    &[cause("AWS cannot be reached from this server", "network, assistant.region, assistant.endpoint_url")];
pub(super) const NO_TEXT: &[Cause] =
    &[cause("the assistant asks for a sign-in to a plugin, which is not supported", "plugins of the application")];
const NOT_SUBSCRIBED: &[Cause] =
    &[cause("the person has no subscription", "users and groups of assistant.application_id")];
const NOT_ALLOWED: &[Cause] = &[
    cause("the person role may not call it", "qbusiness:ChatSync in documents.role_arn"),
    cause(
        "the application that exchanges tokens has no access scope for it",
        "put-application-access-scope with qbusiness:conversations:access",
    ),
];
const DENIED: &[Cause] = &[NOT_SUBSCRIBED[0], NOT_ALLOWED[0], NOT_ALLOWED[1]];
const LICENCE: &[Cause] =
    &[cause("the subscription is not active", "subscriptions of Amazon Q Business in the account")];
const LIMIT: &[Cause] = &[cause("AWS limits the rate of questions", "quotas of the account")];
const APPLICATION: &[Cause] =
    &[cause("there is no such application in this region", "assistant.application_id, assistant.region")];
const CONVERSATION: &[Cause] =
    &[cause("the conversation is over, or went on in another window", "none: the person starts a new one")];
const REQUEST: &[Cause] = &[cause("the assistant does not accept the question", "guardrails of the application")];
const EXTERNAL: &[Cause] =
    &[cause("a data source or plugin of the application fails", "data sources and plugins of the application")];
const TROUBLE: &[Cause] = &[cause("AWS has a problem", "health of the region")];
const SIGNATURE: &[Cause] = &[
    cause("the clock of this server is wrong", "its time service"),
    cause("the session of the person role is no longer valid", "documents.role_arn"),
];
const OTHER: &[Cause] = &[cause("the service refuses the request", "settings below [assistant]")];

/// Whether an error with this code is about the credentials, so that the question was not looked at.
pub(super) fn is_of_credentials(code: &str) -> bool {
    matches!(
        code,
        "ExpiredToken"
            | "ExpiredTokenException"
            | "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "InvalidAccessKeyId"
    )
}

/// What the error `code` means for the person, and its possible causes. `message` only selects one of our own sentences. `resource`:
/// the type of what does not exist. `continues`: the question continued a conversation.
pub(super) fn diagnose(
    code: Option<&str>,
    status: Option<u16>,
    message: Option<&str>,
    resource: Option<&str>,
    continues: bool,
) -> (AssistantProblem, &'static [Cause]) {
    use AssistantProblem::{Busy, Lost, NoLicence, NotSubscribed, Refused, SetUp, Unavailable};
    match code.unwrap_or_default() {
        "ThrottlingException" | "TooManyRequestsException" | "SlowDown" => (Busy, LIMIT),
        "LicenseNotFoundException" => (NoLicence, LICENCE),
        "AccessDeniedException" => match message.unwrap_or_default() {
            // As IAM says it of every action.
            text if text.contains("not authorized to perform") => (SetUp, NOT_ALLOWED),
            text if text.contains("not authorized for this service call") => (NotSubscribed, NOT_SUBSCRIBED),
            _ => (NotSubscribed, DENIED),
        },
        "ResourceNotFoundException" => {
            let is_application = resource.is_some_and(|kind| kind.to_ascii_lowercase().contains("application"));
            if continues && !is_application { (Lost, CONVERSATION) } else { (SetUp, APPLICATION) }
        }
        "ValidationException" | "ConflictException" if continues => (Lost, CONVERSATION),
        "ValidationException" => (Refused, REQUEST),
        "ConflictException" => (Busy, TROUBLE),
        "ExternalResourceException" => (Unavailable, EXTERNAL),
        "InvalidSignatureException" | "SignatureDoesNotMatch" | "RequestTimeTooSkewed" => (SetUp, SIGNATURE),
        code if is_of_credentials(code) => (SetUp, SIGNATURE),
        _ => match status {
            Some(429) => (Busy, LIMIT),
            Some(500..) | None => (Unavailable, TROUBLE),
            Some(403) => (NotSubscribed, DENIED),
            _ => (SetUp, OTHER),
        },
    }
}

#[cfg(test)]
mod tests {
    use AssistantProblem::{Busy, Lost, NoLicence, NotSubscribed, Refused, SetUp, Unavailable};

    use super::*;

    #[test]
    fn each_error_says_what_the_person_can_do_and_which_setting_to_look_at() {
        const NO_SUBSCRIPTION: &str = "User is not authorized for this service call.";
        const NO_POLICY: &str =
            "User: arn:aws:sts::1:assumed-role/p/s is not authorized to perform: qbusiness:ChatSync";
        #[rustfmt::skip]
        let rows = [
            (Some("AccessDeniedException"), 403, NO_SUBSCRIPTION, None, false, NotSubscribed, "users and groups"),
            (Some("AccessDeniedException"), 403, NO_POLICY, None, false, SetUp, "qbusiness:ChatSync in documents.role_arn"),
            (Some("AccessDeniedException"), 403, "", None, false, NotSubscribed, "qbusiness:conversations:access"),
            (None, 403, "", None, false, NotSubscribed, "users and groups"),
            (Some("LicenseNotFoundException"), 400, "", None, false, NoLicence, "subscriptions"),
            (Some("ThrottlingException"), 429, "", None, false, Busy, "quotas"),
            (None, 429, "", None, false, Busy, "quotas"),
            (Some("ResourceNotFoundException"), 404, "", Some("application"), false, SetUp, "assistant.application_id"),
            (Some("ResourceNotFoundException"), 404, "", Some("APPLICATION"), true, SetUp, "assistant.region"),
            (Some("ResourceNotFoundException"), 404, "", Some("conversation"), true, Lost, "new one"),
            (Some("ResourceNotFoundException"), 404, "", None, true, Lost, "new one"),
            (Some("ValidationException"), 400, "", None, true, Lost, "new one"),
            (Some("ValidationException"), 400, "", None, false, Refused, "guardrails"),
            (Some("ConflictException"), 409, "", None, true, Lost, "new one"),
            (Some("ConflictException"), 409, "", None, false, Busy, "health"),
            (Some("ExternalResourceException"), 424, "", None, false, Unavailable, "data sources"),
            (Some("InternalServerException"), 500, "", None, false, Unavailable, "health"),
            (None, 502, "", None, false, Unavailable, "health"),
            (Some("ExpiredTokenException"), 403, "", None, false, SetUp, "documents.role_arn"),
            (Some("InvalidSignatureException"), 403, "", None, false, SetUp, "time service"),
            (Some("SomethingNew"), 400, "", None, false, SetUp, "[assistant]"),
        ];
        for (code, status, message, resource, continues, problem, setting) in rows {
            let (found, causes) = diagnose(code, Some(status), Some(message), resource, continues);
            assert_eq!(found, problem, "{code:?} {status} {message} {resource:?} {continues}");
            assert!(causes.iter().any(|cause| cause.setting.contains(setting)), "{setting} for {code:?}");
        }
    }
}
