//! How things stand: with the office, and with the app on this device.

use wasm_bindgen_futures::spawn_local;

use super::{Desk, Offline, draft, state::State};

impl Desk {
    /// Since when the oldest change or file that the office does not have waits, milliseconds since 1970 UTC by the device's
    /// clock.
    pub fn waits_since(&self) -> Option<u64> {
        let files = self.unsent_files().into_iter().map(|filed| filed.at);
        files.chain(State::get(&self.state().since)).min()
    }

    /// When the office was last met, in the same measure.
    pub fn met(&self) -> Option<u64> {
        State::get(&self.state().met)
    }

    /// Whether a newer version of the app is ready and waits for a tap.
    pub fn update_ready(&self) -> bool {
        State::get(&self.state().update_ready)
    }

    /// Whether the app starts on this device without a network.
    pub fn offline(&self) -> Offline {
        State::get(&self.state().offline)
    }

    /// Changes to the newer version: drafts are written first, then the page reloads.
    pub fn update_now(&self) {
        let state = self.state();
        spawn_local(async move {
            draft::written(&state).await;
            state.updates.borrow().apply();
        });
    }
}
