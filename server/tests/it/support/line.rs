//! A TCP connection to a service on loopback that a test can cut and restore. Its port stays the same.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpSocket, TcpStream},
    task::{AbortHandle, JoinSet},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Bytes go through.
    Whole,
    /// Connections are refused.
    Cut,
    /// Connections are accepted and never answered.
    Silent,
    /// The first write is forwarded, and its response is lost.
    LosesResponse,
    /// Every write is throttled, as DynamoDB does it.
    Throttles,
    /// This many connections are closed when a request arrives. Later ones work.
    Drops(usize),
    /// Responses end after their head.
    BreaksOff,
    /// This many requests are answered. Each later one closes its connection, and goes nowhere.
    EndsAfter(usize),
}

pub struct Line {
    address: SocketAddr,
    upstream: SocketAddr,
    // Bound but not listening: reserves the port while the line is cut.
    _reserved: TcpSocket,
    serving: Mutex<Option<AbortHandle>>,
    dropped: Arc<AtomicUsize>,
    answered: Arc<AtomicUsize>,
}

impl Line {
    /// A working line to `upstream`, a URL such as `http://127.0.0.1:41234`.
    pub fn to(upstream: &str) -> Self {
        let upstream = upstream.strip_prefix("http://").unwrap().parse().unwrap();
        let reserved = socket("127.0.0.1:0".parse().unwrap());
        let line = Self {
            address: reserved.local_addr().unwrap(),
            upstream,
            _reserved: reserved,
            serving: Mutex::new(None),
            dropped: Arc::default(),
            answered: Arc::default(),
        };
        line.set(State::Whole);
        line
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Leads to another address from now on.
    pub fn lead_to(&mut self, upstream: SocketAddr) {
        self.upstream = upstream;
        self.set(State::Whole);
    }

    /// How many connections it has dropped in its current state.
    pub fn dropped(&self) -> usize {
        self.dropped.load(Ordering::SeqCst)
    }

    /// Whether it has come to its end, in the state [`State::EndsAfter`].
    pub fn has_ended(&self) -> bool {
        self.dropped() > 0
    }

    /// Ends all open connections, whatever the new state is.
    pub fn set(&self, state: State) {
        let mut serving = self.serving.lock().unwrap();
        if let Some(task) = serving.take() {
            task.abort();
        }
        self.dropped.store(0, Ordering::SeqCst);
        self.answered.store(0, Ordering::SeqCst);
        if state != State::Cut {
            let listener = socket(self.address).listen(1024).unwrap();
            let counts = [&self.dropped, &self.answered].map(Arc::clone);
            *serving = Some(tokio::spawn(serve(listener, self.upstream, state, counts)).abort_handle());
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(task) = self.serving.get_mut().unwrap().take() {
            task.abort();
        }
    }
}

fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

async fn serve(listener: TcpListener, upstream: SocketAddr, state: State, [dropped, answered]: [Arc<AtomicUsize>; 2]) {
    // Aborting this task drops it, and ends every connection.
    let mut open = JoinSet::new();
    let lost = Arc::new(AtomicBool::new(false));
    loop {
        let Ok((near, _)) = listener.accept().await else { continue };
        if let State::Drops(most) = state
            && dropped.load(Ordering::SeqCst) < most
        {
            drop_on_request(near, &dropped).await;
            continue;
        }
        if let State::EndsAfter(most) = state {
            open.spawn(answer_some(near, upstream, most, Arc::clone(&answered), Arc::clone(&dropped)));
            continue;
        }
        open.spawn(forward(near, upstream, state, Arc::clone(&lost)));
    }
}

async fn forward(mut near: TcpStream, upstream: SocketAddr, state: State, lost: Arc<AtomicBool>) {
    if state == State::Silent {
        let () = std::future::pending().await;
    }
    let Ok(mut far) = TcpStream::connect(upstream).await else { return };
    match state {
        State::LosesResponse => lose_one_response(near, far, &lost).await,
        State::Throttles => throttle(near, far).await,
        State::BreaksOff => break_off(near, far).await,
        _ => drop(copy_bidirectional(&mut near, &mut far).await),
    }
}

/// Closes the connection when a request has arrived.
async fn drop_on_request(mut near: TcpStream, dropped: &AtomicUsize) {
    let mut bytes = vec![0; 1 << 16];
    if near.read(&mut bytes).await.is_ok_and(|count| count > 0) {
        dropped.fetch_add(1, Ordering::SeqCst);
    }
}

/// Forwards requests and responses until `most` requests of all connections have been forwarded.
async fn answer_some(
    near: TcpStream,
    upstream: SocketAddr,
    most: usize,
    answered: Arc<AtomicUsize>,
    dropped: Arc<AtomicUsize>,
) {
    let Ok(far) = TcpStream::connect(upstream).await else { return };
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let back = tokio::spawn(async move { tokio::io::copy(&mut far_in, &mut near_out).await });
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = near_in.read(&mut bytes).await {
        // A client sends its next request when it has the whole response to the one before. Bodies are JSON.
        if bytes.starts_with(b"POST ") && answered.fetch_add(1, Ordering::SeqCst) >= most {
            dropped.fetch_add(1, Ordering::SeqCst);
            break;
        }
        if far_out.write_all(&bytes[..count]).await.is_err() {
            break;
        }
    }
    back.abort();
}

/// Forwards a request, and of the response what comes before the first brace.
async fn break_off(near: TcpStream, far: TcpStream) {
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let upstream = tokio::spawn(async move { tokio::io::copy(&mut near_in, &mut far_out).await });
    let mut response = Vec::new();
    while !response.contains(&b'{') {
        let mut bytes = vec![0; 1 << 16];
        let Ok(count @ 1..) = far_in.read(&mut bytes).await else { break };
        response.extend_from_slice(&bytes[..count]);
    }
    let end = response.iter().position(|byte| *byte == b'{').unwrap_or(response.len());
    let _ = near_out.write_all(&response[..end]).await;
    upstream.abort();
}

/// Whether these bytes of a request name an operation that stores something.
fn has_write(bytes: &[u8]) -> bool {
    const WRITES: [&[u8]; 5] =
        [b".PutItem", b".UpdateItem", b".DeleteItem", b".BatchWriteItem", b".TransactWriteItems"];
    WRITES.iter().any(|name| bytes.windows(name.len()).any(|part| part == *name))
}

/// Forwards bytes in both directions until the first write, and only upstream from then on.
async fn lose_one_response(near: TcpStream, far: TcpStream, lost: &AtomicBool) {
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let is_lost = AtomicBool::new(false);
    let upstream = async {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = near_in.read(&mut bytes).await {
            if has_write(&bytes[..count]) && !lost.swap(true, Ordering::SeqCst) {
                is_lost.store(true, Ordering::SeqCst);
            }
            if far_out.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    };
    let downstream = async {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = far_in.read(&mut bytes).await {
            if !is_lost.load(Ordering::SeqCst) && near_out.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    };
    tokio::join!(upstream, downstream);
}

/// Forwards bytes in both directions until a write. Answers it and ends the connection.
async fn throttle(near: TcpStream, far: TcpStream) {
    const BODY: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down","ThrottlingReasons":[{"reason":"TableWriteMaxOnDemandThroughputExceeded","resource":"arn:aws:dynamodb:eu-west-1:1:table/S3CRET"}]}"#;
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let back = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut far_in, &mut near_out).await;
        near_out
    });
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = near_in.read(&mut bytes).await {
        if has_write(&bytes[..count]) {
            // The response to the previous request is complete: the client sends one request at a time.
            drop(far_out);
            let mut near_out = back.await.unwrap();
            let answer = format!(
                "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.0\r\nConnection: close\r\n\
                 Content-Length: {}\r\n\r\n{BODY}",
                BODY.len()
            );
            let _ = near_out.write_all(answer.as_bytes()).await;
            let _ = near_out.shutdown().await;
            // Reads the rest of the request, so that the client reads the response.
            while let Ok(1..) = near_in.read(&mut bytes).await {}
            return;
        }
        if far_out.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
