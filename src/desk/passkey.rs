//! Opening the tablet by its own lock (finger, face or PIN) instead of the password, for who has set that up on it.

use records::Problem;

use super::{
    Desk,
    inside::{Act, Task},
    state::State,
};
use crate::{
    later,
    passkey::{self, Declined},
    platform,
    store::vault::Vault,
};

impl Desk {
    /// Whether the tablet at hand has a lock that could open it.
    pub async fn offers_passkey(&self) -> bool {
        passkey::is_offered().await
    }

    /// Whether it opens to its own lock: the open tablet, or the one before which one stands.
    pub async fn has_passkey(&self) -> bool {
        let state = self.state();
        let vault = match (state.door(), state.seat()) {
            (Some(door), _) => Vault::find(&*door.shelf).await,
            (None, Some(seat)) => seat.store.vault().await,
            (None, None) => return false,
        };
        vault.ok().flatten().is_some_and(|vault| vault.passkey().is_some())
    }

    /// From now on the tablet opens to its own lock, too.
    pub async fn add_passkey(&self) -> Result<(), Problem> {
        let (Some(seat), Some(me)) = (self.state().seat(), self.me()) else { return Err(declined()) };
        let mut salt = [0; 32];
        platform::random(&mut salt);
        let (id, secret) = passkey::make(&me.account, &salt).await.map_err(|Declined| declined())?;
        seat.store.set_passkey(Some((id, salt, secret))).await.map_err(|e| e.problem())
    }

    /// It opens to the password alone again.
    pub async fn drop_passkey(&self) -> Result<(), Problem> {
        let Some(seat) = self.state().seat() else { return Ok(()) };
        seat.store.set_passkey(None).await.map_err(|e| e.problem())
    }

    /// Opens the locked tablet by its own lock.
    pub async fn enter_by_passkey(&self) -> Result<(), Problem> {
        later::inside(Task::new(self.state(), Act::EnterByPasskey)).await
    }
}

/// Opens the locked tablet by its own lock.
pub async fn enter(state: &State) -> Result<(), Problem> {
    let door = state.door().ok_or_else(declined)?;
    let vault = Vault::find(&*door.shelf).await.map_err(|e| e.problem())?.ok_or_else(declined)?;
    let (id, salt) = vault.passkey().ok_or_else(declined)?;
    let secret = passkey::ask(id, salt).await.map_err(|Declined| declined())?;
    door.enter(vault.open_by_passkey(&secret).ok_or_else(declined)?);
    Ok(())
}

fn declined() -> Problem {
    Problem::new("passkey", "这台设备没有认出您。请再试一次，或者用密码。记录都在。", {
        "The device did not recognise you. Please try again, or use the password. Your records are safe."
    })
}
