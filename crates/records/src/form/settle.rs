//! Defaults, calculations and relevance, until nothing changes any more.

use serde_json::Map;

use super::Form;
use crate::{
    Context, Fields, Pack, Value,
    asked::is_empty,
    expression::{Expression, Scope},
    pack::{Field, FieldType, Kind},
};

/// A checked pack has no circles, so a form comes to rest after as many rounds as its longest chain; a pack that came
/// unchecked stops here instead of never.
const ROUNDS: usize = 32;

impl Form {
    /// First values of what is not answered yet, in the form's order, so that a later one can use an earlier one.
    pub(super) fn fill_defaults(&mut self, pack: &Pack, kind: &Kind, context: &Context<'_>) {
        for field in &kind.fields {
            let is_open = !field.disused && !self.answers.contains_key(&field.name);
            let Some(default) = field.default.as_ref().filter(|_| is_open) else { continue };
            let value = result(field, default, &Scope::of(pack, kind, &self.answers, context));
            if !is_empty(&value) {
                self.answers.insert(field.name.clone(), value);
            }
        }
        self.saved = self.answers.clone();
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
        row
    }

    /// Calculates, and leaves out of what is saved all that is not asked: as in ODK, its answer is blank to every other
    /// expression, but it is not forgotten while the form is open.
    pub(super) fn settle(&mut self, pack: &Pack, context: &Context<'_>) {
        let Some(kind) = pack.kind(&self.kind) else {
            self.saved = self.answers.clone();
            return;
        };
        for _ in 0..ROUNDS {
            let saved = relevant(pack, kind, &self.answers, &self.saved, context);
            let is_settled = saved == self.saved;
            self.saved = saved;
            let answers = self.calculated(pack, kind, context);
            if is_settled && answers == self.answers {
                break;
            }
            self.answers = answers;
        }
    }

    /// The answers with every calculation done over what would be saved.
    fn calculated(&self, pack: &Pack, kind: &Kind, context: &Context<'_>) -> Fields {
        let scope = Scope::of(pack, kind, &self.saved, context);
        let mut answers = self.answers.clone();
        for field in &kind.fields {
            if let Some(calculation) =
                field.calculation.as_ref().filter(|_| !field.disused && field.is_relevant(&scope))
            {
                let scope = Scope { this: self.saved.get(&field.name), ..scope };
                let value = result(field, calculation, &scope);
                if is_empty(&value) {
                    answers.remove(&field.name);
                } else {
                    answers.insert(field.name.clone(), value);
                }
            }
            let rows = answers.get_mut(&field.name).and_then(Value::as_array_mut);
            if let (FieldType::Repeat(inner), Some(rows)) = (&field.r#type, rows) {
                for (at, row) in rows.iter_mut().enumerate() {
                    if let Value::Object(row) = row {
                        calculate_row(inner, row, at + 1, &scope);
                    }
                }
            }
        }
        answers
    }
}

fn calculate_row(inner: &[Field], row: &mut Map<String, Value>, place: usize, scope: &Scope<'_>) {
    for field in inner {
        let Some(calculation) = field.calculation.as_ref().filter(|_| !field.disused) else { continue };
        let scope = Scope { row: Some((&*row, place)), this: row.get(&field.name), ..*scope };
        let value = result(field, calculation, &scope);
        row.insert(field.name.clone(), value);
    }
}

/// The answers that are asked for, seen over what would have been saved; blank ones and notes aside. Names the pack does
/// not know stay: a newer form wrote them.
fn relevant(pack: &Pack, kind: &Kind, answers: &Fields, saved: &Fields, context: &Context<'_>) -> Fields {
    let scope = Scope::of(pack, kind, saved, context);
    let mut kept = answers.clone();
    kept.retain(|name, value| match kind.field(name) {
        None => true,
        Some(field) => field.r#type != FieldType::Note && !is_empty(value) && field.is_relevant(&scope),
    });
    for field in &kind.fields {
        let rows = kept.get_mut(&field.name).and_then(Value::as_array_mut);
        let (FieldType::Repeat(inner), Some(rows)) = (&field.r#type, rows) else { continue };
        for (at, row) in rows.iter_mut().enumerate() {
            let Value::Object(row) = row else { continue };
            let all = row.clone();
            let scope = Scope { row: Some((&all, at + 1)), ..scope };
            row.retain(|name, value| match inner.iter().find(|f| f.name == *name) {
                None => true,
                Some(field) => field.r#type != FieldType::Note && !is_empty(value) && field.is_relevant(&scope),
            });
        }
    }
    kept
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
