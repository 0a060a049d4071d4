//! All records a device holds, in memory: what the server said, with the device's own unsettled changes over it.
//!
//! Keeps three things beside the records: which records are of a kind, which point at which (a household's history is
//! "all that points at it or at its people"), and the checksum of what the server said, bucket by bucket.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use records::{Fields, RecordId, link};

use crate::{Change, Record, block, name::Name, wire::Checksum};

/// Records in memory.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// What shows: the server's state joined with pending changes.
    shown: HashMap<RecordId, Record>,
    /// The server's state of those records that have pending changes; for all others it is what shows.
    settled: HashMap<RecordId, Record>,
    /// Changes not settled yet, by number.
    pending: BTreeMap<u64, Change>,
    /// Their numbers, by record.
    own: HashMap<RecordId, BTreeSet<u64>>,
    kinds: HashMap<Name, BTreeSet<RecordId>>,
    /// Sorted, so oldest first: a set per record would weigh more than the links.
    links: HashMap<RecordId, Vec<RecordId>>,
    sums: BTreeMap<Name, Checksum>,
}

impl Book {
    /// An empty book.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the server's state of a record. Joins, so order and repetition do not matter.
    pub fn take(&mut self, record: Record) {
        let id = record.id;
        let before = if self.is_pending(id) { self.settled.remove(&id) } else { self.shown.get(&id).cloned() };
        let after = match before {
            Some(mut before) => {
                if let Some(sum) = self.sums.get_mut(&before.kind) {
                    sum.remove(block::digest(&before));
                }
                before.join(record);
                before
            }
            None => record,
        };
        self.sums.entry(after.kind.clone()).or_default().add(block::digest(&after));
        if self.is_pending(id) {
            self.settled.insert(id, after);
            self.lay_over(id);
        } else {
            self.show(after);
        }
    }

    /// Puts one of the device's own changes over what the server said, until [`Book::settle`].
    pub fn write(&mut self, change: Change) {
        let (id, number) = (change.record, change.number);
        if !self.is_pending(id)
            && let Some(record) = self.shown.get(&id)
        {
            self.settled.insert(id, record.clone());
        }
        self.own.entry(id).or_default().insert(number);
        self.pending.insert(number, change);
        self.lay_over(id);
    }

    /// Takes back an own change: the server's state holds it by now, or its author gave it up.
    pub fn settle(&mut self, number: u64) {
        let Some(id) = self.pending.remove(&number).map(|c| c.record) else { return };
        let Some(own) = self.own.get_mut(&id) else { return };
        own.remove(&number);
        if own.is_empty() {
            self.own.remove(&id);
            match self.settled.remove(&id) {
                Some(record) => self.show(record),
                None => self.hide(id),
            }
        } else {
            self.lay_over(id);
        }
    }

    /// Forgets what the server said of a kind, before it says it anew or because it may no longer be held. Own pending
    /// changes stay.
    pub fn forget_kind(&mut self, kind: &str) {
        self.sums.remove(kind);
        for id in self.kinds.get(kind).cloned().unwrap_or_default() {
            self.settled.remove(&id);
            self.hide(id);
            self.lay_over(id);
        }
    }

    /// A record as it shows now.
    pub fn get(&self, id: RecordId) -> Option<&Record> {
        self.shown.get(&id)
    }

    /// Its kind and values, for [`records::Context::lookup`].
    pub fn lookup(&self, id: RecordId) -> Option<(String, Fields)> {
        self.get(id).map(|r| (r.kind.to_string(), r.values()))
    }

    /// All records of a kind, void ones too, by id: oldest first.
    pub fn of_kind(&self, kind: &str) -> impl DoubleEndedIterator<Item = &Record> + use<'_> {
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
        self.own.contains_key(&id)
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

    /// Shows the server's state of a record with all own pending changes over it.
    fn lay_over(&mut self, id: RecordId) {
        let own = self.own.get(&id).into_iter().flatten().filter_map(|number| self.pending.get(number));
        let states = self.settled.get(&id).cloned().into_iter().chain(own.map(Record::from));
        let whole = states.reduce(|mut whole, state| {
            whole.join(state);
            whole
        });
        if let Some(whole) = whole {
            self.show(whole);
        }
    }

    fn show(&mut self, record: Record) {
        let id = record.id;
        self.hide(id);
        self.kinds.entry(record.kind.clone()).or_default().insert(id);
        for target in links(&record) {
            let ids = self.links.entry(target).or_default();
            if let Err(at) = ids.binary_search(&id) {
                ids.insert(at, id);
            }
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
                ids.retain(|other| *other != id);
            }
        }
    }
}

/// The records a record's showing values point at.
fn links(record: &Record) -> impl Iterator<Item = RecordId> + '_ {
    record.texts().filter_map(link)
}
