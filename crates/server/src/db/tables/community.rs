//! The community's row: its name, history, counter and pack.

use records::Pack;

use super::{PushTransaction, Store, signed, text, unsigned};
use crate::db::{Community, CommunityRow, Fault};

impl Store {
    /// The community, with its pack; `None` when there is none yet.
    pub async fn community(&self, id: Community) -> Result<Option<(CommunityRow, Pack)>, Fault> {
        let sql = "SELECT name, epoch, head, pack_print, pack FROM community WHERE id = $1";
        let row: Option<(String, String, i64, String, String)> =
            sqlx::query_as(sql).bind(id).fetch_optional(self.reader()).await?;
        let Some((name, epoch, head, print, pack)) = row else { return Ok(None) };
        let pack = serde_json::from_str(&pack).map_err(|e| Fault::damaged("pack", e))?;
        Ok(Some((CommunityRow { name, epoch, head: unsigned(head), print }, pack)))
    }

    /// The community's counter and the hash of the pack in force.
    pub async fn standing(&self, id: Community) -> Result<(u64, String), Fault> {
        let sql = "SELECT head, pack_print FROM community WHERE id = $1";
        let (head, print): (i64, String) = sqlx::query_as(sql).bind(id).fetch_one(self.reader()).await?;
        Ok((unsigned(head), print))
    }

    /// Makes the community, with a history of its own.
    pub async fn add_community(&self, id: Community, row: &CommunityRow, pack: &Pack, now: u64) -> Result<(), Fault> {
        let json = serde_json::to_string(pack).map_err(|e| Fault::damaged("pack", e))?;
        sqlx::query(
            "INSERT INTO community (id, name, epoch, pack, pack_version, made_at, pack_print)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id)
        .bind(text(&row.name))
        .bind(&row.epoch)
        .bind(json)
        .bind(i64::from(pack.version))
        .bind(signed(now))
        .bind(&row.print)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// Names the history anew: after a restore from a backup, every device then reads everything again and pushes back
    /// what the office lost.
    pub async fn set_epoch(&self, id: Community, epoch: &str) -> Result<(), Fault> {
        sqlx::query("UPDATE community SET epoch = $1 WHERE id = $2")
            .bind(epoch)
            .bind(id)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// Names the history anew when the database goes on on another timeline than the one that was noted, and notes it; whether it
    /// did. The first one is only noted.
    pub async fn hold_to_timeline(&self, id: Community, timeline: &str, fresh: &str) -> Result<bool, Fault> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE community SET epoch = $1, timeline = $2 WHERE id = $3 AND timeline <> $4";
        let query = sqlx::query(sql).bind(fresh).bind(timeline).bind(id).bind(timeline);
        let is_another = query.execute(&mut *tx).await?.rows_affected() == 1;
        let sql = "UPDATE community SET timeline = $1 WHERE id = $2 AND timeline IS NULL";
        sqlx::query(sql).bind(timeline).bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(is_another)
    }

    /// What tablets' recovery keys are worked out from; `fresh` becomes it where there is none yet.
    pub async fn recovery(&self, id: Community, fresh: &[u8]) -> Result<Vec<u8>, Fault> {
        sqlx::query("UPDATE community SET recovery = $1 WHERE id = $2 AND recovery IS NULL")
            .bind(fresh)
            .bind(id)
            .execute(self.writer())
            .await?;
        let sql = "SELECT recovery FROM community WHERE id = $1";
        Ok(sqlx::query_scalar(sql).bind(id).fetch_one(self.writer()).await?)
    }
}

impl PushTransaction {
    /// The pack in force at this moment, which nobody else changes before the commit, and its hash.
    pub async fn pack(&mut self) -> Result<(Pack, String), Fault> {
        let (connection, id) = self.parts();
        let sql = "SELECT pack, pack_print FROM community WHERE id = $1";
        let (pack, print): (String, String) = sqlx::query_as(sql).bind(id).fetch_one(connection).await?;
        Ok((serde_json::from_str(&pack).map_err(|e| Fault::damaged("pack", e))?, print))
    }

    /// Puts a pack in force, with its hash. `renamed` are the buckets whose name changes with it, because a kind's sensitivity
    /// does: from, to. Their records, checksums and blocks go along.
    pub async fn set_pack(&mut self, pack: &Pack, print: &str, renamed: &[(String, String)]) -> Result<(), Fault> {
        let json = serde_json::to_string(pack).map_err(|e| Fault::damaged("pack", e))?;
        let (connection, id) = self.parts();
        sqlx::query("UPDATE community SET pack = $1, pack_version = $2, pack_print = $3 WHERE id = $4")
            .bind(json)
            .bind(i64::from(pack.version))
            .bind(print)
            .bind(id)
            .execute(&mut *connection)
            .await?;
        for (from, to) in renamed {
            for sql in [
                "UPDATE record SET bucket = $1 WHERE community = $2 AND bucket = $3",
                "UPDATE bucket SET name = $1 WHERE community = $2 AND name = $3",
                "UPDATE snapshot SET bucket = $1 WHERE community = $2 AND bucket = $3",
                "UPDATE block SET bucket = $1 WHERE community = $2 AND bucket = $3",
            ] {
                sqlx::query(sql).bind(to).bind(id).bind(from).execute(&mut *connection).await?;
            }
        }
        Ok(())
    }
}
