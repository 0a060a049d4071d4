//! What is due in the order one walks: building by building, down each stairwell floor by floor.

use std::{cmp::Reverse, collections::HashMap};

use records::{
    Pack, RecordId,
    order::{Natural, natural},
    pack::Doors,
};
use sync::{Record, book::Book};

use super::DueItem;

/// Everybody due at one building; those at no door of the register come last, without one.
#[derive(Clone, Debug, PartialEq)]
pub struct Stops {
    /// The building.
    pub building: Option<RecordId>,
    /// Whom one comes to, in order.
    pub stops: Vec<Stop>,
}

/// Someone, or something, to be looked after, with all that is due about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// About whom.
    pub about: RecordId,
    /// The household at whose door it is.
    pub home: Option<RecordId>,
    /// What is due, the longest overdue first.
    pub items: Vec<DueItem>,
}

/// Where a stop stands in its building: stairwell, floor from the top, flat.
type Place = (i64, Reverse<i64>, Option<Natural>, Option<RecordId>, Natural);

/// All items, none left out, each once. `title` names buildings and people.
pub fn stops(pack: &Pack, book: &Book, items: &[DueItem], title: &dyn Fn(RecordId) -> String) -> Vec<Stops> {
    let mut about: HashMap<RecordId, usize> = HashMap::new();
    let mut all: Vec<Stop> = Vec::new();
    for item in items {
        let at = *about.entry(item.about).or_insert_with(|| {
            let home = pack.screens.doors.as_ref().and_then(|doors| at(book, doors, item.about, &doors.household));
            all.push(Stop { about: item.about, home, items: Vec::new() });
            all.len() - 1
        });
        if let Some(stop) = all.get_mut(at) {
            stop.items.push(item.clone());
        }
    }
    let mut groups: Vec<Stops> = Vec::new();
    for stop in all {
        let building = pack.screens.doors.as_ref().and_then(|doors| {
            let from = stop.home.unwrap_or(stop.about);
            at(book, doors, from, &doors.building)
        });
        match groups.iter_mut().find(|group| group.building == building) {
            Some(group) => group.stops.push(stop),
            None => groups.push(Stops { building, stops: vec![stop] }),
        }
    }
    for group in &mut groups {
        group.stops.sort_by_cached_key(|stop| place(pack, book, stop, title));
    }
    groups.sort_by_cached_key(|group| (group.building.is_none(), group.building.map(|id| natural(&title(id)))));
    groups
}

/// The record of a kind that this one is, or is at: a person lives in a household, which is in a building; a permit is a
/// person's.
fn at(book: &Book, doors: &Doors, from: RecordId, kind: &str) -> Option<RecordId> {
    let mut near = vec![from];
    // A permit names a person, they a household, that a building: no way is longer.
    for _ in 0..4 {
        if let Some(found) = near.iter().find(|id| book.get(**id).is_some_and(|record| record.kind == *kind)) {
            return Some(*found);
        }
        let spine = [&doors.person, &doors.household, &doors.building];
        let links = |record: &Record| record.names().filter_map(|name| record.link(name)).collect::<Vec<_>>();
        let next = near.iter().filter_map(|id| book.get(*id)).flat_map(links);
        near = next.filter(|id| book.get(*id).is_some_and(|r| spine.iter().any(|kind| r.kind == ***kind))).collect();
    }
    None
}

fn place(pack: &Pack, book: &Book, stop: &Stop, title: &dyn Fn(RecordId) -> String) -> Place {
    let home = stop.home.and_then(|home| book.get(home)).zip(pack.screens.doors.as_ref());
    let number = |field: fn(&Doors) -> &String| {
        home.and_then(|(home, doors)| home.value(field(doors))?.as_i64()).unwrap_or_default()
    };
    let flat = home.map(|(home, doors)| natural(&home.text(&doors.flat).unwrap_or_default()));
    (number(|d| &d.stairwell), Reverse(number(|d| &d.floor)), flat, stop.home, natural(&title(stop.about)))
}

#[cfg(test)]
mod tests {
    use records::User;

    use super::*;
    use crate::{
        due::{Asker, due},
        made::{Made, today},
    };

    #[test]
    fn the_walk_takes_in_everybody_once_by_building_from_the_top_floor_down() {
        let mut made = Made::default();
        let (ten, two) = (made.building("10幢"), made.building("2幢"));
        let person = |made: &mut Made, home, name: &str, labels: &[&str]| {
            made.record("person", serde_json::json!({"name": name, "household": home, "labels": labels}))
        };
        let home = |made: &mut Made, building, floor, flat: &str, name: &str| {
            let home = made.household(building, 1, floor, flat);
            person(made, home, name, &["elder_alone", "low_income"])
        };
        let far = home(&mut made, ten, 1, "101", "钱一");
        let low = home(&mut made, two, 1, "102", "钱二");
        let high = home(&mut made, two, 10, "1001", "钱三");
        let middle = home(&mut made, two, 2, "201", "钱四");
        let task = made.record(
            "task",
            serde_json::json!({"what": "修路灯", "to_post": "civil_affairs", "state": "open", "due_on": "2026-11-20"}),
        );
        let pack = Pack::community();
        let asker = Asker { user: User { name: "chen", post: "civil_affairs" }, all: false };
        let items = due(&pack, &made.book, today(), 7, asker);
        let title = |id| made.book.get(id).and_then(|r| r.text("name")).unwrap_or_default().into_owned();
        let groups = stops(&pack, &made.book, &items, &title);
        let walked: Vec<_> = groups
            .iter()
            .map(|group| (group.building, group.stops.iter().map(|s| s.about).collect::<Vec<_>>()))
            .collect();
        assert_eq!(walked, [(Some(two), vec![high, middle, low]), (Some(ten), vec![far]), (None, vec![task])]);
        let listed: usize = groups.iter().flat_map(|group| &group.stops).map(|stop| stop.items.len()).sum();
        assert_eq!(listed, items.len(), "nothing is left out");
        assert!(groups[0].stops.iter().all(|stop| stop.items.len() == 2 && stop.home.is_some()), "one line a person");
    }

    #[test]
    fn a_permit_stands_at_its_persons_door() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let person = made.person(home, "韦小租", "");
        let fields = serde_json::json!({"person": person, "origin": "安徽", "arrived_on": "2026-01-01", "permit_until": "2026-11-01"});
        let permit = made.record("migrant", fields);
        let pack = Pack::community();
        let asker = Asker { user: User { name: "wai", post: "migrants" }, all: false };
        let items = due(&pack, &made.book, today(), 7, asker);
        let groups = stops(&pack, &made.book, &items, &|_| String::new());
        assert_eq!((groups[0].building, groups[0].stops[0].home), (Some(building), Some(home)));
        assert_eq!(groups[0].stops[0].about, permit);
    }
}
