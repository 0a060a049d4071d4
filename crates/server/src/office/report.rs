//! Figures over all records, for posts that may see them, and for the command line.

use std::collections::{BTreeMap, HashMap};

use records::{
    RecordId,
    figures::{Ask, Figures, Tally},
};
use sync::{
    Record,
    count::{Held, count},
};
use tokio::task::spawn_blocking;

use super::Office;
use crate::db::Fault;

impl Office {
    /// Every indicator of the pack, over all records whoever may see them.
    pub async fn figures(&self, ask: Ask) -> Result<Figures, Fault> {
        let pack = self.pack();
        let kinds: Vec<String> = Tally::new(&pack, ask.clone()).kinds_read().into_iter().map(Into::into).collect();
        let held = self.held(&kinds).await?;
        let counted = spawn_blocking(move || count(&pack, ask, &held)).await;
        counted.map_err(|e| Fault::damaged("figure", e))
    }

    /// All records of some kinds.
    pub(super) async fn held(&self, kinds: &[String]) -> Result<Records, Fault> {
        let mut tx = self.store.begin_read(self.community).await?;
        let mut states = Vec::new();
        for kind in kinds {
            states.push((kind.clone(), tx.of_kind(kind).await?));
        }
        drop(tx);
        let held = spawn_blocking(move || Records::read(states)).await;
        held.map_err(|e| Fault::damaged("record", e))?
    }
}

/// Records of some kinds, read for counting.
#[derive(Default)]
pub struct Records {
    kinds: BTreeMap<String, Vec<Record>>,
    at: HashMap<RecordId, (String, usize)>,
}

impl Records {
    fn read(states: Vec<(String, Vec<String>)>) -> Result<Self, Fault> {
        let mut held = Self::default();
        for (kind, states) in states {
            let records: Result<Vec<Record>, _> = states.iter().map(|json| serde_json::from_str(json)).collect();
            let records = records.map_err(|e| Fault::damaged("record", e))?;
            held.at.extend(records.iter().enumerate().map(|(at, record)| (record.id, (kind.clone(), at))));
            held.kinds.insert(kind, records);
        }
        Ok(held)
    }
}

impl Held for Records {
    fn of_kind<'a>(&'a self, kind: &str) -> Box<dyn Iterator<Item = &'a Record> + 'a> {
        Box::new(self.kinds.get(kind).into_iter().flatten())
    }

    fn record(&self, id: RecordId) -> Option<&Record> {
        let (kind, at) = self.at.get(&id)?;
        self.kinds.get(kind)?.get(*at)
    }
}
