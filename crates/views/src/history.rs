//! What happened around a household or a person, newest first.

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::{Class, Field, FieldType, Kind, Pack, RecordId, Right, pack::Nature};
use sync::{Clock, Record, book::Book};

use super::gone::Departed;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The day it counts for.
    pub day: String,
    /// When it was written.
    made: Clock,
    /// The record.
    pub id: RecordId,
}

/// All that happened and points at any of `about`, alone or among others, each once: facts, and what has a day of its own,
/// such as a case or a task. Void ones too, which are shown struck out.
pub fn history(pack: &Pack, book: &Book, about: &[RecordId]) -> Vec<Event> {
    let pointing = about.iter().flat_map(|id| book.pointing_at(*id));
    let facts = pointing.filter_map(|record| Some((record.id, event(pack, record)?)));
    let mut events: Vec<Event> = facts.collect::<BTreeMap<_, _>>().into_values().collect();
    events.sort_by(|a, b| (&b.day, b.made, b.id).cmp(&(&a.day, a.made, a.id)));
    events
}

/// Whether things may have happened to a household or its people that a post is not told of: kinds that point at either and that
/// it may not read. Restricted ones do not count: nobody is to think of them.
pub fn hides(pack: &Pack, post: &str) -> bool {
    let Some(doors) = &pack.screens.doors else { return false };
    let points = |field: &Field| match &field.r#type {
        FieldType::Record(to) | FieldType::Records(to) => *to == doors.household || *to == doors.person,
        _ => false,
    };
    let mut kinds = pack.kinds.values().filter(|kind| happens(kind) && kind.class != Class::Restricted);
    kinds.any(|kind| kind.fields.iter().any(points) && !pack.allows(post, &kind.name, Right::Read))
}

/// Whether records of a kind happen on a day, unlike entries such as a household or a person.
pub fn happens(kind: &Kind) -> bool {
    kind.nature == Nature::Fact || kind.date.is_some()
}

fn event(pack: &Pack, record: &Record) -> Option<Event> {
    let kind = pack.kind(&record.kind).filter(|kind| happens(kind))?;
    let day = kind.date.as_ref().and_then(|date| record.text(date)).unwrap_or_default().into_owned();
    Some(Event { day, made: record.made, id: record.id })
}

/// Records of a kind, newest first: by the day they count for, or by when they were made.
pub fn list(pack: &Pack, book: &Book, kind: &str, month: &str, fits: impl Fn(&Record) -> bool) -> Vec<Event> {
    let date = pack.kind(kind).and_then(|kind| kind.date.clone());
    let event = |record: &Record| {
        let day = date.as_ref().and_then(|date| record.text(date)).unwrap_or_default().into_owned();
        (day.starts_with(month) && fits(record)).then_some(Event { day, made: record.made, id: record.id })
    };
    let mut events: Vec<Event> = book.of_kind(kind).filter_map(event).collect();
    events.sort_unstable_by(|a, b| (&b.day, b.made, b.id).cmp(&(&a.day, a.made, a.id)));
    events
}

/// Some records, newest first by the day they count for.
pub fn of_records(pack: &Pack, records: Vec<&Record>) -> Vec<Event> {
    let event = |record: &Record| {
        let date = pack.kind(&record.kind).and_then(|kind| kind.date.as_ref());
        let day = date.and_then(|date| record.text(date)).unwrap_or_default().into_owned();
        Event { day, made: record.made, id: record.id }
    };
    let mut events: Vec<Event> = records.into_iter().map(event).collect();
    events.sort_unstable_by(|a, b| (&b.day, b.made, b.id).cmp(&(&a.day, a.made, a.id)));
    events
}

/// People entered as living in a household, the first entered first: those who are here, and those who no longer are.
pub fn people(pack: &Pack, book: &Book, household: RecordId, today: Date) -> (Vec<RecordId>, Vec<RecordId>) {
    let Some(doors) = &pack.screens.doors else { return Default::default() };
    let is_entered =
        |r: &&Record| r.kind == *doors.person && !r.is_void() && r.link(&doors.person_household) == Some(household);
    let departed = Departed::new(pack, book, today);
    let (gone, here): (Vec<_>, Vec<_>) =
        book.pointing_at(household).filter(is_entered).partition(|person| departed.has(person));
    let ids = |people: Vec<&Record>| people.into_iter().map(|person| person.id).collect();
    (ids(here), ids(gone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{Made, at, today};

    #[test]
    fn a_household_s_history_is_all_that_points_at_it_or_its_people_newest_first_and_once() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let (home, other) = (made.household(building, 1, 1, "101"), made.household(building, 1, 1, "102"));
        let wang = made.person(home, "王阿婆", "");
        made.person(other, "李桂英", "");
        let old = made.visit(home, Some(wang), "2026-10-01", None);
        let new = made.visit(home, None, "2026-11-01", None);
        let oldest = made.visit(home, Some(wang), "2026-09-01", None);
        made.visit(other, None, "2026-11-02", None);
        let pack = Pack::community();
        let (people, _) = people(&pack, &made.book, home, today());
        assert_eq!(people, [wang]);
        let about: Vec<_> = people.into_iter().chain([home]).collect();
        let ids: Vec<_> = history(&pack, &made.book, &about).into_iter().map(|e| e.id).collect();
        assert_eq!(ids, [new, old, oldest]);
    }

    #[test]
    fn who_died_or_moved_away_is_told_apart_from_who_lives_there() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let [wang, li, zhao, qian, sun] =
            ["王阿婆", "李桂英", "赵大爷", "钱阿姨", "孙小妹"].map(|name| made.person(home, name, ""));
        made.set(wang, "state", "deceased".into(), at(50));
        made.set(li, "state", "moved".into(), at(51));
        made.set(li, "state_since", "2026-11-23".into(), at(52));
        made.set(zhao, "state", "away".into(), at(53));
        made.set(qian, "state", "moved".into(), at(54));
        made.set(qian, "state_since", "2026-11-24".into(), at(55));
        let pack = Pack::community();
        assert_eq!(
            people(&pack, &made.book, home, today()),
            (vec![zhao, qian, sun], vec![wang, li]),
            "she moves tomorrow"
        );
        made.set(wang, "state", "living_here".into(), at(60));
        assert_eq!(people(&pack, &made.book, home, today()).1, [li], "it was a mistake");
    }

    #[test]
    fn a_case_stands_in_the_file_of_every_party_to_it() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let (wang, li) = (made.person(home, "王阿婆", ""), made.person(home, "李桂英", ""));
        let fields = serde_json::json!({"sort": "leak", "outcome": "in_hand", "date": "2026-11-02"});
        let case = made.record("mediation", fields);
        made.add(case, "parties", &[wang, li]);
        let pack = Pack::community();
        for party in [wang, li] {
            let ids: Vec<_> = history(&pack, &made.book, &[party]).into_iter().map(|e| e.id).collect();
            assert_eq!(ids, [case]);
        }
    }

    #[test]
    fn a_list_is_of_one_kind_and_month_newest_first() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let first = made.visit(home, None, "2026-10-01", None);
        let second = made.visit(home, None, "2026-10-09", None);
        made.visit(home, None, "2026-11-01", None);
        let listed = list(&Pack::community(), &made.book, "service", "2026-10", |_| true);
        assert_eq!(listed.into_iter().map(|e| e.id).collect::<Vec<_>>(), [second, first]);
    }
}
