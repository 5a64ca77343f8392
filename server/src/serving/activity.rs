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
    /// When the request began that is being answered, or whose answer is still being written.
    request_since: Option<Instant>,
    /// The whole answer was given to hyper.
    is_answered: bool,
    /// Since when the client has not read anything.
    blocked_since: Option<Instant>,
}

impl State {
    const fn is_idle(&self) -> bool {
        self.blocked_since.is_none() && (self.request_since.is_none() || self.is_answered)
    }
}

impl Activity {
    pub(super) fn new(place: Place) -> Arc<Self> {
        Arc::new(Self { place, state: Mutex::default() })
    }

    /// The head of a request has arrived. The request lasts until the answer is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> InProgress {
        self.change(|state| {
            state.request_since = Some(Instant::now());
            state.is_answered = false;
        });
        InProgress(Arc::clone(self))
    }

    /// A write made progress, or did not.
    pub(super) fn wrote(&self, is_progress: bool) {
        let is_same = self.lock().blocked_since.is_none() == is_progress;
        match (is_same, is_progress) {
            (true, _) => (),
            (false, true) => self.change(|state| state.blocked_since = None),
            (false, false) => self.change(|state| state.blocked_since = Some(Instant::now())),
        }
    }

    /// Whether the connection waits for a request.
    pub(super) fn is_idle(&self) -> bool {
        self.lock().is_idle()
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
        let request = state.request_since.filter(|_| !state.is_idle()).map(|since| since + timeouts.request);
        let write = state.blocked_since.map(|since| since + timeouts.write);
        [request, write].into_iter().flatten().min()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let (before, after) = {
            let mut state = self.lock();
            let before = state.is_idle();
            change(&mut state);
            (before, state.is_idle())
        };
        if before != after {
            self.place.set_idle(after);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered, until this value is dropped.
#[derive(Debug)]
pub(super) struct InProgress(Arc<Activity>);

impl InProgress {
    /// The body of the answer, which ends the request when it is dropped.
    pub(super) const fn until_end_of(self, body: Body) -> AnswerBody {
        AnswerBody { body, _request: self }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.change(|state| state.is_answered = true);
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
