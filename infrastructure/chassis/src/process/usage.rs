//! What the process takes of its machine, as Linux tells it, under the names that Prometheus's own clients use.

use std::fs;
use std::sync::OnceLock;

use crate::Clock;

/// The kernel counts processor time in hundredths of a second towards programs, whatever it does within.
const TICKS_PER_S: u64 = 100;
/// The fields of `/proc/self/stat` behind the name in parentheses: user and system time.
const USER_TIME: usize = 11;
const SYSTEM_TIME: usize = 12;

/// Takes the measures. Where the kernel does not tell, there is none.
pub(crate) fn measure() {
    let gauge = |name: &'static str, value: Option<f64>| {
        if let Some(value) = value {
            metrics::gauge!(name).set(value);
        }
    };
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    gauge("process_resident_memory_bytes", number_after(&status, "VmRSS:").map(|kilobytes| kilobytes * 1024.0));
    gauge("process_threads", number_after(&status, "Threads:"));
    gauge("process_open_fds", open_files());
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    gauge("process_max_fds", number_after(&limits, "Max open files"));
    if let Some(seconds) = processor_time() {
        metrics::counter!("process_cpu_seconds_total").absolute(seconds);
    }
    gauge("process_start_time_seconds", Some(started_at()));
}

/// How a pool of database connections stands.
#[derive(Debug, Clone, Copy)]
pub struct Pool {
    /// How many connections it may have.
    pub max: usize,
    /// How many it has.
    pub size: usize,
    /// How many of these nobody uses.
    pub idle: usize,
    /// How many wait for one.
    pub waiting: usize,
}

impl Pool {
    /// Tells it.
    pub fn measure(self) {
        let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let in_use = self.size.saturating_sub(self.idle);
        metrics::gauge!("database_connections", "state" => "idle").set(count(self.idle));
        metrics::gauge!("database_connections", "state" => "in_use").set(count(in_use));
        metrics::gauge!("database_connections_max").set(count(self.max));
        metrics::gauge!("database_connection_waits").set(count(self.waiting));
    }
}

/// When the process was first measured, which is when it began to serve.
fn started_at() -> f64 {
    static STARTED: OnceLock<i64> = OnceLock::new();
    let seconds = STARTED.get_or_init(|| Clock::real().now().timestamp());
    f64::from(u32::try_from(*seconds).unwrap_or(u32::MAX))
}

fn open_files() -> Option<f64> {
    let count = fs::read_dir("/proc/self/fd").ok()?.count();
    u32::try_from(count).ok().map(f64::from)
}

fn processor_time() -> Option<u64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields = stat.rsplit_once(") ")?.1.split(' ').collect::<Vec<_>>();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some((ticks(USER_TIME)? + ticks(SYSTEM_TIME)?) / TICKS_PER_S)
}

/// The first number in the line that begins with `name`.
fn number_after(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{number_after, open_files, processor_time};

    #[test]
    fn the_kernel_is_understood() {
        assert_eq!(number_after("Name:\tx\nVmRSS:\t  1234 kB\n", "VmRSS:"), Some(1234.0));
        assert_eq!(number_after("Max open files            1024   4096   files", "Max open files"), Some(1024.0));
        assert!(open_files().is_some_and(|count| count >= 1.0));
        assert!(processor_time().is_some());
    }
}
