//! The app's root: provides the desk and the stamps, shows the page that the desk's phase calls for, and the routes.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use records::pack::Frame as Places;

use crate::{
    desk::{Desk, Phase, use_desk},
    pages::{
        act::Act,
        board::Board,
        building::Building,
        devices::Devices,
        doors::Doors,
        edit::Edit,
        erase::ErasePage,
        filling::Filling,
        help::Help,
        household::Household,
        ledger::Records,
        mend::Mend,
        new::New,
        notice,
        person::Person,
        record::RecordPage,
        report::{Report, ReportEdit, ReportFigure},
        review::Review,
        roster::{RosterPage, Sitting},
        sign_in::SignIn,
        sync::SyncPage,
        today::Today,
        trail::Trail,
        walk::WalkPage,
    },
    parts::{frame::Frame, search::Finder, stamp::Stamps},
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
    // Volunteers, many over sixty and out at night, get large type without asking.
    Effect::new(move || notice::dress(desk.lang(), desk.elder() || is_volunteer()));
    let phase = Memo::new(move |_| match desk.phase() {
        // Progress is Filling's own business: the page must not be made anew at every block.
        Phase::Filling { .. } => Phase::Filling { done: 0, total: 0 },
        phase => phase,
    });
    view! {
        <Router>
            {move || match phase.get() {
                Phase::Opening => ().into_any(),
                Phase::SignedOut | Phase::Locked => view! { <SignIn /> }.into_any(),
                Phase::Filling { .. } => view! { <Filling /> }.into_any(),
                Phase::Ready => view! { <Signed /> }.into_any(),
                Phase::OtherTab => view! { <notice::OtherTab /> }.into_any(),
                Phase::Lost(alarm) => view! { <notice::Lost alarm /> }.into_any(),
                Phase::Broken { why, for_good } => view! { <notice::Broken why for_good /> }.into_any(),
            }}
        </Router>
    }
}

/// The app of someone who is signed in.
#[component]
fn Signed() -> impl IntoView {
    provide_context(Sitting::new(use_desk()));
    provide_context(Finder::new());
    view! {
        <Frame>
            <Routes fallback=|| view! { <notice::NotFound /> }>
                <Route path=path!("/") view=Today />
                <Route path=path!("/doors") view=Doors />
                <Route path=path!("/doors/:id") view=Building />
                <Route path=path!("/household/:id") view=Household />
                <Route path=path!("/person/:id") view=Person />
                <Route path=path!("/records") view=Records />
                <Route path=path!("/records/:kind") view=Records />
                <Route path=path!("/record/:id") view=RecordPage />
                <Route path=path!("/report") view=Report />
                <Route path=path!("/report/edit") view=ReportEdit />
                <Route path=path!("/report/figure/:name") view=ReportFigure />
                <Route path=path!("/board") view=Board />
                <Route path=path!("/devices") view=Devices />
                <Route path=path!("/trail") view=Trail />
                <Route path=path!("/erase/:id") view=ErasePage />
                <Route path=path!("/roster") view=RosterPage />
                <Route path=path!("/sync") view=SyncPage />
                <Route path=path!("/new/:kind") view=New />
                <Route path=path!("/edit/:id") view=Edit />
                <Route path=path!("/act/:id/:action") view=Act />
                <Route path=path!("/mend/:number") view=Mend />
                <Route path=path!("/review") view=Review />
                <Route path=path!("/walk/:kind") view=WalkPage />
                <Route path=path!("/help") view=Help />
            </Routes>
        </Frame>
    }
}

/// Whether the post of the account signed in has the volunteers' frame.
pub fn is_volunteer() -> bool {
    let desk = use_desk();
    let pack = desk.pack();
    desk.me().and_then(|me| pack.post(&me.post).map(|p| p.frame == Places::Volunteer)).unwrap_or(false)
}
