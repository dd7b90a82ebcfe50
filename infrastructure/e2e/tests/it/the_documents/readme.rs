//! The session of the README, pasted into a shell against a running system.

use super::{folder, paste, world_with_a_lamp};

#[tokio::test]
async fn every_line_of_its_session_works() {
    let readme = include_str!("../../../../../README.md");
    let session: String = readme
        .split("```sh session\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .map(|block| block.replace(". .local/env\n", ""))
        .collect();
    assert!(session.contains("curl"), "the README has no session");
    let world = world_with_a_lamp().await;
    let folder = folder("readme");
    let said = paste(&world, &folder, &session).await;
    for expected in ["\"confirmed\"", "\"succeeded\"", "/items/0/quantity", "\"cancelled\"", "\"completed\""] {
        assert!(said.output.contains(expected), "{expected} is missing: {}\n{}", said.output, said.trouble);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
