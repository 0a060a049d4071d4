//! PostgreSQL: for offices that have one already, or want several servers over one memory.
//!
//! A push locks its community's counter row first and keeps the lock to the commit, so sequence numbers become visible in
//! their order; reading transactions look at one moment (`REPEATABLE READ`) and lock nothing. A commit is as durable as
//! the database's own `synchronous_commit` says: leave it on.

/// Whether a column is one of the list that is parameter `$n`, made by [`list`].
macro_rules! one_of {
    ($n:literal) => {
        concat!("= ANY($", $n, ")")
    };
}

/// The same of a list of ids.
macro_rules! one_of_ids {
    ($n:literal) => {
        one_of!($n)
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
pub mod reach;
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

use std::{borrow::Cow, time::Duration};

use sqlx::{
    PgConnection as Connection, Postgres as Database,
    postgres::{PgPool, PgPoolOptions},
};

use super::{Community, Fault, signed, small, unsigned};

pub use push::PushTransaction;
pub use read::ReadTransaction;

type Transaction = sqlx::Transaction<'static, Database>;

/// Connections of one server: pushes to a community wait for each other anyhow.
const CONNECTIONS: u32 = 8;
/// How long a request waits for one of them, or for a database that is being started again.
const BUSY: Duration = Duration::from_secs(10);

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    /// Connects to the database at `url` (`postgres://user:password@host/name`) and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, Fault> {
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(BUSY).connect(url).await?;
        sqlx::migrate!("src/db/postgres/migrations").run(&pool).await?;
        Ok(Self { pool })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Frees the old versions of rows; what they held is written over as the pages are used again.
    pub async fn scrub(&self) -> Result<(), Fault> {
        sqlx::query("VACUUM change, record, quarantine, roster, block").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// A transaction whose every statement sees what was committed before it, whatever the database's default: a push
    /// must see what the last holder of its lock wrote.
    async fn begin(&self) -> Result<Transaction, Fault> {
        Ok(self.pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?)
    }

    /// One in which nobody else pushes to the community, and its counter, which it locks, and the pack's hash. What is read after the lock
    /// includes all that its last holder committed.
    async fn lock(&self, community: Community) -> Result<(Transaction, i64, String), Fault> {
        let mut tx = self.begin().await?;
        let query = sqlx::query_as("SELECT head, pack_print FROM community WHERE id = $1 FOR UPDATE").bind(community);
        let (head, print) = query.fetch_one(&mut *tx).await?;
        Ok((tx, head, print))
    }

    /// A transaction that reads, all of it of the moment of its first statement.
    async fn look(&self) -> Result<Transaction, Fault> {
        Ok(self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?)
    }

    fn writer(&self) -> &PgPool {
        &self.pool
    }

    fn reader(&self) -> &PgPool {
        &self.pool
    }
}

/// Text as PostgreSQL can keep it: without the character NUL, which it refuses, so that no name a client sends can make a
/// push fail for ever. JSON bodies need none of this: they write NUL as an escape.
fn text(s: &str) -> Cow<'_, str> {
    if s.contains('\0') { Cow::Owned(s.replace('\0', "\u{2400}")) } else { Cow::Borrowed(s) }
}
