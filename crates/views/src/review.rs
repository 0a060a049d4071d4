//! What needs a person's look: what two wrote differently at the same time, and what was likely recorded twice.

use std::collections::BTreeMap;

use records::{Field, Kind, Pack, RecordId, Right, Value};
use sync::{Record, book::Book};

use super::when::{Which, which};

/// The field that says of a record that it was looked at: it is like another and yet is not the same twice.
pub const APART: &str = "_apart";

/// A field that was written at the same time by people who did not see each other's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputed {
    /// The record.
    pub record: RecordId,
    /// The field.
    pub field: String,
    /// The pack wants it looked at.
    pub urgent: bool,
}

/// Records that are likely the same twice, in the order they were made.
pub type Group = Vec<RecordId>;

/// What needs a look, kept kind by kind: a visit more is no reason to look at all payments again.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// Of which pack and post it is true.
    of: Option<(Which, String)>,
    /// By kind, with the kind's edition that was looked at.
    kinds: BTreeMap<String, (u64, Vec<Disputed>, Vec<Group>)>,
}

impl Review {
    /// Disputed fields of records that the post may write, those the pack wants looked at first; and groups of records that
    /// are likely the same twice. A group of which all but the first were looked at is none.
    pub fn now(&mut self, pack: &Pack, book: &Book, post: &str) -> (Vec<Disputed>, Vec<Group>) {
        let of = Some((which(pack), post.to_owned()));
        if of != self.of {
            *self = Self { of, kinds: BTreeMap::new() };
        }
        let (mut disputed, mut doubles) = (Vec::new(), Vec::new());
        for kind in writable(pack, post) {
            let edition = book.edition(&kind.name);
            let known = self.kinds.entry(kind.name.clone()).or_insert((u64::MAX, Vec::new(), Vec::new()));
            if known.0 != edition {
                *known = (edition, disputed_of(kind, book), doubles_of(kind, book));
            }
            disputed.extend(known.1.iter().cloned());
            doubles.extend(known.2.iter().cloned());
        }
        disputed.sort_by_key(|disputed| (!disputed.urgent, disputed.record));
        (disputed, doubles)
    }
}

fn disputed_of(kind: &Kind, book: &Book) -> Vec<Disputed> {
    let standing = book.of_kind(&kind.name).filter(|record| !record.is_void());
    let of = |record: &Record| {
        let known = record.disputed().filter_map(|name| kind.field(name));
        let one = |field: &Field| Disputed { record: record.id, field: field.name.clone(), urgent: field.review };
        known.map(one).collect::<Vec<_>>()
    };
    standing.flat_map(of).collect()
}

fn doubles_of(kind: &Kind, book: &Book) -> Vec<Group> {
    let mut alike: BTreeMap<Key, Vec<&Record>> = BTreeMap::new();
    let records = book.of_kind(&kind.name).filter(|_| !kind.once.is_empty());
    for record in records.filter(|record| !record.is_void() && !record.is_erased()) {
        if let Some(key) = key(kind, record) {
            alike.entry(key).or_default().push(record);
        }
    }
    let groups = alike.into_values().filter(|group| group.len() > 1).map(|mut group| {
        group.sort_by_key(|record| (record.made, record.id));
        group
    });
    let is_open = |group: &Vec<&Record>| group.iter().skip(1).any(|record| record.value(APART).is_none());
    groups.filter(is_open).map(|group| group.into_iter().map(|record| record.id).collect()).collect()
}

fn writable<'p>(pack: &'p Pack, post: &'p str) -> impl Iterator<Item = &'p Kind> {
    pack.kinds.values().filter(move |kind| pack.allows(post, &kind.name, Right::Write))
}

/// What a record says of what matters, and its day where it does not say all of it.
type Key = (Vec<Option<String>>, Option<String>);

/// What tells a record from others of its kind; `None` without a day to stand in for what is empty.
fn key(kind: &Kind, record: &Record) -> Option<Key> {
    let text = |value: Value| match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    let said: Vec<_> = kind.once.iter().map(|name| record.value(name).and_then(text)).collect();
    if said.iter().all(Option::is_some) {
        return Some((said, None));
    }
    let day = kind.date.as_ref().and_then(|date| record.text(date))?.into_owned();
    Some((said, Some(day)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::made::{Made, at};

    fn pay(made: &mut Made, person: RecordId, period: Option<&str>, date: &str) -> RecordId {
        let mut fields =
            json!({"person": person, "fund": "minimum_living", "amount": 30000, "method": "bank", "date": date});
        if let Some(period) = period {
            fields["period"] = period.into();
        }
        made.record("aid", fields)
    }

    #[test]
    fn payments_that_differ_in_amount_or_of_which_only_one_is_for_a_month_are_not_the_same() {
        let mut made = Made::default();
        let wang = made.record("person", json!({"name": "王"}));
        for amount in [30_000, 200_000, 50_000] {
            let id = pay(&mut made, wang, None, "2026-10-20");
            made.set(id, "amount", amount.into(), at(60 + amount));
        }
        pay(&mut made, wang, Some("2026-10"), "2026-10-20");
        pay(&mut made, wang, Some(" "), "2026-10-21");
        let pack = Pack::community();
        let doubles = |made: &Made| Review::default().now(&pack, &made.book, "civil_affairs").1;
        assert!(doubles(&made).is_empty(), "{:?}", doubles(&made));
        pay(&mut made, wang, None, "2026-10-20");
        assert_eq!(doubles(&made).len(), 1);
    }

    #[test]
    fn the_same_person_fund_and_month_twice_is_likely_one_payment() {
        let mut made = Made::default();
        let (wang, li) = (made.record("person", json!({"name": "王"})), made.record("person", json!({"name": "李"})));
        let first = pay(&mut made, wang, Some("2026-10"), "2026-10-08");
        let again = pay(&mut made, wang, Some("2026-10"), "2026-10-09");
        pay(&mut made, wang, Some("2026-11"), "2026-11-09");
        pay(&mut made, li, Some("2026-10"), "2026-10-08");
        let single = pay(&mut made, li, None, "2026-10-20");
        let pack = Pack::community();
        let mut review = Review::default();
        let mut doubles = |made: &Made, post: &str| {
            let kept = review.now(&pack, &made.book, post);
            assert_eq!(kept, Review::default().now(&pack, &made.book, post), "what was kept is what is found anew");
            kept.1
        };
        assert_eq!(doubles(&made, "civil_affairs"), [vec![first, again]]);
        let twin = pay(&mut made, li, None, "2026-10-20");
        assert_eq!(doubles(&made, "civil_affairs").len(), 2);
        made.set(again, "_void", "重复".into(), at(60));
        assert_eq!(doubles(&made, "civil_affairs"), [vec![single, twin]]);
        made.set(twin, APART, true.into(), at(61));
        assert!(doubles(&made, "civil_affairs").is_empty(), "both were right");
        assert!(doubles(&made, "volunteer").is_empty());
    }
}
