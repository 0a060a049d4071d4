//! A database that is stopped, only to be read, or whose connections are ended, while tablets go on: they are told to come
//! again, and everything works as soon as it is back.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::support::{DEVICE, Tablet, TestApp, TestOffice, change, cluster::Cluster, pack, record, seq};
use axum::http::StatusCode;
use linli_server::{http::Cookie, office::Place};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use sync::wire::Receipt;

async fn app(url: &str) -> TestApp {
    let test = TestOffice::at(Place::Postgres(url.into()), tempfile::tempdir().unwrap(), pack()).await;
    TestApp::staffed(test, Cookie::Plain, &[("wang", "desk"), ("zhu", "head")]).await
}

async fn push(app: &TestApp, session: &str, numbers: std::ops::Range<u64>) -> (StatusCode, Vec<Receipt>) {
    let changes: Vec<_> = numbers.map(|n| change(n, record(n.into()), "x")).collect();
    let body = json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": changes});
    let answer = app.post("/api/v1/sync", session, &body).await;
    if answer.status == StatusCode::OK {
        let receipts = serde_json::from_value(answer.json()["receipts"].clone()).unwrap();
        return (answer.status, receipts);
    }
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
    assert!(!answer.header("retry-after").is_empty());
    assert!(matches!(answer.problem().as_str(), "database-away" | "timeout"), "{}", answer.text());
    (answer.status, Vec::new())
}

async fn until_ready(app: &TestApp) {
    let begun = Instant::now();
    while app.get("/ready", "").await.status != StatusCode::OK {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not get ready again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_stopped_is_said_soon_at_every_address_and_works_again_when_it_is_back() {
    let cluster = Cluster::with(crate::support::cluster::FAST);
    let app = app(&cluster.fresh()).await;
    let session = app.sign_in("wang").await;
    let head = app.sign_in_on("zhu", sync::DeviceId(7)).await;
    assert_eq!(push(&app, &session, 1..8).await.0, StatusCode::OK);
    tokio::task::block_in_place(|| cluster.stop());
    let begun = Instant::now();
    assert_eq!(push(&app, &session, 8..15).await.0, StatusCode::SERVICE_UNAVAILABLE);
    let ready = app.get("/ready", "").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE, "{}", ready.text());
    assert!(
        begun.elapsed() < Duration::from_secs(25),
        "a request is not held until it times out: {:?}",
        begun.elapsed()
    );
    for path in ["session", "pack", "quarantine", "figures?from=2009-01-01&to=2009-12-31", "audit", "devices"] {
        let answer = app.get(&format!("/api/v1/{path}"), &head).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}: {}", answer.text());
        assert!(!answer.header("retry-after").is_empty(), "{path}");
    }
    tokio::task::block_in_place(|| cluster.start());
    until_ready(&app).await;
    assert_eq!(push(&app, &session, 8..15).await.0, StatusCode::OK);
    assert_eq!(app.test.head().await, 14);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_only_to_be_read_puts_pushes_off_and_lets_tablets_read() {
    let cluster = Cluster::with(crate::support::cluster::FAST);
    let url = cluster.fresh();
    let app = app(&url).await;
    let session = app.sign_in("wang").await;
    assert_eq!(push(&app, &session, 1..8).await.0, StatusCode::OK);
    let mut hand = PgConnection::connect(&url).await.unwrap();
    // As a standby, or a primary that was demoted: every new transaction is read-only, also on connections that are there.
    let set = async |hand: &mut PgConnection, to: &str| {
        let system = format!("ALTER SYSTEM SET default_transaction_read_only = {to}");
        for sql in ["SET default_transaction_read_only = off", &system, "SELECT pg_reload_conf()"] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *hand).await.unwrap();
        }
    };
    set(&mut hand, "on").await;
    let begun = Instant::now();
    while app.get("/ready", "").await.status == StatusCode::OK {
        assert!(begun.elapsed() < Duration::from_secs(60), "it is not noticed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(push(&app, &session, 8..15).await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.get("/api/v1/session", &session).await.status, StatusCode::OK, "who is signed in stays so");
    assert_eq!(app.get("/api/v1/quarantine", &session).await.status, StatusCode::OK);
    set(&mut hand, "off").await;
    until_ready(&app).await;
    assert_eq!(push(&app, &session, 8..15).await.0, StatusCode::OK);
    assert_eq!(app.test.head().await, 14);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_ended_while_pushes_go_on_lose_nothing_and_double_nothing() {
    let cluster = Cluster::with(crate::support::cluster::FAST);
    let url = cluster.fresh();
    let app = app(&url).await;
    let session = app.sign_in("wang").await;
    let mut hand = PgConnection::connect(&url).await.unwrap();
    let ender = tokio::spawn(async move {
        let mut ended = 0;
        loop {
            let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'";
            let some: i64 = sqlx::query_scalar(sql).fetch_one(&mut hand).await.unwrap();
            ended += some;
            if ended >= 20 {
                return ended;
            }
            tokio::time::sleep(Duration::from_millis(7)).await;
        }
    });
    let (mut acknowledged, mut next, mut put_off) = (BTreeMap::new(), 1, 0);
    while !ender.is_finished() {
        let (status, receipts) = push(&app, &session, next..next + 7).await;
        if status == StatusCode::OK {
            acknowledged.extend(receipts.iter().map(|receipt| (receipt.number, seq(receipt))));
            next += 7;
        } else {
            put_off += 1;
        }
    }
    assert!(ender.await.unwrap() >= 20 && put_off > 0, "it was felt");
    assert_eq!(push(&app, &session, next..next + 7).await.0, StatusCode::OK, "and works on");
    for begin in (1..next).step_by(7) {
        let (_, receipts) = push(&app, &session, begin..begin + 7).await;
        for receipt in &receipts {
            assert_eq!(acknowledged.get(&receipt.number), Some(&seq(receipt)));
        }
    }
    let mut seqs: Vec<u64> = acknowledged.values().copied().collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..next).collect::<Vec<_>>(), "each once, no number left out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_asynchronous_failover_lost_comes_back_from_the_tablets() {
    let cluster = Cluster::with(crate::support::cluster::FAST);
    let app = app(&cluster.fresh()).await;
    let mut tablet = Tablet::new(&app, "wang", 3).await;
    for n in 0..5 {
        tablet.save(&app, record(n), "note", "a", "字".into());
    }
    assert_eq!(tablet.sync(&app).await, None);
    tokio::task::block_in_place(|| {
        cluster.stop();
        cluster.copy();
        cluster.start();
    });
    until_ready(&app).await;
    for n in 5..12 {
        tablet.save(&app, record(n), "note", "a", "字".into());
    }
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!((tablet.log.len(), app.test.head().await), (0, 12), "all of it is acknowledged");
    tokio::task::block_in_place(|| {
        cluster.stop();
        cluster.take_over();
    });
    until_ready(&app).await;
    // As a server does every three seconds.
    app.test.office.look_around().await.unwrap();
    // Others are quicker: the counter is past where the tablet was.
    let session = app.sign_in("wang").await;
    assert_eq!(push(&app, &session, 5000..5020).await.0, StatusCode::OK);
    for _ in 0..3 {
        assert_eq!(tablet.sync(&app).await, None);
    }
    let mut new = Tablet::new(&app, "wang", 4).await;
    new.sync(&app).await;
    assert_eq!((new.book.len(), new.book.sum("note")), (12 + 20, tablet.book.sum("note")));
    let seen = new.cursor.clone().unwrap().epoch;
    app.test.office.look_around().await.unwrap();
    new.sync(&app).await;
    assert_eq!(new.cursor.clone().unwrap().epoch, seen, "once is enough");
}
