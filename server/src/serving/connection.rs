//! One connection, from its first byte to its last.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::ConnectInfo,
    http::{HeaderValue, Request, header},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep},
};
use tower_service::Service as _;

use super::{
    LongAnswer, Timeouts,
    accept::Phase,
    activity::{Activity, GaveWay},
    at,
    io::Io,
    registry::Admission,
    request_body,
};
use crate::metrics::Unreadable;

/// The largest head of a request, as on AWS's load balancers. It also bounds what one connection holds in memory.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Longer than any connection lasts: outside the reserve, there is no limit on the whole connection.
const FOREVER: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// Serves `stream` until one side closes it, a time-out ends it, or its place is needed. Returns why a request could not be read, if
/// that ended it.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    Admission { place, is_reserve, .. }: Admission,
    router: Router,
    timeouts: Timeouts,
    mut phases: watch::Receiver<Phase>,
) -> Option<Unreadable> {
    // Answers are written as a whole, so waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let activity = Activity::new(place);
    let io = TokioIo::new(Io::new(stream, Arc::clone(&activity), timeouts.linger));
    let phase = &phases.clone();
    let service = service_fn(|request: Request<Incoming>| {
        let (mut router, in_progress) = (router.clone(), activity.begin());
        let (head, body) = request.into_parts();
        let (body, is_read) = request_body::observed(body);
        let mut request = Request::from_parts(head, body);
        request.extensions_mut().insert(ConnectInfo(peer));
        async move {
            // Without its place, the connection ends here.
            let in_progress = in_progress?;
            let Ok(mut answer) = router.call(request).await;
            if answer.extensions().get::<LongAnswer>().is_some() {
                in_progress.takes_long();
            }
            // The next request would begin somewhere behind the rest of an unread body, or is for another server.
            if !is_read.get() || *phase.borrow() != Phase::Serving {
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, GaveWay>(answer.map(|body| in_progress.until_end_of(body)))
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(if is_reserve { timeouts.reserve } else { timeouts.head })
            .max_buf_size(MAX_HEAD_BYTES)
            .keep_alive(!is_reserve)
            .serve_connection(io, service)
    );
    let mut end = pin!(sleep(if is_reserve { timeouts.reserve } else { FOREVER }));
    let (mut is_stopping, mut idle_end) = (false, None);
    loop {
        // In this order: a connection that must close reads nothing more. Else hyper first writes what it can, so that the
        // activity is right when a branch asks for it.
        tokio::select! {
            biased;
            () = activity.place.closing() => return None,
            ended = connection.as_mut() => return ended.err().as_ref().and_then(unreadable),
            _ = phases.wait_for(|phase| *phase == Phase::Stopping), if !is_stopping => {
                is_stopping = true;
                // The first request of a new connection may be on its way.
                if activity.has_begun() {
                    connection.as_mut().graceful_shutdown();
                } else {
                    idle_end = Some(Instant::now() + timeouts.linger);
                }
            }
            () = at(idle_end) => {
                idle_end = None;
                connection.as_mut().graceful_shutdown();
            }
            () = activity.overdue(&timeouts) => return None,
            () = end.as_mut() => return None,
        }
    }
}

/// Why the head of a request could not be read, if that is the error.
fn unreadable(error: &hyper::Error) -> Option<Unreadable> {
    if error.is_parse_too_large() {
        Some(Unreadable::TooLarge)
    } else {
        error.is_parse().then_some(Unreadable::Malformed)
    }
}
