//! Counting what test runners say.

use crate::{Failure, shell};
use std::fmt;
use std::process::Command;

/// How many tests passed and failed, and how long each took where the runner says it.
#[derive(Debug, Default, PartialEq, Clone)]
pub struct Tally {
    /// Tests that ran and held.
    pub passed: u32,
    /// Tests that did not hold, were cut off, or could not be run at all.
    pub failed: u32,
    /// Seconds and names.
    times: Vec<(f32, String)>,
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
        if (tally.passed, tally.failed) == (0, 0) {
            println!("{suite}: nothing was run, which counts as a failure");
            tally.failed = 1;
        }
        println!("{suite}: {tally}");
        Ok(tally)
    }

    /// The slowest tests, one a line, slowest first.
    pub fn slowest(&self, count: usize) -> String {
        let mut times: Vec<_> = self.times.iter().collect();
        times.sort_by(|one, other| other.0.total_cmp(&one.0));
        let lines = times.iter().take(count).map(|(seconds, name)| format!("  {seconds:>6.1} s  {name}"));
        std::iter::once(format!("the slowest of {} tests", times.len())).chain(lines).collect::<Vec<_>>().join("\n")
    }

    /// One line of a runner's output. `cargo test` and wasm-bindgen's runner print a result line for each binary, node
    /// prints its totals one a line at the end.
    fn read(&mut self, line: &str) {
        self.times.extend(time_of(line));
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

/// How long a test took, in seconds, and its name: `test name ... ok <1.234s>` as the Rust harness says it, or
/// `✔ name (1234.5ms)` as node does.
fn time_of(line: &str) -> Option<(f32, String)> {
    if let Some(rest) = line.strip_prefix("test ") {
        let (name, rest) = rest.split_once(" ... ")?;
        let (_, time) = rest.trim_end().strip_suffix("s>")?.rsplit_once('<')?;
        return Some((time.parse().ok()?, name.into()));
    }
    let (name, time) = line.strip_prefix("✔ ")?.strip_suffix("ms)")?.rsplit_once(" (")?;
    let milliseconds: f32 = time.parse().ok()?;
    Some((milliseconds / 1000.0, name.into()))
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.times.extend(other.times);
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

    fn counts(tally: &Tally) -> (u32, u32) {
        (tally.passed, tally.failed)
    }

    fn run(script: &str) -> Tally {
        Tally::of("a suite", &mut shell::program("sh", &["-c", script])).unwrap()
    }

    #[test]
    fn result_lines_of_several_test_binaries_add_up() {
        let lines = "running 3 tests\ntest a ... ok\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.00s\n";
        assert_eq!(counts(&read(lines)), (15, 2));
    }

    #[test]
    fn the_totals_of_node_count_cancelled_tests_as_failed() {
        let lines = "✔ a journey (12ms)\nℹ tests 4\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\n";
        assert_eq!(counts(&read(lines)), (2, 2));
    }

    #[test]
    fn a_suite_that_runs_nothing_fails() {
        assert_eq!(counts(&run("echo 'test result: ok. 0 passed; 0 failed'")), (0, 1));
    }

    #[test]
    fn a_runner_that_dies_fails_even_if_what_it_ran_passed() {
        assert_eq!(counts(&run("echo 'test result: ok. 5 passed; 0 failed'; exit 101")), (5, 1));
    }

    #[test]
    fn the_closing_line_is_the_one_that_is_promised() {
        assert_eq!(Tally { passed: 7, ..Tally::default() }.to_string(), "7 passed, 0 failed");
    }

    #[test]
    fn the_slowest_tests_of_all_runners_are_named() {
        let lines = "test a::quick ... ok <0.012s>\ntest a::slow ... ok <12.500s>\ntest other ... FAILED <1.000s>\n\
            ✔ a journey (with brackets) (3412.9ms)\n✔ not a time\n";
        let mut tally = read(lines);
        tally += read("✔ another (500ms)\n");
        let said = tally.slowest(3);
        assert_eq!(
            said.lines().map(str::trim).collect::<Vec<_>>(),
            ["the slowest of 5 tests", "12.5 s  a::slow", "3.4 s  a journey (with brackets)", "1.0 s  other"]
        );
    }
}
