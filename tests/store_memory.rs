//! The store's contract over its twin in memory.

#![cfg(not(target_arch = "wasm32"))]

use linli_app::store::memory::Memory;

mod store_contract;

use store_contract::memory::now;

macro_rules! over_memory {
    ($module:ident: $name:ident) => {
        #[test]
        fn $name() {
            now(store_contract::$module::$name(&Memory::new()));
        }
    };
}

contract!(over_memory);

#[test]
fn only_the_latest_five_thousand_settled_acts_are_kept() {
    use linli_app::store::shelf::{Area, Shelf};
    use store_contract::made::{change, checkpoint, pack};
    use sync::{Bucket, engine::Checkpoint, history::KEEP_ACTS};
    now(async {
        let disk = Memory::new();
        let store = store_contract::store(&disk).await;
        let readable = vec![Bucket::of(&pack(), "building")];
        let last = KEEP_ACTS as u64 + 500;
        for number in 1..=last {
            store.act(vec![change(number, 1, "name", "x")], 0, &[]).await.unwrap();
            if number % 250 == 0 {
                let settled = (number - 249..=number).collect();
                let round = Checkpoint { settled, readable: readable.clone(), now: 1, ..checkpoint(number, vec![]) };
                store.checkpoint(&pack(), &round).await.unwrap();
            }
        }
        let keys = disk.reopen().keys(Area::Settled).await.unwrap();
        assert_eq!(keys.len(), KEEP_ACTS / 250, "what one round settled lies together");
        assert!(keys[0].ends_with("-00000000000000000501-250"), "the oldest went: {}", keys[0]);
    });
}

#[test]
fn a_row_that_cannot_be_read_stays_when_those_around_it_leave_the_log() {
    use linli_app::store::shelf::{Area, Shelf};
    use store_contract::made::{change, checkpoint, pack};
    use sync::engine::Checkpoint;
    now(async {
        let disk = Memory::new();
        let store = store_contract::store(&disk).await;
        for number in 1..=3 {
            store.act(vec![change(number, 1, "name", "x")], 0, &[]).await.unwrap();
        }
        let second = disk.reopen().keys(Area::Log).await.unwrap().remove(1);
        disk.put_back(Area::Log, &second, b"?".to_vec());
        let store = store_contract::again(&disk, store).await;
        let settled = Checkpoint { settled: vec![1, 3], ..checkpoint(5, vec![]) };
        store.checkpoint(&pack(), &settled).await.unwrap();
        assert_eq!(disk.reopen().keys(Area::Log).await.unwrap(), [second]);
    });
}

#[test]
fn settled_acts_that_an_older_program_kept_one_by_one_are_given_back_too() {
    use linli_app::store::shelf::{Area, Shelf, Step, Write};
    use store_contract::made::{change, checkpoint, cursor, pack};
    use sync::{Bucket, engine::Checkpoint, wire::Cursor};
    now(async {
        let disk = Memory::new();
        let store = store_contract::store(&disk).await;
        store.act(vec![change(1, 1, "name", "a")], 7, &[]).await.unwrap();
        store.act(vec![change(2, 2, "name", "b")], 8, &[]).await.unwrap();
        let rows = disk.reopen().all(Area::Log).await.unwrap();
        let readable = vec![Bucket::of(&pack(), "building")];
        let round = Checkpoint { settled: vec![1, 2], readable, now: 1, ..checkpoint(5, vec![]) };
        store.checkpoint(&pack(), &round).await.unwrap();
        for key in disk.reopen().keys(Area::Settled).await.unwrap() {
            let write = Write { steps: vec![Step::Delete(Area::Settled, key)], strict: true };
            disk.reopen().write(write).await.unwrap();
        }
        for (key, bytes) in rows {
            disk.put_back(Area::Settled, &format!("{:015}-{key}", 1), bytes);
        }
        let store = store_contract::again(&disk, store).await;
        let elsewhere = Some(Cursor { epoch: "another".into(), ..cursor(1) });
        let next = Checkpoint { next: elsewhere, now: 3, ..Checkpoint::default() };
        let back = store.checkpoint(&pack(), &next).await.unwrap();
        assert_eq!(back.iter().map(|change| change.number).collect::<Vec<_>>(), [1, 2]);
        assert!(disk.reopen().keys(Area::Settled).await.unwrap().is_empty());
    });
}
