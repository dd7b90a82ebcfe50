//! Clients in Python: told what to do line by line as JSON, and telling so what became of it.

use std::process::Stdio;

use serde_json::Value;
use testbed::python;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A client of ours in `infrastructure/e2e/clients`, as a process that ends with the test.
pub(crate) struct Program {
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Program {
    /// With these packages (`name==version`) and arguments.
    pub(crate) async fn start(name: &str, packages: &[&str], arguments: &[&str]) -> Self {
        let python = python::environment(&name.replace('_', "-"), packages).await.unwrap();
        let path = format!("infrastructure/e2e/clients/{name}.py");
        let mut command = Command::new(python);
        command.arg(testbed::shared::repository().join(path)).args(arguments).kill_on_drop(true);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (commands, answers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { commands, answers: BufReader::new(answers).lines(), _process: process }
    }

    /// Has it do this, and waits for what it says.
    pub(crate) async fn tell(&mut self, command: &Value) -> Value {
        self.commands.write_all(format!("{command}\n").as_bytes()).await.unwrap();
        let line = self.answers.next_line().await.unwrap().expect("the client has ended");
        serde_json::from_str(&line).unwrap()
    }
}
