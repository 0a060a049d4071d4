//! Forms half filled, kept at every key press.

use serde::{Deserialize, Serialize};
use sync::{Draft, block::BlockId};

use super::{Batch, Store, StoreError, batch::json, shelf::Area};

/// A draft and whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Account name of the writer: only they see it.
    pub by: String,
    /// The screen's name for it, such as `new/service`.
    pub key: String,
    /// What is in it.
    pub draft: Draft,
    /// When it was last touched, milliseconds since 1970 UTC.
    pub at: u64,
}

impl Kept {
    /// The key in `drafts`: a hash, since neither accounts nor what is being written about stand in keys.
    pub(super) fn place(&self) -> String {
        BlockId::of(format!("{}\n{}", self.by, self.key).as_bytes()).0
    }

    fn is_of(&self, by: &str, key: &str) -> bool {
        self.by == by && self.key == key
    }
}

impl Store {
    /// Every draft by its place, whoever wrote it.
    pub fn drafts(&self) -> Vec<(String, Kept)> {
        self.mind.borrow().drafts.iter().map(|(place, kept)| (place.clone(), kept.clone())).collect()
    }

    /// Keeps a draft, in place of what the writer had under the same name.
    pub async fn keep_draft(&self, kept: Kept) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let (place, old) = (kept.place(), self.places(&kept.by, &kept.key));
        let batch = in_place_of(&old, &kept);
        self.commit(batch, |mind| {
            mind.drafts.retain(|place, _| !old.contains(place));
            mind.drafts.insert(place, kept);
        })
        .await
    }

    /// Sends a draft on its way without waiting for the writes before it, for a page that may be gone in a moment. The shelf
    /// carries writes out in the order sent. It is not remembered here: the caller keeps it once more if the page stays.
    pub async fn keep_draft_leaving(&self, kept: Kept) -> Result<(), StoreError> {
        let batch = in_place_of(&self.places(&kept.by, &kept.key), &kept);
        let write = self.ring.borrow_mut().seal(batch);
        self.shelf.write(write).await
    }

    /// Forgets a draft.
    pub async fn drop_draft(&self, by: &str, key: &str) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let old = self.places(by, key);
        let mut batch = Batch::strict();
        old.iter().for_each(|place| batch.delete(Area::Drafts, place));
        self.commit(batch, |mind| mind.drafts.retain(|place, _| !old.contains(place))).await
    }

    /// Where it lies, under whatever key a version of this program put it.
    pub(super) fn places(&self, by: &str, key: &str) -> Vec<String> {
        let mind = self.mind.borrow();
        mind.drafts.iter().filter(|(_, kept)| kept.is_of(by, key)).map(|(place, _)| place.clone()).collect()
    }
}

fn in_place_of(old: &[String], kept: &Kept) -> Batch {
    let mut batch = Batch::strict();
    old.iter().for_each(|old| batch.delete(Area::Drafts, old));
    batch.put(Area::Drafts, kept.place(), json(kept));
    batch
}
