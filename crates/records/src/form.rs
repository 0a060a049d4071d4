//! One record being written: defaults, calculations, what is asked, what would be saved. Plain data, so it can be kept.

use crate::{
    Context, Fields, Pack, Problem, Value,
    asked::is_empty,
    check,
    expression::Scope,
    pack::{Choice, Field, FieldType, Kind},
};

mod settle;

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
    /// Shown, not changed by hand: `read_only`, or settled by its calculation.
    pub read_only: bool,
    /// The answer, `Value::Null` for none.
    pub value: Value,
    /// Choices left by `choice_filter`; empty for other types.
    pub choices: Vec<&'p Choice>,
    /// What is wrong with the answer; a form shows it once the question was left or saving was tried.
    pub problem: Option<Problem>,
    /// Rows of a repeat, each with its questions.
    pub rows: Vec<Vec<Question<'p>>>,
}

impl Form {
    /// A form over `fields`; a new record gets its defaults and calculations. An existing one stays as it is until it is
    /// touched, so that opening a record changes nothing; a draft taken up again is not new either.
    pub fn new(pack: &Pack, kind: &str, fields: Fields, is_new: bool, context: &Context<'_>) -> Self {
        let mut form = Self { kind: kind.into(), saved: fields.clone(), answers: fields };
        if let Some(kind) = pack.kind(kind).filter(|_| is_new) {
            form.fill_defaults(pack, kind, context);
            form.settle(pack, context);
        }
        form
    }

    /// The kind's name.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Takes an answer (`Value::Null` empties it) and recalculates. A repeat takes its rows as an array of objects.
    pub fn set(&mut self, pack: &Pack, field: &str, value: Value, context: &Context<'_>) {
        if is_empty(&value) && !value.is_string() {
            self.answers.remove(field);
        } else {
            self.answers.insert(field.into(), value);
        }
        self.settle(pack, context);
    }

    /// Adds a row to a repeat, with its defaults; returns its place from 0.
    pub fn add_row(&mut self, pack: &Pack, repeat: &str, context: &Context<'_>) -> usize {
        let mut rows = self.rows(repeat);
        let row = self.new_row(pack, repeat, rows.len() + 1, context);
        rows.push(Value::Object(row));
        let place = rows.len() - 1;
        self.set(pack, repeat, Value::Array(rows), context);
        place
    }

    /// Takes an answer in a row of a repeat, counted from 0; a row that is not there is left alone.
    pub fn set_in_row(
        &mut self,
        pack: &Pack,
        repeat: &str,
        row: usize,
        field: &str,
        value: Value,
        context: &Context<'_>,
    ) {
        let mut rows = self.rows(repeat);
        if let Some(Value::Object(row)) = rows.get_mut(row) {
            row.insert(field.into(), value);
            self.set(pack, repeat, Value::Array(rows), context);
        }
    }

    /// Takes a row out of a repeat, counted from 0.
    pub fn remove_row(&mut self, pack: &Pack, repeat: &str, row: usize, context: &Context<'_>) {
        let mut rows = self.rows(repeat);
        if row < rows.len() {
            rows.remove(row);
            self.set(pack, repeat, Value::Array(rows), context);
        }
    }

    fn rows(&self, repeat: &str) -> Vec<Value> {
        self.answers.get(repeat).and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// All questions in order, those not asked now with `relevant: false`. Calculations are not questions.
    pub fn questions<'p>(&self, pack: &'p Pack, context: &Context<'_>) -> Vec<Question<'p>> {
        let Some(kind) = pack.kind(&self.kind) else { return Vec::new() };
        let scope = Scope::of(pack, kind, &self.saved, context);
        let asked = kind.fields.iter().filter(|field| field.r#type != FieldType::Calculate);
        asked.map(|field| question(pack, kind, field, self.answers.get(&field.name), &scope)).collect()
    }

    /// What would be saved: without answers no longer asked for, with calculations.
    pub fn fields(&self) -> &Fields {
        &self.saved
    }

    /// What was answered, also what is not asked for now: a choice undone and made again brings its answers back.
    pub fn answers(&self) -> &Fields {
        &self.answers
    }

    /// All that is wrong; empty means it may be saved.
    pub fn problems(&self, pack: &Pack, context: &Context<'_>) -> Vec<Problem> {
        check(pack, &self.kind, &self.saved, context)
    }
}

fn question<'p>(
    pack: &'p Pack,
    kind: &'p Kind,
    field: &'p Field,
    answer: Option<&Value>,
    scope: &Scope<'_>,
) -> Question<'p> {
    let value = answer.cloned().unwrap_or(Value::Null);
    let rows = match (&field.r#type, &value) {
        (FieldType::Repeat(inner), Value::Array(rows)) => {
            let rows = rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.as_object()?)));
            let asked = |field: &&Field| field.r#type != FieldType::Calculate;
            let row = |(at, row): (usize, &serde_json::Map<String, Value>)| {
                let scope = Scope { row: Some((row, at + 1)), ..*scope };
                let inner = inner.iter().filter(asked);
                inner.map(|field| question(pack, kind, field, row.get(&field.name), &scope)).collect()
            };
            rows.map(row).collect()
        }
        _ => Vec::new(),
    };
    // Out of use, but answered before it was: what is there is shown, so that it can be seen and put elsewhere.
    let is_over = field.disused && is_empty(&value);
    Question {
        relevant: !is_over && field.is_relevant(scope),
        required: field.is_required(scope),
        read_only: field.read_only || field.is_calculated(scope),
        choices: field.choices(pack, scope),
        problem: check::judge(pack, kind, field, &value, scope),
        field,
        value,
        rows,
    }
}
