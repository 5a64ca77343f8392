//! AWS as far as documents need it: answers what a test sets, otherwise for the person that a call is made for, and records each
//! request. It does not check signatures, but it accepts from each kind of credentials only the calls that are meant for it.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt as _, stream};
use server::documents::{FreshTokenError, FreshTokens, Person};
use tokio::net::TcpListener;
use url::form_urlencoded;

use super::aws;

/// The key of the server's own credentials.
pub const SERVER_KEY: &str = "AKIASERVER";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    FreshToken,
    CreateToken,
    AssumeRole,
    ListGrants,
    GetDataAccess,
    ListObjects,
    GetObject,
    /// Anything else.
    Unknown,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub call: Call,
    /// As sent, before it is decoded.
    pub path: String,
    pub query: HashMap<String, String>,
    pub headers: HeaderMap,
    pub body: String,
    /// The key id in its signature.
    pub key: String,
}

impl Received {
    /// The form that it sent.
    pub fn form(&self) -> HashMap<String, String> {
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// What a call is answered with.
#[derive(Clone)]
pub enum Answer {
    /// An error, as the service writes it.
    Error(u16, &'static str),
    /// This body with status 200.
    Body(String),
    /// This status, with these headers and parts of a body. It is cut off behind them if `true`.
    Parts(u16, Vec<(&'static str, String)>, Vec<Vec<u8>>, bool),
    /// A body of this many bytes, which counts those that it has sent.
    Large(u64, Sent),
    /// The connection ends without an answer.
    Dropped,
    /// The user pool's failures.
    NoToken(FreshTokenError),
}

/// How many bytes of a body were sent, as long as someone may read it.
#[derive(Clone, Debug, Default)]
pub struct Sent(Arc<AtomicU64>);

impl Sent {
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Whether the body was sent or its connection has ended.
    pub fn is_over(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

#[derive(Default)]
struct Inner {
    received: Vec<Received>,
    next: HashMap<Call, VecDeque<Answer>>,
    always: HashMap<Call, Answer>,
    tokens: usize,
    peers: HashSet<SocketAddr>,
}

#[derive(Clone, Default)]
pub struct Fake(Arc<Mutex<Inner>>);

impl Fake {
    /// Starts it; with its URL.
    pub async fn start() -> (Self, String) {
        let fake = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(fake.clone());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        (fake, url)
    }

    /// Answers the next such call, after those that are set already.
    pub fn next(&self, call: Call, answer: Answer) {
        self.0.lock().unwrap().next.entry(call).or_default().push_back(answer);
    }

    /// Answers all such calls.
    pub fn always(&self, call: Call, answer: Answer) {
        self.0.lock().unwrap().always.insert(call, answer);
    }

    /// The calls since the last time, in their order.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.0.lock().unwrap().received)
    }

    /// The names of the calls since the last time, in their order.
    pub fn take_calls(&self) -> Vec<Call> {
        self.take().iter().map(|received| received.call).collect()
    }

    /// How many connections it has had.
    pub fn connections(&self) -> usize {
        self.0.lock().unwrap().peers.len()
    }

    fn answer_of(&self, call: Call) -> Option<Answer> {
        let mut inner = self.0.lock().unwrap();
        let next = inner.next.get_mut(&call).and_then(VecDeque::pop_front);
        next.or_else(|| inner.always.get(&call).cloned())
    }

    fn record(&self, received: Received) {
        self.0.lock().unwrap().received.push(received);
    }
}

/// The user pool: each token is a new one.
#[async_trait::async_trait]
impl FreshTokens for Fake {
    async fn fresh(&self, person: &Person) -> Result<server::secret::Secret, FreshTokenError> {
        self.record(Received {
            call: Call::FreshToken,
            path: String::new(),
            query: HashMap::new(),
            headers: HeaderMap::new(),
            body: person.refresh_token.expose().to_owned(),
            key: String::new(),
        });
        tokio::task::yield_now().await;
        if let Some(Answer::NoToken(error)) = self.answer_of(Call::FreshToken) {
            return Err(error);
        }
        let mut inner = self.0.lock().unwrap();
        inner.tokens += 1;
        Ok(server::secret::Secret::new(format!("id-token/{}/{}", person.user, inner.tokens)))
    }
}

async fn answer(State(fake): State<Fake>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    fake.0.lock().unwrap().peers.insert(peer);
    let (parts, body) = request.into_parts();
    let body = String::from_utf8(axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
    let query: HashMap<_, _> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let path = parts.uri.path().to_owned();
    let received = Received {
        call: call_of(&parts.method, &path, &query, &body),
        key: key_of(&parts.headers),
        path,
        query,
        headers: parts.headers,
        body,
    };
    fake.record(received.clone());
    // Lets the calls of others come between.
    tokio::task::yield_now().await;
    match fake.answer_of(received.call) {
        Some(answer) => aws::scripted(received.call, answer),
        None => aws::usual(&received),
    }
}

fn call_of(method: &Method, path: &str, query: &HashMap<String, String>, body: &str) -> Call {
    match (method.as_str(), path) {
        ("POST", "/token") => Call::CreateToken,
        ("POST", "/") if body.contains("Action=AssumeRole&") => Call::AssumeRole,
        ("GET", "/v20180820/accessgrantsinstance/caller/grants") => Call::ListGrants,
        ("GET", "/v20180820/accessgrantsinstance/dataaccess") => Call::GetDataAccess,
        ("GET", _) if query.get("list-type").is_some_and(|kind| kind == "2") => Call::ListObjects,
        ("GET", _) => Call::GetObject,
        _ => Call::Unknown,
    }
}

/// Of `AWS4-HMAC-SHA256 Credential=KEY/20261126/…`.
fn key_of(headers: &HeaderMap) -> String {
    let signature = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap()).unwrap_or_default();
    let key = signature.split_once("Credential=").and_then(|(_, rest)| rest.split_once('/'));
    key.map(|(key, _)| key.to_owned()).unwrap_or_default()
}

/// A response that ends after `parts`: cleanly, or cut off.
pub fn in_parts(status: u16, headers: &[(&'static str, String)], parts: Vec<Vec<u8>>, is_cut: bool) -> Response {
    let pieces = stream::iter(parts).map(|part| Ok(Bytes::from(part)));
    let end = stream::iter(is_cut.then_some(())).then(async |()| {
        // While this is pending, what there is so far is sent.
        tokio::task::yield_now().await;
        Err(std::io::Error::other("cut"))
    });
    let mut response = Body::from_stream(pieces.chain(end)).into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

/// A response whose body fails before hyper sends the head: it closes the connection instead.
pub fn dropped() -> Response {
    Body::from_stream(stream::iter([Err::<Bytes, _>(std::io::Error::other("dropped"))])).into_response()
}

/// A response of `size` bytes, made while they are read.
pub fn large(size: u64, sent: Sent) -> Response {
    const PART: u64 = 64 * 1024;
    let parts = stream::unfold((0, sent), move |(from, sent)| async move {
        let length = PART.min(size - from);
        sent.0.fetch_add(length, Ordering::SeqCst);
        let part = Bytes::from(vec![b'x'; usize::try_from(length).unwrap()]);
        (length > 0).then_some((Ok::<_, std::io::Error>(part), (from + length, sent)))
    });
    let mut response = Body::from_stream(parts).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, size.into());
    response
}
