use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use reqwest::Client;
use tokio::{
    io::AsyncReadExt as _,
    net::{TcpListener, TcpSocket},
    task::JoinSet,
};

use super::*;
use crate::browser::keep_alive_client;

const HEALTH: HealthCheck = HealthCheck { interval: Duration::from_millis(20), unhealthy: 2, healthy: 1 };
const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// A server that answers its name.
struct Named {
    address: SocketAddr,
    is_ready: Arc<AtomicBool>,
    connections: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<HeaderMap>>>,
    _task: JoinSet<()>,
}

impl Named {
    async fn start(name: &'static str) -> Self {
        let (is_ready, connections) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
        let seen = Arc::<Mutex<Vec<HeaderMap>>>::default();
        let ready = Arc::clone(&is_ready);
        let headers_seen = Arc::clone(&seen);
        let app = Router::new()
            .route(
                "/readyz",
                get(move || async move {
                    if ready.load(Ordering::SeqCst) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
                }),
            )
            .fallback(move |headers: HeaderMap| async move {
                headers_seen.lock().expect("headers").push(headers);
                ([(header::CONNECTION, "keep-alive")], name)
            });
        let listener = TcpListener::bind(ANY).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let accepted = Arc::clone(&connections);
        let listener = listener.tap_io(move |_| {
            accepted.fetch_add(1, Ordering::SeqCst);
        });
        let mut task = JoinSet::new();
        task.spawn(async move { drop(axum::serve(listener, app).await) });
        Self { address, is_ready, connections, seen, _task: task }
    }
}

async fn ask(client: &Client, balancer: &Balancer) -> (StatusCode, String) {
    let answer = client.get(format!("http://{}/", balancer.address())).send().await.expect("an answer");
    assert!(!answer.headers().contains_key(header::CONNECTION), "{:?}", answer.headers());
    (answer.status(), answer.text().await.expect("a text"))
}

/// The names of the servers that answer ten requests.
async fn ten(client: &Client, balancer: &Balancer) -> Vec<String> {
    let mut names = Vec::new();
    for _ in 0..10 {
        let (status, name) = ask(client, balancer).await;
        assert_eq!(status, StatusCode::OK);
        names.push(name);
    }
    names.sort_unstable();
    names.dedup();
    names
}

#[tokio::test]
async fn servers_that_are_ready_get_requests_in_turn() {
    let (one, two) = (Named::start("one").await, Named::start("two").await);
    let balancer = Balancer::start(ANY, HEALTH).await;
    let client = keep_alive_client(crate::TIMEOUT);
    assert_eq!(ask(&client, &balancer).await.0, StatusCode::SERVICE_UNAVAILABLE);
    balancer.register(one.address).await;
    balancer.register(two.address).await;
    assert_eq!(ten(&client, &balancer).await, ["one", "two"]);
    one.is_ready.store(false, Ordering::SeqCst);
    balancer.until_out(one.address).await;
    assert_eq!(ten(&client, &balancer).await, ["two"]);
    two.is_ready.store(false, Ordering::SeqCst);
    balancer.until_out(two.address).await;
    assert_eq!(ten(&client, &balancer).await, ["one", "two"]);
    one.is_ready.store(true, Ordering::SeqCst);
    balancer.until_ready(one.address).await;
    assert_eq!(ten(&client, &balancer).await, ["one"]);
    balancer.deregister(one.address).await;
    assert_eq!(ten(&client, &balancer).await, ["two"]);
    assert_eq!(balancer.requests(), 51);
    assert_eq!(balancer.counts(two.address).failed, 0);
}

#[tokio::test]
async fn connections_are_kept_and_the_client_is_named() {
    let one = Named::start("one").await;
    // One check, so that every other connection is for requests.
    let balancer = Balancer::start(ANY, HealthCheck { interval: Duration::from_secs(3600), ..HEALTH }).await;
    balancer.register(one.address).await;
    let client = keep_alive_client(crate::TIMEOUT);
    let checks = one.connections.load(Ordering::SeqCst);
    ten(&client, &balancer).await;
    assert!(one.connections.load(Ordering::SeqCst) - checks < 10);
    let url = format!("http://{}/", balancer.address());
    client.get(url).header("x-forwarded-for", "198.51.100.7").send().await.expect("an answer");
    let seen = one.seen.lock().expect("headers");
    let lists: Vec<_> = seen.iter().map(|headers| headers["x-forwarded-for"].clone()).collect();
    assert_eq!((lists[0].as_bytes(), lists[10].as_bytes()), (&b"127.0.0.1"[..], &b"198.51.100.7, 127.0.0.1"[..]));
}

#[tokio::test]
async fn only_a_request_that_was_not_sent_goes_to_the_next_server() {
    let named = Named::start("named").await;
    // It answers one check, then reads each request and closes the connection.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(ANY).expect("a port");
    let broken = socket.local_addr().expect("an address");
    let balancer = Balancer::start(ANY, HealthCheck { interval: Duration::from_secs(3600), ..HEALTH }).await;
    balancer.register(named.address).await;
    let server = tokio::spawn(async move {
        let listener = socket.listen(16).expect("a listener");
        let mut requests = 0;
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let _ = stream.read(&mut [0; 4096]).await;
            if requests == 0 {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await.expect("an answer");
            }
            requests += 1;
        }
    });
    balancer.register(broken).await;
    let client = keep_alive_client(crate::TIMEOUT);
    let mut statuses = Vec::new();
    for _ in 0..10 {
        statuses.push(ask(&client, &balancer).await.0.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 502, 502, 502, 502, 502]);
    assert_eq!(balancer.counts(broken), Counts { answered: 0, in_flight: 0, failed: 5, refused: 0 });
    // Its port is closed, and no check has noticed yet.
    server.abort();
    let _ = server.await;
    assert_eq!(ten(&client, &balancer).await, ["named"]);
    assert_eq!(balancer.counts(broken), Counts { answered: 0, in_flight: 0, failed: 5, refused: 5 });
    assert_eq!(balancer.counts(named.address).failed, 0);
}
