//! Figures over all records, for posts that may see them, and for the command line.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use records::{
    RecordId,
    figures::{Ask, Figures, Tally},
};
use sync::{
    Record,
    count::{RecordSource, count},
};

use super::{
    Office,
    turn::{GivenUp, Turn},
};
use crate::db::Fault;

impl Office {
    /// Every indicator of the pack, over all records whoever may see them.
    pub async fn figures(&self, ask: Ask) -> Result<Figures, Fault> {
        let turn = self.turn().await?;
        let pack = self.pack();
        let kinds: BTreeSet<String> = Tally::new(&pack, ask.clone()).kinds_read().into_iter().map(Into::into).collect();
        let held = self.held(&turn, &kinds).await?;
        turn.run(move || count(&pack, ask, &held)).await
    }

    /// All records of some kinds, for work of this turn.
    pub(super) async fn held(&self, turn: &Turn, kinds: &BTreeSet<String>) -> Result<Records, Fault> {
        let mut tx = self.store.begin_read_aside(self.community).await?;
        let mut held = Records { given_up: turn.given_up(), ..Records::default() };
        for kind in kinds {
            let mut records = Vec::new();
            let read = |json: String| {
                records.push(serde_json::from_str(&json).map_err(|e| Fault::damaged("record", e))?);
                Ok(())
            };
            tx.each_of_kind(kind, read).await?;
            held.put(kind, records);
        }
        Ok(held)
    }
}

/// Records of some kinds, read for counting.
#[derive(Default)]
pub struct Records {
    kinds: BTreeMap<String, Vec<Record>>,
    at: HashMap<RecordId, (Arc<str>, u32)>,
    given_up: GivenUp,
}

impl Records {
    fn put(&mut self, kind: &str, mut records: Vec<Record>) {
        records.sort_unstable_by_key(|record: &Record| record.id);
        records.shrink_to_fit();
        let name: Arc<str> = kind.into();
        self.at.extend(records.iter().zip(0..).map(|(record, at)| (record.id, (name.clone(), at))));
        self.kinds.insert(kind.to_owned(), records);
    }
}

impl RecordSource for Records {
    fn of_kind<'a>(&'a self, kind: &str) -> Box<dyn Iterator<Item = &'a Record> + 'a> {
        // Whatever goes through records comes to its end when nobody waits for it any more.
        Box::new(self.kinds.get(kind).into_iter().flatten().take_while(|_| !self.given_up.is_so()))
    }

    fn record(&self, id: RecordId) -> Option<&Record> {
        let (kind, at) = self.at.get(&id)?;
        self.kinds.get(&**kind)?.get(*at as usize)
    }
}
