//! Forms half filled, kept at every key press.

use serde::{Deserialize, Serialize};
use sync::Draft;

use super::{Batch, Store, StoreError, here::sealed, shelf::Area};

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
    /// The key in `drafts`: two accounts may have a draft under the same name, and no account's name is in a key.
    pub fn place(by: &str, key: &str) -> String {
        let by = sync::block::BlockId::of(by.as_bytes()).0;
        format!("{}/{key}", &by[..12])
    }
}

impl Store {
    /// Every draft by its place, whoever wrote it.
    pub fn drafts(&self) -> Vec<(String, Kept)> {
        self.mind.borrow().drafts.iter().map(|(place, kept)| (place.clone(), kept.clone())).collect()
    }

    /// Keeps a draft.
    pub async fn keep_draft(&self, kept: Kept) -> Result<(), StoreError> {
        let place = Kept::place(&kept.by, &kept.key);
        let mut batch = Batch::strict();
        batch.put(Area::Drafts, place.clone(), sealed(&kept));
        let _turn = self.turn.lock().await;
        self.commit(batch, |mind| drop(mind.drafts.insert(place, kept))).await
    }

    /// Forgets a draft.
    pub async fn drop_draft(&self, by: &str, key: &str) -> Result<(), StoreError> {
        let place = Kept::place(by, key);
        let mut batch = Batch::strict();
        batch.delete(Area::Drafts, place.clone());
        let _turn = self.turn.lock().await;
        self.commit(batch, |mind| drop(mind.drafts.remove(&place))).await
    }
}
