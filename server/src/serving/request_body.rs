//! The body of a request, which records whether it was read to its end.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};

/// Whether a body was read to its end.
#[derive(Clone, Debug)]
pub(super) struct IsRead(Arc<AtomicBool>);

impl IsRead {
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The body, and whether it was read to its end so far. A request without a body needs no reading.
pub(super) fn observed(body: Incoming) -> (Body, IsRead) {
    let is_read = IsRead(Arc::new(AtomicBool::new(body.is_end_stream())));
    (Body::new(Observed { body, is_read: is_read.clone() }), is_read)
}

struct Observed {
    body: Incoming,
    is_read: IsRead,
}

impl HttpBody for Observed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.is_read.0.store(true, Ordering::Relaxed);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
