//! When a record was, and which pack something was worked out with.

use std::borrow::Cow;

use records::{Kind, Pack, RecordId};
use sync::Record;

/// The day a record counts for; of one day, the one written last is the later.
pub fn when<'r>(kind: &Kind, record: &'r Record) -> (Cow<'r, str>, RecordId) {
    (kind.date.as_ref().and_then(|date| record.text(date)).unwrap_or_default(), record.id)
}

/// Tells packs apart: the version, and where it lies in memory.
pub type Which = (u32, usize);

/// Which pack this is.
pub fn which(pack: &Pack) -> Which {
    (pack.version, std::ptr::from_ref(pack).addr())
}
