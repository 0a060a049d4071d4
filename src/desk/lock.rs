//! Locking: the page starts anew, so no key and no record is left in its memory.

use std::rc::Rc;

use gloo::{
    events::EventListener,
    timers::callback::Interval,
    utils::{document, window},
};
use leptos::prelude::*;
use records::Class;
use sync::Bucket;

use super::{Phase, draft, state::State};
use crate::platform;

/// Minutes without a touch until a tablet locks that holds what is not for everyone, and one that does not.
const MINUTES: (u64, u64) = (15, 60);
/// How often the time is looked at, in milliseconds.
const LOOK: u32 = 10_000;

/// Locks now. What is half written is kept first.
pub async fn lock(state: &Rc<State>) {
    draft::written(state).await;
    let seat = state.seat.borrow().clone();
    if let Some(seat) = seat {
        // A save under way is finished.
        seat.leave().await;
    }
    let _ = window().location().reload();
}

/// Locks by itself when nobody has touched the tablet for a while. Lasts as long as the page.
pub fn watch(state: &Rc<State>) {
    for event in ["pointerdown", "keydown"] {
        let touched = state.clone();
        EventListener::new(&document(), event, move |_| touched.touched.set(platform::reading())).forget();
    }
    let state = state.clone();
    state.touched.set(platform::reading());
    Interval::new(LOOK, move || {
        let idle = platform::reading().saturating_sub(state.touched.get());
        let is_protected = state.seat().is_some_and(|seat| seat.store.is_protected());
        let is_open = matches!(state.phase.get_untracked(), Phase::Ready | Phase::Filling { .. });
        if is_protected && is_open && idle > patience(&state) * 60_000 {
            let state = state.clone();
            wasm_bindgen_futures::spawn_local(async move { lock(&state).await });
        }
    })
    .forget();
}

fn patience(state: &State) -> u64 {
    let (pack, scope) = (state.pack.get_untracked(), state.scope());
    let is_open = |bucket: &Bucket| pack.kind(bucket.kind()).is_some_and(|kind| kind.class == Class::Open);
    if scope.iter().all(is_open) { MINUTES.1 } else { MINUTES.0 }
}
