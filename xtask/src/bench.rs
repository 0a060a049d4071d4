//! `cargo xtask bench [small|large|shelves|wire|server|growth]`: measures the release build beside what others would take. The measuring
//! itself is `benches/run.mjs`; here is what it needs.

use crate::{Failure, build, setup, shell};

/// Builds what is measured, then measures it.
pub fn bench(arguments: &[String]) -> Result<(), Failure> {
    setup::for_tests()?;
    setup::for_benches()?;
    build::app()?;
    build::store_page()?;
    let server = build::server()?;
    let words: Vec<&str> = std::iter::once("benches/run.mjs").chain(arguments.iter().map(String::as_str)).collect();
    shell::stage("bench", || shell::run(shell::program("node", &words).env("LINLI_BIN", server)))
}
