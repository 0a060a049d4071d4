//! Signing in and out. A signed-out tablet keeps everything; an ended session only stops sync.

use std::rc::Rc;

use leptos::prelude::*;
use records::Problem;
use sync::{
    DeviceId,
    engine::Event,
    wire::{Me, SignIn},
};

use super::{drive::tell, open::load, prefs, state::State};
use crate::{
    net, platform,
    store::{StoreError, mirror::Mirror},
};

/// Signs in at the office.
pub async fn sign_in(state: &Rc<State>, account: String, password: String) -> Result<(), Problem> {
    let seat = state.seat().ok_or_else(|| StoreError::Closed.problem())?;
    let lang = state.lang.get_untracked();
    let device = seat.counter.get().device();
    let asked = SignIn { account, password, device, device_name: platform::device_name() };
    let me = net::sign_in(&asked, lang).await.map_err(|trouble| trouble.problem())?;
    let pack = net::pack(lang).await.ok();
    // No save goes on while the account changes.
    let _saving = seat.saving.lock().await;
    let is_other = seat.store.owner().is_some_and(|owner| owner != me.account);
    let was_in = state.account().is_some_and(|old| old.account == me.account);
    seat.store.sign_in(me.clone()).await.map_err(|e| e.problem())?;
    if let Some(pack) = pack {
        let _ = seat.store.keep_pack(pack.clone()).await;
        state.pack.set(Rc::new(pack));
    }
    if was_in && !is_other {
        // The session had ended; the records never left the screen.
        State::set(&state.me, Some(me.clone()));
        tell(state, &seat, Event::SignedIn { account: me.account });
        return Ok(());
    }
    load(state, &seat).await.map_err(|e| e.problem())
}

/// Signs out, at the office too if it can be reached.
pub async fn sign_out(state: &Rc<State>) -> Result<(), Problem> {
    let seat = state.seat().ok_or_else(|| StoreError::Closed.problem())?;
    let _saving = seat.saving.lock().await;
    super::draft::written(state).await;
    seat.store.sign_out().await.map_err(|e| e.problem())?;
    seat.turn.set(seat.turn.get() + 1);
    seat.news.borrow_mut().take();
    State::set(&state.me, None);
    super::draft::show(state, &seat.store);
    state.recount(&seat.store);
    tell(state, &seat, Event::SignedOut);
    // The office ends the session by itself when it cannot be told now.
    let lang = state.lang.get_untracked();
    wasm_bindgen_futures::spawn_local(async move { drop(net::sign_out(lang).await) });
    Ok(())
}

/// After a loss: goes on as a new device, with the office's records once someone has signed in, and with what waits here.
pub async fn start_again(state: &Rc<State>) -> Result<(), StoreError> {
    let seat = state.seat().ok_or(StoreError::Closed)?;
    let _saving = seat.saving.lock().await;
    let device = DeviceId(platform::noise());
    seat.store.start_again(device).await?;
    let last = seat.store.numbers().map_or(0, |numbers| numbers.last);
    prefs::keep_mirror(&state.name, Mirror { device, last });
    load(state, &seat).await
}

/// The name of an account's person among those one works with.
pub fn name_in<'m>(me: &'m Me, account: &'m str) -> &'m str {
    let known = me.colleagues.iter().find(|other| other.account == account).map(|other| other.name.as_str());
    let own = (me.account == account).then_some(me.name.as_str());
    known.or(own).filter(|name| !name.is_empty()).unwrap_or(account)
}
