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
#[path = "../tables/trial.rs"]
mod trial;
#[path = "../tables/usage.rs"]
mod usage;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    Connection as _, Sqlite as Database, SqliteConnection as Connection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Community, Fault, signed, small, unsigned};
use crate::private;

pub use push::PushTransaction;
pub use read::ReadTransaction;

type Transaction = sqlx::Transaction<'static, Database>;

static MIGRATIONS: Migrator = sqlx::migrate!("src/db/sqlite/migrations");

const FILE: &str = "linli.db";
/// Reading connections: more than cores help nobody.
const READERS: u32 = 4;
/// How long a writer of another process (`linli admin` beside `linli serve`) is waited for.
const BUSY: Duration = Duration::from_secs(10);
/// How long a request waits for a connection: less than it is itself waited for, so that it is told why.
const QUEUE: Duration = Duration::from_secs(20);
/// The log beside the file is cut back to this, in bytes, whenever it is begun anew.
const LOG_MOST: u64 = 64 * 1024 * 1024;
/// How long readers are waited for when it is emptied: nobody writes meanwhile.
const LOG_WAIT: Duration = Duration::from_millis(500);

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: SQLite has one writer, and a queue of our own is fairer than its locks.
    writer: SqlitePool,
    readers: SqlitePool,
    /// One connection for what reads for long, so that it takes none of the others'.
    aside: SqlitePool,
    folder: PathBuf,
    options: Arc<SqliteConnectOptions>,
}

impl Store {
    /// Opens the database of a data folder, which is made if it is not there, and brings its tables up to date. What is in it
    /// is for the account of the server alone, also what an earlier program left open to others.
    pub async fn open(folder: &Path) -> Result<Self, Fault> {
        private::chosen_folder(folder, FILE)?;
        let file = folder.join(FILE);
        private::reserve(&file)?;
        for ending in ["-wal", "-shm"] {
            private::file(&folder.join(format!("{FILE}{ending}")))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
            // The log is written back into the file every 32 MiB: pages that change with every push are then written once.
            .pragma("wal_autocheckpoint", "8192")
            .pragma("journal_size_limit", LOG_MOST.to_string())
            // What is deleted or replaced is overwritten: erasure at a resident's request leaves nothing in free pages.
            .pragma("secure_delete", "on");
        let writer = pool(1).connect_with(options.clone()).await?;
        MIGRATIONS.run(&writer).await?;
        let reading = options.clone().pragma("query_only", "on");
        let readers = pool(READERS).connect_with(reading.clone()).await?;
        let aside = pool(1).idle_timeout(Duration::from_secs(60)).connect_lazy_with(reading);
        Ok(Self { writer, readers, aside, folder: folder.to_owned(), options: Arc::new(options) })
    }

    /// The folder of the file.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the tables are those of this program, or of a newer one beside it.
    pub async fn is_up_to_date(&self) -> Result<bool, Fault> {
        let done: Vec<i64> =
            sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(&self.readers).await?;
        Ok(MIGRATIONS.iter().all(|ours| done.contains(&ours.version)))
    }

    /// Writes what is in the log into the file and empties the log; pages that are freed are overwritten at once.
    pub async fn scrub(&self) -> Result<(), Fault> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await?;
        Ok(())
    }

    /// Empties the log when it is longer than it is to be. Beside readers who are never all away at once, the writer alone
    /// would never come to begin it anew.
    pub async fn bound_log(&self) -> Result<(), Fault> {
        let length = std::fs::metadata(self.folder.join(format!("{FILE}-wal"))).map_or(0, |log| log.len());
        if length <= LOG_MOST {
            return Ok(());
        }
        // A connection of its own, that waits for readers a moment only.
        let mut aside =
            Connection::connect_with(&SqliteConnectOptions::clone(&self.options).busy_timeout(LOG_WAIT)).await?;
        let emptied: (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut aside).await?;
        aside.close().await?;
        if emptied.0 != 0 {
            tracing::debug!(length, "somebody reads for long: the database's log grows meanwhile");
        }
        Ok(())
    }

    /// Writes what is in the log into the file and closes it.
    pub async fn close(&self) {
        self.aside.close().await;
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

    /// The same on a connection of its own, for what takes long.
    async fn look_aside(&self) -> Result<Transaction, Fault> {
        Ok(self.aside.begin().await?)
    }

    fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    fn reader(&self) -> &SqlitePool {
        &self.readers
    }
}

/// A pool that takes no connection back whose transaction has not ended. A failing disk makes SQLite end a transaction by
/// itself; the `ROLLBACK` that follows then fails, and whoever used the connection next would find itself inside of one.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).acquire_timeout(QUEUE).after_release(|connection, _| {
        Box::pin(async move {
            // What was queued when the transaction was dropped is done by then.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

/// Text as SQLite keeps it: any.
fn text(s: &str) -> &str {
    s
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How SQLite goes about a statement.
    async fn plan(store: &Store, sql: &str) -> String {
        let sql = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql).fetch_all(store.reader()).await.unwrap();
        steps.into_iter().map(|step| step.3).collect::<Vec<_>>().join("; ")
    }

    #[tokio::test]
    async fn a_kind_is_read_without_walking_through_all_records() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let plan = plan(&store, read::OF_BUCKETS).await;
        assert!(plan.contains("SEARCH record USING INDEX record_feed (community=? AND bucket=?)"), "{plan}");
        store.close().await;
    }
}
