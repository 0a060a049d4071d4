//! The person of a row: who they are, or that they are new. Never two records for one person.

use records::{Context, FieldType, Fields, RecordId, Value, expression::Scope};

use super::{Outcome, Planner, door::Door, row::Row, said};
use crate::roster::value::canonical;

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
            None => Some(Person::New(Box::new(self.written(row, self.roles.person, None, answers)?))),
            Some(id) => {
                answers.remove(&self.roles.name.name);
                let changed = self.differing(row, self.roles.person, id, answers);
                if changed.is_empty() {
                    return Some(Person::Known { id, now: None });
                }
                let current = self.register.get(id)?.clone();
                let now = self.written(row, self.roles.person, Some(&current), changed)?;
                Some(Person::Known { id, now: Some(Box::new(now)).filter(|now| **now != current) })
            }
        }
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
        let said: Vec<String> = row.person.keys().chain(home_field).cloned().collect();
        self.claim(id, &said);
        let outcome = match (self.met.insert(id), is_new) {
            (false, _) => Outcome::Repeated,
            (true, true) => Outcome::Create,
            (true, false) if changed || at_home != Outcome::Unchanged => Outcome::Update,
            (true, false) => Outcome::Unchanged,
        };
        (outcome, id)
    }

    /// A number of other papers that stands in the ID number's column goes where it belongs.
    fn sort_papers(&self, row: &mut Row) {
        let (Some(id), Some(paper), Some(other)) = (self.roles.id_number, self.roles.paper, self.roles.paper_number)
        else {
            return;
        };
        let Some((said, _)) = row.person.get(&paper.name) else { return };
        let said = Fields::from([(paper.name.clone(), said.clone())]);
        let lookup = |_| None;
        let context = Context { today: self.today, user: self.user, lookup: &lookup };
        let says_other = !id.is_relevant(&Scope::of(self.roles.pack, self.roles.person, &said, &context));
        if says_other
            && !row.person.contains_key(&other.name)
            && let Some(number) = row.person.remove(&id.name)
        {
            row.person.insert(other.name.clone(), number);
        }
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
        let could_be: Vec<RecordId> = candidates
            .iter()
            .copied()
            .filter(|id| self.could_be(*id, number.as_ref().map(|(_, n)| n), born.as_ref()))
            .collect();
        match could_be[..] {
            [] => Some(None),
            [one] => Some(Some(one)),
            _ => {
                let column = self.column_of(&self.roles.person.name, &self.roles.name.name);
                self.complain(row, column, true, said::several_people(&name));
                None
            }
        }
    }

    /// Whether someone of the same name and door may be the row's person: neither number nor birthday says otherwise.
    fn could_be(&self, id: RecordId, number: Option<&String>, born: Option<&String>) -> bool {
        let Some(fields) = self.register.get(id) else { return false };
        let kept = |field: Option<&records::Field>| field.and_then(|field| fields.get(&field.name)?.as_str());
        let numbers = [kept(self.roles.id_number), kept(self.roles.paper_number)].into_iter().flatten();
        let other_number =
            number.is_some_and(|number| numbers.into_iter().any(|kept| canonical(kept) != canonical(number)));
        let other_day = born.zip(kept(self.roles.born)).is_some_and(|(day, kept)| day != kept);
        !other_number && !other_day
    }
}
