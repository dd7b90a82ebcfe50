//! The handbook names what there is: operations of the bus, needs of the binaries, settings that are wrong.

use reqwest::Method;
use serde_json::Value;
use testbed::Binary;
use tokio::process::Command;

use super::folder;
use crate::world::World;

const PAGES: [&str; 3] = [
    include_str!("../../../../docs/operations.md"),
    include_str!("../../../../docs/runbooks.md"),
    include_str!("../../../../docs/beyond-one-machine.md"),
];

/// What stands as code in running text.
fn spans(page: &str) -> impl Iterator<Item = &str> {
    page.split("\n```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2))
}

/// `GET /a/{id}` and the like, as they stand in running text: the method and the path.
fn operations() -> Vec<(String, String)> {
    let operation = |span: &str| {
        let (method, path) = span.split_once(' ')?;
        let is_one = ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method) && path.starts_with('/');
        is_one.then(|| (method.to_lowercase(), path.split('?').next().unwrap().to_owned()))
    };
    PAGES.iter().flat_map(|page| spans(page)).filter_map(operation).collect()
}

#[test]
fn files_and_settings_that_the_handbook_names_are_there() {
    let settings = include_str!("../../../../docs/settings.md");
    // Fields of a log line, a file of the broker's, and what a managed PostgreSQL calls its own.
    let others = ["request.id", "trace.id", "advanced.config", "rds.force_ssl"];
    let is_setting = |span: &&str| {
        let is_word = |part: &str| part.chars().all(|one| one.is_ascii_lowercase() || one == '_') && !part.is_empty();
        span.split_once('.').is_some_and(|(table, key)| is_word(table) && is_word(key)) && !others.contains(span)
    };
    for page in &PAGES[..2] {
        let named = spans(page).map(|span| span.split(" = ").next().unwrap()).filter(is_setting).collect::<Vec<_>>();
        assert!(named.len() > 2, "{named:?}");
        for name in named {
            assert!(settings.contains(&format!("| `{name}` |")), "there is no setting {name}");
        }
        for path in spans(page).flat_map(str::split_whitespace).filter(|word| word.starts_with("infrastructure/")) {
            assert!(testbed::shared::repository().join(path).exists(), "there is no {path}");
        }
    }
}

#[tokio::test]
async fn what_the_handbook_asks_is_answered() {
    let world = World::start().await;
    let mut described = Vec::new();
    for binary in Binary::ALL {
        let base = world.system.service(binary).unwrap().url();
        let ask = async |path: &str| {
            let answer = world.request_to(Method::GET, &format!("{base}{path}"), None).send().await.unwrap();
            answer.json::<Value>().await.unwrap()
        };
        for (path, field) in [("/health/live", "status"), ("/health/ready", "checks")] {
            let body = ask(path).await;
            assert!(!body[field].is_null() && body["status"] == "up", "{base}{path}: {body}");
        }
        described.push(ask("/openapi.json").await);
    }
    let named = operations();
    assert!(named.len() > 3, "{named:?}");
    for (method, path) in named {
        let is_there = described.iter().any(|document| document["paths"][&path][&method].is_object());
        assert!(is_there, "nobody answers {method} {path}");
    }
}

#[test]
fn panels_that_the_runbooks_name_are_on_a_dashboard() {
    let folder = testbed::shared::repository().join("infrastructure/observability/grafana/dashboards");
    let boards = std::fs::read_dir(folder).unwrap();
    let boards: String = boards.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let prose: String = PAGES[1].split("\n```").step_by(2).collect();
    let prose = prose.replace("**", "");
    // Of the console, and of Grafana itself.
    let named = prose.split('*').skip(1).step_by(2).filter(|name| !["Dead letters", "Explore"].contains(name));
    let named = named.collect::<Vec<_>>();
    assert!(named.len() > 5, "{named:?}");
    for name in named {
        assert!(boards.contains(&format!("\"title\": \"{name}\"")), "no panel has the title {name}");
    }
}

/// `<binary> --version --settings FILE` says all that is wrong, and starts nothing.
#[tokio::test]
async fn settings_that_are_wrong_are_said_all_at_once() {
    let folder = folder("settings");
    let file = folder.join("settings.toml");
    std::fs::write(&file, "[http]\nlisen = \"127.0.0.1:0\"\n[database]\nmax_connections = \"many\"\n").unwrap();
    for binary in Binary::ALL {
        let mut started = Command::new(testbed::binary::find(binary).await.unwrap());
        let output = started.args(["--version", "--settings"]).arg(&file).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("lisen") && said.contains("max_connections"), "{said}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
