//! One thing someone writes down at a moment: a new record, or a change to one.

use records::{Fields, RecordId, Value};

use super::dice::Dice;

/// What will become one change.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// When it is saved, milliseconds since 1970 UTC.
    pub at: u64,
    /// Who writes: a sign-in name.
    pub account: &'static str,
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: &'static str,
    /// Answers; over those of the record when it is there already. `null` empties.
    pub answers: Fields,
    /// Why a fact is corrected.
    pub why: Option<&'static str>,
}

/// Starts a new record, opened a little before it is saved.
pub fn record(dice: &mut Dice, at: u64, account: &'static str, kind: &'static str) -> Act {
    let opened = at.saturating_sub(dice.between(15_000..=240_000).cast_unsigned());
    Act { at, account, record: dice.uuid(opened), kind, answers: Fields::new(), why: None }
}

impl Act {
    /// With an answer.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.answers.insert(field.into(), value.into());
        self
    }

    /// With an answer, if there is one.
    pub fn maybe<V: Into<Value>>(self, field: &str, value: Option<V>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }

    /// Later, the writer takes the record back.
    pub fn void(&self, at: u64, why: &'static str) -> Self {
        let answers = [(sync::change::VOID.to_owned(), Value::from(why))].into();
        Self { at, answers, why: Some(why), ..self.clone() }
    }

    /// Someone changes the record.
    pub fn change(&self, at: u64, account: &'static str) -> Self {
        Self { at, account, answers: Fields::new(), why: None, ..self.clone() }
    }
}
