//! The ledger on paper, when the browser prints the page: all its rows and columns, not the few in sight. Private numbers stay
//! covered as on the screen; the office's own print has them whole.

use leptos::prelude::*;
use records::{
    Field, Kind, days,
    ledger::{Cell, columns},
    words,
};

use crate::{
    desk::use_desk,
    pages::report::build,
    parts::print::{PrintNote, use_printing},
    platform,
    view::ledger::Ledger,
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
    let (kind, lang) = (kind.get_value(), desk.lang());
    let table = found.with(|found| build(desk, |builder| builder.sheet(&kind, &found.ids)));
    let columns = columns(&kind);
    let cell = |(field, cell): (&&Field, &Cell)| {
        let class = if cell.is_number() { "is-number" } else { "" };
        view! { <td class=class>{words::covered(field, cell.text(lang))}</td> }
    };
    let row = |cells: &Vec<Cell>| view! { <tr>{columns.iter().zip(cells).map(cell).collect_view()}</tr> };
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
