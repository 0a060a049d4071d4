//! Through PgBouncer, set up as docs/postgres.md says: one connection of the server has one of the database.

use std::{
    net::{TcpListener, TcpStream},
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::{DEVICE, TestOffice, change, cluster, codes, pack, record};
use linli_server::office::Place;

/// A pooler, ended with the test.
struct Pooler(Child);

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn pgbouncer() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    folders.map(|folder| folder.join("pgbouncer")).find(|file| file.is_file())
}

/// The settings of docs/postgres.md.
fn recipe() -> String {
    let page = include_str!("../../../../docs/postgres.md");
    let part = page.split_once("## Behind a pooler\n").expect("its heading").1;
    let lines = part.lines().skip_while(|line| !line.starts_with("    "));
    lines
        .take_while(|line| line.is_empty() || line.starts_with("    "))
        .map(|line| format!("{}\n", line.trim()))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_goes_through_a_pooler_of_sessions() {
    let Some(program) = pgbouncer() else {
        println!("pgbouncer is not here: not tried. `cargo xtask test` installs it.");
        return;
    };
    let direct = cluster::shared().fresh();
    let (host, name) = direct.strip_prefix("postgres://linli@").and_then(|rest| rest.split_once('/')).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = recipe()
        .replace("host=127.0.0.1 dbname=linli", &format!("host={} dbname={name} user=linli", host.replace("%2F", "/")));
    let settings =
        settings.replace("listen_port = 6432", &format!("listen_port = {}\nunix_socket_dir =", address.port()));
    let settings = settings.replace("auth_type = scram-sha-256", "auth_type = any").replace("auth_file", ";auth_file");
    let file = folder.path().join("pgbouncer.ini");
    std::fs::write(&file, &settings).unwrap();
    assert!(settings.contains("pool_mode = session") && settings.contains(name), "{settings}");
    let mut command = Command::new(&program);
    command.arg(&file).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
    // It does not run as root.
    if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        let postgres = Command::new("id").args(["-u", "postgres"]).output().expect("the program `id`").stdout;
        command.uid(String::from_utf8_lossy(&postgres).trim().parse().expect("PostgreSQL's user"));
    }
    let child = command.spawn().unwrap();
    let _pooler = Pooler(child);
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the pooler does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    let place = Place::Postgres(format!("postgres://linli@{address}/linli"));
    let test = TestOffice::at(place.clone(), tempfile::tempdir().unwrap(), pack()).await;
    for batch in 0..5 {
        let changes = (1..=20).map(|n| change(20 * batch + n, record((20 * batch + n).into()), "x")).collect();
        assert!(test.push(changes).await.iter().all(|receipt| codes(&receipt.verdict).is_empty()));
    }
    let test = test.reopened().await;
    assert_eq!(test.office.devices().await.unwrap().len(), 0, "nobody signed in");
    assert!(test.office.verify_audit(None).await.unwrap().is_ok());
    assert_eq!(test.head().await, 100, "all of {DEVICE}");
    test.office.close().await;
}
