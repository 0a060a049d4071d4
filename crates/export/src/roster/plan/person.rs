//! The person of a row: who they are, or that they are new. Never two records for one person.

use records::{Context, Field, FieldType, Fields, NoOthers, RecordId, Value, check, expression::Scope};

use super::{
    Outcome, Planner,
    door::Door,
    row::{Answers, Row},
    said,
    write::starts_alike,
};
use crate::roster::value::{canonical, papers};

/// What becomes of the row's person.
pub(super) enum Person {
    /// Is there; `now` when the row changes them.
    Known { id: RecordId, now: Option<Box<Fields>> },
    /// Is to be made.
    New(Box<Fields>),
}

impl Planner<'_, '_> {
    /// Finds the row's person and what the row would write of them. `None` when the row is held.
    pub(super) fn person(&mut self, row: &mut Row, door: &Door) -> Option<Person> {
        self.sort_papers(row);
        self.judge_numbers(row)?;
        let doors = self.roles.doors;
        let home = match door {
            Door::Unsaid => None,
            Door::Known { household, .. } => Some(*household),
            // Stands for the household that is made when all of the row is well.
            Door::New { .. } => Some(RecordId::nil()),
        };
        let mut answers = row.person.clone();
        if let Some(home) = home {
            let column = row.place.as_ref().map(|(_, column)| *column);
            let column = column.or_else(|| self.column_of(&self.roles.household.name, &doors.flat));
            answers.insert(doors.person_household.clone(), (home.to_string().into(), column));
        }
        match self.find(row, home)? {
            None => {
                let fields = self.written(row, self.roles.person, None, answers)?;
                if !self.is_findable(&fields) {
                    let column = self.column_of(&self.roles.person.name, &self.roles.name.name);
                    self.complain(row, column, true, said::who());
                    return None;
                }
                Some(Person::New(Box::new(fields)))
            }
            Some(id) => {
                answers.remove(&self.roles.name.name);
                let papers = self.papers_of(id, &mut answers);
                let mut changed = self.differing(row, self.roles.person, id, answers);
                changed.extend(papers);
                if changed.is_empty() {
                    return Some(Person::Known { id, now: None });
                }
                let current = self.register.get(id)?.clone();
                let now = self.written(row, self.roles.person, Some(&current), changed)?;
                Some(Person::Known { id, now: Some(Box::new(now)).filter(|now| **now != current) })
            }
        }
    }

    /// Whether the row would make a door for someone who stays where the register says.
    pub(super) fn stays(&self, person: &Person, door: &Door) -> bool {
        let (Person::Known { id, now }, Door::New { .. }) = (person, door) else { return false };
        let fields = now.as_deref().or_else(|| self.register.get(*id));
        let home = fields.and_then(|fields| fields.get(&self.roles.doors.person_household)?.as_str());
        home.is_some_and(|home| home != RecordId::nil().to_string())
    }

    /// Writes the person down, living in `home`. What becomes of the row, and the record.
    pub(super) fn enter(
        &mut self,
        row: &mut Row,
        person: Person,
        home: Option<RecordId>,
        at_home: Outcome,
    ) -> (Outcome, RecordId) {
        let kind = self.roles.person;
        let move_in = |value: &mut Value| {
            if let (Some(home), Some(text)) = (home, value.as_str())
                && text == RecordId::nil().to_string()
            {
                *value = home.to_string().into();
            }
        };
        let settled = |mut fields: Box<Fields>| {
            fields.get_mut(&self.roles.doors.person_household).map(move_in);
            *fields
        };
        row.differences.iter_mut().for_each(|told| move_in(&mut told.file));
        let (id, changed, is_new) = match person {
            Person::New(fields) => {
                let fields = settled(fields);
                let id = (self.new_id)();
                self.keep(id, &kind.name, fields);
                (id, true, true)
            }
            Person::Known { id, now } => {
                let now = now.map(settled);
                let changed = now.is_some();
                now.into_iter().for_each(|now| self.keep(id, &kind.name, now));
                (id, changed, false)
            }
        };
        let home_field = home.map(|_| &self.roles.doors.person_household);
        // A number speaks for its papers, too.
        let numbers = [self.roles.id_number, self.roles.paper_number].into_iter().flatten();
        let papers = self.roles.paper.filter(|_| numbers.into_iter().any(|field| row.person.contains_key(&field.name)));
        let papers = papers.map(|paper| &paper.name);
        let said: Vec<String> = row.person.keys().chain(home_field).chain(papers).cloned().collect();
        self.claim(id, &said);
        let outcome = match (self.met.insert(id), is_new) {
            (false, _) => Outcome::Repeated,
            (true, true) => Outcome::Create,
            (true, false) if changed || at_home != Outcome::Unchanged => Outcome::Update,
            (true, false) => Outcome::Unchanged,
        };
        (outcome, id)
    }

    /// A number of other papers that stands in the ID number's column goes where it belongs. Papers that have no number
    /// (无证件) are not believed beside one.
    fn sort_papers(&self, row: &mut Row) {
        let (Some(id), Some(paper), Some(other)) = (self.roles.id_number, self.roles.paper, self.roles.paper_number)
        else {
            return;
        };
        let numbers = [id, other];
        let Some((said, column)) = row.person.get(&paper.name).cloned() else { return };
        if !numbers.iter().any(|field| row.person.contains_key(&field.name)) || self.go_together(id, paper, &said) {
            return;
        }
        if !self.go_together(other, paper, &said) {
            row.person.remove(&paper.name);
            self.complain(row, column, false, said::papers_without_number().at(&paper.name));
        } else if !row.person.contains_key(&other.name)
            && let Some(number) = row.person.remove(&id.name)
        {
            row.person.insert(other.name.clone(), number);
        }
    }

    /// Holds numbers to their rules before anyone is looked for by them: a number that cannot be is nobody's.
    fn judge_numbers(&self, row: &mut Row) -> Option<()> {
        let context = Context { today: self.today, user: self.user, lookup: &NoOthers };
        for field in [self.roles.id_number, self.roles.paper_number].into_iter().flatten() {
            let Some((number, column)) = row.person.get(&field.name).cloned() else { continue };
            let mut alone = Fields::from([(field.name.clone(), number.clone())]);
            alone
                .extend(self.roles.paper.and_then(|paper| Some((paper.name.clone(), self.papers_with(field, paper)?))));
            let problems = check(self.roles.pack, &self.roles.person.name, &alone, &context);
            for problem in problems.into_iter().filter(|problem| problem.field.as_ref() == Some(&field.name)) {
                let is_id = field.r#type == FieldType::ResidentId;
                let other = number.as_str().filter(|_| is_id).and_then(papers);
                self.complain(row, column, true, other.map_or(problem, |other| other.at(&field.name)));
            }
        }
        (!row.holds()).then_some(())
    }

    /// The first papers that a number goes with.
    fn papers_with(&self, number: &Field, paper: &Field) -> Option<Value> {
        let mut choices = self.roles.choices(paper).iter().map(|choice| Value::from(choice.name.as_str()));
        choices.find(|papers| self.go_together(number, paper, papers))
    }

    /// Whether a number's field is asked for beside these papers.
    fn go_together(&self, number: &Field, paper: &Field, papers: &Value) -> bool {
        let said = Fields::from([(paper.name.clone(), papers.clone())]);
        let context = Context { today: self.today, user: self.user, lookup: &NoOthers };
        number.is_relevant(&Scope::of(self.roles.pack, self.roles.person, &said, &context))
    }

    /// The kind of papers that goes with a number, for someone who has none yet: a first number brings its papers along,
    /// also where the register says others, or it would not be kept at all.
    fn papers_of(&self, id: RecordId, answers: &mut Answers) -> Option<(String, (Value, Option<usize>))> {
        let paper = self.roles.paper?;
        let current = self.register.get(id)?;
        let numbers = || [self.roles.id_number, self.roles.paper_number].into_iter().flatten();
        if numbers().any(|field| current.get(&field.name).is_some_and(|number| !number.is_null())) {
            return None;
        }
        let number = numbers().find(|field| answers.contains_key(&field.name))?;
        let said = answers.remove(&paper.name).filter(|(papers, _)| self.go_together(number, paper, papers));
        let first = || self.papers_with(number, paper).map(|papers| (papers, None));
        Some((paper.name.clone(), said.or_else(first)?))
    }

    /// The record of the row's person; the inner `None` when there is none. `None` when that cannot be told.
    fn find(&self, row: &mut Row, home: Option<RecordId>) -> Option<Option<RecordId>> {
        let name = row.name.clone()?;
        let answer = |row: &Row, field: &str| row.person.get(field).and_then(|(v, _)| v.as_str().map(str::to_owned));
        let number = [self.roles.id_number, self.roles.paper_number].into_iter().flatten();
        let number = number.filter_map(|field| Some((field, answer(row, &field.name)?))).next();
        if let Some((field, number)) = &number
            && let Some(&found) = self.register.numbered(number).first()
        {
            let called = self.register.get(found).and_then(|fields| fields.get(&self.roles.name.name)?.as_str());
            let is_other = called.is_some_and(|called| {
                !self.is_same(self.roles.person, self.roles.name, &called.into(), &name.as_str().into())
            });
            if is_other {
                let column = self.column_of(&self.roles.person.name, &field.name);
                let problem = said::number_of_another(called.unwrap_or_default()).at(&field.name);
                self.complain(row, column, true, problem);
                return None;
            }
            return Some(Some(found));
        }
        let of_number = number.as_ref().filter(|(field, _)| field.r#type == FieldType::ResidentId);
        let born = of_number.and_then(|(_, number)| records::identity::born(number)).map(records::days::write);
        let born = born.or_else(|| self.roles.born.and_then(|field| answer(row, &field.name)));
        let candidates = match (home, &born) {
            (Some(home), _) => self.register.at_home(home, &name),
            (None, Some(born)) => self.register.born(&name, born),
            (None, None) if number.is_some() => &[],
            (None, None) => {
                let column = self.column_of(&self.roles.person.name, &self.roles.name.name);
                self.complain(row, column, true, said::who());
                return None;
            }
        };
        let could_be = |candidates: &[RecordId]| -> Vec<RecordId> {
            let about = self.roles.born_about.and_then(|field| answer(row, &field.name));
            let born = born.clone().or(about);
            let could_be = |id: &RecordId| self.could_be(*id, number.as_ref().map(|(_, n)| n), born.as_ref());
            candidates.iter().copied().filter(could_be).collect()
        };
        let mut found = could_be(candidates);
        // Of the same name and birthday behind another door: who moved, or was put there by a file that was wrong.
        if let (true, Some(_), Some(born)) = (found.is_empty(), home, &born) {
            found = could_be(self.register.born(&name, born));
        }
        match found[..] {
            [] => Some(None),
            [one] => Some(Some(one)),
            _ => {
                let column = self.column_of(&self.roles.person.name, &self.roles.name.name);
                self.complain(row, column, true, said::several_people(&name));
                None
            }
        }
    }

    /// Whether someone written down so would be found again: what was left out may have been all that told them apart.
    fn is_findable(&self, fields: &Fields) -> bool {
        let known = [self.roles.id_number, self.roles.paper_number, self.roles.born].into_iter().flatten();
        let mut known = known.map(|field| &field.name).chain([&self.roles.doors.person_household]);
        known.any(|field| fields.get(field).is_some_and(|value| !value.is_null()))
    }

    /// Whether someone of the same name and door may be the row's person: neither number nor birthday says otherwise.
    fn could_be(&self, id: RecordId, number: Option<&String>, born: Option<&String>) -> bool {
        let Some(fields) = self.register.get(id) else { return false };
        let kept = |field: Option<&Field>| field.and_then(|field| fields.get(&field.name)?.as_str());
        let numbers = [kept(self.roles.id_number), kept(self.roles.paper_number)].into_iter().flatten();
        let other_number =
            number.is_some_and(|number| numbers.into_iter().any(|kept| canonical(kept) != canonical(number)));
        let day = kept(self.roles.born).or_else(|| kept(self.roles.born_about));
        !other_number && starts_alike(born.map(String::as_str), day)
    }
}
