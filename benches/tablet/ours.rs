//! What the app's own store, memory, search and figures take, without its screens: a page of `cargo xtask bench` that does
//! what the peers' pages do, over the very database that the app has filled. Compiled as the app is.

#![cfg(target_arch = "wasm32")]

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::Owner;
use linli_app::{
    desk::{Desk, Phase},
    platform::sleep,
    store::{Numbers, Store, indexed::Indexed, seal::Key, shelf::Shelf},
    view::{
        history::history,
        search::{Index, Lift},
    },
};
use records::figures::{Ask, Period};
use sync::{
    Book, Bucket, DeviceId, Record, RecordId,
    block::{self, BlockId},
    count,
    engine::Staged,
    wire::{BlockRef, Cursor, Manifest, SCHEMA},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// Blocks handed to the store, and read from it, at once: as the app does.
const LOT: usize = 16;
const DEVICE: DeviceId = DeviceId(0xbe);

thread_local! {
    static DESK: RefCell<Option<(Owner, Desk)>> = const { RefCell::new(None) };
}

fn desk() -> Result<Desk, JsValue> {
    DESK.with_borrow(|desk| desk.as_ref().map(|(_, desk)| *desk)).ok_or_else(|| "the desk is not open".into())
}

fn now() -> f64 {
    gloo::utils::window().performance().map_or(0.0, |clock| clock.now())
}

fn told(what: impl std::fmt::Display) -> JsValue {
    what.to_string().into()
}

fn id(text: &str) -> Result<RecordId, JsValue> {
    text.parse().map_err(told)
}

/// Opens the app's database, through its lock: milliseconds from the password to every record in memory.
#[wasm_bindgen]
pub async fn open(account: String, password: String) -> Result<f64, JsValue> {
    let owner = Owner::new();
    let desk = owner.with(Desk::open);
    DESK.set(Some((owner, desk)));
    while desk.phase() == Phase::Opening {
        sleep(1).await;
    }
    let start = now();
    desk.sign_in(account, password).await.map_err(|problem| told(problem.message.en))?;
    while desk.phase() != Phase::Ready || !desk.is_whole() {
        sleep(1).await;
    }
    Ok(now() - start)
}

/// Signs a new tablet in: milliseconds until its first sync has put everything away and all is equal to the office's.
#[wasm_bindgen]
pub async fn arrive(account: String, password: String) -> Result<f64, JsValue> {
    let owner = Owner::new();
    let desk = owner.with(Desk::open);
    DESK.set(Some((owner, desk)));
    while desk.phase() == Phase::Opening {
        sleep(1).await;
    }
    let start = now();
    desk.sign_in(account, password).await.map_err(|problem| told(problem.message.en))?;
    while desk.status().last.is_none() {
        sleep(1).await;
    }
    Ok(now() - start)
}

/// One round of sync: milliseconds until nothing waits and all is equal again.
#[wasm_bindgen]
pub async fn sync() -> Result<f64, JsValue> {
    let desk = desk()?;
    let (start, before) = (now(), desk.status().last);
    desk.sync_now();
    while desk.status().waiting > 0 || desk.status().last == before {
        sleep(1).await;
    }
    Ok(now() - start)
}

/// Changes that wait for the office.
#[wasm_bindgen]
pub fn waiting() -> Result<usize, JsValue> {
    Ok(desk()?.status().waiting)
}

/// How many records are here.
#[wasm_bindgen]
pub fn records() -> Result<usize, JsValue> {
    Ok(desk()?.read(Book::len))
}

/// Point reads: milliseconds each.
#[wasm_bindgen]
pub fn get(asked: Vec<String>) -> Result<Vec<f64>, JsValue> {
    let desk = desk()?;
    each(asked, |text| {
        let id = id(&text)?;
        let start = now();
        let values = desk.read(|book| book.get(id).map(Record::values));
        let took = now() - start;
        values.map(|_| took).ok_or_else(|| "a record is not here".into())
    })
}

/// Households' histories with the people in them, as the page of a household has it: milliseconds each.
#[wasm_bindgen]
pub fn household(asked: Vec<String>) -> Result<Vec<f64>, JsValue> {
    let (desk, pack) = (desk()?, desk()?.pack());
    each(asked, |text| {
        let home = id(&text)?;
        let start = now();
        let events = desk.read(|book| {
            let mut about = vec![home];
            about.extend(linli_app::view::history::people(&pack, book, home));
            history(&pack, book, &about).len()
        });
        let took = now() - start;
        if events > 0 { Ok(took) } else { Err("a household has no history".into()) }
    })
}

/// The index of the search, once: milliseconds; then each text: milliseconds.
#[wasm_bindgen]
pub fn search(asked: Vec<String>) -> Result<Vec<f64>, JsValue> {
    let (desk, pack) = (desk()?, desk()?.pack());
    let start = now();
    let index = desk.context(|context| desk.read(|book| Index::new(&pack, book, context)));
    let mut took = vec![now() - start];
    let found = each(asked, |text| {
        let start = now();
        let found = index.find(&text, None, 20, Lift::default()).len();
        let took = now() - start;
        if found > 0 { Ok(took) } else { Err("nobody was found".into()) }
    })?;
    took.extend(found);
    Ok(took)
}

/// All figures of a year: milliseconds.
#[wasm_bindgen]
pub fn report(year: i16) -> Result<f64, JsValue> {
    let (desk, pack) = (desk()?, desk()?.pack());
    let period = Period::year(year).ok_or("no year")?;
    let start = now();
    let figures = desk.read(|book| count::count(&pack, Ask::of(period), book));
    let took = now() - start;
    if figures.whole.is_empty() { Err("no figures".into()) } else { Ok(took) }
}

/// Saves copies of a record as new ones, each one act: milliseconds each, to the strict commit.
#[wasm_bindgen]
pub async fn save(of: String, times: usize) -> Result<Vec<f64>, JsValue> {
    let desk = desk()?;
    let (kind, fields) = desk.read(|book| book.record(id(&of).ok()?)).ok_or("the record is not here")?;
    let mut took = Vec::new();
    for _ in 0..times {
        let draft = desk.new_draft(&kind, fields.clone());
        let start = now();
        desk.save(vec![draft]).await.map_err(|problems| told(format!("{problems:?}")))?;
        took.push(now() - start);
    }
    Ok(took)
}

/// All records from memory into a database of their own, as a first sync puts them, sealed or not; then a cold store's way
/// back: `[made into blocks, kept, read and opened again]` in milliseconds, and the bytes of the blocks.
#[wasm_bindgen]
pub async fn keep(is_sealed: bool) -> Result<Vec<f64>, JsValue> {
    let (desk, pack) = (desk()?, desk()?.pack());
    let start = now();
    let (staged, blocks) = desk.read(|book| {
        let (mut manifest, mut blocks) = (Manifest::default(), Vec::new());
        for kind in pack.kinds.keys() {
            let bucket = Bucket::of(&pack, kind);
            manifest.buckets.push(bucket.clone());
            let all: Vec<&Record> = book.of_kind(kind).collect();
            for some in all.chunks(block::RECORDS) {
                let bytes = block::encode(some.iter().copied());
                let (id, records, length) = (BlockId::of(&bytes), some.len() as u32, bytes.len() as u32);
                manifest.blocks.push(BlockRef { id: id.clone(), bucket: bucket.clone(), records, bytes: length });
                blocks.push((id, bytes));
            }
        }
        let next = Cursor { epoch: "bench".into(), seq: 1, scope: String::new(), schema: SCHEMA };
        (Staged { manifest, next, have: Default::default() }, blocks)
    });
    let made = now();
    let total: usize = blocks.iter().map(|(_, bytes)| bytes.len()).sum();
    let name = format!("bench-{}", linli_app::platform::noise());
    let own = is_sealed.then(Key::random);
    let store = unlocked(&name, own.clone()).await?;
    store.begin(Numbers { device: DEVICE, last: 0 }).await.map_err(told)?;
    store.stage(&staged).await.map_err(told)?;
    let mut rest = blocks.into_iter().peekable();
    while rest.peek().is_some() {
        store.keep_blocks(rest.by_ref().take(LOT).collect()).await.map_err(told)?;
    }
    store.switch(&staged).await.map_err(told)?;
    store.close().await;
    let kept = now();
    let store = unlocked(&name, own).await?;
    let mut book = Book::new();
    let keys: Vec<String> = store.here().blocks.into_iter().map(|held| held.key).collect();
    for lot in keys.chunks(LOT) {
        for bytes in store.blocks(lot.to_vec()).await.map_err(told)? {
            let records = block::decode(&bytes.ok_or("a block is missing")?).map_err(told)?;
            book.take_all(records);
        }
    }
    let read = now();
    store.close().await;
    if book.len() == desk.read(Book::len) {
        Ok(vec![made - start, kept - made, read - kept, total as f64])
    } else {
        Err(told(format!("{} records came back", book.len())))
    }
}

async fn unlocked(name: &str, own: Option<Key>) -> Result<Store, JsValue> {
    let shelf: Rc<dyn Shelf> = Rc::new(Indexed::open(name, || ()).await.map_err(told)?);
    Store::unlock(shelf, own).await.map_err(told)
}

fn each(asked: Vec<String>, one: impl FnMut(String) -> Result<f64, JsValue>) -> Result<Vec<f64>, JsValue> {
    asked.into_iter().map(one).collect()
}
