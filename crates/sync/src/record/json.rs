//! A record in JSON: short where a field was written once, together with the record; complete otherwise.

use std::collections::BTreeMap;

use records::{RecordId, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Members, Record, Register, Write, whole::Slot};
use crate::{Clock, name::Name};

#[derive(Serialize, Deserialize)]
struct Whole {
    id: RecordId,
    kind: Name,
    made: Clock,
    by: Name,
    /// Fields whose only write came with the record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    set: BTreeMap<Name, Value>,
    /// Fields written later, or by several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    later: BTreeMap<Name, Later>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    sets: BTreeMap<Name, BTreeMap<Name, (Clock, bool)>>,
}

#[derive(Serialize, Deserialize)]
struct Later {
    heads: Vec<Head>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gone: Vec<Clock>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    at: Clock,
    by: Name,
    value: Value,
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let words = |m: Members| m.0.into_iter().map(|(member, clock, is_in)| (member, (clock, is_in))).collect();
        let open = self.open();
        let mut whole = Whole {
            id: open.id,
            kind: open.kind,
            made: open.made,
            by: open.by,
            set: BTreeMap::new(),
            later: BTreeMap::new(),
            sets: open.sets.into_iter().map(|(name, members)| (name, words(members))).collect(),
        };
        for (name, slot) in open.fields {
            match slot {
                Slot::Plain(value) => drop(whole.set.insert(name, value)),
                Slot::Full(register) => {
                    let head = |(at, w): (Clock, Write)| Head { at, by: w.by, value: w.value };
                    let heads = register.heads.into_iter().map(head).collect();
                    whole.later.insert(name, Later { heads, gone: register.gone });
                }
            }
        }
        whole.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Whole { id, kind, made, by, set, later, sets } = Whole::deserialize(from)?;
        let words =
            |m: BTreeMap<Name, (Clock, bool)>| m.into_iter().map(|(name, (at, is_in))| (name, at, is_in)).collect();
        let sets = sets.into_iter().map(|(name, members)| (name, words(members))).collect();
        let mut record = super::whole::Whole { id, kind, made, by, fields: Vec::new(), sets };
        let mut fields: BTreeMap<Name, Slot> =
            set.into_iter().map(|(name, value)| (name, Slot::Plain(value))).collect();
        for (name, Later { heads, gone }) in later {
            let heads = heads.into_iter().map(|h| (h.at, Write { value: h.value, by: h.by })).collect();
            // Joined with nothing: sorted and in the one form, whatever came.
            let mut register = Register { heads, gone };
            register.join(Register::default());
            fields.insert(name, record.slot(register));
        }
        record.fields = fields.into_iter().collect();
        Ok(record.into())
    }
}
