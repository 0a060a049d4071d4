//! Whole copies of the database while others use it.

use std::{path::Path, time::Duration};

use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use super::{Store, unsigned};
use crate::db::{Community, CommunityRow, Contents, Fault};

/// How long someone who is about to finish with the file is waited for.
const BUSY: Duration = Duration::from_secs(1);

impl Store {
    /// Writes a copy of this moment into a new file, while others read and write.
    pub async fn back_up(&self, file: &Path) -> Result<(), Fault> {
        sqlx::query("VACUUM INTO ?").bind(file.to_string_lossy()).execute(&self.writer).await?;
        // SQLite does not wait for the disk here.
        std::fs::File::open(file)?.sync_all()?;
        Ok(())
    }

    /// Ends all sessions.
    pub async fn end_all_sessions(&self, community: Community) -> Result<(), Fault> {
        sqlx::query("DELETE FROM session WHERE community = ?").bind(community).execute(&self.writer).await?;
        Ok(())
    }
}

/// What is in a file that nobody uses, read through and through.
///
/// # Errors
/// The file is no database, or damaged.
pub async fn contents(file: &Path) -> Result<Contents, Fault> {
    // Immutable: no log beside it is looked for, and nothing is written.
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let mut db = SqliteConnection::connect_with(&options).await?;
    let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut db).await?;
    if found != ["ok"] {
        return Err(Fault::damaged("database file", found.join("; ")));
    }
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND substr(name, 1, 1) <> '_'
         ORDER BY name",
    )
    .fetch_all(&mut db)
    .await?;
    let mut rows = Vec::with_capacity(tables.len());
    for table in tables {
        // The names are the database's own.
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM \"{}\"", table.replace('"', "\"\"")));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut db).await?;
        rows.push((table, unsigned(count)));
    }
    let row: Option<(String, String, i64)> =
        sqlx::query_as("SELECT name, epoch, head FROM community ORDER BY id").fetch_optional(&mut db).await?;
    db.close().await?;
    let (name, epoch, head) = row.ok_or(Fault::damaged("backup", "there is no community in it"))?;
    Ok(Contents { community: CommunityRow { name, epoch, head: unsigned(head), print: String::new() }, rows })
}

/// Puts what is in the log beside a file into the file.
///
/// # Errors
/// When the file is in use.
pub async fn release(file: &Path) -> Result<(), Fault> {
    let options = SqliteConnectOptions::new().filename(file).journal_mode(SqliteJournalMode::Delete).busy_timeout(BUSY);
    Ok(SqliteConnection::connect_with(&options).await?.close().await?)
}
