//! Choices as large chips one can hit with a thumb, or as a list where the pack asks for little room. They keep their places, for
//! the thumb learns them; the writer's own last ones are offered once more above a long list.

use std::collections::BTreeMap;

use leptos::prelude::*;
use records::{FieldType, Right, Text, Value, pack::Choice};

use super::{
    ask::Ask,
    field::{no, yes},
    long::Long,
};
use crate::{texts, view::habit::last_choices};

/// Choices from which on the writer's own last ones are offered above: fewer are seen at a glance.
const MANY: usize = 7;
/// Choices above which they are searched through: of more than these only those in sight are in the page.
const LONG: usize = 50;
/// Own last ones offered.
const OFFERED: usize = 3;

texts! {
    lately: "最近用过", "Lately";
}

fn chosen(value: &Value, name: &str) -> bool {
    match value {
        Value::String(one) => one == name,
        Value::Array(many) => many.iter().any(|v| v.as_str() == Some(name)),
        _ => false,
    }
}

/// The choices left by the filter; and what is chosen without being left, so that it can be taken off.
fn choices(ask: Ask) -> Memo<Vec<Choice>> {
    Memo::new(move |_| {
        let Some(asked) = ask.question() else { return Vec::new() };
        let unseen = picked(ask).into_iter().filter(|one| !asked.choices.iter().any(|choice| choice.name == one.name));
        asked.choices.iter().cloned().chain(unseen).collect()
    })
}

/// What is chosen, under the labels of the list that it is of.
pub fn picked(ask: Ask) -> Vec<Choice> {
    let value = ask.value();
    let names: Vec<&str> = match &value {
        Value::String(name) => vec![name],
        value => value.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
    };
    if names.is_empty() {
        return Vec::new();
    }
    let (pack, list) = (
        ask.form.pack(),
        ask.field.try_with_value(|field| match &field.r#type {
            FieldType::SelectOne(list) | FieldType::SelectMultiple(list) => list.clone(),
            _ => String::new(),
        }),
    );
    let list = list.unwrap_or_default();
    let known = |name: &str| pack.choices.get(&list)?.iter().find(|choice| choice.name == name).cloned();
    let bare = |name: &str| Choice { name: name.into(), label: Text::new(name, name), columns: BTreeMap::new() };
    names.into_iter().map(|name| known(name).unwrap_or_else(|| bare(name))).collect()
}

/// Whether there are so many choices that they are searched through.
fn is_long(ask: Ask) -> Memo<bool> {
    Memo::new(move |_| ask.question().is_some_and(|asked| asked.choices.len() > LONG))
}

/// The writer's own last choices, as they were when the form opened.
fn own_last(ask: Ask) -> Vec<String> {
    untrack(|| {
        let desk = ask.form.desk();
        let is_long = ask.row.is_none() && ask.question().is_some_and(|q| q.choices.len() >= MANY);
        if !is_long {
            return Vec::new();
        }
        let account = desk.me().map(|me| me.account).unwrap_or_default();
        let kind = ask.form.kind_name();
        let field = ask.field.with_value(|field| field.name.clone());
        desk.read(|book| last_choices(book, &kind, &field, &account, OFFERED))
    })
}

/// They are buttons of their own above the list, so that nothing in it moves.
fn offered(ask: Ask, all: Memo<Vec<Choice>>) -> impl IntoView {
    let desk = ask.form.desk();
    let last = own_last(ask);
    let shown = Memo::new(move |_| {
        let of = |name: &String| all.with(|all| all.iter().find(|choice| choice.name == *name).cloned());
        last.iter().filter_map(of).collect::<Vec<_>>()
    });
    let button = move |choice: Choice| {
        let name = choice.name;
        view! {
            <button type="button" class="button quiet" on:click=move |_| ask.set(name.clone().into())>
                {move || choice.label.get(desk.lang()).to_owned()}
            </button>
        }
    };
    view! {
        <Show when=move || shown.with(|shown| !shown.is_empty())>
            <p class="lately" role="group" aria-label=move || format!("{} {}", lately(desk.lang()), ask.label())>
                <small>{move || lately(desk.lang())}</small>
                {move || shown.get().into_iter().map(button).collect_view()}
            </p>
        </Show>
    }
}

/// A second tap on what is chosen takes it back, where an answer is not needed: a radio button by itself never lets go.
fn lets_go(ask: Ask, is_on: bool) {
    if is_on && !ask.is_required() {
        ask.set(Value::Null);
    }
}

/// One choice as a chip.
pub fn chip(ask: Ask, many: bool, choice: Choice) -> impl IntoView {
    let (desk, id) = (ask.form.desk(), ask.id());
    let (name, label) = (choice.name.clone(), choice.label);
    let is_on = {
        let name = name.clone();
        move || chosen(&ask.value(), &name)
    };
    let again = {
        let name = name.clone();
        move |_| {
            // Asked before the box changes: a click on a fresh choice finds it not chosen yet.
            if !many {
                lets_go(ask, chosen(&ask.value(), &name));
            }
        }
    };
    let change = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        if many {
            let value = ask.value();
            let old = value.as_array().cloned().unwrap_or_default();
            let mut list: Vec<Value> = old.into_iter().filter(|v| v.as_str() != Some(&name)).collect();
            if on {
                list.push(name.clone().into());
            }
            ask.set(if list.is_empty() { Value::Null } else { list.into() });
        } else {
            ask.set(name.clone().into());
        }
    };
    view! {
        <label class="choice">
            <input type=if many { "checkbox" } else { "radio" } name=id.clone() prop:checked=is_on on:click=again on:change=change />
            <span>{move || label.get(desk.lang()).to_owned()}</span>
        </label>
    }
}

/// One of them, or several.
pub fn chips(ask: Ask, many: bool) -> AnyView {
    let is_long = is_long(ask);
    (move || if is_long.get() { view! { <Long ask many /> }.into_any() } else { few(ask, many) }).into_any()
}

fn few(ask: Ask, many: bool) -> AnyView {
    let chip = move |choice: Choice| chip(ask, many, choice);
    let all = choices(ask);
    let lately = (!many).then(|| offered(ask, all));
    let role = if many { "group" } else { "radiogroup" };
    view! { {lately} <div class="choices" role=role aria-label=move || ask.label() aria-invalid=move || ask.is_wrong().filter(|_| !many)><For each=move || all.get() key=|c| c.name.clone() children=chip /></div> }.into_any()
}

/// A list that opens.
pub fn drop_down(ask: Ask) -> AnyView {
    let is_long = is_long(ask);
    (move || if is_long.get() { view! { <Long ask many=false /> }.into_any() } else { opening(ask) }).into_any()
}

fn opening(ask: Ask) -> AnyView {
    let desk = ask.form.desk();
    let all = choices(ask);
    let option = move |choice: Choice| {
        let (name, label) = (choice.name, choice.label);
        let own = name.clone();
        view! {
            <option value=name selected=move || chosen(&ask.value(), &own)>{move || label.get(desk.lang()).to_owned()}</option>
        }
    };
    let change = move |event| {
        let name = event_target_value(&event);
        ask.set(if name.is_empty() { Value::Null } else { name.into() });
    };
    view! {
        <select id=ask.id() on:change=change aria-describedby=format!("{}-note", ask.id()) aria-invalid=move || ask.is_wrong()>
            <option value="">"—"</option>
            <For each=move || all.get() key=|c| c.name.clone() children=option />
        </select>
    }
    .into_any()
}

/// A colleague who may see such records, by name and post; what is kept is the account. A value nobody here goes by stays
/// as it is.
pub fn colleague(ask: Ask) -> AnyView {
    let desk = ask.form.desk();
    let (pack, me) = untrack(|| (desk.pack(), desk.me()));
    let mut all = me.map(|me| me.colleagues).unwrap_or_default();
    let kind = ask.form.kind_name();
    all.retain(|one| pack.allows(&one.post, &kind, Right::Read));
    let post = |name: &str| pack.post(name).map(|post| post.label.clone()).unwrap_or_default();
    let mut all: Vec<(String, String, Text)> =
        all.into_iter().map(|one| (one.account, one.name, post(&one.post))).collect();
    let now = untrack(|| ask.value()).as_str().unwrap_or_default().to_owned();
    if !now.is_empty() && !all.iter().any(|(account, ..)| *account == now) {
        all.push((now.clone(), now, Text::default()));
    }
    let option = move |(account, name, post): (String, String, Text)| {
        let own = account.clone();
        let said = move || format!("{name} · {}", post.get(desk.lang())).trim_end_matches([' ', '·']).to_owned();
        view! { <option value=account selected=move || ask.value().as_str() == Some(&own)>{said}</option> }
    };
    let change = move |event| {
        let account = event_target_value(&event);
        ask.set(if account.is_empty() { Value::Null } else { account.into() });
    };
    view! {
        <select
            id=ask.id()
            on:change=change
            aria-describedby=format!("{}-note", ask.id())
            aria-invalid=move || ask.is_wrong()
        >
            <option value="">"—"</option>
            {all.into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}

/// Yes or no; neither until asked.
pub fn yes_no(ask: Ask) -> AnyView {
    let desk = ask.form.desk();
    let id = ask.id();
    let chip = move |answer: bool, text: fn(records::Lang) -> &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=id.clone()
                    prop:checked=move || ask.value().as_bool() == Some(answer)
                    on:click=move |_| lets_go(ask, ask.value().as_bool() == Some(answer))
                    on:change=move |_| ask.set(answer.into())
                />
                <span>{move || text(desk.lang())}</span>
            </label>
        }
    };
    view! { <div class="choices" role="radiogroup" aria-label=move || ask.label() aria-invalid=move || ask.is_wrong()>{chip(true, yes)} {chip(false, no)}</div> }.into_any()
}
