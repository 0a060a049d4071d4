//! A button that prints the page: what is not of the page itself is left out by the style sheet.

use leptos::prelude::*;
use records::Lang;

use crate::{desk::use_desk, platform};

/// The button.
#[component]
pub fn PrintButton(
    /// What it says.
    label: fn(Lang) -> &'static str,
) -> impl IntoView {
    let desk = use_desk();
    view! {
        <button type="button" class="button quiet" on:click=|_| platform::print()>{move || label(desk.lang())}</button>
    }
}
