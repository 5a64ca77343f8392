//! A question.

use axum::http::request::Parts;
use serde::Deserialize;

use super::refusal::Refusal;
use crate::aws::query::Query;

const MAX_CLIENT_TOKEN: usize = 100;

/// The fields that count here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChatRequest {
    #[serde(default)]
    pub(super) user_message: String,
    pub(super) conversation_id: Option<String>,
    pub(super) parent_message_id: Option<String>,
    pub(super) client_token: Option<String>,
}

impl ChatRequest {
    pub(super) fn parse(parts: &Parts, body: &[u8]) -> Result<Self, Refusal> {
        let query = Query::parse(parts.uri.query()).map_err(|_| Refusal::Validation("The query is not valid."))?;
        if query.get("sync").is_none() {
            return Err(Refusal::Validation("Only ChatSync exists here."));
        }
        if query.get("userId").is_some() || query.get("userGroups").is_some() {
            return Err(Refusal::Validation(
                "An application of IAM Identity Center takes the person from the session.",
            ));
        }
        let request: Self = serde_json::from_slice(body).map_err(|_| Refusal::Validation("The body is not valid."))?;
        if request.user_message.trim().is_empty() {
            return Err(Refusal::Validation("userMessage is empty."));
        }
        if request.conversation_id.is_some() != request.parent_message_id.is_some() {
            return Err(Refusal::Validation("conversationId and parentMessageId go together."));
        }
        let is_good_token = |token: &String| (1..=MAX_CLIENT_TOKEN).contains(&token.len());
        if !request.client_token.as_ref().is_none_or(is_good_token) {
            return Err(Refusal::Validation("clientToken is empty or too long."));
        }
        Ok(request)
    }
}
