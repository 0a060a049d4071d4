//! Opening: wait for the seat, find the database, stand at its door while it is locked. What follows is behind the door
//! ([`super::inside`]), in a part of the app that the first screen does not wait for.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen_futures::spawn_local;

use super::{
    Phase,
    door::{Door, Entry},
    inside::{Act, Open, Task},
    prefs,
    state::State,
};
use crate::{
    later::{self, Part},
    platform,
    store::{StoreError, indexed::Indexed, shelf::Shelf, vault::Vault},
    tabs::{Bell, Hold, Tabs},
    updates::Updates,
};

/// Starts everything. Returns at once.
pub fn start(state: Rc<State>) {
    let updated = state.clone();
    let kept = state.clone();
    *state.updates.borrow_mut() = Updates::watch(
        move |is_ready| State::set(&updated.update_ready, is_ready),
        move |offline| State::set(&kept.offline, offline),
    );
    spawn_local(async move { take_seats(state).await });
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
    let entered = match Indexed::open(&state.place(), on_taken).await {
        Ok(indexed) => enter(state, Rc::new(indexed), &taken).await,
        Err(error) => Err(error),
    };
    match entered {
        Ok(Some(open)) => {
            let task = Task::new(state.clone(), Act::Sit(open, hold.clone()));
            // What it fails of stands on the screen.
            if later::inside(task).await.is_err() {
                stay(&taken, &lost).await;
            }
        }
        Ok(None) => taken.ring(),
        Err(error) => {
            State::set(&state.phase, Phase::broken(&error));
            stay(&taken, &lost).await;
        }
    }
    hold.release();
    if lost.get() {
        start_anew(state);
    }
}

/// The store could not be opened. The seat stays taken: another tab would find the same.
async fn stay(taken: &Bell, lost: &Cell<bool>) {
    taken.rung().await;
    if lost.get() {
        // The browser has closed a database whose bytes have changed. What is said stays until someone acts.
        std::future::pending::<()>().await;
    }
}

/// A newer version of the app is upgrading the database, or the site's data was cleared: only a new start helps.
fn start_anew(state: &State) {
    State::set(&state.phase, Phase::OtherTab);
    let _ = gloo::utils::window().location().reload();
}

/// Comes in, at once or when the person has opened the door; `None` when the door was left.
async fn enter(state: &Rc<State>, shelf: Rc<dyn Shelf>, taken: &Bell) -> Result<Option<Open>, StoreError> {
    if Vault::find(&*shelf).await?.is_none() {
        let is_new = prefs::mirror(&state.place()).is_none();
        if is_new {
            // Nobody was ever here: there is nothing to open before someone has signed in.
            State::set(&state.phase, Phase::SignedOut);
        }
        Part::Signed.came(if is_new { later::SETTLED } else { 0 }).await;
        return Ok(Some(Open { shelf, own: None }));
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
    // It lies on this device, and is wanted as soon as someone has typed a password.
    spawn_local(async { _ = Part::Signed.fetched().await });
    let entry = door.wait(state).await;
    state.door.borrow_mut().take();
    match entry {
        Entry::Own(own) => {
            platform::mark("linli:unlocked");
            State::set(&state.phase, Phase::Opening);
            Ok(Some(Open { shelf, own: Some(own) }))
        }
        Entry::Left => {
            shelf.close();
            Ok(None)
        }
    }
}
