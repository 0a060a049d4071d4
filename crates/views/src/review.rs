//! What needs a person's look: what two wrote differently at the same time, and what was likely recorded twice.

use std::collections::BTreeMap;

use records::{Kind, Pack, RecordId, Right, Value};
use sync::{Record, book::Book};

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

/// Disputed fields of records that the post may write, those the pack wants looked at first.
pub fn disputed(pack: &Pack, book: &Book, post: &str) -> Vec<Disputed> {
    let mut all = Vec::new();
    for kind in writable(pack, post) {
        for record in book.of_kind(&kind.name).filter(|record| !record.is_void()) {
            let known = record.disputed().filter_map(|name| kind.field(name));
            all.extend(known.map(|field| Disputed {
                record: record.id,
                field: field.name.clone(),
                urgent: field.review,
            }));
        }
    }
    all.sort_by_key(|disputed| (!disputed.urgent, disputed.record));
    all
}

/// Groups of records that are likely the same twice, each in the order they were made, of kinds that the post may write. A
/// group of which all but the first were looked at is none.
pub fn doubles(pack: &Pack, book: &Book, post: &str) -> Vec<Vec<RecordId>> {
    let mut groups = Vec::new();
    for kind in writable(pack, post).filter(|kind| !kind.once.is_empty()) {
        let mut alike: BTreeMap<Vec<String>, Vec<&Record>> = BTreeMap::new();
        for record in book.of_kind(&kind.name).filter(|record| !record.is_void() && !record.is_erased()) {
            if let Some(key) = key(kind, record) {
                alike.entry(key).or_default().push(record);
            }
        }
        for mut group in alike.into_values().filter(|group| group.len() > 1) {
            group.sort_by_key(|record| (record.made, record.id));
            if group.iter().skip(1).any(|record| record.value(APART).is_none()) {
                groups.push(group.into_iter().map(|record| record.id).collect());
            }
        }
    }
    groups
}

fn writable<'p>(pack: &'p Pack, post: &'p str) -> impl Iterator<Item = &'p Kind> {
    pack.kinds.values().filter(move |kind| pack.allows(post, &kind.name, Right::Write))
}

/// What tells a record from others of its kind; `None` without a day to stand in for what is empty.
fn key(kind: &Kind, record: &Record) -> Option<Vec<String>> {
    let day = kind.date.as_ref().and_then(|date| record.text(date));
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let said = |name: &String| record.value(name).map(text).or_else(|| day.as_deref().map(str::to_owned));
    kind.once.iter().map(said).collect()
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
    fn the_same_person_fund_and_month_twice_is_likely_one_payment() {
        let mut made = Made::default();
        let (wang, li) = (made.record("person", json!({"name": "王"})), made.record("person", json!({"name": "李"})));
        let first = pay(&mut made, wang, Some("2026-10"), "2026-10-08");
        let again = pay(&mut made, wang, Some("2026-10"), "2026-10-09");
        pay(&mut made, wang, Some("2026-11"), "2026-11-09");
        pay(&mut made, li, Some("2026-10"), "2026-10-08");
        let single = pay(&mut made, li, None, "2026-10-20");
        let pack = Pack::community();
        assert_eq!(doubles(&pack, &made.book, "civil_affairs"), [vec![first, again]]);
        let twin = pay(&mut made, li, None, "2026-10-20");
        assert_eq!(doubles(&pack, &made.book, "civil_affairs").len(), 2);
        made.set(again, "_void", "重复".into(), at(60));
        assert_eq!(doubles(&pack, &made.book, "civil_affairs"), [vec![single, twin]]);
        made.set(twin, APART, true.into(), at(61));
        assert!(doubles(&pack, &made.book, "civil_affairs").is_empty(), "both were right");
        assert!(doubles(&pack, &made.book, "volunteer").is_empty());
    }
}
