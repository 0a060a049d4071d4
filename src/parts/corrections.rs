//! What was corrected in a record: who, when, why, from what to what.

use leptos::prelude::*;
use records::{Kind, Lang, RecordId, Value, pack::Nature};
use sync::{
    change::VOID,
    corrections::{Correction, Moved},
};
use wasm_bindgen_futures::spawn_local;

use crate::{desk::use_desk, pages::record::said, platform, texts};

texts! {
    why: "原因", "Why";
    empty: "没有填", "Empty";
    not_here: "以前的内容在办公室，连上网络就能看到。", "What stood there before is at the office; it shows once there is a network.";
    void: "作废", "Voided";
    unknown: "（本机没有）", "(not on this device)";
}

/// The list, folded; nothing for a record that stands as it was made. Opening it asks the office for what is not known here.
#[component]
pub fn Corrections(
    /// The record.
    id: RecordId,
) -> impl IntoView {
    let desk = use_desk();
    let all = Memo::new(move |_| desk.corrections(id));
    let kind = move || {
        let name = desk.read(|book| book.get(id).map(|record| record.kind.to_string()))?;
        desk.pack().kind(&name).cloned()
    };
    let head = move || {
        let is_fact = kind().is_some_and(|kind| kind.nature == Nature::Fact);
        match (all.with(Vec::len), is_fact, desk.lang()) {
            (n, true, Lang::Zh) => format!("更正 {n} 次"),
            (n, false, Lang::Zh) => format!("改过 {n} 次"),
            (1, true, Lang::En) => "Corrected once".to_owned(),
            (1, false, Lang::En) => "Changed once".to_owned(),
            (n, true, Lang::En) => format!("Corrected {n} times"),
            (n, false, Lang::En) => format!("Changed {n} times"),
        }
    };
    let is_away = RwSignal::new(false);
    let open = move |event: leptos::ev::Event| {
        if event_target::<web_sys::HtmlDetailsElement>(&event).open() {
            spawn_local(async move { _ = is_away.try_set(desk.ask_changes(id).await.is_err()) });
        }
    };
    let is_partly =
        move || is_away.get() && all.with(|all| all.iter().any(|one| one.fields.iter().any(|m| m.old.is_none())));
    view! {
        <Show when=move || all.with(|all| !all.is_empty())>
            <details class="folded corrections" on:toggle=open>
                <summary>{head}</summary>
                <ol>{move || all.get().into_iter().map(|one| view! { <li><One id kind=kind() one /></li> }).collect_view()}</ol>
                <Show when=is_partly><p class="note" role="status">{move || not_here(desk.lang())}</p></Show>
            </details>
        </Show>
    }
}

#[component]
fn One(id: RecordId, kind: Option<Kind>, one: Correction) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang();
    let value = |name: &str, value: Option<&Value>| match (value, kind.as_ref().and_then(|kind| kind.field(name))) {
        (None, _) => unknown(lang).into_any(),
        (Some(Value::Null), _) => empty(lang).into_any(),
        (Some(value), Some(field)) => said(desk, id, field, value),
        (Some(value), None) => value.as_str().map_or_else(|| value.to_string(), str::to_owned).into_any(),
    };
    let row = |Moved { field, old, new }: &Moved| {
        let label = match kind.as_ref().and_then(|kind| kind.field(field)) {
            Some(field) => field.label.get(lang).to_owned(),
            None if field == VOID => void(lang).to_owned(),
            None => return None,
        };
        Some(view! { <dt>{label}</dt><dd>{value(field, old.as_ref())} " → " <b>{value(field, Some(new))}</b></dd> })
    };
    let reason = one.why.clone().map(|words| view! { <p>{why(lang)} ": " {words}</p> });
    view! {
        <p><b>{desk.name_of(&one.by)}</b> " · " <time>{platform::clock_time(one.at.millis())}</time></p>
        {reason}
        <dl class="facts">{one.fields.iter().filter_map(row).collect_view()}</dl>
    }
}
