//! What a device says: these fields of this record are now so.

use std::collections::{BTreeMap, BTreeSet};

use records::{RecordId, Value};
use serde::{Deserialize, Serialize};

use crate::{Clock, DeviceId};

pub use records::{ERASED, VOID};

/// What a change says that is a form half filled: nobody has saved it, and the office merges it only when someone takes it
/// in. A tablet that is taken out of use hands its drafts in so.
pub const UNFINISHED: &str = "_unfinished";

impl Change {
    /// The stamps that its device gave out, of what it saw and its own, in their order: of one that was put back after a later
    /// change had seen it, the office first hears by that change.
    pub fn stamps(&self) -> BTreeSet<Clock> {
        let seen = self.seen.values().flatten().copied().filter(|seen| seen.device() == self.clock.device());
        seen.chain([self.clock]).collect()
    }

    /// Whether another change says the same of the same record at the same moment, under whatever number and from whichever
    /// machine: a tablet's store that was copied, or that goes on as a new device, hands in again what it did once.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let bare = |change: &Self| Self { device: self.device, number: 0, mends: None, ..change.clone() };
        (self.record, self.clock) == (other.record, other.clock) && bare(self) == bare(other)
    }
}

/// The same change, said to be of a form half filled.
pub fn unfinished(mut change: Change) -> Change {
    change.more.insert(UNFINISHED.into(), true.into());
    change
}

/// One change of one record by one device; identified everywhere by `(device, number)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// The device that wrote it.
    pub device: DeviceId,
    /// Counts 1, 2, 3 … per device, without gaps.
    pub number: u64,
    /// When, by the device's hybrid clock.
    pub clock: Clock,
    /// Account name of the writer. The server holds it against the session.
    pub author: String,
    /// The record.
    #[cfg_attr(feature = "openapi", schema(value_type = uuid::Uuid))]
    pub record: RecordId,
    /// The record's kind.
    pub kind: String,
    /// Fields that now hold these values; `null` empties a field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Value>,
    /// Members added to fields that merge as sets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Vec<String>>))]
    pub add: BTreeMap<String, BTreeSet<String>>,
    /// Members removed from fields that merge as sets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Vec<String>>))]
    pub remove: BTreeMap<String, BTreeSet<String>>,
    /// For fields in `set`: the clocks of the values the writer was looking at and replaces.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Vec<String>>))]
    pub seen: BTreeMap<String, BTreeSet<Clock>>,
    /// Why a fact was corrected; required then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The number of this device's refused change that this one puts right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mends: Option<u64>,
    /// The schema the device speaks ([`crate::wire::SCHEMA`]).
    pub schema: u16,
    /// What a newer device said beyond this; kept and passed on.
    #[serde(flatten)]
    pub more: BTreeMap<String, Value>,
}

impl Change {
    /// The same change under other stamps, its own and those of what its writer saw, where `stamp` knows one.
    #[must_use]
    pub fn restamped(&self, stamp: &dyn Fn(Clock) -> Option<Clock>) -> Self {
        let mut change = self.clone();
        let of = |clock: Clock| stamp(clock).unwrap_or(clock);
        change.clock = of(change.clock);
        change.seen.values_mut().for_each(|seen| *seen = seen.iter().map(|clock| of(*clock)).collect());
        change
    }
}
