//! Numbers out of records: all indicators in one pass.

use std::{borrow::Borrow, collections::BTreeMap};

use jiff::civil::Date;

use crate::{Fields, Pack};

/// Civil dates, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Every indicator of the pack by name over the records dated within the period; void records do not count.
pub fn figures<K: AsRef<str>, F: Borrow<Fields>>(
    pack: &Pack,
    period: Period,
    records: impl IntoIterator<Item = (K, F)>,
) -> BTreeMap<String, i64> {
    let _ = (pack, period, records.into_iter().count());
    todo!()
}
