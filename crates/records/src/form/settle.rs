//! Defaults, relevance, choices that are no longer offered and calculations, each worked out once, after all it reads; and
//! after an answer only what depends on it.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Map;

use super::{Form, Place, plan::Plan};
use crate::{
    Context, Pack, Value,
    asked::is_empty,
    expression::{Expression, Scope},
    pack::{Field, FieldType, Kind},
};

/// A field to be worked out again.
#[derive(Clone, Copy, Debug)]
struct Due {
    rows: Rows,
    /// The choices it offers may have become others.
    chosen: bool,
    /// Its readers are told whether it changes or not: rows came, went or moved.
    tells: bool,
}

/// In which rows of a repeat; all, for a field of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    All,
    One(usize),
}

/// What was answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told<'t> {
    /// A field; a repeat with all its rows.
    Field(&'t str),
    /// A field of a repeat, in one row.
    Cell(&'t str, &'t str, usize),
    /// The rows of a repeat, whose answers are as they were.
    Rows(&'t str),
    /// Many fields at once; none, to look at everything again.
    Many(&'t [String]),
}

impl Form {
    /// Works out what depends on what was told; everything, if nothing was worked out yet.
    pub(super) fn settle(&mut self, pack: &Pack, told: Told<'_>, context: &Context<'_>) {
        let Some(kind) = pack.kind(&self.kind) else {
            self.saved = self.answers.clone();
            return;
        };
        let plan = self.plan.take().filter(|plan| plan.is_of(pack, kind));
        let is_whole = plan.is_none() || !self.is_settled || matches!(told, Told::Many(_));
        let plan = plan.unwrap_or_else(|| Arc::new(Plan::of(pack, kind)));
        self.plan = Some(plan.clone());
        let mut work = Work::new(self, &plan, pack, kind, context);
        work.given = match told {
            Told::Field(name) => vec![Place::of(name)],
            Told::Cell(name, repeat, row) => vec![Place::in_row(repeat, row, name)],
            Told::Rows(_) => Vec::new(),
            Told::Many(names) => names.iter().map(Place::of).collect(),
        };
        if is_whole {
            work.everything();
        }
        match told {
            Told::Field(name) => work.told(name),
            Told::Cell(name, repeat, row) => match plan.named(name) {
                Some(node) => {
                    work.form.touched.of(Place::in_row(repeat, row, name), false);
                    work.add(node, Due { rows: Rows::One(row), chosen: false, tells: false });
                }
                // A newer form has it in its rows.
                None => work.told(repeat),
            },
            Told::Rows(repeat) => work.told(repeat),
            Told::Many(names) => names.iter().for_each(|name| work.told(name)),
        }
        work.run();
        self.is_settled = true;
    }

    /// A new record: first values of what is not answered yet, each after what it is made of.
    pub(super) fn fill(&mut self, pack: &Pack, kind: &Kind, context: &Context<'_>) {
        let plan = Arc::new(Plan::of(pack, kind));
        self.plan = Some(plan.clone());
        let mut work = Work::new(self, &plan, pack, kind, context);
        for node in &plan.filling {
            work.default(*node);
            work.node(*node, Due { rows: Rows::All, chosen: false, tells: false });
        }
        work.everything();
        work.run();
        self.is_settled = true;
    }

    /// A row of a repeat with its defaults.
    pub(super) fn new_row(&self, pack: &Pack, repeat: &str, place: usize, context: &Context<'_>) -> Map<String, Value> {
        let mut row = Map::new();
        let Some(kind) = pack.kind(&self.kind) else { return row };
        let Some(FieldType::Repeat(inner)) = kind.field(repeat).map(|f| &f.r#type) else { return row };
        for field in inner {
            let Some(default) = field.default.as_ref().filter(|_| !field.disused) else { continue };
            let scope = Scope { row: Some((&row, place)), ..Scope::of(pack, kind, &self.saved, context) };
            let value = result(field, default, &scope);
            if !is_empty(&value) {
                row.insert(field.name.clone(), value);
            }
        }
        let all = row.clone();
        let scope = Scope { row: Some((&all, place)), ..Scope::of(pack, kind, &self.saved, context) };
        let is_offered =
            |field: &Field, value: &Value| value.as_str().is_none_or(|name| field.offers(pack, &scope, name));
        row.retain(|name, value| inner.iter().all(|f| f.name != *name || !is_select(f) || is_offered(f, value)));
        row
    }
}

struct Work<'w> {
    form: &'w mut Form,
    plan: &'w Plan,
    pack: &'w Pack,
    kind: &'w Kind,
    context: &'w Context<'w>,
    /// What is to be worked out, in the order of dependence.
    due: BTreeMap<usize, Due>,
    /// Choices that depend on what stands behind them in that order: two filters that read each other.
    later: BTreeMap<usize, Due>,
    /// What was answered just now: left to be judged as it is, but for members of a set that stood there before.
    given: Vec<Place>,
}

impl<'w> Work<'w> {
    fn new(form: &'w mut Form, plan: &'w Plan, pack: &'w Pack, kind: &'w Kind, context: &'w Context<'w>) -> Self {
        let (due, later, given) = Default::default();
        Self { form, plan, pack, kind, context, due, later, given }
    }

    /// A field was answered; of a repeat, its rows came, went or moved.
    fn told(&mut self, name: &str) {
        match self.plan.named(name) {
            Some(node) => {
                let tells = !self.plan.nodes[node].inner.is_empty();
                self.add(node, Due { rows: Rows::All, chosen: false, tells });
            }
            // A newer form wrote it.
            None => Place::of(name).put(&mut self.form.saved, self.form.answers.get(name).cloned()),
        }
    }

    fn everything(&mut self) {
        self.form.touched.all = true;
        for node in 0..self.plan.nodes.len() {
            self.add(node, Due { rows: Rows::All, chosen: false, tells: false });
        }
    }

    fn add(&mut self, node: usize, due: Due) {
        add(&mut self.due, node, due);
    }

    fn run(&mut self) {
        // Choices are only ever taken away, so two filters that read each other come to rest; calculations that went round in
        // a circle would be worked out once.
        for _ in 0..=self.plan.nodes.len() {
            while let Some((node, due)) = self.due.pop_first() {
                self.node(node, due);
            }
            if self.later.is_empty() {
                break;
            }
            self.due = std::mem::take(&mut self.later);
        }
    }

    /// The first value of a field that has none.
    fn default(&mut self, node: usize) {
        let Some(field) = self.plan.field(self.kind, node).filter(|_| self.plan.nodes[node].repeat.is_none()) else {
            return;
        };
        let is_open = !field.disused && !self.form.answers.contains_key(&field.name);
        let Some(default) = field.default.as_ref().filter(|_| is_open) else { return };
        let value = result(field, default, &self.scope());
        if !is_empty(&value) {
            self.form.answers.insert(field.name.clone(), value);
        }
    }

    /// Works out a field wherever it is due, and tells its readers.
    fn node(&mut self, node: usize, due: Due) {
        let plan = self.plan;
        let Some(field) = plan.field(self.kind, node) else { return };
        let changed = match plan.nodes[node].repeat.and_then(|repeat| plan.field(self.kind, repeat)) {
            None if matches!(field.r#type, FieldType::Repeat(_)) => self.repeat(node, field, due).then_some(Rows::All),
            None => {
                let place = Place::of(&field.name);
                self.one(field, &place, due.chosen).then_some(Rows::All)
            }
            Some(repeat) => self.cells(field, &repeat.name, due, plan.nodes[node].runs),
        };
        let changed = if due.tells { Some(Rows::All) } else { changed };
        let Some(rows) = changed else { return };
        for reader in &plan.nodes[node].readers {
            let is_beside =
                plan.nodes[node].repeat.is_some() && plan.nodes[node].repeat == plan.nodes[reader.node].repeat;
            let rows = if is_beside && !reader.over_rows { rows } else { Rows::All };
            self.touch(reader.node, rows, reader.choices);
            if reader.value {
                let due = Due { rows, chosen: reader.choices, tells: false };
                if reader.node > node {
                    self.add(reader.node, due);
                } else if reader.choices {
                    add(&mut self.later, reader.node, due);
                }
            }
        }
    }

    /// A field in the rows it is due in; which changed.
    fn cells(&mut self, field: &Field, repeat: &str, due: Due, runs: bool) -> Option<Rows> {
        let count = self.form.saved.get(repeat).and_then(Value::as_array).map_or(0, Vec::len);
        let rows = match due.rows {
            Rows::All => 0..count,
            Rows::One(row) => row.min(count)..(row + 1).min(count),
        };
        let (mut changed, mut end) = (None, rows.end);
        for row in rows.start..count {
            if row >= end {
                break;
            }
            if self.one(field, &Place::in_row(repeat, row, &field.name), due.chosen) {
                changed = merged(changed, Rows::One(row));
                if runs {
                    end = count.min(end.max(row + 2));
                }
            }
        }
        changed
    }

    /// The rows of a repeat, as what would be saved has them; what stands in them is worked out field by field.
    fn repeat(&mut self, node: usize, field: &Field, due: Due) -> bool {
        let is_asked = field.is_relevant(&self.scope());
        let rows = self.form.answers.get(&field.name).filter(|rows| is_asked && !is_empty(rows));
        self.form.touched.of(Place::of(&field.name), false);
        let is_kept = self.form.saved.contains_key(&field.name);
        if rows.is_some() == is_kept && !due.tells {
            return false;
        }
        match rows.cloned() {
            Some(rows) => drop(self.form.saved.insert(field.name.clone(), rows)),
            None => drop(self.form.saved.remove(&field.name)),
        }
        for inner in &self.plan.nodes[node].inner {
            self.add(*inner, Due { rows: Rows::All, chosen: due.chosen, tells: true });
        }
        true
    }

    /// One answer: is it asked, is it still offered, what is it worked out to be? Whether what would be saved of it changed.
    fn one(&mut self, field: &Field, place: &Place, chosen: bool) -> bool {
        self.form.touched.of(place.clone(), false);
        let before = place.get(&self.form.saved).cloned();
        if field.r#type == FieldType::Note || !field.is_relevant(&self.scope_at(place)) {
            place.put(&mut self.form.saved, None);
            return before.is_some();
        }
        let mut answer = place.get(&self.form.answers).filter(|answer| !is_empty(answer)).cloned();
        let calculation = field.calculation.as_ref().filter(|_| !field.disused);
        let mut is_other = false;
        if let Some(calculation) = calculation {
            // It may look at its own answer.
            place.put(&mut self.form.saved, answer.clone());
            let scope = Scope { this: place.get(&self.form.saved), ..self.scope_at(place) };
            answer = Some(result(field, calculation, &scope)).filter(|value| !is_empty(value));
            is_other = true;
        }
        if is_select(field) && (chosen || is_other || before.is_none() || self.is_given(place)) {
            answer = answer.and_then(|answer| self.offered(field, place, &answer, before.as_ref()));
            is_other = true;
        }
        if is_other && place.get(&self.form.answers) != answer.as_ref() {
            place.put(&mut self.form.answers, answer.clone());
        }
        let is_changed = before != answer;
        if is_changed || is_other {
            place.put(&mut self.form.saved, answer);
        }
        is_changed
    }

    fn is_given(&self, place: &Place) -> bool {
        let within = place.row.as_ref().map(|(repeat, _)| Place::of(repeat));
        self.given.iter().any(|given| given == place || Some(given) == within.as_ref())
    }

    /// An answer without the choices that are not offered; of one given just now, all that stands in it anew stays.
    fn offered(&self, field: &Field, place: &Place, answer: &Value, before: Option<&Value>) -> Option<Value> {
        let scope = self.scope_at(place);
        let is_given = self.is_given(place);
        let stood = |name: &Value| before.and_then(Value::as_array).is_some_and(|before| before.contains(name));
        let stays = |name: &Value| {
            is_given && !stood(name) || name.as_str().is_none_or(|name| field.offers(self.pack, &scope, name))
        };
        match (&field.r#type, answer) {
            (FieldType::SelectOne(_), name) if !stays(name) => None,
            (FieldType::SelectMultiple(_), Value::Array(names)) => {
                let left: Vec<Value> = names.iter().filter(|name| stays(name)).cloned().collect();
                (!left.is_empty()).then_some(Value::Array(left))
            }
            (_, answer) => Some(answer.clone()),
        }
    }

    fn scope(&self) -> Scope<'_> {
        Scope::of(self.pack, self.kind, &self.form.saved, self.context)
    }

    fn scope_at(&self, place: &Place) -> Scope<'_> {
        Scope { row: place.row_of(&self.form.saved), ..self.scope() }
    }

    /// Notes that a question may look different.
    fn touch(&mut self, node: usize, rows: Rows, choices: bool) {
        let plan = self.plan;
        let Some(field) = plan.field(self.kind, node) else { return };
        match plan.nodes[node].repeat.and_then(|repeat| plan.field(self.kind, repeat)) {
            None => self.form.touched.of(Place::of(&field.name), choices),
            Some(repeat) => {
                let rows = match rows {
                    Rows::All => 0..self.form.row_count(&repeat.name),
                    Rows::One(row) => row..row + 1,
                };
                rows.for_each(|row| self.form.touched.of(Place::in_row(&repeat.name, row, &field.name), choices));
            }
        }
    }
}

fn is_select(field: &Field) -> bool {
    matches!(field.r#type, FieldType::SelectOne(_) | FieldType::SelectMultiple(_))
}

fn add(to: &mut BTreeMap<usize, Due>, node: usize, due: Due) {
    let own = to.entry(node).or_insert(due);
    own.rows = merged(Some(own.rows), due.rows).unwrap_or(due.rows);
    own.chosen |= due.chosen;
    own.tells |= due.tells;
}

fn merged(rows: Option<Rows>, more: Rows) -> Option<Rows> {
    Some(if rows.is_none_or(|rows| rows == more) { more } else { Rows::All })
}

/// An expression's value in the shape its field keeps: days as a date, a number as text.
fn result(field: &Field, expression: &Expression, scope: &Scope<'_>) -> Value {
    let value = expression.eval(scope);
    match (&field.r#type, &value) {
        (FieldType::Date, Value::Number(_)) => Expression::date(&value).map_or(Value::Null, Value::String),
        (FieldType::Text | FieldType::Phone | FieldType::ResidentId, Value::Number(number)) => {
            number.to_string().into()
        }
        (FieldType::YesNo, Value::String(text)) => Value::Bool(matches!(text.as_str(), "true" | "yes" | "1")),
        (FieldType::YesNo, Value::Number(number)) => Value::Bool(number.as_f64().is_some_and(|n| n != 0.0)),
        (FieldType::Integer | FieldType::Money, Value::Number(number)) if !number.is_i64() => {
            // As XForms' int: a fraction is cut, not rounded.
            number.as_f64().map_or(Value::Null, |n| Value::from(n.trunc() as i64))
        }
        (FieldType::Integer | FieldType::Money, Value::String(text)) => {
            text.parse::<i64>().map_or(Value::Null, Value::from)
        }
        (FieldType::SelectMultiple(_) | FieldType::Records(_), Value::String(text)) => {
            Value::Array(text.split_whitespace().map(Value::from).collect())
        }
        _ => value,
    }
}
