//! Devices: what each holds, and those that were revoked.

use sync::DeviceId;

use super::{PushTransaction, ReadTransaction, Store, signed, text, unsigned};
use crate::db::{AccountRow, Community, DeviceRow, Fault, ProofRow};

type Row = (i64, String, Option<String>, i64, i64, String, Option<i64>, Option<i64>, bool);

impl Store {
    /// Devices that someone signed in on, the latest contact first. Signed in are those with a session that was used since
    /// `seen`.
    pub async fn devices(&self, community: Community, seen: u64) -> Result<Vec<DeviceRow>, Fault> {
        let sql = "SELECT id, name, account, last_number, seen_at, held, revoked_at, emptied_at,
                   EXISTS (SELECT 1 FROM session s
                           WHERE s.community = d.community AND s.device = d.id AND s.seen_at >= $1)
                   FROM device d WHERE community = $2 AND account IS NOT NULL ORDER BY seen_at DESC, id";
        let query = sqlx::query_as(sql).bind(signed(seen)).bind(community);
        Ok(query.fetch_all(self.reader()).await?.into_iter().map(read).collect())
    }

    /// Notes that a device was told that it holds these buckets.
    pub async fn see_held(&self, community: Community, id: DeviceId, held: &str, now: u64) -> Result<(), Fault> {
        let sql = "UPDATE device SET held = $1, seen_at = $2 WHERE community = $3 AND id = $4";
        sqlx::query(sql)
            .bind(text(held))
            .bind(signed(now))
            .bind(community)
            .bind(signed(id.0))
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// Revokes a device that someone signed in on, or allows it again (`None`). `false` when there is no such device.
    pub async fn revoke(&self, community: Community, id: DeviceId, at: Option<u64>) -> Result<bool, Fault> {
        let sql = "UPDATE device SET revoked_at = $1, emptied_at = NULL
                   WHERE community = $2 AND id = $3 AND account IS NOT NULL";
        let query = sqlx::query(sql).bind(at.map(signed)).bind(community).bind(signed(id.0));
        Ok(query.execute(self.writer()).await?.rows_affected() == 1)
    }

    /// By what a device is known again; `None` when there is no such device.
    pub async fn proof(&self, community: Community, id: DeviceId) -> Result<Option<ProofRow>, Fault> {
        let sql = "SELECT account, secret FROM device WHERE community = $1 AND id = $2";
        let query = sqlx::query_as(sql).bind(community).bind(signed(id.0));
        let row: Option<(Option<String>, Option<Vec<u8>>)> = query.fetch_optional(self.reader()).await?;
        Ok(row.map(|(account, secret)| ProofRow { account, secret }))
    }

    /// Gives a device that has none its secret.
    pub async fn claim(&self, community: Community, id: DeviceId, secret: &[u8]) -> Result<(), Fault> {
        let sql = "UPDATE device SET secret = $1 WHERE community = $2 AND id = $3 AND secret IS NULL";
        sqlx::query(sql).bind(secret).bind(community).bind(signed(id.0)).execute(self.writer()).await?;
        Ok(())
    }

    /// Takes the secrets of all devices away, as in a database of before there were any.
    #[doc(hidden)]
    pub async fn forget_secrets(&self, community: Community) -> Result<(), Fault> {
        sqlx::query("UPDATE device SET secret = NULL WHERE community = $1")
            .bind(community)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// Revoked devices of a browser that are not empty yet, each with the account that last signed in on it.
    pub async fn leaving(&self, community: Community, secret: &[u8]) -> Result<Vec<(DeviceId, AccountRow)>, Fault> {
        let sql = "SELECT d.id, a.name, a.person, a.post, a.password FROM device d
                   JOIN account a ON a.community = d.community AND a.name = d.account
                   WHERE d.community = $1 AND d.secret = $2 AND d.revoked_at IS NOT NULL AND d.emptied_at IS NULL";
        let query = sqlx::query_as(sql).bind(community).bind(secret);
        let rows: Vec<(i64, String, String, String, String)> = query.fetch_all(self.reader()).await?;
        let read =
            |(id, name, person, post, password)| (DeviceId(unsigned(id)), AccountRow { name, person, post, password });
        Ok(rows.into_iter().map(read).collect())
    }

    /// Notes that a revoked device holds nothing any more, and ends its sessions.
    pub async fn emptied(&self, community: Community, id: DeviceId, now: u64) -> Result<(), Fault> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE device SET held = '', emptied_at = $1, seen_at = $2 WHERE community = $3 AND id = $4")
            .bind(signed(now))
            .bind(signed(now))
            .bind(community)
            .bind(signed(id.0))
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM session WHERE community = $1 AND device = $2")
            .bind(community)
            .bind(signed(id.0))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

impl PushTransaction {
    /// The largest change number the office has of a device.
    pub async fn last_number(&mut self, device: DeviceId) -> Result<u64, Fault> {
        let (tx, community) = self.parts();
        let sql = "SELECT last_number FROM device WHERE community = $1 AND id = $2";
        let query = sqlx::query_scalar(sql).bind(community).bind(signed(device.0));
        Ok(query.fetch_optional(tx).await?.map_or(0, unsigned))
    }
}

impl ReadTransaction {
    /// The buckets a device was last told it holds, and when that was.
    pub async fn held(&mut self, id: DeviceId) -> Result<Option<(String, u64)>, Fault> {
        let (tx, community) = self.parts();
        let sql = "SELECT held, seen_at FROM device WHERE community = $1 AND id = $2";
        let query = sqlx::query_as(sql).bind(community).bind(signed(id.0));
        let row: Option<(String, i64)> = query.fetch_optional(tx).await?;
        Ok(row.map(|(held, seen_at)| (held, unsigned(seen_at))))
    }
}

fn read((id, name, account, last_number, seen_at, held, revoked_at, emptied_at, is_signed_in): Row) -> DeviceRow {
    DeviceRow {
        id: DeviceId(unsigned(id)),
        name,
        account: account.unwrap_or_default(),
        last_number: unsigned(last_number),
        seen_at: unsigned(seen_at),
        held,
        revoked_at: revoked_at.map(unsigned),
        emptied_at: emptied_at.map(unsigned),
        is_signed_in,
    }
}
