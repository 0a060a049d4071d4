//! Which filters let a record through. Filters see nothing but the record and the period, so records that are alike in all
//! that a kind's filters read are let through alike: of a year's thousands, a hundred or two are looked at.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
    sync::Arc,
};

use crate::{Fields, Kind, Value, pack::Indicator};

use super::Period;

/// Records told apart; of more than these each is looked at.
const MOST: usize = 2000;

/// The filters of all indicators over a kind, for one period.
#[derive(Default)]
pub(super) struct Sieve {
    /// What they read of a record.
    reads: BTreeSet<String>,
    known: HashMap<String, Arc<[bool]>>,
    written: String,
}

impl Sieve {
    pub fn new(kind: &Kind, indicators: &[&Indicator]) -> Self {
        let filters = indicators.iter().filter_map(|indicator| indicator.filter.as_ref());
        let named = filters.flat_map(|filter| filter.fields());
        let reads = named.map(|name| kind.field(&name).map_or(name, |field| field.name.clone())).collect();
        Self { reads, ..Self::default() }
    }

    /// For each of the indicators that it was made of, whether its filter lets the record through.
    pub fn lets(&mut self, kind: &Kind, indicators: &[&Indicator], period: Period, fields: &Fields) -> Arc<[bool]> {
        self.written.clear();
        for name in &self.reads {
            // With its length no text reads like two others.
            match fields.get(name).unwrap_or(&Value::Null) {
                Value::Null => {}
                Value::String(text) => _ = write!(self.written, "{}:{text}", text.len()),
                value => _ = write!(self.written, "={value}"),
            }
            self.written.push('\n');
        }
        if let Some(lets) = self.known.get(&self.written) {
            return lets.clone();
        }
        let lets = indicators.iter().map(|indicator| indicator.lets(kind, period, fields)).collect::<Arc<[_]>>();
        if self.known.len() < MOST {
            self.known.insert(self.written.clone(), lets.clone());
        }
        lets
    }
}
