//! The door of a row: which building, which household, or which are to be made.

use records::{FieldType, Fields, RecordId, Value};

use super::{Outcome, Planner, RowProblem, row::Row, said};
use crate::roster::{
    place::{building_key, floor_of},
    sheet::fold,
};

/// Where a row's people live.
pub(super) enum Door {
    /// The row does not say.
    Unsaid,
    /// A household that is there, or was planned by a row before.
    Known { building: RecordId, household: RecordId },
    /// A household to be made, in a building that is there or is to be made.
    New { building: Building, fields: Box<Fields> },
}

/// A new household's building.
pub(super) enum Building {
    Known(RecordId),
    New(Box<Fields>),
}

/// What the rows above say of the door, for rows that leave parts of it blank.
#[derive(Debug, Default)]
pub(super) struct Above {
    /// The building's name and its street.
    building: Part<(String, String)>,
    stairwell: Part<i64>,
    home: Part<RecordId>,
}

impl Above {
    /// What stands above all rows: the building that a sheet of its own is named after.
    pub fn sheet(building: Option<String>) -> Self {
        let building = building.map_or(Part::Unsaid, |name| Part::Said((name, String::new())));
        Self { building, ..Self::default() }
    }
}

/// One part of it.
#[derive(Clone, Debug, Default)]
enum Part<T> {
    /// No row named it.
    #[default]
    Unsaid,
    Said(T),
    /// The row that named it was not imported: whoever stands below does not live where the rows above that one do.
    Lost(usize),
}

/// What a row says of its door.
pub(super) struct Said {
    building: String,
    stairwell: Option<i64>,
    floor: Option<i64>,
    flat: String,
    street: String,
}

impl Planner<'_, '_> {
    /// Finds the row's door, or what is to be made for it. `None` when the row is held.
    pub(super) fn door(&mut self, row: &mut Row) -> Option<Door> {
        if row.holds() {
            return None;
        }
        let Some(said) = self.said(row)? else {
            if row.name.is_none() {
                let column = self.column_of(&self.roles.person.name, &self.roles.name.name);
                self.complain(row, column, true, said::nobody());
                return None;
            }
            return self.like_above(row);
        };
        let (kind, doors) = (self.roles.household, self.roles.doors);
        let known = match self.building(row, &said)? {
            // 3幢501 beside 3幢2单元501: whose door it is depends on the row one begins with.
            _ if said.stairwell.is_none() && self.stairwells_said(&said.building) > 1 => {
                return self.which_stairwell(row, &said);
            }
            Some(building) => {
                if let Some(household) = self.household(row, building, &said)? {
                    row.said = Some(said);
                    return Some(Door::Known { building, household });
                }
                Some(building)
            }
            None if self.choices.create_buildings => None,
            None => {
                let column = self.column_of(&self.roles.building.name, &self.roles.building_name.name);
                self.complain(row, column, true, said::no_building(&said.building));
                return None;
            }
        };
        let Some(floor) = said.floor.or_else(|| floor_of(&said.flat)) else {
            let column = self.column_of(&kind.name, &doors.flat);
            self.complain(row, column, true, said::no_floor(&said.flat).at(&doors.floor));
            return None;
        };
        let column = |field: &str| self.column_of(&kind.name, field);
        let mut answers = row.household.clone();
        let door = [
            (&doors.stairwell, Value::from(said.stairwell.unwrap_or(1))),
            (&doors.floor, floor.into()),
            (&doors.flat, said.flat.as_str().into()),
        ];
        answers.extend(door.map(|(field, value)| (field.clone(), (value, column(field)))));
        let building = match known {
            Some(id) => Building::Known(id),
            None => Building::New(Box::new(self.new_building(row, &said, floor)?)),
        };
        // A building that is yet to be made has an id when it is: any will do for the judgement.
        let id = if let Building::Known(id) = building { id } else { RecordId::nil() };
        answers.insert(doors.household_building.clone(), (id.to_string().into(), column(&doors.flat)));
        let fields = Box::new(self.written(row, kind, None, answers)?);
        row.said = Some(said);
        Some(Door::New { building, fields })
    }

    /// Makes the door so. The household, and what became of it.
    pub(super) fn open(&mut self, row: &mut Row, door: Door) -> (Option<RecordId>, Outcome) {
        let doors = self.roles.doors;
        let (home, outcome) = match door {
            Door::Unsaid => {
                // A head of whom nobody knows where: nor does anyone of those who stand below.
                if self.is_head(row) {
                    self.above.home = Part::Unsaid;
                }
                return (None, Outcome::Unchanged);
            }
            Door::Known { building, household } => {
                let answers = row.building.clone();
                self.fill(row, self.roles.building, building, answers);
                let answers = row.household.clone();
                let changed = self.fill(row, self.roles.household, household, answers);
                (household, if changed { Outcome::Update } else { Outcome::Unchanged })
            }
            Door::New { building, fields } => {
                let id = match building {
                    Building::Known(id) => {
                        let answers = row.building.clone();
                        self.fill(row, self.roles.building, id, answers);
                        id
                    }
                    Building::New(fields) => {
                        let id = (self.new_id)();
                        self.keep(id, &self.roles.building.name, *fields);
                        self.claim(id, row.building.keys());
                        id
                    }
                };
                let mut fields = *fields;
                fields.insert(doors.household_building.clone(), id.to_string().into());
                self.grow(id, &fields);
                let household = (self.new_id)();
                self.keep(household, &self.roles.household.name, fields);
                self.claim(household, row.household.keys());
                (household, Outcome::Create)
            }
        };
        if let Some(Said { building, stairwell, street, .. }) = row.said.take() {
            let stairwell = stairwell.map_or(Part::Unsaid, Part::Said);
            self.above = Above { building: Part::Said((building, street)), stairwell, home: Part::Said(home) };
        }
        (Some(home), outcome)
    }

    /// What the row says of its door; the inner `None` when nothing. `None` when it says half of it.
    fn said(&self, row: &mut Row) -> Option<Option<Said>> {
        let (doors, place) = (self.roles.doors, row.place.clone().map(|(place, _)| place).unwrap_or_default());
        let number = |field: &str| row.household.get(field).and_then(|(value, _)| value.as_i64());
        let text = |answers: &super::row::Answers, field: &str| {
            answers.get(field).and_then(|(v, _)| v.as_str().map(str::to_owned))
        };
        let building = text(&row.building, &self.roles.building_name.name).or(place.building);
        let flat = text(&row.household, &doors.flat).or(place.flat);
        let stairwell = number(&doors.stairwell).or(place.stairwell);
        let floor = number(&doors.floor).or(place.floor);
        let street = text(&row.building, "address").unwrap_or(place.street);
        // Under a building that stands once for many rows.
        let above = building.is_none() && flat.is_some();
        let (building, stairwell, street) = match &self.above {
            Above { building: Part::Lost(at), .. } if above => return self.lost(row, *at),
            Above { stairwell: Part::Lost(at), .. } if above && stairwell.is_none() => return self.lost(row, *at),
            Above { building: Part::Said((name, road)), stairwell: last, .. } if above => {
                let last = if let Part::Said(last) = last { Some(*last) } else { None };
                let street = if street.is_empty() { road.clone() } else { street };
                (Some(name.clone()), stairwell.or(last), street)
            }
            _ => (building, stairwell, street),
        };
        match (building, flat) {
            (Some(building), Some(flat)) => Some(Some(Said { building, stairwell, floor, flat, street })),
            (None, None) => Some(None),
            (building, _) => {
                let field = if building.is_none() { &self.roles.building_name.name } else { &doors.flat };
                let kind = if building.is_none() { &self.roles.building.name } else { &self.roles.household.name };
                let column = self.column_of(kind, field);
                self.complain(row, column, true, said::half_a_door(building.is_some()).at(field));
                None
            }
        }
    }

    /// A member of the household whose row stands above and whose door is left blank: only where the row says that it is
    /// not the head's. `None` when the row above was not imported, or when it cannot be read whose relative this is.
    fn like_above(&self, row: &mut Row) -> Option<Door> {
        let relation = self.roles.head.map(|(field, _)| &field.name);
        let unread = |problem: &&mut RowProblem| relation.is_some() && problem.problem.field.as_ref() == relation;
        if let Some(problem) = row.problems.iter_mut().find(unread) {
            problem.holds = true;
            return None;
        }
        let is_member = !self.is_head(row) && relation.is_some_and(|relation| row.person.contains_key(relation));
        let home = match self.above.home {
            Part::Said(home) if is_member => home,
            Part::Lost(at) if is_member => return self.lost(row, at),
            _ => return Some(Door::Unsaid),
        };
        let building = self.register.get(home).and_then(|fields| fields.get(&self.roles.doors.household_building));
        let building = building.and_then(|building| building.as_str()?.parse().ok());
        Some(building.map_or(Door::Unsaid, |building| Door::Known { building, household: home }))
    }

    /// Whether the row says that it is the head's.
    fn is_head(&self, row: &Row) -> bool {
        let relation = self.roles.head.and_then(|(field, head)| Some((row.person.get(&field.name)?.0.as_str()?, head)));
        relation.is_some_and(|(relation, head)| relation == head.name)
    }

    fn lost<T>(&self, row: &mut Row, above: usize) -> Option<T> {
        let column = self.column_of(&self.roles.household.name, &self.roles.doors.flat);
        self.complain(row, column, true, said::not_above(above));
        None
    }

    /// What a row that is not imported named of its door is not known to the rows below it.
    pub(super) fn lose(&mut self, row: &Row) {
        let named = row.named;
        if named.building {
            self.above.building = Part::Lost(row.at);
        }
        if named.building || named.stairwell {
            self.above.stairwell = Part::Lost(row.at);
        }
        if named.building || named.stairwell || named.flat || self.is_head(row) {
            self.above.home = Part::Lost(row.at);
        }
    }

    /// The building; the inner `None` when there is none. `None` when it could be several.
    fn building(&self, row: &mut Row, said: &Said) -> Option<Option<RecordId>> {
        let found = self.register.buildings(&said.building);
        let street = fold(&said.street);
        let address = |id: &RecordId| {
            let text = self.register.get(*id).and_then(|fields| fields.get("address")).and_then(Value::as_str);
            fold(text.unwrap_or_default())
        };
        let is_made = |id: &RecordId| self.before.get(id).is_some_and(Option::is_none);
        // One that this file makes is the same only in the same street; one that was there is known by its number.
        let mut found: Vec<RecordId> =
            found.iter().copied().filter(|id| !is_made(id) || address(id) == street || street.is_empty()).collect();
        if found.len() > 1 && !street.is_empty() {
            let near = |id: &RecordId| {
                let address = address(id);
                !address.is_empty() && (address.contains(&street) || street.contains(&address))
            };
            let same: Vec<RecordId> = found.iter().copied().filter(|id| address(id) == street).collect();
            found = if same.is_empty() { found.into_iter().filter(near).collect() } else { same };
        }
        match found[..] {
            [] => Some(None),
            [one] => Some(Some(one)),
            _ => {
                let column = self.column_of(&self.roles.building.name, &self.roles.building_name.name);
                self.complain(row, column, true, said::several_buildings(&said.building));
                None
            }
        }
    }

    /// The household behind the door; the inner `None` when there is none. `None` when the stairwell must be known.
    fn household(&self, row: &mut Row, building: RecordId, said: &Said) -> Option<Option<RecordId>> {
        let stairwell = |id: &RecordId| self.register.get(*id)?.get(&self.roles.doors.stairwell)?.as_i64();
        let doors = self.register.doors(building, &said.flat);
        let found = match said.stairwell {
            Some(number) => doors.iter().copied().find(|id| stairwell(id) == Some(number)),
            None => match doors {
                [one] => Some(*one),
                [] if self.stairwells(building) <= 1 => None,
                _ => {
                    let column = self.column_of(&self.roles.household.name, &self.roles.doors.stairwell);
                    self.complain(
                        row,
                        column,
                        true,
                        said::no_stairwell(&said.building).at(&self.roles.doors.stairwell),
                    );
                    return None;
                }
            },
        };
        Some(found)
    }

    fn which_stairwell<T>(&self, row: &mut Row, said: &Said) -> Option<T> {
        let column = self.column_of(&self.roles.household.name, &self.roles.doors.stairwell);
        let problem = said::no_stairwell(&said.building).at(&self.roles.doors.stairwell);
        self.complain(row, column, true, problem);
        None
    }

    /// The highest stairwell that any row of the file names in a building of that name.
    fn stairwells_said(&self, building: &str) -> i64 {
        self.stairwells.get(&building_key(building)).copied().unwrap_or(1)
    }

    /// Reads through the file for the stairwells it names.
    pub(super) fn look_through(&mut self) {
        let mut above = None;
        for at in self.rows() {
            let Some(row) = self.read(at) else { continue };
            let is_unread = row.named.building;
            let place = row.place.map(|(place, _)| place).unwrap_or_default();
            let said = |answers: &super::row::Answers, field: &str| answers.get(field).map(|(value, _)| value.clone());
            let name = said(&row.building, &self.roles.building_name.name);
            let name =
                name.and_then(|name| name.as_str().map(building_key)).or(place.building.as_deref().map(building_key));
            let stairwell = said(&row.household, &self.roles.doors.stairwell).and_then(|number| number.as_i64());
            above = if is_unread { name } else { name.or(above) };
            if let (Some(building), Some(number)) = (&above, stairwell.or(place.stairwell)) {
                let most = self.stairwells.entry(building.clone()).or_insert(1);
                *most = number.max(*most);
            }
        }
    }

    fn stairwells(&self, building: RecordId) -> i64 {
        let fields = self.register.get(building);
        fields.and_then(|fields| fields.get("stairwells")).and_then(Value::as_i64).unwrap_or(1)
    }

    fn new_building(&self, row: &mut Row, said: &Said, floor: i64) -> Option<Fields> {
        let kind = self.roles.building;
        let (key, column) = (building_key(&said.building), self.column_of(&kind.name, &self.roles.building_name.name));
        let is_short = key.chars().all(|c| c.is_ascii_digit()) || key.chars().count() == 1;
        let name = if is_short { format!("{}幢", key.to_uppercase()) } else { said.building.clone() };
        let mut answers = row.building.clone();
        answers.insert(self.roles.building_name.name.clone(), (name.into(), column));
        let mut unsaid = |field: &str, is: FieldType, value: Value| {
            if kind.field(field).is_some_and(|field| field.r#type == is) {
                answers.entry(field.to_owned()).or_insert((value, column));
            }
        };
        if !said.street.is_empty() {
            unsaid("address", FieldType::Text, said.street.as_str().into());
        }
        unsaid("stairwells", FieldType::Integer, said.stairwell.unwrap_or(1).max(1).into());
        unsaid("floors", FieldType::Integer, floor.max(1).into());
        self.written(row, kind, None, answers)
    }

    /// A building that this file makes has as many stairwells and floors as its doors say.
    fn grow(&mut self, building: RecordId, household: &Fields) {
        if !matches!(self.before.get(&building), Some(None)) {
            return;
        }
        let Some(mut fields) = self.register.get(building).cloned() else { return };
        let doors = self.roles.doors;
        for (field, of) in [("stairwells", &doors.stairwell), ("floors", &doors.floor)] {
            let claimed = self.claims.get(&building).is_some_and(|fields| fields.contains(field));
            let (has, says) = (fields.get(field).and_then(Value::as_i64), household.get(of).and_then(Value::as_i64));
            if let (Some(has), Some(says), false) = (has, says, claimed)
                && says > has
            {
                fields.insert(field.to_owned(), says.into());
            }
        }
        self.keep(building, &self.roles.building.name, fields);
    }
}
