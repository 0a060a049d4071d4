//! Several servers over one database, and transactions that get in each other's way.

use std::{sync::Arc, time::Duration};

use crate::support::{DEVICE, TestApp, TestOffice, change, desk, record, set};
use linli_server::office::{Office, Place, pull::Asked, wall_clock};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use sync::{DeviceId, wire::Cursor};

async fn connect(test: &TestOffice) -> PgConnection {
    let Place::Postgres(url) = &test.place else { panic!("this test is of PostgreSQL") };
    PgConnection::connect(url).await.expect("the cluster")
}

/// Waits until so many transactions of this database wait for a lock; `false` after a second.
async fn are_waiting(watcher: &mut PgConnection, count: i64) -> bool {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for _ in 0..100 {
        let waiting: i64 = sqlx::query_scalar(sql).fetch_one(&mut *watcher).await.unwrap();
        if waiting >= count {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

/// What a reader with this cursor is given: how many records, and the cursor after them.
async fn read(office: &Office, cursor: Option<Cursor>) -> (u64, Cursor) {
    let asked = Asked { device: DeviceId(99), cursor, refetch: vec![] };
    let answer = office.pull(&desk(), asked, vec![]).await.unwrap();
    let blocks: u64 = answer.blocks.iter().flat_map(|m| &m.blocks).map(|b| u64::from(b.records)).sum();
    (blocks + answer.records.len() as u64, answer.next)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lower_number_that_commits_late_is_not_skipped_by_readers() {
    let test = TestOffice::new().await;
    let other = Arc::new(Office::open(test.place.clone(), wall_clock()).await.unwrap().unwrap());
    other.see_device(DeviceId(2), "").await.unwrap();
    let (seen, cursor) = read(&test.office, None).await;
    assert_eq!(seen, 0);
    // A push writes its device's row last: held here, the first server's push stops after it took its numbers.
    let (mut holder, mut watcher) = (connect(&test).await, connect(&test).await);
    let mut held = holder.begin().await.unwrap();
    let sql = "SELECT 1 FROM device WHERE community = 1 AND id = $1 FOR UPDATE";
    sqlx::query(sql).bind(DEVICE.0.cast_signed()).execute(&mut *held).await.unwrap();
    let office = test.office.clone();
    let first = tokio::spawn(async move {
        let changes = (1..=5).map(|n| change(n, record(n.into()), "early").into()).collect();
        office.push(&desk(), DEVICE, changes).await.unwrap()
    });
    assert!(are_waiting(&mut watcher, 1).await, "the first push stands before its commit");
    let office = other.clone();
    let second = tokio::spawn(async move {
        // Of another bucket: pushes to the same one would wait for its checksum's row, whatever gives the numbers.
        let mut late = set(1, record(100), "visit", &[("date", "2025-12-31".into())]);
        late.device = DeviceId(2);
        office.push(&desk(), DeviceId(2), vec![late.into()]).await.unwrap()
    });
    // Numbers from `nextval` would let the second overtake here, and the reader's cursor with it.
    let _ = are_waiting(&mut watcher, 2).await;
    let (early, cursor) = read(&other, Some(cursor)).await;
    held.rollback().await.unwrap();
    first.await.unwrap();
    second.await.unwrap();
    let (late, cursor) = read(&other, Some(cursor)).await;
    assert_eq!(early + late, 6, "every record came, once");
    assert_eq!(cursor.seq, 6, "no number left out");
    other.close().await;
}

/// From now on the first `times` inserts of changes fail as a serialization failure does. A sequence counts them,
/// because it alone is not rolled back.
async fn make_give_way(test: &TestOffice, code: &str, times: u32) {
    let mut db = connect(test).await;
    let function = format!(
        "CREATE FUNCTION give_way() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF nextval('tries') <= {times} THEN RAISE EXCEPTION 'give way' USING ERRCODE = '{code}'; END IF;
             RETURN NULL;
         END $$"
    );
    let trigger = "CREATE TRIGGER give_way AFTER INSERT ON change FOR EACH STATEMENT EXECUTE FUNCTION give_way()";
    for sql in ["CREATE SEQUENCE tries".to_owned(), function, trigger.to_owned()] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
    }
}

#[tokio::test]
async fn a_push_that_collides_is_tried_again_and_has_one_effect() {
    for code in ["40001", "40P01"] {
        let test = TestOffice::new().await;
        make_give_way(&test, code, 3).await;
        let receipts = test.push(vec![change(1, record(1), "x")]).await;
        assert_eq!(crate::support::seq(&receipts[0]), 1);
        assert_eq!(test.head().await, 1);
        assert_eq!(read(&test.office, None).await.0, 1);
    }
}

#[tokio::test]
async fn a_push_that_always_collides_is_asked_to_come_again() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    make_give_way(&app.test, "40001", 1000).await;
    let body = json!({"device": DEVICE, "schema": 1, "changes": [change(1, record(1), "x")]});
    let answer = app.post("/api/v1/sync", &session, &body).await;
    assert_eq!(answer.status.as_u16(), 503, "{}", answer.text());
    assert_eq!(answer.problem(), "timeout");
    assert!(!answer.header("retry-after").is_empty());
    let mut db = connect(&app.test).await;
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM change").fetch_one(&mut db).await.unwrap();
    assert_eq!(kept, 0, "nothing of it happened");
}

#[tokio::test]
async fn a_character_the_database_cannot_keep_stops_no_queue() {
    let test = TestOffice::new().await;
    let mut odd = change(1, record(1), "a\0b");
    odd.kind = "no\0te".into();
    odd.author = "wa\0ng".into();
    let receipts = test.push(vec![odd, change(2, record(2), "a\0b")]).await;
    assert_eq!(receipts.len(), 2);
    assert!(!crate::support::codes(&receipts[0].verdict).is_empty(), "the first is refused, and kept");
    assert_eq!(test.push(vec![change(3, record(3), "fine")]).await.len(), 1);
}
