//! SQLite: one file, nothing to install. One writing connection, several reading ones, write-ahead log, and every commit
//! on the disk before it is answered (`synchronous = FULL`).

/// Whether a column is one of the list that is parameter `$n`, made by [`list`].
macro_rules! one_of {
    ($n:literal) => {
        concat!("IN (SELECT value FROM json_each($", $n, "))")
    };
}

/// The same of a list of ids.
macro_rules! one_of_ids {
    ($n:literal) => {
        concat!("IN (SELECT unhex(value) FROM json_each($", $n, "))")
    };
}

#[path = "../tables/account.rs"]
mod account;
#[path = "../tables/audit.rs"]
mod audit;
pub mod backup;
#[path = "../tables/community.rs"]
mod community;
#[path = "../tables/device.rs"]
mod device;
#[path = "../tables/erase.rs"]
mod erase;
mod list;
#[path = "../tables/push.rs"]
mod push;
#[path = "../tables/read.rs"]
mod read;
#[path = "../tables/refusal.rs"]
mod refusal;
#[path = "../tables/roster.rs"]
mod roster;
#[path = "../tables/snapshot.rs"]
mod snapshot;
#[path = "../tables/stamp.rs"]
mod stamp;

use std::{path::Path, time::Duration};

use sqlx::{
    Sqlite as Database, SqliteConnection as Connection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Community, Fault, signed, small, unsigned};

pub use push::PushTransaction;
pub use read::ReadTransaction;

type Transaction = sqlx::Transaction<'static, Database>;

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
            .pragma("temp_store", "memory")
            // The log is written back into the file every 32 MiB: pages that change with every push are then written once.
            .pragma("wal_autocheckpoint", "8192")
            // What is deleted or replaced is overwritten: erasure at a resident's request leaves nothing in free pages.
            .pragma("secure_delete", "on");
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

    /// Writes what is in the log into the file and empties the log; pages that are freed are overwritten at once.
    pub async fn scrub(&self) -> Result<(), Fault> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await?;
        Ok(())
    }

    /// Writes what is in the log into the file and closes it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// A transaction that holds the write lock from its first moment: one that read first and then wanted to write would
    /// be turned away at once, whatever the time-out.
    async fn begin(&self) -> Result<Transaction, Fault> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// One in which nobody else pushes to the community, its counter and the pack's hash: here, nobody else writes at all.
    async fn lock(&self, community: Community) -> Result<(Transaction, i64, String), Fault> {
        let mut tx = self.begin().await?;
        let query = sqlx::query_as("SELECT head, pack_print FROM community WHERE id = $1").bind(community);
        let (head, print) = query.fetch_one(&mut *tx).await?;
        Ok((tx, head, print))
    }

    /// A transaction that reads, all of it of the moment of its first statement.
    async fn look(&self) -> Result<Transaction, Fault> {
        Ok(self.readers.begin().await?)
    }

    fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    fn reader(&self) -> &SqlitePool {
        &self.readers
    }
}

/// Text as SQLite keeps it: any.
fn text(s: &str) -> &str {
    s
}
