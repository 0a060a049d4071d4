//! Runs programs in the project's root, with the project's own tools on `PATH`.

use crate::{Failure, place};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program to be run. Its output goes to ours.
pub fn program(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(place::root()).env("PATH", place::search_path());
    // `cargo run` tells xtask about xtask; a cargo started by us must not take that for its own.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text.starts_with("CARGO_BIN_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The same cargo that runs us.
pub fn cargo(arguments: &[&str]) -> Command {
    program(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), arguments)
}

/// The command as it would be typed, for messages.
pub fn typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    let name = words[0].rsplit('/').next().unwrap_or_default().to_owned();
    std::iter::once(name).chain(words.into_iter().skip(1)).collect::<Vec<_>>().join(" ")
}

/// Runs to the end. An error says which command failed and how.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    println!("  $ {}", typed(command));
    let status = command.status().map_err(|error| format!("could not start `{}`: {error}", typed(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed: {status}", typed(command))) }
}

/// Runs to the end and keeps what it says to itself, unless it fails.
pub fn quietly(command: &mut Command) -> Result<(), Failure> {
    let begin = Instant::now();
    println!("  $ {} (beside the rest)", typed(command));
    let output = command.output().map_err(|error| format!("could not start `{}`: {error}", typed(command)))?;
    if output.status.success() {
        println!("  $ {} took {}", typed(command), spoken(begin.elapsed()));
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{}\n`{}` failed: {}", String::from_utf8_lossy(&said), typed(command), output.status))
}

/// Runs to the end, handing each line of standard output to `see` while also showing it. Returns whether it succeeded.
pub fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<bool, Failure> {
    println!("  $ {}", typed(command));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not start `{}`: {error}", typed(command)))?;
    let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped"));
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).map_err(|error| error.to_string())? > 0 {
        // By print!, which a test of this very function captures: else its words would be counted as results.
        print!("{}", String::from_utf8_lossy(&line));
        let _ = std::io::stdout().flush();
        see(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    Ok(child.wait().map_err(|error| error.to_string())?.success())
}

/// Standard output of a quick question, or nothing if the program is missing or fails.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What this machine is to the compiler, such as `x86_64-unknown-linux-gnu`.
pub fn host() -> Result<String, Failure> {
    let about = ask(&mut program("rustc", &["-vV"])).ok_or("rustc does not run")?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc -vV names no host")?;
    Ok(host.to_owned())
}

/// Does one named part of a command and says how long it took.
pub fn stage<T>(name: &str, work: impl FnOnce() -> T) -> T {
    println!("\n== {name}");
    let begin = Instant::now();
    let result = work();
    println!("== {name}: {}", spoken(begin.elapsed()));
    result
}

fn spoken(time: Duration) -> String {
    let seconds = time.as_secs_f32();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        assert_eq!(typed(&program("/usr/bin/node", &["--test", "a.mjs"])), "node --test a.mjs");
    }

    #[test]
    fn every_line_is_seen_and_the_outcome_is_told() {
        let mut seen = Vec::new();
        let good =
            watch(&mut program("sh", &["-c", "echo one; printf two; exit 3"]), |line| seen.push(line.to_owned()));
        assert_eq!(good, Ok(false));
        assert_eq!(seen, ["one", "two"]);
    }

    #[test]
    fn what_ran_quietly_is_told_when_it_failed() {
        assert_eq!(quietly(&mut program("sh", &["-c", "echo well"])), Ok(()));
        let failure = quietly(&mut program("sh", &["-c", "echo one; echo two >&2; exit 3"])).unwrap_err();
        assert!(failure.contains("one\ntwo") && failure.contains("exit status: 3"), "{failure}");
    }

    #[test]
    fn a_missing_program_is_named() {
        assert!(run(&mut program("no-such-program", &[])).unwrap_err().contains("no-such-program"));
        assert!(quietly(&mut program("no-such-program", &[])).unwrap_err().contains("no-such-program"));
    }

    #[test]
    fn times_are_spoken_in_minutes_when_long() {
        assert_eq!(spoken(Duration::from_millis(1_500)), "1.5 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 5 s");
    }
}
