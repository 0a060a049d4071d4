//! Five o'clock: a thousand tablets come back into the network at once, each with its day's work, and reach one `linli serve`
//! on loopback. Every tablet drives the real `sync::engine`; only screens and shelf are left out.
//! `LINLI_BIN=… cargo bench -p linli-server --bench rush -- [TABLETS]`; the last lines are JSON, one for each database.
//!
//! Nine of ten are volunteers with a round of theirs, one of ten an officer with ten visits: a community ten times as large
//! as they are, or ten of them in one.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use linli_server::{
    db::{AccountRow, Store},
    demo::{Options, Plan, plan},
    office::{Author, Incoming, Office, Place, wall_clock},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync::{Change, Clock, DeviceId, RecordId};
use tokio::task::JoinSet;

#[path = "../tests/support/cluster.rs"]
#[allow(dead_code, reason = "tests do more with it")]
mod cluster;
#[path = "rush/tablet.rs"]
mod tablet;

use tablet::{Round, Tablet};

/// Of so many tablets one is an officer's.
const OFFICERS: usize = 10;
/// What an officer brings, and what a volunteer.
const VISITS: usize = 10;
const ROUNDS: usize = 1;
/// Households of the community they belong to.
const HOUSEHOLDS: usize = 300;

fn main() {
    let tablets = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1000);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run(tablets));
}

async fn run(tablets: usize) {
    let cluster = cluster::Cluster::durable();
    let made = plan(&records::Pack::community(), Options { households: HOUSEHOLDS, ..Options::default() }).unwrap();
    let mut told = Vec::new();
    for name in ["SQLite", "PostgreSQL"] {
        let folder = tempfile::tempdir().unwrap();
        let place = if name == "SQLite" { Place::from(folder.path()) } else { Place::Postgres(cluster.fresh()) };
        settle(&place, &made).await;
        let all = seats(&place, &made, tablets).await;
        let mut server = Server::start(folder.path(), &place);
        let row = rush(name, &server, all).await;
        server.stop();
        println!("{row}");
        told.push(row);
    }
    println!();
    told.iter().for_each(|row| println!("{row}"));
}

/// The community, through its office.
async fn settle(place: &Place, made: &Plan) {
    let office = Office::found(place.clone(), "bench", records::Pack::community(), wall_clock()).await.unwrap();
    for account in &made.accounts {
        office.add_account(account.name, &account.person, account.post, &account.password).await.unwrap().unwrap();
        office.see_device(account.device, "").await.unwrap();
    }
    for batch in &made.batches {
        let account = &made.accounts[batch.account];
        let who = Author { account: account.name.into(), post: account.post.into() };
        let incoming = batch.changes.iter().cloned().map(Incoming::from).collect();
        office.push(&who, account.device, incoming).await.unwrap();
    }
    office.close().await;
}

/// An account, a device and a session each, with the work that waits on it. Signing in is left out: who comes back into the
/// network in the evening did so in the morning, and Argon2id is made to be slow.
async fn seats(place: &Place, made: &Plan, tablets: usize) -> Vec<(String, DeviceId, String, Vec<Change>)> {
    let store = Store::open(place).await.unwrap();
    let now = millis();
    let model = |kind: &str, field: &str, value: &str| {
        let all = made.batches.iter().flat_map(|batch| &batch.changes);
        let is = |c: &&Change| c.kind == kind && c.seen.is_empty() && c.set.get(field).is_some_and(|v| v == value);
        let of_officer = |c: &&Change| kind != "service" || c.author == "minzheng";
        all.filter(is).find(of_officer).cloned().unwrap_or_else(|| panic!("no {kind} to take as a model"))
    };
    let visit = model("service", "channel", "visit");
    let round = made.batches.iter().flat_map(|b| &b.changes).find(|c| c.kind == "patrol").cloned().expect("a round");
    let officer = store.account(1, &visit.author).await.unwrap().unwrap();
    let volunteer = store.account(1, &round.author).await.unwrap().unwrap();
    let mut all = Vec::new();
    for n in 0..tablets {
        let is_officer = n % OFFICERS == 0;
        let (model, row, count) = if is_officer { (&visit, &officer, VISITS) } else { (&round, &volunteer, ROUNDS) };
        let account = AccountRow { name: format!("{}{n}", row.name), ..row.clone() };
        let (device, token) = (DeviceId(0x7_0000_0000 + n as u64), format!("{n:064x}"));
        assert!(store.add_account(1, &account, now).await.unwrap());
        store.see_device(1, device, "", now).await.unwrap();
        store.add_session(1, &Sha256::digest(token.as_bytes()), &account.name, device, now).await.unwrap();
        let change = |number: usize| Change {
            device,
            number: number as u64,
            clock: Clock::new(now + number as u64, 0, device),
            author: account.name.clone(),
            record: RecordId::now_v7(),
            ..model.clone()
        };
        all.push((token, device, account.name.clone(), (1..=count).map(change).collect()));
    }
    store.close().await;
    all
}

async fn rush(name: &str, server: &Server, seats: Vec<(String, DeviceId, String, Vec<Change>)>) -> Value {
    let line = Arc::new(reqwest::Client::new());
    let count = seats.len();
    let changes: usize = seats.iter().map(|(_, _, _, changes)| changes.len()).sum();
    let mut tablets: Vec<(Tablet, Vec<Change>)> = Vec::new();
    for (token, device, account, changes) in seats {
        tablets.push((Tablet::new(line.clone(), &server.url, &token, device, &account), changes));
    }
    // The morning: everyone's first sync, all at once.
    let (mut tablets, first) = all_at_once(server, tablets).await;
    // The day's work waits; then everyone at once.
    for (tablet, changes) in &mut tablets {
        tablet.saved(std::mem::take(changes));
    }
    let (tablets, evening) = all_at_once(server, tablets).await;
    assert!(tablets.iter().all(|(tablet, _)| tablet.waiting() == 0), "something still waits");
    assert_eq!(tablets.iter().map(|(tablet, _)| tablet.refused).sum::<usize>(), 0, "something was refused");
    let (_, quiet) = all_at_once(server, tablets).await;
    json!({"db": name, "tablets": count, "changes": changes, "first": first, "evening": evening, "quiet": quiet,
        "memory": server.memory()})
}

/// A round of every tablet, all begun in the same moment.
async fn all_at_once(server: &Server, tablets: Vec<(Tablet, Vec<Change>)>) -> (Vec<(Tablet, Vec<Change>)>, Value) {
    let (cpu, began) = (server.cpu(), Instant::now());
    let mut tasks = JoinSet::new();
    for (mut tablet, changes) in tablets {
        tasks.spawn(async move {
            let round = tablet.round().await;
            (tablet, changes, round)
        });
    }
    let (mut back, mut rounds): (Vec<_>, Vec<Round>) = (Vec::new(), Vec::new());
    while let Some(done) = tasks.join_next().await {
        let (tablet, changes, round) = done.unwrap();
        back.push((tablet, changes));
        rounds.push(round);
    }
    let all = began.elapsed();
    rounds.sort_by_key(|round| round.took);
    let at =
        |share: f64| rounds[((rounds.len() as f64 * share) as usize).min(rounds.len() - 1)].took.as_secs_f64() * 1e3;
    let sum = |f: fn(&Round) -> usize| rounds.iter().map(f).sum::<usize>();
    let told = json!({
        "all_s": all.as_secs_f64(), "p50": at(0.5), "p99": at(0.99), "requests": sum(|r| r.requests),
        "bytes": sum(|r| r.bytes), "failures": sum(|r| r.failures), "cpu_s": server.cpu() - cpu,
    });
    (back, told)
}

fn millis() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis() as u64
}

/// The real server in a process of its own.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(folder: &std::path::Path, place: &Place) -> Self {
        let binary = std::env::var("LINLI_BIN").expect("LINLI_BIN: the release build of the server");
        let mut command = Command::new(binary);
        command.args(["serve", "--listen", "127.0.0.1:0", "--pace", "1000", "--log", "warn", "--data"]).arg(folder);
        if let Place::Postgres(url) = place {
            command.env("LINLI_DATABASE", url);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server");
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().trim_end_matches('/').into() }
    }

    fn status(&self, file: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap_or_default()
    }

    /// The most memory it ever had, in bytes.
    fn memory(&self) -> u64 {
        let status = self.status("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
    }

    /// Seconds of processor it has used.
    fn cpu(&self) -> f64 {
        let stat = self.status("stat");
        let after = stat.rsplit(") ").next().unwrap_or_default();
        let ticks: u64 = after.split(' ').skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10).as_secs_f64()
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
