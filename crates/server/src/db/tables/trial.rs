//! Whether anything can be written.

use super::Store;
use crate::db::{Community, Fault};

/// Bytes that are written: as many as several changes, and more than would fit where something lay before.
const BYTES: usize = 64 * 1024;

impl Store {
    /// Writes something into the table that holds the most and takes it out again; nobody else ever sees it.
    pub async fn try_write(&self, community: Community) -> Result<(), Fault> {
        let mut bytes = vec![0; BYTES];
        // What cannot be compressed.
        getrandom::fill(&mut bytes).map_err(|e| Fault::Tool(e.to_string()))?;
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO block (community, id, bucket, records, bytes) VALUES ($1, 'trial', '', 0, $2)";
        sqlx::query(sql).bind(community).bind(bytes).execute(&mut *tx).await?;
        let sql = "DELETE FROM block WHERE community = $1 AND id = 'trial'";
        sqlx::query(sql).bind(community).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }
}
