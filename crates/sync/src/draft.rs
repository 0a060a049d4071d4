//! A record being written: what the form opened with, what it holds now, and the change that lies between.

use std::collections::{BTreeMap, BTreeSet};

use records::{Fields, Pack, RecordId, Value};
use serde::{Deserialize, Serialize};

use crate::{Change, Clock, DeviceId, Record, wire::SCHEMA};

/// A half-filled form; kept at every key press, so it survives a reload, an update and a dead battery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The record it will become or change.
    pub record: RecordId,
    /// Its kind.
    pub kind: String,
    /// Values when the form opened; empty for a new record.
    pub was: Fields,
    /// Clocks of those values: what the writer was looking at, even if a newer value arrives meanwhile.
    pub seen: BTreeMap<String, BTreeSet<Clock>>,
    /// Values now.
    pub now: Fields,
    /// Why a fact is corrected.
    #[serde(default)]
    pub why: Option<String>,
    /// The number of the refused change it puts right.
    #[serde(default)]
    pub mends: Option<u64>,
}

/// Who writes, when: what a draft needs to become a change.
#[derive(Clone, Debug)]
pub struct Pen {
    /// The device.
    pub device: DeviceId,
    /// The change's number.
    pub number: u64,
    /// The change's clock.
    pub clock: Clock,
    /// Account name.
    pub author: String,
}

impl Draft {
    /// A new record of `kind`, starting from `now`.
    pub fn new(record: RecordId, kind: impl Into<String>, now: Fields) -> Self {
        let (was, seen) = Default::default();
        Self { record, kind: kind.into(), was, seen, now, why: None, mends: None }
    }

    /// A record opened to be changed.
    pub fn of(record: &Record) -> Self {
        let was = record.values();
        let seen = record.names().map(|name| (name.to_string(), record.seen(name))).collect();
        Self { record: record.id, kind: record.kind.to_string(), now: was.clone(), was, seen, why: None, mends: None }
    }

    /// Whether anything differs from when it was opened.
    pub fn is_touched(&self) -> bool {
        self.names().any(|name| self.differs(name))
    }

    /// The change from `was` to `now`: only fields that differ, sets as added and removed members. `None` without
    /// difference.
    pub fn change(&self, pack: &Pack, pen: Pen) -> Option<Change> {
        let mut change = Change {
            device: pen.device,
            number: pen.number,
            clock: pen.clock,
            author: pen.author,
            record: self.record,
            kind: self.kind.clone(),
            set: BTreeMap::new(),
            add: BTreeMap::new(),
            remove: BTreeMap::new(),
            seen: BTreeMap::new(),
            why: self.why.clone().filter(|why| !why.trim().is_empty()),
            mends: self.mends,
            schema: SCHEMA,
            more: BTreeMap::new(),
        };
        let kind = pack.kind(&self.kind);
        for name in self.names().filter(|name| self.differs(name)) {
            if kind.and_then(|k| k.field(name)).is_some_and(|f| f.r#type.is_set()) {
                let (was, now) = (members(self.was.get(name)), members(self.now.get(name)));
                let keep = |set: BTreeSet<String>| (!set.is_empty()).then_some(set);
                change.add.extend(keep(&now - &was).map(|set| (name.clone(), set)));
                change.remove.extend(keep(&was - &now).map(|set| (name.clone(), set)));
            } else {
                change.set.insert(name.clone(), self.now.get(name).cloned().unwrap_or(Value::Null));
                if let Some(seen) = self.seen.get(name).filter(|seen| !seen.is_empty()) {
                    change.seen.insert(name.clone(), seen.clone());
                }
            }
        }
        let says = !(change.set.is_empty() && change.add.is_empty() && change.remove.is_empty());
        says.then_some(change)
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.was
            .keys()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .chain(self.now.keys().filter(|n| !self.was.contains_key(*n)))
    }

    fn differs(&self, name: &str) -> bool {
        let told = |fields: &'_ Fields| fields.get(name).filter(|v| !v.is_null()).cloned();
        told(&self.was) != told(&self.now)
    }
}

fn members(list: Option<&Value>) -> BTreeSet<String> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(|v| v.as_str().map(Into::into)).collect()
}
