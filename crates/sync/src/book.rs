//! All records a device holds, in memory: what the server said, with the device's own unsettled changes over it.
//!
//! Keeps three things beside the records: which records are of a kind, which point at which (a household's history is
//! "all that points at it or at its people"), and the checksum of what the server said, bucket by bucket.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use records::{Fields, RecordId, figures::Period};

use crate::{Change, Clock, Record, block, name::Name, record::Days, wire::Checksum};

mod hash;
mod pointer;
mod touched;

use hash::ById;
use pointer::{Pointer, id_at};
use touched::Touched;

/// Where a record lies in [`Book::records`].
type Slot = u32;

/// Records in memory.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// What shows: the server's state joined with pending changes.
    records: Vec<Option<Record>>,
    /// The days each speaks of.
    days: Vec<Days>,
    /// Slots that are empty.
    free: Vec<Slot>,
    slots: HashMap<RecordId, Slot, ById>,
    /// The server's state of those records that have pending changes; for all others it is what shows.
    settled: HashMap<RecordId, Record, ById>,
    /// Changes not settled yet, by number.
    pending: BTreeMap<u64, Change>,
    /// Their numbers, by record.
    own: HashMap<RecordId, BTreeSet<u64>, ById>,
    /// Sorted by id, so oldest first; slots, for sets of ids would weigh more than the records' own names.
    kinds: HashMap<Name, Vec<Slot>>,
    /// Who points at a record, the newest first: so records come when a book is opened, and each finds its place at the end.
    links: HashMap<RecordId, Vec<Pointer>, ById>,
    /// The latest clock of what the server said.
    latest: Clock,
    sums: BTreeMap<Name, Checksum>,
    /// How often what shows of a kind has changed.
    editions: BTreeMap<Name, u64>,
    /// What editions count from.
    base: u64,
    /// What has changed lately.
    touched: Touched,
}

/// New records of one kind, before they are in its index.
#[derive(Default)]
struct Run {
    kind: Option<Name>,
    slots: Vec<Slot>,
    sum: Checksum,
}

impl Book {
    /// An empty book.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty book in place of this one: none of its editions is one of this one's.
    pub fn renewed(&self) -> Self {
        let base = self.base + self.editions.values().sum::<u64>() + 1;
        Self { base, touched: self.touched.renewed(), ..Self::default() }
    }

    /// Makes room for so many records more, so that no index grows by being copied.
    pub fn reserve(&mut self, more: usize) {
        self.records.reserve_exact(more);
        self.days.reserve_exact(more);
        self.slots.reserve(more);
    }

    /// Takes in the server's state of a record. Joins, so order and repetition do not matter.
    pub fn take(&mut self, record: Record) {
        let id = record.id;
        let before = if self.is_pending(id) { self.settled.remove(&id) } else { self.get(id).cloned() };
        let after = match before {
            // Blocks overlap, and most of what comes again says nothing new.
            Some(before) if before == record => {
                if self.is_pending(id) {
                    self.settled.insert(id, before);
                }
                return;
            }
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

    /// Takes in many at once: what [`Book::take`] does for each, but indexes are put in order once.
    pub fn take_all(&mut self, records: Vec<Record>) {
        let mut again = Vec::new();
        let mut run = Run::default();
        // The newest first, as links have it; a block has its oldest first.
        for record in records.into_iter().rev() {
            if run.kind.as_ref() != Some(&record.kind) {
                let kind = Some(record.kind.clone());
                self.close(std::mem::replace(&mut run, Run { kind, ..Run::default() }));
            }
            again.extend(self.take_new(record, &mut run));
        }
        self.close(run);
        again.into_iter().for_each(|record| self.take(record));
    }

    /// Takes in a record of which nothing is here yet; gives back one of which something is.
    ///
    /// A call of its own for each record: browsers make functions fast while they are called again and again, not while one
    /// call runs on and on.
    #[inline(never)]
    fn take_new(&mut self, record: Record, run: &mut Run) -> Option<Record> {
        if self.slots.contains_key(&record.id) || self.is_pending(record.id) {
            return Some(record);
        }
        run.sum.add(block::digest(&record));
        let slot = self.lay(record);
        self.link(slot);
        run.slots.push(slot);
        None
    }

    /// Puts a run of new records of one kind into that kind's index.
    fn close(&mut self, mut run: Run) {
        let Some(kind) = run.kind else { return };
        *self.editions.entry(kind.clone()).or_default() += 1;
        let sum = self.sums.entry(kind.clone()).or_default();
        (sum.count, sum.sum) = (sum.count + run.sum.count, sum.sum.wrapping_add(run.sum.sum));
        let id = |slot: &Slot| id_at(&self.records, *slot);
        run.slots.sort_by_key(id);
        let (Some(first), Some(last)) = (run.slots.first().map(id), run.slots.last().map(id)) else { return };
        let slots = self.kinds.entry(kind).or_default();
        // Whatever order blocks come in, most runs fit between two records that are here: only what overlaps is sorted.
        let from = slots.partition_point(|slot| id(slot) < first);
        let overlap = slots[from..].partition_point(|slot| id(slot) < last);
        let to = from + overlap + run.slots.len();
        slots.splice(from..from, run.slots);
        if overlap > 0 {
            slots[from..to].sort_by_key(id);
        }
    }

    /// Puts one of the device's own changes over what the server said, until [`Book::settle`].
    pub fn write(&mut self, change: Change) {
        let (id, number) = (change.record, change.number);
        if !self.is_pending(id)
            && let Some(record) = self.get(id).cloned()
        {
            self.settled.insert(id, record);
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
        let ids: Vec<RecordId> = self.of_kind(kind).map(|record| record.id).collect();
        // The last first, so that nothing moves up.
        for id in ids.into_iter().rev() {
            self.settled.remove(&id);
            self.hide(id);
            self.lay_over(id);
        }
    }

    /// A record as it shows now.
    pub fn get(&self, id: RecordId) -> Option<&Record> {
        self.at(*self.slots.get(&id)?)
    }

    /// Its kind and all that shows of it.
    pub fn record(&self, id: RecordId) -> Option<(String, Fields)> {
        self.get(id).map(|r| (r.kind.to_string(), r.values()))
    }

    /// All records of a kind, void ones too, by id: oldest first.
    pub fn of_kind(&self, kind: &str) -> impl DoubleEndedIterator<Item = &Record> + use<'_> {
        self.kinds.get(kind).into_iter().flatten().filter_map(|slot| self.at(*slot))
    }

    /// Those of a kind that may speak of a day in a period, at least all that do.
    pub fn of_kind_about(&self, kind: &str, period: Period) -> impl Iterator<Item = &Record> + use<'_> {
        let may_be = move |slot: &&Slot| self.days.get(**slot as usize).is_none_or(|days| days.may_lie_in(period));
        self.kinds.get(kind).into_iter().flatten().filter(may_be).filter_map(|slot| self.at(*slot))
    }

    /// Records that point at this one in any field, oldest first.
    pub fn pointing_at(&self, id: RecordId) -> impl DoubleEndedIterator<Item = &Record> {
        self.links.get(&id).into_iter().flatten().rev().filter_map(|pointer| self.at(pointer.slot))
    }

    /// Every record.
    pub fn all(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().flatten()
    }

    /// The latest clock of all that was taken in or shown: the next change comes after it.
    pub fn latest(&self) -> Clock {
        self.latest
    }

    /// A number that goes up whenever what shows of a kind's records changes: what was made of them is good until then.
    pub fn edition(&self, kind: &str) -> u64 {
        self.base + self.editions.get(kind).copied().unwrap_or_default()
    }

    /// A number that goes up with every change: where [`Book::touched_since`] counts from.
    pub fn moment(&self) -> u64 {
        self.touched.moment()
    }

    /// Records that what shows has changed of since a moment, and those they point at or did, in any order and also more than
    /// once; `None` when it was too many to be kept.
    pub fn touched_since(&self, moment: u64) -> Option<&[RecordId]> {
        self.touched.since(moment)
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
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
        if self.is_pending(id) { self.settled.get(&id) } else { self.get(id) }
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
        let kind = record.kind.clone();
        *self.editions.entry(kind.clone()).or_default() += 1;
        let slot = self.lay(record);
        self.link(slot);
        let records = &self.records;
        let slots = self.kinds.entry(kind).or_default();
        if let Err(at) = slots.binary_search_by_key(&Some(id), |slot| id_at(records, *slot)) {
            slots.insert(at, slot);
        }
    }

    fn hide(&mut self, id: RecordId) {
        let Some(slot) = self.slots.remove(&id) else { return };
        let Some(old) = self.records.get_mut(slot as usize).and_then(Option::take) else { return };
        *self.editions.entry(old.kind.clone()).or_default() += 1;
        self.touched.touch(id);
        let records = &self.records;
        if let Some(slots) = self.kinds.get_mut(&old.kind)
            && let Ok(at) = slots.binary_search_by_key(&id, |slot| id_at(records, *slot).unwrap_or(id))
        {
            slots.remove(at);
        }
        let (links, touched) = (&mut self.links, &mut self.touched);
        let own = Pointer::to(id, slot);
        old.survey(&mut |target| {
            touched.touch(target);
            if let Some(pointers) = links.get_mut(&target)
                && let Ok(at) = own.place(id, pointers, records)
            {
                pointers.remove(at);
            }
        });
        self.free.push(slot);
    }

    fn at(&self, slot: Slot) -> Option<&Record> {
        self.records.get(slot as usize)?.as_ref()
    }

    /// Puts a record that is not here into a slot.
    fn lay(&mut self, record: Record) -> Slot {
        let id = record.id;
        let slot = match self.free.pop() {
            Some(slot) => {
                self.records[slot as usize] = Some(record);
                slot
            }
            None => {
                self.records.push(Some(record));
                self.days.push(Days::default());
                (self.records.len() - 1) as Slot
            }
        };
        self.slots.insert(id, slot);
        slot
    }

    /// Notes what the record in a slot points at.
    fn link(&mut self, slot: Slot) {
        let (records, links, touched) = (&self.records, &mut self.links, &mut self.touched);
        let Some(record) = records.get(slot as usize).and_then(Option::as_ref) else { return };
        touched.touch(record.id);
        let own = Pointer::to(record.id, slot);
        let survey = record.survey(&mut |target| {
            touched.touch(target);
            let pointers = links.entry(target).or_default();
            if pointers.last().is_none_or(|last| last.early > own.early) {
                return pointers.push(own);
            }
            if let Err(at) = own.place(record.id, pointers, records) {
                pointers.insert(at, own);
            }
        });
        self.latest = self.latest.max(survey.latest);
        self.days[slot as usize] = survey.days;
    }
}
