//! One record being written: defaults, calculations, what is asked, what would be saved. Plain data, so it can be kept.

use crate::{
    Context, Fields, Pack, Problem, Value,
    pack::{Choice, Field},
};

/// A form in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    kind: String,
    answers: Fields,
    saved: Fields,
}

/// A question as it stands now.
#[derive(Clone, Debug)]
pub struct Question<'p> {
    /// The pack's field.
    pub field: &'p Field,
    /// Is it asked?
    pub relevant: bool,
    /// Must it be answered?
    pub required: bool,
    /// Shown, not changed by hand (`read_only` or calculated).
    pub read_only: bool,
    /// The answer, `Value::Null` for none.
    pub value: Value,
    /// Choices left by `choice_filter`; empty for other types.
    pub choices: Vec<&'p Choice>,
    /// What is wrong with the answer.
    pub problem: Option<Problem>,
    /// Rows of a repeat, each with its questions.
    pub rows: Vec<Vec<Question<'p>>>,
}

impl Form {
    /// A form over `fields`; a new record gets its defaults and calculations.
    pub fn new(pack: &Pack, kind: &str, fields: Fields, is_new: bool, context: &Context<'_>) -> Self {
        let _ = (pack, is_new, context);
        Self { kind: kind.into(), saved: fields.clone(), answers: fields }
    }

    /// The kind's name.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Takes an answer (`Value::Null` empties it) and recalculates.
    pub fn set(&mut self, pack: &Pack, field: &str, value: Value, context: &Context<'_>) {
        let _ = (pack, field, value, context);
        todo!()
    }

    /// All questions in order, those not asked now with `relevant: false`. Calculations are not questions.
    pub fn questions<'p>(&self, pack: &'p Pack, context: &Context<'_>) -> Vec<Question<'p>> {
        let _ = (pack, context);
        todo!()
    }

    /// What would be saved: without answers no longer asked for, with calculations.
    pub fn fields(&self) -> &Fields {
        &self.saved
    }

    /// What was answered, also what is not asked for now: a box unticked and ticked again brings the answer back.
    pub fn answers(&self) -> &Fields {
        &self.answers
    }

    /// All that is wrong; empty means it may be saved.
    pub fn problems(&self, pack: &Pack, context: &Context<'_>) -> Vec<Problem> {
        crate::check(pack, &self.kind, &self.saved, context)
    }
}
