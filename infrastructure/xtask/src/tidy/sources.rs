//! The files of the repository, without what tools made.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

const MADE_BY_TOOLS: [&str; 8] = ["target", "node_modules", "dist", ".git", ".local", ".tmp", "__pycache__", ".venv"];

/// One file, by its path in the repository.
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// Empty where it is not text.
    pub(super) text: String,
}

/// All of them.
pub(super) struct Sources {
    pub(super) files: Vec<Source>,
    /// The folders and how many entries they have.
    pub(super) folders: BTreeMap<PathBuf, usize>,
}

impl Sources {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut sources = Self { files: Vec::new(), folders: BTreeMap::new() };
        let mut waiting = vec![PathBuf::new()];
        while let Some(folder) = waiting.pop() {
            waiting.extend(sources.read_folder(root, folder)?);
        }
        Ok(sources)
    }

    /// Reads one folder; those in it are still to be read.
    fn read_folder(&mut self, root: &Path, folder: PathBuf) -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(root.join(&folder)).with_context(|| format!("{}", folder.display()))?;
        let (mut inner, mut count) = (Vec::new(), 0);
        for entry in entries {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            let is_folder = entry.file_type()?.is_dir();
            match () {
                () if is_made(&path) => continue,
                () if is_folder => inner.push(path),
                () => self.files.push(Source { path, text: fs::read_to_string(entry.path()).unwrap_or_default() }),
            }
            count += 1;
        }
        self.folders.insert(folder, count);
        Ok(inner)
    }

    /// What a file says.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|source| source.path == Path::new(path)).map(|source| source.text.as_str())
    }

    /// The files of Rust.
    pub(super) fn rust(&self) -> impl Iterator<Item = &Source> {
        self.files.iter().filter(|source| source.has_extension("rs"))
    }

    /// The folder of the crate that a file belongs to.
    pub(super) fn crate_of<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        let is_crate = |folder: &Path| self.files.iter().any(|source| source.path == folder.join("Cargo.toml"));
        path.ancestors().skip(1).find(|folder| !folder.as_os_str().is_empty() && is_crate(folder))
    }
}

impl Source {
    pub(super) fn has_extension(&self, extension: &str) -> bool {
        self.path.extension().is_some_and(|found| found == extension)
    }

    pub(super) fn is_test(&self) -> bool {
        self.path.iter().any(|part| part == "tests")
    }

    /// Its lines with their numbers, without those that are comments only.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_start()));
        lines.filter(|(_, line)| !line.starts_with("//"))
    }
}

fn is_made(path: &Path) -> bool {
    path.file_name().is_some_and(|name| MADE_BY_TOOLS.iter().any(|made| name == *made))
}
