//! What can keep the stand-ins from starting, in sentences for the person who started them.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a stand-in did not start. Each message names the thing at fault and the mend.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data path exists and is something else than a directory.
    #[error(
        "the data path {} is not a directory: move that file away, or choose another data directory",
        path.display()
    )]
    DataDirNotADirectory {
        /// The path that was to be the data directory.
        path: PathBuf,
    },
    /// The data directory does not exist and could not be made.
    #[error(
        "the data directory {} cannot be created ({source}): create it yourself, or choose another one",
        path.display()
    )]
    DataDirCannotBeCreated {
        /// The directory that was to be created.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file in the data directory could not be written.
    #[error(
        "the data directory cannot be written to: {} ({source}): mend its owner or permissions, or choose another one",
        path.display()
    )]
    DataDirNotWritable {
        /// The file that could not be written or read.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The device that holds the data directory is full.
    #[error(
        "no space is left for the data directory {}: free some space on that disk, or choose another directory",
        path.display()
    )]
    DiskFull {
        /// The data directory.
        path: PathBuf,
    },
    /// Another process holds the database.
    #[error(
        "the database {} is in use by another process: stop that one first, or choose another data directory",
        path.display()
    )]
    DatabaseInUse {
        /// The database file.
        path: PathBuf,
    },
    /// The file that should be the database holds something else.
    #[error(
        "{} is not a database: move it away and a new, empty one is made, or restore it from a copy",
        path.display()
    )]
    NotADatabase {
        /// The file that was found.
        path: PathBuf,
    },
    /// The engine refused the database for another reason.
    #[error(
        "the database {} cannot be opened ({reason}): restore it from a copy, or move it away and a new one is made",
        path.display()
    )]
    DatabaseCannotBeOpened {
        /// The database file.
        path: PathBuf,
        /// What the engine said.
        reason: String,
    },
    /// The engine takes only paths that are text.
    #[error("the data directory {} is not valid UTF-8: choose another one", path.display())]
    PathIsNotText {
        /// The path.
        path: PathBuf,
    },
    /// A listening socket could not be had.
    #[error("cannot listen on {address} ({source}): is another program using that port?")]
    CannotListen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// Stand-ins hand out identities to anybody, so they stay on this machine.
    #[error("{address} is not a loopback address: the stand-ins listen on 127.0.0.1 only")]
    NotLoopback {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The origin of the relying party is not an origin.
    #[error(
        "`{origin}` is not an origin: write scheme, host and port without a slash at the end, such as http://127.0.0.1:3000"
    )]
    NotAnOrigin {
        /// What was given.
        origin: String,
    },
    /// A signing key could not be made.
    #[error("a signing key cannot be generated: {reason}")]
    SigningKey {
        /// What the cryptographic library said.
        reason: String,
    },
    /// The HTTP client of the user pool could not be made.
    #[error("the user pool's HTTP client cannot be built: {0}")]
    HttpClient(#[from] reqwest::Error),
    /// The engine needs a thread and a runtime of its own.
    #[error("the database engine's thread cannot be started: {0}")]
    EngineThread(io::Error),
    /// The engine's thread ended before it said anything.
    #[error("the database engine stopped while it was starting: see the log")]
    EngineStopped,
}
