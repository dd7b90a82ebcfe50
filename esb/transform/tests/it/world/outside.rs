//! Validators that know nothing of us: libxml2's `xmllint` and Python's `xmlschema`.

use std::path::{Path, PathBuf};
use std::process::Command;

use transform::Schemas;

/// A folder of schemas and documents, a document named `<root>.<number>.xml`.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// A place for one description.
    pub(crate) fn with(&self, number: usize, schemas: &Schemas) -> PathBuf {
        let folder = self.0.join(number.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        for file in schemas.roots().chain(["types", "problem"]) {
            std::fs::write(folder.join(format!("{file}.xsd")), schemas.xsd(file).unwrap()).unwrap();
        }
        folder
    }

    /// Both validators take every document.
    pub(crate) async fn validate(&self) {
        self.by_libxml();
        self.by_python().await;
    }

    fn by_libxml(&self) {
        let folders = entries(&self.0);
        let xsds = folders.iter().flat_map(|folder| entries(folder)).filter(|file| has(file, "xsd"));
        let documents: usize = xsds.map(|xsd| by_xmllint(&xsd)).sum();
        assert!(documents > 0, "there was nothing to validate");
    }

    async fn by_python(&self) {
        let python = testbed::program::python::environment("xmlschema", &["xmlschema==4.3.2"]).await.unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validate/xmlschema_all.py");
        let said = Command::new(python).arg(script).arg(&self.0).output().unwrap();
        assert!(
            said.status.success(),
            "{}",
            String::from_utf8_lossy(&said.stdout) + String::from_utf8_lossy(&said.stderr)
        );
    }
}

/// Validates the documents of one root, and says how many there are.
fn by_xmllint(xsd: &Path) -> usize {
    let root = xsd.file_stem().unwrap().to_str().unwrap();
    let mut files = entries(xsd.parent().unwrap());
    files
        .retain(|file| has(file, "xml") && file.file_name().unwrap().to_str().unwrap().split('.').next() == Some(root));
    if files.is_empty() {
        return 0;
    }
    let said = Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(xsd).args(&files).output();
    let said = said.expect("`xmllint` of libxml2-utils");
    let lines = String::from_utf8_lossy(&said.stderr).into_owned();
    let wrong: Vec<&str> = lines.lines().filter(|line| !line.ends_with(" validates")).take(20).collect();
    assert!(said.status.success(), "{}", wrong.join("\n"));
    files.len()
}

fn has(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found == extension)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}
