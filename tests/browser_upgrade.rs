//! New versions of the app over the database of an older one, and the other way round.

#![cfg(target_arch = "wasm32")]

use std::{cell::Cell, rc::Rc};

use linli_app::{
    platform::{noise, sleep},
    store::{
        Store, StoreError,
        indexed::{Indexed, UPGRADES, Upgrade},
        shelf::Area,
    },
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "store_contract/made.rs"]
#[allow(dead_code, reason = "other tests make other things")]
mod made;

use made::{change, checkpoint, pack, record};

wasm_bindgen_test_configure!(run_in_browser);

/// What the next version might do: throw the office's records away, to be fetched anew in another form. That it names the
/// log too is a mistake that must not matter.
const NEXT: &[Upgrade] = &[UPGRADES[0], UPGRADES[1], UPGRADES[2], Upgrade::Renew(&[Area::Blocks, Area::Log])];

#[wasm_bindgen_test]
async fn an_upgrade_keeps_what_the_user_wrote() {
    let name = format!("upgrade-{}", noise());
    let told = Rc::new(Cell::new(false));
    let tell = told.clone();
    let old = Store::open(Rc::new(Indexed::open(&name, move || tell.set(true)).await.unwrap())).await.unwrap();
    old.act(vec![change(1, 1, "name", "1幢")], 0, &[]).await.unwrap();
    old.checkpoint(&pack(), &checkpoint(5, vec![record("building", 1)])).await.unwrap();
    // The old tab is still open: it must let go by itself, or the new one waits for ever.
    let new = Indexed::open_with(&name, NEXT, || ()).await.unwrap();
    let new = Store::open(Rc::new(new)).await.unwrap();
    assert!(new.blocks(old.here().blocks.into_iter().map(|held| held.key).collect()).await.unwrap()[0].is_none());
    assert_eq!(new.queue(), [change(1, 1, "name", "1幢")]);
    sleep(20).await;
    assert!(told.get(), "the old tab is told that it has lost the database");
    assert_eq!(old.act(vec![change(2, 1, "name", "2幢")], 0, &[]).await, Err(StoreError::Closed));
}

#[wasm_bindgen_test]
async fn an_older_app_over_a_newer_database_says_so_and_touches_nothing() {
    let name = format!("older-{}", noise());
    let new = Store::open(Rc::new(Indexed::open_with(&name, NEXT, || ()).await.unwrap())).await.unwrap();
    new.act(vec![change(1, 1, "name", "1幢")], 0, &[]).await.unwrap();
    new.close().await;
    assert_eq!(Indexed::open(&name, || ()).await.err(), Some(StoreError::Newer));
    let new = Store::open(Rc::new(Indexed::open_with(&name, NEXT, || ()).await.unwrap())).await.unwrap();
    assert_eq!(new.queue().len(), 1);
}
