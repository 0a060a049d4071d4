//! How fast the office takes changes in, beside the floor: the same bytes put into one bare table, in as many commits,
//! with the same durability, on SQLite and PostgreSQL; then how fast it gives a first sync out.
//! `cargo bench -p linli-server --bench push -- [YEARS]`; the last lines are JSON, one for each database.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use linli_server::{
    demo::{Options, Plan, plan},
    office::{Author, Incoming, Office, Place, pull::Asked, wall_clock},
};
use serde_json::{Value, json};
use sqlx::{
    Connection, PgConnection,
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
};
use sync::DeviceId;

#[path = "../tests/support/cluster.rs"]
#[allow(dead_code, reason = "tests do more with it")]
mod cluster;

/// Tablets at once in the measure of first syncs, and how many in all.
const AT_ONCE: usize = 8;
const FIRST_SYNCS: usize = 200;

fn main() {
    let years = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run(years));
}

async fn run(years: usize) {
    let pack = records::Pack::community();
    let made = plan(&pack, Options { years, ..Options::default() }).unwrap();
    let batches: Vec<Vec<String>> =
        made.batches.iter().map(|b| b.changes.iter().map(|c| serde_json::to_string(c).unwrap()).collect()).collect();
    let total: usize = batches.iter().map(Vec::len).sum();
    let bytes: usize = batches.iter().flatten().map(String::len).sum();
    println!("{total} changes, {} KiB of JSON, {} commits", bytes / 1024, batches.len());
    let cluster = cluster::Cluster::durable();
    let mut told = Vec::new();
    for name in ["SQLite", "PostgreSQL"] {
        let folder = tempfile::tempdir().unwrap();
        let is_sqlite = name == "SQLite";
        let floor = if is_sqlite {
            floor_sqlite(folder.path(), &batches).await
        } else {
            floor_postgres(&cluster.fresh(), &batches).await
        };
        let place = if is_sqlite { Place::from(folder.path()) } else { Place::Postgres(cluster.fresh()) };
        let row = office(name, place, &made, &batches, floor).await;
        println!("{name}: floor {:.2} s, {}", floor.as_secs_f64(), row);
        told.push(row);
    }
    told.iter().for_each(|row| println!("{row}"));
}

/// Pushes everything, then gives it out.
async fn office(name: &str, place: Place, made: &Plan, batches: &[Vec<String>], floor: Duration) -> Value {
    let office = Office::found(place, "bench", records::Pack::community(), wall_clock()).await.unwrap();
    let office = Arc::new(office);
    for account in &made.accounts {
        office.see_device(account.device, "").await.unwrap();
    }
    let total: usize = batches.iter().map(Vec::len).sum();
    let (mut done, mut marks, began) = (0, Vec::new(), Instant::now());
    for (batch, json) in made.batches.iter().zip(batches) {
        let account = &made.accounts[batch.account];
        let who = Author { account: account.name.into(), post: account.post.into() };
        // From text, as a request comes.
        let read = |json: &String| Incoming::from(serde_json::from_str::<Value>(json).unwrap());
        let incoming = json.iter().map(read).collect();
        let (_, tally) = office.push(&who, account.device, incoming).await.unwrap();
        assert_eq!(tally.accepted as usize, json.len());
        done += json.len();
        marks.push((done, began.elapsed()));
    }
    let push = began.elapsed();
    // A tenth of all changes after the first tenth, and the last: whether it slows down as the years come.
    let rate = |from: usize, to: usize| {
        let at = |share: usize| marks.iter().find(|(n, _)| *n >= total * share / 10).copied().unwrap_or_default();
        let (from, to) = (at(from), at(to));
        (to.0 - from.0) as f64 / (to.1 - from.1).as_secs_f64()
    };
    let (early, late) = (rate(1, 2), rate(9, 10));
    let began = Instant::now();
    let answer = first_sync(&office, 1).await;
    let made_blocks = began.elapsed();
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..FIRST_SYNCS {
        if tasks.len() == AT_ONCE {
            tasks.join_next().await.unwrap().unwrap();
        }
        let office = office.clone();
        tasks.spawn(async move { first_sync(&office, 2 + n as u64).await });
    }
    while tasks.join_next().await.is_some() {}
    let syncs = FIRST_SYNCS as f64 / began.elapsed().as_secs_f64();
    json!({
        "db": name, "changes": total, "push_s": push.as_secs_f64(), "floor_s": floor.as_secs_f64(),
        "early": early, "late": late, "blocks_ms": made_blocks.as_secs_f64() * 1000.0,
        "first_syncs": syncs, "records": answer.0, "bytes": answer.1,
    })
}

/// One new tablet's manifest and all its blocks: records and bytes.
async fn first_sync(office: &Office, device: u64) -> (u64, usize) {
    let head = Author { account: "zhuren".into(), post: "director".into() };
    let asked = Asked { device: DeviceId(device), cursor: None, refetch: vec![] };
    let manifest = office.pull(&head, asked, vec![]).await.unwrap().blocks.unwrap();
    let mut bytes = 0;
    for some in manifest.blocks.chunks(sync::wire::MAX_BLOCKS) {
        let ids: Vec<_> = some.iter().map(|block| block.id.clone()).collect();
        let blocks = office.blocks(&head, DeviceId(device), &ids).await.unwrap().unwrap();
        bytes += blocks.iter().map(Vec::len).sum::<usize>();
    }
    (manifest.blocks.iter().map(|block| u64::from(block.records)).sum(), bytes)
}

async fn floor_sqlite(folder: &Path, batches: &[Vec<String>]) -> Duration {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("floor.db"))
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
    began.elapsed()
}

async fn floor_postgres(url: &str, batches: &[Vec<String>]) -> Duration {
    let mut db = PgConnection::connect(url).await.unwrap();
    sqlx::query("CREATE TABLE floor (id BIGSERIAL PRIMARY KEY, body TEXT)").execute(&mut db).await.unwrap();
    let began = Instant::now();
    for batch in batches {
        let mut tx = db.begin().await.unwrap();
        // One statement a batch: a round trip a row would be a floor that nobody needs to lie on.
        let sql = "INSERT INTO floor (body) SELECT * FROM UNNEST($1::text[])";
        sqlx::query(sql).bind(batch).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    began.elapsed()
}
