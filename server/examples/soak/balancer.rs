//! A TCP load balancer in front of the servers of one site. It counts connections, so a client must use one for each request.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

/// What the balancer knows of a server.
#[derive(Clone, Copy)]
struct State {
    /// Whether it gets new connections.
    is_in: bool,
    /// Its connections.
    open: usize,
}

struct Backend {
    address: SocketAddr,
    state: watch::Sender<State>,
}

/// A running balancer. Dropping this value ends it and its connections.
pub(crate) struct Balancer {
    backends: Arc<[Backend]>,
    _task: JoinSet<()>,
}

impl Balancer {
    /// Starts it at `listen`, with all `servers` in.
    pub(crate) async fn start(listen: SocketAddr, servers: &[SocketAddr]) -> Self {
        let backend = |address: &SocketAddr| Backend {
            address: *address,
            state: watch::Sender::new(State { is_in: true, open: 0 }),
        };
        let backends: Arc<[Backend]> = servers.iter().map(backend).collect();
        let listener = TcpListener::bind(listen).await.expect("the balancer's port");
        let mut task = JoinSet::new();
        task.spawn(serve(listener, Arc::clone(&backends)));
        Self { backends, _task: task }
    }

    /// Gives this server no new connection, and waits until its requests are answered.
    pub(crate) async fn take_out(&self, server: usize) {
        let state = &self.backends[server].state;
        state.send_modify(|state| state.is_in = false);
        let _ = state.subscribe().wait_for(|state| state.open == 0).await;
    }

    pub(crate) fn put_back(&self, server: usize) {
        self.backends[server].state.send_modify(|state| state.is_in = true);
    }
}

async fn serve(listener: TcpListener, backends: Arc<[Backend]>) {
    let mut connections = JoinSet::new();
    let mut next = 0;
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((mut client, _)) = listener.accept().await else { continue };
        let take = |backend: &Backend| {
            backend.state.send_if_modified(|state| {
                state.open += usize::from(state.is_in);
                state.is_in
            })
        };
        let turns = (next..).take(backends.len()).map(|turn| turn % backends.len());
        let Some(taken) = turns.into_iter().find(|turn| take(&backends[*turn])) else { continue };
        next = taken + 1;
        let backends = Arc::clone(&backends);
        connections.spawn(async move {
            let Backend { address, state } = &backends[taken];
            if let Ok(mut server) = TcpStream::connect(address).await {
                let _ = copy_bidirectional(&mut client, &mut server).await;
            }
            state.send_modify(|state| state.open -= 1);
        });
    }
}
