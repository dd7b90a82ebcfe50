//! RabbitMQ, with a name server of its own.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use super::kind::Choice;
use super::site::{BrokerPorts, Site, USER};
use crate::process::{Launch, private_file, private_folder};
use crate::{http, program};

/// Idle schedulers that spin would take the processor from everybody else on a small machine. A node that comes back
/// may recover a quorum queue before the exchange of its dead letters, and then passes what has waited there on only at
/// the next turn: three minutes later, where nothing is said.
const ERLANG: &str = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none \
                      -rabbit dead_letter_worker_publisher_confirm_timeout 5000";

pub(super) fn missing_packages() -> Vec<&'static str> {
    let found = program::find_rabbitmq().is_some() && program::find_epmd().is_some();
    if found { Vec::new() } else { vec!["rabbitmq-server"] }
}

pub(super) fn choose() -> Result<Choice> {
    let program = program::find_rabbitmq();
    let program = program.context("RabbitMQ is not installed: `apt-get install rabbitmq-server` brings it")?;
    Ok(Choice { program, product: "RabbitMQ".to_owned() })
}

pub(super) fn initialise(site: &Site) -> Result<()> {
    let account = site.kind.account()?;
    let account = account.as_ref();
    for folder in ["data", "log"] {
        private_folder(&site.folder.join(folder), account)?;
    }
    private_file(&site.folder.join("enabled_plugins"), "[rabbitmq_management].\n", account)
}

fn settings(site: &Site) -> Result<String> {
    let BrokerPorts { management, .. } = ports(site)?;
    let lines = [
        format!("listeners.tcp.1 = 127.0.0.1:{}", site.port),
        "management.tcp.ip = 127.0.0.1".to_owned(),
        format!("management.tcp.port = {management}"),
        format!("default_user = {USER}"),
        format!("default_pass = {}", site.password),
        "default_user_tags.administrator = true".to_owned(),
        // The ESB passes messages on with the sender's `user_id`.
        "default_user_tags.impersonator = true".to_owned(),
        "log.console = true".to_owned(),
        "log.console.level = warning".to_owned(),
        "log.file = false".to_owned(),
        "disk_free_limit.absolute = 500MB".to_owned(),
        // Its default hides a queue's length for five seconds.
        "collect_statistics_interval = 1000".to_owned(),
    ];
    Ok(lines.join("\n") + "\n")
}

pub(super) fn launch(site: &Site) -> Result<Launch> {
    let BrokerPorts { distribution, names, .. } = ports(site)?;
    let path = |name: &str| site.folder.join(name).display().to_string();
    let account = site.kind.account()?;
    // The ports may be others than at the last start.
    private_file(&site.folder.join("rabbitmq.conf"), &settings(site)?, account.as_ref())?;
    let launch = Launch::new(&site.program, &site.folder).run_as(account);
    Ok(launch
        .env("RABBITMQ_CONF_ENV_FILE", "/dev/null")
        .env("RABBITMQ_NODENAME", "private@localhost")
        .env("RABBITMQ_MNESIA_BASE", path("data"))
        .env("RABBITMQ_LOG_BASE", path("log"))
        .env("RABBITMQ_CONFIG_FILE", path("rabbitmq.conf"))
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", path("enabled_plugins"))
        .env("RABBITMQ_PID_FILE", path("pid"))
        .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODE_PORT", site.port.to_string())
        .env("RABBITMQ_DIST_PORT", distribution.to_string())
        .env("ERL_EPMD_PORT", names.to_string())
        .env("ERL_EPMD_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", ERLANG)
        // Makes the script become Erlang, instead of staying as a shell in between.
        .env("detached", "1"))
}

/// Erlang's name server. RabbitMQ would start one that outlives it; this one is ours to stop.
pub(super) fn names(site: &Site) -> Result<Launch> {
    let program = program::find_epmd().context("`epmd` is missing: `apt-get install rabbitmq-server` brings it")?;
    let port = ports(site)?.names.to_string();
    let launch = Launch::new(&program, &site.folder).run_as(site.kind.account()?);
    Ok(launch.args(["-address", "127.0.0.1", "-port", &port]))
}

pub(super) async fn answers(site: &Site) -> bool {
    if !site.listens() {
        return false;
    }
    // The port opens before the plugins are there, and before the node counts itself as running.
    let nodes = call(site, Method::GET, "nodes", None).await.unwrap_or_default();
    let runs = |node: &Value| node.get("running") == Some(&Value::Bool(true));
    nodes.as_array().is_some_and(|nodes| nodes.iter().any(runs)) && ensure_tags(site).await.is_ok()
}

/// The settings count at the first start only; a site may be older than they are.
async fn ensure_tags(site: &Site) -> Result<()> {
    let path = format!("users/{USER}");
    let user = call(site, Method::GET, &path, None).await?;
    let tags = user.get("tags").map(Value::to_string).unwrap_or_default();
    if !tags.contains("impersonator") {
        let tagged = json!({"password": site.password, "tags": "administrator,impersonator"});
        call(site, Method::PUT, &path, Some(tagged)).await?;
    }
    Ok(())
}

/// One call of the management API.
pub(super) async fn call(site: &Site, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
    let url = format!("{}/api/{path}", site.management_url());
    let request = http::client()?.request(method, url);
    let answer = match body {
        Some(body) => request.json(&body).send().await?,
        None => request.send().await?,
    };
    let status = answer.status();
    let text = answer.text().await?;
    ensure!(status.is_success(), "RabbitMQ answered {status} to {path}: {text}");
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

fn ports(site: &Site) -> Result<BrokerPorts> {
    site.broker.context("a site of RabbitMQ without its ports")
}
