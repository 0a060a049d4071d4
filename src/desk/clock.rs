//! What time it is: the device's clock held against the office's, and what a person is told of it before something is dated.

use std::rc::Rc;

use leptos::prelude::*;
use sync::{
    contact::{Contact, Doubt},
    wire::{SyncResponse, ZONE},
};
use wasm_bindgen_futures::spawn_local;

use super::{Desk, seat::Seat, state::State};
use crate::platform;

/// What is to be told of clocks. Times in milliseconds since 1970 UTC.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClockFacts {
    /// Why the device's clock is doubted.
    pub doubt: Option<Doubt>,
    /// What it reads.
    pub reading: u64,
    /// What it is held against: the office's time, or when the office was last met or the device last used.
    pub known: u64,
    /// The device's zone is not the community's.
    pub elsewhere: bool,
    /// By how much the office's own clock is behind.
    pub office_behind: u64,
    /// The person has seen it.
    pub seen: bool,
}

impl ClockFacts {
    fn of(contact: Option<Contact>, office_behind: u64) -> Self {
        let reading = platform::reading();
        let doubt = contact.and_then(|contact| contact.doubt(reading));
        let known = contact.map_or(reading, |contact| match doubt {
            Some(Doubt::Leapt) => contact.now(contact.used),
            Some(Doubt::Behind) => contact.office,
            _ => contact.now(reading),
        });
        Self { doubt, reading, known, elsewhere: platform::is_elsewhere(), office_behind, seen: false }
    }

    /// Whether the same is to be told: the minutes go on.
    fn says_as(&self, other: &Self) -> bool {
        (self.doubt, self.elsewhere, self.office_behind > 0) == (other.doubt, other.elsewhere, other.office_behind > 0)
    }
}

impl Desk {
    /// What is to be told of clocks. Tracks it: what shows today's date reads it.
    pub fn clock(&self) -> ClockFacts {
        State::get(&self.state().clock)
    }

    /// The person has seen it, and goes on.
    pub fn accept_clock(&self) {
        let state = self.state();
        state.clock.update(|facts| facts.seen = true);
        if let Some(seat) = state.seat() {
            spawn_local(async move { drop(seat.store.use_at(platform::reading(), true).await) });
        }
    }
}

/// Goes by what the store knows of clocks.
pub fn begin(state: &Rc<State>, seat: &Rc<Seat>) {
    platform::set_zone(state.account().map_or(ZONE, |me| me.zone));
    platform::set_contact(seat.store.contact());
    look(state, seat);
}

/// Looks at the clock again: it may have been put right, or wrong, while nobody looked.
pub fn look(state: &Rc<State>, seat: &Rc<Seat>) {
    let was = state.clock.get_untracked();
    tell(state, ClockFacts::of(seat.store.contact(), was.office_behind));
    let (seat, is_doubted) = (seat.clone(), state.clock.with_untracked(|facts| facts.doubt.is_some()));
    if !is_doubted {
        // Not noted, it is only asked once more.
        spawn_local(async move { drop(seat.store.use_at(platform::reading(), false).await) });
    }
}

/// Takes in what an answer says of the time. A server that knows its own clock to be wrong tells nothing of ours.
pub fn heard(state: &Rc<State>, seat: &Rc<Seat>, answer: &SyncResponse) {
    let contact = Contact::new(answer.now, platform::reading());
    if answer.behind == 0 {
        platform::set_contact(Some(contact));
    }
    let held_against = if answer.behind == 0 { Some(contact) } else { seat.store.contact() };
    tell(state, ClockFacts::of(held_against, answer.behind));
    let (seat, is_sure) = (seat.clone(), answer.behind == 0);
    spawn_local(async move {
        // Not noted, the lease only runs out sooner.
        let _ = match is_sure {
            true => seat.store.meet(contact).await,
            false => seat.store.meet_unsure(platform::reading()).await,
        };
    });
}

fn tell(state: &State, now: ClockFacts) {
    if !state.clock.with_untracked(|was| was.says_as(&now)) {
        state.clock.set(now);
        // What is of today may be of another day.
        state.revision.notify();
    }
}

/// Lets the device's own stamps come down when no change here bears one that cannot be true any more.
pub fn come_down(seat: &Seat) {
    let (mut counter, now) = (seat.counter.get(), platform::now());
    // While one waits all that follow come after it: below, a moment would be given out twice.
    if counter.is_ahead(now) && !seat.store.queue().iter().any(|change| change.clock.is_ahead(now)) {
        counter.come_down(now);
        seat.counter.set(counter);
    }
}
