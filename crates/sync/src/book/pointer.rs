//! Who points at a record, in order.

use std::cmp::Ordering;

use records::RecordId;

use super::Slot;
use crate::Record;

/// A record that points at another: its slot, and the first half of its id, so that most comparisons need not look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pointer {
    pub early: [u32; 2],
    pub slot: Slot,
}

impl Pointer {
    pub fn to(id: RecordId, slot: Slot) -> Self {
        let (high, _) = id.as_u64_pair();
        Self { early: [(high >> 32) as u32, high as u32], slot }
    }

    /// Where it stands among others, the newest first, or would.
    pub fn place(self, id: RecordId, among: &[Self], records: &[Option<Record>]) -> Result<usize, usize> {
        among.binary_search_by(|pointer| {
            let by_id = || match pointer.slot == self.slot {
                true => Ordering::Equal,
                false => Some(id).cmp(&id_at(records, pointer.slot)),
            };
            self.early.cmp(&pointer.early).then_with(by_id)
        })
    }
}

/// The id of the record in a slot; `None` for an empty one.
pub(super) fn id_at(records: &[Option<Record>], slot: Slot) -> Option<RecordId> {
    records.get(slot as usize)?.as_ref().map(|record| record.id)
}
