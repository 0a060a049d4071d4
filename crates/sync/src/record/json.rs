//! A record in JSON: short where a field was written once, together with the record; complete otherwise.

use std::collections::{BTreeMap, BTreeSet};

use records::{RecordId, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Members, Record, Register, Write};
use crate::Clock;

#[derive(Serialize, Deserialize)]
struct Whole {
    id: RecordId,
    kind: String,
    made: Clock,
    by: String,
    /// Fields whose only write came with the record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    set: BTreeMap<String, Value>,
    /// Fields written later, or by several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    later: BTreeMap<String, Later>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    sets: BTreeMap<String, Members>,
}

#[derive(Serialize, Deserialize)]
struct Later {
    heads: Vec<Head>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    gone: BTreeSet<Clock>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    at: Clock,
    by: String,
    value: Value,
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut whole = Whole {
            id: self.id,
            kind: self.kind.clone(),
            made: self.made,
            by: self.by.clone(),
            set: BTreeMap::new(),
            later: BTreeMap::new(),
            sets: self.sets.clone(),
        };
        for (name, register) in &self.fields {
            if let Some(value) = self.plain(register) {
                whole.set.insert(name.clone(), value.clone());
                continue;
            }
            let head = |(at, w): (&Clock, &Write)| Head { at: *at, by: w.by.clone(), value: w.value.clone() };
            let heads = register.heads.iter().map(head).collect();
            whole.later.insert(name.clone(), Later { heads, gone: register.gone.clone() });
        }
        whole.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Whole { id, kind, made, by, set, later, sets } = Whole::deserialize(from)?;
        let plain = |(name, value)| {
            let heads = BTreeMap::from([(made, Write { value, by: by.clone() })]);
            (name, Register { heads, gone: BTreeSet::new() })
        };
        let mut fields: BTreeMap<String, Register> = set.into_iter().map(plain).collect();
        for (name, Later { heads, gone }) in later {
            let heads = heads.into_iter().map(|h| (h.at, Write { value: h.value, by: h.by })).collect();
            fields.insert(name, Register { heads, gone });
        }
        Ok(Self { id, kind, made, by, fields, sets })
    }
}
