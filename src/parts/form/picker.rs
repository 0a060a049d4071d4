//! Choosing another record: who, which household, which building. Found by typing part of a name.

use leptos::{html, prelude::*};
use records::{
    Lang, RecordId, Value,
    pack::{ANY, Nature},
    words,
};
use sync::Record;

use super::ask::Ask;
use crate::{
    desk::Desk,
    parts::{icon::Icon, search::Finder},
    platform, texts,
    view::{
        gone::Departed,
        history::people,
        pick::{Sought, offer},
    },
};

texts! {
    choose: "选择", "Choose";
    change: "换一个", "Change";
    clear: "不选", "None";
    find: "名字、拼音、门牌、电话尾号", "Name, pinyin, flat, last digits";
    close: "关闭", "Close";
    none: "没有找到，换个写法试试。", "Nothing found. Try it another way.";
    this_home: "这一户", "This household";
    related: "有关的", "Related";
    others: "其他", "Others";
    to_find: "找其他的：写名字、拼音、门牌或电话尾号。", "To find others, type a name, pinyin, a flat or last digits.";
}

/// A record that can be chosen: its title, and what tells it from others of that title.
type Line = (RecordId, String, String);

/// What is offered.
#[derive(Clone, Debug, Default, PartialEq)]
struct Listed {
    near: Vec<Line>,
    others: Vec<Line>,
    waits: bool,
}

/// What tells a record from others of its title where one is chosen: a person's home and papers, who lives in a flat; and
/// what its kind says about itself.
pub fn apart(desk: Desk, id: RecordId) -> String {
    let pack = desk.pack();
    let Some((kind, fields)) = desk.read(|book| book.record(id)) else { return String::new() };
    let (apart, summary) = desk.context(|context| {
        let apart = words::apart(&pack, &kind, &fields, desk.lang(), context);
        (apart, words::summary(&pack, &kind, &fields, desk.lang(), context))
    });
    let doors = pack.screens.doors.as_ref();
    let lives_there = match doors.is_some_and(|doors| doors.household == kind) {
        true => desk.read(|book| people(&pack, book, id, platform::today())).0,
        false => Vec::new(),
    };
    let names: Vec<String> = lives_there.into_iter().take(NAMES).map(|id| desk.title_of(id)).collect();
    let mut parts = vec![names.join(" "), apart, summary];
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    parts.join(" · ")
}

/// Names shown of those who live in a flat.
const NAMES: usize = 3;
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
    let offered = Memo::new(move |_| {
        if !open.get() {
            return Listed::default();
        }
        let query = query.get().trim().to_lowercase();
        let pack = desk.pack();
        if kind.with_value(|kind| kind == ANY) {
            return Listed { others: lately(desk, &query), ..Listed::default() };
        }
        let Some(kind) = pack.kind(&kind.get_value()).cloned() else { return Listed::default() };
        let links = ask.form.links();
        // The register is found as everywhere in the app: by pinyin, flat and label too.
        let found: Vec<RecordId> = match kind.nature {
            Nature::Register => {
                finder.find(&query, Some(&kind.name), FOUND).into_iter().map(|entry| entry.id).collect()
            }
            Nature::Fact => Vec::new(),
        };
        let offer = desk.context(|context| {
            desk.read(|book| {
                let says = |record: &Record| {
                    let fields = record.values();
                    let searched =
                        kind.fields.iter().filter(|f| f.search).filter_map(|f| fields.get(&f.name)?.as_str());
                    let title = words::title(&pack, &kind.name, &fields, desk.lang(), context);
                    searched.chain([title.as_str()]).any(|text| text.to_lowercase().contains(&query))
                };
                let sought = match (query.is_empty(), found.is_empty()) {
                    (true, _) => Sought::All,
                    (false, false) => Sought::Found(&found),
                    (false, true) => Sought::Saying(&says),
                };
                let departed = Departed::new(&pack, book, context.today);
                offer(&pack, book, &kind, &links, &sought, &departed, ROWS)
            })
        });
        let lines = |ids: Vec<RecordId>| ids.into_iter().map(|id| (id, desk.title_of(id), apart(desk, id))).collect();
        Listed { near: lines(offer.near), others: lines(offer.others), waits: offer.waits }
    });
    let row = move |(id, title, note): Line| {
        let pick = move |_| {
            ask.set(id.to_string().into());
            hide();
        };
        view! {
            <li><button type="button" class="row" on:click=pick><span></span><span class="row-title">{title} <small>{note}</small></span></button></li>
        }
    };
    let section = move |head: fn(Lang) -> &'static str, lines: Vec<Line>| {
        (!lines.is_empty()).then(|| {
            view! {
                <h3 class="finder-part">{head(desk.lang())}</h3>
                <ul class="rows">{lines.into_iter().map(row).collect_view()}</ul>
            }
        })
    };
    let is_of_people = move || {
        let pack = desk.pack();
        pack.screens.doors.as_ref().is_some_and(|doors| kind.with_value(|kind| *kind == doors.person))
    };
    let listed = move || {
        let Listed { near, others, .. } = offered.get();
        if near.is_empty() {
            return view! { <ul class="rows">{others.into_iter().map(row).collect_view()}</ul> }.into_any();
        }
        let close = if is_of_people() { this_home } else { related };
        view! { {section(close, near)} {section(self::others, others)} }.into_any()
    };
    let rest = move || {
        let (is_empty, waits) = offered.with(|o| (o.near.is_empty() && o.others.is_empty(), o.waits));
        match (waits, is_empty) {
            (true, _) => Some(to_find(desk.lang())),
            (false, true) => Some(none(desk.lang())),
            (false, false) => None,
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
            <div class="finder-list">
                {listed}
                <p class="empty" role="status">{move || open.get().then(rest).flatten()}</p>
            </div>
        </dialog>
    }
}
