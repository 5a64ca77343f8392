use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use crate::security_log::SecurityLog;

/// Holds the response back until the records of its request are written (`log.wait`).
pub async fn written(State(security): State<SecurityLog>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    security.written().await;
    response
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex, mpsc},
    };

    use aws_lc_rs::hmac;
    use axum::{Router, body::Body, middleware, routing::get};
    use tokio::sync::Notify;
    use tower_service::Service as _;

    use super::*;
    use crate::{security_log::Event, telemetry::Queue};

    /// Writes nothing before it is told to.
    struct Gate(Mutex<mpsc::Receiver<()>>);

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().recv().unwrap();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_response_waits_for_the_records_of_its_request() {
        let (open, is_open) = mpsc::channel();
        let (queue, _guard) = Queue::start(Gate(Mutex::new(is_open)), 4096, |_| ()).unwrap();
        let security = SecurityLog::new(Some(queue), hmac::Key::new(hmac::HMAC_SHA256, b"key"));
        let ran = Arc::new(Notify::new());
        let (own, has_run) = (security.clone(), Arc::clone(&ran));
        let handler = async move || {
            own.record_own(&Event::key_change("a test"));
            has_run.notify_one();
        };
        let mut router =
            Router::new().route("/", get(handler)).layer(middleware::from_fn_with_state(security, written));
        let response = tokio::spawn(router.call(Request::new(Body::empty())));
        ran.notified().await;
        // One thread runs all tasks, so a response that did not wait would be there by now.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(!response.is_finished());
        open.send(()).unwrap();
        assert_eq!(response.await.unwrap().unwrap().status(), 200);
    }
}
