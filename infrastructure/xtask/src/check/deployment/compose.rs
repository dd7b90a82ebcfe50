//! `docker-compose.yml`, as Docker Compose itself reads it, and what each of its containers may do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use testbed::Binary;

use super::findings::Findings;
use super::outside::Tools;
use super::workload::Workload;

/// The folder with the files, and what its `.env` says.
type Place<'a> = (&'a Path, &'a BTreeMap<String, String>);

/// What each container must have, as a JSON pointer and a text that stands there; empty where anything does.
const HARDENED: [(&str, &str); 6] = [
    ("/cap_drop/0", "ALL"),
    ("/security_opt/0", "no-new-privileges:true"),
    ("/restart", "unless-stopped"),
    ("/deploy/resources/limits/memory", ""),
    ("/deploy/resources/limits/cpus", ""),
    ("/deploy/resources/limits/pids", ""),
];

pub(super) async fn check(tools: &Tools, place: Place<'_>, findings: &mut Findings) -> Result<Vec<Workload>> {
    let (infrastructure, secrets) = place;
    findings.extend(images(infrastructure)?);
    let compose = tools.judge("docker-compose").args(["--profile", "*", "--project-directory"]).args([infrastructure]);
    // What the shell says would come over what `.env` says.
    let compose = secrets.iter().fold(compose, |compose, (name, value)| compose.env(name, value));
    let file = infrastructure.join("docker-compose.yml");
    let compose = compose.args(["--file"]).args([file]).args(["config", "--format", "json"]);
    let Some(read) = findings.judge("docker compose config", compose.run().await) else { return Ok(Vec::new()) };
    let read: Value = serde_json::from_str(&read).context("docker compose config gave no JSON")?;
    let services = read.get("services").and_then(Value::as_object).context("there are no services")?;
    let mut workloads = Vec::new();
    for (name, service) in services {
        let workload = workload(name, service);
        findings.extend(workload.findings()?);
        findings.extend(hardening(&workload, service));
        findings.extend(mounts(&workload, service));
        workloads.push(workload);
    }
    let text = read.to_string();
    let unread = secrets.iter().filter(|(name, value)| name.contains("PASSWORD") && !text.contains(value.as_str()));
    findings.extend(unread.map(|(name, _)| format!("compose: nobody reads {name} of .env")));
    Ok(workloads)
}

fn workload(name: &str, service: &Value) -> Workload {
    let env = service.get("environment").and_then(Value::as_object).into_iter().flatten();
    let env = env.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
    let image = service.get("image").and_then(Value::as_str).unwrap_or_default().to_owned();
    Workload { place: format!("compose: {name}"), image, env: env.collect() }
}

fn hardening(workload: &Workload, service: &Value) -> Vec<String> {
    let holds = |(pointer, wanted): &(&str, &str)| {
        let found = service.pointer(pointer);
        if wanted.is_empty() { found.is_some() } else { found.and_then(Value::as_str) == Some(wanted) }
    };
    let lacking = HARDENED.iter().filter(|rule| !holds(rule));
    let mut found: Vec<_> =
        lacking.map(|(pointer, wanted)| format!("{}: {pointer} {wanted} is missing", workload.place)).collect();
    if workload.port().is_some() && service.get("read_only") != Some(&Value::Bool(true)) {
        found.push(format!("{}: its root can be written to", workload.place));
    }
    // Ours are asked as their images say; who has nothing to ask with says so.
    let is_asked = ["/healthcheck/test", "/healthcheck/disable"].iter().any(|said| service.pointer(said).is_some());
    if workload.port().is_none() && !is_asked {
        found.push(format!("{}: nobody asks for its health", workload.place));
    }
    found
}

/// Files that are mounted and not there would become folders.
fn mounts(workload: &Workload, service: &Value) -> Vec<String> {
    let mounts = service.get("volumes").and_then(Value::as_array).into_iter().flatten();
    let binds = mounts.filter(|mount| mount.get("type").and_then(Value::as_str) == Some("bind"));
    let sources = binds.filter_map(|mount| mount.get("source").and_then(Value::as_str));
    let missing = sources.filter(|source| !Path::new(source).exists());
    missing.map(|source| format!("{}: there is no {source} to mount", workload.place)).collect()
}

/// Each binary's image listens where everybody asks, and asks itself for its health.
fn images(infrastructure: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(infrastructure.join("docker/Dockerfile")).context("there is no Dockerfile")?;
    let wanted = Binary::ALL.into_iter().flat_map(|binary| {
        let (name, variable, port) = (binary.name(), binary.variable(), binary.port());
        [
            format!("FROM runtime AS {name}\n"),
            format!("{variable}__HTTP__LISTEN=0.0.0.0:{port} "),
            format!("EXPOSE {port}\n"),
            format!("CMD [\"/usr/local/bin/{name}\", \"health\"]\n"),
            format!("ENTRYPOINT [\"/usr/local/bin/{name}\"]\n"),
        ]
    });
    let lacking = wanted.filter(|line| !text.contains(line.as_str()));
    Ok(lacking.map(|line| format!("docker/Dockerfile: does not say `{}`", line.trim())).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};
    use testbed::shared::repository;

    use super::{hardening, images, mounts, workload};

    fn hardened() -> Value {
        json!({
            "image": "mysql:8.4", "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"],
            "restart": "unless-stopped", "healthcheck": {"test": ["CMD", "true"]},
            "deploy": {"resources": {"limits": {"memory": "1", "cpus": 1, "pids": 9}}},
            "volumes": [{"type": "bind", "source": "/"}],
        })
    }

    #[test]
    fn a_container_that_may_too_much_is_found() {
        let found = |service: &Value| hardening(&workload("db", service), service);
        assert!(found(&hardened()).is_empty());
        let mut loose = hardened();
        loose["cap_drop"] = json!([]);
        loose["deploy"]["resources"]["limits"]["pids"].take();
        loose["healthcheck"] = json!({});
        loose["deploy"]["resources"]["limits"].as_object_mut().unwrap().remove("pids");
        let wanted = [
            "compose: db: /cap_drop/0 ALL is missing",
            "compose: db: /deploy/resources/limits/pids  is missing",
            "compose: db: nobody asks for its health",
        ];
        assert_eq!(found(&loose), wanted);
        let mut ours = hardened();
        ours["image"] = json!("ecommerce-soa/esb:1");
        assert_eq!(found(&ours), ["compose: db: its root can be written to"]);
    }

    #[test]
    fn a_file_that_is_not_there_can_not_be_mounted() {
        let mut service = hardened();
        assert!(mounts(&workload("db", &service), &service).is_empty());
        service["volumes"][0]["source"] = json!("/nowhere/at-all");
        assert_eq!(mounts(&workload("db", &service), &service), ["compose: db: there is no /nowhere/at-all to mount"]);
    }

    #[test]
    fn the_images_listen_where_everybody_asks() {
        let infrastructure = repository().join("infrastructure");
        assert_eq!(images(&infrastructure).unwrap(), Vec::<String>::new());
        assert!(images(Path::new("/nowhere")).is_err());
    }
}
