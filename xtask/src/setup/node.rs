//! The two npm packages: binaryen (wasm-opt) for the build, playwright-core for the journeys.

use super::system;
use crate::{Failure, place, shell};
use std::path::Path;

/// The oldest Node that playwright-core runs on.
const OLDEST: u32 = 20;

/// `npm ci`, if the lock file is not the one that was installed last.
pub fn packages() -> Result<(), Failure> {
    system::needs("node", &["nodejs", "npm"], "Node, which runs wasm-opt, the build's last step and the journeys")?;
    system::needs("npm", &["npm"], "npm, which brings wasm-opt and playwright-core")?;
    let version = shell::ask(&mut shell::program("node", &["--version"])).unwrap_or_default();
    if major(&version).is_none_or(|major| major < OLDEST) {
        return Err(format!("node reports {version:?}, but {OLDEST} or newer is needed: see https://nodejs.org"));
    }
    install(place::root(), "wasm-opt")
}

/// The packages that only the benches compare with, in a folder of their own.
pub fn peers() -> Result<(), Failure> {
    install(&place::root().join("benches"), "esbuild")
}

/// `npm ci` in a folder, if its lock file is not the one that was installed last or `program` is missing.
fn install(folder: &Path, program: &str) -> Result<(), Failure> {
    let lock = folder.join("package-lock.json");
    let wanted = std::fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    let modules = folder.join("node_modules");
    let stamp = modules.join(".linli-installed");
    if modules.join(".bin").join(program).exists() && std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = shell::program("npm", &["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    shell::run(npm.current_dir(folder))?;
    std::fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// 20 of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read_from_what_node_says() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major(""), None);
    }
}
