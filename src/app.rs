//! The app's root: provides the desk and the stamps, shows what the desk's phase calls for.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos_router::components::Router;
use wasm_bindgen_futures::spawn_local;

use crate::{
    desk::{Desk, Phase, use_desk},
    later::{Later, OfficePage, Part, SETTLED},
    pages::{filling::Filling, notice, sign_in::SignIn},
    parts::stamp::Stamps,
};

/// Starts the app in the page's body.
pub fn start() {
    std::panic::set_hook(Box::new(notice::panicked));
    mount_to_body(App);
}

/// The root.
#[component]
pub fn App() -> impl IntoView {
    let desk = Desk::open();
    provide_context(desk);
    provide_context(Stamps::new());
    Effect::new(move || notice::dress(desk.lang(), desk.elder()));
    // The office's desk comes last: while someone reads the first screen and types, not in its way.
    Timeout::new(SETTLED, || spawn_local(async { _ = Part::Office(OfficePage::Board).fetched().await })).forget();
    let phase = Memo::new(move |_| match desk.phase() {
        // Progress is Filling's own business: the page must not be made anew at every block.
        Phase::Filling { .. } => Phase::Filling { done: 0, total: 0 },
        phase => phase,
    });
    view! {
        <Router>
            {move || match phase.get() {
                Phase::Opening => view! { <notice::Opening /> }.into_any(),
                Phase::SignedOut | Phase::Locked => view! { <SignIn /> }.into_any(),
                Phase::Filling { .. } => view! { <Filling /> }.into_any(),
                Phase::Ready => view! { <Later part=Part::Signed /> }.into_any(),
                Phase::Leaving => view! { <notice::Leaving /> }.into_any(),
                Phase::OtherTab => view! { <notice::OtherTab /> }.into_any(),
                Phase::Lost(alarm) => view! { <notice::Lost alarm /> }.into_any(),
                Phase::Broken { why, for_good } => view! { <notice::Broken why for_good /> }.into_any(),
            }}
        </Router>
    }
}

/// Whether the post of the account signed in has the volunteers' frame.
pub fn is_volunteer() -> bool {
    use_desk().is_volunteer()
}
