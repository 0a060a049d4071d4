//! `cargo xtask`: the project's own commands. Each sets up what the machine lacks first, so that a clean clone needs
//! nothing but Rust, Node and a C compiler.

mod bench;
mod build;
mod check;
mod place;
mod run;
mod setup;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

/// What went wrong, for a person: what, with which thing, and what to do. Printed as it is, once.
type Failure = String;

const USAGE: &str = "\
cargo xtask run    builds the app and the server, makes the demo community, serves it and prints the accounts
                   --data DIR       where its data lives (default: data)
                   --listen ADDR    default 127.0.0.1:8080, or the next free port
                   --watch          rebuild and reload on edit, unoptimised
cargo xtask test   every test: host, browser, end to end; the last line reads `N passed, N failed`
                   host | browser | journeys   only that part
                   NAME             only the journey tests/journeys/NAME.test.mjs, or host tests with NAME in theirs
cargo xtask check  format, lints and the rules of the architecture
                   tidy             only the rules of the architecture
cargo xtask bench  measures beside what others would take, and writes docs/benchmarks.md
                   tablet | wire | server | growth   only that part
cargo xtask setup  only builds and installs the tools (--test: those of the tests too)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = arguments.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let outcome = match command {
        "run" => run::run(rest),
        "test" => test::test(rest),
        "check" => check::check(rest),
        "bench" => bench::bench(rest),
        "setup" if rest == ["--test"] => setup::for_tests(),
        "setup" if rest.is_empty() => setup::for_building(),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => Err(format!("no such command: {}\n\n{USAGE}", arguments.join(" "))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Empty where everything was said already: the last line of a test run is its sum.
            if !failure.is_empty() {
                eprintln!("\n{failure}");
            }
            ExitCode::FAILURE
        }
    }
}
