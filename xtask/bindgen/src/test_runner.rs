//! `wasm-bindgen-test-runner`: what `cargo test --target wasm32-unknown-unknown` hands each test file to.
//! It starts the browser through ChromeDriver; `webdriver.json` says which browser and how.

fn main() -> std::process::ExitCode {
    match wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            std::process::ExitCode::FAILURE
        }
    }
}
