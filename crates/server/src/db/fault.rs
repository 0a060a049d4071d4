//! Why the store could not do what was asked, and whether waiting helps: said once, here, for both databases and for files.

use std::{error::Error, io};

/// Why the store could not do what was asked. Never the fault of what a client sent.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database said no.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The database was made by a newer program, or its file is damaged.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored row cannot be read.
    #[error("a stored {what} cannot be read: {why}")]
    Damaged {
        /// What kind of row.
        what: &'static str,
        /// The reader's words.
        why: String,
    },
    /// The store of files said no.
    #[error("the store of files failed: {why}")]
    Files {
        /// Its words.
        why: String,
        /// Whether waiting helps.
        passing: Option<Passing>,
    },
    /// Another program that was needed is not there or failed.
    #[error("{0}")]
    Tool(String),
    /// The data folder cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Folder(#[from] io::Error),
    /// Somebody has as much as they may.
    #[error("{0}")]
    Beyond(Beyond),
    /// It could not be done now, and nothing of it was.
    #[error("{1}")]
    NotNow(Passing, String),
}

/// What passes by itself, or as soon as somebody mends the machine: nothing is wrong with what was asked, and the same will
/// succeed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// The database gave way to somebody else's transaction: the same may succeed at once.
    Collision,
    /// Others are before it, and were waited for long enough.
    Busy,
    /// There is no room left, or the disk takes nothing.
    Full,
    /// The database is away, being started, handed over to another machine, or only to be read.
    Away,
}

/// What there is too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Beyond {
    /// Photos and papers.
    #[error("photos and papers take up all they may")]
    Files,
    /// Changes of a day.
    #[error("as many changes as a day may have are handed in")]
    Changes,
}

impl Fault {
    /// Whether it passes, and what has to pass.
    pub fn passing(&self) -> Option<Passing> {
        match self {
            Self::Database(error) => of_database(error),
            Self::Migration(sqlx::migrate::MigrateError::Execute(error)) => of_database(error),
            Self::Files { passing, .. } => *passing,
            Self::Folder(error) => of_system(error),
            Self::NotNow(passing, _) => Some(*passing),
            Self::Migration(_) | Self::Damaged { .. } | Self::Tool(_) | Self::Beyond(_) => None,
        }
    }

    /// Whether the database gave way to somebody else's transaction: nothing happened, and the same may succeed at once.
    pub fn is_collision(&self) -> bool {
        self.passing() == Some(Passing::Collision)
    }

    /// Whether someone else holds the file (SQLite's code 5, in whatever extended form).
    pub fn is_in_use(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if sqlite(error.as_ref()).is_some_and(|code| code & 0xff == 5))
    }

    pub(crate) fn damaged(what: &'static str, why: impl ToString) -> Self {
        Self::Damaged { what, why: why.to_string() }
    }

    /// A fault of the store of files, by the first thing in its chain of causes that says something.
    pub(crate) fn of_files(error: &(dyn Error + 'static)) -> Self {
        let (mut cause, mut passing) = (Some(error), None);
        while let (Some(error), None) = (cause, passing) {
            passing = error.downcast_ref::<io::Error>().and_then(of_system);
            cause = error.source();
        }
        Self::Files { why: error.to_string(), passing }
    }
}

fn of_database(error: &sqlx::Error) -> Option<Passing> {
    use sqlx::Error as E;
    match error {
        E::Database(error) => match sqlite(error.as_ref()) {
            Some(code) => of_sqlite(code),
            None => error.code().and_then(|state| of_postgres(&state)),
        },
        E::Io(error) => of_system(error).or(Some(Passing::Away)),
        E::PoolTimedOut => Some(Passing::Busy),
        // A connection that was cut in mid-word, or on which a transaction ended without us: it is not used again.
        E::Protocol(_)
        | E::Tls(_)
        | E::PoolClosed
        | E::WorkerCrashed
        | E::BeginFailed
        | E::InvalidSavePointStatement => Some(Passing::Away),
        _ => None,
    }
}

/// SQLite's extended result code, when it is one of SQLite's errors.
fn sqlite(error: &dyn sqlx::error::DatabaseError) -> Option<u32> {
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    error.code()?.parse().ok()
}

/// SQLite's result codes (<https://sqlite.org/rescode.html>).
fn of_sqlite(code: u32) -> Option<Passing> {
    const IOERR: u32 = 10;
    /// Of `IOERR`: WRITE, FSYNC, DIR_FSYNC, TRUNCATE, SHMOPEN, SHMSIZE, SHMMAP. What a quota or a limit of size comes out as.
    const NOT_WRITTEN: [u32; 7] = [3, 4, 5, 6, 18, 19, 21];
    match code & 0xff {
        // BUSY, LOCKED.
        5 | 6 => Some(Passing::Busy),
        // FULL.
        13 => Some(Passing::Full),
        IOERR if NOT_WRITTEN.contains(&(code >> 8)) => Some(Passing::Full),
        // PERM, NOMEM, READONLY, INTERRUPT, CANTOPEN, PROTOCOL.
        3 | 7 | 8 | 9 | IOERR | 14 | 15 => Some(Passing::Away),
        _ => None,
    }
}

/// PostgreSQL's states (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn of_postgres(state: &str) -> Option<Passing> {
    match state {
        // A serialization failure, a deadlock.
        "40001" | "40P01" => Some(Passing::Collision),
        // A lock that was not to be had, a statement that took too long.
        "55P03" | "57014" => Some(Passing::Busy),
        "53100" => Some(Passing::Full),
        // Only to be read, or restored still; a transaction that somebody else ended; a database that is being made anew.
        "25006" | "25P02" | "55000" | "25P03" | "25P04" | "40003" | "55006" | "3D000" => Some(Passing::Away),
        // No connection (08), nobody let in (28, for a moment while accounts are handed over), no resources (53), an
        // operator who ends it (57), a disk that fails (58).
        state => ["08", "28", "53", "57", "58"].iter().any(|class| state.starts_with(class)).then_some(Passing::Away),
    }
}

fn of_system(error: &io::Error) -> Option<Passing> {
    use io::ErrorKind as K;
    match error.kind() {
        K::StorageFull | K::QuotaExceeded | K::FileTooLarge => Some(Passing::Full),
        K::ReadOnlyFilesystem | K::PermissionDenied | K::TimedOut | K::ResourceBusy | K::Interrupted => {
            Some(Passing::Away)
        }
        K::ConnectionRefused | K::ConnectionReset | K::ConnectionAborted | K::NotConnected | K::BrokenPipe => {
            Some(Passing::Away)
        }
        K::HostUnreachable | K::NetworkUnreachable | K::NetworkDown | K::StaleNetworkFileHandle => Some(Passing::Away),
        // EIO, EMFILE, ENFILE, which have no kind of their own.
        _ if error.raw_os_error().is_some_and(|code| matches!(code, 5 | 23 | 24)) => Some(Passing::Away),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_stays() {
        for (code, passing) in [
            (13, Some(Passing::Full)),
            (778, Some(Passing::Full)),
            (266, Some(Passing::Away)),
            (4874, Some(Passing::Full)),
            (517, Some(Passing::Busy)),
            (8, Some(Passing::Away)),
            (776, Some(Passing::Away)),
            (14, Some(Passing::Away)),
            (11, None),
            (26, None),
            (1555, None),
        ] {
            assert_eq!(of_sqlite(code), passing, "{code}");
        }
        for (state, passing) in [
            ("40001", Some(Passing::Collision)),
            ("53100", Some(Passing::Full)),
            ("57P01", Some(Passing::Away)),
            ("57P03", Some(Passing::Away)),
            ("25006", Some(Passing::Away)),
            ("08006", Some(Passing::Away)),
            ("53300", Some(Passing::Away)),
            ("55P03", Some(Passing::Busy)),
            ("23505", None),
            ("42P01", None),
        ] {
            assert_eq!(of_postgres(state), passing, "{state}");
        }
        let full = Fault::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(full.passing(), Some(Passing::Full));
        assert_eq!(Fault::from(sqlx::Error::PoolTimedOut).passing(), Some(Passing::Busy));
        assert_eq!(Fault::damaged("record", "x").passing(), None);
    }
}
