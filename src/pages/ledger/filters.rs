//! What narrows a ledger: days, words, and a value of every dimension its kind knows.

use jiff::civil::date;
use leptos::prelude::*;
use records::{Kind, days, figures::Period};

use crate::{
    desk::use_desk,
    pages::report::key_name,
    texts,
    view::ledger::{Wish, occurring},
};

texts! {
    find: "找内容、姓名、电话", "Find words, a name, a number";
    from: "从", "From";
    to: "到", "To";
    all: "全部", "All";
    narrow: "筛选", "Filter";
}

/// The filters; what is chosen goes into `wish`.
#[component]
pub fn Filters(kind: StoredValue<Kind>, wish: RwSignal<Wish>) -> impl IntoView {
    let desk = use_desk();
    let (first, last) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let bound = move || {
        let (from, to) = (days::parse(&first.get_untracked()), days::parse(&last.get_untracked()));
        // One end alone leaves the other open.
        let period = (from.is_some() || to.is_some())
            .then(|| Period { from: from.unwrap_or(date(1900, 1, 1)), to: to.unwrap_or(date(2999, 12, 31)) });
        wish.update(|wish| wish.filter.period = period);
    };
    let has_date = kind.with_value(|kind| kind.date.is_some());
    let values = Memo::new(move |_| {
        let pack = desk.pack();
        desk.read(|book| kind.with_value(|kind| occurring(&pack, book, kind)))
    });
    let selects = move || {
        let pack = desk.pack();
        let one = |dimension: &records::pack::Dimension| {
            let keys = values.with(|all| all.get(&dimension.name).cloned()).filter(|keys| keys.len() > 1)?;
            let name = dimension.name.clone();
            let mut options: Vec<_> = keys.into_iter().map(|key| (key_name(desk, &name, &key), key)).collect();
            options.sort();
            let chosen = wish.with_untracked(|wish| wish.filter.at.get(&name).cloned());
            let options = options.into_iter().map(|(label, key)| {
                let is_chosen = chosen.as_ref() == Some(&key);
                view! { <option value=key selected=is_chosen>{label}</option> }
            });
            let options = options.collect_view();
            let choose = move |event| {
                let key = event_target_value(&event);
                wish.update(|wish| match key.is_empty() {
                    true => drop(wish.filter.at.remove(&name)),
                    false => drop(wish.filter.at.insert(name.clone(), key)),
                });
            };
            Some(view! {
                <label class="month">
                    <span>{dimension.label.get(desk.lang()).to_owned()}</span>
                    <select on:change=choose><option value="">{all(desk.lang())}</option>{options}</select>
                </label>
            })
        };
        pack.dimensions.iter().filter_map(one).collect_view()
    };
    let chosen = move || {
        let count = wish.with(|wish| wish.filter.at.len() + usize::from(wish.filter.period.is_some()));
        (count > 0).then(|| view! { <b class="is-amber">{format!("◐ {count}")}</b> })
    };
    view! {
        <div class="filters">
            <input
                type="search"
                aria-label=move || find(desk.lang())
                placeholder=move || find(desk.lang())
                autocomplete="off"
                on:input=move |event| wish.update(|wish| wish.query = event_target_value(&event))
            />
        </div>
        <details class="folded">
            <summary>{move || narrow(desk.lang())} {chosen}</summary>
            <div class="filters">
            {has_date.then(|| view! {
                <label class="month">
                    <span>{move || from(desk.lang())}</span>
                    <input type="date" on:change=move |event| { first.set(event_target_value(&event)); bound() } />
                </label>
                <label class="month">
                    <span>{move || to(desk.lang())}</span>
                    <input type="date" on:change=move |event| { last.set(event_target_value(&event)); bound() } />
                </label>
            })}
            {selects}
            </div>
        </details>
    }
}
