//! Every setting, with its type, default and effect: from the files of defaults, which the binaries embed.

use anyhow::{Context, Result, ensure};
use toml::{Table, Value};

use super::{code, row};
use crate::tidy::sources::Sources;

const BINARIES: [&str; 4] = ["esb", "customer-service", "order-service", "payment-service"];
const HEAD: &str = "\
# Settings

Made by `cargo xtask gen` of the files of defaults (`*/settings.toml`), which are in the binaries. A file
(`--settings FILE`) overrides a default, and the environment overrides both, under the names below. What is unknown or
can't be read stops the start, and all of it is said at once.
";

/// A setting, and what is said about it.
struct Setting {
    section: String,
    name: String,
    effect: String,
}

pub(super) fn page(sources: &Sources) -> Result<String> {
    let mut page = HEAD.to_owned();
    for binary in BINARIES {
        let file = format!("{binary}/settings.toml");
        let text = sources.text(&file).with_context(|| format!("{file} is missing"))?;
        let table = text.parse::<Table>().with_context(|| file.clone())?;
        page.extend(["\n## ", binary, "\n\n"]);
        page.push_str(&row(&["setting", "environment", "type", "default", "effect"]));
        page.push_str(&row(&["---"; 5]));
        for setting in read(text) {
            ensure!(!setting.effect.is_empty(), "{file}: nothing is said about `{}.{}`", setting.section, setting.name);
            page.push_str(&line(binary, &table, &setting)?);
        }
    }
    Ok(page)
}

fn line(binary: &str, table: &Table, setting: &Setting) -> Result<String> {
    let key = format!("{}.{}", setting.section, setting.name);
    let found = setting.section.split('.').try_fold(table, |table, part| table.get(part)?.as_table());
    let value =
        found.and_then(|section| section.get(&setting.name)).with_context(|| format!("`{key}` is not there"))?;
    let environment = format!("{binary}.{key}").replace('-', "_").replace('.', "__").to_uppercase();
    Ok(row(&[&code(&key), &code(&environment), kind(value), &code(&value.to_string()), &setting.effect]))
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Integer(_) => "whole number",
        Value::Float(_) => "number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "time",
        Value::Array(_) => "list",
        Value::Table(_) => "section",
    }
}

/// The settings in their order. What is said stands above a line or behind it, and counts for those that follow at once
/// and say nothing.
fn read(text: &str) -> Vec<Setting> {
    let (mut settings, mut section, mut effect, mut fresh) = (Vec::new(), String::new(), String::new(), true);
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix('#') {
            if fresh {
                effect.clear();
                fresh = false;
            }
            let space = if effect.is_empty() { "" } else { " " };
            effect.extend([space, comment.trim()]);
        } else if let Some(name) = line.strip_prefix('[') {
            name.trim_end_matches(']').clone_into(&mut section);
            effect.clear();
            fresh = true;
        } else if let Some((name, value)) = line.split_once(" = ") {
            if let Some((_, comment)) = value.split_once(" # ") {
                comment.trim().clone_into(&mut effect);
            }
            settings.push(Setting { section: section.clone(), name: name.to_owned(), effect: effect.clone() });
            fresh = true;
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_comment_counts_for_what_is_below_or_before_it() {
        let settings =
            read("# Of the file.\n\n[a]\n# One,\n# two.\nx = 1\ny = \"\"\nz = true  # three\n[b.c]\nw = 0\n");
        let told = settings.iter().map(|one| format!("{}.{}: {}", one.section, one.name, one.effect));
        assert_eq!(told.collect::<Vec<_>>(), ["a.x: One, two.", "a.y: One, two.", "a.z: three", "b.c.w: "]);
    }
}
