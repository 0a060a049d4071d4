//! Where things are on this machine.

use std::path::{Path, PathBuf};

/// The project's root: the folder of the workspace's Cargo.toml.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the project's root")
}

/// Where cargo puts what it builds: `target/`, or where `CARGO_TARGET_DIR` says.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The project's own tools, at the project's own versions.
pub fn tools() -> PathBuf {
    root().join("target/tools")
}

/// A program as the shell would find it, looked for where our own tools are first.
pub fn find(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&search_path()).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// `PATH` with our own tools before the machine's: wasm-bindgen must match the lock file exactly, and Debian's
/// wasm-opt (108) writes WASM that fails at start, without a word.
pub fn search_path() -> std::ffi::OsString {
    let own = [tools().join("bin"), root().join("node_modules/.bin")];
    let machine = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&machine))).expect("PATH was a path list before")
}
