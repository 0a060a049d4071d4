//! One form: its questions in order, each to be reworded, moved, put out of use; and more of them.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{
    Field, FieldType,
    pack::{
        Wrong,
        workshop::{Shape, disused, moved},
    },
};

use super::{
    Bar, Head, Standing, Wrongs,
    bench::use_bench,
    mark,
    question::{Add, Reword, shape_name},
};
use crate::{
    desk::use_desk,
    parts::{form::other_name, icon::Icon, paper::PaperLink},
    texts,
};

texts! {
    add: "添加题目", "Add a question";
    trial: "试填", "Try it";
    as_workbook: "下载为 XLSForm 表格", "Download as XLSForm";
    from_workbook: "用 XLSForm 表格改", "Change it by XLSForm";
    up: "上移", "Move up";
    down: "下移", "Move down";
    change: "改", "Change";
    stop: "停用", "Put out of use";
    resume: "恢复使用", "Use again";
    must: "必填", "required";
    sometimes: "有时必填", "required at times";
    shut: "收起", "Close";
    computed: "自动算", "worked out";
}

/// The page `/workshop/form/:kind`.
#[component]
pub fn FormOf(
    /// The form, by its kind.
    kind: String,
) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let kind = StoredValue::new(kind);
    let label = Signal::derive(move || {
        let pack = bench.pack();
        kind.with_value(|kind| pack.kind(kind).map(|kind| kind.label.get(desk.lang()).to_owned())).unwrap_or_default()
    });
    let fields = Memo::new(move |_| {
        let pack = bench.pack();
        kind.with_value(|kind| pack.kind(kind).map(|kind| kind.fields.clone())).unwrap_or_default()
    });
    let open = RwSignal::new(None::<String>);
    let (is_adding, wrong) = (RwSignal::new(false), RwSignal::new(Vec::<Wrong>::new()));
    let row = move |field: Field| view! { <li><Row kind field open wrong /></li> };
    view! {
        <div class="page">
            <Head said=label back="/workshop" />
            <Standing />
            <p class="row-acts start">
                <button class="button" on:click=move |_| is_adding.update(|on| *on = !*on) aria-expanded=move || is_adding.get().to_string()>
                    <Icon name="plus" />
                    <span>{move || add(desk.lang())}</span>
                </button>
                <A href=format!("/workshop/form/{}/try", kind.get_value()) attr:class="button">
                    <Icon name="eye" />
                    <span>{move || trial(desk.lang())}</span>
                </A>
                // As it is in force at the office.
                <Show when=move || kind.with_value(|kind| bench.in_force().kind(kind).is_some())>
                    <PaperLink
                        address=format!("/api/v1/pack/kinds/{}.xlsx", kind.get_value())
                        label=as_workbook
                        class="button quiet"
                    />
                </Show>
                <A href="/workshop/upload" attr:class="button quiet">{move || from_workbook(desk.lang())}</A>
            </p>
            <Show when=move || is_adding.get()>
                <Add kind=kind.get_value() on_done=move |()| is_adding.set(false) />
            </Show>
            <Wrongs all=Signal::derive(move || wrong.with(|all| all.iter().filter(|w| w.field.is_none()).cloned().collect())) />
            <ol class="rows questions">
                <For each=move || fields.get() key=|field| serde_json::to_string(field).unwrap_or_default() children=row />
            </ol>
            <Bar />
        </div>
    }
    .into_any()
}

/// A question among the others.
#[component]
fn Row(
    kind: StoredValue<String>,
    field: Field,
    open: RwSignal<Option<String>>,
    wrong: RwSignal<Vec<Wrong>>,
) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let name = StoredValue::new(field.name.clone());
    let is_open = Memo::new(move |_| open.with(|open| name.with_value(|name| open.as_ref() == Some(name))));
    let act = move |edit: Result<records::pack::workshop::Edit, Wrong>| match edit {
        Ok(edit) => {
            wrong.set(Vec::new());
            bench.put(edit);
        }
        Err(why) => wrong.set(vec![why]),
    };
    let shift = move |up: bool| {
        let pack = untrack(|| bench.pack());
        // Where it cannot go further, nothing needs to be said.
        if let Ok(edit) = moved(&pack, &kind.get_value(), &name.get_value(), up) {
            act(Ok(edit));
        }
    };
    let is_off = field.disused;
    let toggle = move |_| act(disused(&untrack(|| bench.pack()), &kind.get_value(), &name.get_value(), !is_off));
    let problems = Signal::derive(move || {
        let (kind, name) = (kind.get_value(), name.get_value());
        let own = wrong.with(|all| all.iter().filter(|w| w.field.as_ref() == Some(&name)).cloned().collect::<Vec<_>>());
        own.into_iter().chain(bench.wrongs_at(Some(&kind), &name)).collect()
    });
    let (label, shape) = (field.label.clone(), Shape::of(&field));
    let other = field.r#type.clone();
    let said = move || match shape {
        Some(shape) => shape_name(shape).get(desk.lang()).to_owned(),
        None => other_name(&other, desk.lang()).to_owned(),
    };
    let needed = match &field.required {
        None => None,
        Some(always) if always.source() == "true()" => Some(must as fn(_) -> _),
        Some(_) => Some(sometimes as fn(_) -> _),
    };
    let is_computed = field.calculation.is_some();
    let news = move || mark(bench.news_of(&kind.get_value(), &name.get_value()), desk.lang());
    let words = StoredValue::new(label.clone());
    let labelled = move |said: fn(records::Lang) -> &'static str| {
        move || words.with_value(|label| format!("{} {}", said(desk.lang()), label.get(desk.lang())))
    };
    let may_change = !matches!(field.r#type, FieldType::Calculate);
    let shown = label.clone();
    view! {
        <div class="question" class:is-off=is_off>
            <span class="row-title">
                {move || shown.get(desk.lang()).to_owned()}
                <small>{said}</small>
                {needed.map(|needed| view! { <small>{move || needed(desk.lang())}</small> })}
                {is_computed.then(|| view! { <small>{move || computed(desk.lang())}</small> })}
                {is_off.then(|| view! { <small>{move || super::out(desk.lang())}</small> })}
                <small class="is-amber">{news}</small>
            </span>
            <span class="row-acts">
                <button class="button quiet" aria-label=labelled(up) on:click=move |_| shift(true)>"↑"</button>
                <button class="button quiet" aria-label=labelled(down) on:click=move |_| shift(false)>"↓"</button>
                <Show when=move || may_change>
                    <button
                        class="button quiet"
                        aria-expanded=move || is_open.get().to_string()
                        aria-label=labelled(change)
                        on:click=move |_| open.set((!is_open.get_untracked()).then(|| name.get_value()))
                    >
                        {move || if is_open.get() { shut(desk.lang()) } else { change(desk.lang()) }}
                    </button>
                </Show>
                <button class="button quiet" aria-label=labelled(if is_off { resume } else { stop }) on:click=toggle>
                    {move || if is_off { resume(desk.lang()) } else { stop(desk.lang()) }}
                </button>
            </span>
        </div>
        <Wrongs all=problems />
        <Show when=move || is_open.get()>
            <Reword kind=kind.get_value() field=field.clone() on_done=move |()| open.set(None) />
        </Show>
    }
}
