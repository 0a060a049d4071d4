//! From what a row says to what a record would be: defaults, calculations, what is empty, what differs.

use records::{Context, Field, FieldType, Fields, Kind, RecordId, Value, check, expression::Scope, form::Form};

use super::{
    Planner,
    row::{Answers, Row, Told},
    said,
};
use crate::roster::{
    place::{building_key, flat_key},
    sheet::fold,
    value::canonical,
};

/// A form comes to rest after fewer rounds than it has fields; each round takes at least one answer out.
const ROUNDS: usize = 40;

impl Planner<'_, '_> {
    /// What a form would save: of a new record with its defaults, or of `current` with the answers put in. Answers that the
    /// form refuses are left out and said; `None` when one of them holds the row back.
    pub(super) fn written(
        &self,
        row: &mut Row,
        kind: &Kind,
        current: Option<&Fields>,
        mut answers: Answers,
    ) -> Option<Fields> {
        let context = Context { today: self.today, user: self.user, lookup: &self.register };
        for _ in 0..ROUNDS {
            let given = answers.iter().map(|(field, (value, _))| (field.clone(), value.clone()));
            let form = match current {
                None => Form::new(self.roles.pack, &kind.name, given.collect(), true, &context),
                Some(current) => {
                    let mut form = Form::new(self.roles.pack, &kind.name, current.clone(), false, &context);
                    form.set_all(self.roles.pack, given.collect(), &context);
                    form
                }
            };
            let mut problems = check(self.roles.pack, &kind.name, form.fields(), &context);
            // As when a change is judged: only what it touches is held against it.
            problems.retain(|p| current.is_none() || p.field.as_ref().is_none_or(|field| answers.contains_key(field)));
            if problems.is_empty() {
                self.unasked(row, kind, &form, &answers);
                return Some(form.fields().clone());
            }
            let mut left_out = false;
            for problem in problems {
                let field = problem.field.clone().unwrap_or_default();
                let column = answers.get(&field).and_then(|(_, column)| *column);
                if answers.contains_key(&field) && !self.is_vital(&kind.name, &field) {
                    self.complain(row, column, false, problem);
                    answers.remove(&field);
                    left_out = true;
                } else {
                    let column = column.or_else(|| self.column_of(&kind.name, &field));
                    self.complain(row, column, true, problem);
                }
            }
            if row.holds() || !left_out {
                return None;
            }
        }
        None
    }

    /// Says of answers that the form did not keep why: it worked out another value, or does not ask for one.
    fn unasked(&self, row: &mut Row, kind: &Kind, form: &Form, answers: &Answers) {
        for (name, (value, column)) in answers {
            let (Some(field), Some(column)) = (kind.field(name), column) else { continue };
            match form.fields().get(name) {
                Some(kept) if self.is_same(kind, field, kept, value) => {}
                Some(kept) => {
                    let (kept, given) = (self.in_words(field, kept), self.in_words(field, value));
                    self.complain(row, Some(*column), false, said::worked_out(field, &kept, &given));
                }
                None if self.is_about(name) => {
                    // The day is known: the year or month beside it says the same, or is wrong.
                    let born = self.roles.born.and_then(|born| Some((born, form.fields().get(&born.name)?)));
                    let Some((born, kept)) = born else { continue };
                    if !starts_alike(kept.as_str(), value.as_str()) {
                        let (kept, given) = (self.in_words(born, kept), self.in_words(field, value));
                        self.complain(row, Some(*column), false, said::worked_out(born, &kept, &given));
                    }
                }
                None => self.complain(row, Some(*column), false, said::not_asked(field)),
            }
        }
    }

    fn is_about(&self, field: &str) -> bool {
        self.roles.born_about.is_some_and(|about| about.name == field)
    }

    /// Those of the answers that change a record that is there: empty fields, members that a set lacks, what differs from an
    /// earlier import's word, and, if the file is preferred, all that differs. What an earlier row of the file said stays.
    pub(super) fn differing(&self, row: &mut Row, kind: &Kind, id: RecordId, answers: Answers) -> Answers {
        let Some(current) = self.register.get(id) else { return answers };
        let context = Context { today: self.today, user: self.user, lookup: &self.register };
        let scope = Scope::of(self.roles.pack, kind, current, &context);
        let claims = self.claims.get(&id);
        let mut changed = Answers::new();
        for (name, (value, column)) in answers {
            let Some(field) = kind.field(&name) else { continue };
            let Some(kept) = current.get(&name).filter(|value| !value.is_null()) else {
                changed.insert(name, (value, column));
                continue;
            };
            if self.is_same(kind, field, kept, &value) {
                continue;
            }
            if field.r#type.is_set() {
                changed.extend(union(kept, &value).map(|all| (name, (all, column))));
            } else if field.is_calculated(&scope) {
                let (kept, given) = (self.in_words(field, kept), self.in_words(field, &value));
                self.complain(row, column, false, said::worked_out(field, &kept, &given));
            } else if claims.is_some_and(|claims| claims.contains(&name)) {
                let (kept, given) = (self.in_words(field, kept), self.in_words(field, &value));
                self.complain(row, column, false, said::said_before(field, &kept, &given));
            } else {
                let is_imported = self.register.is_imported(id, &name);
                let takes_file = self.choices.prefer_file || is_imported;
                let (kind, field, register, file) = (kind.name.clone(), name.clone(), kept.clone(), value.clone());
                row.differences.push(Told { record: id, kind, field, column, register, file, is_imported, takes_file });
                if takes_file {
                    changed.insert(name, (value, column));
                }
            }
        }
        changed
    }

    /// Fills up a record that is there. Whether that changes it. Nothing here holds the row back.
    pub(super) fn fill(&mut self, row: &mut Row, kind: &Kind, id: RecordId, mut answers: Answers) -> bool {
        answers.retain(|field, _| !self.is_vital(&kind.name, field));
        let keys: Vec<String> = answers.keys().cloned().collect();
        let changed = self.differing(row, kind, id, answers);
        let current = self.register.get(id).filter(|_| !changed.is_empty()).cloned();
        let before = row.problems.len();
        let now = current.as_ref().and_then(|current| self.written(row, kind, Some(current), changed));
        row.problems.iter_mut().skip(before).for_each(|problem| problem.holds = false);
        let now = now.filter(|now| Some(now) != current.as_ref());
        let is_changed = now.is_some();
        if let Some(now) = now {
            self.keep(id, &kind.name, now);
        }
        self.claim(id, &keys);
        is_changed
    }

    /// The file has said these fields of the record.
    pub(super) fn claim<'s>(&mut self, id: RecordId, fields: impl IntoIterator<Item = &'s String>) {
        self.claims.entry(id).or_default().extend(fields.into_iter().cloned());
    }

    /// Whether two values say the same: numbers however they are grouped, names however they are spaced, an old ID number
    /// and its new form.
    pub(super) fn is_same(&self, kind: &Kind, field: &Field, a: &Value, b: &Value) -> bool {
        let (Some(x), Some(y)) = (a.as_str(), b.as_str()) else { return a == b };
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        match field.r#type {
            FieldType::Phone => digits(x) == digits(y),
            FieldType::ResidentId => canonical(x) == canonical(y),
            FieldType::Text if kind.name == self.roles.household.name && field.name == self.roles.doors.flat => {
                flat_key(x) == flat_key(y)
            }
            FieldType::Text if kind.name == self.roles.building.name && field.name == self.roles.building_name.name => {
                building_key(x) == building_key(y)
            }
            FieldType::Text if kind.name == self.roles.person.name && field.name == self.roles.name.name => {
                fold(x) == fold(y)
            }
            FieldType::Text => x.trim() == y.trim(),
            _ => x == y,
        }
    }
}

/// Whether two dates, whole or their beginnings, may be the same.
pub(super) fn starts_alike(one: Option<&str>, other: Option<&str>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one.starts_with(other) || other.starts_with(one))
}

/// Both sets' members; `None` when the second adds none.
fn union(kept: &Value, more: &Value) -> Option<Value> {
    let mut all: Vec<Value> = kept.as_array()?.clone();
    let before = all.len();
    for member in more.as_array()? {
        if !all.contains(member) {
            all.push(member.clone());
        }
    }
    all.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    (all.len() > before).then_some(Value::Array(all))
}
