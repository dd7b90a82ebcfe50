//! The overlays, as `kubectl` renders them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use testbed::shared::repository;

use super::findings::Findings;
use super::outside::Tools;
use super::workload::Workload;
use crate::say;

const OVERLAYS: [&str; 3] = ["dev", "production", "operators"];
/// The oldest that has all that is used would be 1.30; schemas of one that is maintained are the stricter judge.
const VERSION: &str = "1.35";
/// Groups of Kubernetes itself, which have no dot in their names or end in `.k8s.io`.
const OWN_GROUP: &str = ".k8s.io";
const SECRETS_ARE_THERE: &str = "dev";

/// Everything in an overlay.
struct Overlay {
    name: &'static str,
    resources: Vec<Value>,
}

/// Renders and judges each; gives back every container.
pub(super) async fn check(tools: &Tools, infrastructure: &Path, findings: &mut Findings) -> Result<Vec<Workload>> {
    let (mut workloads, mut unjudged) = (Vec::new(), BTreeSet::new());
    for name in OVERLAYS {
        let folder = infrastructure.join("kubernetes/overlays").join(name);
        let rendered = tools.kubectl().args(["kustomize"]).args([&folder]).run().await;
        let Some(rendered) = findings.judge("kubectl kustomize", rendered) else { continue };
        let overlay = Overlay { name, resources: documents(&rendered)? };
        let (own, others): (Vec<_>, Vec<_>) = overlay.resources.iter().partition(|one| is_of_kubernetes(one));
        unjudged.extend(others.into_iter().map(|one| text(one, "/kind").to_owned()));
        findings.judge("kubernetes-validate", validate(tools, (&folder, name), &own).await);
        findings.extend(overlay.findings()?);
        workloads.extend(overlay.workloads().map(|(workload, _)| workload));
    }
    let unjudged = unjudged.into_iter().collect::<Vec<_>>().join(", ");
    say::line(&format!("      no registry has schemas of {unjudged}: they are not checked"));
    Ok(workloads)
}

fn documents(text: &str) -> Result<Vec<Value>> {
    let documents = serde_norway::Deserializer::from_str(text).map(Value::deserialize);
    documents.collect::<Result<_, _>>().context("what kubectl rendered is no YAML")
}

fn is_of_kubernetes(resource: &Value) -> bool {
    let group = text(resource, "/apiVersion").split_once('/').map_or("", |(group, _)| group);
    !group.contains('.') || group.ends_with(OWN_GROUP)
}

async fn validate(tools: &Tools, (folder, name): (&Path, &str), own: &[&Value]) -> Result<String> {
    // JSON is YAML, too.
    let file = folder.with_file_name(format!("{name}.rendered.yaml"));
    let documents: Vec<_> = own.iter().map(ToString::to_string).collect();
    fs::write(&file, documents.join("\n---\n")).context("could not write what was rendered")?;
    let validate = tools.judge("kubernetes-validate").args(["--strict", "--quiet", "-k", VERSION]).args([file]);
    validate.run().await
}

impl Overlay {
    fn findings(&self) -> Result<Vec<String>> {
        let mut found = self.unknown_maps();
        for (workload, container) in self.workloads() {
            found.extend(workload.findings()?);
            found.extend(probes(&workload, container)?);
            found.extend(hardening(&workload, container));
        }
        Ok(found)
    }

    /// Each container of a workload, with what it is told.
    fn workloads(&self) -> impl Iterator<Item = (Workload, &Value)> {
        self.resources.iter().flat_map(move |resource| {
            let containers = resource.pointer("/spec/template/spec/containers").and_then(Value::as_array);
            let place = format!("{}: {} {}", self.name, text(resource, "/kind"), text(resource, "/metadata/name"));
            containers.into_iter().flatten().map(move |container| {
                let image = text(container, "/image").to_owned();
                (Workload { place: place.clone(), image, env: self.env(container) }, container)
            })
        })
    }

    /// What comes from maps comes first.
    fn env(&self, container: &Value) -> Vec<(String, String)> {
        let maps = items(container, "/envFrom").map(|from| text(from, "/configMapRef/name"));
        let maps = maps.filter_map(|name| self.map("ConfigMap", name)?.get("data")?.as_object());
        let mapped = maps.flatten().map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
        let said = items(container, "/env").map(|one| (text(one, "/name").to_owned(), text(one, "/value").to_owned()));
        mapped.chain(said).collect()
    }

    fn map(&self, kind: &str, name: &str) -> Option<&Value> {
        let is_it = |one: &&Value| text(one, "/kind") == kind && text(one, "/metadata/name") == name;
        self.resources.iter().find(is_it)
    }

    /// Names of maps that are not there, and keys that they don't have. Secrets are there in one overlay only.
    fn unknown_maps(&self) -> Vec<String> {
        let mut named = BTreeSet::new();
        self.resources.iter().for_each(|resource| collect(resource, &mut named));
        let unknown = named.into_iter().filter(|(kind, name, key)| {
            let data = self.map(kind, name).and_then(|map| map.get("data"));
            let is_known = data.is_some_and(|data| key.is_empty() || data.get(key).is_some());
            !is_known && (*kind == "ConfigMap" || self.name == SECRETS_ARE_THERE)
        });
        unknown.map(|(kind, name, key)| format!("{}: there is no {kind} {name} {key}", self.name)).collect()
    }
}

/// Every reference to a map within this value: its kind, its name and the key, which may be empty.
fn collect(value: &Value, named: &mut BTreeSet<(&'static str, String, String)>) {
    const REFERENCES: [(&str, &str); 4] = [
        ("secretKeyRef", "Secret"),
        ("secretRef", "Secret"),
        ("configMapRef", "ConfigMap"),
        ("configMap", "ConfigMap"),
    ];
    for (reference, kind) in REFERENCES {
        if let Some(found) = value.get(reference) {
            named.insert((kind, text(found, "/name").to_owned(), text(found, "/key").to_owned()));
        }
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, named)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, named)),
        _ => {}
    }
}

/// Whoever is asked for health listens there, and knows the path.
fn probes(workload: &Workload, container: &Value) -> Result<Vec<String>> {
    let Some(port) = workload.port() else { return Ok(Vec::new()) };
    let routes = fs::read_to_string(repository().join("infrastructure/chassis/src/health.rs"))?;
    let mut found = Vec::new();
    for kind in ["startupProbe", "readinessProbe", "livenessProbe"] {
        let Some(asked) = container.pointer(&format!("/{kind}/httpGet")) else { continue };
        let named = items(container, "/ports").find(|one| one.get("name") == asked.get("port"));
        let asked_port = named.and_then(|one| one.get("containerPort")).or_else(|| asked.get("port"));
        if asked_port.and_then(Value::as_u64) != Some(port) {
            found.push(format!("{}: {kind} asks another port than {port}", workload.place));
        }
        let path = text(asked, "/path").split('?').next().unwrap_or_default();
        let is_known = if workload.binary().is_some() { routes.contains(&format!("\"{path}\"")) } else { path == "/" };
        if !is_known {
            found.push(format!("{}: {kind} asks for {path}, which is not there", workload.place));
        }
    }
    Ok(found)
}

/// Nothing may become more than it is, ours write nothing, and all have limits.
fn hardening(workload: &Workload, container: &Value) -> Vec<String> {
    let mut wanted = vec![
        ("/securityContext/allowPrivilegeEscalation", Value::Bool(false)),
        ("/securityContext/capabilities/drop/0", Value::from("ALL")),
    ];
    if workload.port().is_some() {
        wanted.push(("/securityContext/readOnlyRootFilesystem", Value::Bool(true)));
    }
    let lacking = wanted.iter().filter(|(pointer, value)| container.pointer(pointer) != Some(value));
    let unlimited = ["/resources/limits/memory", "/resources/requests/cpu"].into_iter();
    let unlimited = unlimited.filter(|pointer| container.pointer(pointer).is_none());
    let missing = lacking.map(|(pointer, _)| *pointer).chain(unlimited);
    missing.map(|pointer| format!("{}: {pointer} is not as it must be", workload.place)).collect()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{Overlay, documents};

    const DEPLOYMENT: &str = "
kind: Deployment
metadata: { name: esb }
spec:
  template:
    spec:
      containers:
        - image: ecommerce-soa/esb:1
          ports: [{ name: http, containerPort: 8081 }]
          envFrom: [{ configMapRef: { name: esb } }]
          env: [{ name: ESB__CLIENT__SECRET, valueFrom: { secretKeyRef: { name: accounts, key: esb } } }]
          readinessProbe: { httpGet: { path: /health/there, port: http } }
          livenessProbe: { httpGet: { path: /health/live, port: 8080 } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
          resources: { requests: { cpu: 1 } }
---
kind: Secret
metadata: { name: accounts }
data: { other: eA== }
";

    #[test]
    fn what_does_not_fit_the_program_is_found() {
        let overlay = Overlay { name: "dev", resources: documents(DEPLOYMENT).unwrap() };
        let wanted = [
            "dev: there is no ConfigMap esb ",
            "dev: there is no Secret accounts esb",
            "dev: Deployment esb: readinessProbe asks another port than 8080",
            "dev: Deployment esb: readinessProbe asks for /health/there, which is not there",
            "dev: Deployment esb: /resources/limits/memory is not as it must be",
        ];
        assert_eq!(overlay.findings().unwrap(), wanted);
        let elsewhere = Overlay { name: "production", ..overlay };
        assert!(!elsewhere.findings().unwrap().iter().any(|finding| finding.contains("Secret")));
    }
}
