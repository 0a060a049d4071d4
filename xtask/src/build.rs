//! Builds what is shipped: the app into `dist/`, then the server, which embeds it.

use crate::{Failure, place, shell};
use std::path::PathBuf;

/// `trunk build --release` into `dist/`.
pub fn app() -> Result<(), Failure> {
    shell::stage("build the app", || {
        let mut command = shell::program("trunk", &["build", "--release"]);
        // Trunk takes NO_COLOR=1 for a bad value of its own flag and refuses to start.
        shell::run(command.env_remove("NO_COLOR"))
    })
}

/// The server, with what `dist/` holds now. Returns the path of the binary.
pub fn server() -> Result<PathBuf, Failure> {
    shell::stage("build the server", || {
        shell::run(&mut shell::cargo(&["build", "--release", "--package", "linli-server"]))?;
        Ok(place::target().join("release/linli"))
    })
}
