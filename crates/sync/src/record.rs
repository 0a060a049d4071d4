//! What all changes of one record merge to: a join semilattice, so order, grouping and repetition do not matter.
//!
//! A field is a *multi-value register*: the writes nobody has replaced. The one with the latest clock shows (last writer
//! wins); the others are kept losers of concurrent edits. A field that merges as a set is a map of member → latest word.

use std::collections::{BTreeMap, BTreeSet};

use records::{Fields, RecordId, Value};

use crate::{
    Clock,
    change::{Change, VOID},
};

mod json;

/// One write to a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// The value; `null` for emptied.
    pub value: Value,
    /// Account name of the writer.
    pub by: String,
}

/// A field that merges by last writer, keeping concurrent losers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    /// Writes that no known write has replaced, by clock; never all empty in a merged record.
    pub heads: BTreeMap<Clock, Write>,
    /// Clocks of writes known to be replaced, also of those not seen yet.
    pub gone: BTreeSet<Clock>,
}

/// A field that merges member by member: the latest word on each is whether it is in.
pub type Members = BTreeMap<String, (Clock, bool)>;

/// A record: the merge of its changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its identity.
    pub id: RecordId,
    /// Its kind; fixed by the earliest change.
    pub kind: String,
    /// The earliest change's clock: when it was made.
    pub made: Clock,
    /// The earliest change's author.
    pub by: String,
    /// Fields that merge by last writer.
    pub fields: BTreeMap<String, Register>,
    /// Fields that merge as sets.
    pub sets: BTreeMap<String, Members>,
}

impl Write {
    fn order(&self) -> (String, &str) {
        (self.value.to_string(), &self.by)
    }
}

impl Register {
    /// The write that shows.
    pub fn winner(&self) -> Option<(&Clock, &Write)> {
        self.heads.last_key_value()
    }

    /// Concurrent writes that lost and say something else than the winner; empty without conflict.
    pub fn losers(&self) -> impl Iterator<Item = (&Clock, &Write)> {
        let winner = self.winner().map(|(_, w)| &w.value);
        self.heads.iter().rev().skip(1).filter(move |(_, w)| Some(&w.value) != winner)
    }

    fn join(&mut self, other: Self) {
        self.gone.extend(other.gone);
        for (clock, write) in other.heads {
            match self.heads.get_mut(&clock) {
                // One clock, two writes: a device that broke its promise. Any rule will do, if it is everyone's.
                Some(mine) if mine.order() < write.order() => *mine = write,
                Some(_) => {}
                None => drop(self.heads.insert(clock, write)),
            }
        }
        let gone = &self.gone;
        self.heads.retain(|clock, _| !gone.contains(clock));
    }
}

impl From<&Change> for Record {
    /// The record that would be if this change were all.
    fn from(change: &Change) -> Self {
        let write = |value: &Value| Write { value: value.clone(), by: change.author.clone() };
        let fields = change.set.iter().map(|(name, value)| {
            // A write cannot replace itself; a device that says so is answered with its own value.
            let gone = change.seen.get(name).into_iter().flatten().copied().filter(|c| *c != change.clock).collect();
            (name.clone(), Register { heads: BTreeMap::from([(change.clock, write(value))]), gone })
        });
        let mut sets: BTreeMap<String, Members> = BTreeMap::new();
        for (said, is_in) in [(&change.remove, false), (&change.add, true)] {
            for (name, members) in said {
                sets.entry(name.clone())
                    .or_default()
                    .extend(members.iter().map(|m| (m.clone(), (change.clock, is_in))));
            }
        }
        Self {
            id: change.record,
            kind: change.kind.clone(),
            made: change.clock,
            by: change.author.clone(),
            fields: fields.collect(),
            sets,
        }
    }
}

impl Record {
    /// Takes in everything `other` knows of the same record. Commutative, associative, idempotent.
    pub fn join(&mut self, other: Self) {
        debug_assert_eq!(self.id, other.id, "only one record's states join");
        let origin = |r: &Self| (r.made, r.kind.clone(), r.by.clone());
        if other.made < self.made || (other.made == self.made && origin(&other) < origin(self)) {
            (self.made, self.kind, self.by) = (other.made, other.kind, other.by);
        }
        for (name, register) in other.fields {
            self.fields.entry(name).or_default().join(register);
        }
        for (name, members) in other.sets {
            let mine = self.sets.entry(name).or_default();
            for (member, word) in members {
                mine.entry(member).and_modify(|w| *w = (*w).max(word)).or_insert(word);
            }
        }
    }

    /// Takes in one change.
    pub fn apply(&mut self, change: &Change) {
        self.join(Self::from(change));
    }

    /// The value of a field whose only write came with the record itself: most fields of most records.
    pub(crate) fn plain<'a>(&self, register: &'a Register) -> Option<&'a Value> {
        let (clock, write) = register.winner()?;
        let same = register.heads.len() == 1 && register.gone.is_empty() && *clock == self.made && write.by == self.by;
        same.then_some(&write.value)
    }

    /// The value that shows in `field`; sets as a sorted array; `None` when empty.
    pub fn value(&self, field: &str) -> Option<Value> {
        if let Some(members) = self.sets.get(field) {
            let list: Vec<Value> =
                members.iter().filter(|(_, (_, is_in))| *is_in).map(|(m, _)| m.clone().into()).collect();
            return (!list.is_empty()).then_some(Value::Array(list));
        }
        let (_, write) = self.fields.get(field)?.winner()?;
        (!write.value.is_null()).then(|| write.value.clone())
    }

    /// The text that shows in `field`, when it is a text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.winner()?.1.value.as_str()
    }

    /// All values that show, by field name, without empty ones.
    pub fn values(&self) -> Fields {
        self.fields.keys().chain(self.sets.keys()).filter_map(|name| Some((name.clone(), self.value(name)?))).collect()
    }

    /// Whether it was taken back; it then counts in no list and no figure.
    pub fn is_void(&self) -> bool {
        self.value(VOID).is_some()
    }

    /// The clocks a writer of `field` is looking at now: what goes into [`Change::seen`].
    pub fn seen(&self, field: &str) -> BTreeSet<Clock> {
        self.fields.get(field).and_then(Register::winner).map(|(clock, _)| *clock).into_iter().collect()
    }

    /// The latest clock anywhere in it: when it last changed.
    pub fn touched(&self) -> Clock {
        let writes = self.fields.values().filter_map(|r| r.heads.keys().last().copied());
        let words = self.sets.values().flat_map(|m| m.values().map(|(clock, _)| *clock));
        writes.chain(words).max().unwrap_or(self.made).max(self.made)
    }
}
