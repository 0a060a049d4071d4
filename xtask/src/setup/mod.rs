//! Everything the machine lacks, pinned, into the project's own `target/tools` and `node_modules`. Only what the tests
//! need of the system (a browser, fonts, a database, Python) comes from Debian's packages. What is there already is left alone,
//! which takes a fraction of a second.

mod node;
mod python;
mod rust;
mod system;

use crate::{Failure, shell};

/// What `trunk build` and `cargo build` need.
pub fn for_building() -> Result<(), Failure> {
    shell::stage("set up", || {
        system::needs("cc", &["gcc", "libc6-dev"], "a C compiler, which links Rust programs and compiles SQLite")?;
        rust::target()?;
        rust::crates()?;
        rust::bindgen()?;
        rust::trunk()?;
        node::packages()
    })
}

/// What the benches compare with: nothing the app or the tests know of.
pub fn for_benches() -> Result<(), Failure> {
    shell::stage("set up the benches", || {
        node::peers()?;
        python::kinto()
    })
}

/// What the tests need beside that.
pub fn for_tests() -> Result<(), Failure> {
    for_building()?;
    shell::stage("set up the tests", || {
        system::for_tests()?;
        python::judges()
    })
}
