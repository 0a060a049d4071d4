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
        assert_eq!(keys.len(), KEEP_ACTS);
        assert!(keys[0].ends_with("-00000000000000000501"), "the oldest went: {}", keys[0]);
    });
}
