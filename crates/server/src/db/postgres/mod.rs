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
#[path = "../tables/trial.rs"]
mod trial;
#[path = "../tables/usage.rs"]
mod usage;

use std::{
    borrow::Cow,
    ops::{Deref, DerefMut},
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{
    Connection as _, PgConnection as Connection, Postgres as Database,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{Community, Fault, Passing, signed, small, unsigned};

pub use push::PushTransaction;
pub use read::ReadTransaction;

static MIGRATIONS: Migrator = sqlx::migrate!("src/db/postgres/migrations");

/// Connections of one server.
const CONNECTIONS: u32 = 8;
/// Those that write: pushes to a community wait for each other anyhow, and are not to hold all connections meanwhile.
const WRITERS: usize = 4;
/// How long a request waits to be one of them.
const QUEUE: Duration = Duration::from_secs(10);
/// How long it waits for a connection: what is longer away than a restart takes is said at once, and asked for again.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a server that starts waits for a database that starts as well.
const STARTING: Duration = Duration::from_secs(10);
/// How long papers wait for the connection of theirs.
const ASIDE: Duration = Duration::from_secs(20);

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
    /// One connection for what reads for long, so that it takes none of the others'.
    aside: PgPool,
    turns: Arc<Semaphore>,
}

/// A transaction, and its turn to write.
#[derive(Debug)]
pub struct Transaction {
    inner: sqlx::Transaction<'static, Database>,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.inner
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.inner
    }
}

impl Transaction {
    async fn commit(self) -> Result<(), sqlx::Error> {
        self.inner.commit().await
    }
}

impl Store {
    /// Connects to the database at `url` (`postgres://user:password@host/name`) and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, Fault> {
        let options: PgConnectOptions = url.parse()?;
        reach(&options).await?;
        let pool = pool(CONNECTIONS, CONNECT).connect_with(options.clone()).await?;
        MIGRATIONS.run(&pool).await?;
        let aside = pool_aside(options);
        Ok(Self { pool, aside, turns: Arc::new(Semaphore::new(WRITERS)) })
    }

    /// Whether it can be written to, and the tables are those of this program, or of a newer one beside it.
    pub async fn is_up_to_date(&self) -> Result<bool, Fault> {
        let mut connection = self.pool.acquire().await?;
        let read_only: String = sqlx::query_scalar("SHOW transaction_read_only").fetch_one(&mut *connection).await?;
        if read_only != "off" {
            return Err(Fault::NotNow(Passing::Away, "the database is only to be read".into()));
        }
        let sql = "SELECT version FROM _sqlx_migrations WHERE success";
        let done: Vec<i64> = sqlx::query_scalar(sql).fetch_all(&mut *connection).await?;
        Ok(MIGRATIONS.iter().all(|ours| done.contains(&ours.version)))
    }

    /// Which line of the database's history this is: another one after a copy of it took over, or it was put back to an earlier
    /// moment. `None` where the engine has no such thing.
    pub async fn timeline(&self) -> Result<Option<String>, Fault> {
        let sql = "SELECT substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)";
        match sqlx::query_scalar(sql).fetch_one(&self.pool).await.map_err(Fault::from) {
            Ok(timeline) => Ok(Some(timeline)),
            Err(fault) if fault.passing().is_some() => Err(fault),
            Err(_) => Ok(None),
        }
    }

    /// Frees the old versions of rows; what they held is written over as the pages are used again.
    pub async fn scrub(&self) -> Result<(), Fault> {
        sqlx::query("VACUUM change, record, quarantine, roster, block").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.aside.close().await;
        self.pool.close().await;
    }

    /// A transaction whose every statement sees what was committed before it, whatever the database's default: a push
    /// must see what the last holder of its lock wrote.
    async fn begin(&self) -> Result<Transaction, Fault> {
        let turn = timeout(QUEUE, self.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Fault::NotNow(Passing::Busy, "others write for too long".into()))?;
        let inner = self.pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        Ok(Transaction { inner, _turn: turn.ok() })
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
        read_on(&self.pool).await
    }

    /// The same on a connection of its own, for what takes long.
    async fn look_aside(&self) -> Result<Transaction, Fault> {
        read_on(&self.aside).await
    }

    fn writer(&self) -> &PgPool {
        &self.pool
    }

    fn reader(&self) -> &PgPool {
        &self.pool
    }
}

async fn read_on(pool: &PgPool) -> Result<Transaction, Fault> {
    let inner = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
    Ok(Transaction { inner, _turn: None })
}

/// A pool that takes no connection back that leads to where nothing can be written any more: after a failover the address
/// leads elsewhere, but who holds a connection to the old primary would never hear of it.
fn pool(connections: u32, patience: Duration) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(connections).acquire_timeout(patience).after_release(|connection, _| {
        Box::pin(async move {
            let asked = sqlx::query_scalar("SHOW transaction_read_only").fetch_one(connection);
            // A line that swallows everything would otherwise be waited on for ever.
            let read_only: String = timeout(CONNECT, asked).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
            Ok(read_only == "off")
        })
    })
}

fn pool_aside(options: PgConnectOptions) -> PgPool {
    pool(1, ASIDE).idle_timeout(Duration::from_secs(60)).connect_lazy_with(options)
}

/// Waits for a database that is being started, and says otherwise who does not answer and why.
async fn reach(options: &PgConnectOptions) -> Result<(), Fault> {
    let begun = Instant::now();
    loop {
        let why = match timeout(STARTING, Connection::connect_with(options)).await {
            Ok(Ok(connection)) => return Ok(connection.close().await?),
            Ok(Err(error)) => {
                let fault = Fault::from(error);
                if fault.passing() != Some(Passing::Away) {
                    return Err(fault);
                }
                fault.to_string()
            }
            Err(_) => "it does not answer".to_owned(),
        };
        if begun.elapsed() > STARTING {
            let (host, port) = (options.get_host(), options.get_port());
            return Err(Fault::NotNow(Passing::Away, format!("PostgreSQL at {host}, port {port}: {why}")));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Text as PostgreSQL can keep it: without the character NUL, which it refuses, so that no name a client sends can make a
/// push fail for ever. JSON bodies need none of this: they write NUL as an escape.
fn text(s: &str) -> Cow<'_, str> {
    if s.contains('\0') { Cow::Owned(s.replace('\0', "\u{2400}")) } else { Cow::Borrowed(s) }
}
