//! SQLite: one file, nothing to install. One writing connection, several reading ones, write-ahead log, and every commit
//! on the disk before it is answered (`synchronous = FULL`).

mod account;
mod audit;
pub mod backup;
mod community;
mod device;
mod push;
mod read;
mod roster;
mod snapshot;

use std::{path::Path, time::Duration};

use sqlx::{
    Sqlite, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};

use super::Fault;

pub use push::PushTransaction;
pub use read::ReadTransaction;

/// Reading connections: more than cores help nobody.
const READERS: u32 = 4;
/// How long a writer of another process (`linli admin` beside `linli serve`) is waited for.
const BUSY: Duration = Duration::from_secs(10);

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: SQLite has one writer, and a queue of our own is fairer than its locks.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Store {
    /// Opens `linli.db` in `folder`, making both if need be, and brings its tables up to date.
    pub async fn open(folder: &Path) -> Result<Self, Fault> {
        std::fs::create_dir_all(folder)?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join("linli.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory");
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("src/db/sqlite/migrations").run(&writer).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).connect_with(options.pragma("query_only", "on"));
        Ok(Self { writer, readers: readers.await? })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// Writes what is in the log into the file and closes it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// A transaction that holds the write lock from its first moment: one that read first and then wanted to write would
    /// be turned away at once, whatever the time-out.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, Fault> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// An unsigned number as the column keeps it: the same 64 bits.
fn signed(n: u64) -> i64 {
    n.cast_signed()
}

/// A column's number as it was meant.
fn unsigned(n: i64) -> u64 {
    n.cast_unsigned()
}
