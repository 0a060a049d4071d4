//! One row, read: what its cells say of the building, the household and the person.

use std::collections::BTreeMap;

use records::{Field, FieldType, Problem, RecordId, Value};

use super::{Planner, RowProblem, door::Said, said};
use crate::roster::{
    place::{Place, place},
    target::Target,
    value::{about, is_blank, phones, short, ticked, value},
};

/// A kind's fields with the column each came from.
pub(super) type Answers = BTreeMap<String, (Value, Option<usize>)>;

/// A field in which register and file differ, not in words yet.
pub(super) struct Told {
    pub record: RecordId,
    pub kind: String,
    pub field: String,
    pub column: Option<usize>,
    pub register: Value,
    pub file: Value,
    pub is_imported: bool,
    pub takes_file: bool,
}

/// Parts of a door that a row names.
#[derive(Clone, Copy, Default)]
pub(super) struct Named {
    pub building: bool,
    pub stairwell: bool,
    pub flat: bool,
}

/// A row as it was read.
#[derive(Default)]
pub(super) struct Row {
    pub at: usize,
    pub building: Answers,
    pub household: Answers,
    pub person: Answers,
    /// The name that stands in it.
    pub name: Option<String>,
    /// What an address in one cell says, and its column.
    pub place: Option<(Place, usize)>,
    /// Which parts of the door it names, also where they cannot be read.
    pub named: Named,
    /// The door, once it is known.
    pub said: Option<Said>,
    /// Who or what it is about, once that is known.
    pub record: Option<RecordId>,
    pub problems: Vec<RowProblem>,
    pub differences: Vec<Told>,
}

impl Row {
    /// Whether it says nothing of a person.
    pub fn is_of_nobody(&self) -> bool {
        self.person.is_empty() && self.problems.is_empty()
    }

    /// Whether something stands in its way.
    pub fn holds(&self) -> bool {
        self.problems.iter().any(|problem| problem.holds)
    }
}

impl Planner<'_, '_> {
    /// Reads a row; `None` when nothing in it was asked for.
    pub(super) fn read(&self, at: usize) -> Option<Row> {
        let mut row = Row { at, ..Row::default() };
        let mut told = false;
        for (&column, target) in &self.choices.columns {
            let cell = self.sheet.cell(at, column);
            if cell.is_empty() {
                continue;
            }
            told = true;
            match target {
                Target::Field { kind, field } if self.nth == 1 || *kind != self.roles.person.name => {
                    self.field(&mut row, column, kind, field);
                }
                Target::Beside { nth, kind, field } if *nth == self.nth => self.field(&mut row, column, kind, field),
                Target::Address => self.address(&mut row, column),
                Target::Field { .. } | Target::Beside { .. } => {}
                _ if self.nth > 1 => {}
                Target::Member { kind, field, choice } => self.member(&mut row, column, (kind, field, choice)),
                Target::Head => {
                    let name = &self.roles.name.name;
                    self.field(&mut row, column, &self.roles.person.name, name);
                    if let Some((field, choice)) = self.roles.head {
                        let head = (choice.name.clone().into(), Some(column));
                        row.person.entry(field.name.clone()).or_insert(head);
                    }
                }
            }
        }
        row.name = row.person.get(&self.roles.name.name).and_then(|(name, _)| name.as_str()).map(Into::into);
        told.then_some(row)
    }

    fn address(&self, row: &mut Row, column: usize) {
        let shown = self.sheet.cell(row.at, column).shown();
        if is_blank(&shown) {
            return;
        }
        let place = place(&shown);
        let has = |part: fn(&Place) -> bool| place.as_ref().is_none_or(part);
        row.named.building |= has(|place| place.building.is_some());
        row.named.stairwell |= has(|place| place.stairwell.is_some());
        row.named.flat |= has(|place| place.flat.is_some());
        match place {
            Some(place) => row.place = Some((place, column)),
            None => self.complain(row, Some(column), true, said::no_place(&shown)),
        }
    }

    fn field(&self, row: &mut Row, column: usize, kind: &str, name: &str) {
        let Some(field) = self.roles.kind(kind).and_then(|kind| kind.field(name)) else { return };
        let read = value(&self.roles, field, self.sheet.cell(row.at, column));
        if !matches!(read, Ok((None, _))) {
            let (doors, building) = (self.roles.doors, kind == self.roles.building.name);
            let of_door = |field: &str| kind == self.roles.household.name && name == field;
            row.named.building |= building && name == self.roles.building_name.name;
            row.named.stairwell |= of_door(&doors.stairwell);
            row.named.flat |= of_door(&doors.flat);
        }
        let is_persons = kind == self.roles.person.name;
        match read {
            Ok((value, problem)) => {
                // Of several numbers in a cell the first is the telephone; the others have a place of their own.
                let others = self.roles.other_phones.filter(|_| is_persons && field.r#type == FieldType::Phone);
                let problem = problem.filter(|_| others.is_none());
                if let Some(others) = others {
                    let more: Vec<String> =
                        phones(&self.sheet.cell(row.at, column).shown()).into_iter().skip(1).collect();
                    if !more.is_empty() {
                        add(&mut row.person, others, more.join("、").into(), column);
                    }
                }
                if let Some(value) = value {
                    add(self.answers(row, kind), field, value, column);
                }
                if let Some(problem) = problem {
                    self.complain(row, Some(column), false, problem);
                }
            }
            Err(problem) => {
                let is_born = is_persons && self.roles.born.is_some_and(|born| born.name == name);
                if let (true, Some(kept), Some(said)) =
                    (is_born, self.roles.born_about, about(self.sheet.cell(row.at, column)))
                {
                    if said.is_unclear {
                        self.complain(row, Some(column), false, said::only_the_year(&said.text).at(name));
                    }
                    return add(&mut row.person, kept, said.text.into(), column);
                }
                let holds = self.is_vital(kind, name);
                self.complain(row, Some(column), holds, problem);
            }
        }
    }

    fn member(&self, row: &mut Row, column: usize, (kind, name, choice): (&str, &str, &str)) {
        let shown = self.sheet.cell(row.at, column).shown();
        let Some(field) = self.roles.kind(kind).and_then(|kind| kind.field(name)) else { return };
        // 低保 may be ticked with the word itself.
        let is_word = || crate::roster::value::choose(&self.roles, field, &shown).is_some_and(|c| c.name == choice);
        match ticked(&shown).or_else(|| is_word().then_some(true)) {
            Some(true) => add(self.answers(row, kind), field, Value::Array(vec![choice.into()]), column),
            Some(false) => {}
            None => self.complain(row, Some(column), false, said::no_tick(&shown).at(name)),
        }
    }

    fn answers<'r>(&self, row: &'r mut Row, kind: &str) -> &'r mut Answers {
        match kind {
            kind if kind == self.roles.building.name => &mut row.building,
            kind if kind == self.roles.household.name => &mut row.household,
            _ => &mut row.person,
        }
    }

    /// Whether a field says who or where: a row in which it cannot be read is not imported.
    pub(super) fn is_vital(&self, kind: &str, field: &str) -> bool {
        let doors = self.roles.doors;
        if kind == doors.building {
            field == self.roles.building_name.name
        } else if kind == doors.household {
            [&doors.household_building, &doors.stairwell, &doors.floor, &doors.flat].iter().any(|vital| *vital == field)
        } else {
            let numbers = [self.roles.id_number, self.roles.paper_number].into_iter().flatten();
            field == self.roles.name.name || numbers.into_iter().any(|number| number.name == field)
        }
    }

    /// Whether the row holds a number that must be someone's: an ID number, a telephone.
    pub(super) fn is_of_someone(&self, row: &Row) -> bool {
        row.person.keys().filter_map(|name| self.roles.person.field(name)).any(|field| {
            matches!(field.r#type, FieldType::ResidentId | FieldType::Phone)
                || self.roles.paper_number.is_some_and(|number| number.name == field.name)
        })
    }

    /// Says what is wrong; without a column, of the row as a whole.
    pub(super) fn complain(&self, row: &mut Row, column: Option<usize>, holds: bool, problem: Problem) {
        let value = column.map(|column| short(&self.sheet.cell(row.at, column).shown())).unwrap_or_default();
        row.problems.push(RowProblem { row: row.at, column, value, holds, problem });
    }

    /// The column that a field comes from, also when the row's cell is blank: that is where it is to be filled in.
    pub(super) fn column_of(&self, kind: &str, field: &str) -> Option<usize> {
        let is_beside = self.nth > 1 && kind == self.roles.person.name;
        let is = |target: &Target| match target {
            Target::Beside { nth, kind: k, field: f } => *nth == self.nth && k == kind && f == field,
            _ if is_beside => false,
            Target::Field { kind: k, field: f } => k == kind && f == field,
            Target::Head => kind == self.roles.person.name && field == self.roles.name.name,
            Target::Address => kind == self.roles.household.name || kind == self.roles.building.name,
            Target::Member { .. } => false,
        };
        let own = |target: &Target| is(target) && *target != Target::Address;
        let columns = || self.choices.columns.iter();
        let column = columns().find(|(_, target)| own(target)).or_else(|| columns().find(|(_, target)| is(target)));
        column.map(|(column, _)| *column)
    }
}

/// Puts an answer in. Members of a set come together from all columns, and so do texts that name nothing; of two columns
/// for another field the first counts.
fn add(answers: &mut Answers, field: &Field, value: Value, column: usize) {
    let comes_together = field.r#type == FieldType::Text && field.required.is_none() && field.relevant.is_none();
    match (answers.get_mut(&field.name), value) {
        (None, value) => drop(answers.insert(field.name.clone(), (value, Some(column)))),
        (Some((Value::String(text), _)), Value::String(more)) if comes_together => {
            if !text.contains(&more) {
                *text = format!("{text} {more}");
            }
        }
        (Some((Value::Array(members), _)), Value::Array(more)) => {
            members.extend(more);
            members.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            members.dedup();
        }
        (Some(_), _) => {}
    }
}
