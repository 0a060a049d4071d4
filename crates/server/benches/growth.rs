//! How the cost of a push and of a read grows from one community to a thousand in one database: SQLite to two million
//! records, PostgreSQL to ten million. The office serves one community; so this asks the office's own store, whose every key
//! leads with the community. `cargo bench -p linli-server --bench growth -- [COMMUNITIES]`; the last lines are JSON.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use linli_server::{
    db::{BucketRow, ChangeRow, RecordRow, Store},
    demo::{Options, plan},
    office::Place,
};
use records::{Pack, RecordId};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use sync::{
    Bucket, Change, Clock, DeviceId, Record,
    block::digest,
    wire::{Checksum, Verdict},
};

#[path = "../tests/support/cluster.rs"]
#[allow(dead_code, reason = "tests do more with it")]
mod cluster;

/// Records a community, in SQLite and in PostgreSQL.
const EACH: [i64; 2] = [2_000, 10_000];
/// Changes in a push of the measure, pushes and reads at each size.
const PUSHED: usize = 10;
const PUSHES: usize = 200;
const READS: usize = 400;
const AT_ONCE: usize = 16;
/// For bulk loading and for keeping the index in memory: what a database's keeper sets first.
const SETTINGS: &[&str] =
    &["shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min", "maintenance_work_mem=512MB"];

fn main() {
    let most = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run(most));
}

async fn run(most: i64) {
    let models = models();
    let mut told = Vec::new();
    for (name, each) in ["SQLite", "PostgreSQL"].into_iter().zip(EACH) {
        let folder = tempfile::tempdir().unwrap();
        let cluster = (name != "SQLite").then(|| cluster::Cluster::with(SETTINGS));
        let place = cluster.as_ref().map_or_else(|| Place::from(folder.path()), |c| Place::Postgres(c.fresh()));
        let mut line = Line::open(&place).await;
        let mut had = 0;
        for communities in [1, 10, 100, 1000].into_iter().filter(|n| *n <= most) {
            let began = Instant::now();
            line.fill(&models, had + 1, communities, each).await;
            let filled = began.elapsed();
            had = communities;
            let store = Store::open(&place).await.unwrap();
            let before = line.scans().await;
            let mut row = measure(&store, &models, communities, each).await;
            store.close().await;
            let after = line.scans().await;
            row["db"] = name.into();
            row["records"] = (communities * each).into();
            row["fill_s"] = filled.as_secs_f64().into();
            row["bytes"] = line.bytes(folder.path()).await.into();
            row["whole_scans"] = (after.0 - before.0).into();
            row["index_scans"] = (after.1 - before.1).into();
            println!("{row}");
            told.push(row);
        }
        let (plan, is_by_key) = line.explain(had).await;
        println!("{plan}\n");
        assert!(is_by_key, "{name} does not read by key any more");
    }
    told.iter().for_each(|row| println!("{row}"));
}

/// Real records of many kinds to be multiplied.
fn models() -> Vec<Record> {
    let made = plan(&Pack::community(), Options { households: 30, ..Options::default() }).unwrap();
    let changes: Vec<&Change> =
        made.batches.iter().flat_map(|batch| &batch.changes).filter(|c| c.seen.is_empty()).collect();
    let step = (changes.len() / 500).max(1);
    changes.into_iter().step_by(step).take(500).map(Record::from).collect()
}

fn bucket(record: &Record) -> Bucket {
    Bucket::of(&Pack::community(), &record.kind)
}

/// A connection of our own beside the store's.
enum Line {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Line {
    async fn open(place: &Place) -> Self {
        Store::open(place).await.unwrap().close().await;
        match place {
            Place::Folder(folder) => {
                let url = format!("sqlite://{}", folder.join("linli.db").display());
                Self::Sqlite(SqliteConnection::connect(&url).await.unwrap())
            }
            Place::Postgres(url) => Self::Postgres(PgConnection::connect(url).await.unwrap()),
        }
    }

    async fn run(&mut self, sql: String) {
        let sql = AssertSqlSafe(sql);
        match self {
            Self::Sqlite(line) => drop(sqlx::raw_sql(sql).execute(line).await.unwrap()),
            Self::Postgres(line) => drop(sqlx::raw_sql(sql).execute(line).await.unwrap()),
        }
    }

    async fn texts(&mut self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(line) => sqlx::query(sql)
                .fetch_all(line)
                .await
                .unwrap()
                .iter()
                .map(|row| row.get::<String, _>("detail"))
                .collect(),
            Self::Postgres(line) => sqlx::query_scalar(sql).fetch_all(line).await.unwrap(),
        }
    }

    async fn number(&mut self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(line) => sqlx::query_scalar(sql).fetch_one(line).await.unwrap(),
            Self::Postgres(line) => sqlx::query_scalar(sql).fetch_one(line).await.unwrap(),
        }
    }

    /// Communities `from` to `to`, with `each` records: the models again and again, each with a key of its own.
    async fn fill(&mut self, models: &[Record], from: i64, to: i64, each: i64) {
        if from == 1 {
            self.run("CREATE TABLE model (n BIGINT PRIMARY KEY, id TEXT, kind TEXT, bucket TEXT, state TEXT)".into())
                .await;
            for (n, record) in models.iter().enumerate() {
                let state = serde_json::to_string(record).unwrap().replace('\'', "''");
                let (id, kind, bucket) = (record.id, &*record.kind, bucket(record).0);
                self.run(format!("INSERT INTO model VALUES ({n}, '{id}', '{kind}', '{bucket}', '{state}')")).await;
            }
            let pack = serde_json::to_string(&Pack::community()).unwrap().len();
            println!("{} models, a pack of {} kB", models.len(), pack / 1000);
        }
        let (count, is_sqlite) = (models.len(), matches!(self, Self::Sqlite(_)));
        let numbers = |from: i64, to: i64, name: &str| {
            if is_sqlite {
                format!(
                    "(WITH RECURSIVE n(x) AS (SELECT {from} UNION ALL SELECT x + 1 FROM n WHERE x < {to}) SELECT x FROM n) AS {name}"
                )
            } else {
                format!("(SELECT generate_series({from}::bigint, {to}) AS x) AS {name}")
            }
        };
        // The id: version 7, in order of community and number, as records made one after another have it.
        let hex = if is_sqlite {
            "printf('%012x7%03x8%03x%012x', 1230768000000 + r.x, r.x % 4096, c.x % 4096, c.x * 1000003 + r.x)"
        } else {
            "lpad(to_hex(1230768000000 + r.x), 12, '0') || '7' || lpad(to_hex(r.x % 4096), 3, '0') || '8' || \
             lpad(to_hex(c.x % 4096), 3, '0') || lpad(to_hex(c.x * 1000003 + r.x), 12, '0')"
        };
        let (id, text) = if is_sqlite {
            (
                "unhex(h)",
                "substr(h,1,8)||'-'||substr(h,9,4)||'-'||substr(h,13,4)||'-'||substr(h,17,4)||'-'||substr(h,21)",
            )
        } else {
            ("decode(h, 'hex')", "h::uuid::text")
        };
        if !is_sqlite {
            self.run("SET synchronous_commit = off".into()).await;
        }
        // A hundred communities at a time: one transaction of ten million rows would be a journal of its own.
        for begin in (from..=to).step_by(100) {
            let end = (begin + 99).min(to);
            let (communities, rows) = (numbers(begin, end, "c"), numbers(1, each, "r"));
            self.run(format!(
                "INSERT INTO community (id, name, epoch, head, pack, pack_version, made_at) \
                 SELECT c.x, 'bench', 'bench', {each}, '{{}}', 1, 0 FROM {communities};
                 INSERT INTO device (community, id, name, last_number, seen_at) SELECT c.x, 1, '', 0, 0 FROM {communities};
                 INSERT INTO record (community, id, kind, bucket, seq, digest, state) \
                 SELECT cx, {id}, kind, bucket, rx, rx, replace(state, mid, {text}) FROM ( \
                   SELECT c.x AS cx, r.x AS rx, {hex} AS h, m.kind, m.bucket, m.state, m.id AS mid \
                   FROM {communities} CROSS JOIN {rows} JOIN model m ON m.n = (r.x + c.x) % {count} ORDER BY c.x, r.x) AS made;
                 INSERT INTO bucket (community, name, count, sum, seq) \
                 SELECT community, bucket, count(*), 0, max(seq) FROM record WHERE community BETWEEN {begin} AND {end} GROUP BY 1, 2;"
            ))
            .await;
        }
        if is_sqlite {
            self.run("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)".into()).await;
        } else {
            for sql in ["VACUUM ANALYZE record", "VACUUM ANALYZE bucket", "CHECKPOINT"] {
                self.run(sql.into()).await;
            }
        }
    }

    /// How often the table of records was read from end to end, and by an index. SQLite does not count.
    async fn scans(&mut self) -> (i64, i64) {
        if matches!(self, Self::Sqlite(_)) {
            return (0, 0);
        }
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let of = |what: &str| {
            format!("SELECT coalesce({what}, 0)::bigint FROM pg_stat_user_tables WHERE relname = 'record'")
        };
        (self.number(&of("seq_scan")).await, self.number(&of("idx_scan")).await)
    }

    async fn bytes(&mut self, folder: &std::path::Path) -> i64 {
        match self {
            Self::Sqlite(_) => std::fs::metadata(folder.join("linli.db")).map_or(0, |file| file.len().cast_signed()),
            Self::Postgres(_) => self.number("SELECT pg_total_relation_size('record')").await,
        }
    }

    /// The plan of the read that every sync makes, and whether it goes by key.
    async fn explain(&mut self, communities: i64) -> (String, bool) {
        let sql = format!(
            "SELECT seq, state FROM record WHERE community = {} AND bucket IN ('resident/service', 'resident/person') \
             AND seq > 9000 ORDER BY seq LIMIT 1001",
            (communities / 2).max(1)
        );
        let ask = if matches!(self, Self::Sqlite(_)) { "EXPLAIN QUERY PLAN" } else { "EXPLAIN (ANALYZE, BUFFERS)" };
        let plan = self.texts(&format!("{ask} {sql}")).await.join("\n");
        let is_by_key = plan.contains("record_feed") && !plan.contains("Seq Scan") && !plan.contains("SCAN record");
        (plan, is_by_key)
    }
}

/// The store's own pushes and reads at communities drawn evenly.
async fn measure(store: &Store, models: &[Record], communities: i64, each: i64) -> Value {
    let community = |n: usize| (n as i64 * 7919) % communities + 1;
    // Each size has numbers of its own for what its device pushes.
    let first = communities as usize * 1_000_000 + each as usize;
    let mut pushes = Vec::new();
    for n in 0..PUSHES {
        let began = Instant::now();
        push(store, models, community(n), first + n * PUSHED).await;
        pushes.push(began.elapsed());
    }
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..PUSHES {
        if tasks.len() == AT_ONCE {
            tasks.join_next().await.unwrap().unwrap();
        }
        let (store, models) = (store.clone(), models.to_vec());
        let community = community(n);
        tasks.spawn(async move { push(&store, &models, community, first + (PUSHES + n) * PUSHED).await });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let rate = (PUSHES * PUSHED) as f64 / began.elapsed().as_secs_f64();
    let (mut tails, mut points) = (Vec::new(), Vec::new());
    for n in 0..READS {
        let mut tx = store.begin_read(community(n)).await.unwrap();
        let scope: Vec<Bucket> =
            ["resident/service", "resident/person", "open/patrol"].map(|b| Bucket(b.into())).into();
        let began = Instant::now();
        let tail = tx.tail(&scope, each as u64 - 100, 1001, 4 << 20).await.unwrap();
        tails.push(began.elapsed());
        assert!(!tail.is_empty(), "a tail of a community");
        let began = Instant::now();
        assert!(tx.record(tail[n % tail.len()].1.id).await.unwrap().is_some());
        points.push(began.elapsed());
    }
    json!({
        "communities": communities, "push_p50": at(&mut pushes, 0.5), "push_p99": at(&mut pushes, 0.99), "rate": rate,
        "tail_p50": at(&mut tails, 0.5), "tail_p99": at(&mut tails, 0.99),
        "point_p50": at(&mut points, 0.5), "point_p99": at(&mut points, 0.99),
    })
}

/// The same record under another id.
fn named(model: &Record, id: RecordId) -> Record {
    let mut said = serde_json::to_value(model).unwrap();
    said["id"] = id.to_string().into();
    serde_json::from_value(said).unwrap()
}

/// A push as the office makes it, but for the judging.
async fn push(store: &Store, models: &[Record], community: i64, first: usize) {
    let device = DeviceId(1);
    let mut tx = store.begin_push(community).await.unwrap();
    let numbers: Vec<u64> = (first as u64..).take(PUSHED).collect();
    assert!(tx.verdicts(device, &numbers).await.unwrap().is_empty());
    let ids: Vec<RecordId> = numbers.iter().map(|_| RecordId::now_v7()).collect();
    assert!(tx.records(&ids).await.unwrap().is_empty());
    let before = tx.take_sequence(PUSHED as u64).await.unwrap();
    let (mut rows, mut changes) = (Vec::new(), Vec::new());
    for (place, (number, id)) in numbers.iter().zip(&ids).enumerate() {
        let record = named(&models[(first + place) % models.len()], *id);
        let (bucket, digest, seq) = (bucket(&record), digest(&record), before + 1 + place as u64);
        changes.push(ChangeRow {
            number: *number,
            content: [0; 16],
            author: record.by.to_string(),
            record: *id,
            kind: record.kind.to_string(),
            clock: Clock::new(*number, 0, device),
            verdict: Verdict::Accepted { seq },
            body: Some(serde_json::to_string(&record).unwrap()),
        });
        rows.push(RecordRow { record, bucket, digest, seq });
    }
    tx.put_records(&rows.iter().collect::<Vec<_>>()).await.unwrap();
    let mut moves = BTreeMap::<Bucket, BucketRow>::new();
    for row in &rows {
        let moved = moves.entry(row.bucket.clone()).or_default();
        moved.sum = Checksum { count: moved.sum.count + 1, sum: moved.sum.sum.wrapping_add(row.digest) };
        moved.seq = row.seq;
    }
    tx.move_buckets(&moves.into_iter().collect::<Vec<_>>()).await.unwrap();
    tx.keep_changes(device, &changes, 0).await.unwrap();
    tx.reach_number(device, (first + PUSHED) as u64 - 1, 0).await.unwrap();
    tx.commit().await.unwrap();
}

/// Milliseconds.
fn at(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    times[((times.len() as f64 * share) as usize).min(times.len() - 1)].as_secs_f64() * 1e3
}
