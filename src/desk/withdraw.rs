//! Taking records off a tablet: when the office has taken it out of use, and when it has not met the office for too long.

use std::rc::Rc;

use leptos::prelude::GetUntracked;
use sync::{
    engine::{self, Status},
    wire::{Cursor, SCHEMA, SyncRequest, SyncResponse},
};
use wasm_bindgen_futures::spawn_local;

use super::{Phase, files, office_figures, prefs, seat::Seat, state::State};
use crate::{
    net, platform,
    store::{StoreError, indexed::Indexed, mirror::Mirror},
};

/// Takes in what an answer says of the device itself.
pub fn heard(state: &Rc<State>, seat: &Rc<Seat>, answer: &SyncResponse) {
    seat.revoked.set(answer.device_revoked);
    State::set(&state.lapsed, false);
}

/// Destroys everything when the office said so and has all that waited here; whether it is being done.
pub fn obey(state: &Rc<State>, seat: &Rc<Seat>, status: &Status) -> bool {
    if !seat.revoked.get() || status.phase != engine::Phase::Resting || status.waiting > 0 {
        return false;
    }
    // Nothing further is carried out or saved.
    seat.alarmed.set(true);
    let (state, seat) = (state.clone(), seat.clone());
    spawn_local(async move { destroy(&state, &seat).await });
    true
}

/// The database with its keys, drafts and device number, then what lies beside it; then the office is told, and the page
/// starts anew, so that its memory forgets too. Cut off in the middle, it begins again at the next contact.
async fn destroy(state: &Rc<State>, seat: &Rc<Seat>) {
    // What was taken for records that are at the office goes there too, as far as one try brings it.
    files::bring(state, seat).await;
    let _saving = seat.saving.lock().await;
    let (device, place) = (seat.counter.get().device(), state.place());
    let cursor = seat.store.cursor();
    // First what would call an empty database a loss.
    prefs::forget(&state.name, &place);
    office_figures::forget();
    prefs::keep_withdrawn(true);
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
