//! Choices as large chips one can hit with a thumb, or as a list where the pack asks for little room.

use leptos::prelude::*;
use records::{Value, pack::Choice};

use super::field::{Ask, no, yes};

fn chosen(value: &Value, name: &str) -> bool {
    match value {
        Value::String(one) => one == name,
        Value::Array(many) => many.iter().any(|v| v.as_str() == Some(name)),
        _ => false,
    }
}

fn choices(ask: Ask) -> Memo<Vec<Choice>> {
    Memo::new(move |_| ask.question().map(|q| q.choices).unwrap_or_default())
}

/// One of them, or several.
pub fn chips(ask: Ask, many: bool) -> AnyView {
    let desk = ask.form.desk();
    let id = ask.id();
    let chip = move |choice: Choice| {
        let (name, label) = (choice.name.clone(), choice.label);
        let is_on = {
            let name = name.clone();
            move || chosen(&ask.value(), &name)
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
                <input type=if many { "checkbox" } else { "radio" } name=id.clone() prop:checked=is_on on:change=change />
                <span>{move || label.get(desk.lang()).to_owned()}</span>
            </label>
        }
    };
    let all = choices(ask);
    view! { <div class="choices"><For each=move || all.get() key=|c| c.name.clone() children=chip /></div> }.into_any()
}

/// A list that opens.
pub fn drop_down(ask: Ask) -> AnyView {
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
        <select id=ask.id() on:change=change aria-describedby=format!("{}-note", ask.id())>
            <option value="">"—"</option>
            <For each=move || all.get() key=|c| c.name.clone() children=option />
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
                    on:change=move |_| ask.set(answer.into())
                />
                <span>{move || text(desk.lang())}</span>
            </label>
        }
    };
    view! { <div class="choices">{chip(true, yes)} {chip(false, no)}</div> }.into_any()
}
