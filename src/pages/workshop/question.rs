//! A question being made or reworded.

use leptos::prelude::*;
use records::{
    Field, Text,
    pack::{
        Choice, Wrong,
        workshop::{Asked, Shape, choice, question, reworded},
    },
};

use super::{
    asking::{Asking, at, mended},
    bench::use_bench,
    boxes::{Both, Check, Chips, Select, Typed},
};
use crate::{desk::use_desk, texts};

texts! {
    shape: "题型", "How it is answered";
    label: "题目", "What is asked";
    help: "说明（可不填）", "A word of help (may be left out)";
    choices: "选项，一行一个", "The choices, one a line";
    required: "必填", "It must be answered";
    place: "放在哪题之后", "After which question";
    more: "添加选项", "One choice more";
    put: "添加", "Add";
}

/// What people call a way of answering.
pub fn shape_name(shape: Shape) -> Text {
    let (zh, en) = match shape {
        Shape::Line => ("一行字", "a line of text"),
        Shape::Lines => ("一段话", "some sentences"),
        Shape::Number => ("数字", "a number"),
        Shape::Money => ("金额", "an amount of money"),
        Shape::Date => ("日期", "a date"),
        Shape::One => ("选一个", "one of these"),
        Shape::Several => ("选几个", "some of these"),
        Shape::YesNo => ("是或否", "yes or no"),
        Shape::Phone => ("电话", "a telephone number"),
        Shape::Photos => ("照片", "photos"),
    };
    Text::new(zh, en)
}

/// A question to be added.
#[component]
pub fn Add(
    /// The form.
    kind: String,
    /// It is on the bench, or given up.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let kind = StoredValue::new(kind);
    let (called, hint, lines) = (Typed::default(), Typed::default(), Typed::default());
    let (shape, required) = (RwSignal::new(Shape::One), RwSignal::new(false));
    let after = RwSignal::new(String::new());
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let others = Signal::derive(move || {
        let (pack, lang) = (bench.pack(), desk.lang());
        let fields = kind.with_value(|kind| pack.kind(kind).map(|kind| kind.fields.clone())).unwrap_or_default();
        fields.iter().filter(|f| !f.disused).map(|f| (f.name.clone(), f.label.get(lang).to_owned())).collect()
    });
    let asked = move || {
        let asked = Asked {
            shape: shape.get_untracked(),
            label: called.text(),
            hint: hint.text(),
            required: required.get_untracked(),
            choices: if shape.get_untracked().has_choices() { line_by_line(&lines.text()) } else { Vec::new() },
        };
        let after = Some(after.get_untracked()).filter(|after| !after.is_empty());
        question(&untrack(|| bench.pack()), &kind.get_value(), after, &asked)
    };
    let shapes = Shape::ALL.into_iter().map(|shape| (shape, shape_name(shape))).collect::<Vec<_>>();
    view! {
        <Asking asked wrong on_done>
            <Both typed=called id="ask" label wrong=at(wrong, "label") />
            <Chips id="shape" label=self::shape all=shapes value=shape />
            <Show when=move || shape.get().has_choices()>
                <Both typed=lines id="choices" label=choices lines=true wrong=at(wrong, "choices") />
            </Show>
            <Check label=self::required on=required />
            <details class="folded">
                <summary>{move || help(desk.lang())}</summary>
                <Both typed=hint id="hint" label=help />
            </details>
            <div class="field">
                <label for="after">{move || place(desk.lang())}</label>
                <Select id="after" all=others value=after on_pick=Callback::new(move |name| after.set(name)) />
            </div>
        </Asking>
    }
}

/// Choices as they were typed: a line each, the English of each on the same line of its box.
fn line_by_line(text: &Text) -> Vec<Text> {
    let mut english = text.en.lines();
    let both = |zh: &str| Text::new(zh, english.next().unwrap_or_default());
    text.zh.lines().map(both).collect()
}

/// A question with other words, and more choices.
#[component]
pub fn Reword(
    /// The form.
    kind: String,
    /// The question.
    field: Field,
    /// It is on the bench, or given up.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let bench = use_bench();
    let (kind, name) = (StoredValue::new(kind), StoredValue::new(field.name.clone()));
    let called = Typed::of(&field.label);
    let hint = Typed::of(&field.hint.clone().unwrap_or_default());
    // One that depends on other answers is left as it is.
    let is_plain = field.required.as_ref().is_none_or(|always| always.source() == "true()") && !field.read_only;
    let required = RwSignal::new(field.required.is_some());
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let asked = move || {
        let must = is_plain.then(|| required.get_untracked());
        let pack = untrack(|| bench.pack());
        let made = reworded(&pack, &kind.get_value(), &name.get_value(), &called.text(), &hint.text(), must);
        made.map(|edit| vec![edit]).map_err(|why| vec![why])
    };
    let list = untrack(|| bench.pack()).list_of(&field).map(str::to_owned);
    view! {
        <div class="card form">
            <Asking asked wrong on_done is_change=true class="form">
                <Both typed=called id="reword" label wrong=at(wrong, "label") />
                <Both typed=hint id="reword-hint" label=help />
                {is_plain.then(|| view! { <Check label=self::required on=required /> })}
            </Asking>
            {list.map(|list| view! { <Choices list /> })}
        </div>
    }
}

/// The choices of a list, and a box for one more.
#[component]
pub fn Choices(
    /// The list.
    list: String,
    /// What the box asks for.
    #[prop(optional)]
    said: Option<fn(records::Lang) -> &'static str>,
) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let list = StoredValue::new(list);
    let typed = Typed::default();
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let asked = move || choice(&untrack(|| bench.pack()), &list.get_value(), &typed.text()).map_err(|why| vec![why]);
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match asked() {
            Ok(edit) => {
                wrong.set(Vec::new());
                typed.clear();
                bench.put(edit);
            }
            Err(all) => wrong.set(all),
        }
    };
    let all = move || {
        let pack = bench.pack();
        list.with_value(|list| pack.choices.get(list).cloned()).unwrap_or_default()
    };
    let is_new = move |name: &str| {
        let pack = bench.in_force();
        list.with_value(|list| !pack.choices.get(list).is_some_and(|all| all.iter().any(|c| c.name == name)))
    };
    let chip = move |one: Choice| {
        let mark = is_new(&one.name).then(|| view! { <span class="is-amber">" ◐ " {super::new(desk.lang())}</span> });
        view! { <li class="chip">{one.label.get(desk.lang()).to_owned()}{mark}</li> }
    };
    view! {
        <ul class="choices">{move || all().into_iter().map(chip).collect_view()}</ul>
        <form class="form" on:submit=make on:input=move |_| mended(wrong, asked) novalidate autocomplete="off">
            <Both typed id="choice" label=said.unwrap_or(more) wrong=Signal::derive(move || wrong.get()) />
            <p><button class="button" type="submit">{move || put(desk.lang())}</button></p>
        </form>
    }
    .into_any()
}
