//! The life of a process: settings, telemetry, work, signals, end.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::process::{files, meters, telemetry};
use crate::settings::{self, Settings};
use crate::{BoxError, Tasks, fault, trace};

/// Requests are many small allocations on many threads, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the process was started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// To migrate its store and serve.
    Serve,
    /// To migrate its store and end.
    Migrate,
}

struct Arguments {
    command: Word,
    settings: Option<PathBuf>,
}

enum Word {
    Run(Command),
    Health,
    Version,
}

/// What a binary is.
#[derive(Debug, Clone, Copy)]
pub struct Binary {
    /// Its name.
    pub name: &'static str,
    /// Every setting with its default, as TOML.
    pub defaults: &'static str,
    /// Every meter of its own, as TOML.
    pub meters: &'static str,
}

/// Runs the binary: `<name> [serve | migrate | health | --version]
/// [--settings FILE]`. Ends with 2 where arguments or settings are wrong, with 1 where the work failed.
pub fn run<S, W, F>(binary: Binary, work: W) -> ExitCode
where
    S: Settings,
    W: FnOnce(S, Command, Tasks) -> F,
    F: Future<Output = Result<(), BoxError>>,
{
    let Binary { name, defaults, .. } = binary;
    let arguments = match arguments(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error.to_string()),
    };
    let settings: S = match settings::load(name, defaults, arguments.settings.as_deref(), std::env::vars()) {
        Ok(settings) => settings,
        Err(mistakes) => return refuse(&mistakes.to_string()),
    };
    match arguments.command {
        Word::Version => say(&format!("{name} {}", env!("CARGO_PKG_VERSION"))),
        Word::Health => ask_health(settings.http().listen),
        Word::Run(command) => work_until_done(binary, settings, command, work),
    }
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Arguments, BoxError> {
    let mut arguments = Arguments { command: Word::Run(Command::Serve), settings: None };
    while let Some(word) = words.next() {
        match word.as_str() {
            "serve" => arguments.command = Word::Run(Command::Serve),
            "migrate" => arguments.command = Word::Run(Command::Migrate),
            "health" => arguments.command = Word::Health,
            "--version" => arguments.command = Word::Version,
            "--settings" => arguments.settings = Some(words.next().ok_or("--settings wants a file")?.into()),
            other => {
                return Err(format!(
                    "unknown argument `{other}`; there are serve, migrate, health, --version, --settings FILE"
                )
                .into());
            }
        }
    }
    Ok(arguments)
}

fn work_until_done<S, W, F>(binary: Binary, settings: S, command: Command, work: W) -> ExitCode
where
    S: Settings,
    W: FnOnce(S, Command, Tasks) -> F,
    F: Future<Output = Result<(), BoxError>>,
{
    let name = binary.name;
    // Before anything is made that keeps a meter at hand.
    if let Err(error) = telemetry::init(settings.log()).and_then(|()| meters::record(binary.meters)) {
        return refuse(&format!("telemetry: {error}"));
    }
    crate::client::install_tls();
    files::allow_all();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&format!("no runtime: {error}")),
    };
    let telemetry = settings.telemetry().clone();
    let outcome = runtime.block_on(async {
        let tasks = Tasks::new();
        stop_on_signals(&tasks)?;
        let traces = trace::export_to(&telemetry, name)?;
        let outcome = work(settings, command, tasks).await;
        if let Some(traces) = traces {
            traces.end().await;
        }
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(
                error.chain = fault::chain(error.as_ref()),
                "{name} failed: {}",
                fault::chain(error.as_ref())
            );
            ExitCode::FAILURE
        }
    }
}

fn stop_on_signals(tasks: &Tasks) -> Result<(), BoxError> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = tasks.clone();
    tasks.spawn_until_stop(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to stop");
        stop.stop();
    });
    Ok(())
}

/// For container health checks, where there is no shell: 0 where the process on `addr` is ready, else 1, which is all that
/// container engines know.
fn ask_health(addr: SocketAddr) -> ExitCode {
    if matches!(is_ready(addr), Ok(true)) {
        return ExitCode::SUCCESS;
    }
    refuse("not ready");
    ExitCode::FAILURE
}

fn is_ready(addr: SocketAddr) -> std::io::Result<bool> {
    let wait = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&addr, wait)?;
    stream.set_read_timeout(Some(wait))?;
    stream.write_all(b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut status = [0_u8; 12];
    stream.read_exact(&mut status)?;
    Ok(status.ends_with(b" 200"))
}

#[expect(clippy::print_stdout, reason = "the answer to a question on the command line")]
fn say(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

#[expect(clippy::print_stderr, reason = "there is no log yet")]
fn refuse(text: &str) -> ExitCode {
    eprintln!("{}", text.trim_end());
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{SocketAddr, TcpListener};
    use std::process::ExitCode;
    use std::thread;

    use super::ask_health;

    /// Answers one request so, and gives back what was asked for.
    fn answers(status: &'static str) -> (SocketAddr, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let asked = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes()).unwrap();
            first
        });
        (addr, asked)
    }

    fn code(code: ExitCode) -> String {
        format!("{code:?}")
    }

    #[test]
    fn health_is_what_the_process_itself_says() {
        // As containers listen: everywhere, which is also an address to ask.
        let (addr, asked) = answers("200 OK");
        assert_eq!(code(ask_health(addr)), code(ExitCode::SUCCESS));
        assert_eq!(asked.join().unwrap(), "GET /health/ready HTTP/1.1");
        let (addr, asked) = answers("503 Service Unavailable");
        assert_eq!(code(ask_health(addr)), code(ExitCode::FAILURE));
        asked.join().unwrap();
    }

    #[test]
    fn nobody_there_is_not_healthy() {
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(code(ask_health(addr)), code(ExitCode::FAILURE));
    }
}
