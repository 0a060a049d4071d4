//! Python programs, each in a Python of its own: the API's fuzzer with the judge of exported forms, and a server the benches
//! compare with. Every package is pinned by its hash.

use super::system;
use crate::{Failure, place, shell};
use std::path::Path;

/// Installs what `tests/api/requirements.txt` names, if it is not what was installed last.
pub fn judges() -> Result<(), Failure> {
    install("tests/api/requirements.txt", &place::tools().join("python"), "the API's fuzzer and pyxform")
}

/// Kinto, a server that the benches compare with, in a Python of its own.
pub fn kinto() -> Result<(), Failure> {
    install("benches/wire/requirements.txt", &place::root().join("target/bench/kinto"), "a server to compare with")
}

fn install(list: &str, home: &Path, what: &str) -> Result<(), Failure> {
    let list = place::root().join(list);
    let wanted = std::fs::read(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let stamp = home.join("installed.txt");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    // Debian has the module in a package of its own; python3 alone cannot make a folder of packages.
    if shell::ask(&mut shell::program("python3", &["-c", "import ensurepip, venv; print(1)"])).is_none() {
        system::install(&["python3", "python3-venv"], &format!("Python with venv, which runs {what}"))?;
    }
    let folder = home.display().to_string();
    shell::run(&mut shell::program("python3", &["-m", "venv", "--clear", &folder]))?;
    let pip = home.join("bin/python").display().to_string();
    let list = list.display().to_string();
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", &list];
    shell::run(&mut shell::program(&pip, &install))?;
    std::fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}
