//! `wasm-bindgen`, at the version this project's lock file names: Trunk refuses any other. An app with split points is taken
//! apart on the way.

mod split;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words = match split::arguments(std::env::args_os().collect()) {
        Ok(words) => words,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    match wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}
