//! Behind the door: what the desk does once a database is open. It lies in the second part of the app, together with all
//! that records need; whoever is in the first asks for it by a [`Task`].

use std::{future::Future, pin::Pin, rc::Rc};

use leptos::prelude::*;
use records::Problem;
use sync::engine::Event;
use wasm_bindgen_futures::spawn_local;

use super::{
    Alarm, Phase, account, clock,
    drive::{refresh_account, tell},
    lock, passkey,
    pen::Counter,
    prefs, read,
    seat::Seat,
    state::State,
    withdraw,
};
use crate::{
    platform,
    store::{
        Numbers, Store, StoreError,
        mirror::{Mirror, Verdict, compare},
        seal::Key,
        shelf::Shelf,
    },
    tabs::Hold,
};

/// A database that may be read: nobody's yet, or with the key that opens it.
pub struct Open {
    pub shelf: Rc<dyn Shelf>,
    pub own: Option<Key>,
}

/// What may be asked for from before the door.
pub enum Act {
    /// To sit down at a database, until the seat is left.
    Sit(Open, Hold),
    /// To open the tablet for an account, with its password.
    SignIn(String, String),
    /// To open the locked tablet by its own lock.
    EnterByPasskey,
    /// To go on as a new device.
    StartAgain,
    /// To sync now.
    Wake,
}

/// An act with what it is done to.
pub struct Task {
    state: Rc<State>,
    act: Act,
}

impl Task {
    pub(super) fn new(state: Rc<State>, act: Act) -> Self {
        Self { state, act }
    }

    /// Does it.
    ///
    /// # Errors
    /// In words for the person.
    pub fn done(self) -> Pin<Box<dyn Future<Output = Result<(), Problem>>>> {
        let Self { state, act } = self;
        Box::pin(async move {
            match act {
                Act::Sit(open, hold) => sit(&state, open, hold).await.map_err(|error| error.problem()),
                Act::SignIn(account, password) => account::sign_in(&state, account, password).await,
                Act::EnterByPasskey => passkey::enter(&state).await,
                Act::StartAgain => account::start_again(&state).await.map_err(|error| error.problem()),
                Act::Wake => {
                    wake(&state);
                    Ok(())
                }
            }
        })
    }
}

/// Now may be a good time to sync.
pub fn wake(state: &Rc<State>) {
    if let Some(seat) = state.seat() {
        clock::look(state, &seat);
        tell(state, &seat, Event::Wake);
        if seat.engine.borrow().status().phase == sync::engine::Phase::SignIn {
            withdraw::knock(state, &seat);
        }
    }
}

/// Sits down, and returns when the seat was left.
async fn sit(state: &Rc<State>, open: Open, hold: Hold) -> Result<(), StoreError> {
    watch(state);
    let taken = hold.taken.clone();
    let store = match open.own {
        Some(own) => Store::unlock(open.shelf, Some(own)).await,
        None => Store::open(open.shelf).await,
    };
    let store = store.inspect_err(|error| State::set(&state.phase, Phase::broken(error)))?;
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
    Ok(())
}

/// Sees to it, once in a page, that it syncs when the tablet wakes, and locks when nobody touches it.
fn watch(state: &Rc<State>) {
    if state.watched.replace(true) {
        return;
    }
    let woken = state.clone();
    platform::on_wake(move || wake(&woken));
    let left = state.clone();
    platform::on_leave(move || super::draft::leave(&left));
    lock::watch(state);
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
    clock::begin(state, seat);
    if let Some(pack) = store.pack()
        && pack != **state.pack.read_untracked()
    {
        state.pack.set(Rc::new(pack));
    }
    withdraw::lapse(state, seat).await?;
    read::fill(state, seat).await?;
    lay_log(state, seat);
    super::draft::come_back(state, store).await;
    super::draft::show(state, store);
    super::files::show(state, seat);
    state.recount(store);
    if let Some(me) = state.account() {
        tell(state, seat, Event::SignedIn { account: me.account });
    }
    // After the account: an engine without one would not resume a first sync that broke off.
    tell(state, seat, Event::Opened { cursor: store.cursor(), queue: store.queue(), staged: store.staged() });
    refresh_account(state, seat);
    Ok(())
}

/// Lays over them what the account wrote and the office has not settled.
fn lay_log(state: &State, seat: &Seat) {
    let account = state.account().map(|me| me.account);
    let mut counter = seat.counter.get();
    let now = platform::now();
    counter.see_moment(state.book.borrow().latest(), now);
    // Also of what is here no longer: two changes of one device must never bear the same moment.
    let (given, queue) = (seat.store.clock(), seat.store.queue());
    counter.see_moment(given, now);
    if queue.iter().any(|change| change.clock.is_ahead(now)) {
        counter.see_given(given);
    }
    queue.iter().for_each(|change| counter.see_given(change.clock));
    let mut book = state.book.borrow_mut();
    let refused = seat.store.refused().into_iter().map(|(change, _)| change);
    for change in queue.into_iter().chain(refused) {
        counter.see_moment(change.clock, now);
        // Another account's unsent work waits for its author, and is not shown to this one.
        if Some(&change.author) == account.as_ref() {
            book.write(change);
        }
    }
    seat.count(counter);
}
