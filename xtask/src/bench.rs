//! `cargo xtask bench`: measures the release build in a real browser. The measuring itself is `benches/run.mjs`.

use crate::{Failure, build, place, setup, shell};

/// Builds what is measured, then measures it.
pub fn bench(arguments: &[String]) -> Result<(), Failure> {
    let script = place::root().join("benches/run.mjs");
    if !script.is_file() {
        return Err("There is nothing to measure with yet: benches/run.mjs does not exist.".into());
    }
    setup::for_tests()?;
    build::app()?;
    let server = build::server()?;
    let words: Vec<&str> = std::iter::once("benches/run.mjs").chain(arguments.iter().map(String::as_str)).collect();
    shell::stage("bench", || shell::run(shell::program("node", &words).env("LINLI_BIN", server)))
}
