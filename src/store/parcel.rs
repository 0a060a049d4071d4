//! What waits here as one file, for an office that no line reaches: sealed, so that only the office opens it. Its form is said at
//! the server, which reads it (`office/parcel.rs`).

use serde_json::json;
use sync::Change;

use super::{Fate, Store, StoreError};

/// What a parcel begins with.
const MAGIC: &[u8] = b"linli parcel 1\n";

impl Store {
    /// Everything of the account that the office may not have: its changes, also refused ones, and its photos and papers. `None`
    /// when there is nothing.
    ///
    /// # Errors
    /// The shelf's; [`StoreError::Locked`] before anyone has signed in.
    pub async fn parcel(&self, account: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let own = self.ring.borrow().own().cloned();
        let Some((own, vault)) = own.zip(self.vault().await?) else { return Err(StoreError::Locked) };
        let entries = self.log().into_iter().flat_map(|row| row.entries);
        let open = entries.filter(|entry| entry.fate != Fate::Settled && entry.change.author == account);
        let changes: Vec<Change> = open.map(|entry| entry.change).collect();
        let (mut files, mut pieces) = (Vec::new(), Vec::new());
        for filed in self.files().into_iter().filter(|filed| filed.sent.is_none() && filed.by == account) {
            // One that is damaged does not keep the others back.
            if let Ok(Some(bytes)) = self.file(filed.record, &filed.hash).await {
                pieces.push(own.seal(&format!("parcel/{}", pieces.len() + 2), &bytes));
                files.push(json!({ "record": filed.record, "hash": filed.hash }));
            }
        }
        if changes.is_empty() && files.is_empty() {
            return Ok(None);
        }
        let device = self.numbers().map(|numbers| numbers.device);
        let list = json!({ "account": account, "device": device, "changes": changes, "files": files });
        let list = own.seal("parcel/1", list.to_string().as_bytes());
        let mut parcel = MAGIC.to_vec();
        for piece in [vault.for_office(), &list].into_iter().chain(pieces.iter().map(Vec::as_slice)) {
            parcel.extend(u32::try_from(piece.len()).unwrap_or(u32::MAX).to_be_bytes());
            parcel.extend(piece);
        }
        Ok(Some(parcel))
    }
}
