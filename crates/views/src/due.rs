//! What is due and what is late: promises, rounds and what runs out, worked out from the records here.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

use jiff::civil::Date;
use records::{
    FieldType, Pack, RecordId, Right, User, days,
    pack::{Due, DueRule, Gone, Kind},
};
use sync::{Record, book::Book};

use super::{gone::Departed, question::Question, when::when};

mod groups;
mod standing;
mod stops;
#[cfg(test)]
mod tests;

pub use groups::{Group, groups};
pub use standing::Standing;
pub use stops::{Stop, Stops, stops};

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
    // Who may not see what keeps a rule would be told that nobody has ever been there.
    if let DueRule::Every { by, .. } = &rule.rule
        && !pack.allows(user.post, by, Right::Read)
    {
        return Vec::new();
    }
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
    /// Who is no longer here: nothing falls due to them.
    departed: Departed<'a>,
    /// When the kind's own records are, where the rule does not ask that itself.
    spares: Option<Gone>,
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
        let (departed, spares) = (Departed::new(pack, book, today), rule.spares(kind));
        Self { book, today, kind, rule, by, filter, kept, nobody, departed, spares }
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
                    if !self.departed.has_id(whom) && self.lets(record) && !self.is_kept(about, whom, record) {
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

    /// Whether the rule's filter lets a record through, and it is of one who is still here.
    fn lets(&self, record: &Record) -> bool {
        let is_gone = |gone: &Gone| self.departed.has_by(gone, self.kind, record);
        self.filter.as_ref().is_none_or(|filter| filter.is_true(record)) && !self.spares.as_ref().is_some_and(is_gone)
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
