//! A TCP load balancer in front of two servers. It takes them in turn, and counts what it passes on.

use std::{
    net::SocketAddr,
    ops::Sub,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_util::io::InspectWriter;

/// What went through a balancer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Traffic {
    pub(crate) connections: u64,
    /// To browsers, with headers. Bytes of connections that are still open count too.
    pub(crate) bytes_out: u64,
}

impl Sub for Traffic {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self { connections: self.connections - earlier.connections, bytes_out: self.bytes_out - earlier.bytes_out }
    }
}

#[derive(Default)]
struct Counts {
    connections: AtomicU64,
    bytes_out: AtomicU64,
}

/// A running balancer. Dropping this value ends it and its connections.
pub(crate) struct Balancer {
    counts: Arc<Counts>,
    _task: JoinSet<()>,
}

impl Balancer {
    pub(crate) async fn start(listen: SocketAddr, servers: [SocketAddr; 2]) -> Self {
        let listener = TcpListener::bind(listen).await.expect("the balancer's port");
        let counts = Arc::new(Counts::default());
        let mut task = JoinSet::new();
        task.spawn(serve(listener, servers, Arc::clone(&counts)));
        Self { counts, _task: task }
    }

    pub(crate) fn traffic(&self) -> Traffic {
        Traffic {
            connections: self.counts.connections.load(Ordering::Relaxed),
            bytes_out: self.counts.bytes_out.load(Ordering::Relaxed),
        }
    }
}

async fn serve(listener: TcpListener, servers: [SocketAddr; 2], counts: Arc<Counts>) {
    let mut connections = JoinSet::new();
    for server in servers.iter().cycle().copied() {
        while connections.try_join_next().is_some() {}
        let Ok((client, _)) = listener.accept().await else { continue };
        counts.connections.fetch_add(1, Ordering::Relaxed);
        let counts = Arc::clone(&counts);
        connections.spawn(async move {
            let Ok(mut server) = TcpStream::connect(server).await else { return };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let mut client = InspectWriter::new(client, |bytes| {
                counts.bytes_out.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            });
            let _ = copy_bidirectional(&mut client, &mut server).await;
        });
    }
}
