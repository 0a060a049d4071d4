//! The ledger on paper, when the browser prints the page: all its rows and columns, not the few in sight. Private numbers stay
//! covered as on the screen; the office's own print has them whole.

use leptos::prelude::*;
use records::{
    Kind, days,
    ledger::{Cell, columns},
    words,
};

use crate::{
    desk::use_desk,
    parts::print::{PrintNote, use_printing},
    platform,
    view::ledger::{Ledger, Names, sheet},
};

/// The table; made while the page is being printed.
#[component]
pub fn OnPaper(kind: StoredValue<Kind>, found: Memo<Ledger>) -> impl IntoView {
    let is_printing = use_printing();
    view! {
        <PrintNote />
        <Show when=move || is_printing.get()><Whole kind found /></Show>
    }
}

#[component]
fn Whole(kind: StoredValue<Kind>, found: Memo<Ledger>) -> impl IntoView {
    let desk = use_desk();
    let (pack, lang) = (desk.pack(), desk.lang());
    let (title, person) = (|id| desk.plain_title_of(id), |account: &str| desk.name_of(account));
    let names = Names::new(&title, &person);
    let table = kind
        .with_value(|kind| found.with(|found| desk.read(|book| sheet(&pack, book, kind, &found.ids, lang, &names))));
    let is_private: Vec<bool> = kind.with_value(|kind| columns(kind).into_iter().map(words::is_masked).collect());
    let cell = |(at, cell): (usize, &Cell)| {
        let is_number = matches!(cell, Cell::Number(_) | Cell::Fen(_));
        let text = cell.text(lang);
        let text = if is_private.get(at) == Some(&true) { records::identity::mask_id(&text) } else { text };
        view! { <td class=if is_number { "is-number" } else { "" }>{text}</td> }
    };
    let row = |cells: &Vec<Cell>| view! { <tr>{cells.iter().enumerate().map(cell).collect_view()}</tr> };
    let heads = table.heads.iter().cloned().map(|head| view! { <th>{head}</th> }).collect_view();
    let head = format!("{} · {} · {}", table.name, days::write(platform::today()), table.rows.len());
    view! {
        <div class="print-only">
            <table class="print-table is-wide">
                <caption>{head}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{table.rows.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
