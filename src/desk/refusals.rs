//! What became of refused work at the office meanwhile: someone may have taken it in.

use std::rc::Rc;

use leptos::prelude::GetUntracked;
use wasm_bindgen_futures::spawn_local;

use super::{seat::Seat, state::State};
use crate::{net::guard, platform};

/// How often the office is asked at most, in milliseconds.
const EVERY: u64 = 60_000;

/// Asks, at the end of a round, while there is refused work of the account's own.
pub fn tend(state: &Rc<State>, seat: &Rc<Seat>) {
    let now = platform::now();
    let own = state.refused.get_untracked();
    if own.is_empty() || now.abs_diff(seat.refusals_asked.get()) < EVERY {
        return;
    }
    seat.refusals_asked.set(now);
    let (state, seat) = (state.clone(), seat.clone());
    spawn_local(async move {
        let Ok(kept) = guard::quarantine(None, state.lang.get_untracked()).await else { return };
        let device = seat.counter.get().device();
        let is_in = |number: u64| {
            kept.iter().any(|one| one.device == device && one.number == number && one.mended_by.is_some())
        };
        let taken: Vec<u64> = own.iter().map(|refusal| refusal.change.number).filter(|n| is_in(*n)).collect();
        for number in &taken {
            if seat.is_open() && seat.store.set_aside(*number).await.is_ok() {
                state.book.borrow_mut().settle(*number);
            }
        }
        if !taken.is_empty() {
            state.recount(&seat.store);
        }
    });
}
