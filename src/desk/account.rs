//! Signing in and out. Each person has a database of their own on the tablet, which their password opens, also without a
//! network. A signed-out tablet keeps everything; an ended session only stops sync.

use std::rc::Rc;

use futures_util::future::join;
use leptos::prelude::*;
use records::Problem;
use sync::{
    DeviceId,
    engine::Event,
    wire::{Me, Welcome},
};

use super::{
    door::{self, Door, Opened},
    drive::tell,
    inside::load,
    lock::lock,
    prefs,
    seat::Seat,
    state::State,
};
use crate::{
    net, platform,
    store::{
        StoreError,
        indexed::Indexed,
        mirror::Mirror,
        shelf::Shelf,
        vault::{Stretched, Vault, recovery},
    },
};

/// Opens the tablet for an account, at the office where it must be.
pub async fn sign_in(state: &Rc<State>, account: String, password: String) -> Result<(), Problem> {
    let opened = match whose(state, &account).await? {
        Place::Here => None,
        Place::Door(door) => {
            let opened = door::knock(state, &*door.shelf, &account, &password).await?;
            door.enter(opened.own.clone());
            Some(opened)
        }
        Place::There(target, true) => Some(elsewhere(state, &target, &account, &password).await?),
        Place::There(target, false) => return new_here(state, &target, &account, &password).await,
    };
    let seat = seated(state).await?;
    let (welcome, stretched) = match opened {
        Some(Opened { welcome: Some(welcome), .. }) => (welcome, Stretched::of(&password)),
        Some(_) if seat.store.me().is_some() => {
            prefs::keep_person(&state.name, &account, &state.place());
            let state = state.clone();
            wasm_bindgen_futures::spawn_local(async move { renew(&state, &seat, &account, &password).await });
            return Ok(());
        }
        opened => match ask_on(state, &seat, &account, &password).await {
            Ok(answer) => answer,
            // Opened by the password of before: a tablet that was taken out of use meanwhile hands in with that.
            Err(trouble) if opened.is_some() && trouble.is_over() => {
                return leave_with(state, &seat, &account, trouble).await;
            }
            Err(trouble) => return Err(trouble.problem()),
        },
    };
    take(state, &seat, welcome, &stretched).await
}

/// Signs in at the office, with a new vault in mind: the office stretches the password, and meanwhile so do we.
async fn ask(
    state: &State,
    device: DeviceId,
    account: &str,
    password: &str,
) -> Result<(Welcome, Stretched), net::Trouble> {
    let stretched = async {
        // First the question goes out.
        platform::breathe().await;
        Stretched::of(password)
    };
    let (welcome, stretched) = join(door::ask(state, device, account, password), stretched).await;
    Ok((welcome?, stretched))
}

/// Signs in on the device of a seat. Where the office does not know it again, because the browser lost what proves it, it goes
/// on as a new one, with all that waits here.
async fn ask_on(
    state: &Rc<State>,
    seat: &Rc<Seat>,
    account: &str,
    password: &str,
) -> Result<(Welcome, Stretched), net::Trouble> {
    let device = seat.counter.get().device();
    match ask(state, device, account, password).await {
        Err(trouble) if trouble.unproven().is_some() => {
            let device = DeviceId(platform::noise());
            // Nothing changes here before the office has said yes: without a network all goes on as it was.
            let answer = ask(state, device, account, password).await?;
            go_on_as(state, seat, device).await.map_err(|_| trouble)?;
            Ok(answer)
        }
        answer => answer,
    }
}

/// Signs in as the device alone may: to hand in what waits and to empty itself.
async fn leave_with(state: &Rc<State>, seat: &Rc<Seat>, account: &str, why: net::Trouble) -> Result<(), Problem> {
    let me = net::who(state.lang.get_untracked()).await.ok().filter(|me| me.account == account);
    let me = me.ok_or_else(|| why.problem())?;
    let _saving = seat.saving.lock().await;
    seat.store.sign_in(me).await.map_err(|e| e.problem())?;
    load(state, seat).await.map_err(|e| e.problem())
}

/// Begins a session anew where the browser has none of this account's: it ended, or someone else was here meanwhile.
async fn renew(state: &Rc<State>, seat: &Rc<Seat>, account: &str, password: &str) {
    let is_over = match net::who(state.lang.get_untracked()).await {
        Ok(me) => me.account != account,
        Err(trouble) => trouble.is_over(),
    };
    if !is_over {
        return;
    }
    if let Ok((welcome, stretched)) = ask_on(state, seat, account, password).await {
        let _ = take(state, seat, welcome, &stretched).await;
    }
}

/// Where an account's records are or are to be.
enum Place {
    /// In the database at hand, which is open: theirs or nobody's.
    Here,
    /// Behind the door we stand at.
    Door(Rc<Door>),
    /// In another database; whether it is theirs already.
    There(String, bool),
}

/// Finds it. What this browser remembers of its people is a hint: a flat battery may have taken the last of it.
async fn whose(state: &State, account: &str) -> Result<Place, Problem> {
    if let Some(door) = state.door()
        && is_of(&*door.shelf, account).await? == Some(true)
    {
        return Ok(Place::Door(door));
    }
    let (people, here) = (prefs::people(&state.name), state.place());
    let owner = state.seat().and_then(|seat| seat.store.owner());
    if state.door().is_none() && owner.is_none_or(|owner| owner == account) {
        return Ok(Place::Here);
    }
    if let Some(known) = people.iter().find(|person| person.account == account && person.database != here) {
        return Ok(Place::There(known.database.clone(), true));
    }
    let others = (2..).map(|n| format!("{}-{n}", state.name));
    for name in std::iter::once(state.name.clone()).chain(others) {
        if name == here || people.iter().any(|person| person.database == name) {
            continue;
        }
        let shelf = Indexed::open(&name, || ()).await.map_err(|e| e.problem())?;
        match is_of(&shelf, account).await? {
            Some(false) => {}
            known => return Ok(Place::There(name, known.is_some())),
        }
    }
    Ok(Place::Here)
}

/// Whether a locked database is an account's; `None` for one that nobody has locked.
async fn is_of(shelf: &dyn Shelf, account: &str) -> Result<Option<bool>, Problem> {
    let vault = Vault::find(shelf).await.map_err(|e| e.problem())?;
    Ok(vault.map(|vault| vault.is_of(account)))
}

/// Opens another person's database on this tablet, then goes there.
async fn elsewhere(state: &Rc<State>, target: &str, account: &str, password: &str) -> Result<Opened, Problem> {
    let shelf = Indexed::open(target, || ()).await.map_err(|e| e.problem())?;
    let opened = door::knock(state, &shelf, account, password).await;
    drop(shelf);
    let opened = opened?;
    go(state, target).await;
    if let Some(door) = state.door() {
        door.enter(opened.own.clone());
    }
    Ok(opened)
}

/// Signs in someone who was never on this tablet; nothing is made before the office has said who it is.
async fn new_here(state: &Rc<State>, target: &str, account: &str, password: &str) -> Result<(), Problem> {
    let device = DeviceId(platform::noise());
    let (welcome, stretched) = ask(state, device, account, password).await.map_err(|trouble| trouble.problem())?;
    prefs::keep_mirror(target, Mirror { device, last: 0 });
    go(state, target).await;
    let seat = seated(state).await?;
    take(state, &seat, welcome, &stretched).await
}

/// Leaves the database at hand for another one.
async fn go(state: &Rc<State>, target: &str) {
    state.place.replace(target.into());
    if let Some(seat) = state.seat() {
        seat.leave().await;
    }
    if let Some(door) = state.door.borrow_mut().take() {
        door.leave();
    }
    let _ = come(|| (state.door().is_some() || state.seat().is_some()).then_some(())).await;
}

/// The seat, as soon as there is one.
async fn seated(state: &State) -> Result<Rc<Seat>, Problem> {
    come(|| state.seat()).await
}

/// What opening a database brings, within five seconds.
async fn come<T>(find: impl Fn() -> Option<T>) -> Result<T, Problem> {
    for _ in 0..1000 {
        if let Some(found) = find() {
            return Ok(found);
        }
        platform::sleep(5).await;
    }
    Err(StoreError::Closed.problem())
}

/// Takes in what the office said of an account: the store is sealed before anything about anyone is in it.
async fn take(state: &Rc<State>, seat: &Rc<Seat>, welcome: Welcome, password: &Stretched) -> Result<(), Problem> {
    let Welcome { me, recovery: key } = welcome;
    let pack = net::pack(state.lang.get_untracked()).await.ok();
    // No save goes on while the account changes.
    let _saving = seat.saving.lock().await;
    let key = recovery(&key).ok_or_else(|| net::Trouble::Strange.problem())?;
    seat.store.protect(&me.account, password, &key).await.map_err(|e| e.problem())?;
    prefs::keep_person(&state.name, &me.account, &state.place());
    prefs::keep_withdrawn(None);
    let is_other = seat.store.owner().is_some_and(|owner| owner != me.account);
    let was_in = state.account().is_some_and(|old| old.account == me.account);
    seat.store.sign_in(me.clone()).await.map_err(|e| e.problem())?;
    if let Some(pack) = pack {
        let _ = seat.store.keep_pack(pack.clone()).await;
        state.pack.set(Rc::new(pack));
    }
    if was_in && !is_other {
        // The session had ended; the records never left the screen.
        platform::set_zone(me.zone);
        State::set(&state.me, Some(me.clone()));
        tell(state, seat, Event::SignedIn { account: me.account });
        return Ok(());
    }
    load(state, seat).await.map_err(|e| e.problem())
}

/// Signs out, at the office too if it can be reached, and locks.
pub async fn sign_out(state: &Rc<State>) -> Result<(), Problem> {
    let seat = state.seat().ok_or_else(|| StoreError::Closed.problem())?;
    let _saving = seat.saving.lock().await;
    super::draft::written(state).await;
    seat.store.sign_out().await.map_err(|e| e.problem())?;
    seat.turn.set(seat.turn.get() + 1);
    seat.news.borrow_mut().take();
    State::set(&state.me, None);
    state.changes.update(|kept| kept.clear());
    super::draft::show(state, &seat.store);
    state.recount(&seat.store);
    tell(state, &seat, Event::SignedOut);
    // The office ends the session by itself when it cannot be told now.
    let lang = state.lang.get_untracked();
    let (state, is_protected) = (state.clone(), seat.store.is_protected());
    wasm_bindgen_futures::spawn_local(async move {
        drop(net::sign_out(lang).await);
        if is_protected {
            lock(&state).await;
        }
    });
    Ok(())
}

/// After a loss: goes on as a new device, with the office's records once someone has signed in, and with what waits here.
pub async fn start_again(state: &Rc<State>) -> Result<(), StoreError> {
    let seat = state.seat().ok_or(StoreError::Closed)?;
    let _saving = seat.saving.lock().await;
    let device = DeviceId(platform::noise());
    seat.store.start_again(device).await?;
    renumbered(state, &seat, device).await
}

/// Goes on as a device that the office knows, with all that is here.
async fn go_on_as(state: &Rc<State>, seat: &Rc<Seat>, device: DeviceId) -> Result<(), StoreError> {
    let _saving = seat.saving.lock().await;
    seat.store.go_on_as(device).await?;
    renumbered(state, seat, device).await
}

async fn renumbered(state: &Rc<State>, seat: &Rc<Seat>, device: DeviceId) -> Result<(), StoreError> {
    let last = seat.store.numbers().map_or(0, |numbers| numbers.last);
    prefs::keep_mirror(&state.place(), Mirror { device, last });
    load(state, seat).await
}

/// The name of an account's person among those one works with.
pub fn name_in<'m>(me: &'m Me, account: &'m str) -> &'m str {
    let known = me.colleagues.iter().find(|other| other.account == account).map(|other| other.name.as_str());
    let own = (me.account == account).then_some(me.name.as_str());
    known.or(own).filter(|name| !name.is_empty()).unwrap_or(account)
}
