//! The log beside SQLite's file: however much is written beside somebody who reads for long, it is cut back afterwards.

use std::path::Path;

use crate::support::TestOffice;
use linli_server::db::{BlockRow, Place, Store};
use sqlx::{Connection, SqliteConnection};
use sync::{Bucket, block::BlockId};

/// What it may be, in bytes.
const MOST: u64 = 64 << 20;

fn length(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("linli.db-wal")).map_or(0, |log| log.len())
}

async fn write(store: &Store, megabytes: u8) {
    for n in 0..megabytes {
        let bytes = vec![n; 1 << 20];
        let bucket = Bucket("open/note".into());
        let block = BlockRow { id: BlockId::of(&bytes), bucket: bucket.clone(), records: 1, bytes };
        store.put_snapshot(1, &bucket, n.into(), &[block], 1, 0).await.unwrap();
    }
}

async fn reader(folder: &Path) -> SqliteConnection {
    let mut reader =
        SqliteConnection::connect(&format!("sqlite://{}", folder.join("linli.db").display())).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT count(*) FROM community").execute(&mut reader).await.unwrap();
    reader
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_cut_back_when_whoever_read_for_long_is_done() {
    let test = TestOffice::new().await;
    let folder = test.folder.path();
    let store = Store::open(&Place::Folder(folder.to_owned())).await.unwrap();
    let long = reader(folder).await;
    write(&store, 80).await;
    assert!(length(folder) > MOST, "beside a reader it grows: {}", length(folder));
    test.office.bound_log().await.unwrap();
    write(&store, 1).await;
    long.close().await.unwrap();
    test.office.bound_log().await.unwrap();
    assert_eq!(length(folder), 0, "as soon as it is looked for");

    // And without being looked for, by those who write.
    let long = reader(folder).await;
    write(&store, 80).await;
    long.close().await.unwrap();
    write(&store, 3).await;
    assert!(length(folder) <= MOST, "{}", length(folder));
    store.close().await;
}
