//! The DynamoDB-compatible engine (dynoxide, on SQLite) with its file in the data directory.
//!
//! It runs on its own thread and runtime: its requests block, and must not delay pages. SQLite's write-ahead log keeps
//! acknowledged writes when the process is killed. It creates no tables: the relying party does.

mod data_dir;
mod gate;

use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::Duration;

use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;

use crate::error::StartError;
use crate::serving::ANY_PORT;
use data_dir::DataDir;

/// How often expired items are deleted. DynamoDB itself promises "within days".
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// How long open requests may take to finish at shutdown.
const GRACE: Duration = Duration::from_secs(2);

/// A running engine. Dropping it stops it without waiting.
pub struct Engine {
    endpoint: String,
    stop: oneshot::Sender<()>,
    stopped: oneshot::Receiver<()>,
}

impl Engine {
    /// Opens or creates `dynamodb.sqlite` in `data_dir` and serves it on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// The data directory cannot be created or written, its disk is full, another process uses the database, or the file is
    /// not a database.
    pub async fn start(data_dir: &Path) -> Result<Engine, StartError> {
        Self::start_at(data_dir, ANY_PORT).await
    }

    /// As [`start`](Self::start), on a given address, so that it stays the same after a restart.
    ///
    /// # Errors
    /// As [`start`](Self::start), or the address is not on loopback or is in use.
    pub async fn start_at(data_dir: &Path, listen: SocketAddr) -> Result<Engine, StartError> {
        if !listen.ip().is_loopback() {
            return Err(StartError::NotLoopback { address: listen });
        }
        let data_dir = data_dir.to_owned();
        let (ready, started) = oneshot::channel();
        let (stop, stop_requested) = oneshot::channel();
        let (done, stopped) = oneshot::channel();
        thread::Builder::new()
            .name("dynamodb".to_owned())
            .spawn(move || {
                match open(&data_dir, listen) {
                    Ok(opened) => opened.run(ready, stop_requested),
                    // The receiver may have been dropped in the meantime.
                    Err(error) => drop(ready.send(Err(error))),
                }
                let _ = done.send(());
            })
            .map_err(StartError::EngineThread)?;
        let endpoint = started.await.map_err(|_| StartError::EngineStopped)??;
        Ok(Engine { endpoint, stop, stopped })
    }

    /// The base URL, such as `http://127.0.0.1:41234`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Stops serving, closes the database and releases its lock.
    pub async fn shutdown(self) {
        // Both fail only if the thread has ended.
        let _ = self.stop.send(());
        let _ = self.stopped.await;
    }
}

struct Opened {
    // Fields are dropped in this order: the lock is released last, after the database is closed.
    database: Database,
    runtime: Runtime,
    listener: TcpListener,
    /// For the engine, which only the gate knows.
    hidden: TcpListener,
    endpoint: String,
    data_dir: DataDir,
}

fn open(path: &Path, listen: SocketAddr) -> Result<Opened, StartError> {
    let data_dir = DataDir::lock(path)?;
    let database = data_dir.open_database()?;
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("dynamodb")
        .enable_all()
        .build()
        .map_err(StartError::EngineThread)?;
    let cannot = |source| StartError::CannotListen { address: listen, source };
    let listener = runtime.block_on(TcpListener::bind(listen)).map_err(cannot)?;
    let endpoint = format!("http://{}", listener.local_addr().map_err(cannot)?);
    let hidden = runtime.block_on(gate::hidden_listener()).map_err(cannot)?;
    Ok(Opened { database, runtime, listener, hidden, endpoint, data_dir })
}

impl Opened {
    fn run(self, ready: oneshot::Sender<Result<String, StartError>>, stop: oneshot::Receiver<()>) {
        let Opened { database, runtime, listener, hidden, endpoint, data_dir } = self;
        runtime.spawn(sweep(database.clone()));
        let gate = match hidden.local_addr() {
            Ok(engine) => runtime.spawn(gate::run(listener, engine)),
            Err(source) => {
                let address = SocketAddr::from(([127, 0, 0, 1], 0));
                drop(ready.send(Err(StartError::CannotListen { address, source })));
                return;
            }
        };
        let (stopping, mut graceful_end) = oneshot::channel::<()>();
        runtime.block_on(async move {
            let serving = dynoxide::server::serve_with_shutdown(hidden, database, async move {
                // An error means that the `Engine` was dropped, which also means stop.
                let _ = stop.await;
                // Closes its listener: new connections would otherwise wait in vain.
                gate.abort();
                drop(stopping);
            });
            let mut serving = std::pin::pin!(serving);
            if ready.send(Ok(endpoint)).is_err() {
                return;
            }
            let outcome = tokio::select! {
                outcome = &mut serving => outcome,
                _ = &mut graceful_end => {
                    tokio::time::timeout(GRACE, serving).await.unwrap_or(Ok(()))
                }
            };
            if let Err(error) = outcome {
                tracing::error!(error, "the DynamoDB engine stopped serving");
            }
        });
        // Closes lingering connections, and with them their handles on the database.
        runtime.shutdown_timeout(GRACE);
        drop(data_dir);
    }
}

async fn sweep(database: Database) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let database = database.clone();
        match tokio::task::spawn_blocking(move || database.sweep_ttl()).await {
            Ok(Ok(deleted)) => tracing::debug!(deleted, "expired items swept"),
            Ok(Err(error)) => tracing::warn!(%error, "expired items could not be swept"),
            Err(_) => return,
        }
    }
}
