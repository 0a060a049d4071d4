//! Small blocks that pulls left behind, rewritten as full ones, in idle time.

use std::collections::{BTreeMap, BTreeSet};

use records::Pack;
use sync::{Record, RecordId, block, book::Book};

use super::{Held, Here, Store, StoreError, checkpoint::blocks};

/// Small blocks a bucket may have before they are rewritten.
const SMALL: usize = 24;

/// The blocks that are due: a bucket's small ones when there are many, or all of it when half of what they hold is
/// older states of records that stand in other blocks too.
pub fn due(here: &Here, count: impl Fn(&str) -> usize) -> Option<BTreeSet<String>> {
    let mut kinds: BTreeMap<&str, Vec<&Held>> = BTreeMap::new();
    here.blocks.iter().for_each(|held| kinds.entry(held.bucket.kind()).or_default().push(held));
    kinds.into_iter().find_map(|(kind, blocks)| {
        let small: Vec<_> = blocks.iter().filter(|held| held.is_small()).copied().collect();
        let stored: usize = blocks.iter().map(|held| held.records as usize).sum();
        let worn = stored > 2 * count(kind).max(block::RECORDS);
        let due = if worn { blocks } else { small };
        (worn || due.len() > SMALL).then(|| due.iter().map(|held| held.key.clone()).collect())
    })
}

impl Store {
    /// Rewrites some blocks that are due from the book's settled records. Whether it did; call again until it did not.
    ///
    /// The book may move on meanwhile: it then says the same or more, and blocks join.
    pub async fn compact(&self, pack: &Pack, book: &std::cell::RefCell<Book>) -> Result<bool, StoreError> {
        let due = due(&self.here(), |kind| book.borrow().of_kind(kind).count());
        let Some(victims) = due else { return Ok(false) };
        let found = self.blocks(victims.iter().cloned().collect()).await?;
        let mut ids: BTreeSet<RecordId> = BTreeSet::new();
        for bytes in found {
            let records = bytes.and_then(|bytes| block::decode(&bytes).ok());
            // A block that cannot be read is not rewritten: the checksum finds it.
            let Some(records) = records else { return Ok(false) };
            ids.extend(records.iter().map(|r| r.id));
        }
        let settled: Vec<Record> = ids.iter().filter_map(|id| book.borrow().settled(*id).cloned()).collect();
        // The book is not whole, or not of these blocks: what it does not know must stay where it is.
        if settled.len() != ids.len() {
            return Ok(false);
        }
        let fresh = blocks(pack, &settled);
        // Records so large that no fewer blocks hold them would be rewritten for ever.
        if fresh.len() >= victims.len() {
            return Ok(false);
        }
        self.replace(&victims, fresh).await
    }
}
