//! Free ports. A port handed out here stays reserved for this process, so that two test processes never get the same.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Mutex;

use anyhow::{Context, Result};
use rand::Rng;

use crate::lock::Lock;

/// Below the kernel's range for outgoing connections, which would otherwise steal a port while its owner restarts.
const FIRST: u16 = 20_000;
const LAST: u16 = 31_999;
const ATTEMPTS_MAX: u16 = 2_000;

static RESERVED: Mutex<Vec<Lock>> = Mutex::new(Vec::new());

/// A port of the loopback that nobody listens on, and that no other process asks this function for.
pub fn free() -> Result<u16> {
    let start = rand::rng().random_range(FIRST..=LAST);
    let range = (start..=LAST).chain(FIRST..start);
    range.take(ATTEMPTS_MAX.into()).find(|port| reserve(*port)).context("no free port on the loopback")
}

/// The port that is wished for, or the next one that is free.
pub fn at_or_after(wish: u16) -> Result<u16> {
    (wish..=u16::MAX).take(ATTEMPTS_MAX.into()).find(|port| reserve(*port)).context("no free port on the loopback")
}

fn reserve(port: u16) -> bool {
    let Ok(Some(lock)) = Lock::try_take(&folder().join(port.to_string())) else { return false };
    if !is_free(port) {
        return false;
    }
    RESERVED.lock().is_ok_and(|mut reserved| {
        reserved.push(lock);
        true
    })
}

/// Whether nobody listens there now, neither on the loopback nor on all addresses.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() && TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok()
}

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("ecommerce-soa-ports-{}", nix::unistd::getuid()))
}
