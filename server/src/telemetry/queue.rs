//! A queue of log lines, bounded in bytes, with a thread that writes them. A slow reader of the log does not delay requests,
//! and a reader that stops does not use up memory: further lines are dropped and counted, and the count is reported.

use std::{
    cell::Cell,
    fmt,
    io::{self, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tracing_subscriber::fmt::MakeWriter;

/// How long the process waits for a reader before it exits.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a response waits for a reader.
const WRITTEN_TIMEOUT: Duration = Duration::from_secs(1);
/// A buffer up to this size is kept for the next lines.
const KEPT_BYTES: usize = 64 * 1024;

thread_local! {
    /// This thread is reporting a loss. The report may be in the queue that is full, so no limit applies to it.
    static IS_REPORTING: Cell<bool> = const { Cell::new(false) };
}

/// Lines that are not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// So many did not fit into the queue.
    Dropped(u64),
    /// The process ends, and up to so many are lost with it.
    AtExit(u64),
}

type Report = dyn Fn(Loss) + Send + Sync;

fn report(to: &Report, loss: Loss) {
    IS_REPORTING.set(true);
    to(loss);
    IS_REPORTING.set(false);
}

/// Accepts lines. Each call of `write` is one line, which is accepted or dropped as a whole.
#[derive(Clone, Debug)]
pub struct Queue(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    max_bytes: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    waiting_lines: u64,
    /// Since when the first of them waits.
    waiting_since: Option<Instant>,
    /// The bytes that the thread is writing.
    writing: usize,
    writing_lines: u64,
    writing_since: Option<Instant>,
    /// Dropped since the last report.
    unreported: u64,
    /// Dropped since the start.
    dropped: u64,
    is_closing: bool,
    is_closed: bool,
}

impl Queue {
    /// Starts the thread. At most `max_bytes` wait or are being written. `to_report` is called when lines were dropped, as soon
    /// as there is room again; it may write to this queue.
    ///
    /// Dropping the guard writes what is left, or calls `to_report`.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn start(
        writer: impl Write + Send + 'static,
        max_bytes: usize,
        to_report: impl Fn(Loss) + Send + Sync + 'static,
    ) -> io::Result<(Self, QueueGuard)> {
        let shared = Arc::new(Shared { max_bytes, state: Mutex::default(), changed: Condvar::new() });
        let to_report: Arc<Report> = Arc::new(to_report);
        let (own, to) = (Arc::clone(&shared), Arc::clone(&to_report));
        thread::Builder::new().name("log".to_owned()).spawn(move || {
            own.write_all_lines(writer, &*to);
            own.lock().is_closed = true;
            own.changed.notify_all();
        })?;
        Ok((Self(Arc::clone(&shared)), QueueGuard { shared, to_report }))
    }

    /// Returns when all accepted lines are written, after a second at the latest.
    pub async fn written(&self) {
        let shared = Arc::clone(&self.0);
        let is_unwritten = |state: &mut State| state.waiting_lines + state.writing_lines > 0;
        let waited = tokio::task::spawn_blocking(move || {
            drop(shared.changed.wait_timeout_while(shared.lock(), WRITTEN_TIMEOUT, is_unwritten));
        });
        // It ends early only with the process.
        let _ = waited.await;
    }
}

impl Queue {
    /// How many lines were dropped since the start.
    pub fn dropped(&self) -> u64 {
        self.0.lock().dropped
    }

    /// How long the oldest line has waited that is not written yet.
    pub fn delay(&self) -> Duration {
        let state = self.0.lock();
        state.writing_since.or(state.waiting_since).map_or(Duration::ZERO, |since| since.elapsed())
    }
}

impl Shared {
    fn write_all_lines(&self, mut writer: impl Write, to_report: &Report) {
        let mut lines = Vec::new();
        loop {
            let mut state = self.lock();
            while state.waiting.is_empty() && state.unreported == 0 && !state.is_closing {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.waiting.is_empty() && state.unreported == 0 {
                return;
            }
            lines.clear();
            lines.shrink_to(KEPT_BYTES);
            std::mem::swap(&mut lines, &mut state.waiting);
            state.writing = lines.len();
            state.writing_lines = std::mem::take(&mut state.waiting_lines);
            state.writing_since = state.waiting_since.take();
            drop(state);
            // Without a log there is nowhere to report an error.
            let _ = writer.write_all(&lines).and_then(|()| writer.flush());
            let dropped = {
                let mut state = self.lock();
                (state.writing, state.writing_lines, state.writing_since) = (0, 0, None);
                std::mem::take(&mut state.unreported)
            };
            self.changed.notify_all();
            if dropped > 0 {
                report(to_report, Loss::Dropped(dropped));
            }
        }
    }

    /// Accepts a line, or drops it.
    fn push(&self, line: &[u8]) {
        let mut state = self.lock();
        if state.waiting.len() + state.writing + line.len() > self.max_bytes && !IS_REPORTING.get() {
            state.unreported += 1;
            state.dropped += 1;
        } else {
            state.waiting_lines += 1;
            state.waiting_since.get_or_insert_with(Instant::now);
            state.waiting.extend_from_slice(line);
        }
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Queue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Queue {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Keeps the thread. Dropping it waits up to two seconds until the lines are written, and then reports how many are not.
pub struct QueueGuard {
    shared: Arc<Shared>,
    to_report: Arc<Report>,
}

impl fmt::Debug for QueueGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueueGuard(…)")
    }
}

impl Drop for QueueGuard {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.is_closing = true;
        self.shared.changed.notify_all();
        let is_open = |state: &mut State| !state.is_closed;
        let waited = self.shared.changed.wait_timeout_while(state, CLOSE_TIMEOUT, is_open);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let lost = state.waiting_lines + state.writing_lines + state.unreported;
        drop(state);
        if lost > 0 {
            report(&*self.to_report, Loss::AtExit(lost));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const MAX_BYTES: usize = 4 * 1024;
    const LINE: &[u8] = b"a line of thirty-two characters\n";

    /// A log that takes nothing until it is read.
    #[derive(Clone, Default)]
    struct Log(Arc<Reader>);

    #[derive(Default)]
    struct Reader {
        is_reading: Mutex<bool>,
        began: Condvar,
        text: Mutex<Vec<u8>>,
    }

    impl Log {
        fn read(&self) {
            *self.0.is_reading.lock().unwrap() = true;
            self.0.began.notify_all();
        }

        fn text(&self) -> String {
            String::from_utf8(self.0.text.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let is_reading = self.0.is_reading.lock().unwrap();
            drop(self.0.began.wait_while(is_reading, |is_reading| !*is_reading).unwrap());
            self.0.text.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A queue whose log is not read yet, and what is reported.
    fn start() -> (Queue, QueueGuard, Log, mpsc::Receiver<Loss>) {
        let log = Log::default();
        let (tell, told) = mpsc::channel();
        let (queue, guard) = Queue::start(log.clone(), MAX_BYTES, move |loss| {
            let _ = tell.send(loss);
        })
        .unwrap();
        (queue, guard, log, told)
    }

    /// Writes until one line is dropped. Returns how many were accepted.
    fn fill(queue: &mut Queue) -> u64 {
        for taken in 0..1_000 {
            queue.write_all(LINE).unwrap();
            if queue.0.lock().unreported > 0 {
                return taken;
            }
        }
        panic!("no line was dropped");
    }

    #[test]
    fn the_queue_of_an_unread_log_is_bounded_and_drops_are_reported() {
        let (mut queue, guard, log, told) = start();
        let taken = fill(&mut queue);
        for _ in 0..10_000 {
            queue.write_all(LINE).unwrap();
            let state = queue.0.lock();
            assert!(state.waiting.len() + state.writing <= MAX_BYTES);
            assert!(state.waiting.capacity() <= 2 * MAX_BYTES);
        }
        log.read();
        assert_eq!(told.recv_timeout(testkit::TIMEOUT), Ok(Loss::Dropped(10_001)), "reported while the queue is open");
        assert_eq!(queue.dropped(), 10_001);
        queue.write_all(b"later\n").unwrap();
        drop(guard);
        assert_eq!(told.try_iter().count(), 0, "reported twice");
        let expected = str::from_utf8(LINE).unwrap().repeat(usize::try_from(taken).unwrap()) + "later\n";
        assert_eq!(log.text(), expected);
    }

    #[test]
    fn a_line_is_late_until_it_is_written() {
        let (mut queue, guard, log, _told) = start();
        assert_eq!(queue.delay(), Duration::ZERO);
        queue.write_all(LINE).unwrap();
        while queue.0.lock().writing == 0 {
            thread::yield_now();
        }
        // A later line changes nothing.
        thread::sleep(Duration::from_millis(20));
        let first = queue.delay();
        queue.write_all(LINE).unwrap();
        assert!(first > Duration::ZERO && queue.delay() >= first);
        log.read();
        let drained = queue.clone();
        drop(guard);
        assert_eq!(drained.delay(), Duration::ZERO);
    }

    #[test]
    fn the_last_lines_and_drops_are_written_before_the_exit() {
        let log = Log::default();
        let slot: Arc<Mutex<Option<Queue>>> = Arc::default();
        let own = Arc::clone(&slot);
        let (mut queue, guard) = Queue::start(log.clone(), MAX_BYTES, move |loss| {
            let queue = own.lock().unwrap().clone();
            let Some(mut queue) = queue else { return };
            // Other threads may fill the queue again before it is reported. Once: the second report is the last line.
            if loss == Loss::Dropped(1) {
                let mut queue = queue.clone();
                thread::spawn(move || (fill(&mut queue), queue.write_all(LINE).unwrap())).join().unwrap();
            }
            queue.write_all(format!("{loss:?}\n").as_bytes()).unwrap();
        })
        .unwrap();
        *slot.lock().unwrap() = Some(queue.clone());
        fill(&mut queue);
        log.read();
        drop(guard);
        let reports: Vec<_> =
            log.text().lines().filter(|line| line.starts_with("Dropped")).map(str::to_owned).collect();
        assert_eq!(reports, ["Dropped(1)", "Dropped(2)"]);
        assert!(log.text().ends_with("Dropped(2)\n"), "{}", log.text());
    }

    #[test]
    fn the_exit_does_not_wait_for_ever_for_a_reader_and_the_loss_is_reported() {
        let (mut queue, guard, log, told) = start();
        let taken = fill(&mut queue);
        drop(guard);
        assert!(!queue.0.lock().is_closed && log.text().is_empty());
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [Loss::AtExit(taken + 1)]);
    }
}
