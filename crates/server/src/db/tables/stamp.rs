//! Stamps that could not be true, and what the changes that bore them are merged under.

use std::collections::HashMap;

use sync::{Clock, DeviceId};

use super::{PushTransaction, list, signed};
use crate::db::Fault;

impl PushTransaction {
    /// Those of the stamps that stand for another one.
    pub async fn stamps(&mut self, said: &[Clock]) -> Result<HashMap<Clock, Clock>, Fault> {
        let (tx, community) = self.parts();
        let sql = concat!("SELECT said, counts_as FROM stamp WHERE community = $1 AND said ", one_of_ids!(2));
        let query = sqlx::query_as(sql).bind(community).bind(list::clocks(said));
        let rows: Vec<(Vec<u8>, Vec<u8>)> = query.fetch_all(tx).await?;
        rows.into_iter().map(|(said, counts_as)| Ok((clock(said)?, clock(counts_as)?))).collect()
    }

    /// Keeps that a stamp stands for another one.
    pub async fn put_stamp(&mut self, said: Clock, counts_as: Clock) -> Result<(), Fault> {
        let (tx, community) = self.parts();
        let sql = "INSERT INTO stamp (community, said, counts_as) VALUES ($1, $2, $3)";
        let query = sqlx::query(sql).bind(community).bind(said.to_bytes().to_vec());
        query.bind(counts_as.to_bytes().to_vec()).execute(tx).await?;
        Ok(())
    }

    /// The latest stamp among a device's changes, as they were merged, and among those that stand for its other ones, which
    /// may still be on their way.
    pub async fn latest_of(&mut self, device: DeviceId) -> Result<Clock, Fault> {
        let (tx, community) = self.parts();
        let sql = "SELECT clock FROM change WHERE community = $1 AND device = $2 ORDER BY clock DESC LIMIT 1";
        let merged = sqlx::query_scalar(sql).bind(community).bind(signed(device.0)).fetch_optional(&mut *tx).await?;
        // A moment ends with the device that gave it out.
        let sql = "SELECT counts_as FROM stamp WHERE community = $1 AND substr(said, 9) = $2
                   ORDER BY counts_as DESC LIMIT 1";
        let device = device.0.to_be_bytes().to_vec();
        let put_back = sqlx::query_scalar(sql).bind(community).bind(device).fetch_optional(tx).await?;
        let moment = |row: Option<Vec<u8>>| row.map_or(Ok(Clock::default()), clock);
        Ok(moment(merged)?.max(moment(put_back)?))
    }
}

fn clock(bytes: Vec<u8>) -> Result<Clock, Fault> {
    let bytes = bytes.try_into().map_err(|_| Fault::damaged("stamp", "it has another length"))?;
    Ok(Clock::from_bytes(bytes))
}
