//! A TCP line to a service on loopback that a test cuts and mends, on a port that stays the same.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
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
    /// Nobody listens: connections are refused.
    Cut,
    /// Connections are taken and nothing is ever answered.
    Silent,
    /// The first request with `PutItem` in it goes through, and its answer gets lost.
    LosesAnswer,
    /// Every request with `PutItem` in it is one too many, as DynamoDB says it.
    Throttles,
}

pub struct Line {
    address: SocketAddr,
    upstream: SocketAddr,
    // Bound and not listening: it keeps the port for this line while nobody listens on it.
    _place: TcpSocket,
    serving: Mutex<Option<AbortHandle>>,
}

impl Line {
    /// A whole line to `upstream`, a URL such as `http://127.0.0.1:41234`.
    pub fn to(upstream: &str) -> Self {
        let upstream = upstream.strip_prefix("http://").unwrap().parse().unwrap();
        let place = socket("127.0.0.1:0".parse().unwrap());
        let line = Self { address: place.local_addr().unwrap(), upstream, _place: place, serving: Mutex::new(None) };
        line.set(State::Whole);
        line
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Connections that are open end at once, whatever the new state is.
    pub fn set(&self, state: State) {
        let mut serving = self.serving.lock().unwrap();
        if let Some(task) = serving.take() {
            task.abort();
        }
        if state != State::Cut {
            let listener = socket(self.address).listen(1024).unwrap();
            *serving = Some(tokio::spawn(serve(listener, self.upstream, state)).abort_handle());
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

async fn serve(listener: TcpListener, upstream: SocketAddr, state: State) {
    // Dropped, and with it every connection, when this task is aborted.
    let mut open = JoinSet::new();
    let lost = Arc::new(AtomicBool::new(false));
    loop {
        let Ok((near, _)) = listener.accept().await else { continue };
        open.spawn(carry(near, upstream, state, Arc::clone(&lost)));
    }
}

async fn carry(mut near: TcpStream, upstream: SocketAddr, state: State, lost: Arc<AtomicBool>) {
    if state == State::Silent {
        let () = std::future::pending().await;
    }
    let Ok(mut far) = TcpStream::connect(upstream).await else { return };
    match state {
        State::LosesAnswer => lose_one_answer(near, far, &lost).await,
        State::Throttles => throttle(near, far).await,
        _ => drop(copy_bidirectional(&mut near, &mut far).await),
    }
}

/// Carries bytes both ways until a `PutItem` comes by for the first time; from then on only the way there.
async fn lose_one_answer(near: TcpStream, far: TcpStream, lost: &AtomicBool) {
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let deaf = AtomicBool::new(false);
    let there = async {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = near_in.read(&mut bytes).await {
            if bytes[..count].windows(7).any(|window| window == b"PutItem") && !lost.swap(true, Ordering::SeqCst) {
                deaf.store(true, Ordering::SeqCst);
            }
            if far_out.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    };
    let back = async {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = far_in.read(&mut bytes).await {
            if !deaf.load(Ordering::SeqCst) && near_out.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    };
    tokio::join!(there, back);
}

/// Carries bytes both ways until a `PutItem` comes by; that is answered here, and the connection ends.
async fn throttle(near: TcpStream, far: TcpStream) {
    const BODY: &str =
        r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}"#;
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let back = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut far_in, &mut near_out).await;
        near_out
    });
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = near_in.read(&mut bytes).await {
        if bytes[..count].windows(7).any(|window| window == b"PutItem") {
            // The answer to whatever came before is through: the client sends one request after the other.
            drop(far_out);
            let mut near_out = back.await.unwrap();
            let answer = format!(
                "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.0\r\nConnection: close\r\n\
                 Content-Length: {}\r\n\r\n{BODY}",
                BODY.len()
            );
            let _ = near_out.write_all(answer.as_bytes()).await;
            let _ = near_out.shutdown().await;
            // The rest of the request, so that the client gets to read the answer.
            while let Ok(1..) = near_in.read(&mut bytes).await {}
            return;
        }
        if far_out.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
