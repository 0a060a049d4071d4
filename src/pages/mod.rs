//! The pages: one file each, named as in the address.

pub mod act;
pub mod board;
pub mod building;
pub mod devices;
pub mod doors;
pub mod edit;
pub mod erase;
pub mod filling;
pub mod help;
pub mod household;
pub mod ledger;
pub mod mend;
pub mod new;
pub mod notice;
pub mod person;
pub mod record;
pub mod refused;
pub mod report;
pub mod review;
pub mod room;
pub mod roster;
pub mod sign_in;
pub mod sync;
pub mod today;
pub mod trail;
pub mod walk;
pub mod workshop;

use leptos::prelude::*;

use crate::{later::OfficePage, parts::whole::Whole};

/// A page of the office's desk.
pub fn office(page: OfficePage) -> AnyView {
    match page {
        OfficePage::Board => view! { <Whole><board::Board /></Whole> }.into_any(),
        OfficePage::Devices => view! { <devices::Devices /> }.into_any(),
        OfficePage::Erase => view! { <Whole><erase::ErasePage /></Whole> }.into_any(),
        OfficePage::Refused => view! { <refused::Refused /> }.into_any(),
        OfficePage::Report => view! { <Whole><report::Report /></Whole> }.into_any(),
        OfficePage::ReportEdit => view! { <Whole><report::ReportEdit /></Whole> }.into_any(),
        OfficePage::ReportFigure => view! { <Whole><report::ReportFigure /></Whole> }.into_any(),
        OfficePage::Roster => view! { <Whole><roster::RosterPage /></Whole> }.into_any(),
        OfficePage::Trail => view! { <trail::Trail /> }.into_any(),
        OfficePage::Workshop => view! { <workshop::Workshop /> }.into_any(),
    }
}
