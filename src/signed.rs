//! The app of someone who is signed in: the frame, and a page for each address.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Routes},
    path,
};

use crate::{
    desk::use_desk,
    later::{Later, OfficePage, Part},
    pages::{
        act::Act, building::Building, doors::Doors, edit::Edit, help::Help, household::Household, ledger::Records,
        mend::Mend, new::New, notice, person::Person, record::RecordPage, review::Review, roster::Sitting,
        sync::SyncPage, today::Today, walk::WalkPage,
    },
    parts::{frame::Frame, known::Known, search::Finder, whole::Whole},
    platform,
};

/// The frame with its pages.
#[component]
pub fn Signed() -> impl IntoView {
    provide_context(Sitting::new(use_desk()));
    provide_context(Known::new());
    provide_context(Finder::new());
    // Runs when the page below stands.
    Effect::new(|| platform::mark("linli:first"));
    let office = |page: OfficePage| move || view! { <Later part=Part::Office(page) /> };
    view! {
        <Frame>
            <Routes fallback=|| view! { <notice::NotFound /> }>
                <Route path=path!("/") view=Today />
                <Route path=path!("/doors") view=Doors />
                <Route path=path!("/doors/:id") view=Building />
                <Route path=path!("/household/:id") view=Household />
                <Route path=path!("/person/:id") view=Person />
                <Route path=path!("/records") view=|| view! { <Whole><Records /></Whole> } />
                <Route path=path!("/records/:kind") view=|| view! { <Whole><Records /></Whole> } />
                <Route path=path!("/record/:id") view=|| view! { <Whole><RecordPage /></Whole> } />
                <Route path=path!("/report") view=office(OfficePage::Report) />
                <Route path=path!("/report/edit") view=office(OfficePage::ReportEdit) />
                <Route path=path!("/report/figure/:name") view=office(OfficePage::ReportFigure) />
                <Route path=path!("/board") view=office(OfficePage::Board) />
                <Route path=path!("/devices") view=office(OfficePage::Devices) />
                <Route path=path!("/refused") view=office(OfficePage::Refused) />
                <Route path=path!("/trail") view=office(OfficePage::Trail) />
                <Route path=path!("/erase/:id") view=office(OfficePage::Erase) />
                <Route path=path!("/roster") view=office(OfficePage::Roster) />
                <Route path=path!("/workshop") view=office(OfficePage::Workshop) />
                <Route path=path!("/workshop/*rest") view=office(OfficePage::Workshop) />
                <Route path=path!("/sync") view=SyncPage />
                <Route path=path!("/new/:kind") view=New />
                <Route path=path!("/edit/:id") view=|| view! { <Whole><Edit /></Whole> } />
                <Route path=path!("/act/:id/:action") view=|| view! { <Whole><Act /></Whole> } />
                <Route path=path!("/mend/:number") view=|| view! { <Whole><Mend /></Whole> } />
                <Route path=path!("/review") view=|| view! { <Whole><Review /></Whole> } />
                <Route path=path!("/walk/:kind") view=WalkPage />
                <Route path=path!("/help") view=Help />
            </Routes>
        </Frame>
    }
}
