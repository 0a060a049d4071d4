//! Which period, which place.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use records::{FieldType, days, figures::Period, order::natural};

use super::Sheet;
use crate::{
    desk::{Desk, use_desk},
    parts::icon::Icon,
    platform, texts,
    view::asked::{Asked, Span},
};

texts! {
    span: "多长时间", "How long";
    earlier: "往前", "Earlier";
    later: "往后", "Later";
    from: "从", "From";
    to: "到", "To";
    place: "范围", "Where";
    whole: "全社区", "The whole community";
}

/// The bar.
#[component]
pub fn Picker(sheet: Sheet) -> impl IntoView {
    let desk = use_desk();
    let asked = sheet.asked;
    let navigate = StoredValue::new_local(use_navigate());
    let go = move |next: Option<Asked>| {
        if let Some(next) = next {
            navigate.with_value(|navigate| navigate(&format!("/report?{}", next.query()), Default::default()));
        }
    };
    let spans = move || {
        let option = |span: Span| {
            view! {
                <option value=span.name() selected=move || asked.with(|a| a.span == span)>{move || span.label(desk.lang())}</option>
            }
        };
        Span::ALL.map(option).collect_view()
    };
    let change_span = move |event: leptos::ev::Event| {
        let name = event_target_value(&event);
        let span = Span::ALL.into_iter().find(|span| span.name() == name).unwrap_or(Span::Year);
        go(asked.get_untracked().of_span(span, platform::today()));
    };
    let end = move |is_from: bool| {
        move |event: leptos::ev::Event| {
            let Some(day) = days::parse(&event_target_value(&event)) else { return };
            let mut asked = asked.get_untracked();
            let Period { from, to } = asked.period;
            asked.period =
                if is_from { Period { from: day, to: to.max(day) } } else { Period { from: from.min(day), to: day } };
            go(Some(asked));
        }
    };
    let is_own = Memo::new(move |_| asked.with(|asked| asked.span == Span::Own));
    let places = Memo::new(move |_| places(desk));
    let place_options = move || {
        let here = asked.with(|asked| asked.within.as_ref().map(|(d, k)| format!("{d}:{k}")).unwrap_or_default());
        let option = |(value, name): (String, String)| {
            let is_here = value == here;
            view! { <option value=value selected=is_here>{name}</option> }
        };
        let all = std::iter::once((String::new(), whole(desk.lang()).to_owned())).chain(places.get());
        all.map(option).collect_view()
    };
    let change_place = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        let within = value.split_once(':').map(|(dimension, key)| (dimension.to_owned(), key.to_owned()));
        go(Some(Asked { within, ..asked.get_untracked() }));
    };
    view! {
        <div class="report-bar">
            <select aria-label=move || span(desk.lang()) on:change=change_span>{spans}</select>
            <button class="button" on:click=move |_| go(asked.get_untracked().stepped(false))>
                <Icon name="back" /><span class="visually-hidden">{move || earlier(desk.lang())}</span>
            </button>
            <b class="figures">{move || asked.with(|asked| asked.period.name(desk.lang()))}</b>
            <button class="button" on:click=move |_| go(asked.get_untracked().stepped(true))>
                <Icon name="forward" /><span class="visually-hidden">{move || later(desk.lang())}</span>
            </button>
            <Show when=move || is_own.get()>
                <input
                    type="date"
                    aria-label=move || from(desk.lang())
                    prop:value=move || asked.with(|asked| days::write(asked.period.from))
                    on:change=end(true)
                />
                <input
                    type="date"
                    aria-label=move || to(desk.lang())
                    prop:value=move || asked.with(|asked| days::write(asked.period.to))
                    on:change=end(false)
                />
            </Show>
            <select aria-label=move || place(desk.lang()) on:change=change_place>{place_options}</select>
        </div>
    }
}

/// Every part of the community one can ask for: records that a dimension leads to and that nothing personal is in.
fn places(desk: Desk) -> Vec<(String, String)> {
    let pack = desk.pack();
    let mut found = Vec::new();
    for dimension in &pack.dimensions {
        let Some(FieldType::Record(kind)) = pack.field_of(&dimension.name).map(|field| &field.r#type) else { continue };
        let is_place = pack.kinds.values().filter(|k| k.by.contains_key(&dimension.name)).count() > 3;
        if !is_place {
            continue;
        }
        let ids: Vec<_> = desk.read(|book| book.of_kind(kind).filter(|r| !r.is_void()).map(|r| r.id).collect());
        let mut named: Vec<(String, String)> =
            ids.into_iter().map(|id| (format!("{}:{id}", dimension.name), desk.title_of(id))).collect();
        named.sort_by_key(|(_, name)| natural(name));
        found.extend(named);
    }
    found
}

/// The part's name; empty for the whole.
pub fn place_name(desk: Desk, asked: &Asked) -> String {
    super::build(desk, |builder| builder.place_name(asked.within.as_ref()))
}
