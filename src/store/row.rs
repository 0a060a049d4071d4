//! One row of the log: one act of the user, the changes it made, and what became of each.

use records::Problem;
use serde::{Deserialize, Serialize};
use sync::Change;

use super::StoreError;

/// What became of a change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// No verdict whose effect is here yet: it is pushed until there is.
    #[default]
    Waiting,
    /// The office has it and its effect is here.
    Settled,
    /// The office did not take it, for these reasons.
    Refused(Vec<Problem>),
    /// Refused, then mended by a later change or taken in by the office.
    SetAside(Vec<Problem>),
    /// Refused, and its author wants no more of it for now.
    GivenUp(Vec<Problem>),
}

/// A change and its fate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The change.
    pub change: Change,
    /// What became of it.
    #[serde(default)]
    pub fate: Fate,
}

/// An act: what one tap on "save" wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// When, milliseconds since 1970 UTC by the device's clock.
    pub at: u64,
    /// Its changes, by number.
    pub entries: Vec<Entry>,
}

impl Row {
    /// A row of changes that wait.
    pub fn of(changes: Vec<Change>, at: u64) -> Self {
        Self { at, entries: changes.into_iter().map(|change| Entry { change, fate: Fate::Waiting }).collect() }
    }

    /// The number it is kept under: its first change's.
    pub fn number(&self) -> u64 {
        self.entries.first().map_or(0, |e| e.change.number)
    }

    /// Whether nothing of it has to be kept.
    pub fn is_settled(&self) -> bool {
        self.entries.iter().all(|e| e.fate == Fate::Settled)
    }

    /// As bytes: JSON, so that an older or newer program reads what it knows.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From [`Row::to_bytes`].
    ///
    /// # Errors
    /// The bytes are no row.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        serde_json::from_slice(bytes).map_err(|e| StoreError::Damaged(format!("a row of the log: {e}")))
    }
}

/// The key of the row whose first change has this number: sorts as numbers do.
pub fn key(number: u64) -> String {
    format!("{number:020}")
}
