//! Records of a kind, newest first, found by text and month.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use records::{Kind, Lang, RecordId, Right, pack::Nature};
use sync::Record;

use crate::{
    desk::use_desk,
    parts::{icon::Icon, timeline::Timeline},
    texts,
    view::history::list,
};

texts! {
    title: "记录", "Records";
    kinds: "哪一类", "Which kind";
    find: "找内容、姓名", "Find words or a name";
    month: "月份", "Month";
    nothing: "这里还没有记录。从“今日”的红按钮开始记。", "No records here yet. Begin with the red button on Today.";
    no_match: "没有找到。换个字，或者清空月份试试。", "Nothing found. Try another word, or clear the month.";
    add: "记一笔", "New";
}

/// The page `/records` and `/records/:kind`.
#[component]
pub fn Records() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let known = Memo::new(move |_| {
        let (pack, post) = (desk.pack(), desk.me().map(|me| me.post).unwrap_or_default());
        let mut kinds: Vec<Kind> =
            pack.kinds.values().filter(|k| pack.allows(&post, &k.name, Right::Read)).cloned().collect();
        let first = &pack.screens.first;
        kinds.sort_by_key(|k| {
            (first.iter().position(|f| *f == k.name).unwrap_or(first.len()), k.nature == Nature::Register)
        });
        kinds
    });
    let kind = Memo::new(move |_| {
        let asked = params.read().get("kind");
        known.with(|all| all.iter().find(|k| Some(&k.name) == asked.as_ref()).or(all.first()).cloned())
    });
    let chip = move |other: Kind| {
        let name = other.name.clone();
        let is_it = move || kind.with(|kind| kind.as_ref().is_some_and(|kind| kind.name == name));
        let current = is_it.clone();
        view! {
            <li>
                <A
                    href=format!("/records/{}", other.name)
                    attr:class=move || if is_it() { "tab lit" } else { "tab" }
                    attr:aria-current=move || current().then_some("page")
                >
                    {move || other.label.get(desk.lang()).to_owned()}
                </A>
            </li>
        }
    };
    view! {
        <div class="page">
            <div class="page-head"><h1>{move || title(desk.lang())}</h1></div>
            <nav aria-label=move || kinds(desk.lang())>
                <ul class="tabs">{move || known.get().into_iter().map(chip).collect_view()}</ul>
            </nav>
            {move || kind.get().map(|kind| view! { <Listing kind /> })}
        </div>
    }
    .into_any()
}

#[component]
fn Listing(kind: Kind) -> impl IntoView {
    let desk = use_desk();
    let (query, period) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (name, has_date) = (kind.name.clone(), kind.date.is_some());
    let events = Memo::new(move |_| {
        let (pack, query) = (desk.pack(), query.with(|q| q.trim().to_lowercase()));
        desk.read(|book| {
            // Names of people stand in many records; each is looked up once.
            let mut names = HashMap::new();
            let names = std::cell::RefCell::new(&mut names);
            let fits = |record: &Record| {
                query.is_empty()
                    || says(record, &query)
                    || links(record).any(|id| {
                        *names.borrow_mut().entry(id).or_insert_with(|| book.get(id).is_some_and(|r| says(r, &query)))
                    })
            };
            period.with(|month| list(&pack, book, &name, month, fits))
        })
    });
    let count = move || match (events.with(Vec::len), desk.lang()) {
        (n, Lang::Zh) => format!("{n} 条"),
        (1, Lang::En) => "1 record".into(),
        (n, Lang::En) => format!("{n} records"),
    };
    let is_asked = move || query.with(|q| !q.trim().is_empty()) || period.with(|m| !m.is_empty());
    let empty =
        Signal::derive(move || if is_asked() { no_match(desk.lang()) } else { nothing(desk.lang()) }.to_owned());
    let new = {
        let name = kind.name.clone();
        move || {
            let post = desk.me().map(|me| me.post).unwrap_or_default();
            desk.pack().allows(&post, &name, Right::Write).then(|| format!("/new/{name}?back=/records/{name}"))
        }
    };
    view! {
        <div class="filters">
            <input
                type="search"
                aria-label=move || find(desk.lang())
                placeholder=move || find(desk.lang())
                autocomplete="off"
                on:input=move |event| query.set(event_target_value(&event))
            />
            {has_date.then(|| view! {
                <label class="month">
                    <span>{move || month(desk.lang())}</span>
                    <input type="month" on:input=move |event| period.set(event_target_value(&event)) />
                </label>
            })}
            <span class="figures filters-count" role="status">{count}</span>
            {move || new().map(|href| view! { <A href=href attr:class="button"><Icon name="plus" /><span>{add(desk.lang())}</span></A> })}
        </div>
        <Timeline events empty says_whom=true />
    }
}

/// Whether any text of a record has these words.
fn says(record: &Record, query: &str) -> bool {
    record.names().any(|name| record.text(name).is_some_and(|text| text.to_lowercase().contains(query)))
}

fn links(record: &Record) -> impl Iterator<Item = RecordId> + '_ {
    let texts = record.names().filter_map(|name| record.text(name));
    texts.filter(|text| text.len() == 36).filter_map(|text| text.parse().ok())
}
