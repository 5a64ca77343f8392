//! Why the stand-ins cannot start, in sentences for the person who started them.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a stand-in did not start. Each message says what is wrong and how to fix it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data path exists and is not a directory.
    #[error(
        "the data path {} is not a directory: move that file away, or choose another data directory",
        path.display()
    )]
    DataDirNotADirectory {
        /// The path given as the data directory.
        path: PathBuf,
    },
    /// The data directory does not exist and cannot be created.
    #[error(
        "the data directory {} cannot be created ({source}): create it yourself, or choose another one",
        path.display()
    )]
    DataDirCannotBeCreated {
        /// The directory to create.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file in the data directory cannot be written.
    #[error(
        "cannot write to the data directory: {} ({source}): fix its owner or permissions, or choose another directory",
        path.display()
    )]
    DataDirNotWritable {
        /// The file that cannot be written or read.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The disk with the data directory is full.
    #[error(
        "no space is left for the data directory {}: free some disk space, or choose another directory",
        path.display()
    )]
    DiskFull {
        /// The data directory.
        path: PathBuf,
    },
    /// Another process is using the database.
    #[error(
        "the database {} is in use by another process: stop that process first, or choose another data directory",
        path.display()
    )]
    DatabaseInUse {
        /// The database file.
        path: PathBuf,
    },
    /// The database file is not a database.
    #[error(
        "{} is not a database: restore it from a backup, or move it away to start with an empty one",
        path.display()
    )]
    NotADatabase {
        /// The file that was found.
        path: PathBuf,
    },
    /// The engine cannot open the database for another reason.
    #[error(
        "the database {} cannot be opened ({reason}): restore it from a backup, or move it away to start with an empty one",
        path.display()
    )]
    DatabaseCannotBeOpened {
        /// The database file.
        path: PathBuf,
        /// What the engine said.
        reason: String,
    },
    /// The engine accepts only paths in UTF-8.
    #[error("the data directory {} is not valid UTF-8: choose another one", path.display())]
    PathIsNotText {
        /// The path.
        path: PathBuf,
    },
    /// The address is not available.
    #[error("cannot listen on {address} ({source}): is another program using that port?")]
    CannotListen {
        /// The requested address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// Stand-ins let anyone sign in as any test citizen, so they must stay on this machine.
    #[error("{address} is not a loopback address: the stand-ins listen on 127.0.0.1 only")]
    NotLoopback {
        /// The requested address.
        address: SocketAddr,
    },
    /// The relying party's origin is not an origin.
    #[error(
        "`{origin}` is not an origin: give scheme, host and port without a slash at the end, such as http://127.0.0.1:3000"
    )]
    NotAnOrigin {
        /// What was given.
        origin: String,
    },
    /// No provider has this kind.
    #[error("unknown provider kind `{kind}`: use one of {}", known.join(", "))]
    UnknownProviderKind {
        /// The requested kind.
        kind: String,
        /// The kinds that exist.
        known: &'static [&'static str],
    },
    /// A signing key cannot be generated.
    #[error("a signing key cannot be generated: {reason}")]
    SigningKey {
        /// What the cryptographic library said.
        reason: String,
    },
    /// The user pool's HTTP client cannot be built.
    #[error("the user pool's HTTP client cannot be built: {0}")]
    HttpClient(#[from] reqwest::Error),
    /// The engine's own thread or runtime cannot be started.
    #[error("the database engine's thread cannot be started: {0}")]
    EngineThread(io::Error),
    /// The engine's thread ended before it reported a result.
    #[error("the database engine stopped while it was starting: see the log")]
    EngineStopped,
}
