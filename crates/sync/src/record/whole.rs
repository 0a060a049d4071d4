//! A record taken apart, to be joined with another: made from its bytes when two states meet, and put back into bytes.

use std::collections::BTreeMap;

use records::{RecordId, Value};

use super::{
    Members, Record, Register, Write,
    bytes::{FULL, PLAIN, Writer},
    leaf::{Kept, Leaf},
};
use crate::{Clock, name::Name};

/// A record's parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Whole {
    pub id: RecordId,
    pub kind: Name,
    pub made: Clock,
    pub by: Name,
    /// Fields that merge by last writer, by name.
    pub fields: Vec<(Name, Slot)>,
    /// Fields that merge as sets, by name.
    pub sets: Vec<(Name, Members)>,
}

/// How a field is kept. One form for each state, so that equal records are equal bytes: see [`Whole::slot`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Slot {
    /// Written once, together with the record, by the record's author.
    Plain(Value),
    /// Anything else.
    Full(Box<Register>),
}

impl Whole {
    /// Takes in everything `other` knows of the same record.
    pub fn join(&mut self, mut other: Self) {
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

    /// The one form in which this record keeps a field.
    pub fn slot(&self, mut register: Register) -> Slot {
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
}

impl From<Whole> for Record {
    fn from(whole: Whole) -> Self {
        let mut to = Writer::head(whole.id, &whole.kind, whole.made, &whole.by);
        to.int(whole.fields.len() as u64);
        for (name, slot) in &whole.fields {
            to.text(name);
            match slot {
                Slot::Plain(value) => {
                    to.out.push(PLAIN);
                    to.value(value);
                }
                Slot::Full(register) => {
                    to.out.push(FULL);
                    to.register(register);
                }
            }
        }
        to.int(whole.sets.len() as u64);
        for (name, members) in &whole.sets {
            to.text(name);
            to.members(members);
        }
        Self::written(whole.id, whole.kind, whole.made, whole.by, to)
    }
}

impl Record {
    /// Its parts.
    pub(crate) fn open(&self) -> Whole {
        let (id, kind, made, by) = (self.id, self.kind.clone(), self.made, self.by.clone());
        let mut whole = Whole { id, kind, made, by, fields: Vec::new(), sets: Vec::new() };
        let Some(mut leaf) = self.leaf() else { return whole };
        while let Some((name, kept)) = leaf.field() {
            let slot = match kept {
                Kept::Plain(raw) => raw.value().map(Slot::Plain),
                Kept::Full(mut from) => Register::read(&mut from).map(|register| whole.slot(register)),
            };
            if let (Ok(name), Some(slot)) = (std::str::from_utf8(name), slot) {
                whole.fields.push((name.into(), slot));
            }
        }
        let mut sets = leaf.sets();
        while let Some((name, words)) = sets.as_mut().and_then(super::leaf::Sets::set) {
            if let Ok(name) = std::str::from_utf8(name) {
                whole.sets.push((name.into(), words.members()));
            }
        }
        whole
    }

    /// A register of one of its fields.
    pub(super) fn register(&self, field: &str) -> Option<Register> {
        match self.kept(field)? {
            Kept::Plain(raw) => {
                Some(Register::new(self.made, Write { value: raw.value()?, by: self.by.clone() }, Vec::new()))
            }
            Kept::Full(mut from) => Register::read(&mut from),
        }
    }

    pub(super) fn leaf(&self) -> Option<Leaf<'_>> {
        Leaf::new(self.after_head())
    }
}
