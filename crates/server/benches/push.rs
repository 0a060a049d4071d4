//! How fast the office takes changes in, beside the floor: the same bytes put into one bare table, in as many commits,
//! with the same durability. `cargo bench -p linli-server --bench push`.

use std::{sync::Arc, time::Instant};

use linli_server::{
    demo::{Options, plan},
    office::{Author, Incoming, Office, pull::Asked, wall_clock},
};
use sqlx::{
    Connection,
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
};
use sync::DeviceId;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run());
}

async fn run() {
    let pack = records::Pack::community();
    let began = Instant::now();
    let made = plan(&pack, Options::default()).unwrap();
    println!("planned in {:.2} s", began.elapsed().as_secs_f64());
    let batches: Vec<Vec<String>> =
        made.batches.iter().map(|b| b.changes.iter().map(|c| serde_json::to_string(c).unwrap()).collect()).collect();
    let total: usize = batches.iter().map(Vec::len).sum();
    let bytes: usize = batches.iter().flatten().map(String::len).sum();
    println!("{total} changes, {} KiB of JSON, {} commits", bytes / 1024, batches.len());

    let floor = floor(&batches).await;
    let folder = tempfile::tempdir().unwrap();
    let office = Arc::new(Office::found(folder.path(), "bench", pack, wall_clock()).await.unwrap());
    for account in &made.accounts {
        office.see_device(account.device, "").await.unwrap();
    }
    let began = Instant::now();
    for (batch, json) in made.batches.iter().zip(&batches) {
        let account = &made.accounts[batch.account];
        let who = Author { account: account.name.into(), post: account.post.into() };
        // From text, as a request comes.
        let read = |json: &String| Incoming::from(serde_json::from_str::<serde_json::Value>(json).unwrap());
        let incoming = json.iter().map(read).collect();
        let (_, tally) = office.push(&who, account.device, incoming).await.unwrap();
        assert_eq!(tally.accepted as usize, json.len());
    }
    let push = began.elapsed().as_secs_f64();
    let rate = |seconds: f64| total as f64 / seconds;
    println!("floor: one table, one row a change  {floor:6.2} s  {:8.0} changes/s", rate(floor));
    println!(
        "push: judged, merged, kept          {push:6.2} s  {:8.0} changes/s  {:.2} of the floor",
        rate(push),
        floor / push
    );

    let head = Author { account: "zhuren".into(), post: "director".into() };
    for what in ["first sync, blocks made    ", "first sync, blocks there   "] {
        let began = Instant::now();
        let asked = Asked { device: DeviceId(1), cursor: None, refetch: vec![] };
        let answer = office.pull(&head, asked, vec![]).await.unwrap();
        let manifest = answer.blocks.unwrap();
        let bytes: u32 = manifest.blocks.iter().map(|b| b.bytes).sum();
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        println!("{what} {ms:7.0} ms  {} blocks, {} KiB", manifest.blocks.len(), bytes / 1024);
    }
}

async fn floor(batches: &[Vec<String>]) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("floor.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("CREATE TABLE change (id INTEGER PRIMARY KEY, body TEXT)").execute(&mut db).await.unwrap();
    let began = Instant::now();
    for batch in batches {
        let mut tx = db.begin_with("BEGIN IMMEDIATE").await.unwrap();
        for body in batch {
            sqlx::query("INSERT INTO change (body) VALUES (?)").bind(body).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    began.elapsed().as_secs_f64()
}
