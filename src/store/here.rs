//! What `meta` keeps: small documents, each switched as a whole.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sync::{Bucket, DeviceId, block::RECORDS, wire::Cursor};

use super::StoreError;

/// Chromium moves values over 64 KiB out of the database into files of their own.
pub const MAX_BYTES: usize = 60 * 1024;

/// Keys in `meta`.
pub mod key {
    /// [`super::Numbers`].
    pub const NUMBERS: &str = "numbers";
    /// [`super::Here`].
    pub const HERE: &str = "here";
    /// A first sync under way, [`sync::engine::Staged`].
    pub const STAGED: &str = "staged";
    /// Who is signed in, [`sync::wire::Me`].
    pub const ME: &str = "me";
    /// Whose records are here, also while nobody is signed in: an account name.
    pub const OWNER: &str = "owner";
    /// The last good pack.
    pub const PACK: &str = "pack";
    /// The server's history as it was last met, [`sync::history::History`]: outlives the cursor.
    pub const HISTORY: &str = "history";
    /// The last moment given out, [`sync::Clock`].
    pub const CLOCK: &str = "clock";
    /// When the office was last met, [`super::super::Met`].
    pub const MET: &str = "met";
    /// What opens the tablet, [`super::super::vault::Vault`].
    pub const VAULT: &str = "vault";
    /// Wrong passwords in a row, [`super::super::vault::Tries`].
    pub const TRIES: &str = "tries";
    /// The keys of kinds of records, under the person's own.
    pub const KEYS: &str = "keys";
    /// What lies open: it must be read before anyone has said a password.
    pub const OPEN: [&str; 3] = [NUMBERS, VAULT, TRIES];
}

/// The device's identity and the last change number it gave out; written in the same transaction as the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// The device.
    pub device: DeviceId,
    /// The last number given out.
    pub last: u64,
}

/// The records that are here: how far they were read, and in which blocks they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Here {
    /// How far; `None` before the first sync is complete.
    pub cursor: Option<Cursor>,
    /// Blocks in use. Since records join, one may stand in several.
    pub blocks: Vec<Held>,
}

/// A block in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// Its key in `blocks`.
    pub key: String,
    /// Its bucket.
    pub bucket: Bucket,
    /// Records in it.
    pub records: u32,
    /// Its length.
    #[serde(default)]
    pub bytes: u32,
}

impl Held {
    /// Less than half full, in records and in bytes: what small pulls leave behind.
    pub fn is_small(&self) -> bool {
        (self.records as usize) < RECORDS / 2 && (self.bytes as usize) < MAX_BYTES / 2
    }
}

/// A document from opened bytes.
pub fn read<T: DeserializeOwned>(key: &str, bytes: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|e| StoreError::Damaged(format!("{key}: {e}")))
}
