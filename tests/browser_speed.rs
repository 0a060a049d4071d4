//! How long a tablet takes with ten years of a community, sealed, in a real browser. Prints figures and fails only when
//! something is missing or not as it was: machines differ. For figures that mean something, built as it is shipped:
//! `LINLI_RECORDS=200000 cargo test --target wasm32-unknown-unknown --profile wasm-release --test browser_speed`.

#![cfg(target_arch = "wasm32")]

use std::{collections::BTreeMap, rc::Rc};

use leptos::prelude::Owner;
use linli_app::{
    desk::{Desk, Phase},
    platform::{self, noise, sleep},
    store::{Numbers, Store, indexed::Indexed, vault::Stretched},
    view::{
        again::rounds,
        doors::{Visits, buildings},
        due::{Asker, due},
        history::history,
        review::Review,
        search::{Index, Lift},
    },
};
use records::{
    User,
    figures::{Ask, Period},
};
use sync::{Record, block, count::count, engine::Staged};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "../crates/sync/benches/decade/made.rs"]
#[allow(dead_code, reason = "the bench makes more")]
mod decade;
#[path = "store_contract/made.rs"]
#[allow(dead_code, reason = "other tests make other things")]
mod made;

use made::{me, offered, pack};

wasm_bindgen_test_configure!(run_in_browser);

fn records() -> usize {
    option_env!("LINLI_RECORDS").and_then(|count| count.parse().ok()).unwrap_or(60_000)
}

fn millis() -> f64 {
    gloo::utils::window().performance().map_or(0.0, |clock| clock.now())
}

/// Runs it so often; median and 95th percentile in milliseconds.
fn times(mut often: usize, mut work: impl FnMut(usize)) -> (f64, f64) {
    let mut spent = Vec::new();
    while often > 0 {
        let start = millis();
        work(often);
        spent.push(millis() - start);
        often -= 1;
    }
    spread(spent)
}

fn spread(mut spent: Vec<f64>) -> (f64, f64) {
    spent.sort_by(f64::total_cmp);
    (spent[spent.len() / 2], spent[spent.len() * 95 / 100])
}

#[wasm_bindgen_test]
async fn ten_years_open_and_are_all_there() {
    let owner = Owner::new();
    owner.set();
    let name = format!("speed-{}", noise());
    let store = Store::open(Rc::new(Indexed::open(&name, || ()).await.unwrap())).await.unwrap();
    store.begin(Numbers { device: made::DEVICE, last: 0 }).await.unwrap();
    store.protect("li", &Stretched::of("xiaohe-28"), &[7; 32]).await.unwrap();
    store.sign_in(me("li")).await.unwrap();
    store.keep_pack(pack()).await.unwrap();
    let mut sums: BTreeMap<String, sync::wire::Checksum> = BTreeMap::new();
    let (staged, blocks): (Staged, _) = {
        let mut kinds: BTreeMap<String, Vec<Record>> = BTreeMap::new();
        let mut town = decade::Town::of(records());
        let facts = records() - town.changes.len();
        for n in 0..facts {
            town.happens(n, facts);
            if n % 2000 == 0 || n + 1 == facts {
                for change in town.changes.drain(..) {
                    let record = Record::from(&change);
                    sums.entry(change.kind.clone()).or_default().add(block::digest(&record));
                    kinds.entry(change.kind).or_default().push(record);
                }
                // A driver takes a page that says nothing for half a minute for dead.
                sleep(1).await;
            }
        }
        let lots: Vec<Vec<Record>> = kinds
            .into_values()
            .flat_map(|all| all.chunks(block::RECORDS).map(<[_]>::to_vec).collect::<Vec<_>>())
            .collect();
        let (mut staged, mut blocks) = offered(5, &[]);
        for some in lots.chunks(40) {
            let (more, bytes) = offered(5, some);
            let new = more.manifest.buckets.into_iter().filter(|bucket| !staged.manifest.buckets.contains(bucket));
            let new: Vec<_> = new.collect();
            staged.manifest.buckets.extend(new);
            staged.manifest.blocks.extend(more.manifest.blocks);
            blocks.extend(bytes);
            sleep(1).await;
        }
        (staged, blocks)
    };
    let bytes: usize = blocks.iter().map(|(_, bytes)| bytes.len()).sum();
    console_log!("{} records in {} blocks, {} KiB", records(), blocks.len(), bytes / 1024);

    let start = millis();
    store.stage(&staged).await.unwrap();
    for lot in blocks.chunks(32) {
        store.keep_blocks(lot.to_vec()).await.unwrap();
    }
    store.switch(&staged).await.unwrap();
    console_log!("stage, seal, keep and switch: {:.0} ms", millis() - start);
    store.close().await;
    drop((store, blocks));

    let desk = Desk::open_named(&name);
    while desk.phase() != Phase::Locked {
        sleep(1).await;
    }
    desk.sign_in("li".into(), "xiaohe-28".into()).await.unwrap();
    let opened = millis();
    while desk.phase() != Phase::Ready {
        sleep(1).await;
    }
    let (first, some) = (millis(), desk.read(|book| book.len()));
    while !desk.is_whole() {
        sleep(1).await;
    }
    let all = millis();
    console_log!(
        "from the unlocked door: {some} records after {:.0} ms, all after {:.0} ms",
        first - opened,
        all - opened
    );
    assert_eq!(desk.read(|book| book.len()), records());
    for (kind, sum) in sums {
        assert_eq!(desk.read(|book| book.sum(&kind)), sum, "{kind}");
    }

    let pack = pack();
    for _ in 0..2 {
        let start = millis();
        let figures = desk.read(|book| count(&pack, Ask::of(Period::year(2024).unwrap()), book));
        console_log!("a year's {} figures: {:.0} ms", figures.whole.len(), millis() - start);
    }
    let (user, day) = (User { name: "li", post: "civil_affairs" }, platform::today());
    let asker = Asker { user, all: false };
    let told = |what: &str, work: &dyn Fn()| {
        let (median, late) = times(3, |_| work());
        console_log!("{what}: {median:.0} ms ({late:.0})");
    };
    told("due", &|| desk.read(|book| drop(due(&pack, book, day, 7, asker))));
    told("rounds", &|| desk.read(|book| drop(rounds(&pack, book, day, user))));
    let promises = desk.read(|book| due(&pack, book, day, 7, asker));
    told("door map", &|| {
        desk.read(|book| {
            drop(buildings(&pack, book, |_| String::new(), &promises, Visits::default().now(&pack, book, day)))
        })
    });
    told("review", &|| desk.read(|book| drop(Review::default().now(&pack, book, user.post))));

    let start = millis();
    let index = desk.read(|book| desk.context(|context| Index::new(&pack, book, context)));
    console_log!("search index: {:.0} ms", millis() - start);
    let keys = ["王", "w", "wang", "zx", "301", "3-2-5", "1398", "独居", "wgf", "李秀兰"];
    let (median, late) = times(100, |n| drop(index.find(keys[n % 10], None, 20, Lift::default())));
    console_log!("a key press: median {median:.1} ms, p95 {late:.1} ms");
    for key in keys {
        let (median, _) = times(10, |_| drop(index.find(key, None, 20, Lift::default())));
        console_log!("  {key}: {median:.1} ms");
    }
    let households: Vec<_> = desk.read(|book| book.of_kind("household").map(|record| record.id).collect());
    let (median, late) = times(400, |n| {
        desk.read(|book| drop(history(&pack, book, &[households[n * 7 % households.len()]])));
    });
    console_log!("a household's history: median {median:.3} ms, p95 {late:.3} ms");

    let mut saves = Vec::new();
    for n in 0..100 {
        let fields = [("name", sync::Value::from(format!("{n}幢"))), ("stairwells", 1.into()), ("floors", 6.into())];
        let draft = desk.new_draft("building", fields.map(|(name, value)| (name.to_owned(), value)).into());
        let start = millis();
        desk.save(vec![draft]).await.unwrap();
        saves.push(millis() - start);
    }
    let (median, late) = spread(saves);
    console_log!("save, strict: median {median:.1} ms, p95 {late:.1} ms");
}
