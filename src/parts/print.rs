//! Printing a page: a button, what is on paper alone, and whether one is printing. What is not of the page itself is left out
//! by the style sheet.

use gloo::{
    events::EventListener,
    utils::{document, window},
};
use leptos::prelude::*;
use records::{Lang, days};

use crate::{desk::use_desk, platform, texts};

texts! {
    printed: "打印日期", "Printed on";
    covered: "证件号码、电话已遮盖", "ID numbers and phones are covered";
    open: "含完整的证件号码或电话，请妥善保管", "holds whole ID numbers or phones: keep it safe";
}

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

/// Whether the page is being printed, by a button or by the browser's own command: what the screen folds away or has not made
/// can be made then.
pub fn use_printing() -> ReadSignal<bool> {
    let (is_printing, set) = signal(false);
    let on = |name, now| EventListener::new(&window(), name, move |_| _ = set.try_set(now));
    let paper = window().match_media("print").ok().flatten();
    let turned = paper.map(|paper| {
        let is_paper = paper.clone();
        EventListener::new(&paper, "change", move |_| _ = set.try_set(is_paper.matches()))
    });
    let listeners = StoredValue::new_local((on("beforeprint", true), on("afterprint", false), turned));
    on_cleanup(move || listeners.dispose());
    is_printing
}

/// On paper alone: when it was printed, and whether private numbers stand in full on it.
#[component]
pub fn PrintNote() -> impl IntoView {
    let desk = use_desk();
    let is_printing = use_printing();
    let note = move || {
        let lang = desk.lang();
        let is_open = document().query_selector(".masked.is-open").is_ok_and(|found| found.is_some());
        let numbers = if is_open { open(lang) } else { covered(lang) };
        format!("{} {} · {numbers}", printed(lang), days::write(platform::today()))
    };
    view! { <Show when=move || is_printing.get()><p class="print-only print-note">{note}</p></Show> }
}
