//! Builds what is shipped: the app into `dist/`, then the server, which embeds it.

use crate::{Failure, place, shell};
use std::path::PathBuf;
use std::process::Command;

/// `trunk build --release` into `dist/`.
pub fn app() -> Result<(), Failure> {
    shell::stage("build the app", || shell::run(&mut app_command()))
}

fn app_command() -> Command {
    let mut command = shell::program("trunk", &["build", "--release"]);
    // Trunk takes NO_COLOR=1 for a bad value of its own flag and refuses to start.
    command.env_remove("NO_COLOR");
    command
}

fn server_command() -> Command {
    shell::cargo(&["build", "--release", "--package", "linli-server"])
}

/// Both, beside other work: what the compilers say is shown when a build has failed.
pub fn shipped() -> Result<PathBuf, Failure> {
    shell::quietly(&mut app_command())?;
    shell::quietly(&mut server_command())?;
    Ok(place::target().join("release/linli"))
}

/// The store's bench page into `target/bench/ours`: compiled, bound and shrunk as the app is.
pub fn store_page() -> Result<(), Failure> {
    shell::stage("build the store's bench page", || {
        let target = ["--target", "wasm32-unknown-unknown", "--profile", "wasm-release"];
        shell::run(shell::cargo(&["build", "--example", "ours", "--features", "bench"]).args(target))?;
        let made = place::target().join("wasm32-unknown-unknown/wasm-release/examples/ours.wasm");
        let folder = place::root().join("target/bench/ours");
        let (made, out) = (made.display().to_string(), folder.display().to_string());
        shell::run(&mut shell::program(
            "wasm-bindgen",
            &["--target", "web", "--no-typescript", "--out-dir", &out, &made],
        ))?;
        let bound = folder.join("ours_bg.wasm").display().to_string();
        // Chromium does not read compact imports yet.
        let features = ["--all-features", "--disable-compact-imports"];
        shell::run(shell::program("wasm-opt", &["-Oz", &bound, "-o", &bound]).args(features))
    })
}

/// The server, with what `dist/` holds now. Returns the path of the binary.
pub fn server() -> Result<PathBuf, Failure> {
    shell::stage("build the server", || {
        shell::run(&mut server_command())?;
        Ok(place::target().join("release/linli"))
    })
}
