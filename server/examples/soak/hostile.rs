//! Clients that hold connections: idle ones, ones that send a body a byte a second, and ones that never read. Each group has
//! loopback addresses of its own, so that the ceilings of single addresses apply as they do to real clients.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
};

use crate::report::Report;

/// Clients with one address.
const PER_ADDRESS: u16 = 100;
/// From one byte of a slow body to the next, and from the end of a connection to the next one.
const PAUSE: Duration = Duration::from_secs(1);

/// What a client does.
#[derive(Clone, Copy)]
enum Kind {
    Idle,
    SlowBody,
    Unread,
}

const KINDS: [(Kind, &str); 3] =
    [(Kind::Idle, "idle"), (Kind::SlowBody, "sending a byte a second"), (Kind::Unread, "not reading")];

/// How many of each kind: `SOAK_IDLE`, `SOAK_SLOW_BODIES`, `SOAK_UNREAD`.
#[derive(Clone, Copy)]
pub(crate) struct Numbers(pub(crate) [u16; 3]);

/// Running clients. Dropping this value ends them.
pub(crate) struct Hostile {
    numbers: Numbers,
    ended: [Arc<AtomicU64>; 3],
    refused: Arc<AtomicU64>,
    _tasks: JoinSet<()>,
}

impl Hostile {
    /// Starts them. Each connects again when the server ends its connection. Those that do not read request `file`.
    pub(crate) fn start(server: SocketAddr, numbers: Numbers, file: &str) -> Self {
        let request: Arc<str> = format!("GET {file} HTTP/1.1\r\nHost: x\r\n\r\n").into();
        let ended: [Arc<AtomicU64>; 3] = std::array::from_fn(|_| Arc::default());
        let refused: Arc<AtomicU64> = Arc::default();
        let mut tasks = JoinSet::new();
        for (group, ((kind, _), number)) in KINDS.into_iter().zip(numbers.0).enumerate() {
            for client in 0..number {
                let third = u8::try_from(group + 1).expect("few groups");
                let last = u8::try_from(client / PER_ADDRESS + 1).expect("at most 25,500 clients in a group");
                let from = Ipv4Addr::new(127, 0, third, last);
                let request = Arc::clone(&request);
                let (ended, refused) = (Arc::clone(&ended[group]), Arc::clone(&refused));
                tasks.spawn(async move {
                    loop {
                        match connect(from, server).await {
                            Ok(stream) => {
                                let _ = kind.use_up(stream, &request).await;
                                ended.fetch_add(1, Relaxed);
                            }
                            Err(_) => drop(refused.fetch_add(1, Relaxed)),
                        }
                        tokio::time::sleep(PAUSE).await;
                    }
                });
            }
        }
        Self { numbers, ended, refused, _tasks: tasks }
    }

    pub(crate) fn report(&self, report: &mut Report) {
        for (((_, name), number), ended) in KINDS.iter().zip(self.numbers.0).zip(&self.ended) {
            report.number(&format!("hostile clients {name}"), number.into());
            report.number(&format!("their connections that the server ended, {name}"), ended.load(Relaxed) as f64);
        }
        report.number("hostile connections that were not accepted", self.refused.load(Relaxed) as f64);
    }
}

async fn connect(from: Ipv4Addr, server: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    socket.connect(server).await
}

impl Kind {
    /// Uses a connection until the server ends it.
    async fn use_up(self, mut stream: TcpStream, request: &str) -> std::io::Result<()> {
        match self {
            Self::Idle => drop(stream.read(&mut [0; 1024]).await?),
            Self::SlowBody => {
                let head = "POST /api/save_message HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n";
                stream.write_all(head.as_bytes()).await?;
                let mut answer = [0; 1024];
                while tokio::time::timeout(PAUSE, stream.read(&mut answer)).await.is_err() {
                    stream.write_all(b"x").await?;
                }
            }
            // The answers to a client that never reads soon fill every buffer. Then the server reads no further request.
            Self::Unread => loop {
                stream.write_all(request.as_bytes()).await?;
            },
        }
        Ok(())
    }
}
