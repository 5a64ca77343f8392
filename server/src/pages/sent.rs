use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::HeaderMap,
};

use crate::{
    form::Form,
    layers::{OverLimit, Overloaded},
    request_context::RequestContext,
};

/// A form that a browser sent, on a route that leaves refusals to its handler.
pub(super) struct Sent {
    pub context: RequestContext,
    /// The client has used up its allowance.
    pub is_over_limit: bool,
    /// No slot was free. Then no session was looked up.
    pub is_overloaded: bool,
    pub headers: HeaderMap,
    body: Bytes,
}

impl Sent {
    /// The form, if it is one.
    pub fn form(&self) -> Option<Form<'_>> {
        Form::parse(&self.headers, &self.body)
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = BytesRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let extensions = request.extensions();
        Ok(Self {
            context: RequestContext::of(&request),
            is_over_limit: extensions.get::<OverLimit>().is_some(),
            is_overloaded: extensions.get::<Overloaded>().is_some(),
            headers: request.headers().clone(),
            body: Bytes::from_request(request, state).await?,
        })
    }
}
