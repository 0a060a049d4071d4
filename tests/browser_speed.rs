//! How long opening takes with a real community's number of records. Prints figures and fails only when something is
//! missing: machines differ. For figures that mean something: `--release`.

#![cfg(target_arch = "wasm32")]

use std::rc::Rc;

use leptos::prelude::Owner;
use linli_app::{
    desk::{Desk, Phase},
    platform::{noise, sleep},
    store::{Numbers, Store, indexed::Indexed},
};
use sync::{Bucket, Record, engine::Staged};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "store_contract/made.rs"]
#[allow(dead_code, reason = "other tests make other things")]
mod made;

use made::{change, me, offered, pack};

wasm_bindgen_test_configure!(run_in_browser);

const RECORDS: u128 = 20_000;

/// A person of some ten fields, in the sizes of the real ones.
fn person(n: u128) -> Record {
    let mut change = change(1, n, "name", format!("王{n}"));
    change.kind = "person".into();
    let household = made::id(1_000_000 + n / 3).hyphenated().to_string();
    change.set.extend(
        [
            ("household", household.into()),
            ("paper", "id_card".into()),
            ("id_number", format!("9900{:02}19{:02}0101{:04}", n % 99, n % 90, n % 10_000).into()),
            ("sex", "female".into()),
            ("born", format!("19{:02}-01-{:02}", n % 90, 1 + n % 28).into()),
            ("phone", format!("139{:08}", n * 37 % 100_000_000).into()),
            ("relation", "head".into()),
            ("note", format!("行动不便，{}楼，子女在外地，每月走访", n % 7).into()),
        ]
        .map(|(name, value): (&str, sync::Value)| (name.into(), value)),
    );
    change.add.insert("labels".into(), ["elderly".into(), "low_income".into()].into());
    Record::from(&change)
}

fn millis() -> f64 {
    gloo::utils::window().performance().map_or(0.0, |clock| clock.now())
}

#[wasm_bindgen_test]
async fn twenty_thousand_records_open() {
    let owner = Owner::new();
    owner.set();
    let name = format!("speed-{}", noise());
    let store = Store::open(Rc::new(Indexed::open(&name, || ()).await.unwrap())).await.unwrap();
    store.begin(Numbers { device: made::DEVICE, last: 0 }).await.unwrap();
    store.sign_in(me("li")).await.unwrap();
    store.keep_pack(pack()).await.unwrap();
    let all: Vec<Record> = (0..RECORDS).map(person).collect();
    let lots: Vec<Vec<Record>> = all.chunks(256).map(<[Record]>::to_vec).collect();
    let (staged, blocks): (Staged, _) = offered(5, &lots);
    let bytes: usize = blocks.iter().map(|(_, bytes)| bytes.len()).sum();

    let start = millis();
    store.stage(&staged).await.unwrap();
    for lot in blocks.chunks(32) {
        store.keep_blocks(lot.to_vec()).await.unwrap();
    }
    store.switch(&staged).await.unwrap();
    let kept = millis();
    store.close().await;

    let opening = millis();
    let desk = Desk::open_named(&name);
    while desk.phase() != Phase::Ready {
        sleep(1).await;
    }
    let open = millis();
    assert_eq!(desk.read(|book| book.len()) as u128, RECORDS);
    assert_eq!(desk.read(|book| book.sum(Bucket::of(&pack(), "person").kind()).count) as u128, RECORDS);

    let mut saves = Vec::new();
    for n in 0..100 {
        let fields = [("name", sync::Value::from(format!("{n}幢"))), ("stairwells", 1.into()), ("floors", 6.into())];
        let draft = desk.new_draft("building", fields.map(|(name, value)| (name.to_owned(), value)).into());
        let start = millis();
        desk.save(vec![draft]).await.unwrap();
        saves.push(millis() - start);
    }
    saves.sort_by(f64::total_cmp);
    console_log!("{RECORDS} records in {} blocks, {} KiB", blocks.len(), bytes / 1024);
    console_log!("stage, keep and switch: {:.0} ms", kept - start);
    console_log!("open to ready: {:.0} ms", open - opening);
    console_log!("save, strict: median {:.1} ms, p95 {:.1} ms", saves[50], saves[95]);
}
