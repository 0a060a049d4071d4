//! Several other records: each chosen one a chip that can be taken off again, a box to find the next, and a list to take
//! forty from at once.

use leptos::{html, prelude::*};
use records::{RecordId, Value};

use super::{ask::Ask, list::List, picker::apart};
use crate::{
    parts::{icon::Icon, search::Finder},
    texts,
};

texts! {
    find: "再加一个：名字、拼音、门牌、电话尾号", "Add one: name, pinyin, flat, last digits";
    take_off: "去掉", "Take off";
    none: "没有找到，换个写法试试。", "Nothing found. Try it another way.";
    from_list: "从名单里选，可以全选", "Choose from a list, many at once";
    all: "全部显示", "Show all";
    clear: "全部去掉", "Take all off";
    chosen_now: "已选", "Chosen:";
}

/// Matches shown.
const ROWS: usize = 8;
/// Chips shown before the rest is folded away.
const CHIPS: usize = 12;

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
    let (query, unfolded) = (RwSignal::new(String::new()), RwSignal::new(false));
    let dialog = NodeRef::<html::Dialog>::new();
    let chosen = Memo::new(move |_| {
        let members = ask.value();
        let ids = members.as_array().into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok());
        ids.collect::<Vec<RecordId>>()
    });
    let set = Callback::new(move |ids: Vec<RecordId>| {
        let members: Vec<Value> = ids.into_iter().map(|id| id.to_string().into()).collect();
        ask.set(if members.is_empty() { Value::Null } else { members.into() });
    });
    let of = kind.clone();
    let found = Memo::new(move |_| {
        let hits = query.with(|query| finder.find(query, Some(&of), ROWS));
        hits.into_iter().map(|hit| hit.id).filter(|id| chosen.with(|all| !all.contains(id))).collect::<Vec<_>>()
    });
    let chip = move |id: RecordId| {
        let label = move || format!("{} {}", take_off(desk.lang()), desk.title_of(id));
        let off = move |_| set.run(chosen.get_untracked().into_iter().filter(|other| *other != id).collect());
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
            set.run(all);
            query.set(String::new());
        };
        view! {
            <li>
                <button type="button" class="row" on:click=add>
                    <Icon name="plus" /><span class="row-title">{desk.title_of(id)} <small>{apart(desk, id)}</small></span>
                </button>
            </li>
        }
    };
    let shown = move || {
        let most = if unfolded.get() { usize::MAX } else { CHIPS };
        chosen.get().into_iter().take(most).collect::<Vec<_>>()
    };
    let is_folded = move || !unfolded.get() && chosen.with(|all| all.len() > CHIPS);
    // Enter takes the first match; it must not save the form while a name is being typed.
    let enter = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            if let Some(first) = found.with_untracked(|all| all.first().copied()) {
                let all = chosen.get_untracked().into_iter().chain([first]).collect();
                set.run(all);
                query.set(String::new());
            }
        }
    };
    let open = RwSignal::new(false);
    let show = move |_| {
        open.set(true);
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    let hide = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <div class="many">
            <p class="many-count" aria-live="polite">
                <b>{move || chosen_now(desk.lang())} " " <span class="figures">{move || chosen.with(Vec::len)}</span></b>
                <Show when=is_folded>
                    <button type="button" class="button quiet" on:click=move |_| unfolded.set(true)>{move || all(desk.lang())}</button>
                </Show>
                <Show when=move || chosen.with(|all| all.len() > 1)>
                    <button type="button" class="button quiet" on:click=move |_| ask.take_off(Value::Null)>{move || clear(desk.lang())}</button>
                </Show>
            </p>
            <ul class="choices"><For each=shown key=|id| *id children=chip /></ul>
            <button type="button" class="button" aria-haspopup="dialog" on:click=show>
                <Icon name="list" /><span>{move || from_list(desk.lang())}</span>
            </button>
            <input
                id=ask.id()
                type="search"
                aria-describedby=format!("{}-note", ask.id())
                aria-invalid=move || ask.is_wrong()
                placeholder=move || find(desk.lang())
                autocomplete="off"
                prop:value=move || query.get()
                on:input=move |event| query.set(event_target_value(&event))
                on:keydown=enter
            />
            <ul class="rows" hidden=move || query.with(|q| q.trim().is_empty())>
                {move || found.get().into_iter().map(hit).collect_view()}
                <Show when=move || found.with(|all| all.is_empty())><li class="empty">{move || none(desk.lang())}</li></Show>
            </ul>
            <dialog node_ref=dialog class="finder" aria-label=move || from_list(desk.lang()) on:close=move |_| open.set(false)>
                {
                    let kind = StoredValue::new(kind);
                    move || open.get().then(|| view! { <List kind=kind.get_value() chosen set close=Callback::new(move |()| hide()) /> })
                }
            </dialog>
        </div>
    }
}
