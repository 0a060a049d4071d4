//! Blocks: what was written by earlier versions is read, byte for byte the same record.

#[path = "../benches/decade/made.rs"]
#[allow(dead_code, reason = "the bench makes more")]
mod made;

use sync::{Book, Record, block};

#[test]
fn blocks_of_the_first_form_are_read_as_they_were_meant() {
    let records = block::decode(include_bytes!("blocks/first_form.block")).unwrap();
    let meant: Vec<Record> = serde_json::from_str(include_str!("blocks/first_form.json")).unwrap();
    assert_eq!(records, meant);
    let digests: Vec<String> = records.iter().map(|record| format!("{:016x}", block::digest(record))).collect();
    let before: Vec<&str> = include_str!("blocks/first_form.digests").lines().collect();
    assert_eq!(digests, before, "checksums are the same in all versions");
    let again = block::decode(&block::encode(&records)).unwrap();
    assert_eq!(again, records);
    assert_eq!(
        serde_json::to_value(&again).unwrap(),
        serde_json::from_str::<serde_json::Value>(include_str!("blocks/first_form.json")).unwrap()
    );
}

#[test]
fn many_taken_at_once_are_the_same_book_as_one_by_one_in_any_order() {
    let records = made::records(4000);
    let mut one = Book::new();
    records.iter().cloned().for_each(|record| one.take(record));
    let mut many = Book::new();
    let mut mixed: Vec<Record> = records.iter().rev().cloned().collect();
    mixed.rotate_left(1234);
    mixed.chunks(333).for_each(|some| many.take_all(some.to_vec()));
    many.take_all(records[..500].to_vec());
    for kind in ["building", "household", "person", "service", "aid", "patrol"] {
        assert_eq!(one.sum(kind), many.sum(kind), "{kind}");
        let ids = |book: &Book| book.of_kind(kind).map(|record| record.id).collect::<Vec<_>>();
        assert_eq!(ids(&one), ids(&many), "{kind}");
        assert!(ids(&one).is_sorted());
        for id in ids(&one) {
            let pointing = |book: &Book| book.pointing_at(id).map(|record| record.id).collect::<Vec<_>>();
            assert_eq!(pointing(&one), pointing(&many));
            assert_eq!(one.get(id), many.get(id));
        }
    }
}
