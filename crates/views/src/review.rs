//! What needs a person's look: what two wrote differently at the same time, and what was likely recorded twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use records::{Field, FieldType, Fields, Kind, Pack, RecordId, Right, Value, identity};
use sync::{Record, book::Book, change::VOID};

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
    /// By kind.
    kinds: BTreeMap<String, Looked>,
}

/// What was found in a kind's records.
#[derive(Clone, Debug)]
struct Looked {
    /// The kind's edition that was looked at.
    edition: u64,
    disputed: Vec<Disputed>,
    doubles: Vec<Group>,
    overruled: Vec<(RecordId, String)>,
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
            let look = || {
                let (disputed, doubles, overruled) =
                    (disputed_of(kind, book), doubles_of(kind, book), overruled_of(kind, book));
                Looked { edition, disputed, doubles, overruled }
            };
            let known = self.kinds.entry(kind.name.clone()).or_insert_with(look);
            if known.edition != edition {
                *known = look();
            }
            disputed.extend(known.disputed.iter().cloned());
            doubles.extend(known.doubles.iter().cloned());
        }
        disputed.sort_by_key(|disputed| (!disputed.urgent, disputed.record));
        (disputed, doubles)
    }

    /// Records that `account` has put right and someone else has voided, until the account says that it knows: as of the last
    /// look.
    pub fn overruled(&self, account: &str) -> Vec<RecordId> {
        let all = self.kinds.values().flat_map(|looked| &looked.overruled);
        all.filter(|(_, by)| by == account).map(|(record, _)| *record).collect()
    }
}

/// Void records with corrections that show and are not by who voided it, each with the correction's author. A tablet that
/// corrects may not have heard yet that the record is void; its writer believes that the correction counts.
fn overruled_of(kind: &Kind, book: &Book) -> Vec<(RecordId, String)> {
    let void = book.of_kind(&kind.name).filter(|record| record.is_void() && !record.is_erased());
    let mut found = Vec::new();
    for record in void.filter(|record| record.value(APART).is_none()) {
        let Some((_, void)) = record.winner(VOID) else { continue };
        let known = record.names().filter(|name| kind.field(name).is_some());
        let writes = known.filter_map(|name| record.winner(name)).filter(|(clock, _)| *clock > record.made);
        let authors: BTreeSet<String> = writes.map(|(_, write)| write.by.to_string()).collect();
        found.extend(authors.into_iter().filter(|by| *by != *void.by).map(|by| (record.id, by)));
    }
    found
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
    let mut groups: Vec<Group> = Vec::new();
    for way in kind.ways_alike() {
        let mut alike: HashMap<Key, Vec<&Record>> = HashMap::new();
        for record in standing(kind, book) {
            if let Some(key) = key(kind, way, &|name| record.value(name)) {
                alike.entry(key).or_default().push(record);
            }
        }
        let is_open = |group: &Vec<&Record>| group.iter().skip(1).any(|record| record.value(APART).is_none());
        let of_way = alike.into_values().filter(|group| group.len() > 1).map(|mut group| {
            group.sort_by_key(|record| (record.made, record.id));
            group
        });
        groups.extend(of_way.filter(is_open).map(|group| group.into_iter().map(|record| record.id).collect()));
    }
    // The oldest first; those that are alike in more than one way once.
    groups.sort();
    groups.dedup();
    groups
}

/// Records that a record with these values is likely the same as, for who is writing it: only what this device holds, and so
/// only what its account may see.
pub fn alike(kind: &Kind, book: &Book, id: RecordId, fields: &Fields) -> Vec<RecordId> {
    let mut found = BTreeSet::new();
    for way in kind.ways_alike() {
        let Some(own) = key(kind, way, &|name| fields.get(name).filter(|value| !value.is_null()).cloned()) else {
            continue;
        };
        let is_alike = |record: &&Record| {
            record.id != id && key(kind, way, &|name| record.value(name)).is_some_and(|other| other == own)
        };
        found.extend(standing(kind, book).filter(is_alike).map(|record| record.id));
    }
    found.into_iter().collect()
}

fn standing<'b>(kind: &Kind, book: &'b Book) -> impl Iterator<Item = &'b Record> {
    book.of_kind(&kind.name).filter(|record| !record.is_void() && !record.is_erased())
}

fn writable<'p>(pack: &'p Pack, post: &'p str) -> impl Iterator<Item = &'p Kind> {
    pack.kinds.values().filter(move |kind| pack.allows(post, &kind.name, Right::Write))
}

/// What a record says of what matters, and its day where it does not say all of it.
type Key = (Vec<Option<String>>, Option<String>);

/// What tells a record from others of its kind, one way; `None` without a day to stand in for what is empty.
fn key(kind: &Kind, way: &[String], value: &dyn Fn(&str) -> Option<Value>) -> Option<Key> {
    let text = |name: &String| {
        let text = match (value(name)?, kind.field(name).map(|field| &field.r#type)) {
            (Value::String(number), Some(FieldType::ResidentId)) => identity::canonical(&number),
            (Value::String(text), _) => text.split_whitespace().collect::<String>().to_lowercase(),
            (other, _) => other.to_string(),
        };
        Some(text).filter(|text| !text.is_empty())
    };
    let said: Vec<_> = way.iter().map(text).collect();
    if said.iter().all(Option::is_some) {
        return Some((said, None));
    }
    let day = kind.date.as_ref().and_then(text)?;
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

    #[test]
    fn who_corrected_what_another_has_voided_is_told_until_they_know() {
        let mut made = Made::default();
        let wang = made.record("person", json!({"name": "王"}));
        let paid = pay(&mut made, wang, Some("2026-10"), "2026-10-08");
        let by = |made: &mut Made, field: &str, value: Value, author: &str, second: u64| {
            made.set_by(paid, field, value, author, at(second));
            let mut review = Review::default();
            review.now(&Pack::community(), &made.book, "civil_affairs");
            ["chen", "li"].map(|account| review.overruled(account).len())
        };
        assert_eq!(by(&mut made, "amount", 20_000.into(), "li", 50), [0, 0]);
        assert_eq!(by(&mut made, "_void", "记错了".into(), "chen", 40), [0, 1], "voided before, unheard of");
        assert_eq!(by(&mut made, "amount", 10_000.into(), "chen", 60), [0, 0], "one's own voiding is no news");
        assert_eq!(by(&mut made, "amount", 20_000.into(), "li", 70), [0, 1]);
        assert_eq!(by(&mut made, APART, true.into(), "li", 80), [0, 0]);
    }

    const NUMBER: &str = "320503193706190018";

    #[test]
    fn a_person_entered_twice_is_found_by_number_by_birth_and_by_home() {
        let mut made = Made::default();
        let house = made.building("5幢");
        let (home, other) = (made.household(house, 1, 3, "301"), made.household(house, 1, 4, "401"));
        let first = made.record("person", json!({"name": "钟志霞", "household": home, "id_number": NUMBER}));
        let by_number = made.record("person", json!({"name": "钟 志霞", "id_number": NUMBER.to_lowercase()}));
        let named = made.record("person", json!({"name": "李明", "born": "1957-01-01"}));
        let by_birth = made.record("person", json!({"name": "李 明", "born": "1957-01-01", "household": other}));
        let by_home = made.record("person", json!({"name": "李明", "household": other, "born": "1957-01-02"}));
        made.record("person", json!({"name": "李明"}));
        made.record("person", json!({"name": "李明", "household": home}));
        let pack = Pack::community();
        let mut review = Review::default();
        let doubles = review.now(&pack, &made.book, "civil_affairs").1;
        assert_eq!(doubles, [vec![first, by_number], vec![named, by_birth], vec![by_birth, by_home]]);
        assert!(review.now(&pack, &made.book, "volunteer").1.is_empty(), "who sees no residents is told of none");
        made.set(by_number, APART, true.into(), at(90));
        assert_eq!(review.now(&pack, &made.book, "civil_affairs").1.len(), 2);
    }

    #[test]
    fn who_writes_is_told_of_those_alike_and_of_nobody_else() {
        let mut made = Made::default();
        let house = made.building("5幢");
        let home = made.household(house, 1, 3, "301");
        let old = made.record("person", json!({"name": "钟志霞", "household": home, "id_number": "320503370619001"}));
        let pack = Pack::community();
        let (person, household) = (pack.kind("person").unwrap(), pack.kind("household").unwrap());
        let new = RecordId::from_u128(9);
        let told = |made: &Made, kind, id, fields: Value| {
            alike(kind, &made.book, id, &serde_json::from_value(fields).expect("fields"))
        };
        let whole = identity::canonical("320503370619001");
        assert_eq!(
            told(&made, person, new, json!({"name": "别人", "id_number": whole})),
            [old],
            "the old number is the new one"
        );
        assert_eq!(told(&made, person, new, json!({"name": " 钟志霞", "household": home})), [old]);
        assert!(told(&made, person, new, json!({"name": "钟志霞"})).is_empty(), "a name alone is nothing");
        assert!(told(&made, person, old, json!({"name": "钟志霞", "household": home})).is_empty(), "not of itself");
        let moved = json!({"building": house, "stairwell": 1, "floor": 3, "flat": "301"});
        assert_eq!(told(&made, household, new, moved), [home], "someone lives there");
        made.set(old, "_void", "重复".into(), at(60));
        assert!(told(&made, person, new, json!({"name": "钟志霞", "household": home})).is_empty());
    }
}
