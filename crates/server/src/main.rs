//! The `linli` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    linli_server::cli::run()
}
