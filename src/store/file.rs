//! Photos and papers: sealed bytes, and beside each a row that says whose it is and whether the office has it. A row that
//! was sent stays two weeks with its bytes, as settled work does, for a server that turns out to have lost them.

use records::{RecordId, file::Mention};
use serde::{Deserialize, Serialize};
use sync::{block::BlockId, history::KEEP_MILLIS};

use super::{Batch, Store, StoreError, batch::json, shelf::Area};

/// A file on this tablet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filed {
    /// The record that mentions it, or will.
    pub record: RecordId,
    /// The record's kind.
    pub kind: String,
    /// The SHA-256 of its bytes, hexadecimal.
    pub hash: String,
    /// Its name.
    pub name: String,
    /// How many bytes.
    pub bytes: u64,
    /// Account name of who took it.
    pub by: String,
    /// When, milliseconds since 1970 UTC.
    pub at: u64,
    /// When the office said that it has it whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<u64>,
}

impl Filed {
    /// As its record mentions it.
    pub fn mention(&self) -> Mention<'_> {
        Mention { hash: &self.hash, name: &self.name }
    }

    /// Whether it was sent so long ago that it need not be kept.
    pub fn is_old(&self, now: u64) -> bool {
        self.sent.is_some_and(|sent| now.saturating_sub(sent) > KEEP_MILLIS)
    }

    /// Its key in both areas: a hash, since what a tablet holds of whom stands in no key.
    pub(super) fn key(&self) -> String {
        key(self.record, &self.hash)
    }
}

fn key(record: RecordId, hash: &str) -> String {
    BlockId::of(format!("{record}/{hash}").as_bytes()).0
}

impl Batch {
    /// With a file's row as it is now.
    pub(super) fn filed(&mut self, filed: &Filed) {
        self.put(Area::Filed, filed.key(), json(filed));
    }

    /// Without a file.
    pub(super) fn unfile(&mut self, filed: &Filed) {
        self.delete(Area::Files, filed.key());
        self.delete(Area::Filed, filed.key());
    }
}

impl Store {
    /// The files here, the oldest first.
    pub fn files(&self) -> Vec<Filed> {
        let mut files: Vec<Filed> = self.mind.borrow().files.values().cloned().collect();
        files.sort_by_key(|filed| filed.at);
        files
    }

    /// Keeps a file, as surely as what a person writes.
    ///
    /// # Errors
    /// The shelf's; then nothing is kept.
    pub async fn keep_file(&self, filed: Filed, bytes: Vec<u8>) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let mut batch = Batch::strict();
        batch.put(Area::Files, filed.key(), bytes);
        batch.filed(&filed);
        self.commit(batch, |mind| drop(mind.files.insert(filed.key(), filed))).await
    }

    /// The bytes of a file; `None` when it is not here.
    ///
    /// # Errors
    /// The shelf's, or bytes that are not what was sealed.
    pub async fn file(&self, record: RecordId, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let key = key(record, hash);
        let found = self.shelf.some(Area::Files, vec![key.clone()]).await?.pop().flatten();
        found.map(|bytes| self.ring.borrow().open(Area::Files, &key, bytes)).transpose()
    }

    /// The office has a file whole since `now`.
    ///
    /// # Errors
    /// The shelf's; it is sent again then, which costs nothing.
    pub async fn file_sent(&self, filed: &Filed, now: u64) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let filed = Filed { sent: Some(now), ..filed.clone() };
        let mut batch = Batch::relaxed();
        batch.filed(&filed);
        self.commit(batch, |mind| drop(mind.files.insert(filed.key(), filed))).await
    }

    /// Forgets a file.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn drop_file(&self, filed: &Filed) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let mut batch = Batch::relaxed();
        batch.unfile(filed);
        self.commit(batch, |mind| drop(mind.files.remove(&filed.key()))).await
    }
}
