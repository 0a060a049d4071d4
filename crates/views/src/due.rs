//! What is due and what is late: promises, rounds and what runs out, worked out from the records here.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

use jiff::civil::Date;
use records::{
    FieldType, Pack, RecordId, User, days,
    pack::{Due, DueRule, Kind},
};
use sync::{Record, book::Book};

use super::when::when;

mod groups;
mod question;
mod standing;

pub use groups::{Group, groups};
use question::Question;
pub use standing::Standing;

/// How something due stands. Ordered by weight: what is overdue first, the longest before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueState {
    /// So many days late.
    Overdue(i32),
    /// Never done at all: nobody was there yet.
    Never,
    /// Today.
    Today,
    /// In so many days.
    Soon(i32),
}

/// Something due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueItem {
    /// How it stands.
    pub state: DueState,
    /// About whom: a person, a household, a permit.
    pub about: RecordId,
    /// The record it comes from: the one that holds the promise, or the one to be seen.
    pub record: RecordId,
    /// The pack's rule by name.
    pub rule: String,
}

/// Who asks: rules may be of a post, and a task of an account.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The account and its post.
    pub user: User<'a>,
    /// Of all posts' rules, as the director's board shows them.
    pub all: bool,
}

/// What is due within `horizon` days, the longest overdue first.
pub fn due(pack: &Pack, book: &Book, today: Date, horizon: i32, asker: Asker<'_>) -> Vec<DueItem> {
    due_among(pack, book, today, horizon, asker, |kind| book.of_kind(kind).collect())
}

/// [`due`] among some records: those of all a kind's that `of_kind` gives, in any order and also more than once.
pub fn due_among<'b>(
    pack: &Pack,
    book: &'b Book,
    today: Date,
    horizon: i32,
    asker: Asker<'_>,
    of_kind: impl Fn(&str) -> Vec<&'b Record>,
) -> Vec<DueItem> {
    without_days(in_order(dated(pack, book, today, horizon, asker, &of_kind)))
}

/// With the day of each, which for what was never done is today.
type Dated = Vec<(Date, DueItem)>;

fn dated<'b>(
    pack: &Pack,
    book: &'b Book,
    today: Date,
    horizon: i32,
    asker: Asker<'_>,
    of_kind: &dyn Fn(&str) -> Vec<&'b Record>,
) -> Dated {
    let rules = pack.due.iter().filter(|rule| concerns(pack, rule, asker));
    rules.flat_map(|rule| looked_up(pack, book, today, horizon, asker.user, rule, of_kind)).collect()
}

/// What one rule makes due to a user, whoever the rule is for.
pub fn due_by_rule(pack: &Pack, book: &Book, today: Date, horizon: i32, user: User<'_>, rule: &Due) -> Vec<DueItem> {
    without_days(in_order(looked_up(pack, book, today, horizon, user, rule, &|kind| book.of_kind(kind).collect())))
}

/// Whether a rule asks who looks: what it makes due was handed to someone.
pub fn is_personal(rule: &Due) -> bool {
    rule.filter.as_ref().is_some_and(|filter| filter.source().contains("user("))
}

fn looked_up<'b>(
    pack: &Pack,
    book: &'b Book,
    today: Date,
    horizon: i32,
    user: User<'_>,
    rule: &Due,
    of_kind: &dyn Fn(&str) -> Vec<&'b Record>,
) -> Dated {
    let Some(kind) = pack.kind(&rule.kind).filter(|_| !rule.stopped) else { return Vec::new() };
    let look = Look::new(pack, book, today, user, kind, rule);
    let item = |(day, about, record): (Option<Date>, RecordId, RecordId)| {
        let state = match day.map(|day| days::number(day) - days::number(today)) {
            None => DueState::Never,
            Some(left) if left < 0 => DueState::Overdue(-left),
            Some(0) => DueState::Today,
            Some(left) => DueState::Soon(left),
        };
        (day.unwrap_or(today), DueItem { state, about, record, rule: rule.name.clone() })
    };
    look.days(of_kind(&rule.kind), horizon).into_iter().map(item).collect()
}

fn in_order(mut items: Dated) -> Dated {
    items.sort_by(|(a, one), (b, other)| (a, one.record, &one.rule).cmp(&(b, other.record, &other.rule)));
    items.dedup_by(|(_, one), (_, other)| one == other);
    items
}

fn without_days(items: Dated) -> Vec<DueItem> {
    items.into_iter().map(|(_, item)| item).collect()
}

/// Whether a rule is for whoever asks.
fn concerns(pack: &Pack, rule: &Due, asker: Asker<'_>) -> bool {
    asker.all || rule.posts.is_empty() || rule.posts.iter().any(|post| post == asker.user.post) || {
        // A post that stands in for a whole office sees what its officers see.
        pack.post(asker.user.post).is_some_and(|post| post.report)
    }
}

/// Looking for what one rule makes due.
struct Look<'a> {
    book: &'a Book,
    today: Date,
    kind: &'a Kind,
    rule: &'a Due,
    /// The kind that keeps the rule, where it says so.
    by: Option<&'a Kind>,
    /// Whom the rule is about.
    filter: Option<Question<'a>>,
    /// Which records of that kind keep it.
    kept: Option<Question<'a>>,
    /// Whether a visit met a closed door.
    nobody: Option<Question<'a>>,
}

impl<'a> Look<'a> {
    fn new(pack: &'a Pack, book: &'a Book, today: Date, user: User<'a>, kind: &'a Kind, rule: &'a Due) -> Self {
        let question = |expression, kind| Question::new(expression, kind, today, user);
        let filter = rule.filter.as_ref().map(|filter| question(filter, kind));
        let (by, kept) = match &rule.rule {
            DueRule::Every { by, kept, .. } => (pack.kind(by), kept.as_ref()),
            _ => (None, None),
        };
        let kept = kept.zip(by).map(|(kept, by)| question(kept, by));
        let doors = pack.screens.doors.as_ref().filter(|doors| doors.visit == kind.name);
        let nobody = doors.and_then(|doors| doors.visit_nobody.as_ref()).map(|nobody| question(nobody, kind));
        Self { book, today, kind, rule, by, filter, kept, nobody }
    }

    /// The day each is due, none for what was never done, with whom it is about and the record it comes from.
    fn days(&self, records: Vec<&Record>, horizon: i32) -> Vec<(Option<Date>, RecordId, RecordId)> {
        let last_day = i64::from(days::number(self.today) + horizon);
        let within = |day: Date| i64::from(days::number(day)) <= last_day;
        let mut found = Vec::new();
        match &self.rule.rule {
            DueRule::Promise { date, about } => {
                for (whom, record) in self.latest(records, date, about) {
                    let day = record.text(date).and_then(|day| days::parse(&day));
                    let Some(day) = day.filter(|day| within(*day)) else { continue };
                    // Asked last and of few: whether a door was opened reads whole records.
                    if self.lets(record) && !self.is_kept(about, whom, record) {
                        found.push((Some(day), whom, record.id));
                    }
                }
            }
            DueRule::Until { date, ahead } => {
                let ahead = i64::from(days::number(self.today)) + i64::from(*ahead);
                for record in records.into_iter().filter(|record| !record.is_void()) {
                    let Some(day) = record.text(date).and_then(|day| days::parse(&day)) else { continue };
                    if i64::from(days::number(day)) <= ahead.max(0) && self.lets(record) {
                        found.push((Some(day), record.id, record.id));
                    }
                }
            }
            DueRule::Every { days: every, about, .. } => {
                let Some(by) = self.by else { return found };
                for record in records.into_iter().filter(|record| !record.is_void() && self.lets(record)) {
                    let last = self.last_there(record, by, about);
                    let next = |day: Date| days::from_number(i64::from(days::number(day)) + i64::from(*every));
                    match last.map(next) {
                        None => found.push((None, record.id, record.id)),
                        Some(Some(day)) if within(day) => found.push((Some(day), record.id, record.id)),
                        Some(_) => {}
                    }
                }
            }
        }
        found
    }

    /// Whether the rule's filter lets a record through.
    fn lets(&self, record: &Record) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.is_true(record))
    }

    /// The last promise about each subject.
    fn latest<'b>(&self, records: Vec<&'b Record>, date: &str, about: &[String]) -> HashMap<RecordId, &'b Record> {
        let mut last: HashMap<RecordId, ((Cow<'_, str>, RecordId), &Record)> = HashMap::new();
        for record in records.into_iter().filter(|record| !record.is_void() && record.text(date).is_some()) {
            let Some(about) = subject(record, about) else { continue };
            let when = when(self.kind, record);
            match last.entry(about) {
                Entry::Occupied(known) if known.get().0 > when => {}
                Entry::Occupied(mut known) => _ = known.insert((when, record)),
                Entry::Vacant(none) => _ = none.insert((when, record)),
            }
        }
        last.into_iter().map(|(about, (_, record))| (about, record)).collect()
    }

    /// Whether someone came back: a later record of the kind about the same, which did not meet a closed door.
    fn is_kept(&self, about: &[String], whom: RecordId, promise: &Record) -> bool {
        let later = |record: &&Record| {
            record.kind == *self.kind.name
                && when(self.kind, record) > when(self.kind, promise)
                && !record.is_void()
                && subject(record, about) == Some(whom)
        };
        self.book.pointing_at(whom).filter(later).any(|record| !self.met_nobody(record))
    }

    fn met_nobody(&self, record: &Record) -> bool {
        self.nobody.as_ref().is_some_and(|nobody| nobody.is_true(record))
    }

    /// The last day that someone was there: at the record itself, or at what both point at without naming anyone.
    fn last_there(&self, record: &Record, by: &Kind, about: &[String]) -> Option<Date> {
        let mut last: Option<Cow<'_, str>> = None;
        for field in about {
            let Some(FieldType::Record(to)) = by.field(field).map(|f| &f.r#type) else { continue };
            let is_itself = *to == self.kind.name;
            let whom = match is_itself {
                true => Some(record.id),
                false => {
                    let same = self.kind.fields.iter().find(|f| f.r#type == FieldType::Record(to.clone()));
                    same.and_then(|f| record.link(&f.name))
                }
            };
            let Some(whom) = whom else { continue };
            // The newest first: of most others nothing but the day is read.
            for there in self.book.pointing_at(whom).rev().filter(|r| r.kind == *by.name) {
                let (day, _) = when(by, there);
                if last.as_ref().is_some_and(|last| *last >= day) || there.is_void() {
                    continue;
                }
                // A visit to one of the household is none to the others.
                let is_about = there.link(field) == Some(whom) && (is_itself || subject(there, about) == Some(whom));
                if is_about && self.kept.as_ref().is_none_or(|kept| kept.is_true(there)) {
                    last = Some(day);
                }
            }
        }
        last.and_then(|day| days::parse(&day))
    }
}

/// Whom a record is about: the first of the rule's fields that says so.
fn subject(record: &Record, about: &[String]) -> Option<RecordId> {
    about.iter().find_map(|field| record.link(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{Made, today};

    const ASKER: Asker<'_> = Asker { user: User { name: "chen", post: "civil_affairs" }, all: false };

    fn all(made: &Made) -> Vec<DueItem> {
        due(&Pack::community(), &made.book, today(), 7, ASKER)
    }

    fn states(made: &Made) -> Vec<(DueState, RecordId)> {
        all(made).into_iter().map(|item| (item.state, item.about)).collect()
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
        made.set(unanswered, "outcome", "nobody_home".into(), crate::made::at(50));
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
        made.set(visit, "_void", "写错了".into(), crate::made::at(50));
        assert_eq!(states(&made), []);
    }

    #[test]
    fn who_lives_alone_is_visited_every_month_and_a_visit_to_the_household_counts() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let wang =
            made.record("person", serde_json::json!({"name": "王阿婆", "household": home, "labels": ["elder_alone"]}));
        assert_eq!(states(&made), [(DueState::Never, wang)]);
        made.visit(home, None, "2026-10-20", None);
        assert_eq!(states(&made), [(DueState::Overdue(4), wang)]);
        let other = made.person(home, "李桂英", "");
        made.visit(home, Some(other), "2026-11-20", None);
        assert_eq!(states(&made), [(DueState::Overdue(4), wang)], "a visit to another is none to her");
        made.visit(home, Some(wang), "2026-11-20", None);
        assert_eq!(states(&made), []);
    }

    #[test]
    fn a_permit_is_listed_a_month_before_it_runs_out_to_those_who_renew_it() {
        let mut made = Made::default();
        let permit =
            |until: &str| serde_json::json!({"origin": "安徽", "arrived_on": "2026-01-01", "permit_until": until});
        let soon = made.record("migrant", permit("2026-12-20"));
        made.record("migrant", permit("2027-06-01"));
        assert_eq!(states(&made), [], "not the civil-affairs officer's");
        let asker = Asker { user: User { name: "chen", post: "migrants" }, all: false };
        let items = due(&Pack::community(), &made.book, today(), 7, asker);
        assert_eq!(items.iter().map(|i| (i.state, i.about)).collect::<Vec<_>>(), [(DueState::Soon(27), soon)]);
    }

    #[test]
    fn a_task_is_due_to_whom_it_was_handed() {
        let mut made = Made::default();
        let task = |post: &str, state: &str| serde_json::json!({"what": "修路灯", "to_post": post, "state": state, "due_on": "2026-11-30"});
        let mine = made.record("task", task("civil_affairs", "open"));
        made.record("task", task("police", "open"));
        made.record("task", task("civil_affairs", "closed"));
        assert_eq!(states(&made), [(DueState::Soon(7), mine)]);
    }
}
