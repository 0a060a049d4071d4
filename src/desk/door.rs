//! The door: what stands before the records while the tablet is locked. It opens to the password, or to the office's
//! recovery key for who signs in there with a new one.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use records::Problem;
use sync::{
    DeviceId,
    wire::{SignIn, Welcome},
};

use super::{Phase, state::State};
use crate::{
    net::{self, Trouble},
    platform,
    store::{
        Numbers, StoreError,
        seal::Key,
        shelf::Shelf,
        vault::{Tries, Vault, recovery},
    },
    tabs::Bell,
};

/// What came of waiting at the door.
pub enum Entry {
    /// It was opened.
    Own(Key),
    /// Another tab has it now, or another person's database.
    Left,
}

/// The door of one database.
pub struct Door {
    pub shelf: Rc<dyn Shelf>,
    entry: RefCell<Option<Entry>>,
    bell: Bell,
}

impl Door {
    /// Stands before a locked database.
    pub fn new(shelf: Rc<dyn Shelf>) -> Rc<Self> {
        Rc::new(Self { shelf, entry: RefCell::default(), bell: Bell::default() })
    }

    /// Lets in.
    pub fn enter(&self, own: Key) {
        self.decide(Entry::Own(own));
    }

    /// Goes away.
    pub fn leave(&self) {
        self.decide(Entry::Left);
    }

    /// Only the first word counts.
    fn decide(&self, entry: Entry) {
        self.entry.borrow_mut().get_or_insert(entry);
        self.bell.ring();
    }

    /// Waits until someone has opened it or left.
    pub async fn wait(&self, state: &State) -> Entry {
        State::set(&state.phase, Phase::Locked);
        self.bell.rung().await;
        self.entry.borrow_mut().take().unwrap_or(Entry::Left)
    }
}

/// What opened a vault: the key, and what the office said if it had to be asked.
pub struct Opened {
    pub own: Key,
    pub welcome: Option<Welcome>,
}

/// Tries a password on a locked database. The office is asked when it is not the one the tablet knows: it may be new.
///
/// # Errors
/// In words for the person. Wrong tries cost time, never work.
pub async fn knock(state: &State, shelf: &dyn Shelf, account: &str, password: &str) -> Result<Opened, Problem> {
    let said = |error: StoreError| error.problem();
    let Some(vault) = Vault::find(shelf).await.map_err(said)? else { return Err(StoreError::Closed.problem()) };
    let tries = Tries::of(shelf).await.map_err(said)?;
    let pause = tries.pause(platform::reading()).div_ceil(1000);
    if pause > 0 {
        return Err(Problem::new(
            "wait",
            format!("试错的次数多了，请过 {pause} 秒再试。记录都在。"),
            format!("Too many wrong tries: please wait {pause} seconds. Your records are safe."),
        ));
    }
    // Counted before it is tried: closing the app meanwhile gains nothing. A full disk must not shut anyone out.
    match tries.more(platform::reading()).keep(shelf).await {
        Ok(()) | Err(StoreError::Full) => {}
        Err(error) => return Err(said(error)),
    }
    // Stretching a password takes the whole thread for a moment; what says so is painted first.
    platform::sleep(30).await;
    let opened = match vault.open(password) {
        Some(own) => Opened { own, welcome: None },
        None => anew(state, shelf, &vault, account, password).await?,
    };
    match Tries::default().keep(shelf).await {
        Ok(()) | Err(StoreError::Full) => Ok(opened),
        Err(error) => Err(said(error)),
    }
}

/// Signs in at the office with what may be a new password, and opens the vault with the recovery key it says.
async fn anew(
    state: &State,
    shelf: &dyn Shelf,
    vault: &Vault,
    account: &str,
    password: &str,
) -> Result<Opened, Problem> {
    let numbers = Numbers::of(shelf).await.map_err(|e| e.problem())?;
    let device = numbers.map_or_else(|| DeviceId(platform::noise()), |numbers| numbers.device);
    let answer = ask(state, device, account, password).await;
    let key = match &answer {
        Ok(welcome) => Some(welcome.recovery.clone()),
        // It opens all the same; once it is open it goes on under a new number.
        Err(trouble) => trouble.unproven().map(str::to_owned),
    };
    let welcome = answer.map(Some).or_else(|trouble| if key.is_some() { Ok(None) } else { Err(trouble) });
    let welcome = welcome.map_err(|trouble| match trouble {
        trouble if trouble.is_over() => wrong(),
        Trouble::NoNetwork | Trouble::Offline => Problem::new(
            "wrong-password",
            "密码不对。要是刚改过密码，请到有网络的地方再试一次。记录都在。",
            "The password is wrong. If it was changed lately, please try again where there is a network. Your records are \
             safe.",
        ),
        trouble => trouble.problem(),
    })?;
    let own = key.and_then(|key| recovery(&key)).and_then(|key| vault.recover(&key)).ok_or_else(|| {
        Problem::new(
            "sealed",
            "密码是对的，可是这台设备是用以前的密码锁上的，请用以前的密码打开。记录都在。",
            "The password is right, but this device was locked with an earlier one. Please open it with that one. Your \
             records are safe.",
        )
    })?;
    Ok(Opened { own, welcome })
}

fn wrong() -> Problem {
    Problem::new("wrong-password", "账号或密码不对。", "The account or the password is wrong.")
}

/// Signs in at the office.
pub async fn ask(state: &State, device: DeviceId, account: &str, password: &str) -> Result<Welcome, Trouble> {
    let asked =
        SignIn { account: account.into(), password: password.into(), device, device_name: platform::device_name() };
    net::sign_in(&asked, state.lang.get_untracked()).await
}
