//! The rows of a ledger. Only those in sight are in the page, however many there are.

use std::{borrow::Cow, collections::BTreeSet};

use leptos::{ev::KeyboardEvent, html, prelude::*};
use leptos_router::components::A;
use records::{
    Kind, RecordId,
    ledger::{Cell, columns},
    words,
};

use wasm_bindgen::JsCast;

use crate::{
    desk::{Desk, use_desk},
    texts,
    view::{
        builder::{Builder, Names},
        ledger::{Ledger, Wish},
    },
};

texts! {
    here: "待上传", "Waiting to upload";
    pick: "选", "Pick";
    pick_all: "全选", "Pick all";
    keys: "键盘：↑ ↓ 换行，空格选，回车打开，Ctrl+A 全选，Esc 取消选择", "Keys: ↑ ↓ to move, Space to pick, Enter to open, Ctrl+A for all, Esc for none";
}

/// Rows kept ready above and below what is in sight.
const MORE: usize = 8;
/// A row's height in pixels until one has been measured.
const GUESS: f64 = 48.0;

/// The table.
#[component]
pub fn Table(
    kind: StoredValue<Kind>,
    found: Memo<Ledger>,
    wish: RwSignal<Wish>,
    /// What is picked, for something to be done with all of it.
    picked: RwSignal<BTreeSet<RecordId>>,
) -> impl IntoView {
    let desk = use_desk();
    let frame = NodeRef::<html::Div>::new();
    // How tall a row is, how far the table is scrolled, how much of it is in sight; all in pixels.
    let seen = RwSignal::new((GUESS, 0.0, 800.0));
    let look = move || {
        // Called at the next frame, when the table may be gone already.
        let Some(frame) = frame.try_get_untracked().flatten() else { return };
        let row = frame.query_selector("tr.ledger-row").ok().flatten();
        let tall = row.map_or(GUESS, |row| row.get_bounding_client_rect().height()).max(1.0);
        _ = seen.try_set((tall, f64::from(frame.scroll_top()), f64::from(frame.client_height())));
    };
    // Measured once the first rows are in the page.
    Effect::new(move || {
        found.track();
        desk.elder();
        request_animation_frame(look);
    });
    let window = Memo::new(move |_| {
        let ((tall, top, height), all) = (seen.get(), found.with(|l| l.ids.len()));
        let first = ((top / tall) as usize).min(all).saturating_sub(MORE);
        (first, (first + (height / tall) as usize + 2 * MORE + 1).min(all))
    });
    let rows = Memo::new(move |_| {
        let (first, last) = window.get();
        found.with(|l| l.ids.get(first..last.min(l.ids.len())).unwrap_or_default().to_vec())
    });
    let above = move || format!("{}px", window.get().0 as f64 * seen.get().0);
    let below =
        move || format!("{}px", found.with(|l| l.ids.len()).saturating_sub(window.get().1) as f64 * seen.get().0);
    let heads = move || {
        let head = |field: &records::pack::Field| {
            let (name, label) = (field.name.clone(), field.label.get(desk.lang()).to_owned());
            let own = name.clone();
            let order = Memo::new(move |_| {
                wish.with(|wish| wish.sort.as_ref().filter(|(by, _)| *by == own).map(|(_, ascending)| *ascending))
            });
            let aria = move || order.get().map(|up| if up { "ascending" } else { "descending" });
            let mark = move || order.get().map_or("", |up| if up { " ↑" } else { " ↓" });
            let turn = move |_| {
                let next = order.get_untracked() != Some(true);
                wish.update(|wish| wish.sort = Some((name.clone(), next)));
            };
            view! { <th scope="col" aria-sort=aria><button type="button" on:click=turn>{label}{mark}</button></th> }
        };
        kind.with_value(|kind| columns(kind).into_iter().map(head).collect_view())
    };
    let all = move || (found.with(|l| l.ids.len()) + 1).to_string();
    // Rows that are out of sight are not in the page: first they come into sight, then they take the focus.
    let stand_at = move |at: usize| {
        let (Some(frame), Some(id)) = (frame.get_untracked(), found.with_untracked(|l| l.ids.get(at).copied())) else {
            return;
        };
        let ((tall, top, height), y) = (seen.get_untracked(), at as f64 * seen.get_untracked().0);
        if y < top {
            frame.set_scroll_top(y as i32);
        } else if y + 2.0 * tall > top + height {
            frame.set_scroll_top((y + 2.0 * tall - height).ceil() as i32);
        }
        look();
        request_animation_frame(move || {
            let link = frame.query_selector(&format!("tr[data-id='{id}'] a")).ok().flatten();
            if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
                _ = link.focus();
            }
        });
    };
    let turn = move |id: RecordId| picked.update(|picked| _ = picked.remove(&id) || picked.insert(id));
    let all_or_none = move |all: bool| {
        picked.set(if all { found.with_untracked(|l| l.ids.iter().copied().collect()) } else { BTreeSet::new() });
    };
    let press = move |event: KeyboardEvent| {
        let row = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let row = row.and_then(|target| target.closest("tr[data-id]").ok().flatten());
        let id = row.and_then(|row| row.get_attribute("data-id")).and_then(|id| id.parse::<RecordId>().ok());
        let at = id.and_then(|id| found.with_untracked(|l| l.ids.iter().position(|other| *other == id)));
        let last = found.with_untracked(|l| l.ids.len()).saturating_sub(1);
        let page = ((seen.get_untracked().2 / seen.get_untracked().0) as usize).saturating_sub(2).max(1);
        match (event.key().as_str(), at) {
            ("ArrowDown", at) => stand_at(at.map_or(0, |at| (at + 1).min(last))),
            ("ArrowUp", Some(at)) => stand_at(at.saturating_sub(1)),
            ("PageDown", Some(at)) => stand_at((at + page).min(last)),
            ("PageUp", Some(at)) => stand_at(at.saturating_sub(page)),
            ("Home", Some(_)) => stand_at(0),
            ("End", Some(_)) => stand_at(last),
            // The check box itself knows what a space means.
            (" ", Some(_)) if check_box(&event).is_none() => id.into_iter().for_each(turn),
            ("a", _) if event.ctrl_key() || event.meta_key() => all_or_none(true),
            ("Escape", _) => all_or_none(false),
            _ => return,
        }
        event.prevent_default();
    };
    let is_all = move || found.with(|l| !l.ids.is_empty() && picked.with(|p| l.ids.iter().all(|id| p.contains(id))));
    let label = move || kind.with_value(|kind| kind.label.get(desk.lang()).to_owned());
    view! {
        <div class="ledger-frame" node_ref=frame tabindex="0" role="region" aria-label=label on:scroll=move |_| look() on:keydown=press>
            <table class="ledger-table" aria-rowcount=all>
                <thead><tr>
                    <th scope="col" class="ledger-pick">
                        <label>
                            <input
                                type="checkbox"
                                aria-label=move || pick_all(desk.lang())
                                prop:checked=is_all
                                on:change=move |event| all_or_none(event_target_checked(&event))
                            />
                        </label>
                    </th>
                    {heads}
                </tr></thead>
                <tbody>
                    <tr aria-hidden="true"><td class="ledger-space" style:height=above></td></tr>
                    <For each=move || rows.get() key=|id| *id let:id><Row kind id picked /></For>
                    <tr aria-hidden="true"><td class="ledger-space" style:height=below></td></tr>
                </tbody>
            </table>
        </div>
        <p class="ledger-keys">{move || keys(desk.lang())}</p>
    }
}

/// The check box that a key went to, if it went to one.
fn check_box(event: &KeyboardEvent) -> Option<web_sys::HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

#[component]
fn Row(kind: StoredValue<Kind>, id: RecordId, picked: RwSignal<BTreeSet<RecordId>>) -> impl IntoView {
    let desk = use_desk();
    let is_picked = Memo::new(move |_| picked.with(|picked| picked.contains(&id)));
    let turn = move |event: leptos::ev::Event| {
        let is_in = event_target_checked(&event);
        picked.update(|picked| _ = if is_in { picked.insert(id) } else { picked.remove(&id) });
    };
    let waiting =
        move || desk.is_waiting(id).then(|| view! { <span class="badge is-amber">"◐ " {here(desk.lang())}</span> });
    let cells = move || {
        let cell = |(at, (text, is_number)): (usize, (String, bool))| {
            let text = match at {
                0 => {
                    let text = if text.is_empty() { desk.title_of(id) } else { text };
                    view! { <A href=format!("/record/{id}")>{text}</A> {waiting} }.into_any()
                }
                _ => text.into_any(),
            };
            view! { <td class=if is_number { "ledger-cell figures is-number" } else { "ledger-cell figures" }>{text}</td> }
        };
        kind.with_value(|kind| row(desk, kind, id).into_iter().enumerate().map(cell).collect_view())
    };
    let summary = move || {
        let pack = desk.pack();
        let (kind, fields) = desk.read(|book| book.record(id)).unwrap_or_default();
        desk.context(|context| words::summary(&pack, &kind, &fields, desk.lang(), context))
    };
    let day = move || {
        let date = kind.with_value(|kind| kind.date.clone());
        date.and_then(|date| desk.read(|book| book.get(id)?.text(&date).map(Cow::into_owned)))
    };
    view! {
        <tr class=move || if is_picked.get() { "ledger-row is-picked" } else { "ledger-row" } data-id=id.to_string()>
            <td class="ledger-pick">
                <label>
                    <input
                        type="checkbox"
                        tabindex="-1"
                        aria-label=move || format!("{} {}", pick(desk.lang()), desk.title_of(id))
                        prop:checked=is_picked
                        on:change=turn
                    />
                </label>
            </td>
            {cells}
            <td class="ledger-brief">
                <A href=format!("/record/{id}")>
                    <span class="row-title"><time>{day}</time> " " {move || desk.title_of(id)} {waiting}</span>
                    <span class="row-note">{summary}</span>
                </A>
            </td>
        </tr>
    }
}

/// The cells of a row as they are read, private numbers covered, and whether each is an amount. Names say here who is no longer
/// here.
fn row(desk: Desk, kind: &Kind, id: RecordId) -> Vec<(String, bool)> {
    let (pack, lang) = (desk.pack(), desk.lang());
    let (title, person) = (|id| desk.title_of(id), |account: &str| desk.name_of(account));
    let names = Names::new(&title, &person);
    desk.read(|book| {
        let builder = Builder { pack: &pack, records: book, may_read: &|_| true, names: &names, lang };
        let cell = |field| {
            let cell = book.get(id).map_or(Cell::Empty, |record| builder.cell(field, record));
            (words::covered(field, cell.text(lang)), cell.is_number())
        };
        columns(kind).into_iter().map(cell).collect()
    })
}
