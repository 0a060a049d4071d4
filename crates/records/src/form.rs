//! One record being written: defaults, calculations, what is asked, what would be saved. Plain data, so it can be kept.
//!
//! A screen draws every question once, from [`Form::question`] and [`Form::choices`], keeps what it drew by [`Place`], and
//! after each answer draws again what [`Form::take_touched`] names. So a key costs what depends on it, not what the form has.

use std::sync::Arc;

use crate::{
    Context, Fields, Pack, Problem, Value,
    asked::is_empty,
    check,
    expression::Scope,
    pack::{Choice, Field, FieldType, Kind},
};
use plan::Plan;
use settle::Told;

mod place;
mod plan;
mod settle;

pub use place::{Place, Touched};

/// A form in use.
#[derive(Clone, Debug)]
pub struct Form {
    kind: String,
    answers: Fields,
    saved: Fields,
    /// What depends on what, made once for a pack.
    plan: Option<Arc<Plan>>,
    /// Whether all was worked out; an opened record is not before it is touched.
    is_settled: bool,
    touched: Touched,
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        (&self.kind, &self.answers, &self.saved) == (&other.kind, &other.answers, &other.saved)
    }
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
    ///
    /// What is chosen and no longer offered is taken out of the answers when what its filter reads changes, or when it is
    /// answered itself. What stood there before the form was opened stays until then, to be seen and judged.
    pub fn new(pack: &Pack, kind: &str, fields: Fields, is_new: bool, context: &Context<'_>) -> Self {
        let (plan, is_settled, touched) = Default::default();
        let mut form = Self { kind: kind.into(), saved: fields.clone(), answers: fields, plan, is_settled, touched };
        if let Some(kind) = pack.kind(kind).filter(|_| is_new) {
            form.fill(pack, kind, context);
        }
        form
    }

    /// The kind's name.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Takes an answer (`Value::Null` empties it) and works out what depends on it. A repeat takes its rows as an array of
    /// objects.
    pub fn set(&mut self, pack: &Pack, field: &str, value: Value, context: &Context<'_>) {
        self.take(field, value);
        self.settle(pack, Told::Field(field), context);
    }

    /// Takes many answers at once, in whichever order they stand. What is chosen among them and not offered stays, to be
    /// judged.
    pub fn set_all(&mut self, pack: &Pack, answers: Fields, context: &Context<'_>) {
        let names: Vec<String> = answers.keys().cloned().collect();
        answers.into_iter().for_each(|(field, value)| self.take(&field, value));
        self.settle(pack, Told::Many(&names), context);
    }

    /// Works out everything again: other records came, or another pack.
    pub fn refresh(&mut self, pack: &Pack, context: &Context<'_>) {
        self.settle(pack, Told::Many(&[]), context);
    }

    fn take(&mut self, field: &str, value: Value) {
        if is_empty(&value) && !value.is_string() {
            self.answers.remove(field);
        } else {
            self.answers.insert(field.into(), value);
        }
    }

    /// Adds a row to a repeat, with its defaults; returns its place from 0.
    pub fn add_row(&mut self, pack: &Pack, repeat: &str, context: &Context<'_>) -> usize {
        let place = self.row_count(repeat);
        let row = Value::Object(self.new_row(pack, repeat, place + 1, context));
        match self.answers.get_mut(repeat) {
            Some(Value::Array(rows)) => rows.push(row),
            _ => drop(self.answers.insert(repeat.into(), Value::Array(vec![row]))),
        }
        self.settle(pack, Told::Rows(repeat), context);
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
        if row < self.row_count(repeat) {
            Place::in_row(repeat, row, field).put(&mut self.answers, Some(value));
            self.settle(pack, Told::Cell(field, repeat, row), context);
        }
    }

    /// Takes a row out of a repeat, counted from 0.
    pub fn remove_row(&mut self, pack: &Pack, repeat: &str, row: usize, context: &Context<'_>) {
        let Some(Value::Array(rows)) = self.answers.get_mut(repeat) else { return };
        if row < rows.len() {
            rows.remove(row);
            self.settle(pack, Told::Rows(repeat), context);
        }
    }

    /// How many rows a repeat has.
    pub fn row_count(&self, repeat: &str) -> usize {
        self.answers.get(repeat).and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// What may look different since this was last asked; to be asked after each answer.
    pub fn take_touched(&mut self) -> Touched {
        std::mem::take(&mut self.touched)
    }

    /// All questions in order, those not asked now with `relevant: false`. Calculations are not questions.
    pub fn questions<'p>(&self, pack: &'p Pack, context: &Context<'_>) -> Vec<Question<'p>> {
        let Some(kind) = pack.kind(&self.kind) else { return Vec::new() };
        let scope = Scope::of(pack, kind, &self.saved, context);
        let whole = |place: Place, field: &'p Field| {
            let scope = Scope { row: place.row_of(&self.saved).or(scope.row), ..scope };
            let choices = field.choices(pack, &scope);
            Question { choices, ..self.look(pack, kind, field, &place, context) }
        };
        let is_asked = |field: &&Field| field.r#type != FieldType::Calculate;
        let one = |field: &'p Field| {
            let rows = match &field.r#type {
                FieldType::Repeat(inner) => (0..self.row_count(&field.name))
                    .map(|row| {
                        let inner = inner.iter().filter(is_asked);
                        inner.map(|inner| whole(Place::in_row(&field.name, row, &inner.name), inner)).collect()
                    })
                    .collect(),
                _ => Vec::new(),
            };
            Question { rows, ..whole(Place::of(&field.name), field) }
        };
        kind.fields.iter().filter(is_asked).map(one).collect()
    }

    /// One question; `None` where there is none. Its `choices` and `rows` are left empty: the choices are had from
    /// [`Form::choices`] and change far more seldom, each field of a row is a question at its own place.
    pub fn question<'p>(&self, pack: &'p Pack, place: &Place, context: &Context<'_>) -> Option<Question<'p>> {
        let kind = pack.kind(&self.kind)?;
        let field = self.field(pack, kind, place)?;
        let is_there = place.row.as_ref().is_none_or(|(repeat, row)| *row < self.row_count(repeat));
        is_there.then(|| self.look(pack, kind, field, place, context))
    }

    /// The choices a question's filter leaves; none for what is not a select.
    pub fn choices<'p>(&self, pack: &'p Pack, place: &Place, context: &Context<'_>) -> Vec<&'p Choice> {
        let Some(kind) = pack.kind(&self.kind) else { return Vec::new() };
        let scope = Scope { row: place.row_of(&self.saved), ..Scope::of(pack, kind, &self.saved, context) };
        self.field(pack, kind, place).map(|field| field.choices(pack, &scope)).unwrap_or_default()
    }

    fn field<'p>(&self, pack: &Pack, kind: &'p Kind, place: &Place) -> Option<&'p Field> {
        match self.plan.as_ref().filter(|plan| plan.is_of(pack, kind)) {
            Some(plan) => plan.field(kind, plan.named(&place.field)?),
            None => match &place.row {
                None => kind.field(&place.field),
                Some((repeat, _)) => kind.field(repeat)?.inner(&place.field),
            },
        }
    }

    fn look<'p>(
        &self,
        pack: &'p Pack,
        kind: &'p Kind,
        field: &'p Field,
        place: &Place,
        context: &Context<'_>,
    ) -> Question<'p> {
        let value = place.get(&self.answers).cloned().unwrap_or(Value::Null);
        // What stands in a row that is not asked for is not among what would be saved.
        let row = place.row_of(&self.saved).or_else(|| place.row_of(&self.answers));
        let scope = Scope { row, ..Scope::of(pack, kind, &self.saved, context) };
        // Out of use, but answered before it was: what is there is shown, so that it can be seen and put elsewhere.
        let is_over = field.disused && is_empty(&value);
        Question {
            relevant: !is_over && field.is_relevant(&scope),
            required: field.is_required(&scope),
            read_only: field.read_only || field.is_calculated(&scope),
            problem: check::judge(pack, kind, field, &value, &scope),
            choices: Vec::new(),
            rows: Vec::new(),
            field,
            value,
        }
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
