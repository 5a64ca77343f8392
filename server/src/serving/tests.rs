use std::{
    net::SocketAddr,
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    routing::any,
};
use hyper::body::Frame;
use testkit::{TIMEOUT, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{Notify, mpsc, watch},
    task::JoinHandle,
    time::timeout,
};

use super::*;

/// More than the system keeps for one client that does not read.
const LARGE: usize = 4 * 1024 * 1024;

/// An answer without an end.
struct Endless;

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 1024])))))
    }
}

/// A running server with these routes: `/waits` until [`Running::release`], `/reads` its body, `/ignores` it, `/large` has a large
/// answer, and `/endless` one without an end. The reserve says `reserve`.
struct Running {
    metrics: metrics::Metrics,
    address: SocketAddr,
    release: Arc<Notify>,
    stop: mpsc::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    async fn start(total: usize, per_address: usize, timeouts: Timeouts) -> Self {
        let release = Arc::new(Notify::new());
        let waiting = Arc::clone(&release);
        let router = Router::new()
            .route("/", any(async || "page"))
            .route("/waits", any(async move || waiting.notified().await))
            .route(
                "/reads",
                any(async |request: Request| {
                    let _ = axum::body::to_bytes(request.into_body(), usize::MAX).await;
                }),
            )
            .route("/ignores", any(async || "ignored"))
            .route("/large", any(async || Body::from(vec![b'x'; LARGE])))
            .route("/endless", any(async || Body::new(Endless)));
        let metrics = metrics::Metrics::new(&metrics::Names::default(), true);
        let serving = Serving {
            router,
            reserve: Router::new().fallback(async || "reserve"),
            connections: Connections { total, per_address },
            settings: ["total", "per_address"],
            timeouts,
            drain: Drain::default(),
            is_trusted_proxy: Arc::new(|_| false),
            meter: metrics.connections.clone(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, signals) = mpsc::channel(2);
        let task = tokio::spawn(serving.run(listener, signals));
        Self { metrics, address, release, stop, task }
    }

    /// The value of a series of the metrics.
    fn metric(&self, series: &str) -> u64 {
        let text = self.metrics.exposition.text().unwrap();
        text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')).unwrap().parse().unwrap()
    }

    /// A connection on which nothing was sent.
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection that is waiting for a body, for as long as the server waits.
    async fn busy(&self) -> TcpStream {
        let mut stream = self.send("POST /reads", "Content-Length: 10\r\nExpect: 100-continue\r\n").await;
        // The server sends this when the handler begins to read.
        let mut start = [0; 21];
        stream.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 100 Continue");
        stream
    }

    async fn send(&self, request: &str, headers: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(format!("{request} HTTP/1.1\r\nHost: x\r\n{headers}\r\n").as_bytes()).await.unwrap();
        stream
    }

    /// The answer on a connection of its own.
    async fn get(&self, path: &str) -> String {
        rest(self.send(&format!("GET {path}"), "Connection: close\r\n").await).await
    }
}

/// Everything until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(TIMEOUT, stream.read_to_end(&mut bytes)).await.expect("the connection is still open");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(read.is_ok(), "{read:?} after {text}");
    text
}

/// Waits until the server has closed the connection, without reading what it sent.
async fn until_closed(stream: &TcpStream) {
    until("the server closes the connection", async || match stream.try_write(b"x") {
        Ok(_) => false,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    })
    .await;
}

#[tokio::test]
async fn at_the_ceiling_a_waiting_connection_gives_way() {
    for (total, per_address, limit) in [(4, 100, "connections"), (100, 4, "connections_per_address")] {
        let server = Running::start(total, per_address, Timeouts::default()).await;
        let mut idle = Vec::new();
        for number in 0..20 {
            let mut stream = server.connect().await;
            // A head that is not complete is waiting, too.
            stream.write_all(["", "GET / HT"][number % 2].as_bytes()).await.unwrap();
            idle.push(stream);
        }
        assert!(server.get("/").await.ends_with("page"));
        let last = idle.pop().unwrap();
        for closed in idle.drain(..16) {
            assert_eq!(rest(closed).await, "");
        }
        let evicted = server.metric(&format!("mydata_connections_evicted_total{{limit=\"{limit}\"}}"));
        assert_eq!((evicted, server.metric("mydata_connections_limit")), (17, total as u64));
        drop(last);
    }
}

#[tokio::test]
async fn a_connection_that_gave_way_serves_no_request() {
    let registry = registry::Registry::new(Connections { total: 1, per_address: 100 });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, peer) = listener.accept().await.unwrap();
    let is_served = Arc::new(AtomicBool::new(false));
    let served = Arc::clone(&is_served);
    let router = Router::new().fallback(async move || served.store(true, Ordering::Relaxed));
    // The head has arrived before the connection learns that it must close.
    client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    stream.readable().await.unwrap();
    let first = registry.admit(Some(peer.ip()));
    let second = registry.admit(Some(peer.ip()));
    assert!(!second.is_reserve);
    let (_stop, phases) = watch::channel(accept::Phase::Serving);
    let serving = connection::serve(stream, peer, first, router, Timeouts::default(), phases);
    timeout(TIMEOUT, serving).await.expect("the connection is still open");
    assert!(!is_served.load(Ordering::Relaxed));
    timeout(TIMEOUT, registry.all_gone()).await.expect("the connection still counts");
}

#[tokio::test]
async fn at_the_ceiling_of_busy_connections_the_reserve_answers() {
    for (total, per_address, limit) in [(4, 100, "connections"), (100, 4, "connections_per_address")] {
        let server = Running::start(total, per_address, Timeouts::default()).await;
        let mut busy = Vec::new();
        for _ in 0..4 {
            busy.push(server.busy().await);
        }
        // More often than the reserve has places.
        for _ in 0..50 {
            assert!(server.get("/").await.ends_with("reserve"));
        }
        assert_eq!(server.metric(&format!("mydata_connections_refused_total{{limit=\"{limit}\"}}")), 50);
        assert_eq!(server.metric("mydata_connections_open{pool=\"main\"}"), 4);
        busy[0].write_all(b"0123456789").await.unwrap();
        let mut answer = [0; 12];
        // It ends the interim answer, and begins the answer.
        busy[0].read_exact(&mut [0; 4]).await.unwrap();
        busy[0].read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200", "a busy connection was closed");
        until("the place is free", async || server.get("/").await.ends_with("page")).await;
        drop(busy);
        until("none is open", async || server.metric("mydata_connections_open{pool=\"main\"}") == 0).await;
    }
}

#[tokio::test]
async fn a_connection_in_the_reserve_is_short() {
    let timeouts = Timeouts { reserve: Duration::from_millis(200), ..Timeouts::default() };
    let server = Running::start(1, 100, timeouts).await;
    let _busy = server.busy().await;
    assert_eq!(rest(server.connect().await).await, "", "a client that sends nothing");
    let answer = rest(server.send("GET /", "").await).await;
    assert!(answer.contains("connection: close") && answer.ends_with("reserve"), "{answer}");
}

#[tokio::test]
async fn a_client_that_stops_reading_is_ended() {
    let timeouts = Timeouts { write: Duration::from_millis(200), ..Timeouts::default() };
    let server = Running::start(100, 100, timeouts).await;
    until_closed(&server.send("GET /large", "").await).await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_ended() {
    let timeouts = Timeouts { request: Duration::from_millis(200), ..Timeouts::default() };
    let server = Running::start(100, 100, timeouts).await;
    assert_eq!(rest(server.send("GET /waits", "").await).await, "");
    // A client that reads makes progress all the time.
    let mut reading = server.send("GET /endless", "").await;
    let mut bytes = vec![0; 16 * 1024];
    let ended = async { while reading.read(&mut bytes).await.is_ok_and(|read| read > 0) {} };
    timeout(TIMEOUT, ended).await.expect("the answer is still being sent");
}

#[tokio::test]
async fn the_time_between_two_requests_does_not_count_as_a_request() {
    let timeouts = Timeouts { request: Duration::from_millis(200), ..Timeouts::default() };
    let server = Running::start(100, 100, timeouts).await;
    let mut stream = server.send("GET /", "").await;
    tokio::time::sleep(2 * timeouts.request).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    assert_eq!(rest(stream).await.matches("page").count(), 2);
}

#[tokio::test]
async fn an_answer_to_an_unread_body_ends_the_connection_and_can_be_read() {
    let server = Running::start(100, 100, Timeouts { linger: TIMEOUT, ..Timeouts::default() }).await;
    let mut half = server.send("POST /ignores", "Content-Length: 20\r\n").await;
    half.shutdown().await.unwrap();
    let mut sent = server.send("POST /ignores", "Content-Length: 20\r\n").await;
    sent.readable().await.unwrap();
    // The answer is here. If the connection were closed, the second of these would fail, and the answer could be lost.
    for _ in 0..2 {
        sent.write_all(&[b'x'; 10]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    sent.shutdown().await.unwrap();
    for stream in [half, sent] {
        let answer = rest(stream).await;
        assert!(answer.contains("connection: close") && answer.ends_with("ignored"), "{answer}");
    }
    // A body that was read does not end it.
    let mut read = server.send("POST /reads", "Content-Length: 2\r\n").await;
    read.write_all(b"xxGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(rest(read).await.ends_with("page"));
}

#[tokio::test]
async fn open_requests_are_answered_after_the_signal_to_stop() {
    let server = Running::start(100, 100, Timeouts::default()).await;
    let (idle, busy) = (server.connect().await, server.send("GET /waits", "").await);
    // It has arrived: this one came later.
    assert!(server.get("/").await.ends_with("page"));
    server.stop.send(()).await.unwrap();
    assert_eq!(rest(idle).await, "");
    assert!(TcpStream::connect(server.address).await.is_err(), "a new connection");
    assert!(!server.task.is_finished());
    server.release.notify_one();
    let answer = rest(busy).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
    timeout(TIMEOUT, server.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_that_does_not_end_does_not_stop_the_shutdown() {
    let timeouts = Timeouts { grace: Duration::from_millis(200), ..Timeouts::default() };
    let server = Running::start(100, 100, timeouts).await;
    let busy = server.busy().await;
    server.stop.send(()).await.unwrap();
    timeout(TIMEOUT, server.task).await.unwrap().unwrap();
    drop(busy);
}

#[tokio::test]
async fn a_head_that_cannot_be_read_is_refused_and_counted() {
    let server = Running::start(100, 100, Timeouts::default()).await;
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(200_000));
    let counts = || {
        ["malformed", "too_large"]
            .map(|reason| server.metric(&format!("mydata_unreadable_requests_total{{reason=\"{reason}\"}}")))
    };
    for (head, answer, expected) in [
        (&*long, "HTTP/1.1 431 ", [0, 1]),
        // How TLS begins.
        ("\x16\x03\x01\x02\x00\x01\r\n\r\n", "HTTP/1.1 400 ", [1, 1]),
        // HTTP/2 ends without an answer, which its client could not read.
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "", [2, 1]),
        // A client that goes away, and one that is understood.
        ("GET / HT", "", [2, 1]),
        ("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 ", [2, 1]),
    ] {
        let mut stream = server.connect().await;
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let answered = rest(stream).await;
        assert!(answered.starts_with(answer) && answered.is_empty() == answer.is_empty(), "{head}: {answered}");
        until("it is counted", async || counts() == expected).await;
    }
}
