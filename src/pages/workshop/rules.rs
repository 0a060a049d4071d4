//! What falls due: the rules there are, and those who have a label visited every so many days.

use leptos::prelude::*;
use records::{
    Lang, Text,
    pack::{
        Due, DueRule, Pack, Wrong,
        workshop::{Edit, LONGEST, RuleAsked, days, paced, places, rule, rule_stopped},
    },
};

use super::{
    Wrongs,
    asking::{Asking, Rest, at},
    bench::use_bench,
    boxes::{Both, Chips, Condition, ConditionBox, Posts, Typed},
    list::{Listed, Listing},
};
use crate::{desk::use_desk, texts};

texts! {
    lead: "哪些人多久要走访一次。到期的会出现在同事的“今日”里；停用的不再提醒，已有的记录都在。", "Who is to be visited how often. What is due stands on the officers' Today. A rule that is stopped reminds nobody; what was done stays.";
    add: "添加提醒", "Add a rule";
    label: "名称", "What it is called";
    of: "走访对象", "Who is visited";
    when: "适用人群", "Which of them";
    every: "间隔天数", "Days from one visit to the next";
    ahead: "提前提醒天数", "Days before it runs out";
    change: "改天数", "Change the days";
    posts: "负责岗位（不选则都能看到）", "Whose it is (all who may, when none is chosen)";
}

/// The page `/workshop/rules`.
#[component]
pub fn Rules() -> impl IntoView {
    let bench = use_bench();
    let open = RwSignal::new(None::<String>);
    let rows = move || bench.pack().due.iter().cloned().map(|due| view! { <Row due open /> }).collect_view();
    let adding = |on_done: Callback<()>| view! { <Add on_done /> }.into_any();
    view! { <Listing said=super::rules lead add adding>{rows}</Listing> }
}

/// A rule among the others: its days can be changed, it can be stopped and taken up again.
#[component]
fn Row(due: Due, open: RwSignal<Option<String>>) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let lang = desk.lang();
    let (place, label, said) =
        (format!("due {}", due.name), due.label.get(lang).to_owned(), said(&bench.pack(), &due, lang));
    let (edit, is_off) = (Edit::Due(Box::new(due.clone())), due.stopped);
    let change = days(&due).filter(|_| !is_off).map(|_| change as _);
    let due = StoredValue::new(due);
    let on_turn = Callback::new(move |()| {
        let name = due.with_value(|due| due.name.clone());
        if let Ok(edit) = rule_stopped(&untrack(|| bench.pack()), &name, !is_off) {
            bench.put(edit);
        }
    });
    view! {
        <Listed edit place label said is_off open change on_turn>
            <Pace due=due.get_value() on_done=move |()| open.set(None) />
        </Listed>
    }
}

/// Other days for a rule.
#[component]
fn Pace(due: Due, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let typed = RwSignal::new(days(&due).unwrap_or_default().to_string());
    let ahead = matches!(due.rule, DueRule::Until { .. });
    let name = StoredValue::new(due.name);
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let asked = move || {
        let days = typed.get_untracked().trim().parse().unwrap_or(u32::MAX);
        let paced = paced(&untrack(|| bench.pack()), &name.get_value(), days);
        paced.map(|edit| vec![edit]).map_err(|why| vec![why])
    };
    view! {
        <Asking asked wrong on_done is_change=true>
            <div class="field">
                <label for="pace">{move || if ahead { self::ahead(desk.lang()) } else { every(desk.lang()) }}</label>
                <input id="pace" type="text" inputmode="numeric" autocomplete="off" bind:value=typed />
                <Wrongs all=Signal::derive(move || wrong.get()) />
            </div>
        </Asking>
    }
}

/// A rule in a few words: how often, whose it is.
fn said(pack: &Pack, due: &Due, lang: Lang) -> String {
    let often = match (&due.rule, lang) {
        (DueRule::Every { days, .. }, Lang::Zh) => format!("每 {days} 天"),
        (DueRule::Every { days, .. }, Lang::En) => format!("every {days} days"),
        (DueRule::Until { ahead: 0, .. }, Lang::Zh) => "到期那天".into(),
        (DueRule::Until { ahead: 0, .. }, Lang::En) => "on the day it runs out".into(),
        (DueRule::Until { ahead: LONGEST.., .. }, Lang::Zh) => "一直提醒".into(),
        (DueRule::Until { ahead: LONGEST.., .. }, Lang::En) => "all the time until then".into(),
        (DueRule::Until { ahead, .. }, Lang::Zh) => format!("到期前 {ahead} 天"),
        (DueRule::Until { ahead, .. }, Lang::En) => format!("{ahead} days before it runs out"),
        (DueRule::Promise { .. }, Lang::Zh) => "按约好的日子".into(),
        (DueRule::Promise { .. }, Lang::En) => "on the day promised".into(),
    };
    let posts = due.posts.iter().filter_map(|post| pack.post(post)).map(|post| post.label.get(lang).to_owned());
    std::iter::once(often).chain(posts).collect::<Vec<_>>().join(" · ")
}

#[component]
fn Add(#[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let pack = untrack(|| bench.pack());
    let kinds: Vec<(String, Text)> =
        places(&pack).into_iter().map(|(kind, _)| (kind.name.clone(), kind.label.clone())).collect();
    let called = Typed::default();
    let kind = RwSignal::new(kinds.first().map(|(name, _)| name.clone()).unwrap_or_default());
    let condition = Condition::default();
    // Labels are what is nearly always meant.
    if let Some((_, field, _)) = pack.labels().filter(|(of, ..)| *of == kind.get_untracked()) {
        condition.field.set(field.to_owned());
    }
    let typed = RwSignal::new(String::from("30"));
    let posts = RwSignal::new(Vec::new());
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let readers = Signal::derive(move || {
        let (pack, lang) = (bench.pack(), desk.lang());
        let readers = pack.posts.iter().filter(|post| post.read.contains(&kind.get()));
        readers.map(|post| (post.name.clone(), post.label.get(lang).to_owned())).collect()
    });
    let asked = move || {
        let asked = RuleAsked {
            label: called.text(),
            kind: kind.get_untracked(),
            when: condition.asked().into_iter().collect(),
            days: typed.get_untracked().trim().parse().unwrap_or_default(),
            posts: posts.get_untracked(),
        };
        rule(&untrack(|| bench.pack()), &asked).map(|edit| vec![edit])
    };
    view! {
        <Asking asked wrong on_done>
            <Both typed=called id="rule" label wrong=at(wrong, "label") />
            {(kinds.len() > 1).then(|| view! { <Chips id="rule-of" label=of all=kinds value=kind /> })}
            <ConditionBox condition kind id="rule-when" label=when />
            <Wrongs all=at(wrong, "when") />
            <div class="field">
                <label for="rule-days">{move || every(desk.lang())}</label>
                <input id="rule-days" type="text" inputmode="numeric" autocomplete="off" bind:value=typed />
                <Wrongs all=at(wrong, "days") />
            </div>
            <Posts label=self::posts chosen=posts all=readers />
            <Rest wrong parts=&["label", "when", "days"] />
        </Asking>
    }
}
