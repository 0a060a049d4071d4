//! Counting what test runners say.

use crate::{Failure, shell};
use std::fmt;
use std::process::Command;

/// How many tests passed and failed.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
pub struct Tally {
    /// Tests that ran and held.
    pub passed: u32,
    /// Tests that did not hold, were cut off, or could not be run at all.
    pub failed: u32,
}

impl Tally {
    /// Runs a suite and counts. A runner that fails without a failed test (it did not compile, a process died) counts
    /// as one failure, and so does a suite that ran nothing.
    pub fn of(suite: &str, command: &mut Command) -> Result<Self, Failure> {
        let mut tally = Self::default();
        let succeeded = shell::watch(command, |line| tally.read(line))?;
        if !succeeded && tally.failed == 0 {
            println!("{suite}: the runner failed before any test did");
            tally.failed = 1;
        }
        if tally == Self::default() {
            println!("{suite}: nothing was run, which counts as a failure");
            tally.failed = 1;
        }
        println!("{suite}: {tally}");
        Ok(tally)
    }

    /// One line of a runner's output. `cargo test` and wasm-bindgen's runner print a result line for each binary, node
    /// prints its totals one a line at the end.
    fn read(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("test result: ") {
            for part in rest.split([';', '.']) {
                match part.trim().split_once(' ') {
                    Some((count, "passed")) => self.passed += count.parse().unwrap_or(0),
                    Some((count, "failed")) => self.failed += count.parse().unwrap_or(0),
                    _ => {}
                }
            }
        } else if let Some(rest) = line.strip_prefix("ℹ ") {
            match rest.split_once(' ') {
                Some(("pass", count)) => self.passed += count.parse().unwrap_or(0),
                // Cancelled: a test that was still running when its file ended.
                Some(("fail" | "cancelled", count)) => self.failed += count.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Tally {
        let mut tally = Tally::default();
        lines.lines().for_each(|line| tally.read(line));
        tally
    }

    fn run(script: &str) -> Tally {
        Tally::of("a suite", &mut shell::program("sh", &["-c", script])).unwrap()
    }

    #[test]
    fn result_lines_of_several_test_binaries_add_up() {
        let lines = "running 3 tests\ntest a ... ok\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.00s\n";
        assert_eq!(read(lines), Tally { passed: 15, failed: 2 });
    }

    #[test]
    fn the_totals_of_node_count_cancelled_tests_as_failed() {
        let lines = "✔ a journey (12ms)\nℹ tests 4\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\n";
        assert_eq!(read(lines), Tally { passed: 2, failed: 2 });
    }

    #[test]
    fn a_suite_that_runs_nothing_fails() {
        assert_eq!(run("echo 'test result: ok. 0 passed; 0 failed'"), Tally { passed: 0, failed: 1 });
    }

    #[test]
    fn a_runner_that_dies_fails_even_if_what_it_ran_passed() {
        assert_eq!(run("echo 'test result: ok. 5 passed; 0 failed'; exit 101"), Tally { passed: 5, failed: 1 });
    }

    #[test]
    fn the_closing_line_is_the_one_that_is_promised() {
        assert_eq!(Tally { passed: 7, failed: 0 }.to_string(), "7 passed, 0 failed");
    }
}
