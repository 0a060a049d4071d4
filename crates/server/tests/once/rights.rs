//! Whose files they are: what holds what the office knows is for the account of the server alone, whatever made it and whatever
//! the shell's mask says.

#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::support::binary::Server;

/// `linli` as a shell whose mask hides nothing runs it.
fn linli(arguments: &[&str], input: &str) -> std::process::Output {
    use std::io::Write;
    let mut command = Command::new("sh");
    command.args(["-c", "umask 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_linli")]).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn all(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(all(&path)) } else { found.push(path) }
    }
    found
}

fn open_to_others(folder: &Path) -> Vec<PathBuf> {
    let mut found = all(folder);
    found.retain(|path| path != folder && fs::metadata(path).unwrap().permissions().mode() & 0o077 != 0);
    found
}

#[test]
fn what_the_office_knows_is_for_its_own_account_alone() {
    let above = tempfile::tempdir().unwrap();
    fs::set_permissions(above.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let data = above.path().join("data");
    let said = data.to_str().unwrap();
    let run = |arguments: &[&str], input: &str| {
        let (first, rest) = arguments.split_first().unwrap();
        let done = linli(&[&[*first, "--data", said], rest].concat(), input);
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    run(&["admin", "community", "湖滨社区"], "");
    run(&["admin", "account", "add", "wang", "--post", "civil_affairs"], "correct horse\n");
    let kinds = above.path().join("kinds");
    run(&["admin", "kind", "export", kinds.to_str().unwrap(), "patrol"], "");
    let monday = above.path().join("monday");
    run(&["backup", monday.to_str().unwrap()], "");
    let mut command = Command::new("sh");
    let serve = "umask 0; exec \"$0\" serve --listen 127.0.0.1:0 --log error --data \"$1\"";
    command.args(["-c", serve, env!("CARGO_BIN_EXE_linli"), said]);
    let server = Server::run(command);
    assert_eq!(server.get("/ready").status, 200);
    assert!(data.join("linli.db-wal").exists(), "the log is there too");
    assert_eq!(open_to_others(above.path()), Vec::<PathBuf>::new());
    drop(server);
    run(&["restore", "--replace", monday.to_str().unwrap()], "");
    assert_eq!(open_to_others(above.path()), Vec::<PathBuf>::new());

    // What an earlier program left open is closed at the next start.
    for path in all(&data) {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let mut command = Command::new("sh");
    command.args(["-c", serve, env!("CARGO_BIN_EXE_linli"), said]);
    let server = Server::run(command);
    assert_eq!(server.get("/ready").status, 200);
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    let mut left = open_to_others(&data);
    left.retain(|path| !path.to_string_lossy().contains("before"));
    assert_eq!(left, Vec::<PathBuf>::new());
}
