//! Forms half filled, kept at every key press.

use serde::{Deserialize, Serialize};
use sync::{Draft, block::BlockId};

use super::{Batch, Store, StoreError, batch::json, here, shelf::Area};

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

/// A draft that nobody can read without the person's key, and its place in the shelf.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SealedDraft {
    place: String,
    bytes: Vec<u8>,
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
        let mut batch = Batch::strict();
        old.iter().for_each(|old| batch.delete(Area::Drafts, old));
        batch.put(Area::Drafts, place.clone(), json(&kept));
        self.commit(batch, |mind| {
            mind.drafts.retain(|place, _| !old.contains(place));
            mind.drafts.insert(place, kept);
        })
        .await
    }

    /// A draft as the shelf would have it, for keeping it elsewhere while the shelf is busy; `None` where nothing is sealed.
    pub fn sealed_draft(&self, kept: &Kept) -> Option<SealedDraft> {
        let place = kept.place();
        let bytes = self.ring.borrow().closed_own(Area::Drafts, &place, &json(kept))?;
        Some(SealedDraft { place, bytes })
    }

    /// Takes a draft back that was kept elsewhere, unless the store has a later one.
    ///
    /// # Errors
    /// Those of reading, when it is not this store's or was changed, and those of writing.
    pub async fn take_draft(&self, SealedDraft { place, bytes }: SealedDraft) -> Result<(), StoreError> {
        let kept: Kept = here::read("draft", &self.ring.borrow().open(Area::Drafts, &place, bytes)?)?;
        let is_later = self.mind.borrow().drafts.get(&place).is_none_or(|known| known.at <= kept.at);
        if is_later { self.keep_draft(kept).await } else { Ok(()) }
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
