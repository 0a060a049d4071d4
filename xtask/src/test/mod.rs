//! `cargo xtask test`: every test there is, counted over all runners. A suite that runs nothing is a failure: a test
//! that was lost on the way must not look like a test that passed.

mod tally;

use crate::{Failure, build, place, setup, shell};
use std::path::{Path, PathBuf};
use tally::Tally;

/// Runs the suites and prints the sum; the last line reads `N passed, N failed`.
pub fn test(arguments: &[String]) -> Result<(), Failure> {
    let only = match arguments {
        [] => None,
        [part] if ["host", "browser", "journeys"].contains(&part.as_str()) => Some(part.as_str()),
        _ => return Err(format!("cargo xtask test does not know {}", arguments.join(" "))),
    };
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    setup::for_tests()?;
    let mut sum = Tally::default();
    // Linking what is shipped takes minutes on one core: it goes on beside the tests that do not need it.
    std::thread::scope(|scope| {
        let built = wanted("journeys").then(|| scope.spawn(build::shipped));
        if wanted("host") {
            sum += shell::stage("host tests", host)?;
        }
        if wanted("browser") {
            sum += shell::stage("browser tests", browser)?;
        }
        if let Some(built) = built {
            let server = shell::stage("wait for the build", || built.join()).map_err(|_| "the build died")??;
            sum += journeys(&server)?;
        }
        Ok::<(), Failure>(())
    })?;
    println!("\n{sum}");
    if sum.failed == 0 { Ok(()) } else { Err(String::new()) }
}

/// All packages on this machine: the pure crates, the server, the app's pure modules, and the rules of the
/// architecture. The tools' package has no tests of its own and takes long to compile.
fn host() -> Result<Tally, Failure> {
    let mut command = shell::cargo(&["test", "--workspace", "--exclude", "bindgen", "--no-fail-fast"]);
    Tally::of("host tests", &mut command)
}

/// The app's tests that need a browser: IndexedDB, above all. Each file of tests becomes a page in Chromium.
fn browser() -> Result<Tally, Failure> {
    let driver = place::find("chromedriver").ok_or("chromedriver is not on PATH")?;
    let mut command = shell::cargo(&["test", "--target", "wasm32-unknown-unknown", "--package", "linli-app"]);
    command.args(["--lib", "--no-fail-fast"]);
    // Cargo refuses a pattern that fits nothing.
    if !files(&place::root().join("tests"), ".rs")?.is_empty() {
        command.args(["--test", "*"]);
    }
    command.env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", place::root().join("webdriver.json"));
    Tally::of("browser tests", &mut command)
}

/// The app in Chromium against the real server, both release builds, by node's own test runner: two at a time, for each waits
/// a good part of its time.
fn journeys(server: &Path) -> Result<Tally, Failure> {
    shell::stage("journeys", || {
        let mut command = shell::program("node", &["--test", "--test-reporter=spec", "--test-concurrency=2"]);
        // By name: node 20 does not expand patterns itself, and without a file it would look for tests of its own.
        let files = files(&place::root().join("tests"), ".test.mjs")?;
        if files.is_empty() {
            return Err("there is no *.test.mjs under tests/".into());
        }
        command.args(files);
        Tally::of("journeys", command.env("LINLI_BIN", server))
    })
}

/// Files under a folder with this ending, by path.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
