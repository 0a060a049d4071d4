//! The database and the server killed in the middle of pushes: what was acknowledged is there, once.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::support::{DEVICE, TestOffice, app::PASSWORD, change, cluster::Cluster, desk, pack, record, seq};
use linli_server::office::Place;
use serde_json::{Value, json};
use sync::wire::Receipt;

/// Changes of one request.
const BATCH: u64 = 7;

/// Numbers acknowledged so far, with their sequence numbers.
type Acknowledged = BTreeMap<u64, u64>;

/// Every number's sequence number, from 1 up to `last`, asked by pushing all once more.
async fn ask_again(test: &TestOffice, last: u64) -> Acknowledged {
    let all = (1..=last).map(|n| change(n, record(n.into()), "x")).collect();
    test.push(all).await.iter().map(|receipt| (receipt.number, seq(receipt))).collect()
}

fn nothing_lost_nothing_doubled(acknowledged: &Acknowledged, after: &Acknowledged) {
    for (number, seq) in acknowledged {
        assert_eq!(after.get(number), Some(seq), "change {number} was acknowledged as {seq}");
    }
    let mut seqs: Vec<u64> = after.values().copied().collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=after.len() as u64).collect::<Vec<_>>(), "each effect once, no number left out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_killed_in_the_middle_of_pushes_keeps_what_was_acknowledged() {
    let cluster = Cluster::durable();
    let place = Place::Postgres(cluster.fresh());
    let test = TestOffice::at(place, tempfile::tempdir().unwrap(), pack()).await;
    let mut acknowledged = Acknowledged::new();
    let mut next = 1;
    for wait in [37, 91, 153] {
        let office = test.office.clone();
        let first = next;
        let stop = Arc::new(AtomicBool::new(false));
        let told = stop.clone();
        let pusher = tokio::spawn(async move {
            let mut heard = Vec::new();
            for begin in (first..).step_by(BATCH as usize) {
                let batch = (begin..begin + BATCH).map(|n| change(n, record(n.into()), "x").into()).collect();
                match office.push(&desk(), DEVICE, batch).await {
                    Ok((receipts, _)) => heard.extend(receipts),
                    Err(_) => return (heard, begin + BATCH),
                }
                if told.load(Ordering::Relaxed) {
                    return (heard, begin + BATCH);
                }
            }
            unreachable!("numbers do not end")
        });
        tokio::time::sleep(Duration::from_millis(wait)).await;
        tokio::task::block_in_place(|| cluster.kill());
        stop.store(true, Ordering::Relaxed);
        tokio::task::block_in_place(|| cluster.start());
        let (heard, reached) = pusher.await.unwrap();
        acknowledged.extend(heard.iter().map(|receipt| (receipt.number, seq(receipt))));
        nothing_lost_nothing_doubled(&acknowledged, &ask_again(&test, reached - 1).await);
        next = reached;
    }
    assert!(acknowledged.len() as u64 > BATCH, "pushes got through before the kills: {}", acknowledged.len());
}

/// A server that is killed with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(url: &str) -> Self {
        let mut command = linli(url, &["serve", "--listen", "127.0.0.1:0", "--log", "warn"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").expect("the server's address").to_owned();
        Self { child, address }
    }

    /// Answer and head of a request; `None` when the line broke.
    fn post(&self, path: &str, cookie: &str, body: &Value) -> Option<(String, Value)> {
        let body = body.to_string();
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nContent-Type: application/json\r\n\
             Cookie: {cookie}\r\nContent-Length: {1}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        Some((head.to_owned(), serde_json::from_str(body).ok()?))
    }

    /// Signs in with the cookies that the browser has, and keeps those it is given.
    fn sign_in(&self, cookies: &mut String) {
        let body = json!({"account": "wang", "password": PASSWORD, "device": DEVICE, "device_name": "平板"});
        let (head, _) = self.post("/api/v1/session", cookies, &body).expect("a session");
        let given = head.lines().filter(|line| line.to_lowercase().starts_with("set-cookie:"));
        let given: Vec<&str> =
            given.filter_map(|line| line.split_once(':')?.1.split(';').next()).map(str::trim).collect();
        *cookies = given.join("; ");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn linli(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command.args(arguments).env("LINLI_DATABASE", url);
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_killed_in_the_middle_of_pushes_keeps_what_was_acknowledged() {
    let cluster = Cluster::durable();
    let url = cluster.fresh();
    let test = TestOffice::at(Place::Postgres(url.clone()), tempfile::tempdir().unwrap(), pack()).await;
    test.office.add_account("wang", "某人", "desk", PASSWORD).await.unwrap().unwrap();
    let mut acknowledged = Acknowledged::new();
    let mut next = 1;
    let mut session = String::new();
    for wait in [60, 140] {
        let mut server = Server::start(&url);
        server.sign_in(&mut session);
        let (address, pid) = (server.address.clone(), server.child.id().to_string());
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(wait));
            Command::new("kill").args(["-9", &pid]).status().expect("the program `kill`");
        });
        loop {
            let batch: Vec<_> = (next..next + BATCH).map(|n| change(n, record(n.into()), "x")).collect();
            let body = json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": batch});
            next += BATCH;
            let Some((_, answer)) = server.post("/api/v1/sync", &session, &body) else { break };
            for receipt in answer["receipts"].as_array().expect("receipts") {
                let receipt: Receipt = serde_json::from_value(receipt.clone()).unwrap();
                acknowledged.insert(receipt.number, seq(&receipt));
            }
        }
        killer.join().unwrap();
        let _ = server.child.wait();
        drop(server);
        assert!(TcpStream::connect(address).is_err(), "the server is gone");
        nothing_lost_nothing_doubled(&acknowledged, &ask_again(&test, next - 1).await);
    }
    assert!(!acknowledged.is_empty(), "pushes got through before the kills");
}
