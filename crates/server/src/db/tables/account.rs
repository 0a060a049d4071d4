//! Accounts, devices and sessions.

use sync::DeviceId;

use super::{Store, signed, text, unsigned};
use crate::db::{AccountRow, Community, Fault, SessionRow};

impl Store {
    /// The account called `name`.
    pub async fn account(&self, community: Community, name: &str) -> Result<Option<AccountRow>, Fault> {
        let sql = "SELECT name, person, post, password FROM account WHERE community = $1 AND name = $2";
        let row: Option<(String, String, String, String)> =
            sqlx::query_as(sql).bind(community).bind(text(name)).fetch_optional(self.reader()).await?;
        Ok(row.map(|(name, person, post, password)| AccountRow { name, person, post, password }))
    }

    /// All accounts, by name.
    pub async fn accounts(&self, community: Community) -> Result<Vec<AccountRow>, Fault> {
        let sql = "SELECT name, person, post, password FROM account WHERE community = $1 ORDER BY name";
        let rows: Vec<(String, String, String, String)> =
            sqlx::query_as(sql).bind(community).fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(|(name, person, post, password)| AccountRow { name, person, post, password }).collect())
    }

    /// Adds an account; `false` when the name is taken.
    pub async fn add_account(&self, community: Community, row: &AccountRow, now: u64) -> Result<bool, Fault> {
        let sql =
            "INSERT INTO account (community, name, person, post, password, made_at) VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT DO NOTHING";
        let done = sqlx::query(sql)
            .bind(community)
            .bind(text(&row.name))
            .bind(text(&row.person))
            .bind(text(&row.post))
            .bind(&row.password)
            .bind(signed(now))
            .execute(self.writer())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives an account a new password and ends its sessions; `false` when there is no such account.
    pub async fn set_password(&self, community: Community, name: &str, password: &str) -> Result<bool, Fault> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("UPDATE account SET password = $1 WHERE community = $2 AND name = $3")
            .bind(password)
            .bind(community)
            .bind(text(name))
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM session WHERE community = $1 AND account = $2")
            .bind(community)
            .bind(text(name))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives an account another post, and keeps for each of its devices which one it had until `now`; `false` when there is
    /// no such account.
    pub async fn set_post(&self, community: Community, name: &str, post: &str, now: u64) -> Result<bool, Fault> {
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO former_post (community, account, device, post, until)
                   SELECT a.community, a.name, d.id, a.post, $1 FROM account a
                   JOIN device d ON d.community = a.community AND d.account = a.name
                   WHERE a.community = $2 AND a.name = $3 AND a.post <> $4 ON CONFLICT DO NOTHING";
        let query = sqlx::query(sql).bind(signed(now)).bind(community).bind(text(name)).bind(text(post));
        query.execute(&mut *tx).await?;
        let sql = "UPDATE account SET post = $1 WHERE community = $2 AND name = $3";
        let done = sqlx::query(sql).bind(text(post)).bind(community).bind(text(name)).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Makes a device known, or sees it again. An empty `name` leaves the name as it was.
    pub async fn see_device(&self, community: Community, id: DeviceId, name: &str, now: u64) -> Result<(), Fault> {
        let sql = "INSERT INTO device (community, id, name, seen_at) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (community, id) DO UPDATE SET name = CASE WHEN excluded.name = '' THEN device.name
                   ELSE excluded.name END, seen_at = excluded.seen_at";
        sqlx::query(sql)
            .bind(community)
            .bind(signed(id.0))
            .bind(text(name))
            .bind(signed(now))
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// Begins a session under the hash of its token, in place of those the account had on the device.
    pub async fn add_session(
        &self,
        community: Community,
        token: &[u8],
        account: &str,
        device: DeviceId,
        now: u64,
    ) -> Result<(), Fault> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM session WHERE community = $1 AND account = $2 AND device = $3")
            .bind(community)
            .bind(text(account))
            .bind(signed(device.0))
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE device SET account = $1 WHERE community = $2 AND id = $3")
            .bind(text(account))
            .bind(community)
            .bind(signed(device.0))
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO session (community, token, account, device, made_at, seen_at)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        sqlx::query(sql)
            .bind(community)
            .bind(token)
            .bind(text(account))
            .bind(signed(device.0))
            .bind(signed(now))
            .bind(signed(now))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The session under this hash, if it was used since `seen` and begun since `made`.
    pub async fn session(
        &self,
        community: Community,
        token: &[u8],
        seen: u64,
        made: u64,
    ) -> Result<Option<SessionRow>, Fault> {
        let sql = "SELECT a.name, a.person, a.post, a.password, s.device, s.seen_at, d.revoked_at IS NOT NULL,
                   d.secret IS NOT NULL, c.pack_print
                   FROM session s JOIN account a ON a.community = s.community AND a.name = s.account
                   JOIN device d ON d.community = s.community AND d.id = s.device
                   JOIN community c ON c.id = s.community
                   WHERE s.community = $1 AND s.token = $2 AND s.seen_at >= $3 AND s.made_at >= $4";
        let query = sqlx::query_as(sql).bind(community).bind(token).bind(signed(seen)).bind(signed(made));
        type Row = (String, String, String, String, i64, i64, bool, bool, String);
        let row: Option<Row> = query.fetch_optional(self.reader()).await?;
        Ok(row.map(|(name, person, post, password, device, seen_at, is_revoked, has_secret, print)| SessionRow {
            account: AccountRow { name, person, post, password },
            device: DeviceId(unsigned(device)),
            seen_at: unsigned(seen_at),
            is_revoked,
            has_secret,
            print,
        }))
    }

    /// Notes that a session is used.
    pub async fn see_session(&self, community: Community, token: &[u8], now: u64) -> Result<(), Fault> {
        let sql = "UPDATE session SET seen_at = $1 WHERE community = $2 AND token = $3";
        sqlx::query(sql).bind(signed(now)).bind(community).bind(token).execute(self.writer()).await?;
        Ok(())
    }

    /// Ends a session, and forgets all that ended by themselves: unused since `seen`, or begun before `made`.
    pub async fn end_session(&self, community: Community, token: &[u8], seen: u64, made: u64) -> Result<(), Fault> {
        let sql = "DELETE FROM session WHERE community = $1 AND (token = $2 OR seen_at < $3 OR made_at < $4)";
        let query = sqlx::query(sql).bind(community).bind(token).bind(signed(seen)).bind(signed(made));
        query.execute(self.writer()).await?;
        Ok(())
    }
}
