//! MongoDB: `mongod` where there is one, else SecantusDB, which speaks the same protocol.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::kind::Choice;
use super::site::Site;
use crate::process::{Launch, private_folder};
use crate::{program, python};

const WHEEL: &str = "secantusdb==0.7.0b3";
const VENV: &str = "secantusdb";

pub(super) fn missing_packages() -> Vec<&'static str> {
    let installed = native().is_some() || venv().join("bin/secantusd-py").is_file();
    let venv_possible = program::find("python3").is_some() && has_ensurepip();
    if installed || venv_possible { Vec::new() } else { vec!["python3", "python3-venv"] }
}

/// The best that this machine has; the Python wheel is installed where there is nothing else.
pub(super) async fn choose() -> Result<Choice> {
    match native() {
        Some(choice) => Ok(choice),
        None => Ok(Choice { program: wheel().await?, product: "SecantusDB (secantusd-py)".to_owned() }),
    }
}

fn native() -> Option<Choice> {
    if let Some(program) = program::find("mongod") {
        return Some(Choice { program, product: "MongoDB".to_owned() });
    }
    let built = program::cache().join("secantus/bin/secantusd-rs");
    let program = program::find("secantusd-rs").or_else(|| built.is_file().then_some(built))?;
    Some(Choice { program, product: "SecantusDB (secantusd-rs)".to_owned() })
}

async fn wheel() -> Result<PathBuf> {
    let python = python::environment(VENV, &[WHEEL]).await;
    python.with_context(|| format!("there is no {WHEEL}; a `mongod` on the PATH would do as well"))?;
    Ok(venv().join("bin/secantusd-py"))
}

fn venv() -> PathBuf {
    python::folder(VENV)
}

fn has_ensurepip() -> bool {
    let check = std::process::Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    check.is_ok_and(|output| output.status.success())
}

pub(super) fn initialise(site: &Site) -> Result<()> {
    private_folder(&site.data(), None)
}

pub(super) fn launch(site: &Site) -> Launch {
    let launch = Launch::new(&site.program, &site.folder);
    let (port, data) = (site.port.to_string(), site.data());
    if site.program.ends_with("mongod") {
        let launch = launch.args(["--bind_ip", "127.0.0.1", "--nounixsocket", "--port", &port, "--dbpath"]);
        return launch.args([data]);
    }
    // Without the flag acknowledged writes are lost when the process is killed.
    let launch = launch.args(["--host", "127.0.0.1", "--log-level", "WARNING", "--sync-on-commit", "--port", &port]);
    let launch = launch.args(["--storage-path"]).args([data]);
    if site.program.ends_with("secantusd-rs") {
        return launch.args(["--cache-size", "256M", "--log-file-max", "10MB", "--noop-heartbeat-seconds", "10"]);
    }
    launch
}

pub(super) async fn answers(site: &Site) -> bool {
    timeout(Duration::from_secs(2), hello(site.port)).await.is_ok_and(|answer| answer.is_ok())
}

/// Asks `hello`, the first thing that every client does.
async fn hello(port: u16) -> Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(&hello_message()?).await?;
    let mut length = [0; 4];
    stream.read_exact(&mut length).await?;
    Ok(())
}

fn hello_message() -> Result<Vec<u8>> {
    let mut fields = b"\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0".to_vec();
    let mut document = i32::try_from(fields.len() + 4)?.to_le_bytes().to_vec();
    document.append(&mut fields);
    // Header: length, request id, response to, OP_MSG; then flags and one section of kind 0.
    let mut message = i32::try_from(document.len() + 21)?.to_le_bytes().to_vec();
    for word in [1_i32, 0, 2013, 0] {
        message.extend(word.to_le_bytes());
    }
    message.push(0);
    message.append(&mut document);
    Ok(message)
}
