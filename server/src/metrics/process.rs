//! What the system knows of this process, on Linux: the metrics that Prometheus's own clients have.

use std::{fs, time::Duration};

use prometheus::{Counter, Gauge, IntGauge};

use super::{registration::Registration, set_count};

/// Ticks of the processor's clock in a second: 100 on every Linux that we build for (`USER_HZ`).
const TICKS: f64 = 100.0;

/// The metrics of this process.
#[derive(Clone, Debug)]
pub(super) struct Process {
    cpu: Counter,
    open_descriptors: IntGauge,
    max_descriptors: IntGauge,
    resident_bytes: IntGauge,
    virtual_bytes: IntGauge,
    threads: IntGauge,
    started: Gauge,
}

/// Adds the metrics, if there is a `/proc`.
pub(super) fn register(to: &Registration<'_>) -> Option<Process> {
    Status::read()?;
    Some(Process {
        cpu: to.fractional_counter("process_cpu_seconds_total", "Time on the processors, of user and system."),
        open_descriptors: to.gauge("process_open_fds", "Open file descriptors."),
        max_descriptors: to.gauge("process_max_fds", "The limit on file descriptors."),
        resident_bytes: to.gauge("process_resident_memory_bytes", "Resident memory."),
        virtual_bytes: to.gauge("process_virtual_memory_bytes", "Virtual memory."),
        threads: to.gauge("process_threads", "Threads."),
        started: to.fractional_gauge("process_start_time_seconds", "When the process started, since 1970."),
    })
}

impl Process {
    /// Reads them again.
    pub(super) fn update(&self) {
        let Some(Status { cpu, resident_bytes, virtual_bytes, threads, started }) = Status::read() else { return };
        self.cpu.inc_by((cpu.as_secs_f64() - self.cpu.get()).max(0.0));
        self.resident_bytes.set(resident_bytes);
        self.virtual_bytes.set(virtual_bytes);
        self.threads.set(threads);
        self.started.set(started);
        // One of them is that of the listing itself.
        let open = fs::read_dir("/proc/self/fd").map_or(0, Iterator::count).saturating_sub(1);
        set_count(&self.open_descriptors, open);
        let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
        if let Some(max) = max_descriptors(&limits) {
            self.max_descriptors.set(max);
        }
    }
}

struct Status {
    cpu: Duration,
    resident_bytes: i64,
    virtual_bytes: i64,
    threads: i64,
    /// Since 1970.
    started: f64,
}

impl Status {
    fn read() -> Option<Self> {
        let [stat, status, system] = ["/proc/self/stat", "/proc/self/status", "/proc/stat"].map(fs::read_to_string);
        Self::parse(&stat.ok()?, &status.ok()?, &system.ok()?)
    }

    /// Parses the three files (proc_pid_stat(5), proc_pid_status(5), proc_stat(5)).
    fn parse(stat: &str, status: &str, system: &str) -> Option<Self> {
        // The name of the process, in parentheses, may hold anything. The field after it is the third.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        let ticks = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
        let of_status = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            line.split_ascii_whitespace().next()?.parse::<i64>().ok()
        };
        let booted: f64 = system.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
        Some(Self {
            cpu: Duration::try_from_secs_f64((ticks(14)? + ticks(15)?) / TICKS).ok()?,
            resident_bytes: of_status("VmRSS")? * 1024,
            virtual_bytes: of_status("VmSize")? * 1024,
            threads: of_status("Threads")?,
            started: booted + ticks(22)? / TICKS,
        })
    }
}

fn max_descriptors(limits: &str) -> Option<i64> {
    limits.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_a_strange_name_is_read() {
        let fields = "S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 8 0 1234 9 9";
        let status = "Name:\tx\nVmSize:\t    2048 kB\nVmRSS:\t    1024 kB\nThreads:\t8\n";
        let read = Status::parse(&format!("42 (a ) b) {fields}"), status, "cpu 1 2\nbtime 1000000\n").unwrap();
        assert_eq!((read.cpu, read.started), (Duration::from_secs(2), 1_000_012.34));
        assert_eq!((read.resident_bytes, read.virtual_bytes, read.threads), (1 << 20, 2 << 20, 8));
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 4096                 files     \n";
        assert_eq!(max_descriptors(limits), Some(1024));
        assert!(Status::parse("42 (a", status, "btime 1\n").is_none());
    }
}
