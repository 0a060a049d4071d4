//! What only the system can give, from Debian's or Ubuntu's packages.

use crate::{Failure, place, shell};

/// Makes sure that a program is there. `why` is said to who has to install it by hand.
pub fn needs(program: &str, packages: &[&str], why: &str) -> Result<(), Failure> {
    if place::find(program).is_some() {
        return Ok(());
    }
    install(packages, why)
}

/// A browser and its driver, Chinese fonts for the screenshots, PostgreSQL, the proxies of docs/proxy.md and docs/postgres.md, and valgrind, which counts instructions.
pub fn for_tests() -> Result<(), Failure> {
    let mut missing = Vec::new();
    if place::find("chromium").is_none() || place::find("chromedriver").is_none() {
        missing.extend(["chromium", "chromium-driver"]);
    }
    if !has_chinese_font() {
        missing.extend(["fontconfig", "fonts-noto-cjk"]);
    }
    if !has_postgres() {
        missing.push("postgresql");
    }
    for server in ["nginx", "caddy", "pgbouncer"] {
        if !has_server(server) {
            missing.push(server);
        }
    }
    if place::find("valgrind").is_none() {
        missing.push("valgrind");
    }
    if missing.is_empty() {
        Ok(())
    } else {
        install(&missing, "what the tests drive: a browser, Chinese fonts, PostgreSQL, proxies, valgrind")
    }
}

fn has_chinese_font() -> bool {
    shell::ask(&mut shell::program("fc-list", &[":lang=zh-cn", "family"])).is_some_and(|fonts| !fonts.is_empty())
}

/// Debian keeps the server's programs off `PATH`, one folder for each version.
fn has_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/postgres").is_file())
        || place::find("postgres").is_some()
}

/// Debian keeps servers' programs where only root looks.
fn has_server(program: &str) -> bool {
    place::find(program).is_some() || std::path::Path::new("/usr/sbin").join(program).is_file()
}

/// Installs packages when root, else says how. `why` is what the machine lacks.
pub fn install(packages: &[&str], why: &str) -> Result<(), Failure> {
    let list = packages.join(" ");
    let by_hand = format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {list}");
    if place::find("apt-get").is_none() {
        return Err(format!("This machine lacks {why}.\nOn Debian or Ubuntu: {by_hand}"));
    }
    let is_root = shell::ask(&mut shell::program("id", &["-u"])).is_some_and(|id| id == "0");
    if !is_root {
        return Err(format!("This machine lacks {why}. Please run, then try again:\n  {by_hand}"));
    }
    shell::run(&mut shell::program("apt-get", &["update", "-q"]))?;
    let mut command = shell::program("apt-get", &["install", "-y", "-q", "--no-install-recommends"]);
    shell::run(command.args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_there_is_not_installed() {
        assert_eq!(needs("sh", &["no-such-package"], "a shell"), Ok(()));
    }
}
