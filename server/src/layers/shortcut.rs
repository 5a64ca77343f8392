//! Answers that need none of the layers of their route.

use std::{
    convert::Infallible,
    fmt,
    future::ready,
    panic::{self, AssertUnwindSafe},
    pin::Pin,
    sync::Arc,
    task,
};

use axum::{extract::Request, response::Response, routing::Route};
use tower_layer::Layer;
use tower_service::Service;

use super::shared::{Share, Shared};

/// Answers a request at once, or leaves it to the route.
type Answer = dyn Fn(&Request) -> Option<Response> + Send + Sync;

/// The outermost layer of a route: what `answer` does not answer takes the usual way.
///
/// `answer` must keep the rules of the layers that it skips: the route's budget, the limits on the body, the check of the origin,
/// the limit on requests in flight, the session, and compression. It skips the layer for panics too: a request whose answer panics
/// takes the usual way.
#[derive(Clone)]
pub struct Shortcut(Arc<Answer>);

impl Shortcut {
    /// A shortcut for the requests that `answer` answers.
    pub fn new(answer: impl Fn(&Request) -> Option<Response> + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }
}

impl fmt::Debug for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shortcut(…)")
    }
}

impl Layer<Route> for Shortcut {
    type Service = WithShortcut;

    fn layer(&self, route: Route) -> WithShortcut {
        WithShortcut { answer: Arc::clone(&self.0), route: Share.layer(route) }
    }
}

/// A route with a [`Shortcut`].
#[derive(Clone)]
pub struct WithShortcut {
    answer: Arc<Answer>,
    route: Shared,
}

impl Service<Request> for WithShortcut {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> task::Poll<Result<(), Infallible>> {
        task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // A copy that was not completed is not kept, so the next request finds nothing half done.
        let answer = panic::catch_unwind(AssertUnwindSafe(|| (self.answer)(&request))).unwrap_or_default();
        match answer {
            Some(response) => Box::pin(ready(Ok(response))),
            None => Box::pin(self.route.call(request)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, routing::get};

    use super::*;

    #[tokio::test]
    async fn what_the_shortcut_does_not_answer_takes_the_usual_way() {
        let shortcut = Shortcut::new(|request| match request.uri().query() {
            Some("answers") => Some(Response::new("shortcut".into())),
            Some("panics") => panic!("a panic of the shortcut"),
            _ => None,
        });
        let mut router: Router = Router::new().route("/", get(async || "route")).layer(shortcut);
        for (path, expected) in
            [("/?answers", "shortcut"), ("/", "route"), ("/?panics", "route"), ("/?panics", "route")]
        {
            let response = router.call(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), expected, "{path}");
        }
    }
}
