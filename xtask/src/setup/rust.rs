//! The WASM target, the crates, and the two tools made of crates.

use crate::{Failure, place, shell};
use std::process::Command;

/// The newest Trunk for the Rust this project is pinned to (0.22 wants 1.96).
const TRUNK: &str = "0.21.14";

/// Tools run for seconds; optimising them takes minutes. Trunk's own profile (fat LTO) takes 8 minutes on two cores,
/// this one 4. Set for tools only: the app's and the server's release builds are not to change by it.
const QUICK: [(&str, &str); 5] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    ("CARGO_PROFILE_RELEASE_STRIP", "true"),
];

/// The standard library for WebAssembly.
pub fn target() -> Result<(), Failure> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let library = shell::ask(&mut shell::program("rustc", &["--print", "target-libdir", "--target", TARGET]));
    if library.is_some_and(|folder| std::path::Path::new(&folder).is_dir()) {
        return Ok(());
    }
    if place::find("rustup").is_none() {
        return Err(format!(
            "Rust lacks the target {TARGET}, and there is no rustup to add it.\nSee https://rustup.rs"
        ));
    }
    shell::run(&mut shell::program("rustup", &["target", "add", TARGET]))
}

/// All crates of the lock file: Trunk builds offline.
pub fn crates() -> Result<(), Failure> {
    let host = shell::host()?;
    shell::run(&mut shell::cargo(&["fetch", "--quiet", "--target", &host, "--target", "wasm32-unknown-unknown"]))
}

/// wasm-bindgen and its test runner, compiled from this workspace's lock file: Trunk takes no other version than the
/// library's, and the published lock of the tool names a version of webpki-roots that not every registry mirror has.
pub fn bindgen() -> Result<(), Failure> {
    let lock =
        std::fs::read_to_string(place::root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let wanted = locked(&lock, "wasm-bindgen").ok_or("Cargo.lock names no wasm-bindgen")?;
    let is_there = |name: &str| version_of(name).is_some_and(|version| version == wanted);
    // Ours does more than the version says: what it was made of lies beside it.
    let (made_of, mark) = (sources("xtask/bindgen")?, place::tools().join("bindgen.made"));
    let is_ours = std::fs::read_to_string(&mark).is_ok_and(|was| was == made_of);
    if is_ours && is_there("wasm-bindgen") && is_there("wasm-bindgen-test-runner") {
        return Ok(());
    }
    println!("  building wasm-bindgen {wanted}: about 2 minutes on two cores");
    install(&["--path", "xtask/bindgen", "--locked", "--force"])?;
    std::fs::write(&mark, made_of).map_err(|error| format!("{}: {error}", mark.display()))
}

/// The text of a package: its manifest and its sources, by name.
fn sources(package: &str) -> Result<String, Failure> {
    let folder = place::root().join(package);
    let entries = std::fs::read_dir(folder.join("src")).map_err(|error| format!("{package}: {error}"))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.push(folder.join("Cargo.toml"));
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display())))
        .collect()
}

/// Trunk. Without its update check and with rustls, so that no OpenSSL headers are needed.
pub fn trunk() -> Result<(), Failure> {
    if version_of("trunk").is_some_and(|version| version == TRUNK) {
        return Ok(());
    }
    println!("  building trunk {TRUNK}: about 4 minutes on two cores");
    install(&["trunk", "--version", TRUNK, "--locked", "--no-default-features", "--features", "rustls"])
}

fn install(what: &[&str]) -> Result<(), Failure> {
    let tools = place::tools();
    let build = tools.join("build");
    let mut command: Command = shell::cargo(&["install", "--quiet"]);
    command.args(what).arg("--root").arg(&tools).arg("--target-dir").arg(&build).envs(QUICK);
    shell::run(&mut command)?;
    // A gigabyte nobody needs again until a pin moves.
    let _ = std::fs::remove_dir_all(build);
    Ok(())
}

/// The version our own copy of a tool reports, as in `trunk 0.21.14`.
fn version_of(tool: &str) -> Option<String> {
    let path = place::tools().join("bin").join(tool);
    let answer = shell::ask(Command::new(path).arg("--version"))?;
    answer.split_whitespace().nth(1).map(str::to_owned)
}

/// The version of a crate in the text of a Cargo.lock.
fn locked<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let entry =
        lock.split("[[package]]").find(|entry| entry.trim_start().starts_with(&format!("name = \"{name}\"\n")))?;
    entry.lines().find_map(|line| line.strip_prefix("version = \""))?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_says_which_version_to_build() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "wasm"), None);
    }

    #[test]
    fn what_a_tool_is_made_of_has_its_manifest_and_all_its_sources() {
        let text = sources("xtask/bindgen").unwrap();
        assert!(text.contains("wasm_split_cli_support = ") && text.contains("--keep-lld-exports"));
        assert!(sources("xtask/nothing").is_err());
    }

    #[test]
    fn a_tool_that_is_not_there_has_no_version() {
        assert_eq!(version_of("no-such-tool"), None);
    }
}
