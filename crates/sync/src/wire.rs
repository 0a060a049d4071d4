//! What crosses the network: JSON both ways, blocks as bytes. The only module whose shapes are promised to old tablets.

use std::collections::BTreeMap;

use records::{Problem, Value};
use serde::{Deserialize, Serialize};

use crate::{Bucket, Change, DeviceId, block::BlockId, record::Record};

mod audit;
mod device;
mod erase;
mod form;
mod pack;
mod refusal;
mod roster;
mod usage;

pub use audit::*;
pub use device::*;
pub use erase::*;
pub use form::*;
pub use pack::*;
pub use refusal::*;
pub use roster::*;
pub use usage::*;

/// The schema of changes and records spoken here. The server accepts this one and two before.
pub const SCHEMA: u16 = 1;
/// Most changes in one request.
pub const MAX_CHANGES: usize = 500;
/// Most bytes of changes in one request, as JSON: with all around them less than the mebibyte that proxies let pass when
/// nobody has told them otherwise.
pub const MAX_PUSH_BYTES: usize = 1_000_000;
/// Most bytes of one change as JSON; a larger one is refused into quarantine.
pub const MAX_CHANGE_BYTES: usize = 256 * 1024;
/// Most lists or objects in one another in a value of a change: blocks are read to a depth of 64, and a record that no
/// tablet can read must not come in.
pub const MAX_DEPTH: usize = 32;
/// Most records in one page of a pull.
pub const PAGE: usize = 1000;

/// How far a device has read: moves by pull alone, never by the device's own push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cursor {
    /// The server's history; changes when the server was restored from a backup.
    pub epoch: String,
    /// The last sequence number read.
    pub seq: u64,
    /// Fingerprint of the buckets the session may read.
    pub scope: String,
    /// [`SCHEMA`] it was read with.
    pub schema: u16,
}

/// `POST /api/v1/sync`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncRequest {
    /// The device that asks.
    pub device: DeviceId,
    /// The schema it speaks.
    pub schema: u16,
    /// `None` for a first sync.
    pub cursor: Option<Cursor>,
    /// Buckets whose checksum did not agree: send them whole, as blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refetch: Vec<Bucket>,
    /// Changes in the order of their numbers.
    pub changes: Vec<Change>,
    /// The device's own wall clock as it sends, uncorrected, in milliseconds since 1970 UTC: tells by how much its stamps
    /// may be wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<u64>,
}

/// The answer to [`SyncRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncResponse {
    /// One for each change sent, in the same order.
    pub receipts: Vec<Receipt>,
    /// Merged records that changed after the cursor, in order of sequence.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub records: Vec<Record>,
    /// Where the next request starts.
    pub next: Cursor,
    /// More pages follow: ask again at once with `next`.
    pub more: bool,
    /// Buckets the session may no longer read: to be destroyed on the device.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<Bucket>,
    /// This device was taken out of use, by the director or because it was lost: hand in what waits (ask again until
    /// nothing of the account's own does), then destroy everything, the device's own identity too. `revoked` names all buckets;
    /// `next` is of none.
    #[serde(default, skip_serializing_if = "is_false")]
    pub device_revoked: bool,
    /// Whole buckets as blocks: at a first sync, after a new epoch or new rights, or for `refetch`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Manifest>,
    /// At the last page: each readable bucket's checksum at `next.seq`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sums: BTreeMap<Bucket, Checksum>,
    /// The largest change number the server has of this device. A device that is behind it has lost its store.
    pub last_number: u64,
    /// The server's wall clock in milliseconds since 1970 UTC.
    pub now: u64,
    /// The server's own clock is behind by at least so many milliseconds, as its newest records tell: `now` is not to be
    /// trusted.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub behind: u64,
    /// The version of the pack in force.
    pub pack: u32,
    /// Its [`records::Pack::print`]; fetch `/api/v1/pack` when the tablet's has another one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pack_print: String,
}

/// Whole buckets, as blocks to fetch. A bucket named here is replaced by its blocks when all of them are stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Manifest {
    /// The buckets that are replaced, also those that are empty now.
    pub buckets: Vec<Bucket>,
    /// Their blocks, most needed first.
    pub blocks: Vec<BlockRef>,
}

/// One block of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockRef {
    /// Hash of its bytes.
    pub id: BlockId,
    /// The bucket it belongs to.
    pub bucket: Bucket,
    /// Records in it.
    pub records: u32,
    /// Its length in bytes.
    pub bytes: u32,
}

/// `POST /api/v1/blocks`: answered with the blocks one after another, each preceded by its length, four bytes, big end
/// first; in the order asked. At most [`MAX_BLOCKS`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlocksRequest {
    /// Which.
    pub ids: Vec<BlockId>,
}

/// Most blocks in one request.
pub const MAX_BLOCKS: usize = 32;

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The change's number.
    pub number: u64,
    /// The verdict, the same however often the change is sent.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Accepted, or kept at the server in quarantine with its reasons. Either way the queue moves on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// Merged; everyone who may sees it from this sequence number on.
    Accepted {
        /// Sequence number of its effect.
        seq: u64,
    },
    /// Not merged; kept with the reasons.
    Refused {
        /// Why, in both languages.
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
        problems: Vec<Problem>,
    },
}

/// The [`Problem::code`] of a change under a number that the device used for another one: there are two devices of one identity.
pub const NUMBER_REUSED: &str = "number_reused";

/// The [`Problem::code`] of a change under a number that the device cannot have come to, [`MAX_AHEAD`].
pub const NUMBER_FAR: &str = "number_far";

/// By how much a change's number may be beyond the last that the office has of the device. A queue goes out in order, so numbers
/// are missing only where the office was put back to a backup, or a colleague's work waits between on a tablet of before that
/// people share: hundreds. It is one round of the engine's, ten full requests; a tablet that is farther ahead goes on
/// under a new number.
pub const MAX_AHEAD: u64 = 10 * MAX_CHANGES as u64;

/// Whether a change was refused for its number alone: its device goes on under another identity, and it waits again.
pub fn is_of_number(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| [NUMBER_REUSED, NUMBER_FAR].contains(&&*problem.code))
}

/// One entry of `GET /api/v1/quarantine`: something the office refused, kept word for word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quarantined {
    /// The device it came from.
    pub device: DeviceId,
    /// The change's number; 0 when none could be read.
    pub number: u64,
    /// The account that was signed in.
    pub account: String,
    /// When it came, milliseconds since 1970 UTC by the server's clock.
    pub received_at: u64,
    /// Why it was refused.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub problems: Vec<Problem>,
    /// What came; a [`Change`] when it reads as one. Null for who may not see such records.
    pub body: Value,
    /// The number of the device's change that put it right; its own when someone took it in as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mended_by: Option<u64>,
    /// What tells it from others of this number: a hash of what came, 32 hexadecimal digits.
    #[serde(default)]
    pub content: String,
}

impl Quarantined {
    /// Where it stands in the list, as `before` of a page's address says it: the next page begins after it.
    pub fn place(&self) -> String {
        format!("{:x}-{:x}-{:016x}-{}", self.received_at, self.number, self.device.0, self.content)
    }
}

/// The answer to `GET /api/v1/figures?from=2009-01-01&to=2009-12-31`, with `by=month` also broken down, with
/// `within=grid:<id>` of one part only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// First day, as asked.
    pub from: String,
    /// Last day, as asked.
    pub to: String,
    /// When they were counted, milliseconds since 1970 UTC by the server's clock.
    pub at: u64,
    /// Every indicator of the pack by name: a number, sums of money in fen; a rate in percent with one place, cut; null where
    /// there is nothing to say.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Option<f64>>))]
    pub figures: BTreeMap<String, Value>,
    /// The same for each value of the dimension asked for; the empty name is of records without a value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, BTreeMap<String, Option<f64>>>))]
    pub groups: BTreeMap<String, BTreeMap<String, Value>>,
}

/// Number of records of a bucket and the wrapping sum of their hashes; each side computes its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checksum {
    /// How many.
    pub count: u64,
    /// Sum of [`crate::block::digest`] over them, 16 hexadecimal digits.
    #[serde(with = "hex64")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub sum: u64,
}

/// `POST /api/v1/session`: signing in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// Account name.
    pub account: String,
    /// Password.
    pub password: String,
    /// The device that will hold the records.
    pub device: DeviceId,
    /// What the user calls the device.
    #[serde(default)]
    pub device_name: String,
}

/// The answer to signing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Welcome {
    /// Who is signed in.
    #[serde(flatten)]
    pub me: Me,
    /// The account's recovery key on this device, 64 hexadecimal digits: opens what the tablet sealed when the password it
    /// was sealed with is forgotten. The same at every sign-in. Never kept on the tablet.
    pub recovery: String,
}

/// Who is signed in: what `GET /api/v1/session` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// Community's name for people.
    pub community: String,
    /// Account name.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Post name in the pack.
    pub post: String,
    /// The community's time zone, minutes east of UTC: dates go by it, whatever zone a tablet is set to. Left out where it is
    /// China's.
    #[serde(default = "zone", skip_serializing_if = "is_china")]
    pub zone: i16,
    /// Everyone with an account, by account, so that a record's author reads as a person; none for volunteers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colleagues: Vec<Colleague>,
}

/// Someone with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleague {
    /// Account name.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Post name in the pack.
    pub post: String,
}

/// RFC 9457 problem details: the body of every error, `application/problem+json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemDetails {
    /// Stable identifier of the kind of problem, such as `/problems/not-signed-in`.
    pub r#type: String,
    /// Short English summary of the kind.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened here and what to do, in the language asked for (`Accept-Language`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Further facts.
    #[serde(flatten)]
    pub more: BTreeMap<String, Value>,
}

/// Where nobody has said otherwise: China, UTC+8 all year.
pub const ZONE: i16 = 8 * 60;

fn zone() -> i16 {
    ZONE
}

fn is_china(zone: &i16) -> bool {
    *zone == ZONE
}

/// For what is not said when it is not so.
fn is_false(it: &bool) -> bool {
    !it
}

/// The same for a number.
fn is_zero(it: &u64) -> bool {
    *it == 0
}

mod hex64 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(sum: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{sum:016x}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        u64::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}
