//! The binary itself: commands as typed, a real socket, a real signal.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

fn linli(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    let (first, rest) = arguments.split_first().unwrap();
    command.arg(first).arg("--data").arg(folder).args(rest);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn says(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A server that is ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_community_is_made_and_its_accounts_are_looked_after() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = linli(folder.path(), &["report", "--from", "2009-01-01", "--to", "2009-12-31"], "");
    assert!(!nothing.status.success());
    assert!(says(&nothing).contains("linli demo"), "it says what to do: {}", says(&nothing));
    assert!(linli(folder.path(), &["admin", "community", "湖滨社区"], "").status.success());
    assert!(!linli(folder.path(), &["admin", "community", "湖滨社区"], "").status.success(), "there is one already");
    let add = |account: &str, post: &str, password: &str| {
        linli(folder.path(), &["admin", "account", "add", account, "--post", post, "--name", "王芳"], password)
    };
    assert!(add("wang", "civil_affairs", "correct horse\n").status.success());
    for (account, post, password, complaint) in [
        ("wang", "civil_affairs", "correct horse\n", "already"),
        ("li", "astronaut", "correct horse\n", "civil_affairs"),
        ("li", "civil_affairs", "short\n", "at least 8"),
        ("li li", "civil_affairs", "correct horse\n", "without spaces"),
    ] {
        let output = add(account, post, password);
        assert!(!output.status.success() && says(&output).contains(complaint), "{}", says(&output));
    }
    assert_eq!(says(&linli(folder.path(), &["admin", "account", "list"], "")), "wang\tcivil_affairs\t王芳\n");
    assert!(linli(folder.path(), &["admin", "account", "passwd", "wang"], "another horse\n").status.success());
    assert!(!linli(folder.path(), &["admin", "account", "passwd", "li"], "another horse\n").status.success());
    let report =
        linli(folder.path(), &["report", "--from", "2009-01-01", "--to", "2009-12-31", "--format", "json"], "");
    let figures: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!(figures["aid.total_fen"], 0);
    for (from, to) in [("2009-12-31", "2009-01-01"), ("2009-02-30", "2009-12-31"), ("soon", "later")] {
        assert!(!linli(folder.path(), &["report", "--from", from, "--to", to], "").status.success());
    }
}

#[test]
fn a_pack_is_put_in_force_whole_or_refused_with_every_place() {
    let folder = tempfile::tempdir().unwrap();
    assert!(linli(folder.path(), &["admin", "community", "湖滨社区"], "").status.success());
    let pack = folder.path().join("pack");
    for (file, text) in records::pack::COMMUNITY {
        let path = pack.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let load = || linli(folder.path(), &["admin", "pack", pack.to_str().unwrap()], "");
    assert!(says(&load()).contains("higher `version`"), "{}", says(&load()));

    let change = |file: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(pack.join(file)).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        std::fs::write(pack.join(file), text.replace(from, to)).unwrap();
    };
    change("pack.toml", "version = ", "version = 1");
    change("kinds/patrol.toml", "sum = \"minutes\"", "sum = \"minuets\"");
    change("kinds/team.toml", "type = \"select_one rhythm\"", "type = \"select_won rhythm\"");
    let refused = load();
    assert!(!refused.status.success());
    for place in ["did you mean `minutes`", "kinds/team.toml, rhythm", "did you mean `select_one`"] {
        assert!(says(&refused).contains(place), "{place} in {}", says(&refused));
    }
    change("kinds/patrol.toml", "minuets", "minutes");
    change("kinds/team.toml", "select_won", "select_one");
    assert!(load().status.success(), "{}", says(&load()));
}

#[test]
fn kinds_go_out_as_workbooks_and_a_form_is_put_in_force() {
    let folder = tempfile::tempdir().unwrap();
    assert!(linli(folder.path(), &["admin", "community", "湖滨社区"], "").status.success());
    let forms = folder.path().join("forms");
    let kind = |words: &[&str]| linli(folder.path(), &[&["admin", "kind"], words].concat(), "");
    assert!(kind(&["export", forms.to_str().unwrap()]).status.success());
    let kinds = records::pack::COMMUNITY.iter().filter(|(file, _)| file.starts_with("kinds/")).count();
    assert_eq!(std::fs::read_dir(&forms).unwrap().count(), kinds);
    let none = kind(&["export", forms.to_str().unwrap(), "nothing"]);
    assert!(!none.status.success() && says(&none).contains("no kind `nothing`"), "{}", says(&none));

    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("survey").unwrap();
    let rows = [["type", "name", "label"], ["text", "who", "Who?"], ["rank order", "best", "Which is best?"]];
    (0..).zip(rows).for_each(|(row, cells)| _ = sheet.write_row(row, 0, cells).unwrap());
    let form = folder.path().join("street.xlsx");
    book.save(&form).unwrap();
    let form = form.to_str().unwrap();
    let looked = kind(&["import", form]);
    assert!(looked.status.success() && says(&looked).contains("survey!A3\tleft out\trank order"), "{}", says(&looked));
    let nobody = kind(&["import", form, "--publish"]);
    assert!(!nobody.status.success() && says(&nobody).contains("--post"), "{}", says(&nobody));
    let strange = kind(&["import", form, "--publish", "--post", "astronaut"]);
    assert!(!strange.status.success() && says(&strange).contains("civil_affairs"), "{}", says(&strange));
    let volunteer = kind(&["import", form, "--publish", "--post", "volunteer"]);
    assert!(!volunteer.status.success() && says(&volunteer).contains("volunteers"), "{}", says(&volunteer));
    assert!(kind(&["import", form, "--publish", "--post", "director"]).status.success());
    assert!(kind(&["export", forms.to_str().unwrap(), "street"]).status.success(), "it is in force");

    // Publishing goes the workshop's way: what changes nothing makes no version, and rights are not given.
    let service = forms.join("service.xlsx");
    let service = service.to_str().unwrap();
    let same = kind(&["import", service, "--publish"]);
    assert!(same.status.success() && says(&same).contains("in force as it stands"), "{}", says(&same));
    let rights = kind(&["import", service, "--publish", "--post", "volunteer"]);
    assert!(!rights.status.success() && says(&rights).contains("does not change here"), "{}", says(&rights));
}

#[test]
fn a_server_says_where_it_is_and_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    assert!(linli(folder.path(), &["admin", "community", "湖滨社区"], "").status.success());
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--data"]).arg(folder.path());
    let mut server = Server(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /ready HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let taken = linli(folder.path(), &["serve", "--listen", address], "");
    assert!(says(&taken).contains("cannot listen"), "{}", says(&taken));
    let pid = server.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(server.0.wait().unwrap().success(), "it ends of itself");
    assert!(!folder.path().join("linli.db-wal").exists(), "and leaves one whole file");
}

#[test]
fn a_backup_is_taken_while_the_server_runs_and_put_back_when_it_does_not() {
    let folder = tempfile::tempdir().unwrap();
    assert!(linli(folder.path(), &["admin", "community", "湖滨社区"], "").status.success());
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--data"]).arg(folder.path());
    let mut server = Server(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let file = folder.path().join("monday.backup");
    let file = file.to_str().unwrap();
    let taken = linli(folder.path(), &["backup", file], "");
    assert!(taken.status.success() && says(&taken).contains("湖滨社区"), "{}", says(&taken));
    let audit = linli(folder.path(), &["audit", "verify"], "");
    assert!(audit.status.success() && says(&audit).contains("all of which fit"), "{}", says(&audit));
    let over = linli(folder.path(), &["restore", file, "--replace"], "");
    assert!(!over.status.success() && says(&over).contains("stop the server"), "{}", says(&over));
    drop(server);
    assert!(says(&linli(folder.path(), &["restore", file], "")).contains("--replace"));
    let back = linli(folder.path(), &["restore", file, "--replace"], "");
    assert!(back.status.success() && says(&back).contains("linli.db.before-"), "{}", says(&back));
    let new = folder.path().join("elsewhere");
    assert!(linli(&new, &["restore", file], "").status.success());
    let nothing = linli(&folder.path().join("nowhere"), &["backup", file], "");
    assert!(!nothing.status.success(), "{}", says(&nothing));
}

#[test]
fn a_trail_that_was_tampered_with_is_named_row_and_all() {
    let folder = tempfile::tempdir().unwrap();
    assert!(linli(folder.path(), &["admin", "community", "湖滨社区"], "").status.success());
    for account in ["wang", "li", "zhao"] {
        let add = ["admin", "account", "add", account, "--post", "civil_affairs"];
        assert!(linli(folder.path(), &add, "correct horse\n").status.success());
    }
    let verify = |more: &[&str]| linli(folder.path(), &[&["audit", "verify"], more].concat(), "");
    let noted = says(&verify(&[])).trim().rsplit(' ').next().unwrap().to_owned();
    assert!(verify(&["--noted", &noted]).status.success());
    assert!(!verify(&["--noted", &"0".repeat(64)]).status.success());
    let tamper = async {
        use sqlx::Connection;
        let file = folder.path().join("linli.db");
        let mut db = sqlx::SqliteConnection::connect(&format!("sqlite://{}", file.display())).await?;
        sqlx::raw_sql("DROP TRIGGER audit_is_not_changed; UPDATE audit SET about = 'wang police' WHERE n = 2")
            .execute(&mut db)
            .await?;
        db.close().await
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(tamper).unwrap();
    let found = verify(&[]);
    assert!(!found.status.success() && says(&found).contains("row 2 does not fit"), "{}", says(&found));
}

#[test]
fn looking_for_a_community_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    for words in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["admin", "account", "list"],
        &["audit", "verify"],
        &["backup", "x.backup"],
    ] {
        let output = linli(&nowhere, words, "");
        assert!(!output.status.success() && says(&output).contains("community"), "{}", says(&output));
        assert!(!nowhere.join("linli.db").exists(), "{words:?} leaves nothing behind");
    }
}

#[test]
fn a_postgresql_that_is_not_to_be_had_is_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let serve = |url: &str| {
        let begun = std::time::Instant::now();
        let output = linli(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--database", url], "");
        assert!(!output.status.success());
        assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
        let said = says(&output);
        assert!(!said.contains("geheim"), "the password is not said: {said}");
        said
    };
    // Nobody listens at a port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let away = serve(&format!("postgres://linli:geheim@{free}/linli"));
    assert!(away.contains(&free.to_string()) && away.contains("refused"), "{away}");
    let unknown = serve("postgres://linli:geheim@nobody.invalid/linli");
    assert!(unknown.contains("nobody.invalid"), "{unknown}");
    for odd in ["postgres://linli:ge#heim@127.0.0.1/linli", "postgres://linli:ge/heim@127.0.0.1/linli"] {
        let said = serve(odd);
        assert!(said.contains("%23") && said.contains("%2F"), "{said}");
    }
}
