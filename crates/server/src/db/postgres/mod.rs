//! PostgreSQL: for offices that have one already, or want several servers over one memory.
//!
//! A push locks its community's counter row first and keeps the lock to the commit, so sequence numbers become visible in
//! their order; reading transactions look at one moment (`REPEATABLE READ`) and lock nothing. A commit is as durable as
//! the database's own `synchronous_commit` says: leave it on.

mod account;
mod audit;
pub mod backup;
mod community;
mod device;
mod push;
mod read;
mod roster;
mod snapshot;

use std::{borrow::Cow, time::Duration};

use sqlx::{
    Postgres, Transaction,
    postgres::{PgPool, PgPoolOptions},
};

use super::Fault;

pub use push::PushTransaction;
pub use read::ReadTransaction;

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

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// A transaction whose every statement sees what was committed before it, whatever the database's default: a push
    /// must see what the last holder of its lock wrote.
    async fn begin(&self) -> Result<Transaction<'static, Postgres>, Fault> {
        Ok(self.pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?)
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

/// A column's number that was 32 bits wide when it was written.
fn small(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Text as PostgreSQL can keep it: without the character NUL, which it refuses, so that no name a client sends can make a
/// push fail for ever. JSON bodies need none of this: they write NUL as an escape.
fn text(s: &str) -> Cow<'_, str> {
    if s.contains('\0') { Cow::Owned(s.replace('\0', "\u{2400}")) } else { Cow::Borrowed(s) }
}
