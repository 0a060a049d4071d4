//! Many records as few bytes: the unit of the first sync, of the tablet's store and, later, of sealing.
//!
//! A block is a version byte, the length of its body, and the body, deflated. The body is the number of records and the
//! bytes of each with their length: what a record is in memory, so that nothing is made of them when a block opens. It is
//! self-describing: fields and kinds that a reader's pack does not know survive.
//!
//! Version 1 had a dictionary for strings that recur and was read word by word into records of many small pieces. Deflate
//! finds what recurs as well.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::{
    Name, Record,
    record::bytes::{Cursor, Writer},
    wire::Checksum,
};

mod first;

/// Records in a full block: some forty kilobytes, which browsers keep in the row itself and not in a file beside it.
pub const RECORDS: usize = 512;
/// Most bytes of a block's decoded body; a larger one is damaged or hostile.
pub const MAX_BODY: usize = 32 * 1024 * 1024;

const FIRST: u8 = 1;
const VERSION: u8 = 2;
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
    let mut body = Writer::default();
    let mut count = 0;
    for record in records {
        let bytes = record.bytes();
        body.int(bytes.len() as u64);
        body.out.extend(bytes);
        count += 1;
    }
    let mut head = Writer::default();
    head.int(count);
    head.out.append(&mut body.out);
    let mut block = Writer::default();
    block.out.push(VERSION);
    block.int(head.out.len() as u64);
    block.out.extend(miniz_oxide::deflate::compress_to_vec(&head.out, LEVEL));
    block.out
}

/// The records of a block. They lie in one piece of memory, which goes when the last of them does.
#[inline(never)]
pub fn decode(bytes: &[u8]) -> Result<Vec<Record>, BadBlock> {
    opened(bytes, false)
}

/// The same of a block that this device has made or decoded before and kept under its seal since: whether each record is whole
/// is not asked again, which is half of the work. Of a broken one, what can be read is read.
#[inline(never)]
pub fn reopen(bytes: &[u8]) -> Result<Vec<Record>, BadBlock> {
    opened(bytes, true)
}

fn opened(bytes: &[u8], is_known: bool) -> Result<Vec<Record>, BadBlock> {
    let (version, packed) = bytes.split_first().ok_or(BadBlock::Damaged("empty"))?;
    match *version {
        VERSION => records(packed, is_known),
        FIRST => {
            let body = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, MAX_BODY).map_err(|_| INFLATES)?;
            first::Reader::block(&body)
        }
        version => Err(BadBlock::Version(version)),
    }
}

const INFLATES: BadBlock = BadBlock::Damaged("does not inflate");
/// Deflate makes a thousandth of its input at best; a block that says it makes more asks for memory it will not fill.
const MOST: usize = 1100;

fn records(packed: &[u8], is_known: bool) -> Result<Vec<Record>, BadBlock> {
    const SHORTER: BadBlock = BadBlock::Damaged("shorter than it says");
    let mut from = Cursor { rest: packed };
    let length = from.int().and_then(|n| usize::try_from(n).ok()).ok_or(SHORTER)?;
    if length > MAX_BODY || length / MOST > from.rest.len() {
        return Err(BadBlock::Damaged("longer than any block"));
    }
    let mut body: Arc<[u8]> = std::iter::repeat_n(0, length).collect();
    let room = Arc::get_mut(&mut body).ok_or(INFLATES)?;
    let made = miniz_oxide::inflate::decompress_slice_iter_to_slice(room, std::iter::once(from.rest), false, true);
    if made != Ok(length) {
        return Err(INFLATES);
    }
    let mut at = Cursor { rest: &body };
    let count = at.count().ok_or(SHORTER)?;
    let mut records = Vec::with_capacity(count);
    let mut names: Vec<Name> = Vec::new();
    let mut shared = |text: &str| match names.iter().find(|name| name.as_str() == text) {
        Some(name) => name.clone(),
        None => {
            // Of these a block has a handful; of what somebody made up, the first will do.
            let name = Name::from(text);
            if names.len() < 64 {
                names.push(name.clone());
            }
            name
        }
    };
    for _ in 0..count {
        let bytes = at.raw_text().ok_or(SHORTER)?;
        let to = body.len() - at.rest.len();
        let record = Record::lying(&body, to - bytes.len(), to, is_known, &mut shared);
        records.push(record.ok_or(BadBlock::Damaged("a record is broken"))?);
    }
    if at.rest.is_empty() { Ok(records) } else { Err(BadBlock::Damaged("longer than it says")) }
}

/// A record's hash for checksums: the same on every device that holds the same state of it.
pub fn digest(record: &Record) -> u64 {
    xxh3_64(record.bytes())
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
