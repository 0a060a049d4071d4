//! Several other records: each chosen one a chip that can be taken off again, and a box to find the next.

use leptos::prelude::*;
use records::{RecordId, Value};

use super::field::Ask;
use crate::{
    parts::{icon::Icon, search::Finder},
    texts,
};

texts! {
    find: "再加一个：名字、门牌、电话尾号", "Add one: name, flat, last digits";
    take_off: "去掉", "Take off";
    none: "没有找到，换个写法试试。", "Nothing found. Try it another way.";
}

/// Matches shown.
const ROWS: usize = 8;

/// The control.
#[component]
pub fn Many(
    /// Where the answer goes.
    ask: Ask,
    /// The kind to choose from.
    kind: String,
) -> impl IntoView {
    let desk = ask.form.desk();
    let finder = Finder::here();
    let query = RwSignal::new(String::new());
    let chosen = Memo::new(move |_| {
        let members = ask.value();
        let ids = members.as_array().into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok());
        ids.collect::<Vec<RecordId>>()
    });
    let set = move |ids: Vec<RecordId>| {
        let members: Vec<Value> = ids.into_iter().map(|id| id.to_string().into()).collect();
        ask.set(if members.is_empty() { Value::Null } else { members.into() });
    };
    let found = Memo::new(move |_| {
        let hits = query.with(|query| finder.find(query, Some(&kind), ROWS));
        hits.into_iter().map(|hit| hit.id).filter(|id| chosen.with(|all| !all.contains(id))).collect::<Vec<_>>()
    });
    let chip = move |id: RecordId| {
        let label = move || format!("{} {}", take_off(desk.lang()), desk.title_of(id));
        let off = move |_| set(chosen.get_untracked().into_iter().filter(|other| *other != id).collect());
        view! {
            <li class="picked">
                <span>{move || desk.title_of(id)}</span>
                <button type="button" class="button quiet" aria-label=label on:click=off><Icon name="close" /></button>
            </li>
        }
    };
    let hit = move |id: RecordId| {
        let add = move |_| {
            let mut all = chosen.get_untracked();
            all.push(id);
            set(all);
            query.set(String::new());
        };
        view! {
            <li>
                <button type="button" class="row" on:click=add>
                    <Icon name="plus" /><span class="row-title">{desk.title_of(id)} <small>{finder.note(id)}</small></span>
                </button>
            </li>
        }
    };
    view! {
        <ul class="choices"><For each=move || chosen.get() key=|id| *id children=chip /></ul>
        <input
            id=ask.id()
            type="search"
            aria-describedby=format!("{}-note", ask.id())
            placeholder=move || find(desk.lang())
            autocomplete="off"
            prop:value=move || query.get()
            on:input=move |event| query.set(event_target_value(&event))
        />
        <ul class="rows" hidden=move || query.with(|q| q.trim().is_empty())>
            {move || found.get().into_iter().map(hit).collect_view()}
            <Show when=move || found.with(|all| all.is_empty())><li class="empty">{move || none(desk.lang())}</li></Show>
        </ul>
    }
}
