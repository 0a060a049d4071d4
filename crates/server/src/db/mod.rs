//! The office's memory behind plain methods and plain types: the only place that knows a database.
//!
//! [`Store`] is one of two: SQLite, embedded, or PostgreSQL. What both do in the same words stands once, in `tables/`, and
//! is compiled for each; their folders hold what differs: connections, locks, how text and lists are passed. Nothing of it
//! shows above. `either` chooses at each call.

#![expect(clippy::duplicate_mod, reason = "what is in `tables/` is compiled for each database")]

mod either;
mod fault;
mod groups;
mod postgres;
mod sqlite;

use std::path::{Path, PathBuf};

pub use postgres::backup::{read_through, restore as restore_postgres};
pub use postgres::reach::reach;
pub use sqlite::backup::{contents as contents_of_file, release as release_file};

pub use either::{PushTransaction, ReadTransaction, Store};
pub use fault::{Beyond, Fault, Passing};
use groups::groups;

use records::RecordId;
use sync::{Bucket, DeviceId, Record, block::BlockId, wire::Verdict};

/// Where the memory is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// SQLite, in the file `linli.db` of this folder.
    Folder(PathBuf),
    /// PostgreSQL, at this address: `postgres://user:password@host/name`.
    Postgres(String),
}

impl<P: AsRef<Path>> From<P> for Place {
    fn from(folder: P) -> Self {
        Self::Folder(folder.as_ref().to_owned())
    }
}

/// The key of a community; leads every table's key.
pub type Community = i64;

/// XXH3-128 of a change's JSON.
pub type Content = [u8; 16];

/// A community's row without its pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityRow {
    /// Its name for people.
    pub name: String,
    /// Its history's name.
    pub epoch: String,
    /// The last sequence number given out.
    pub head: u64,
    /// A hash of the pack in force.
    pub print: String,
}

/// An account as stored.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The sign-in name.
    pub name: String,
    /// The person.
    pub person: String,
    /// Post in the pack.
    pub post: String,
    /// Argon2id in PHC form.
    pub password: String,
}

/// A live session with its account.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Whose.
    pub account: AccountRow,
    /// On which device.
    pub device: DeviceId,
    /// When it was last used, milliseconds since 1970 UTC, within an hour.
    pub seen_at: u64,
    /// The device was revoked.
    pub is_revoked: bool,
    /// The device has a secret of its own.
    pub has_secret: bool,
    /// A hash of the pack in force.
    pub print: String,
}

/// A device that someone signed in on, as stored.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    /// Its identity.
    pub id: DeviceId,
    /// What its user calls it.
    pub name: String,
    /// Who last signed in on it.
    pub account: String,
    /// The largest change number the office has of it.
    pub last_number: u64,
    /// Its last contact, within an hour.
    pub seen_at: u64,
    /// The buckets it was last told it holds, separated by spaces.
    pub held: String,
    /// When it was revoked.
    pub revoked_at: Option<u64>,
    /// When it said that it holds nothing any more.
    pub emptied_at: Option<u64>,
    /// It has a live session.
    pub is_signed_in: bool,
}

/// By what a device is known again, as stored.
#[derive(Clone, Debug, Default)]
pub struct ProofRow {
    /// The account that last signed in on it.
    pub account: Option<String>,
    /// SHA-256 of its browser's secret; empty when nobody may sign in on it, `None` before it has one.
    pub secret: Option<Vec<u8>>,
}

/// A record and what the feed and the checksum need of it.
#[derive(Clone, Debug)]
pub struct RecordRow {
    /// The merged state.
    pub record: Record,
    /// The bucket it is in.
    pub bucket: Bucket,
    /// [`sync::block::digest`] of it.
    pub digest: u64,
    /// Sequence number of the last change merged into it.
    pub seq: u64,
}

/// A change with its verdict, about to be kept.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// The change's number.
    pub number: u64,
    /// Its content's hash.
    pub content: Content,
    /// Its author, as it says.
    pub author: String,
    /// Its record.
    pub record: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its clock.
    pub clock: sync::Clock,
    /// What became of it.
    pub verdict: Verdict,
    /// Its JSON; only accepted changes keep it here.
    pub body: Option<String>,
}

/// What an accepted change says.
#[derive(Clone, Debug)]
pub enum ChangeBody {
    /// Its JSON.
    Here(String),
    /// Erased at a resident's request: the SHA-256 of what it was.
    Erased(Vec<u8>),
}

/// Something refused, kept word for word.
#[derive(Clone, Debug)]
pub struct QuarantineRow {
    /// The device it came from.
    pub device: DeviceId,
    /// The change's number; 0 when none can be read.
    pub number: u64,
    /// Its content's hash.
    pub content: Content,
    /// Who was signed in.
    pub account: String,
    /// When it came, milliseconds since 1970 UTC.
    pub received_at: u64,
    /// Why it was refused.
    pub problems: Vec<records::Problem>,
    /// What came, as JSON.
    pub body: String,
    /// The number of the change that put it right.
    pub mended_by: Option<u64>,
}

/// Where something refused stands in the list of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusalKey {
    /// [`QuarantineRow::received_at`].
    pub received_at: u64,
    /// [`QuarantineRow::number`].
    pub number: u64,
    /// [`QuarantineRow::device`].
    pub device: DeviceId,
    /// [`QuarantineRow::content`].
    pub content: Content,
}

/// A bucket's checksum and the sequence number of the last change in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct BucketRow {
    /// Number and sum of digests.
    pub sum: sync::wire::Checksum,
    /// The last change's sequence number.
    pub seq: u64,
}

/// A block as stored.
#[derive(Clone, Debug)]
pub struct BlockRow {
    /// Hash of the bytes.
    pub id: BlockId,
    /// The bucket it belongs to.
    pub bucket: Bucket,
    /// Records in it.
    pub records: u32,
    /// The block.
    pub bytes: Vec<u8>,
}

/// An imported roster as stored.
#[derive(Clone, Debug)]
pub struct RosterRow {
    /// Its identity.
    pub id: uuid::Uuid,
    /// The file's name.
    pub file: String,
    /// Who imported it.
    pub account: String,
    /// The device its changes were made on.
    pub device: DeviceId,
    /// When it was uploaded, milliseconds since 1970 UTC.
    pub at: u64,
    /// Where it stood when last written.
    pub state: sync::wire::RosterState,
    /// Records to be written or taken back.
    pub total: u32,
    /// Changes the office refused.
    pub refused: u32,
    /// What was planned.
    pub counts: sync::wire::RosterCounts,
    /// What was not taken back.
    pub kept: Vec<sync::wire::RosterKept>,
}

/// A row of the audit trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number: 1, 2, 3 … without holes.
    pub n: u64,
    /// When, milliseconds since 1970 UTC.
    pub at: u64,
    /// Whose session; empty for the command line.
    pub account: String,
    /// On which device; 0 for none.
    pub device: u64,
    /// What was done.
    pub what: String,
    /// To what: a bucket, an account …
    pub about: String,
    /// How many.
    pub count: u64,
    /// Of changes: the first and the last sequence number of the push they came with.
    pub seqs: (u64, u64),
    /// Of changes: SHA-256 over their JSON; empty otherwise.
    pub digest: Vec<u8>,
    /// SHA-256 over all of this and the hash of the row before.
    pub hash: Vec<u8>,
}

/// What a copy of the database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The community: its name, its history's and its counter.
    pub community: CommunityRow,
    /// Rows by table, by name.
    pub rows: Vec<(String, u64)>,
}

/// An unsigned number as a column keeps it: the same 64 bits.
fn signed(n: u64) -> i64 {
    n.cast_signed()
}

/// A column's number as it was meant.
fn unsigned(n: i64) -> u64 {
    n.cast_unsigned()
}

/// A column's number that was 32 bits wide when it was written.
fn small(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
