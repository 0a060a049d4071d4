//! What all changes of one record merge to: a join semilattice, so order, grouping and repetition do not matter.
//!
//! A field is a *multi-value register*: the writes nobody has replaced. The one with the latest clock shows (last writer
//! wins); the others are kept losers of concurrent edits. A field that merges as a set holds the latest word on each
//! member. Most fields are written once, together with their record: those are kept as a bare value, because ten years
//! of records must fit a tablet's memory.

use std::collections::{BTreeMap, BTreeSet};

use records::{Fields, RecordId, Value};

use crate::{
    Clock,
    change::{Change, VOID},
    name::Name,
};

mod json;
mod register;

pub use register::{Members, Register, Write};

/// A record: the merge of its changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its identity.
    pub id: RecordId,
    /// Its kind; fixed by the earliest change.
    pub kind: Name,
    /// The earliest change's clock: when it was made.
    pub made: Clock,
    /// The earliest change's author.
    pub by: Name,
    /// Fields that merge by last writer, by name.
    pub(crate) fields: Vec<(Name, Slot)>,
    /// Fields that merge as sets, by name.
    pub(crate) sets: Vec<(Name, Members)>,
}

/// How a field is kept. One form for each state, so that equal records are equal bytes: see [`Record::slot`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Slot {
    /// Written once, together with the record, by the record's author.
    Plain(Value),
    /// Anything else.
    Full(Box<Register>),
}

impl From<&Change> for Record {
    /// The record that would be if this change were all.
    fn from(change: &Change) -> Self {
        let mut record = Self {
            id: change.record,
            kind: (&change.kind).into(),
            made: change.clock,
            by: (&change.author).into(),
            fields: Vec::with_capacity(change.set.len()),
            sets: Vec::new(),
        };
        for (name, value) in &change.set {
            // A write cannot replace itself; a device that says so is answered with its own value.
            let seen = change.seen.get(name).into_iter().flatten().copied().filter(|c| *c != change.clock);
            let write = Write { value: value.clone(), by: record.by.clone() };
            let slot = record.slot(Register::new(change.clock, write, seen.collect()));
            record.fields.push((name.into(), slot));
        }
        let names: BTreeSet<&String> = change.add.keys().chain(change.remove.keys()).collect();
        for name in names {
            let said = |map: &BTreeMap<String, BTreeSet<String>>, is_in| {
                let members = map.get(name).into_iter().flatten();
                members.map(move |m| (m.into(), change.clock, is_in)).collect::<Members>()
            };
            let mut members = said(&change.remove, false);
            members.join(said(&change.add, true));
            record.sets.push((name.into(), members));
        }
        record
    }
}

impl Record {
    /// Takes in everything `other` knows of the same record. Commutative, associative, idempotent.
    pub fn join(&mut self, mut other: Self) {
        debug_assert_eq!(self.id, other.id, "only one record's states join");
        if *self == other {
            return;
        }
        match (self.is_erased(), other.is_erased()) {
            (true, false) => return,
            (false, true) => return *self = other,
            _ => {}
        }
        let mut fields: BTreeMap<Name, Register> = self.take_registers().collect();
        for (name, register) in other.take_registers() {
            fields.entry(name).or_default().join(register);
        }
        let mut sets: BTreeMap<Name, Members> = std::mem::take(&mut self.sets).into_iter().collect();
        for (name, members) in other.sets {
            sets.entry(name).or_default().join(members);
        }
        if (other.made, &other.kind, &other.by) < (self.made, &self.kind, &self.by) {
            (self.made, self.kind, self.by) = (other.made, other.kind, other.by);
        }
        self.fields = fields.into_iter().map(|(name, register)| (name, self.slot(register))).collect();
        self.sets = sets.into_iter().collect();
    }

    /// Takes in one change.
    pub fn apply(&mut self, change: &Change) {
        self.join(Self::from(change));
    }

    /// The value that shows in `field`; sets as a sorted array; `None` when empty.
    pub fn value(&self, field: &str) -> Option<Value> {
        if let Some(members) = find(&self.sets, field) {
            let list: Vec<Value> = members.present().map(|m| m.as_str().into()).collect();
            return (!list.is_empty()).then_some(Value::Array(list));
        }
        self.shown(field).filter(|v| !v.is_null()).cloned()
    }

    /// The text that shows in `field`, when it is a text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.shown(field)?.as_str()
    }

    /// All values that show, by field name, without empty ones.
    pub fn values(&self) -> Fields {
        self.names().filter_map(|name| Some((name.to_string(), self.value(name)?))).collect()
    }

    /// Names of all fields that were ever written.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.fields.iter().map(|(name, _)| name).chain(self.sets.iter().map(|(name, _)| name))
    }

    /// Whether it was taken back; it then counts in no list and no figure.
    pub fn is_void(&self) -> bool {
        self.shown(VOID).is_some_and(|v| !v.is_null())
    }

    /// The write that shows in `field`, with its clock.
    pub fn winner(&self, field: &str) -> Option<(Clock, Write)> {
        self.register(field)?.winner().map(|(clock, write)| (*clock, write.clone()))
    }

    /// Concurrent writes of `field` that lost and say something else than what shows, latest first.
    pub fn losers(&self, field: &str) -> Vec<(Clock, Write)> {
        match find(&self.fields, field) {
            Some(Slot::Full(register)) => register.losers().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// Fields with [`Record::losers`].
    pub fn disputed(&self) -> impl Iterator<Item = &Name> {
        let disputed = |slot: &Slot| matches!(slot, Slot::Full(register) if register.losers().next().is_some());
        self.fields.iter().filter(move |(_, slot)| disputed(slot)).map(|(name, _)| name)
    }

    /// The clock a writer of `field` is looking at now: what goes into [`Change::seen`].
    pub fn seen(&self, field: &str) -> BTreeSet<Clock> {
        match find(&self.fields, field) {
            Some(Slot::Plain(_)) => BTreeSet::from([self.made]),
            Some(Slot::Full(register)) => register.winner().map(|(clock, _)| *clock).into_iter().collect(),
            None => BTreeSet::new(),
        }
    }

    /// The clocks of all writes of `field` that nobody has replaced: what someone has seen who was shown the losers too.
    pub fn seen_all(&self, field: &str) -> BTreeSet<Clock> {
        self.register(field).into_iter().flat_map(|r| r.heads).map(|(clock, _)| clock).collect()
    }

    /// The latest clock anywhere in it: when it last changed.
    pub fn touched(&self) -> Clock {
        let latest = |slot: &Slot| match slot {
            Slot::Plain(_) => None,
            Slot::Full(register) => register.winner().map(|(clock, _)| *clock),
        };
        let writes = self.fields.iter().filter_map(|(_, slot)| latest(slot));
        let words = self.sets.iter().filter_map(|(_, members)| members.latest());
        writes.chain(words).fold(self.made, Clock::max)
    }

    /// The values that show in fields that merge by last writer, with the members present in sets as texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let shown = self.fields.iter().filter_map(|(_, slot)| slot.shown()?.as_str());
        shown.chain(self.sets.iter().flat_map(|(_, members)| members.present()).map(Name::as_str))
    }

    /// The one form in which this record keeps a field.
    pub(crate) fn slot(&self, mut register: Register) -> Slot {
        match &register.heads[..] {
            [(clock, write)] if register.gone.is_empty() && *clock == self.made && write.by == self.by => {
                Slot::Plain(std::mem::take(&mut register.heads[0].1.value))
            }
            _ => Slot::Full(Box::new(register)),
        }
    }

    fn take_registers(&mut self) -> impl Iterator<Item = (Name, Register)> + use<> {
        let (made, by) = (self.made, self.by.clone());
        std::mem::take(&mut self.fields).into_iter().map(move |(name, slot)| match slot {
            Slot::Plain(value) => (name, Register::new(made, Write { value, by: by.clone() }, Vec::new())),
            Slot::Full(register) => (name, *register),
        })
    }

    fn register(&self, field: &str) -> Option<Register> {
        Some(match find(&self.fields, field)? {
            Slot::Plain(value) => {
                Register::new(self.made, Write { value: value.clone(), by: self.by.clone() }, Vec::new())
            }
            Slot::Full(register) => (**register).clone(),
        })
    }

    fn shown(&self, field: &str) -> Option<&Value> {
        find(&self.fields, field)?.shown()
    }
}

impl Slot {
    fn shown(&self) -> Option<&Value> {
        match self {
            Self::Plain(value) => Some(value),
            Self::Full(register) => register.winner().map(|(_, write)| &write.value),
        }
    }
}

fn find<'a, T>(list: &'a [(Name, T)], name: &str) -> Option<&'a T> {
    list.binary_search_by(|(n, _)| n.as_str().cmp(name)).ok().map(|at| &list[at].1)
}
