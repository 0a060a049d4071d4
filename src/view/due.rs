//! Promises to come back: which are due, which are late.

use std::collections::HashMap;

use jiff::civil::Date;
use records::{
    Context, Pack, RecordId, User, days,
    expression::Scope,
    pack::{Due, Kind},
};
use sync::{Record, book::Book};

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueState {
    /// So many days late.
    Overdue(i32),
    /// Today.
    Today,
    /// In so many days.
    Soon(i32),
}

/// A promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueItem {
    /// How it stands.
    pub state: DueState,
    /// About whom: a person, or a household.
    pub about: RecordId,
    /// The record that holds the promise.
    pub record: RecordId,
}

/// Promises due within `horizon` days, the latest one of each subject, the longest overdue first.
///
/// A promise is kept by a later record of the kind about the same; one that met nobody keeps it open.
pub fn due(pack: &Pack, book: &Book, today: Date, horizon: i32) -> Vec<DueItem> {
    due_among(pack, book, today, horizon, |kind| book.of_kind(kind).collect())
}

/// [`due`] among some records: those of all a kind's that `of_kind` gives, in any order and also more than once.
pub fn due_among<'b>(
    pack: &Pack,
    book: &'b Book,
    today: Date,
    horizon: i32,
    of_kind: impl Fn(&str) -> Vec<&'b Record>,
) -> Vec<DueItem> {
    let mut items = Vec::new();
    for rule in &pack.screens.due {
        let Some(kind) = pack.kind(&rule.kind) else { continue };
        for (about, record) in latest(of_kind(&rule.kind), kind, rule) {
            let Some(day) = record.text(&rule.date).and_then(days::parse) else { continue };
            let state = match days::number(day) - days::number(today) {
                left if left > horizon => continue,
                left if left < 0 => DueState::Overdue(-left),
                0 => DueState::Today,
                left => DueState::Soon(left),
            };
            // Asked last and of few: whether a door was opened reads whole records.
            if !is_kept(pack, book, kind, rule, about, record, today) {
                items.push((day, DueItem { state, about, record: record.id }));
            }
        }
    }
    items.sort_unstable_by_key(|(day, item)| (*day, item.record));
    items.into_iter().map(|(_, item)| item).collect()
}

/// The last promise about each subject.
fn latest<'b>(records: Vec<&'b Record>, kind: &Kind, rule: &Due) -> HashMap<RecordId, &'b Record> {
    let mut last: HashMap<RecordId, &Record> = HashMap::new();
    let promises = records.into_iter().filter(|record| record.text(&rule.date).is_some() && !record.is_void());
    for record in promises {
        let Some(about) = subject(record, rule) else { continue };
        let entry = last.entry(about).or_insert(record);
        if when(record, kind) >= when(entry, kind) {
            *entry = record;
        }
    }
    last
}

/// Whether someone came back: a later record of the kind about the same, which did not meet a closed door.
fn is_kept(pack: &Pack, book: &Book, kind: &Kind, rule: &Due, about: RecordId, promise: &Record, today: Date) -> bool {
    let later = |record: &&Record| {
        record.kind == *kind.name
            && when(record, kind) > when(promise, kind)
            && !record.is_void()
            && subject(record, rule) == Some(about)
    };
    book.pointing_at(about).filter(later).any(|record| !met_nobody(pack, kind, record, today))
}

/// Whom a record is about: the first of the rule's fields that says so.
fn subject(record: &Record, rule: &Due) -> Option<RecordId> {
    rule.about.iter().find_map(|field| record.text(field)?.parse().ok())
}

/// The day a record counts for; of one day, the one written last is the later.
fn when<'r>(record: &'r Record, kind: &Kind) -> (&'r str, RecordId) {
    (kind.date.as_ref().and_then(|date| record.text(date)).unwrap_or_default(), record.id)
}

fn met_nobody(pack: &Pack, kind: &Kind, record: &Record, today: Date) -> bool {
    let Some(doors) = pack.screens.doors.as_ref().filter(|doors| doors.visit == kind.name) else { return false };
    let Some(nobody) = &doors.visit_nobody else { return false };
    let context = Context { today, user: User::default(), lookup: &|_| None };
    nobody.truth(&Scope { kind: Some(kind), ..Scope::new(&record.values(), &context) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::made::{Made, today};

    fn states(made: &Made) -> Vec<(DueState, RecordId)> {
        due(&Pack::community(), &made.book, today(), 7).into_iter().map(|item| (item.state, item.about)).collect()
    }

    #[test]
    fn what_is_overdue_comes_first_and_what_is_far_off_not_at_all() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = |made: &mut Made, flat, back| {
            let home = made.household(building, 1, 1, flat);
            made.visit(home, None, "2026-11-01", Some(back));
            home
        };
        let (soon, today) = (home(&mut made, "101", "2026-11-25"), home(&mut made, "102", "2026-11-23"));
        let late = home(&mut made, "103", "2026-11-20");
        home(&mut made, "104", "2026-12-25");
        assert_eq!(states(&made), [(DueState::Overdue(3), late), (DueState::Today, today), (DueState::Soon(2), soon)]);
    }

    #[test]
    fn a_later_visit_keeps_the_promise_and_an_unanswered_door_does_not() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let wang = made.person(home, "王阿婆", "");
        made.visit(home, Some(wang), "2026-11-01", Some("2026-11-20"));
        let unanswered = made.visit(home, Some(wang), "2026-11-20", None);
        made.set(unanswered, "outcome", "nobody_home".into(), crate::view::made::at(50));
        assert_eq!(states(&made), [(DueState::Overdue(3), wang)]);
        made.visit(home, Some(wang), "2026-11-21", None);
        assert_eq!(states(&made), []);
    }

    #[test]
    fn a_visit_entered_late_neither_breaks_nor_revives_a_promise_kept_since() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        made.visit(home, None, "2026-11-21", None);
        made.visit(home, None, "2026-11-01", Some("2026-11-20"));
        assert_eq!(states(&made), []);
    }

    #[test]
    fn a_promise_to_one_person_is_not_kept_by_a_visit_to_another() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let (wang, li) = (made.person(home, "王阿婆", ""), made.person(home, "李桂英", ""));
        made.visit(home, Some(wang), "2026-11-01", Some("2026-11-20"));
        made.visit(home, Some(li), "2026-11-21", None);
        assert_eq!(states(&made), [(DueState::Overdue(3), wang)]);
    }

    #[test]
    fn a_promise_taken_back_is_none() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let visit = made.visit(home, None, "2026-11-01", Some("2026-11-20"));
        made.set(visit, "_void", "写错了".into(), crate::view::made::at(50));
        assert_eq!(states(&made), []);
    }
}
