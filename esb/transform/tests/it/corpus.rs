//! What the fuzzer has found worth keeping, through the same function.

use std::path::Path;

#[path = "../../fuzz/src/invariants.rs"]
mod invariants;

fn each(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 10, "the corpus is there");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        run(&bytes);
        // Any cut of it, too.
        (0..bytes.len()).for_each(|cut| run(&bytes[..cut]));
    }
}

#[test]
fn json_that_the_fuzzer_kept() {
    each("json_to_xml", invariants::json_to_xml);
}

#[test]
fn xml_that_the_fuzzer_kept() {
    each("xml_to_json", invariants::xml_to_json);
}
