//! The desk in Chromium, over the real IndexedDB, Web Locks and broadcast channels, and without an office.

#![cfg(target_arch = "wasm32")]

use std::{cell::RefCell, rc::Rc};

use gloo::storage::{LocalStorage, Storage as _};
use leptos::prelude::Owner;
use linli_app::{
    desk::{Alarm, Desk, Phase},
    platform::{noise, sleep},
    store::{Numbers, Store, indexed::Indexed, mirror::Mirror},
    tabs::{Hold, Tabs},
};
use sync::{DeviceId, Draft, RecordId, Value, engine};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "store_contract/made.rs"]
#[allow(dead_code, reason = "other tests make other things")]
mod made;

use made::{checkpoint, draft, id, me, pack, record};

wasm_bindgen_test_configure!(run_in_browser);

/// A database of its own for each test.
fn database(test: &str) -> String {
    // Signals live in an owner that stays for the page's life, as the app's root does.
    let owner = Owner::new();
    owner.set();
    std::mem::forget(owner);
    format!("{test}-{}", noise())
}

/// A second connection to the same database, to look at what is really there.
async fn look(name: &str) -> Store {
    Store::open(Rc::new(Indexed::open(name, || ()).await.unwrap())).await.unwrap()
}

/// A tablet that has synced these many buildings and was then switched off.
async fn synced(name: &str, buildings: u128) {
    let store = look(name).await;
    store.begin(Numbers { device: made::DEVICE, last: 0 }).await.unwrap();
    store.sign_in(me("li")).await.unwrap();
    store.keep_pack(pack()).await.unwrap();
    let records = (1..=buildings).map(|n| record("building", n)).collect();
    store.checkpoint(&pack(), &checkpoint(5, records)).await.unwrap();
    store.close().await;
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..800 {
        if is_so() {
            return;
        }
        sleep(10).await;
    }
    panic!("waited in vain: {what}");
}

async fn opened(name: &str) -> Desk {
    let desk = Desk::open_named(name);
    until("the desk is ready", || desk.phase() == Phase::Ready).await;
    desk
}

fn building(desk: &Desk, name: &str) -> Draft {
    let fields = [("name", Value::from(name)), ("stairwells", 2.into()), ("floors", 6.into())];
    desk.new_draft("building", fields.map(|(field, value)| (field.to_owned(), value)).into())
}

#[wasm_bindgen_test]
async fn a_cold_start_without_an_office_shows_every_record() {
    let name = database("cold");
    synced(&name, 40).await;
    let desk = opened(&name).await;
    assert_eq!(desk.read(|book| book.of_kind("building").count()), 40);
    assert_eq!(desk.me(), Some(me("li")));
    assert_eq!(desk.title_of(id(7)), "7幢");
}

#[wasm_bindgen_test]
async fn saved_means_in_the_database() {
    let name = database("saved");
    synced(&name, 1).await;
    let desk = opened(&name).await;
    let draft = building(&desk, "9幢");
    let new = draft.record;
    desk.save(vec![draft]).await.unwrap();
    let there = look(&name).await;
    assert_eq!(there.queue().iter().map(|c| (c.number, c.record)).collect::<Vec<_>>(), [(1, new)]);
    assert_eq!(there.numbers().unwrap().last, 1);
    assert_eq!(desk.title_of(new), "9幢");
    assert!(desk.is_waiting(new) && !desk.is_waiting(id(1)));
    let mirror: Mirror = LocalStorage::get(format!("linli.device.{name}")).unwrap();
    assert_eq!(mirror, Mirror { device: made::DEVICE, last: 1 });
    // Without an office the round fails, the change waits, and the app goes on.
    until("the round has failed", || matches!(desk.status().phase, engine::Phase::Paused(_))).await;
    assert_eq!((desk.status().waiting, desk.phase()), (1, Phase::Ready));
}

#[wasm_bindgen_test]
async fn quick_saves_do_not_get_mixed_up() {
    let name = database("quick");
    synced(&name, 1).await;
    let desk = opened(&name).await;
    let done = Rc::new(RefCell::new(0));
    for n in 0..10 {
        let (done, act) = (done.clone(), vec![building(&desk, &format!("{n}甲")), building(&desk, &format!("{n}乙"))]);
        spawn_local(async move {
            desk.save(act).await.unwrap();
            *done.borrow_mut() += 1;
        });
    }
    until("all are saved", || *done.borrow() == 10).await;
    let rows = look(&name).await.log();
    assert_eq!(rows.len(), 10);
    let numbers: Vec<u64> = rows.iter().flat_map(|row| &row.entries).map(|e| e.change.number).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<u64>>());
    let clocks: Vec<_> = rows.iter().flat_map(|row| &row.entries).map(|e| e.change.clock).collect();
    assert!(clocks.is_sorted());
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_said_and_nothing_is_saved() {
    let name = database("wrong");
    synced(&name, 1).await;
    let desk = opened(&name).await;
    let mut wrong = building(&desk, "9幢");
    wrong.now.remove("name");
    let problems = desk.save(vec![building(&desk, "8幢"), wrong]).await.unwrap_err();
    assert_eq!(problems[0].field.as_deref(), Some("name"));
    assert!(!problems[0].message.zh.is_empty() && !problems[0].message.en.is_empty());
    assert!(look(&name).await.log().is_empty());
    desk.save(vec![building(&desk, "9幢")]).await.unwrap();
    assert_eq!(look(&name).await.numbers().unwrap().last, 1, "an act that was not saved uses up no number");
}

#[wasm_bindgen_test]
async fn a_draft_is_kept_at_every_key_press_and_goes_when_it_is_saved() {
    let name = database("draft");
    synced(&name, 1).await;
    let desk = opened(&name).await;
    let mut typed = building(&desk, "");
    for length in 1..=30 {
        typed.now.insert("name".into(), "长".repeat(length).into());
        desk.keep_draft("new/building", &typed);
        if length % 3 == 0 {
            // Some key presses come while the one before is being written.
            sleep(1).await;
        }
    }
    sleep(100).await;
    let kept = look(&name).await.drafts();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].1.draft, typed, "the last key press is what is kept");
    assert_eq!(desk.load_draft("new/building").await, Some(typed.clone()));
    typed.now.insert("name".into(), "9幢".into());
    desk.keep_draft("new/building", &typed);
    desk.save(vec![typed]).await.unwrap();
    until("the draft is gone", || desk.drafts().is_empty()).await;
    sleep(100).await;
    assert!(look(&name).await.drafts().is_empty(), "a draft that was saved does not come back");
}

#[wasm_bindgen_test]
async fn a_store_that_lost_what_was_written_is_noticed() {
    let name = database("lost");
    LocalStorage::set(format!("linli.device.{name}"), Mirror { device: DeviceId(5), last: 12 }).unwrap();
    let desk = Desk::open_named(&name);
    let lost = Phase::Lost(Alarm { here: 0, known: 12, at_office: false });
    until("the loss is noticed", || desk.phase() == lost).await;
    assert_eq!(desk.save(vec![draft(1, "9幢")]).await.unwrap_err()[0].code, "store_closed");
    assert_eq!(look(&name).await.numbers(), None, "nothing starts over by itself");
    desk.start_again();
    until("it starts again when told to", || desk.phase() == Phase::SignedOut).await;
    let numbers = look(&name).await.numbers().unwrap();
    assert!(numbers.device != DeviceId(5) && numbers.last == 0);
}

#[wasm_bindgen_test]
async fn one_tab_writes_and_another_can_take_over() {
    let name = database("tabs");
    synced(&name, 3).await;
    let first = opened(&name).await;
    first.save(vec![building(&first, "8幢")]).await.unwrap();
    let second = Desk::open_named(&name);
    until("the second tab knows", || second.phase() == Phase::OtherTab).await;
    assert_eq!(second.save(vec![building(&first, "7幢")]).await.unwrap_err()[0].code, "store_closed");
    second.use_here();
    until("the second tab has it", || second.phase() == Phase::Ready).await;
    until("the first tab knows", || first.phase() == Phase::OtherTab).await;
    assert_eq!(first.save(vec![draft(9, "7幢")]).await.unwrap_err()[0].code, "store_closed");
    second.save(vec![building(&second, "9幢")]).await.unwrap();
    assert_eq!(second.read(|book| book.of_kind("building").count()), 5);
    assert_eq!(look(&name).await.numbers().unwrap().last, 2);
    first.use_here();
    until("and back", || first.phase() == Phase::Ready).await;
    assert_eq!(first.read(|book| book.of_kind("building").count()), 5);
}

#[wasm_bindgen_test]
async fn a_tab_that_hangs_is_taken_over_by_force() {
    let name = database("hung");
    synced(&name, 3).await;
    let hang = format!("navigator.locks.request('{name}-writer', () => new Promise(() => 0)).catch(() => 0)");
    js_sys::Function::new_no_args(&hang).call0(&wasm_bindgen::JsValue::NULL).unwrap();
    sleep(50).await;
    let desk = Desk::open_named(&name);
    until("the tab waits", || desk.phase() == Phase::OtherTab).await;
    desk.use_here();
    until("the tab has it", || desk.phase() == Phase::Ready).await;
}

#[wasm_bindgen_test]
async fn a_refused_change_can_be_mended_or_set_aside() {
    let name = database("mend");
    synced(&name, 1).await;
    let store = look(&name).await;
    let mut refused = made::change(1, 50, "name", "9幢");
    refused.set.insert("stairwells".into(), 2.into());
    refused.set.insert("floors".into(), 6.into());
    let other = made::change(2, 1, "note", "旧");
    store.act(vec![refused], 0, &[]).await.unwrap();
    store.act(vec![other], 0, &[]).await.unwrap();
    let verdicts = vec![made::refused(1, "重名"), made::refused(2, "x")];
    let verdicts = engine::Checkpoint { refused: verdicts, ..checkpoint(6, vec![]) };
    store.checkpoint(&pack(), &verdicts).await.unwrap();
    store.close().await;
    let desk = opened(&name).await;
    assert_eq!(desk.refused().len(), 2);
    assert_eq!(desk.refused()[0].problems[0].message.zh, "重名");
    let mut mended = desk.mend_draft(1).unwrap();
    assert_eq!((mended.was.len(), mended.now.len(), mended.mends), (0, 3, Some(1)), "the whole record, as new");
    mended.now.insert("name".into(), "10幢".into());
    desk.save(vec![mended]).await.unwrap();
    assert_eq!(desk.title_of(id(50)), "10幢");
    let text = |id: RecordId| desk.read(|book| book.get(id).and_then(|r| r.value("note")));
    assert_eq!(text(id(1)), Some("旧".into()));
    desk.set_given_up(2, true).await.unwrap();
    assert_eq!((desk.refused().len(), desk.given_up().len()), (0, 1));
    assert_eq!(text(id(1)), None);
    desk.set_given_up(2, false).await.unwrap();
    assert_eq!((desk.refused()[0].problems[0].message.zh.as_str(), desk.given_up().len()), ("x", 0));
    assert_eq!(text(id(1)), Some("旧".into()), "as it was before");
    desk.set_given_up(2, true).await.unwrap();
    let there = look(&name).await;
    assert_eq!(there.queue().iter().map(|c| (c.number, c.mends)).collect::<Vec<_>>(), [(3, Some(1))]);
    assert_eq!(there.log().len(), 3, "nothing the user wrote is thrown away");
}

/// A tab that gives way when it is asked, and what it holds.
fn tab(name: &str) -> (Rc<Tabs>, Rc<RefCell<Option<Hold>>>) {
    let held = Rc::new(RefCell::new(None::<Hold>));
    let giving = held.clone();
    let tabs = Tabs::join(name, move || {
        if let Some(hold) = giving.borrow_mut().take() {
            hold.release();
        }
    });
    (tabs, held)
}

/// Waits for the right to write, as a tab does that has lost it.
fn wait_for_turn(tabs: &Rc<Tabs>, held: &Rc<RefCell<Option<Hold>>>) {
    let (tabs, held) = (tabs.clone(), held.clone());
    spawn_local(async move {
        let hold = tabs.hold().await;
        *held.borrow_mut() = hold;
    });
}

#[wasm_bindgen_test]
async fn who_took_over_and_gave_way_again_does_not_take_it_back() {
    let name = database("turns");
    let ((one, held_by_one), (two, held_by_two)) = (tab(&name), tab(&name));
    let hold = one.try_hold().await;
    *held_by_one.borrow_mut() = hold;
    wait_for_turn(&two, &held_by_two);
    two.take_over();
    until("the second tab writes", || held_by_two.borrow().is_some()).await;
    // Back within the time that the first has to answer.
    wait_for_turn(&one, &held_by_one);
    one.take_over();
    until("the first tab writes again", || held_by_one.borrow().is_some()).await;
    wait_for_turn(&two, &held_by_two);
    sleep(3500).await;
    assert!(held_by_two.borrow().is_none() && held_by_one.borrow().is_some());
}
