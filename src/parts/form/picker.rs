//! Choosing another record: who, which household, which building. Found by typing part of a name.

use std::collections::HashSet;

use leptos::{html, prelude::*};
use records::{
    RecordId, Value,
    pack::{ANY, Nature},
    words,
};
use sync::Record;

use super::field::Ask;
use crate::{
    desk::Desk,
    parts::{icon::Icon, search::Finder},
    texts,
};

texts! {
    choose: "选择", "Choose";
    change: "换一个", "Change";
    clear: "不选", "None";
    find: "名字、拼音、门牌、电话尾号", "Name, pinyin, flat, last digits";
    close: "关闭", "Close";
    none: "没有找到，换个写法试试。", "Nothing found. Try it another way.";
}

/// Matches shown.
const ROWS: usize = 50;
/// Most that the register's own search may find for it.
const FOUND: usize = 200;
/// Records of each kind that are looked through for what the writer did last.
const LATELY: usize = 400;

/// What the writer recorded last, of whichever kind: where any record may be pointed at, it is one of these.
fn lately(desk: Desk, query: &str) -> Vec<(RecordId, String, String)> {
    let pack = desk.pack();
    let account = desk.me().map(|me| me.account).unwrap_or_default();
    desk.context(|context| {
        desk.read(|book| {
            let kinds = pack.kinds.values().filter(|kind| kind.date.is_some());
            let own = kinds.flat_map(|kind| {
                book.of_kind(&kind.name).rev().take(LATELY).filter(|r| *r.by == *account && !r.is_void())
            });
            let mut own: Vec<&Record> = own.collect();
            own.sort_by_key(|record| std::cmp::Reverse((record.made, record.id)));
            let line = own.into_iter().filter_map(|record| {
                let (kind, fields) = (pack.kind(&record.kind)?, record.values());
                let title = words::title(&pack, &kind.name, &fields, desk.lang(), context);
                let day = kind.date.as_ref().and_then(|date| record.text(date)).unwrap_or_default();
                let summary = words::summary(&pack, &kind.name, &fields, desk.lang(), context);
                let note = format!("{day} {summary}");
                let hit = [&title, &note].iter().any(|text| text.to_lowercase().contains(query));
                hit.then_some((record.id, title, note))
            });
            line.take(ROWS).collect()
        })
    })
}

/// The picker.
#[component]
pub fn Picker(
    /// Where the answer goes.
    ask: Ask,
    /// The kind to choose from.
    kind: String,
) -> impl IntoView {
    let desk = ask.form.desk();
    let dialog = NodeRef::<html::Dialog>::new();
    let (query, open) = (RwSignal::new(String::new()), RwSignal::new(false));
    let kind = StoredValue::new(kind);
    let picked = Memo::new(move |_| ask.value().as_str().and_then(|t| t.parse::<RecordId>().ok()));
    let show = move |_| {
        query.set(String::new());
        open.set(true);
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    let hide = move || {
        open.set(false);
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let finder = Finder::here();
    let matches = Memo::new(move |_| {
        if !open.get() {
            return Vec::new();
        }
        let query = query.get().trim().to_lowercase();
        let pack = desk.pack();
        if kind.with_value(|kind| kind == ANY) {
            return lately(desk, &query);
        }
        let Some(kind) = pack.kind(&kind.get_value()).cloned() else { return Vec::new() };
        let near = ask.form.links();
        // The register is found as everywhere in the app: by pinyin, flat and label too.
        let found: HashSet<RecordId> = match kind.nature {
            Nature::Register => {
                finder.find(&query, Some(&kind.name), FOUND).into_iter().map(|entry| entry.id).collect()
            }
            Nature::Fact => HashSet::new(),
        };
        desk.context(|context| {
            desk.read(|book| {
                // Who lives in the flat that the form is about comes before the other ten thousand.
                let close = near.iter().flat_map(|id| book.pointing_at(*id)).filter(|r| r.kind == kind.name);
                let close: Vec<&Record> = close.collect();
                let others = book.of_kind(&kind.name).filter(|r| !close.iter().any(|c| c.id == r.id));
                let all = close.iter().copied().chain(others).filter(|r| !r.is_void());
                let line = all.filter_map(|record| {
                    let fields = record.values();
                    let title = words::title(&pack, &kind.name, &fields, desk.lang(), context);
                    let searched =
                        kind.fields.iter().filter(|f| f.search).filter_map(|f| fields.get(&f.name)?.as_str());
                    let hit = query.is_empty()
                        || found.contains(&record.id)
                        || title.to_lowercase().contains(&query)
                        || searched.into_iter().any(|text| text.to_lowercase().contains(&query));
                    hit.then(|| (record.id, title, words::summary(&pack, &kind.name, &fields, desk.lang(), context)))
                });
                line.take(ROWS).collect::<Vec<_>>()
            })
        })
    });
    let row = move |(id, title, summary): (RecordId, String, String)| {
        let pick = move |_| {
            ask.set(id.to_string().into());
            hide();
        };
        view! {
            <li><button type="button" class="row" on:click=pick><span></span><span class="row-title">{title} <small>{summary}</small></span></button></li>
        }
    };
    // A label would hide from a screen reader what is chosen.
    let spoken = move || {
        // All that is seen on the button is in its name, for those who tell it to press what they see.
        let named = |id| format!("{} {}", desk.title_of(id), change(desk.lang()));
        let what = picked.get().map_or_else(|| choose(desk.lang()).to_owned(), named);
        format!("{} {what}", ask.field.with_value(|f| f.label.get(desk.lang()).to_owned()))
    };
    view! {
        <span class="picker">
            <button type="button" class="button" id=ask.id() aria-haspopup="dialog" aria-label=spoken on:click=show>
                {move || picked.get().map_or_else(|| choose(desk.lang()).to_owned(), |id| desk.title_of(id))}
                {move || picked.get().map(|_| view! { " " <small>{change(desk.lang())}</small> })}
            </button>
            <Show when=move || picked.get().is_some()>
                <button type="button" class="button quiet" on:click=move |_| ask.take_off(Value::Null)>{move || clear(desk.lang())}</button>
            </Show>
        </span>
        <dialog node_ref=dialog class="finder" aria-label=move || choose(desk.lang()) on:close=move |_| open.set(false)>
            <div class="finder-head">
                <input
                    type="search"
                    aria-label=move || find(desk.lang())
                    placeholder=move || find(desk.lang())
                    autocomplete="off"
                    prop:value=move || query.get()
                    on:input=move |event| query.set(event_target_value(&event))
                />
                <button type="button" class="button quiet" on:click=move |_| hide()><Icon name="close" /><span>{move || close(desk.lang())}</span></button>
            </div>
            <ul class="rows">{move || matches.get().into_iter().map(row).collect_view()}</ul>
            <Show when=move || open.get() && matches.get().is_empty()><p class="empty">{move || none(desk.lang())}</p></Show>
        </dialog>
    }
}
