use std::{
    io::{self, Write},
    thread,
    time::Duration,
};

use tracing::{error, info};

use crate::{
    config::SecurityLogTarget,
    telemetry::{AppendedFile, Loss, Queue, QueueGuard},
};

/// How many bytes of records may wait to be written.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The pause after a failed write.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Starts the queue to `target`; `None` if the log is off. Dropping the guard writes what is left, or reports
/// how much is lost.
///
/// # Errors
/// The file cannot be opened.
pub fn queue_to(target: &SecurityLogTarget) -> io::Result<Option<(Queue, QueueGuard)>> {
    match target {
        SecurityLogTarget::Off => Ok(None),
        SecurityLogTarget::Stdout => Queue::start(Persistent(io::stdout()), MAX_BYTES, report).map(Some),
        SecurityLogTarget::File(path) => {
            Queue::start(Persistent(AppendedFile::open(path)?), MAX_BYTES, report).map(Some)
        }
    }
}

/// Writes what is left when it is dropped.
pub type Guard = QueueGuard;

/// As [`queue_to`], for a command whose answer goes to standard output: then records that would go there go to standard error.
///
/// # Errors
/// As [`queue_to`].
pub fn queue_beside_output(target: &SecurityLogTarget) -> io::Result<Option<(Queue, QueueGuard)>> {
    match target {
        SecurityLogTarget::Stdout => Queue::start(Persistent(io::stderr()), MAX_BYTES, report).map(Some),
        SecurityLogTarget::Off | SecurityLogTarget::File(_) => queue_to(target),
    }
}

/// In the main log, which ends after this one.
fn report(loss: Loss) {
    match loss {
        Loss::Dropped(records) => error!(records, "security records dropped"),
        Loss::AtExit(records) => error!(records, "security records lost at the exit: check log.security"),
    }
}

/// Retries until everything is written: a full disk is no reason to lose a record. Meanwhile records wait in the
/// queue.
struct Persistent<W>(W);

impl<W: Write> Write for Persistent<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut is_failing = false;
        loop {
            match self.0.write(bytes) {
                Ok(written) if written > 0 => {
                    if is_failing {
                        info!("security log can be written again");
                    }
                    return Ok(written);
                }
                outcome => {
                    if !is_failing {
                        let error = outcome.err().unwrap_or_else(|| io::ErrorKind::WriteZero.into());
                        error!(%error, "security log cannot be written; trying again: check log.security");
                    }
                    is_failing = true;
                    thread::sleep(RETRY_PAUSE);
                }
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails twice, then takes three bytes at a time.
    struct Unreliable(u32, Vec<u8>);

    impl Write for Unreliable {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => Err(io::ErrorKind::StorageFull.into()),
                2 => Ok(0),
                _ => self.1.write(&bytes[..bytes.len().min(3)]),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_failed_write_loses_and_repeats_nothing() {
        let mut writer = Persistent(Unreliable(0, Vec::new()));
        writer.write_all(b"one record\n").unwrap();
        assert_eq!(writer.0.1, b"one record\n");
    }
}
