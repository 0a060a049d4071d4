//! What importing a sheet would do, row by row. Nothing is written here.
//!
//! A row finds its door (or makes it), then its person (or makes them), fills what is empty and says what differs. What
//! it would write is in the register for the rows after it, so a person who stands twice in the file is one person.
//!
//! A cell that cannot be read is left out and said; when it is one that says who or where (name, ID number, door), or one
//! the form requires, the whole row waits. The row can be mended in the file and imported again: what was imported before
//! is there then and stays as it is.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use records::{Fields, Lookup, Problem, RecordId, Text, User};

use super::{register::Register, roles::Roles, sheet::Sheet, target::Target};

mod door;
mod person;
mod row;
mod rows;
mod said;
mod show;
mod write;

use row::Row;

/// Rows shown of each outcome.
pub const SHOWN: usize = 20;
/// Most differences spelled out; all are counted.
pub const MAX_DIFFERENCES: usize = 1000;

/// How the file is to be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// The row with the headings, counted from 0; what stands at or above it is not imported.
    pub heading_row: Option<usize>,
    /// Columns, counted from 0, and what they mean.
    pub columns: BTreeMap<usize, Target>,
    /// Make buildings that the register does not have.
    pub create_buildings: bool,
    /// Where register and file differ, take the file's value.
    pub prefer_file: bool,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Its person (without one, its household) is made.
    Create,
    /// What is there is filled up or changed.
    Update,
    /// All of it is there.
    Unchanged,
    /// The same person (or household) as in an earlier row of the file.
    Repeated,
    /// Held back by a problem.
    Held,
    /// Of nobody: a sum, a signature, a note below the table, or the headings again.
    Skipped,
}

/// One record to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: String,
    /// Whether it is made; otherwise it is there.
    pub is_new: bool,
    /// Its values before; empty when it is made.
    pub was: Fields,
    /// Its values after.
    pub now: Fields,
}

/// Something wrong with a row or one of its cells.
#[derive(Clone, Debug, PartialEq)]
pub struct RowProblem {
    /// Counted from 0.
    pub row: usize,
    /// Counted from 0; `None` when it is the row as a whole.
    pub column: Option<usize>,
    /// What stands there, short.
    pub value: String,
    /// Whether the row is held back; otherwise the cell is left out.
    pub holds: bool,
    /// What is wrong and what to do.
    pub problem: Problem,
}

/// A field in which register and file differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Counted from 0.
    pub row: usize,
    /// Counted from 0.
    pub column: Option<usize>,
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: String,
    /// The field.
    pub field: String,
    /// The register's value in words.
    pub register: Text,
    /// The file's value in words.
    pub file: Text,
    /// Whether an earlier import wrote the register's value and nobody has since: the file puts it right.
    pub is_imported: bool,
    /// Whether the file's is taken.
    pub takes_file: bool,
}

/// What becomes of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowResult {
    /// Counted from 0.
    pub row: usize,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Whom or what it is about.
    pub title: Text,
}

/// How many of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows looked at: those below the headings that are not blank, a sum or the headings again.
    pub rows: usize,
    /// Records made, by kind.
    pub create: BTreeMap<String, usize>,
    /// Records changed, by kind.
    pub update: BTreeMap<String, usize>,
    /// Rows of each outcome.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// Fields in which register and file differ.
    pub differences: usize,
    /// Of these, such as an earlier import wrote and the file puts right.
    pub mended: usize,
    /// Cells left out of rows that are imported.
    pub left_out: usize,
}

/// What importing would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Records to be written: buildings, then households, then people, so that nothing points at what is not there.
    pub planned: Vec<Planned>,
    /// All that is wrong, by row.
    pub problems: Vec<RowProblem>,
    /// Where register and file differ, by row; at most [`MAX_DIFFERENCES`].
    pub differences: Vec<Difference>,
    /// The first [`SHOWN`] rows of each outcome, by row.
    pub rows: Vec<RowResult>,
    /// How many.
    pub counts: Counts,
}

/// A plan being made.
struct Planner<'a, 'p> {
    roles: Roles<'p>,
    register: Register<'p>,
    sheet: &'a Sheet,
    choices: &'a Choices,
    today: Date,
    user: User<'a>,
    new_id: &'a mut dyn FnMut() -> RecordId,
    /// Records to be written and their values before; `None` for those that are made.
    before: HashMap<RecordId, Option<Fields>>,
    /// The same, in the order they were met.
    order: Vec<RecordId>,
    /// Fields that the file has spoken for: the first row that names one is the file's word.
    claims: HashMap<RecordId, HashSet<String>>,
    /// People (or households) whose row was met.
    met: HashSet<RecordId>,
    /// Households made for people who stay where the register says: nobody's, unless others move in.
    unlived: HashSet<RecordId>,
    /// The highest stairwell the file names, by building.
    stairwells: HashMap<String, i64>,
    /// Whose columns of the row are read: the first person's, or another's who stands beside.
    nth: usize,
    /// What the rows above say of the door.
    above: door::Above,
    plan: Plan,
}

/// Plans a sheet over the register.
///
/// `new_id` gives identities to records that are made: from the caller, because this is pure.
pub fn plan(
    register: Register<'_>,
    sheet: &Sheet,
    choices: &Choices,
    today: Date,
    user: User<'_>,
    new_id: &mut dyn FnMut() -> RecordId,
) -> Plan {
    let (before, order, claims, met, unlived, stairwells, above, plan) = Default::default();
    let roles = register.roles();
    let mut planner = Planner {
        roles,
        register,
        sheet,
        choices,
        today,
        user,
        new_id,
        before,
        order,
        claims,
        met,
        unlived,
        stairwells,
        nth: 1,
        above,
        plan,
    };
    planner.above = door::Above::sheet(planner.sheet_building());
    planner.look_through();
    planner.skip();
    planner.rows().into_iter().for_each(|row| planner.row(row));
    planner.finish()
}

impl Planner<'_, '_> {
    /// Each person of the row. What the row names of its door is known to the rows below if it was imported for anyone.
    fn row(&mut self, at: usize) {
        let (mut held, mut is_imported) = (None, false);
        for nth in self.people(at) {
            self.nth = nth;
            let Some(row) = self.read(at).filter(|row| nth == 1 || !row.is_of_nobody()) else { continue };
            let (row, outcome) = self.person_row(row);
            is_imported |= outcome != Outcome::Held;
            held.get_or_insert(row);
        }
        self.nth = 1;
        if let Some(row) = held.filter(|_| !is_imported) {
            self.lose(&row);
        }
    }

    fn person_row(&mut self, mut row: Row) -> (Row, Outcome) {
        let at = row.at;
        let mark = self.sheet.marks.get(&at).copied().unwrap_or_default();
        if mark.is_struck {
            self.complain(&mut row, None, true, said::struck());
        } else if mark.is_hidden {
            self.complain(&mut row, None, false, said::hidden());
        }
        let outcome = self.settle(&mut row).filter(|_| !row.holds()).unwrap_or(Outcome::Held);
        let counts = &mut self.plan.counts;
        counts.rows += 1;
        let of_outcome = counts.outcomes.entry(outcome).or_default();
        *of_outcome += 1;
        if *of_outcome <= SHOWN {
            let title = self.title(&row);
            self.plan.rows.push(RowResult { row: at, outcome, title });
        }
        let (mut problems, differences) = (std::mem::take(&mut row.problems), std::mem::take(&mut row.differences));
        problems.sort_by_key(|problem| problem.column);
        // What is wrong with the door is wrong for all who stand in the row, and said once.
        let told = self.plan.problems.iter().rev().take_while(|problem| problem.row == at).cloned().collect::<Vec<_>>();
        problems.retain(|problem| !told.contains(problem));
        if outcome != Outcome::Held {
            self.plan.counts.left_out += problems.iter().filter(|problem| problem.column.is_some()).count();
            self.plan.counts.differences += differences.len();
            self.plan.counts.mended += differences.iter().filter(|told| told.is_imported).count();
            let room = MAX_DIFFERENCES - self.plan.differences.len();
            let spelled: Vec<_> = differences.into_iter().take(room).map(|told| self.spelled(at, told)).collect();
            self.plan.differences.extend(spelled);
        }
        self.plan.problems.extend(problems);
        (row, outcome)
    }

    /// The row's door, then its person. `None` when the row is held.
    fn settle(&mut self, row: &mut Row) -> Option<Outcome> {
        let door = self.door(row)?;
        let person = match row.name {
            Some(_) => Some(self.person(row, &door)?),
            None if self.is_of_someone(row) => {
                let column = self.column_of(&self.roles.person.name, &self.roles.name.name);
                self.complain(row, column, true, said::no_name().at(&self.roles.name.name));
                return None;
            }
            None => None,
        };
        let stays = person.as_ref().is_some_and(|person| self.stays(person, &door));
        // From here on nothing holds the row back: what it says is written.
        let (home, at_home) = self.open(row, door);
        self.unlived.extend(home.filter(|_| stays));
        match person {
            Some(person) => {
                let (outcome, id) = self.enter(row, person, home, at_home);
                row.record = Some(id);
                Some(outcome)
            }
            None => {
                row.record = home;
                let is_first = home.is_none_or(|home| self.met.insert(home));
                Some(if is_first { at_home } else { Outcome::Repeated })
            }
        }
    }

    /// Notes that a record is to be written, with its values before.
    fn keep(&mut self, id: RecordId, kind: &str, now: Fields) {
        if !self.before.contains_key(&id) {
            self.order.push(id);
            self.before.insert(id, self.register.get(id).cloned());
        }
        self.register.put(id, kind, now);
    }

    fn finish(self) -> Plan {
        let unused = self.unused();
        let Self { roles, register, mut before, order, mut plan, .. } = self;
        for kind in roles.kinds() {
            for id in order.iter().filter(|id| !unused.contains(id)) {
                let Some((of, now)) = register.record(*id).filter(|(of, _)| *of == kind.name) else { continue };
                let Some(was) = before.remove(id) else { continue };
                if was.as_ref() == Some(&now) {
                    continue;
                }
                let counted = if was.is_none() { &mut plan.counts.create } else { &mut plan.counts.update };
                *counted.entry(of.clone()).or_default() += 1;
                let (is_new, was) = (was.is_none(), was.unwrap_or_default());
                plan.planned.push(Planned { record: *id, kind: of, is_new, was, now });
            }
        }
        plan
    }

    /// Households into which nobody moves after all, and buildings made for such alone.
    fn unused(&self) -> HashSet<RecordId> {
        if self.unlived.is_empty() {
            return HashSet::new();
        }
        let points =
            |id: &RecordId, field: &str| self.register.get(*id)?.get(field)?.as_str()?.parse::<RecordId>().ok();
        let doors = self.roles.doors;
        let homes: HashSet<RecordId> = self.order.iter().filter_map(|id| points(id, &doors.person_household)).collect();
        let mut unused: HashSet<RecordId> = self.unlived.difference(&homes).copied().collect();
        let of = |id: &RecordId| points(id, &doors.household_building);
        let used: HashSet<RecordId> = self.order.iter().filter(|id| !unused.contains(id)).filter_map(of).collect();
        let emptied: Vec<RecordId> = unused.iter().filter_map(of).filter(|id| !used.contains(id)).collect();
        unused.extend(emptied.into_iter().filter(|id| matches!(self.before.get(id), Some(None))));
        unused
    }
}
