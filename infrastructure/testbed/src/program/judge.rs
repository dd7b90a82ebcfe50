//! Judges that know nothing of us.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::python;

const PACKAGE: &str = "openapi-spec-validator==0.9.0";

/// An error unless this is an OpenAPI document as the standard wants it; it says where it is not.
pub async fn openapi(document: &Value) -> Result<()> {
    let python = python::environment("openapi-spec-validator", &[PACKAGE]).await?;
    let mut command = Command::new(python);
    command.args(["-m", "openapi_spec_validator", "--validation-errors", "all", "-"]).kill_on_drop(true);
    let mut judge = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut input = judge.stdin.take().context("the validator reads nothing")?;
    input.write_all(document.to_string().as_bytes()).await?;
    drop(input);
    let said = judge.wait_with_output().await?;
    ensure!(
        said.status.success(),
        "not valid OpenAPI: {}{}",
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr)
    );
    Ok(())
}

/// Method and path of every operation in an OpenAPI document; where the path has parameters, with some id for each.
pub fn operations(document: &Value) -> Vec<(Method, String)> {
    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    let filled = |path: &str| {
        let parts = path.split('/').map(|part| if part.starts_with('{') && part.ends_with('}') { ID } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let items = paths.filter_map(|(path, item)| Some((filled(path), item.as_object()?)));
    let known = |name: &String| Method::from_bytes(name.to_uppercase().as_bytes()).ok();
    items.flat_map(|(path, item)| item.keys().filter_map(known).map(move |method| (method, path.clone()))).collect()
}
