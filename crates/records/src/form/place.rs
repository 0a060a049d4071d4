//! Where a question stands, and what may look different there.

use std::collections::BTreeMap;

use serde_json::Map;

use crate::{Fields, Value};

/// Where a question stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The field.
    pub field: String,
    /// The repeat and the row in it, counted from 0, for a field of a row.
    pub row: Option<(String, usize)>,
}

/// What may look different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Everything.
    pub all: bool,
    /// These questions, and whether also the choices they offer. A repeat stands for its rows: some came, went or moved.
    pub places: BTreeMap<Place, bool>,
}

impl Touched {
    /// With what another answer touched.
    pub fn join(&mut self, other: Self) {
        self.all |= other.all;
        other.places.into_iter().for_each(|(place, choices)| self.of(place, choices));
    }

    pub(super) fn of(&mut self, place: Place, choices: bool) {
        *self.places.entry(place).or_default() |= choices;
    }
}

impl Place {
    /// A field of the record.
    pub fn of(field: impl Into<String>) -> Self {
        Self { field: field.into(), row: None }
    }

    /// A field in a row of a repeat, counted from 0.
    pub fn in_row(repeat: impl Into<String>, row: usize, field: impl Into<String>) -> Self {
        Self { field: field.into(), row: Some((repeat.into(), row)) }
    }

    /// What stands here.
    pub(super) fn get<'f>(&self, fields: &'f Fields) -> Option<&'f Value> {
        match &self.row {
            None => fields.get(&self.field),
            Some((repeat, row)) => fields.get(repeat)?.get(row)?.get(&self.field),
        }
    }

    /// The row it stands in, and its place from 1.
    pub(super) fn row_of<'f>(&self, fields: &'f Fields) -> Option<(&'f Map<String, Value>, usize)> {
        let (repeat, row) = self.row.as_ref()?;
        Some((fields.get(repeat)?.get(row)?.as_object()?, row + 1))
    }

    /// Puts something here; a row that is not there is left alone.
    pub(super) fn put(&self, fields: &mut Fields, value: Option<Value>) {
        match &self.row {
            None => match value {
                Some(value) => drop(fields.insert(self.field.clone(), value)),
                None => drop(fields.remove(&self.field)),
            },
            Some((repeat, row)) => {
                let row = fields.get_mut(repeat).and_then(|rows| rows.get_mut(row)).and_then(Value::as_object_mut);
                match (row, value) {
                    (Some(row), Some(value)) => drop(row.insert(self.field.clone(), value)),
                    (Some(row), None) => drop(row.remove(&self.field)),
                    (None, _) => {}
                }
            }
        }
    }
}
