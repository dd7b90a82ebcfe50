//! What a program hands on of its own environment.

use std::ffi::{OsStr, OsString};

/// What cargo tells the programs that it runs about their own package, besides all of `CARGO_PKG_…`.
const OF_THE_PACKAGE: [&str; 7] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_MANIFEST_LINKS",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// The environment of this process without what cargo said of its package: build scripts watch these variables, and for
/// cargo called from here they would have changed, so half of the workspace would be built again, each time.
pub fn environment() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os().filter(|(name, _)| !is_of_the_package(name))
}

fn is_of_the_package(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || OF_THE_PACKAGE.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_users_set_is_handed_on_but_not_what_cargo_said() {
        let handed_on = |name: &&str| !is_of_the_package(OsStr::new(name));
        let names = ["CARGO_HOME", "CARGO_MANIFEST_DIR", "CARGO_TARGET_DIR", "CARGO_PKG_NAME", "PATH", "OUT_DIR"];
        assert_eq!(
            names.iter().filter(|name| handed_on(name)).collect::<Vec<_>>(),
            [&"CARGO_HOME", &"CARGO_TARGET_DIR", &"PATH"]
        );
        // The program that runs tests says so, too.
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
        assert!(environment().all(|(name, _)| name != "CARGO_MANIFEST_DIR"));
    }
}
