//! What a connection is doing: waiting for a request, handling one, or writing to a client that does not read.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, sleep_until};

use super::{Timeouts, registry::Place};

/// The activity of one connection. Its task, its requests and its stream share it.
#[derive(Debug)]
pub(super) struct Activity {
    pub(super) place: Place,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Any request has begun.
    has_begun: bool,
    /// When the request began that is being answered, or whose answer is still being written.
    request_since: Option<Instant>,
    /// Its answer is a [`LongAnswer`](super::LongAnswer).
    takes_long: bool,
    /// The whole answer was given to hyper, which may still have to write it.
    is_answered: bool,
    /// Since when the client has not read anything.
    blocked_since: Option<Instant>,
}

impl State {
    const fn is_idle(&self) -> bool {
        self.request_since.is_none()
    }
}

impl Activity {
    pub(super) fn new(place: Place) -> Arc<Self> {
        Arc::new(Self { place, state: Mutex::default() })
    }

    /// The head of a request has arrived. The request lasts until the answer is written.
    pub(super) fn begin(self: &Arc<Self>) -> Result<InProgress, GaveWay> {
        let has_place = self.change(|state| {
            state.has_begun = true;
            state.request_since = Some(Instant::now());
            state.is_answered = false;
            state.takes_long = false;
        });
        if has_place { Ok(InProgress(Arc::clone(self))) } else { Err(GaveWay) }
    }

    /// Whether there has been a request.
    pub(super) fn has_begun(&self) -> bool {
        self.lock().has_begun
    }

    /// A write made progress, or did not.
    pub(super) fn wrote(&self, is_progress: bool) {
        let mut state = self.lock();
        if is_progress {
            state.blocked_since = None;
        } else {
            state.blocked_since.get_or_insert_with(Instant::now);
        }
    }

    /// Everything that hyper had to write is written.
    pub(super) fn flushed(&self) {
        self.change(|state| {
            if state.is_answered {
                (state.request_since, state.is_answered) = (None, false);
            }
        });
    }

    /// Completes when a request, or a write without progress, has taken too long. Only the task of the connection may
    /// wait for it: whatever changes the activity also wakes that task.
    pub(super) async fn overdue(&self, timeouts: &Timeouts) {
        let mut timer = None;
        std::future::poll_fn(|context| {
            let Some(deadline) = self.deadline(timeouts) else {
                timer = None;
                return Poll::Pending;
            };
            let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            if timer.deadline() != deadline {
                timer.as_mut().reset(deadline);
            }
            timer.as_mut().poll(context)
        })
        .await;
    }

    fn deadline(&self, timeouts: &Timeouts) -> Option<Instant> {
        let state = self.lock();
        let most = if state.takes_long { timeouts.long_answer } else { timeouts.request };
        let request = state.request_since.map(|since| since + most);
        let write = state.blocked_since.map(|since| since + timeouts.write);
        [request, write].into_iter().flatten().min()
    }

    /// False if a request begins on a connection that has lost its place.
    fn change(&self, change: impl FnOnce(&mut State)) -> bool {
        let (before, after) = {
            let mut state = self.lock();
            let before = state.is_idle();
            change(&mut state);
            (before, state.is_idle())
        };
        before == after || self.place.set_idle(after)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection was told to close before the request arrived, so the request is not served.
#[derive(Debug, thiserror::Error)]
#[error("the connection has given way to another one")]
pub(super) struct GaveWay;

/// A request that is being answered, until this value is dropped.
#[derive(Debug)]
pub(super) struct InProgress(Arc<Activity>);

impl InProgress {
    /// Its answer is a [`LongAnswer`](super::LongAnswer).
    pub(super) fn takes_long(&self) {
        self.0.lock().takes_long = true;
    }

    /// The body of the answer. When it is dropped, hyper has the whole answer.
    pub(super) const fn until_end_of(self, body: Body) -> AnswerBody {
        AnswerBody { body, _request: self }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.lock().is_answered = true;
    }
}

/// The body of an answer.
#[derive(Debug)]
pub(super) struct AnswerBody {
    body: Body,
    _request: InProgress,
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Connections, registry::Registry},
        *,
    };

    #[test]
    fn a_connection_can_give_way_once_its_answer_is_written_and_then_begins_no_request() {
        let registry = Registry::new(Connections { total: 1, per_address: 10 });
        let activity = Activity::new(registry.admit(None).place);
        let request = activity.begin().unwrap();
        assert!(registry.admit(None).is_reserve, "the request is being answered");
        drop(request);
        assert!(registry.admit(None).is_reserve, "the answer is not written yet");
        activity.flushed();
        assert!(!registry.admit(None).is_reserve);
        assert!(activity.begin().is_err());
    }
}
