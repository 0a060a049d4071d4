//! `cargo xtask check`: what must hold before anything is tested. The rules themselves are in `tidy`.

use crate::{Failure, place, setup, shell, tidy};
use std::process::Command;

/// Format, lints for both targets, syntax of the scripts, rules of the architecture. All are run; all failures are told.
pub fn check(arguments: &[String]) -> Result<(), Failure> {
    match arguments {
        [] => {}
        [only] if only == "tidy" => return shell::stage("tidy", tidy::check),
        _ => return Err(format!("cargo xtask check does not know {}", arguments.join(" "))),
    }
    setup::for_building()?;
    let mut failures = Vec::new();
    let mut stage = |name: &str, work: &mut dyn FnMut() -> Result<(), Failure>| {
        failures.extend(shell::stage(name, work).err());
    };
    stage("format", &mut || shell::run(&mut shell::cargo(&["fmt", "--all", "--check"])));
    stage("tidy", &mut || tidy::check());
    stage("scripts", &mut scripts);
    stage("lints", &mut || shell::run(&mut clippy(&["--workspace", "--exclude", "bindgen"])));
    stage("lints of the app in the browser", &mut || {
        // With its border between files, which tests go without.
        let app = ["--package", "linli-app", "--target", "wasm32-unknown-unknown", "--features", "split"];
        shell::run(&mut clippy(&app))
    });
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

fn clippy(what: &[&str]) -> Command {
    let mut command = shell::cargo(&["clippy", "--quiet", "--all-targets"]);
    command.args(what).args(["--", "-D", "warnings"]);
    command
}

/// Scripts are not compiled before they run, so at least their syntax is looked at.
fn scripts() -> Result<(), Failure> {
    let mut failures = Vec::new();
    for source in tidy::tree(place::root())?.sources {
        if source.path.ends_with(".mjs") || source.path.ends_with(".js") {
            let mut command = shell::program("node", &["--check", &source.path]);
            if !command.status().is_ok_and(|status| status.success()) {
                failures.push(format!("node --check {} failed", source.path));
            }
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}
