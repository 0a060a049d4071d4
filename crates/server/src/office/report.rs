//! Figures over all records, for posts that may see them, and for the command line.

use std::collections::BTreeMap;

use records::{
    Fields,
    figures::{Period, figures},
};
use sync::{Bucket, Record};
use tokio::task::spawn_blocking;

use super::Office;
use crate::db::Fault;

impl Office {
    /// Every indicator of the pack over the period, by name.
    pub async fn figures(&self, period: Period) -> Result<BTreeMap<String, i64>, Fault> {
        let pack = self.pack();
        let mut kinds: Vec<&str> = pack.indicators.iter().map(|i| i.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut tx = self.store.begin_read(self.community).await?;
        let mut states = Vec::new();
        for kind in kinds {
            states.extend(tx.of_kind(&Bucket::of(&pack, kind)).await?);
        }
        drop(tx);
        let count = move || {
            let records: Result<Vec<(String, Fields)>, serde_json::Error> = states
                .iter()
                .map(|json| {
                    serde_json::from_str::<Record>(json).map(|record| (record.kind.to_string(), record.values()))
                })
                .collect();
            records.map(|records| figures(&pack, period, records))
        };
        let counted = spawn_blocking(count).await.map_err(|e| Fault::Damaged { what: "figure", why: e.to_string() })?;
        counted.map_err(|e| Fault::Damaged { what: "record", why: e.to_string() })
    }
}
