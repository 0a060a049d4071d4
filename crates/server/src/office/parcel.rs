//! A tablet's unsynced work, saved as a file and brought by hand: opened with keys that the office works out, then judged and
//! merged as if the tablet had pushed it. Whatever the tablet pushes of it later, the office has already.
//!
//! A parcel is [`MAGIC`] and then pieces, each after its length (four bytes, big end first): the person's own key, wrapped by
//! the recovery key of their account on their device; the list of what is inside; and the files of that list in its order. All
//! but the first are sealed with the own key, each for its place. Nothing in it names anyone in the clear.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use records::{RecordId, Text};
use serde::Deserialize;
use serde_json::Value;
use sync::{
    DeviceId,
    wire::{HandedIn, MAX_CHANGES},
};

use super::{
    Author, Incoming, Office,
    accounts::recovery_key,
    audit::{By, What},
    files::{FileId, NotTaken},
};
use crate::db::Fault;

/// What a parcel begins with.
const MAGIC: &[u8] = b"linli parcel 1\n";
/// Bytes before a sealed text's nonce: its form, and the name of its key.
const HEAD: usize = 1 + 8;

/// Why a parcel was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadParcel {
    /// Something else.
    NotOne,
    /// Cut off or changed.
    Damaged,
    /// No account of this office has sealed it.
    Foreign,
}

impl BadParcel {
    /// What to tell the person.
    pub fn reason(self) -> Text {
        match self {
            Self::NotOne => Text::new("这不是平板上“把等待的记录存成文件”存出来的文件。", {
                "This is no file that a tablet saved with “Save what waits as a file”."
            }),
            Self::Damaged => Text::new("文件不完整，或者被改动过，请从平板上重新存一份。", {
                "The file is cut off or was changed. Please save it again on the tablet."
            }),
            Self::Foreign => Text::new("这个文件不是本社区的平板存的，打不开。", {
                "No tablet of this community has saved this file: it cannot be opened."
            }),
        }
    }
}

/// A key as a tablet keeps it.
#[derive(Deserialize)]
struct Key {
    secret: [u8; 32],
}

/// What is inside.
#[derive(Deserialize)]
struct List {
    account: String,
    device: DeviceId,
    changes: Vec<Value>,
    files: Vec<Filed>,
}

/// One of its files.
#[derive(Deserialize)]
struct Filed {
    record: RecordId,
    hash: String,
}

impl Office {
    /// Takes in the parcel of a tablet. What is refused is kept as refused, like all that is pushed.
    ///
    /// # Errors
    /// Only when the store fails. What had been taken in by then stays; the rest comes when the parcel is brought again.
    pub async fn open_parcel(&self, by: By<'_>, bytes: &[u8]) -> Result<Result<HandedIn, BadParcel>, Fault> {
        let Some(pieces) = bytes.strip_prefix(MAGIC) else { return Ok(Err(BadParcel::NotOne)) };
        let Some(pieces) = apart(pieces) else { return Ok(Err(BadParcel::Damaged)) };
        let [wrapped, list, files @ ..] = &*pieces else { return Ok(Err(BadParcel::Damaged)) };
        let Some((account, key)) = self.key_of(wrapped).await? else { return Ok(Err(BadParcel::Foreign)) };
        let list = open(&key, "parcel/1", list).and_then(|list| serde_json::from_slice::<List>(&list).ok());
        let Some(list) = list.filter(|list| list.files.len() == files.len()) else {
            return Ok(Err(BadParcel::Damaged));
        };
        let opened: Option<Vec<Vec<u8>>> =
            files.iter().zip(2..).map(|(file, n)| open(&key, &format!("parcel/{n}"), file)).collect();
        let Some(opened) = opened else { return Ok(Err(BadParcel::Damaged)) };
        let owner = self.store.proof(self.community, list.device).await?.and_then(|row| row.account);
        let post = self.store.account(self.community, &account).await?.map(|row| row.post);
        let Some(post) = post.filter(|_| list.account == account && owner.is_none_or(|owner| owner == account)) else {
            return Ok(Err(BadParcel::Foreign));
        };
        self.note_one(by, What::Parcel, &account, list.changes.len() as u64).await?;
        self.see_device(list.device, "").await?;
        let author = Author { account, post };
        let mut answer = HandedIn { account: author.account.clone(), ..HandedIn::default() };
        for changes in list.changes.chunks(MAX_CHANGES) {
            let incoming = changes.iter().cloned().map(Incoming::from).collect();
            let (_, tally) = self.push(&author, list.device, incoming).await?;
            answer.accepted += tally.accepted;
            answer.known += tally.repeated;
            answer.refused += tally.refused;
        }
        for (filed, bytes) in list.files.into_iter().zip(opened) {
            match self.keep_whole(&author, &FileId { record: filed.record, hash: filed.hash }, bytes).await {
                Ok(()) => answer.files += 1,
                Err(NotTaken::Fault(fault)) => return Err(fault),
                Err(_) => answer.files_refused += 1,
            }
        }
        Ok(Ok(answer))
    }

    /// Whose recovery key unwraps this own key, and the key. A device may have a new number since it was wrapped, so all are tried.
    async fn key_of(&self, wrapped: &[u8]) -> Result<Option<(String, [u8; 32])>, Fault> {
        let (secret, accounts) = (self.recovery_secret().await?, self.store.accounts(self.community).await?);
        for device in self.store.device_ids(self.community).await? {
            for account in &accounts {
                let opened = open(&recovery_key(&secret, &account.name, device)?, "vault/recovery", wrapped);
                if let Some(key) = opened.and_then(|own| serde_json::from_slice::<Key>(&own).ok()) {
                    return Ok(Some((account.name.clone(), key.secret)));
                }
            }
        }
        Ok(None)
    }

    /// Keeps a file whole, or what of it is not here yet.
    async fn keep_whole(&self, who: &Author, id: &FileId, bytes: Vec<u8>) -> Result<(), NotTaken> {
        let begun = self.begin_file(who, id, bytes.len() as u64).await?;
        if begun.offset < begun.length {
            let rest = bytes.get(begun.offset as usize..).unwrap_or_default().to_vec();
            self.add_to_file(who, id, begun.offset, rest).await?;
        }
        Ok(())
    }
}

/// Pieces, each after its length; `None` when one is cut short.
fn apart(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (piece, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        pieces.push(piece);
        bytes = rest;
    }
    Some(pieces)
}

/// What a tablet sealed for a place: form, key's name, nonce, then the text with its tag.
fn open(key: &[u8; 32], place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.get(HEAD..)?.split_first_chunk::<24>()?;
    let cipher = XChaCha20Poly1305::new(&(*key).into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: place.as_bytes() }).ok()
}
