//! The door map: buildings, and each as stairwells of floors of doors with the state of every one.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use records::{Lang, Pack, Post, RecordId, Right, order::natural, pack::Doors};
use sync::{Record, book::Book};

use super::{
    due::{Asker, DueItem, DueState, due_among},
    gone::Departed,
    sift::{means_care, worn},
};

mod visits;

pub use visits::Visits;

/// How a door stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoorState {
    /// A promise to come back, due within the days asked for, or late.
    Due(DueState),
    /// The last visit met nobody, on this day.
    Nobody(String),
    /// Visited last on this day.
    Visited(String),
    /// Never visited.
    Never,
    /// Whoever looks may not see visits: nothing is said, least of all that there was none.
    Unseen,
}

/// One door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The household behind it.
    pub household: RecordId,
    /// What is written on it.
    pub flat: String,
    /// How it stands.
    pub state: DoorState,
    /// Labels of those who live there.
    pub labels: BTreeSet<String>,
    /// Whether one of them is in special care.
    pub in_care: bool,
}

/// A stairwell: floors from the top down, each with its doors in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stairwell {
    /// Its number.
    pub number: i64,
    /// Floor and doors.
    pub floors: Vec<(i64, Vec<Door>)>,
}

/// A building with what its doors come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The building.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// Doors.
    pub doors: usize,
    /// Doors visited.
    pub visited: usize,
    /// Doors with a promise due.
    pub due: usize,
    /// Doors with a promise overdue.
    pub late: usize,
}

/// What is known of doors: the last visit of each and promises due.
struct Known<'k> {
    visits: &'k HashMap<RecordId, Visit>,
    due: HashMap<RecordId, DueState>,
    /// Whether visits are seen at all.
    sees: bool,
}

/// The day of a visit, and whether it met nobody.
pub type Visit = (String, bool);

impl Known<'_> {
    fn state(&self, household: RecordId) -> DoorState {
        match (self.due.get(&household), self.visits.get(&household)) {
            (Some(due), _) => DoorState::Due(*due),
            (None, Some((day, true))) => DoorState::Nobody(day.clone()),
            (None, Some((day, false))) => DoorState::Visited(day.clone()),
            (None, None) if self.sees => DoorState::Never,
            (None, None) => DoorState::Unseen,
        }
    }
}

/// Whether a post may read visits.
pub fn sees_visits(pack: &Pack, post: &str) -> bool {
    pack.screens.doors.as_ref().is_some_and(|doors| pack.allows(post, &doors.visit, Right::Read))
}

/// Who writes visits, for those who may not read them: `民政员、退管员等`; empty for who may.
pub fn who_visits(pack: &Pack, post: &str, lang: Lang) -> String {
    let Some(doors) = pack.screens.doors.as_ref().filter(|_| !sees_visits(pack, post)) else { return String::new() };
    let writes = |post: &&Post| !post.report && pack.allows(&post.name, &doors.visit, Right::Write);
    let names: Vec<&str> = pack.posts.iter().filter(writes).map(|post| post.label.get(lang)).collect();
    match (names.as_slice(), lang) {
        ([first, second, _, ..], Lang::Zh) => format!("{first}、{second}等"),
        ([first, second, _, ..], Lang::En) => format!("{first}, {second} and others"),
        (names, Lang::Zh) => names.join("、"),
        (names, Lang::En) => names.join(" and "),
    }
}

/// All buildings, by number: 2幢 before 10幢. `promises` are what is due, the longest overdue first.
pub fn buildings(
    pack: &Pack,
    book: &Book,
    title: impl Fn(&Record) -> String,
    promises: &[DueItem],
    visits: &HashMap<RecordId, Visit>,
) -> Vec<Row> {
    let Some(doors) = &pack.screens.doors else { return Vec::new() };
    let known = Known { visits, due: due_at(book, doors, promises), sees: true };
    let mut rows: HashMap<RecordId, Row> = HashMap::new();
    for building in book.of_kind(&doors.building).filter(|b| !b.is_void()) {
        let row = Row { id: building.id, name: title(building), doors: 0, visited: 0, due: 0, late: 0 };
        rows.insert(building.id, row);
    }
    for household in book.of_kind(&doors.household).filter(|h| !h.is_void()) {
        let Some(row) = link(household, &doors.household_building).and_then(|id| rows.get_mut(&id)) else { continue };
        row.doors += 1;
        match known.state(household.id) {
            DoorState::Due(DueState::Overdue(_)) => row.late += 1,
            DoorState::Due(_) => row.due += 1,
            DoorState::Visited(_) => row.visited += 1,
            DoorState::Nobody(_) | DoorState::Never | DoorState::Unseen => {}
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by_key(|row| natural(&row.name));
    rows
}

/// A building's doors as they stand in the house: stairwells from left to right, floors from the top down.
pub fn grid(
    pack: &Pack,
    book: &Book,
    building: RecordId,
    today: Date,
    horizon: i32,
    asker: Asker<'_>,
) -> Vec<Stairwell> {
    let Some(doors) = &pack.screens.doors else { return Vec::new() };
    let promises = due_among(pack, book, today, horizon, asker, |kind| {
        let subjects = homes(book, doors, building).flat_map(|home| residents(book, doors, home.id).chain([home]));
        let with_records = subjects.flat_map(|subject| book.pointing_at(subject.id).chain([subject]));
        with_records.filter(|record| record.kind == *kind).collect()
    });
    let visits = visits::of(pack, book, today, homes(book, doors, building).map(|home| home.id));
    let sees = sees_visits(pack, asker.user.post);
    let known = Known { visits: &visits, due: due_at(book, doors, &promises), sees };
    let departed = Departed::new(pack, book, today);
    let mut stairwells: Vec<Stairwell> = Vec::new();
    for household in homes(book, doors, building) {
        let number = |field: &str| household.value(field).and_then(|v| v.as_i64()).unwrap_or_default();
        let (stairwell, floor) = (number(&doors.stairwell), number(&doors.floor));
        let flat = household.text(&doors.flat).unwrap_or_default().into_owned();
        let (state, labels) = (known.state(household.id), worn(pack, book, household.id, &departed));
        let in_care = means_care(pack, &labels);
        let door = Door { household: household.id, flat, state, labels, in_care };
        let at = stairwells.iter().position(|s| s.number == stairwell).unwrap_or_else(|| {
            stairwells.push(Stairwell { number: stairwell, floors: Vec::new() });
            stairwells.len() - 1
        });
        let floors = &mut stairwells[at].floors;
        match floors.iter_mut().find(|(number, _)| *number == floor) {
            Some((_, doors)) => doors.push(door),
            None => floors.push((floor, vec![door])),
        }
    }
    stairwells.sort_by_key(|s| s.number);
    for (_, doors) in stairwells.iter_mut().flat_map(|s| &mut s.floors) {
        doors.sort_by_key(|door| natural(&door.flat));
    }
    stairwells.iter_mut().for_each(|s| s.floors.sort_by_key(|(floor, _)| std::cmp::Reverse(*floor)));
    stairwells
}

/// The door one comes to after this one, going down the stairwell floor by floor and then to the next; `None` after the
/// building's last.
pub fn next_door(pack: &Pack, book: &Book, household: RecordId) -> Option<RecordId> {
    let doors = pack.screens.doors.as_ref()?;
    let building = link(book.get(household)?, &doors.household_building)?;
    let number = |home: &Record, field: &str| home.value(field).and_then(|v| v.as_i64()).unwrap_or_default();
    let place = |home: &Record| {
        let flat = natural(&home.text(&doors.flat).unwrap_or_default());
        let floor = std::cmp::Reverse(number(home, &doors.floor));
        (number(home, &doors.stairwell), floor, flat, home.id)
    };
    let here = place(book.get(household)?);
    let after = homes(book, doors, building).map(place).filter(|place| *place > here);
    after.min().map(|(.., id)| id)
}

fn homes<'b>(book: &'b Book, doors: &'b Doors, building: RecordId) -> impl Iterator<Item = &'b Record> {
    let is_home = move |r: &&Record| r.kind == *doors.household && !r.is_void();
    book.pointing_at(building).filter(is_home)
}

/// Records of people that point at a household: who lives there, or is entered so; who lives there no more as well.
pub(super) fn residents<'b>(
    book: &'b Book,
    doors: &'b Doors,
    home: RecordId,
) -> impl Iterator<Item = &'b Record> + use<'b> {
    book.pointing_at(home).filter(move |r| r.kind == *doors.person && !r.is_void())
}

/// What is due at each door, or to someone behind it: the longest overdue.
fn due_at(book: &Book, doors: &Doors, promises: &[DueItem]) -> HashMap<RecordId, DueState> {
    let mut due = HashMap::new();
    for item in promises {
        let home = match book.get(item.about) {
            Some(person) if person.kind == *doors.person => link(person, &doors.person_household),
            Some(home) if home.kind == *doors.household => Some(home.id),
            _ => None,
        };
        if let Some(home) = home {
            due.entry(home).or_insert(item.state);
        }
    }
    due
}

fn link(record: &Record, field: &str) -> Option<RecordId> {
    record.link(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::User;

    use crate::due::due;

    const ASKER: Asker<'_> = Asker { user: User { name: "chen", post: "civil_affairs" }, all: false };
    use crate::made::{Made, at, today};

    #[test]
    fn a_building_shows_as_it_stands_top_floor_first() {
        let mut made = Made::default();
        let building = made.building("3幢");
        for (stairwell, floor, flat) in [(2, 1, "104"), (2, 6, "602"), (2, 6, "601"), (1, 10, "1001"), (1, 2, "201")] {
            made.household(building, stairwell, floor, flat);
        }
        let grid = grid(&Pack::community(), &made.book, building, today(), 7, ASKER);
        let shape: Vec<_> = grid
            .iter()
            .map(|s| {
                (s.number, s.floors.iter().map(|(f, d)| (*f, d.iter().map(|d| d.flat.as_str()).collect())).collect())
            })
            .collect::<Vec<(i64, Vec<(i64, Vec<&str>)>)>>();
        assert_eq!(
            shape,
            [(1, vec![(10, vec!["1001"]), (2, vec!["201"])]), (2, vec![(6, vec!["601", "602"]), (1, vec!["104"])])]
        );
    }

    #[test]
    fn a_door_says_the_last_visit_an_unanswered_one_and_what_is_due() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let state = |made: &Made| {
            grid(&Pack::community(), &made.book, building, today(), 7, ASKER)[0].floors[0].1[0].state.clone()
        };
        assert_eq!(state(&made), DoorState::Never);
        made.visit(home, None, "2026-10-01", None);
        made.visit(home, None, "2026-09-01", None);
        assert_eq!(state(&made), DoorState::Visited("2026-10-01".into()));
        let unanswered = made.visit(home, None, "2026-11-02", None);
        made.set(unanswered, "outcome", "nobody_home".into(), at(50));
        assert_eq!(state(&made), DoorState::Nobody("2026-11-02".into()));
        let wang = made.person(home, "王阿婆", "");
        made.visit(home, Some(wang), "2026-11-10", Some("2026-11-20"));
        assert_eq!(state(&made), DoorState::Due(DueState::Overdue(3)));
        // A service at the desk is no visit.
        let window = made.visit(home, None, "2026-11-22", None);
        made.set(window, "channel", "window".into(), at(60));
        assert_eq!(state(&made), DoorState::Due(DueState::Overdue(3)));
    }

    #[test]
    fn a_post_that_may_not_see_visits_is_told_of_none_and_of_nothing_overdue_that_it_cannot_know() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let alone = serde_json::json!({"name": "王阿婆", "household": home, "labels": ["elder_alone"]});
        made.record("person", alone);
        let mut pack = Pack::community();
        // A community that puts the round on everybody's list.
        pack.due.iter_mut().for_each(|rule| rule.posts.clear());
        let state = |post| {
            let asker = Asker { user: User { name: "someone", post }, all: false };
            grid(&pack, &made.book, building, today(), 7, asker)[0].floors[0].1[0].state.clone()
        };
        assert_eq!(state("civil_affairs"), DoorState::Due(DueState::Never));
        for post in ["police", "migrants", "corrections", "party"] {
            assert_eq!(state(post), DoorState::Unseen, "{post}");
            assert_eq!(who_visits(&pack, post, Lang::Zh), "民政员、退管员等");
        }
        assert_eq!(who_visits(&pack, "civil_affairs", Lang::Zh), "");
    }

    #[test]
    fn the_next_door_is_beside_then_a_floor_down_then_in_the_next_stairwell() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let elsewhere = made.building("4幢");
        made.household(elsewhere, 1, 6, "601");
        let mut home = |stairwell, floor, flat| made.household(building, stairwell, floor, flat);
        let (last, low) = (home(2, 1, "101"), home(1, 5, "501"));
        let (second, first) = (home(1, 6, "602"), home(1, 6, "601"));
        let pack = Pack::community();
        let next = |id| next_door(&pack, &made.book, id);
        assert_eq!([next(first), next(second), next(low), next(last)], [Some(second), Some(low), Some(last), None]);
    }

    #[test]
    fn buildings_stand_by_number_with_what_their_doors_come_to() {
        let mut made = Made::default();
        let (ten, two) = (made.building("10幢"), made.building("2幢"));
        let home = made.household(two, 1, 1, "101");
        made.household(two, 1, 1, "102");
        made.visit(home, None, "2026-10-01", None);
        let title = |b: &Record| b.text("name").unwrap_or_default().into_owned();
        let pack = Pack::community();
        let promises = due(&pack, &made.book, today(), 7, ASKER);
        let mut visits = Visits::default();
        let rows = buildings(&pack, &made.book, title, &promises, visits.now(&pack, &made.book, today()));
        let row = |id, name: &str, doors, visited| Row { id, name: name.into(), doors, visited, due: 0, late: 0 };
        assert_eq!(rows, [row(two, "2幢", 2, 1), row(ten, "10幢", 0, 0)]);
    }
}
