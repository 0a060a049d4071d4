//! `records` and `sync` run on the tablet and at the office, and in tests with any clock: time, chance and the world
//! come in as arguments or leave as effects.

use super::{Tree, code};

const PURE: [&str; 2] = ["crates/records/src/", "crates/sync/src/"];

/// Modules of the standard library that touch the world.
const WORLD: [&str; 7] = ["fs", "net", "env", "process", "thread", "io", "os"];

/// Crates and calls that read a clock, roll dice or do I/O.
const NAMED: [&str; 25] = [
    "SystemTime",
    "Instant",
    "now_v7",
    "new_v4",
    "now_v1",
    "Zoned::now",
    "ZonedDateTime::now",
    "Timestamp::now",
    "rand",
    "getrandom",
    "fastrand",
    "RandomState",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "gloo",
    "leptos",
    "tokio",
    "reqwest",
    "axum",
    "sqlx",
    "indexed_db_futures",
    "println!",
    "eprintln!",
    "tracing",
];

pub fn rule(tree: &Tree, broken: &mut Vec<String>) {
    for source in PURE.iter().flat_map(|folder| tree.rust(folder)) {
        let code = code::bare(&source.text);
        let world =
            WORLD.iter().filter(|module| code::imports(&code, "std", module)).map(|module| format!("std::{module}"));
        let named = NAMED.iter().filter(|name| code::names(&code, name)).map(|name| (*name).to_owned());
        for name in world.chain(named) {
            broken.push(format!("{}: names {name}; pure code takes it as an argument", source.path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::tidy::tests::verdict;

    #[test]
    fn clocks_dice_and_files_are_refused_in_pure_crates() {
        for line in [
            "std::time::SystemTime::now()",
            "use std::{fs, collections::BTreeMap};",
            "let id = Uuid::now_v7();",
            "use web_sys::window;",
            "jiff::Timestamp::now()",
            "println!(\"{x}\")",
        ] {
            assert_eq!(verdict(rule, "crates/sync/src/engine.rs", line).len(), 1, "{line}");
            assert_eq!(verdict(rule, "crates/server/src/main.rs", line).len(), 0, "{line}");
        }
    }

    #[test]
    fn what_only_looks_alike_is_allowed() {
        assert_eq!(verdict(rule, "crates/records/src/near.rs", "let operand = std::fmt::Display;").len(), 0);
        assert_eq!(verdict(rule, "crates/records/src/near.rs", "// unlike std::fs, rand").len(), 0);
    }
}
