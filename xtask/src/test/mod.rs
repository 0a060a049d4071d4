//! `cargo xtask test`: every test there is, counted over all runners. A suite that runs nothing is a failure: a test
//! that was lost on the way must not look like a test that passed.

mod tally;

use crate::{Failure, build, place, setup, shell};
use std::path::{Path, PathBuf};
use tally::Tally;

/// How many of the slowest tests a run names at its end.
const SLOWEST: usize = 20;

/// Runs the suites and prints the slowest tests and the sum; the last line reads `N passed, N failed`.
pub fn test(arguments: &[String]) -> Result<(), Failure> {
    let only = match arguments {
        [] => None,
        [part] => Some(part.as_str()),
        _ => return Err(format!("cargo xtask test takes one word, not {}", arguments.join(" "))),
    };
    setup::for_tests()?;
    let mut sum = Tally::default();
    match only {
        None => all(&mut sum)?,
        Some("host") => sum += shell::stage("host tests", || host(&[]))?,
        Some("browser") => sum += shell::stage("browser tests", browser)?,
        Some("journeys") => sum += journeys(&build::shipped()?, &journey_files()?)?,
        Some(name) => {
            let named =
                |file: &PathBuf| file.file_name().is_some_and(|file| file == format!("{name}.test.mjs").as_str());
            let files: Vec<PathBuf> = journey_files()?.into_iter().filter(named).collect();
            sum += if files.is_empty() { host(&[name])? } else { journeys(&build::shipped()?, &files)? };
        }
    }
    println!("\n{}", sum.slowest(SLOWEST));
    println!("\n{sum}");
    if sum.failed == 0 { Ok(()) } else { Err(String::new()) }
}

fn all(sum: &mut Tally) -> Result<(), Failure> {
    // Linking what is shipped takes minutes on one core: it goes on beside the tests that do not need it.
    std::thread::scope(|scope| {
        let built = scope.spawn(build::shipped);
        *sum += shell::stage("host tests", || host(&[]))?;
        *sum += shell::stage("browser tests", browser)?;
        let server = shell::stage("wait for the build", || built.join()).map_err(|_| "the build died")??;
        *sum += journeys(&server, &journey_files()?)?;
        Ok(())
    })
}

/// All packages on this machine: the pure crates, the server, the app's pure modules, and the rules of the
/// architecture; of a name, the tests that have it in theirs. The tools' package has no tests of its own and takes long to
/// compile, and no documentation holds a test.
fn host(names: &[&str]) -> Result<Tally, Failure> {
    let mut command = shell::cargo(&["test", "--workspace", "--exclude", "bindgen", "--no-fail-fast"]);
    command.args(["--lib", "--bins", "--tests"]).args(names);
    // How long each test takes is something the harness says only when asked like this.
    command.env(runner_variable()?, "env RUSTC_BOOTSTRAP=1").args(["--", "-Zunstable-options", "--report-time"]);
    Tally::of("host tests", &mut command)
}

/// The variable that tells cargo what runs this machine's own programs.
fn runner_variable() -> Result<String, Failure> {
    let host = shell::host()?;
    Ok(format!("CARGO_TARGET_{}_RUNNER", host.to_uppercase().replace('-', "_")))
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
fn journeys(server: &Path, files: &[PathBuf]) -> Result<Tally, Failure> {
    shell::stage("journeys", || {
        let mut command = shell::program("node", &["--test", "--test-reporter=spec", "--test-concurrency=2"]);
        command.args(files);
        Tally::of("journeys", command.env("LINLI_BIN", server))
    })
}

/// By name: node 20 does not expand patterns itself, and without a file it would look for tests of its own.
fn journey_files() -> Result<Vec<PathBuf>, Failure> {
    let files = files(&place::root().join("tests"), ".test.mjs")?;
    if files.is_empty() { Err("there is no *.test.mjs under tests/".into()) } else { Ok(files) }
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
