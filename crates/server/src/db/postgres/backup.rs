//! Whole copies of the database while others use it, by PostgreSQL's own programs.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use sqlx::{Connection, PgConnection};
use tokio::task::spawn_blocking;

use super::{Store, unsigned};
use crate::db::{Community, CommunityRow, Contents, Fault};

impl Store {
    /// Writes a copy of one moment into a new file, in `pg_dump`'s own format, and says what was there at that moment.
    pub async fn back_up(&self, url: &str, file: &Path) -> Result<Contents, Fault> {
        let mut tx = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
        let moment: String = sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut *tx).await?;
        let contents = contents(&mut tx).await?;
        run("pg_dump", url, ["--format=custom", &format!("--snapshot={moment}"), "--file"], file).await?;
        drop(tx);
        std::fs::File::open(file)?.sync_all()?;
        read_through(file).await?;
        Ok(contents)
    }

    /// Ends all sessions.
    pub async fn end_all_sessions(&self, community: Community) -> Result<(), Fault> {
        sqlx::query("DELETE FROM session WHERE community = $1").bind(community).execute(&self.pool).await?;
        Ok(())
    }
}

async fn contents(db: &mut PgConnection) -> Result<Contents, Fault> {
    let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE '\\_%'
               ORDER BY tablename";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *db).await?;
    let mut rows = Vec::with_capacity(tables.len());
    for table in tables {
        // The names are the database's own.
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM \"{}\"", table.replace('"', "\"\"")));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut *db).await?;
        rows.push((table, unsigned(count)));
    }
    let row: Option<(String, String, i64)> =
        sqlx::query_as("SELECT name, epoch, head FROM community ORDER BY id").fetch_optional(db).await?;
    let (name, epoch, head) = row.ok_or(Fault::damaged("backup", "there is no community in it"))?;
    Ok(Contents { community: CommunityRow { name, epoch, head: unsigned(head), print: String::new() }, rows })
}

/// Tenths of a second that connections are given to end.
const GOING: u32 = 20;

/// Reads a copy from its beginning to its end, as restoring would.
///
/// # Errors
/// The file is no copy, or damaged.
pub async fn read_through(file: &Path) -> Result<(), Fault> {
    run("pg_restore", "", ["--file=/dev/null"], file).await
}

/// Puts a copy in place of whatever is in the database, all of it or nothing, and says what is there then.
///
/// # Errors
/// When someone else is connected to the database.
pub async fn restore(url: &str, file: &Path) -> Result<Contents, Fault> {
    let mut db = PgConnection::connect(url).await?;
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut others: i64 = sqlx::query_scalar(sql).fetch_one(&mut db).await?;
    // A server that has just been stopped leaves connections that PostgreSQL notices a moment later.
    for _ in 0..GOING {
        if others == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        others = sqlx::query_scalar(sql).fetch_one(&mut db).await?;
    }
    if others > 0 {
        return Err(Fault::Tool("someone is connected to the database: stop the server first".into()));
    }
    let how = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"];
    run("pg_restore", url, how, file).await?;
    let contents = contents(&mut db).await?;
    db.close().await?;
    Ok(contents)
}

/// Runs one of PostgreSQL's programs, with the password where no process list shows it.
async fn run<'a>(name: &str, url: &str, how: impl IntoIterator<Item = &'a str>, file: &Path) -> Result<(), Fault> {
    let program = program(name).ok_or_else(|| {
        Fault::Tool(format!(
            "`{name}` is not on this machine: install PostgreSQL's client programs (postgresql-client)"
        ))
    })?;
    let mut command = Command::new(program);
    if !url.is_empty() {
        let (address, password) = without_password(url);
        command.arg("--dbname").arg(address);
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
    }
    command.args(how.into_iter().map(OsStr::new)).arg(file).stdin(Stdio::null());
    let name = name.to_owned();
    let done = spawn_blocking(move || command.output()).await.map_err(|e| Fault::Tool(format!("{name}: {e}")))??;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(Fault::Tool(format!("{name}: {}", said.lines().next().unwrap_or("it failed"))))
}

/// The newest there is: Debian keeps several versions beside each other.
fn program(name: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let elsewhere = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
    debian.max().or(elsewhere)
}

/// The address without the password in it, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let split = || {
        let (scheme, rest) = url.split_once("://")?;
        let (login, place) = rest.split_once('@').filter(|(login, _)| !login.contains('/'))?;
        let (user, password) = login.split_once(':')?;
        Some((format!("{scheme}://{user}@{place}"), decoded(password)))
    };
    split().map_or_else(|| (url.to_owned(), None), |(url, password)| (url, Some(password)))
}

/// Percent-encoding undone.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_address() {
        for (url, address, password) in [
            ("postgres://linli:s%40ft%3A@db/x", "postgres://linli@db/x", Some("s@ft:")),
            ("postgres://linli@db/x", "postgres://linli@db/x", None),
            ("postgres://db/a:b@c", "postgres://db/a:b@c", None),
        ] {
            assert_eq!(without_password(url), (address.to_owned(), password.map(Into::into)), "{url}");
        }
    }
}
