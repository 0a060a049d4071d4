//! Many records as few bytes: the unit of the first sync, of the tablet's store and, later, of sealing.
//!
//! A block is a version byte and a deflated body. The body is self-describing, so fields and kinds that a reader's pack
//! does not know survive. Strings that recur (names of kinds, fields, authors, choices) go through a dictionary.

use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::{
    Record,
    block::code::{Reader, Writer},
    wire::Checksum,
};

mod code;

/// Records in a full block.
pub const RECORDS: usize = 256;
/// Most bytes of a block's decoded body; a larger one is damaged or hostile.
pub const MAX_BODY: usize = 32 * 1024 * 1024;

const VERSION: u8 = 1;
/// A middle deflate level: on records of ours 9 gains 3 % over 6 and takes three times as long.
const LEVEL: u8 = 6;

/// A block's name: the hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct BlockId(pub String);

impl BlockId {
    /// The id of these bytes. Guards against damage, not against forgery: blocks come from the server over TLS.
    pub fn of(bytes: &[u8]) -> Self {
        Self(format!("{:032x}", xxh3_128(bytes)))
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Bytes that are no block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBlock {
    /// Written by a newer version of this code.
    #[error("block version {0} is newer than this program")]
    Version(u8),
    /// Cut short or damaged.
    #[error("the block is damaged: {0}")]
    Damaged(&'static str),
}

/// The records as a block.
pub fn encode<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<u8> {
    let body = Writer::block(records);
    let mut bytes = vec![VERSION];
    bytes.extend(miniz_oxide::deflate::compress_to_vec(&body, LEVEL));
    bytes
}

/// The records of a block.
pub fn decode(bytes: &[u8]) -> Result<Vec<Record>, BadBlock> {
    let (version, packed) = bytes.split_first().ok_or(BadBlock::Damaged("empty"))?;
    if *version != VERSION {
        return Err(BadBlock::Version(*version));
    }
    let body = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, MAX_BODY)
        .map_err(|_| BadBlock::Damaged("does not inflate"))?;
    Reader::block(&body)
}

/// A record's hash for checksums: the same on every device that holds the same state of it.
pub fn digest(record: &Record) -> u64 {
    xxh3_64(&Writer::one(record))
}

impl Checksum {
    /// With one more record, whose [`digest`] is given.
    pub fn add(&mut self, digest: u64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(digest);
    }

    /// Without a record that was in it.
    pub fn remove(&mut self, digest: u64) {
        self.count -= 1;
        self.sum = self.sum.wrapping_sub(digest);
    }
}
