//! What is counted: the figures there are, and more made of a form and its answers.

use leptos::prelude::*;
use records::{
    Field, FieldType, Text,
    pack::{
        Indicator, Wrong,
        workshop::{Edit, FigureAsked, Reckoned, figure, figure_stopped, renamed},
    },
};

use super::{
    Wrongs,
    asking::{Asking, Rest, at},
    bench::use_bench,
    boxes::{Both, Chips, Condition, ConditionBox, Select, Typed},
    list::{Listed, Listing},
};
use crate::{desk::use_desk, texts};

texts! {
    lead: "报告里的数字是从记录里算出来的。发布以后，点开就是那些记录，改报告正文时也能放进去。停用的不再提供；报告里已经写上的照样算。",
        "Figures are reckoned from records. Once published, a figure opens to its records, and can be placed in the report's text. One that is stopped is no longer offered; where a report has it already it is still reckoned.";
    add: "添加数字", "Add a figure";
    label: "名称", "What it is called";
    unit: "单位，如：次、户（可不填）", "What is counted, such as: times (may be left out)";
    kind: "记录类别", "Which records";
    reckoned: "统计方法", "How it is reckoned";
    of: "统计题目", "Of which question";
    when: "统计条件", "Only those where";
    also: "并且", "and";
    change: "改名", "Change its name";
}

/// The page `/workshop/figures`.
#[component]
pub fn Figures() -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let open = RwSignal::new(None::<String>);
    let row = move |indicator: Indicator| {
        let (pack, lang) = (bench.pack(), desk.lang());
        let said = pack.kind(&indicator.kind).map(|kind| kind.label.get(lang).to_owned()).unwrap_or_default();
        let place = format!("indicator {}", indicator.name);
        let label = indicator.label.get(lang).to_owned();
        // One that is in force opens to its records.
        let page =
            bench.in_force().indicator(&indicator.name).map(|i| format!("/report/figure/{}", i.name.replace('.', "-")));
        let (edit, is_off) = (Edit::Indicator(Box::new(indicator.clone())), indicator.stopped);
        let indicator = StoredValue::new(indicator);
        let on_turn = Callback::new(move |()| {
            let name = indicator.with_value(|indicator| indicator.name.clone());
            if let Ok(edit) = figure_stopped(&untrack(|| bench.pack()), &name, !is_off) {
                bench.put(edit);
            }
        });
        view! {
            <Listed edit place label page said is_off open change=(!is_off).then_some(change as _) on_turn>
                <Rename indicator=indicator.get_value() on_done=move |()| open.set(None) />
            </Listed>
        }
    };
    // The latest first: one's own are at the end of the pack.
    let rows = move || bench.pack().indicators.iter().rev().cloned().map(row).collect_view();
    let adding = |on_done: Callback<()>| view! { <Add on_done /> }.into_any();
    view! { <Listing said=super::figures lead add adding>{rows}</Listing> }
}

/// Other words for a figure.
#[component]
fn Rename(indicator: Indicator, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let bench = use_bench();
    let called = Typed::of(&indicator.label);
    let unit = Typed::of(&indicator.unit.unwrap_or_default());
    let name = StoredValue::new(indicator.name);
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let asked = move || {
        let pack = untrack(|| bench.pack());
        let renamed = renamed(&pack, &name.get_value(), &called.text(), &unit.text());
        renamed.map(|edit| vec![edit]).map_err(|why| vec![why])
    };
    view! {
        <Asking asked wrong on_done is_change=true>
            <Both typed=called id="rename" label wrong=Signal::derive(move || wrong.get()) />
            <Both typed=unit id="rename-unit" label=self::unit />
        </Asking>
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Count,
    Sum,
    Different,
}

#[component]
fn Add(#[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let (called, unit) = (Typed::default(), Typed::default());
    unit.zh.set("次".into());
    unit.en.set("times".into());
    let kind = RwSignal::new(untrack(|| bench.pack()).screens.first.first().cloned().unwrap_or_default());
    let (way, of_field) = (RwSignal::new(Way::Count), RwSignal::new(String::new()));
    let conditions = [Condition::default(), Condition::default()];
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let kinds = Signal::derive(move || {
        let (pack, lang) = (bench.pack(), desk.lang());
        let mut kinds: Vec<(String, String)> =
            pack.kinds.values().map(|kind| (kind.name.clone(), kind.label.get(lang).to_owned())).collect();
        let first = |name: &String| pack.screens.first.iter().position(|first| first == name).unwrap_or(usize::MAX);
        kinds.sort_by_key(|(name, _)| first(name));
        kinds
    });
    let fields = Signal::derive(move || {
        let (pack, lang, way) = (bench.pack(), desk.lang(), way.get());
        let fits = |field: &&Field| match way {
            Way::Count => false,
            Way::Sum => matches!(field.r#type, FieldType::Integer | FieldType::Money),
            Way::Different => matches!(field.r#type, FieldType::Record(_)),
        };
        let fields = pack.kind(&kind.get()).map(|kind| kind.fields.clone()).unwrap_or_default();
        fields.iter().filter(fits).map(|f| (f.name.clone(), f.label.get(lang).to_owned())).collect()
    });
    let pick_kind = move |name: String| {
        kind.set(name);
        of_field.set(String::new());
        for condition in conditions {
            condition.field.set(String::new());
            condition.value.set(String::new());
        }
    };
    let asked = move || {
        let field = of_field.get_untracked();
        let asked = FigureAsked {
            label: called.text(),
            unit: unit.text(),
            kind: kind.get_untracked(),
            reckoned: match way.get_untracked() {
                Way::Count => Reckoned::Count,
                Way::Sum => Reckoned::Sum(field),
                Way::Different => Reckoned::Different(field),
            },
            when: conditions.iter().filter_map(Condition::asked).collect(),
        };
        figure(&untrack(|| bench.pack()), &asked).map(|edit| vec![edit])
    };
    let ways = vec![
        (Way::Count, Text::new("条数", "How many there are")),
        (Way::Sum, Text::new("合计", "Added up")),
        (Way::Different, Text::new("去重个数", "How many different ones")),
    ];
    let [first, second] = conditions;
    view! {
        <Asking asked wrong on_done>
            <Both typed=called id="figure" label wrong=at(wrong, "label") />
            <div class="field">
                <label for="figure-kind">{move || self::kind(desk.lang())}</label>
                <Select id="figure-kind" all=kinds value=kind on_pick=Callback::new(pick_kind) />
                <Wrongs all=at(wrong, "kind") />
            </div>
            <Chips id="figure-way" label=reckoned all=ways value=way />
            <Show when=move || way.get() != Way::Count>
                <div class="field">
                    <label for="figure-of">{move || of(desk.lang())}</label>
                    <Select id="figure-of" all=fields value=of_field on_pick=Callback::new(move |name| of_field.set(name)) />
                    <Wrongs all=at(wrong, "of") />
                </div>
            </Show>
            <ConditionBox condition=first kind id="figure-when" label=when />
            <Show when=move || !first.field.with(String::is_empty)>
                <ConditionBox condition=second kind id="figure-also" label=also />
            </Show>
            <Wrongs all=at(wrong, "when") />
            <Both typed=unit id="figure-unit" label=self::unit />
            <Rest wrong parts=&["label", "kind", "of", "when"] />
        </Asking>
    }
}
