//! All records a device holds, in memory: what the server said, with the device's own unsettled changes over it.
//!
//! Keeps three things beside the records: which records are of a kind, which point at which (a household's history is
//! "all that points at it or at its people"), and the checksum of what the server said, bucket by bucket.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use records::{Fields, RecordId, Value};

use crate::{block, wire::Checksum, Change, Record};

/// Records in memory.
#[derive(Debug, Default)]
pub struct Book {
    /// What shows: the server's state joined with pending changes.
    shown: HashMap<RecordId, Record>,
    /// The server's state of those records that have pending changes; for all others it is what shows.
    settled: HashMap<RecordId, Record>,
    /// Changes not settled yet, by number.
    pending: BTreeMap<u64, Change>,
    kinds: HashMap<String, BTreeSet<RecordId>>,
    links: HashMap<RecordId, BTreeSet<RecordId>>,
    sums: BTreeMap<String, Checksum>,
}

impl Book {
    /// An empty book.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the server's state of a record. Joins, so order and repetition do not matter.
    pub fn take(&mut self, record: Record) {
        let id = record.id;
        let own: Vec<Change> = self.pending.values().filter(|c| c.record == id).cloned().collect();
        let before = if own.is_empty() { self.shown.get(&id).cloned() } else { self.settled.remove(&id) };
        let after = match before {
            Some(mut before) => {
                self.sum_remove(&before);
                before.join(record);
                before
            }
            None => record,
        };
        self.sums.entry(after.kind.clone()).or_default().add(block::digest(&after));
        if own.is_empty() {
            self.show(after);
        } else {
            let mut shown = after.clone();
            own.iter().for_each(|change| shown.apply(change));
            self.settled.insert(id, after);
            self.show(shown);
        }
    }

    /// Puts one of the device's own changes over what the server said, until [`Book::settle`].
    pub fn write(&mut self, change: Change) {
        let id = change.record;
        if self.pending.insert(change.number, change.clone()).is_some() {
            return;
        }
        match self.shown.get(&id).cloned() {
            Some(mut record) => {
                if !self.pending.values().any(|c| c.record == id && c.number != change.number) {
                    self.settled.insert(id, record.clone());
                }
                record.apply(&change);
                self.show(record);
            }
            None => self.show(Record::from(&change)),
        }
    }

    /// Takes back an own change: the server's state holds it by now, or its author gave it up.
    pub fn settle(&mut self, number: u64) {
        let Some(change) = self.pending.remove(&number) else { return };
        let id = change.record;
        let own: Vec<Change> = self.pending.values().filter(|c| c.record == id).cloned().collect();
        let settled = if own.is_empty() { self.settled.remove(&id) } else { self.settled.get(&id).cloned() };
        let mut states = settled.into_iter().chain(own.iter().map(Record::from));
        match states.next() {
            Some(first) => {
                let whole = states.fold(first, |mut all, state| {
                    all.join(state);
                    all
                });
                self.show(whole);
            }
            None => self.hide(id),
        }
    }

    /// Forgets what the server said of a kind, before it says it anew or because it may no longer be held. Own pending
    /// changes stay.
    pub fn forget_kind(&mut self, kind: &str) {
        self.sums.remove(kind);
        for id in self.kinds.get(kind).cloned().unwrap_or_default() {
            self.settled.remove(&id);
            self.hide(id);
            let own: Vec<Change> = self.pending.values().filter(|c| c.record == id).cloned().collect();
            if let Some((first, rest)) = own.split_first() {
                let mut record = Record::from(first);
                rest.iter().for_each(|change| record.apply(change));
                self.show(record);
            }
        }
    }

    /// A record as it shows now.
    pub fn get(&self, id: RecordId) -> Option<&Record> {
        self.shown.get(&id)
    }

    /// Its kind and values, for [`records::Context::lookup`].
    pub fn lookup(&self, id: RecordId) -> Option<(String, Fields)> {
        self.get(id).map(|r| (r.kind.clone(), r.values()))
    }

    /// All records of a kind, void ones too, by id: oldest first.
    pub fn of_kind(&self, kind: &str) -> impl DoubleEndedIterator<Item = &Record> {
        self.kinds.get(kind).into_iter().flatten().filter_map(|id| self.shown.get(id))
    }

    /// Records that point at this one in any field, oldest first.
    pub fn pointing_at(&self, id: RecordId) -> impl DoubleEndedIterator<Item = &Record> {
        self.links.get(&id).into_iter().flatten().filter_map(|id| self.shown.get(id))
    }

    /// Every record.
    pub fn all(&self) -> impl Iterator<Item = &Record> {
        self.shown.values()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Whether own changes of it are not settled yet.
    pub fn is_pending(&self, id: RecordId) -> bool {
        self.pending.values().any(|c| c.record == id)
    }

    /// Own changes that are not settled yet, by number.
    pub fn pending(&self) -> impl Iterator<Item = &Change> {
        self.pending.values()
    }

    /// The checksum of what the server said of a kind's records.
    pub fn sum(&self, kind: &str) -> Checksum {
        self.sums.get(kind).copied().unwrap_or_default()
    }

    /// The server's own state of a record: what is stored in blocks.
    pub fn settled(&self, id: RecordId) -> Option<&Record> {
        if self.is_pending(id) { self.settled.get(&id) } else { self.shown.get(&id) }
    }

    fn sum_remove(&mut self, record: &Record) {
        if let Some(sum) = self.sums.get_mut(&record.kind) {
            sum.remove(block::digest(record));
        }
    }

    fn show(&mut self, record: Record) {
        let id = record.id;
        self.hide(id);
        self.kinds.entry(record.kind.clone()).or_default().insert(id);
        for target in links(&record) {
            self.links.entry(target).or_default().insert(id);
        }
        self.shown.insert(id, record);
    }

    fn hide(&mut self, id: RecordId) {
        let Some(old) = self.shown.remove(&id) else { return };
        if let Some(ids) = self.kinds.get_mut(&old.kind) {
            ids.remove(&id);
        }
        for target in links(&old) {
            if let Some(ids) = self.links.get_mut(&target) {
                ids.remove(&id);
            }
        }
    }
}

/// The records a record's showing values point at.
fn links(record: &Record) -> HashSet<RecordId> {
    let registers = record.fields.values().filter_map(|r| match &r.winner()?.1.value {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    });
    let members = record.sets.values().flat_map(|m| m.iter().filter(|(_, (_, is_in))| *is_in).map(|(m, _)| m.as_str()));
    // Only the usual form is a link; a parse of every text would cost more than all the rest.
    registers.chain(members).filter(|t| t.len() == 36).filter_map(|t| RecordId::try_parse(t).ok()).collect()
}
