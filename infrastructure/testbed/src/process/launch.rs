//! What to start, as whom, and for how long.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock};
use std::thread;

use anyhow::{Context, Result};
use std::os::unix::process::CommandExt as _;

use super::{Account, environment};
use crate::program;

/// What becomes of a child when its starter dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bond {
    /// It dies, too: the kernel sees to it.
    Starter,
    /// It lives on, for whoever comes next.
    Nobody,
}

/// A program that is about to run.
#[derive(Debug, Clone)]
pub struct Launch {
    program: PathBuf,
    args: Vec<OsString>,
    env: BTreeMap<String, String>,
    folder: PathBuf,
    account: Option<Account>,
}

impl Launch {
    /// Starts out with no arguments, and with an environment of `PATH` and `LANG` only.
    pub fn new(program: &Path, folder: &Path) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default().to_string_lossy().into_owned();
        let env = [("PATH", path), ("LANG", "C.UTF-8".to_owned()), ("HOME", folder.display().to_string())];
        Self {
            program: program.to_owned(),
            args: Vec::new(),
            env: env.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            folder: folder.to_owned(),
            account: None,
        }
    }

    /// With these arguments, too.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// With this variable, too.
    #[must_use]
    pub fn env(mut self, key: &str, value: impl Into<String>) -> Self {
        self.env.insert(key.to_owned(), value.into());
        self
    }

    /// With the environment of this process, for tools that a user configures by it.
    #[must_use]
    pub fn inherit(mut self) -> Self {
        let text = |word: OsString| word.to_string_lossy().into_owned();
        let own = environment().map(|(key, value)| (text(key), text(value)));
        self.env.extend(own);
        self
    }

    /// As this user.
    #[must_use]
    pub fn run_as(mut self, account: Option<Account>) -> Self {
        self.account = account;
        self
    }

    /// Its program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Its arguments.
    pub fn arguments(&self) -> &[OsString] {
        &self.args
    }

    /// Runs it to its end; its output is the error if it fails.
    pub async fn run(&self) -> Result<String> {
        let name = self.program.display();
        let mut command = tokio::process::Command::from(self.command(Bond::Starter));
        let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
        let output = output.with_context(|| format!("could not start {name}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(text);
        }
        anyhow::bail!("{name} failed ({}): {text}{}", output.status, String::from_utf8_lossy(&output.stderr).trim_end())
    }

    /// Starts it in a process group of its own, so that a Ctrl-C at the terminal does not reach it.
    pub(super) fn spawn(&self, log: &Path, bond: Bond) -> Result<Child> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let log = File::options().create(true).append(true).open(log).with_context(|| format!("{}", log.display()))?;
        let mut command = self.command(bond);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        spawn_on_a_lasting_thread(command).with_context(|| format!("could not start {}", self.program.display()))
    }

    fn command(&self, bond: Bond) -> Command {
        let mut command = match (program::find("setpriv"), &self.account) {
            (Some(setpriv), account) => with_setpriv(&setpriv, account.as_ref(), bond),
            (None, _) => Command::new(&self.program),
        };
        if command.get_program() != self.program {
            command.arg("--").arg(&self.program);
        }
        command.args(&self.args).env_clear().envs(&self.env).current_dir(&self.folder);
        command
    }
}

/// `setpriv` changes user and asks the kernel for a signal at the parent's death, neither of which safe Rust can.
fn with_setpriv(setpriv: &Path, account: Option<&Account>, bond: Bond) -> Command {
    let mut command = Command::new(setpriv);
    if let Some(Account { uid, gid }) = account {
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
    }
    if bond == Bond::Starter {
        command.args(["--pdeathsig", "KILL"]);
    }
    command
}

type Order = (Command, Sender<std::io::Result<Child>>);

/// The kernel counts the death of the starting thread as the parent's death, so that thread must live as long as we do.
fn spawn_on_a_lasting_thread(command: Command) -> Result<Child> {
    static ORDERS: OnceLock<Mutex<Sender<Order>>> = OnceLock::new();
    let orders = ORDERS.get_or_init(|| {
        let (orders, taken) = channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in taken {
                // Whoever ordered waits for the answer, so it is never lost.
                answer.send(command.spawn()).ok();
            }
        });
        Mutex::new(orders)
    });
    let (answer, answered) = channel();
    let orders = orders.lock().ok().context("the starting thread is gone")?.clone();
    orders.send((command, answer)).ok().context("the starting thread is gone")?;
    Ok(answered.recv().context("the starting thread is gone")??)
}
