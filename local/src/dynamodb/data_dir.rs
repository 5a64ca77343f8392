//! The directory with the database: tested for writing, and locked by one process.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use dynoxide::Database;

use crate::error::StartError;

const DATABASE: &str = "dynamodb.sqlite";
const LOCK: &str = "dynamodb.lock";
/// The first bytes of every SQLite file (<https://sqlite.org/fileformat2.html>, section 1.3.1).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Large enough to detect a full disk.
const PROBE_BYTES: usize = 64 * 1024;

/// A writable data directory, locked until this value is dropped or the process ends.
pub(super) struct DataDir {
    path: PathBuf,
    // The operating system releases the lock when the file is closed, even after SIGKILL.
    _lock: File,
}

impl DataDir {
    /// Creates the directory if absent, tests that it can be written, and locks it.
    pub(super) fn lock(path: &Path) -> Result<Self, StartError> {
        if path.exists() && !path.is_dir() {
            return Err(StartError::DataDirNotADirectory { path: path.to_owned() });
        }
        create(path).map_err(|source| match source.kind() {
            io::ErrorKind::StorageFull => StartError::DiskFull { path: path.to_owned() },
            _ => StartError::DataDirCannotBeCreated { path: path.to_owned(), source },
        })?;
        probe(path)?;
        let lock_path = path.join(LOCK);
        let lock = private_file(&lock_path).map_err(|source| unwritable(path, &lock_path, source))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StartError::DatabaseInUse { path: path.join(DATABASE) }),
            Err(TryLockError::Error(source)) => Err(unwritable(path, &lock_path, source)),
        }
    }

    /// Opens the database, or creates an empty one that only its owner can read.
    pub(super) fn open_database(&self) -> Result<Database, StartError> {
        let path = self.path.join(DATABASE);
        let mut start = Vec::new();
        private_file(&path)
            .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start))
            .map_err(|source| unwritable(&self.path, &path, source))?;
        // To SQLite, an empty file is a new database.
        if !start.is_empty() && start != MAGIC {
            return Err(StartError::NotADatabase { path });
        }
        let Some(text) = path.to_str() else {
            return Err(StartError::PathIsNotText { path: self.path.clone() });
        };
        Database::new(text)
            .map_err(|error| StartError::DatabaseCannotBeOpened { reason: error.to_string(), path: path.clone() })
    }
}

fn create(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes, flushes and removes a file. Unlike a look at the permissions, this detects a read-only or full file system, a
/// quota, and a broken disk.
fn probe(path: &Path) -> Result<(), StartError> {
    let file = path.join(format!(".probe-{}", std::process::id()));
    let outcome = private_file(&file).and_then(|mut opened| {
        opened.write_all(&[0; PROBE_BYTES])?;
        opened.sync_all()
    });
    let removed = std::fs::remove_file(&file);
    outcome.and(removed).map_err(|source| unwritable(path, &file, source))
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn unwritable(data_dir: &Path, file: &Path, source: io::Error) -> StartError {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StartError::DiskFull { path: data_dir.to_owned() },
        _ => StartError::DataDirNotWritable { path: file.to_owned(), source },
    }
}
