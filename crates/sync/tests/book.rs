//! The book: what the server said, with own changes over it.

mod world;

use std::collections::BTreeSet;

use sync::{Change, Record, block, book::Book, wire::Checksum};
use world::{change, record_id};

fn taken(changes: &[Change]) -> Record {
    let mut record = Record::from(&changes[0]);
    changes[1..].iter().for_each(|c| record.apply(c));
    record
}

fn sum(records: &[Record]) -> Checksum {
    let mut sum = Checksum::default();
    records.iter().for_each(|r| sum.add(block::digest(r)));
    sum
}

#[test]
fn an_own_change_shows_over_the_servers_state_until_it_is_settled() {
    let mut book = Book::new();
    let first = change(1, 1, 10, 0, "a", "office");
    book.take(Record::from(&first));
    let own = change(2, 1, 20, 0, "a", "mine");
    book.write(own.clone());
    assert_eq!(book.get(record_id(0)).unwrap().text("a").as_deref(), Some("mine"));
    assert_eq!(book.settled(record_id(0)).unwrap().text("a").as_deref(), Some("office"));
    assert!(book.is_pending(record_id(0)));
    assert_eq!(book.sum("note"), sum(&[Record::from(&first)]), "own changes are not in the server's checksum");

    book.take(taken(&[first.clone(), own.clone()]));
    book.settle(1);
    assert!(!book.is_pending(record_id(0)));
    assert_eq!(book.get(record_id(0)), Some(&taken(&[first.clone(), own.clone()])));
    assert_eq!(book.sum("note"), sum(&[taken(&[first, own])]));
}

#[test]
fn giving_up_an_own_record_hides_it_and_giving_up_one_of_two_changes_keeps_the_other() {
    let mut book = Book::new();
    book.write(change(2, 1, 20, 0, "a", "one"));
    book.write(change(2, 2, 21, 0, "b", "two"));
    book.settle(1);
    assert_eq!(book.get(record_id(0)).unwrap().text("a").as_deref(), None);
    assert_eq!(book.get(record_id(0)).unwrap().text("b").as_deref(), Some("two"));
    book.settle(2);
    assert!(book.is_empty());
    assert_eq!(book.of_kind("note").count(), 0);
}

#[test]
fn links_follow_the_values_that_show() {
    let mut book = Book::new();
    let points = |number, to| change(1, number, 10 + number, 0, "a", &record_id(to).to_string());
    let mut moved = points(2, 2);
    moved.seen.insert("a".into(), BTreeSet::from([points(1, 1).clock]));
    book.take(taken(&[points(1, 1)]));
    assert_eq!(book.pointing_at(record_id(1)).count(), 1);
    book.write(Change { number: 1, ..moved });
    assert_eq!(book.pointing_at(record_id(1)).count(), 0);
    assert_eq!(book.pointing_at(record_id(2)).map(|r| r.id).collect::<Vec<_>>(), [record_id(0)]);
    book.settle(1);
    assert_eq!(book.pointing_at(record_id(1)).count(), 1);
}

#[test]
fn forgetting_a_kind_keeps_own_unsettled_changes() {
    let mut book = Book::new();
    book.take(Record::from(&change(1, 1, 10, 0, "a", "office")));
    book.take(Record::from(&change(1, 2, 11, 1, "a", "office")));
    book.write(change(2, 1, 20, 1, "b", "mine"));
    book.forget_kind("note");
    assert_eq!(book.len(), 1);
    assert_eq!(book.get(record_id(1)).unwrap().values().len(), 1, "only the own change is left");
    assert_eq!(book.sum("note"), Checksum::default());
    assert!(book.is_pending(record_id(1)));
}
