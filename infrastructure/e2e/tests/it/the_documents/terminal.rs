//! Somebody at a terminal who follows the runbooks.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use testbed::Binary;
use testbed::shared::repository;

use super::{folder, paste};
use crate::world::World;

/// What stands for `docker compose` where there are no containers.
const COMPOSE: &str = include_str!("compose.sh");

/// Commands of a runbook: `bus` for our own interface, `compose` for containers.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Under which heading; empty for what all of them use.
    pub(super) section: String,
    pub(super) kind: String,
    pub(super) code: String,
}

/// All that is marked as commands, in order.
pub(super) fn blocks() -> Vec<Block> {
    let text = include_str!("../../../../docs/runbooks.md");
    let sections = text.split("\n## ").enumerate().map(|(number, section)| match number {
        0 => ("", section),
        _ => section.split_once('\n').unwrap(),
    });
    let blocks = sections.flat_map(|(name, section)| {
        let fenced = section.split("\n```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("sh "));
        fenced.map(move |block| {
            let (kind, code) = block.split_once('\n').unwrap();
            Block { section: name.to_owned(), kind: kind.to_owned(), code: code.to_owned() }
        })
    });
    blocks.collect()
}

/// In a folder that looks like `infrastructure` of an installation: `.env` is there, with this world's secrets.
pub(super) struct Terminal<'a> {
    world: &'a World,
    folder: PathBuf,
    before: String,
}

impl<'a> Terminal<'a> {
    pub(super) fn new(world: &'a World, name: &str) -> Self {
        let folder = folder(name);
        std::fs::write(folder.join(".env"), dot_env(world)).unwrap();
        let (env, places) = (world.system.env(), Places::read());
        let log =
            |binary: Binary| format!("LOG_{}='{}'", binary.variable(), world.system.log(binary).unwrap().display());
        let mut before = Binary::ALL.map(log).to_vec();
        before.push(format!("SERVICES='{}' FIXED='{}'", places.services, places.fixed));
        before.push(format!("DATABASE_CUSTOMER_DB='{}'", env["CUSTOMER_DATABASE_URL"]));
        before.push(COMPOSE.to_owned());
        Self { world, folder, before: before.join("\n") }
    }

    /// What all commands of this kind in a section print, where the reader has put an id into `ID`.
    pub(super) async fn run(&self, section: &str, kind: &str, id: &str) -> String {
        let found = blocks().into_iter().filter(|block| block.section == section && block.kind == kind);
        // With an id, what is done with it; without one, what finds it.
        let chosen = found.filter(|block| block.code.contains("$ID") != id.is_empty());
        let code: String = chosen.map(|block| block.code + "\n").collect();
        assert!(!code.is_empty(), "{section} has no such commands");
        self.type_in(&format!("ID='{id}'\n{code}")).await
    }

    /// The same for a command that prints a JSON document a line, none of which is, or has, a `null`.
    pub(super) async fn documents(&self, section: &str, kind: &str, id: &str) -> Vec<Value> {
        let said = self.run(section, kind, id).await;
        assert!(!said.is_empty() && !said.contains("null"), "{section}: {said:?}");
        said.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{section}: {said}"))).collect()
    }

    /// What these commands print, after those that all need.
    pub(super) async fn type_in(&self, code: &str) -> String {
        let top = blocks().into_iter().find(|block| block.section.is_empty()).unwrap().code;
        paste(self.world, &self.folder, &format!("{}\n{top}\n{code}", self.before)).await.output
    }
}

impl Drop for Terminal<'_> {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// `.env` as `cargo xtask env` makes it, of this world.
fn dot_env(world: &World) -> String {
    let env = world.system.env();
    let port = world.system.esb_url.rsplit(':').next().unwrap().to_owned();
    let own = BTreeMap::from([
        ("OPERATOR_EMAIL", &env["OPERATOR_EMAIL"]),
        ("OPERATOR_PASSWORD", &env["OPERATOR_PASSWORD"]),
        ("ESB_PORT", &port),
    ]);
    let example = std::fs::read_to_string(repository().join("infrastructure/.env.example")).unwrap();
    let line = |line: &str| match line.split_once('=').and_then(|(name, _)| Some((name, own.get(name)?))) {
        Some((name, value)) => format!("{name}={value}\n"),
        None => format!("{line}\n"),
    };
    example.lines().map(line).collect()
}

/// The services of the compose file, and those of which there can be only one.
struct Places {
    services: String,
    fixed: String,
}

impl Places {
    fn read() -> Self {
        let file = std::fs::read_to_string(repository().join("infrastructure/docker-compose.yml")).unwrap();
        let services = file.split_once("\nservices:\n").unwrap().1.split_once("\nnetworks:\n").unwrap().0;
        let mut all: Vec<(&str, String)> = Vec::new();
        for line in services.lines() {
            match line.strip_prefix("  ").filter(|line| line.starts_with(|one: char| one.is_ascii_lowercase())) {
                Some(line) => all.push((line.split(':').next().unwrap(), String::new())),
                None => all.last_mut().unwrap().1 += line,
            }
        }
        let is_fixed = |text: &str| text.contains("ports:") || text.contains("ipv4_address");
        let fixed = all.iter().filter(|(_, text)| is_fixed(text)).map(|(name, _)| *name);
        Self {
            fixed: fixed.collect::<Vec<_>>().join(" "),
            services: all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" "),
        }
    }
}
