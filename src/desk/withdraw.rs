//! Taking records off a tablet: when the office has taken it out of use, and when it has not met the office for too long.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use leptos::prelude::GetUntracked;
use records::Problem;
use sync::{
    change::unfinished,
    engine::{self, Event, Status},
    wire::{Cursor, SCHEMA, SyncRequest, SyncResponse},
};
use wasm_bindgen_futures::spawn_local;

use super::{
    Phase, draft,
    drive::tell,
    files, office_figures,
    prefs::{self, Withdrawn},
    seat::Seat,
    state::State,
};
use crate::{
    net, platform,
    store::{StoreError, indexed::Indexed, mirror::Mirror},
};

/// Takes in what an answer says of the device itself.
pub fn heard(state: &Rc<State>, seat: &Rc<Seat>, answer: &SyncResponse) {
    seat.revoked.set(answer.device_revoked);
    State::set(&state.lapsed, false);
}

/// How often a tablet whose session is over asks whether the office wants to hear it all the same, in milliseconds.
const KNOCKS: u32 = 10 * 60_000;

/// Asks so now and then while nobody signs in.
pub fn listen(state: &Rc<State>, seat: &Rc<Seat>) {
    if state.account().is_none() {
        return;
    }
    let (timed, sat) = (state.clone(), seat.clone());
    *seat.timer.borrow_mut() = Some(Timeout::new(KNOCKS, move || knock(&timed, &sat)));
}

/// A tablet that was taken out of use is heard although its session is over, whether that ended first or last: it hands in
/// and empties itself.
pub fn knock(state: &Rc<State>, seat: &Rc<Seat>) {
    let Some(me) = state.account() else { return };
    let is_over = seat.engine.borrow().status().phase == engine::Phase::SignIn;
    if !is_over || !platform::is_online() {
        return listen(state, seat);
    }
    let (state, seat) = (state.clone(), seat.clone());
    spawn_local(async move {
        let is_heard = net::who(state.lang.get_untracked()).await.is_ok_and(|now| now.account == me.account);
        let is_hers = state.account().is_some_and(|now| now.account == me.account);
        if is_heard && is_hers && seat.is_open() {
            tell(&state, &seat, Event::SignedIn { account: me.account });
        } else if seat.is_open() {
            listen(&state, &seat);
        }
    });
}

/// How long the line rests between two tries to hand in what is left, in milliseconds: at first, and at most.
const PAUSES: (u32, u32) = (1_000, 15_000);

/// Hands in everything and then destroys it, when the office said so and has the changes that waited here; whether it is
/// being done.
pub fn obey(state: &Rc<State>, seat: &Rc<Seat>, status: &Status) -> bool {
    let is_time = seat.revoked.get() && status.phase == engine::Phase::Resting && status.waiting == 0;
    if is_time && !seat.leaving.replace(true) {
        State::set(&state.phase, Phase::Leaving);
        let (state, seat) = (state.clone(), seat.clone());
        spawn_local(async move {
            match hand_in(&state, &seat).await {
                Ok(report) => destroy(&state, &seat, report).await,
                Err(unable) => stay(&state, &seat, unable),
            }
        });
    }
    seat.leaving.get()
}

/// Why a tablet cannot hand in all that is on it.
#[derive(PartialEq)]
enum Unable {
    /// The session is over.
    SignIn,
    /// Some of it is another account's.
    Others,
}

/// Goes on as before, until someone signs in.
fn stay(state: &Rc<State>, seat: &Rc<Seat>, unable: Unable) {
    seat.alarmed.set(false);
    seat.revoked.set(false);
    seat.leaving.set(false);
    // What the engine asked for meanwhile was not carried out.
    tell(state, seat, Event::Failed(engine::Failure::Offline));
    if unable == Unable::SignIn {
        tell(state, seat, Event::Wake);
    }
}

/// Hands in what the engine does not: forms half filled, and then every photo and paper. Tries until the office has all of
/// them, so that nothing is destroyed of which nobody has another.
async fn hand_in(state: &Rc<State>, seat: &Rc<Seat>) -> Result<Withdrawn, Unable> {
    draft::written(state).await;
    let drafts = hand_in_drafts(state, seat).await.ok_or(Unable::SignIn)?;
    while !has_engine_rested(seat).ok_or(Unable::SignIn)? {
        platform::sleep(PAUSES.0).await;
    }
    // From here on nothing is carried out or saved; who is bringing files already ends first.
    seat.alarmed.set(true);
    while seat.tending.get() {
        platform::sleep(100).await;
    }
    let mut pause = PAUSES.0;
    let files = loop {
        let brought = files::bring(state, seat).await;
        if brought.is_over {
            return Err(Unable::SignIn);
        }
        if !brought.is_cut {
            break brought.refused;
        }
        platform::sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    };
    let me = state.account().ok_or(Unable::SignIn)?.account;
    let store = &seat.store;
    let is_others = store.files().iter().any(|filed| filed.sent.is_none() && filed.by != me)
        || store.drafts().iter().any(|(_, kept)| kept.by != me);
    if is_others {
        return Err(Unable::Others);
    }
    let is_kept_nowhere = |problem: &Problem| problem.code == engine::UNREADABLE;
    let unreadable = store.refused().iter().filter(|(_, problems)| problems.iter().any(is_kept_nowhere)).count();
    Ok(Withdrawn { drafts, files, records: store.unreadable() + unreadable, others: Vec::new() })
}

/// Whether the engine has brought all that waits; `None` when it waits for someone to sign in.
fn has_engine_rested(seat: &Seat) -> Option<bool> {
    let status = seat.engine.borrow().status();
    let is_open = seat.is_open() && status.phase != engine::Phase::SignIn;
    is_open.then(|| status.phase == engine::Phase::Resting && status.waiting == 0)
}

/// Hands in forms half filled, as changes that say so: the office refuses them and keeps what they say. How many.
async fn hand_in_drafts(state: &Rc<State>, seat: &Rc<Seat>) -> Option<usize> {
    let _saving = seat.saving.lock().await;
    let (me, now, pack) = (state.account()?, platform::now(), state.pack.get_untracked());
    let mut counter = seat.counter.get();
    let (mut changes, mut keys) = (Vec::new(), Vec::new());
    for (_, kept) in seat.store.drafts().into_iter().filter(|(_, kept)| kept.by == me.account) {
        match kept.draft.change(&pack, counter.next(now, &me.account)) {
            Some(change) => changes.push(unfinished(change)),
            None => counter.last -= 1,
        }
        keys.push(kept.key);
    }
    if !changes.is_empty() {
        seat.store.act(changes.clone(), now, &keys).await.ok()?;
        seat.count(counter);
        prefs::keep_mirror(&state.place(), Mirror { device: counter.device(), last: counter.last });
        draft::forget(state, &keys);
        state.recount(&seat.store);
        tell(state, seat, Event::Saved(changes.clone()));
    }
    Some(changes.len())
}

/// The database with its keys, drafts and device number, then what lies beside it; then the office is told, and the page
/// starts anew, so that its memory forgets too. Cut off in the middle, it begins again at the next contact.
async fn destroy(state: &Rc<State>, seat: &Rc<Seat>, report: Withdrawn) {
    let _saving = seat.saving.lock().await;
    let (device, place) = (seat.counter.get().device(), state.place());
    let cursor = seat.store.cursor();
    // First what would call an empty database a loss.
    prefs::forget(&state.name, &place);
    office_figures::forget();
    let others = prefs::people(&state.name).into_iter().map(|person| person.account).collect();
    prefs::keep_withdrawn(Some(Withdrawn { others, ..report }));
    seat.leave_now();
    seat.store.close().await;
    if Indexed::raze(&place).await.is_ok()
        && let Some(cursor) = cursor
    {
        let cursor = Some(Cursor { scope: String::new(), ..cursor });
        let empty =
            SyncRequest { device, schema: SCHEMA, cursor, refetch: Vec::new(), changes: Vec::new(), sent_at: None };
        // Untold, the office goes on taking what was here for lost.
        let _ = net::sync(&empty, state.lang.get_untracked()).await;
    }
    let _ = gloo::utils::window().location().reload();
}

/// Deletes a store that cannot be opened, and starts anew: the mirror then tells of the loss.
pub async fn give_up(state: &State) {
    // Without a mirror nothing would be said; one of a number that no store can have says that all is gone.
    if prefs::mirror(&state.place()).is_none_or(|mirror| mirror.last == 0) {
        let device = sync::DeviceId(platform::noise());
        prefs::keep_mirror(&state.place(), Mirror { device, last: 1 });
    }
    if let Err(error) = Indexed::raze(&state.place()).await {
        return State::set(&state.phase, Phase::broken(&error));
    }
    let _ = gloo::utils::window().location().reload();
}

/// Puts residents' records away when the lease has run out; before they are read.
pub async fn lapse(state: &State, seat: &Seat) -> Result<(), StoreError> {
    seat.store.open_at(platform::reading()).await?;
    let is_lapsed = seat.store.is_lapsed(platform::reading());
    if is_lapsed {
        seat.store.put_away(&state.pack.get_untracked()).await?;
    }
    State::set(&state.lapsed, is_lapsed && state.scope().iter().any(|bucket| !bucket.0.starts_with("open/")));
    Ok(())
}
