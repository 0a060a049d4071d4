//! The community's row: its name, history, counter and pack.

use records::Pack;

use super::{Store, signed, unsigned};
use crate::db::{Community, CommunityRow, Fault};

impl Store {
    /// The community, with its pack; `None` when there is none yet.
    pub async fn community(&self, id: Community) -> Result<Option<(CommunityRow, Pack)>, Fault> {
        let sql = "SELECT name, epoch, head, pack FROM community WHERE id = ?";
        let row: Option<(String, String, i64, String)> =
            sqlx::query_as(sql).bind(id).fetch_optional(&self.readers).await?;
        let Some((name, epoch, head, pack)) = row else { return Ok(None) };
        let pack = serde_json::from_str(&pack).map_err(|e| Fault::damaged("pack", e))?;
        Ok(Some((CommunityRow { name, epoch, head: unsigned(head) }, pack)))
    }

    /// Makes the community, with a history of its own.
    pub async fn add_community(&self, id: Community, row: &CommunityRow, pack: &Pack, now: u64) -> Result<(), Fault> {
        let json = serde_json::to_string(pack).map_err(|e| Fault::damaged("pack", e))?;
        sqlx::query("INSERT INTO community (id, name, epoch, pack, pack_version, made_at) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(id)
            .bind(&row.name)
            .bind(&row.epoch)
            .bind(json)
            .bind(i64::from(pack.version))
            .bind(signed(now))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Puts a pack in force. `moved` are the buckets whose name changes with it, because a kind's sensitivity does:
    /// from, to. Their records, checksums and blocks go along in the same transaction.
    pub async fn set_pack(&self, id: Community, pack: &Pack, moved: &[(String, String)]) -> Result<(), Fault> {
        let json = serde_json::to_string(pack).map_err(|e| Fault::damaged("pack", e))?;
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE community SET pack = ?, pack_version = ? WHERE id = ?")
            .bind(json)
            .bind(i64::from(pack.version))
            .bind(id)
            .execute(&mut *tx)
            .await?;
        for (from, to) in moved {
            for sql in [
                "UPDATE record SET bucket = ? WHERE community = ? AND bucket = ?",
                "UPDATE bucket SET name = ? WHERE community = ? AND name = ?",
                "UPDATE snapshot SET bucket = ? WHERE community = ? AND bucket = ?",
                "UPDATE block SET bucket = ? WHERE community = ? AND bucket = ?",
            ] {
                sqlx::query(sql).bind(to).bind(id).bind(from).execute(&mut *tx).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Names the history anew: after a restore from a backup, every device then reads everything again and pushes back
    /// what the office lost.
    pub async fn set_epoch(&self, id: Community, epoch: &str) -> Result<(), Fault> {
        sqlx::query("UPDATE community SET epoch = ? WHERE id = ?").bind(epoch).bind(id).execute(&self.writer).await?;
        Ok(())
    }

    /// What tablets' recovery keys are worked out from; `fresh` becomes it where there is none yet.
    pub async fn recovery(&self, id: Community, fresh: &[u8]) -> Result<Vec<u8>, Fault> {
        sqlx::query("UPDATE community SET recovery = ? WHERE id = ? AND recovery IS NULL")
            .bind(fresh)
            .bind(id)
            .execute(&self.writer)
            .await?;
        let sql = "SELECT recovery FROM community WHERE id = ?";
        Ok(sqlx::query_scalar(sql).bind(id).fetch_one(&self.writer).await?)
    }
}
