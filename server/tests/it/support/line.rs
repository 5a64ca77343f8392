//! A TCP line to a service on loopback that a test cuts and mends, on a port that stays the same.

use std::{net::SocketAddr, sync::Mutex};

use tokio::{
    io::copy_bidirectional,
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
        let line =
            Self { address: place.local_addr().unwrap(), upstream, _place: place, serving: Mutex::new(None) };
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
    loop {
        let Ok((mut near, _)) = listener.accept().await else { continue };
        open.spawn(async move {
            if state == State::Silent {
                let () = std::future::pending().await;
            }
            if let Ok(mut far) = TcpStream::connect(upstream).await {
                let _ = copy_bidirectional(&mut near, &mut far).await;
            }
        });
    }
}
