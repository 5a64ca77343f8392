//! A client's stream that reports when the client does not read, and that closes in a way that lets the client read the answer.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::activity::Activity;

/// How much is discarded at the end of a connection.
const MAX_DISCARDED_BYTES: usize = 1024 * 1024;

/// The stream of one connection.
pub(super) struct Io {
    stream: TcpStream,
    activity: Arc<Activity>,
    linger: Duration,
    closing: Option<Closing>,
}

/// Our half is closed; the rest of the client's is discarded.
struct Closing {
    timer: Pin<Box<Sleep>>,
    discarded: usize,
}

impl Io {
    pub(super) const fn new(stream: TcpStream, activity: Arc<Activity>, linger: Duration) -> Self {
        Self { stream, activity, linger, closing: None }
    }

    fn wrote(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        self.activity.wrote(result.is_ready());
        result
    }
}

impl AsyncRead for Io {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Io {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.wrote(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.activity.flushed();
        Poll::Ready(Ok(()))
    }

    /// Closing a socket with unread bytes resets the connection, and the client may lose the answer. So the rest is read
    /// until the client closes its half too, for a short time at most.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, linger, closing, .. } = &mut *self;
        let closing = match closing {
            Some(closing) => closing,
            None => {
                ready!(Pin::new(&mut *stream).poll_shutdown(context))?;
                closing.insert(Closing { timer: Box::pin(sleep(*linger)), discarded: 0 })
            }
        };
        let mut bytes = [0; 8 * 1024];
        loop {
            if closing.timer.as_mut().poll(context).is_ready() || closing.discarded > MAX_DISCARDED_BYTES {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut bytes);
            if ready!(Pin::new(&mut *stream).poll_read(context, &mut buffer)).is_err() || buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            closing.discarded += buffer.filled().len();
        }
    }
}
