//! Being told to stop, in the middle of long work.

use std::{
    ffi::OsStr,
    time::{Duration, Instant},
};

use crate::support::{TestOffice, binary::Server, change, record};
use sqlx::{Connection, SqliteConnection};

/// Records of which no blocks have been made: in this build they take far longer than a stop may.
const RECORDS: u64 = 150_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_told_to_stop_while_it_makes_blocks_ends_soon_and_cleanly() {
    let test = TestOffice::new().await;
    test.push(vec![change(1, record(1), "字")]).await;
    test.office.close().await;
    let file = test.folder.path().join("linli.db");
    let mut db = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let sql = format!(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {RECORDS})
         INSERT INTO record SELECT community, randomblob(16), kind, bucket, seq, digest, state FROM record, n;
         UPDATE bucket SET count = {RECORDS} WHERE name = 'open/note'"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let mut server = Server::start(&[OsStr::new("--data"), test.folder.path().as_os_str()]);
    assert_eq!(server.get("/health").status, 200);
    let begun = Instant::now();
    server.signal("TERM");
    let status = loop {
        if let Some(status) = server.child.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(15), "it goes on");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{status}");
    let mut db = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let blocks: i64 = sqlx::query_scalar("SELECT count(*) FROM block").fetch_one(&mut db).await.unwrap();
    assert_eq!(blocks, 0, "it was in the middle of it");
    eprintln!("stopped in {:?}", begun.elapsed());
}
