//! The integrator's guide, block by block, and what it says that they print.

use super::{folder, paste, world_with_a_lamp};
use crate::world::IN_TIME;

const GUIDE: &str = include_str!("../../../../docs/integrators.md");

/// A block that is run, and what the guide says that it prints.
#[derive(Default)]
struct Example {
    language: String,
    code: String,
    prints: String,
}

/// The blocks that are marked `guide`, each with the `text` behind it.
fn examples(guide: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for block in guide.split("\n```").skip(1).step_by(2) {
        let (kind, body) = block.split_once('\n').unwrap();
        match (kind.split_once(' '), examples.last_mut()) {
            (Some((language, "guide")), _) => {
                examples.push(Example { language: language.to_owned(), code: body.to_owned(), prints: String::new() });
            }
            (None, Some(last)) if kind == "text" => body.clone_into(&mut last.prints),
            _ => {}
        }
    }
    examples
}

/// As somebody runs it who was told how.
fn command(example: &Example) -> String {
    let code = &example.code;
    match example.language.as_str() {
        "sh" => format!("{code}\n"),
        "python" => format!("cat > example.py <<'END'\n{code}\nEND\n.venv/bin/python example.py\n"),
        "js" => format!("cat > example.mjs <<'END'\n{code}\nEND\nnode example.mjs\n"),
        other => panic!("nobody said how to run {other}"),
    }
}

#[test]
fn every_way_is_shown_in_every_language() {
    for way in ["over HTTP", "in XML", "by SOAP", "by RabbitMQ"] {
        let sections = GUIDE.split("\n## ").filter(|section| section.lines().next().unwrap().ends_with(way));
        let examples = sections.flat_map(examples).filter(|one| !one.prints.is_empty()).collect::<Vec<_>>();
        for language in ["sh", "python", "js"] {
            assert!(examples.iter().any(|one| one.language == language), "{way}: nothing in {language}");
        }
    }
}

#[tokio::test]
async fn every_example_prints_what_it_says() {
    const MARK: &str = "-- the next example --";
    let examples = examples(GUIDE);
    let world = world_with_a_lamp().await;
    let wsdl = async || world.get("/soap?wsdl", &world.operator).await.status == 200;
    testbed::wait::until("the services are known", IN_TIME, wsdl).await.unwrap();
    let folder = folder("guide");
    let script = examples.iter().map(command).collect::<Vec<_>>().join(&format!("echo '{MARK}'\n"));
    let said = paste(&world, &folder, &script).await;
    let printed = said.output.split(MARK).collect::<Vec<_>>();
    assert_eq!(printed.len(), examples.len(), "{}", said.output);
    for (example, printed) in examples.iter().zip(printed) {
        assert_eq!(printed.trim(), example.prints.trim(), "{}\n{}", example.code, said.trouble);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
