//! Erasure at a resident's request (PIPL art. 47): who else's records are about them, and what is left of each.
//!
//! What is left cannot be led back to anyone (art. 73): facts keep what figures are counted from, register entries keep
//! nothing. An erased state stands above every other of its record, so no tablet and no late change brings the rest back.

use std::collections::{BTreeMap, BTreeSet};

use records::{Field, FieldType, Pack, RecordId, Value, link, pack::Nature};

use crate::{
    Clock, Record,
    change::{ERASED, VOID},
    record::{Members, Register, Write, whole::Whole},
};

/// The appearance of a text that holds an account's name: officers are not the ones who are forgotten.
const ACCOUNT: &str = "account";

/// The record and all that are about it: that point at it, or at one that does, with a field for one record. Those that
/// name it among several are about others too and are not in it.
pub fn about<'r>(pack: &Pack, records: impl Iterator<Item = &'r Record>, id: RecordId) -> BTreeSet<RecordId> {
    let mut pointing: BTreeMap<RecordId, Vec<RecordId>> = BTreeMap::new();
    for record in records {
        let single = |field: &&Field| matches!(field.r#type, FieldType::Record(_));
        for field in pack.kind(&record.kind).into_iter().flat_map(|kind| &kind.fields).filter(single) {
            if let Some(target) = record.link(&field.name) {
                pointing.entry(target).or_default().push(record.id);
            }
        }
    }
    let (mut about, mut todo) = (BTreeSet::from([id]), vec![id]);
    while let Some(id) = todo.pop() {
        todo.extend(pointing.get(&id).into_iter().flatten().filter(|id| about.insert(**id)));
    }
    about
}

impl Record {
    /// What is left of the record when those `about` the same person go with it: of a fact its choices, numbers, amounts
    /// and days, and links among those that go; of a register entry nothing, and it is void.
    pub fn erased(&self, pack: &Pack, about: &BTreeSet<RecordId>, clock: Clock, by: &str, why: &str) -> Self {
        let kind = pack.kind(&self.kind);
        let is_fact = kind.is_some_and(|kind| kind.nature == Nature::Fact);
        let stays = |name: &str, value: &Value| {
            let Some((kind, field)) = kind.and_then(|kind| Some((kind, kind.field(name)?))) else { return false };
            let is_officer = kind.assigned.as_deref() == Some(name);
            match &field.r#type {
                FieldType::Text => is_officer || field.appears(ACCOUNT),
                FieldType::Record(_) => value.as_str().and_then(link).is_some_and(|id| about.contains(&id)),
                FieldType::Integer
                | FieldType::Money
                | FieldType::Date
                | FieldType::DateTime
                | FieldType::SelectOne(_)
                | FieldType::SelectMultiple(_)
                | FieldType::YesNo => is_fact,
                _ => false,
            }
        };
        let open = self.open();
        let mut left = Whole { fields: Vec::new(), sets: Vec::new(), ..open.clone() };
        for name in self.names() {
            let Some((clock, write)) = self.winner(name).filter(|(_, write)| stays(name, &write.value)) else {
                continue;
            };
            left.fields.push((name.into(), left.slot(Register::new(clock, write, Vec::new()))));
        }
        for (name, members) in open.sets.into_iter().filter(|(name, _)| stays(name, &Value::Null)) {
            let present = members.0.into_iter().filter(|(_, _, is_in)| *is_in);
            left.sets.push((name, present.collect::<Members>()));
        }
        let mut say = |name: &str, value: Value| {
            let write = Write { value, by: by.into() };
            left.fields.push((name.into(), left.slot(Register::new(clock, write, Vec::new()))));
        };
        say(ERASED, why.into());
        if !is_fact || self.is_void() {
            say(VOID, true.into());
        }
        left.fields.sort_by(|a, b| a.0.cmp(&b.0));
        left.into()
    }
}
