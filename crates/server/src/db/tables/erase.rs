//! Words that go for good: a record's changes and refusals, and what the database still has of them beside its tables.

use records::RecordId;
use sha2::{Digest, Sha256};

use super::{PushTransaction, list};
use crate::db::{Fault, RosterRow};

impl PushTransaction {
    /// Takes the words out of all accepted changes of the records, leaving their hashes. How many.
    pub async fn erase_changes(&mut self, ids: &[RecordId]) -> Result<u64, Fault> {
        let (tx, community) = self.parts();
        let sql = concat!(
            "SELECT device, number, body FROM change WHERE community = $1 AND body IS NOT NULL AND record ",
            one_of_ids!(2)
        );
        let query = sqlx::query_as(sql).bind(community).bind(list::ids(ids));
        let rows: Vec<(i64, i64, String)> = query.fetch_all(&mut *tx).await?;
        for (device, number, body) in &rows {
            let sql = "UPDATE change SET body = NULL, erased = $1 WHERE community = $2 AND device = $3 AND number = $4";
            let print = Sha256::digest(body).to_vec();
            sqlx::query(sql).bind(print).bind(community).bind(device).bind(number).execute(&mut *tx).await?;
        }
        Ok(rows.len() as u64)
    }

    /// Takes the words out of everything in quarantine that names one of the records, leaving `instead`.
    pub async fn erase_refused(&mut self, ids: &[RecordId], instead: &str) -> Result<(), Fault> {
        let (tx, community) = self.parts();
        for id in ids {
            let sql = "UPDATE quarantine SET body = $1 WHERE community = $2 AND body LIKE $3";
            let names = format!("%{id}%");
            sqlx::query(sql).bind(instead).bind(community).bind(names).execute(&mut *tx).await?;
        }
        Ok(())
    }

    /// Takes the names of the records out of what rosters could not take back.
    pub async fn erase_kept(&mut self, ids: &[RecordId], rosters: &[RosterRow]) -> Result<(), Fault> {
        let (tx, community) = self.parts();
        for row in rosters.iter().filter(|row| row.kept.iter().any(|kept| ids.contains(&kept.record))) {
            let mut kept = row.kept.clone();
            kept.iter_mut().filter(|kept| ids.contains(&kept.record)).for_each(|kept| kept.title = Default::default());
            let kept = serde_json::to_string(&kept).map_err(|e| Fault::damaged("roster", e))?;
            let sql = "UPDATE roster SET kept = $1 WHERE community = $2 AND id = $3";
            sqlx::query(sql).bind(kept).bind(community).bind(row.id.as_bytes().as_slice()).execute(&mut *tx).await?;
        }
        Ok(())
    }
}
