use std::{io, net::SocketAddr, path::PathBuf};

use tokio::{
    net::{TcpListener, TcpSocket},
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

use super::{
    error::CommandError,
    with_config::{configured, local_profile},
};
use crate::{
    assets,
    config::Config,
    security_log,
    start::{self, Options},
};

/// How many connections may wait to be accepted, if the system allows as many. In a burst, those beyond are retried by
/// their clients after a second.
const BACKLOG: u32 = 4096;

/// `server serve`: runs until the process is told to stop.
pub(super) async fn run(file: Option<PathBuf>) -> Result<(), CommandError> {
    let Some(config) = configured(file.as_deref())? else { return serve_locally().await };
    // Mistakes in the configuration, so they are reported before the server listens.
    assets::check(&assets::site_root(&config)).map_err(CommandError::usage)?;
    security_log::check(&config.log.security).map_err(CommandError::usage)?;
    let listener = bind(config.listen)?;
    serve(config, listener, Options::default()).await
}

/// Serves with the local profile.
async fn serve_locally() -> Result<(), CommandError> {
    let mut profile = local_profile().await?;
    println!("{profile}");
    let options = Options { fallback: Some(profile.fallback()), own_names_only: true, ..Options::default() };
    let served = match profile.take_listener() {
        Ok(listener) => serve(profile.config().clone(), listener, options).await,
        Err(error) => Err(error.into()),
    };
    profile.shutdown().await;
    served
}

fn bind(address: SocketAddr) -> Result<TcpListener, CommandError> {
    let listen = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A restarted server can listen while connections of the one before are still closing.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listen().map_err(|error| CommandError::Failed(format!("listen: {address} cannot be used ({error})")))
}

async fn serve(config: Config, listener: TcpListener, options: Options) -> Result<(), CommandError> {
    let signals = stop_signals()?;
    start::run(config, listener, options, signals).await.map_err(CommandError::failed)
}

/// A message for each time that the process is told to stop. Signals are caught from this call on, not from the first poll. A signal
/// in between would otherwise kill the process.
fn stop_signals() -> io::Result<mpsc::Receiver<()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // Two signals make a difference.
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => (),
                _ = interrupt.recv() => (),
            }
            let _ = sender.try_send(());
        }
    });
    Ok(receiver)
}
