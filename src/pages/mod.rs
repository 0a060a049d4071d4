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
pub mod report;
pub mod review;
pub mod roster;
pub mod sign_in;
pub mod sync;
pub mod today;
pub mod trail;
pub mod walk;
pub mod workshop;

use leptos::prelude::*;

use crate::later::OfficePage;

/// A page of the office's desk.
pub fn office(page: OfficePage) -> AnyView {
    match page {
        OfficePage::Board => view! { <board::Board /> }.into_any(),
        OfficePage::Devices => view! { <devices::Devices /> }.into_any(),
        OfficePage::Erase => view! { <erase::ErasePage /> }.into_any(),
        OfficePage::Report => view! { <report::Report /> }.into_any(),
        OfficePage::ReportEdit => view! { <report::ReportEdit /> }.into_any(),
        OfficePage::ReportFigure => view! { <report::ReportFigure /> }.into_any(),
        OfficePage::Roster => view! { <roster::RosterPage /> }.into_any(),
        OfficePage::Trail => view! { <trail::Trail /> }.into_any(),
        OfficePage::Workshop => view! { <workshop::Workshop /> }.into_any(),
    }
}
