//! What accounts take up.

use records::RecordId;

use super::{Connection, PushTransaction, Store, list, signed, text, unsigned};
use crate::db::{Community, Fault};

/// Accounts with a number each.
type ByAccount = Vec<(String, u64)>;

impl Store {
    /// Bytes of refused changes that are kept, by account.
    pub async fn refused_bytes(&self, community: Community) -> Result<ByAccount, Fault> {
        refused_bytes(&mut *self.reader().acquire().await?, community).await
    }

    /// Changes that were handed in on a day, by account.
    pub async fn taken(&self, community: Community, day: i64) -> Result<ByAccount, Fault> {
        taken(&mut *self.reader().acquire().await?, community, day).await
    }

    /// Bytes of photos and papers, whole or under way, by account.
    pub async fn file_bytes(&self, community: Community) -> Result<ByAccount, Fault> {
        let sql = "SELECT account, CAST(sum(bytes) AS BIGINT) FROM file WHERE community = $1 GROUP BY account ORDER BY account";
        read(sqlx::query_as(sql).bind(community).fetch_all(self.reader()).await?)
    }

    /// Notes that a file is begun.
    pub async fn begin_file(
        &self,
        community: Community,
        record: RecordId,
        hash: &str,
        account: &str,
        bytes: u64,
    ) -> Result<(), Fault> {
        let sql = "INSERT INTO file (community, record, hash, account, bytes) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (community, record, hash) DO UPDATE
                   SET account = excluded.account, bytes = excluded.bytes, whole = 0";
        let query = sqlx::query(sql).bind(community).bind(record.as_bytes().as_slice()).bind(hash);
        query.bind(text(account)).bind(signed(bytes)).execute(self.writer()).await?;
        Ok(())
    }

    /// Notes that a file is here whole, or that it is not taken.
    pub async fn end_file(
        &self,
        community: Community,
        record: RecordId,
        hash: &str,
        is_whole: bool,
    ) -> Result<(), Fault> {
        let sql = match is_whole {
            true => "UPDATE file SET whole = 1 WHERE community = $1 AND record = $2 AND hash = $3",
            false => "DELETE FROM file WHERE community = $1 AND record = $2 AND hash = $3",
        };
        let query = sqlx::query(sql).bind(community).bind(record.as_bytes().as_slice()).bind(hash);
        query.execute(self.writer()).await?;
        Ok(())
    }

    /// Files that are here whole: record and hash.
    pub async fn whole_files(&self, community: Community) -> Result<Vec<(RecordId, String)>, Fault> {
        let sql = "SELECT record, hash FROM file WHERE community = $1 AND whole = 1 ORDER BY record, hash";
        let rows: Vec<(Vec<u8>, String)> = sqlx::query_as(sql).bind(community).fetch_all(self.reader()).await?;
        let id = |id: &[u8]| RecordId::from_slice(id).map_err(|e| Fault::damaged("file", e));
        rows.into_iter().map(|(record, hash)| Ok((id(&record)?, hash))).collect()
    }
}

impl PushTransaction {
    /// Bytes of refused changes that are kept, by account.
    pub async fn refused_bytes(&mut self) -> Result<ByAccount, Fault> {
        let (tx, community) = self.parts();
        refused_bytes(tx, community).await
    }

    /// Changes that were handed in on a day, by account.
    pub async fn taken(&mut self, day: i64) -> Result<ByAccount, Fault> {
        let (tx, community) = self.parts();
        taken(tx, community, day).await
    }

    /// Notes that all files of the records are gone.
    pub async fn forget_files(&mut self, ids: &[RecordId]) -> Result<(), Fault> {
        let (tx, community) = self.parts();
        let sql = concat!("DELETE FROM file WHERE community = $1 AND record ", one_of_ids!(2));
        sqlx::query(sql).bind(community).bind(list::ids(ids)).execute(tx).await?;
        Ok(())
    }

    /// Notes that an account handed in so many changes on a day, and forgets other days of it.
    pub async fn take_changes(&mut self, account: &str, day: i64, changes: u64) -> Result<(), Fault> {
        let (tx, community) = self.parts();
        let sql = "DELETE FROM taken WHERE community = $1 AND account = $2 AND day <> $3";
        sqlx::query(sql).bind(community).bind(text(account)).bind(day).execute(&mut *tx).await?;
        let sql = "INSERT INTO taken (community, account, day, changes) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (community, account, day) DO UPDATE SET changes = taken.changes + excluded.changes";
        let query = sqlx::query(sql).bind(community).bind(text(account)).bind(day);
        query.bind(signed(changes)).execute(tx).await?;
        Ok(())
    }
}

async fn refused_bytes(db: &mut Connection, community: Community) -> Result<ByAccount, Fault> {
    let sql = "SELECT account, CAST(sum(octet_length(body) + octet_length(problems)) AS BIGINT) FROM quarantine
               WHERE community = $1 GROUP BY account ORDER BY account";
    read(sqlx::query_as(sql).bind(community).fetch_all(db).await?)
}

async fn taken(db: &mut Connection, community: Community, day: i64) -> Result<ByAccount, Fault> {
    let sql = "SELECT account, changes FROM taken WHERE community = $1 AND day = $2 ORDER BY account";
    read(sqlx::query_as(sql).bind(community).bind(day).fetch_all(db).await?)
}

fn read(rows: Vec<(String, i64)>) -> Result<ByAccount, Fault> {
    Ok(rows.into_iter().map(|(account, number)| (account, unsigned(number))).collect())
}
