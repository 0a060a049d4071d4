//! Opening: wait for the seat, open the store, read records in order of need, lay the log over them, start the engine.
//! Nothing here needs a network.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::*;
use sync::engine::Event;
use wasm_bindgen_futures::spawn_local;

use super::{
    Alarm, Phase,
    door::{Door, Entry},
    drive::tell,
    lock,
    pen::Counter,
    prefs, read,
    seat::Seat,
    state::State,
    withdraw,
};
use crate::{
    net, platform,
    store::{
        Numbers, Store, StoreError,
        indexed::Indexed,
        mirror::{Mirror, Verdict, compare},
        shelf::Shelf,
        vault::Vault,
    },
    tabs::{Bell, Hold, Tabs},
    updates::Updates,
};

/// Starts everything. Returns at once.
pub fn start(state: Rc<State>) {
    let updated = state.clone();
    *state.updates.borrow_mut() = Updates::watch(move || State::set(&updated.update_ready, true));
    let woken = state.clone();
    platform::on_wake(move || wake(&woken));
    lock::watch(&state);
    spawn_local(async move { take_seats(state).await });
}

/// Now may be a good time to sync.
pub fn wake(state: &Rc<State>) {
    if let Some(seat) = state.seat() {
        tell(state, &seat, Event::Wake);
    }
}

/// Takes the seat when it is free, leaves it when asked, waits for it again.
async fn take_seats(state: Rc<State>) {
    let asked = state.clone();
    let tabs = Tabs::join(&state.name, move || {
        let seat = asked.seat.borrow().clone();
        if let Some(seat) = seat {
            spawn_local(async move { seat.leave().await });
        }
        if let Some(door) = asked.door() {
            door.leave();
        }
    });
    *state.tabs.borrow_mut() = Some(tabs.clone());
    loop {
        let hold = match tabs.try_hold().await {
            Some(hold) => hold,
            None => {
                State::set(&state.phase, Phase::OtherTab);
                match tabs.hold().await {
                    Some(hold) => hold,
                    None => continue,
                }
            }
        };
        State::set(&state.phase, Phase::Opening);
        sit(&state, hold).await;
    }
}

/// Sits down, and returns when the seat was left.
async fn sit(state: &Rc<State>, hold: Hold) {
    let lost = Rc::new(Cell::new(false));
    let taken = { hold.taken.clone() };
    let on_taken = {
        let (taken, lost) = (taken.clone(), lost.clone());
        move || {
            lost.set(true);
            taken.ring();
        }
    };
    let store = match Indexed::open(&state.place(), on_taken).await {
        Ok(indexed) => open(state, Rc::new(indexed), &taken).await,
        Err(error) => Err(error),
    };
    let store = match store {
        Ok(Some(store)) => store,
        Ok(None) => {
            hold.release();
            taken.ring();
            return if lost.get() {
                start_anew(state)
            };
        }
        Err(error) => {
            State::set(&state.phase, Phase::broken(&error));
            // The seat stays taken: another tab would find the same.
            taken.rung().await;
            hold.release();
            if lost.get() {
                // The browser has closed a database whose bytes have changed. What is said stays until someone acts.
                std::future::pending::<()>().await;
            }
            return;
        }
    };
    let device = store.numbers().map_or_else(|| sync::DeviceId(platform::noise()), |n| n.device);
    let seat = Seat::new(store, hold, Counter::new(device, 0));
    *state.seat.borrow_mut() = Some(seat.clone());
    spawn_local({
        let seat = seat.clone();
        async move {
            taken.rung().await;
            seat.leave_now();
            seat.store.close().await;
            seat.hold.release();
            seat.left.ring();
        }
    });
    let loaded = {
        let _saving = seat.saving.lock().await;
        load(state, &seat).await
    };
    if let Err(error) = loaded {
        State::set(&state.phase, Phase::broken(&error));
    }
    seat.left.rung().await;
    state.seat.borrow_mut().take();
    let book = state.book.borrow().renewed();
    state.book.replace(book);
    if lost.get() {
        start_anew(state);
    }
}

/// A newer version of the app is upgrading the database, or the site's data was cleared: only a new start helps.
fn start_anew(state: &State) {
    State::set(&state.phase, Phase::OtherTab);
    let _ = gloo::utils::window().location().reload();
}

/// Opens the store, at once or when the person has opened the door; `None` when the door was left.
async fn open(state: &Rc<State>, shelf: Rc<dyn Shelf>, taken: &Bell) -> Result<Option<Store>, StoreError> {
    if Vault::find(&*shelf).await?.is_none() {
        return Store::open(shelf).await.map(Some);
    }
    let door = Door::new(shelf.clone());
    *state.door.borrow_mut() = Some(door.clone());
    spawn_local({
        let (door, taken) = (door.clone(), taken.clone());
        async move {
            taken.rung().await;
            door.leave();
        }
    });
    let entry = door.wait(state).await;
    state.door.borrow_mut().take();
    match entry {
        Entry::Own(own) => {
            platform::mark("linli:unlocked");
            State::set(&state.phase, Phase::Opening);
            Store::unlock(shelf, Some(own)).await.map(Some)
        }
        Entry::Left => {
            shelf.close();
            Ok(None)
        }
    }
}

/// Reads everything from the store anew and starts an engine over it. The caller holds the saving lock.
pub async fn load(state: &Rc<State>, seat: &Rc<Seat>) -> Result<(), StoreError> {
    let store = &seat.store;
    let numbers = match compare(store.numbers(), prefs::mirror(&state.place())) {
        Verdict::Lost(here, known) => {
            seat.alarmed.set(true);
            State::set(&state.phase, Phase::Lost(Alarm { here, known, at_office: false }));
            return Ok(());
        }
        Verdict::Same(numbers) => numbers,
        Verdict::New(known) => {
            let numbers = Numbers { device: known.unwrap_or_else(|| seat.counter.get().device()), last: 0 };
            store.begin(numbers).await?;
            numbers
        }
    };
    prefs::keep_mirror(&state.place(), Mirror { device: numbers.device, last: numbers.last });
    seat.restart(Counter::new(numbers.device, numbers.last));
    State::set(&state.me, store.me());
    if let Some(pack) = store.pack()
        && pack != **state.pack.read_untracked()
    {
        state.pack.set(Rc::new(pack));
    }
    withdraw::lapse(state, seat).await?;
    read::fill(state, seat).await?;
    lay_log(state, seat);
    super::draft::show(state, store);
    super::files::show(state, seat);
    state.recount(store);
    if let Some(me) = state.account() {
        tell(state, seat, Event::SignedIn { account: me.account });
    }
    // After the account: an engine without one would not resume a first sync that broke off.
    tell(state, seat, Event::Opened { cursor: store.cursor(), queue: store.queue(), staged: store.staged() });
    refresh_account(state, seat);
    let measured = state.clone();
    spawn_local(async move { measured.measure().await });
    Ok(())
}

/// Lays over them what the account wrote and the office has not settled.
fn lay_log(state: &State, seat: &Seat) {
    let account = state.account().map(|me| me.account);
    let mut counter = seat.counter.get();
    counter.see_moment(state.book.borrow().latest());
    // Also of what is here no longer: two changes of one device must never bear the same moment.
    counter.see_moment(seat.store.clock());
    let mut book = state.book.borrow_mut();
    let refused = seat.store.refused().into_iter().map(|(change, _)| change);
    for change in seat.store.queue().into_iter().chain(refused) {
        counter.see_change(&change);
        // Another account's unsent work waits for its author, and is not shown to this one.
        if Some(&change.author) == account.as_ref() {
            book.write(change);
        }
    }
    seat.count(counter);
}

/// The office may have given the account another name or post since; asked in the background.
fn refresh_account(state: &Rc<State>, seat: &Rc<Seat>) {
    let Some(me) = state.account().filter(|_| platform::is_online()) else { return };
    let (state, seat) = (state.clone(), seat.clone());
    spawn_local(async move {
        let Ok(now) = net::who(state.lang.get_untracked()).await else { return };
        let is_same = now.account == me.account && state.account().is_some_and(|me| me.account == now.account);
        if is_same && now != me && seat.store.sign_in(now.clone()).await.is_ok() {
            State::set(&state.me, Some(now));
        }
    });
}
