//! What falls due: the rules there are, and those who have a label visited every so many days.

use leptos::prelude::*;
use records::{
    Lang, Text,
    pack::{
        Due, DueRule, Pack, Wrong,
        workshop::{Edit, RuleAsked, places, rule},
    },
};

use super::{
    Bar, Head, Standing, Wrongs,
    bench::use_bench,
    boxes::{Both, Chips, Condition, ConditionBox, Posts, Typed, at},
    mark,
    question::Rest,
};
use crate::{desk::use_desk, parts::icon::Icon, texts};

texts! {
    lead: "哪些人多久要走访一次。到期的会出现在同事的“今天”里。", "Who is to be visited how often. What is due stands on the officers' Today.";
    add: "加一条提醒", "Add a rule";
    label: "叫什么", "What it is called";
    of: "走访谁", "Who is visited";
    when: "哪些人", "Which of them";
    days: "多少天一次", "Days from one visit to the next";
    posts: "谁去（不选就是都看得到）", "Whose it is (all who may, when none is chosen)";
    put: "加上", "Add it";
    cancel: "不加了", "Leave it";
}

/// The page `/workshop/rules`.
#[component]
pub fn Rules() -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let is_adding = RwSignal::new(false);
    let row = move |due: Due| {
        let (pack, lang) = (bench.pack(), desk.lang());
        let edit = Edit::Due(Box::new(due.clone()));
        let news = mark(edit.news(&bench.in_force()), lang);
        let name = format!("due {}", due.name);
        let wrongs = Signal::derive(move || bench.wrongs_at(None, &name));
        view! {
            <li>
                <div class="row">
                    <Icon name="clock" />
                    <span class="row-title">{due.label.get(lang).to_owned()} <small>{said(&pack, &due, lang)}</small></span>
                    <span class="badge is-amber">{news}</span>
                </div>
                <Wrongs all=wrongs />
            </li>
        }
    };
    view! {
        <div class="page">
            <Head said=Signal::derive(move || super::rules(desk.lang()).to_owned()) back="/workshop" />
            <p class="lead">{move || lead(desk.lang())}</p>
            <Standing />
            <p>
                <button class="button" on:click=move |_| is_adding.update(|on| *on = !*on) aria-expanded=move || is_adding.get().to_string()>
                    <Icon name="plus" />
                    <span>{move || add(desk.lang())}</span>
                </button>
            </p>
            <Show when=move || is_adding.get()><Add on_done=move |()| is_adding.set(false) /></Show>
            <ul class="rows">{move || bench.pack().due.iter().cloned().map(row).collect_view()}</ul>
            <Bar />
        </div>
    }
    .into_any()
}

/// A rule in a few words: how often, whose it is.
fn said(pack: &Pack, due: &Due, lang: Lang) -> String {
    let often = match (&due.rule, lang) {
        (DueRule::Every { days, .. }, Lang::Zh) => format!("每 {days} 天"),
        (DueRule::Every { days, .. }, Lang::En) => format!("every {days} days"),
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
    let days = RwSignal::new(String::from("30"));
    let posts = RwSignal::new(Vec::new());
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let asked = RuleAsked {
            label: called.text(),
            kind: kind.get_untracked(),
            when: condition.asked().into_iter().collect(),
            days: days.get_untracked().trim().parse().unwrap_or_default(),
            posts: posts.get_untracked(),
        };
        match rule(&untrack(|| bench.pack()), &asked) {
            Ok(edit) => {
                bench.put(edit);
                on_done.run(());
            }
            Err(all) => wrong.set(all),
        }
    };
    view! {
        <form class="card form" on:submit=make novalidate autocomplete="off">
            <Both typed=called id="rule" label wrong=at(wrong, "label") />
            {(kinds.len() > 1).then(|| view! { <Chips id="rule-of" label=of all=kinds value=kind /> })}
            <ConditionBox condition kind id="rule-when" label=when />
            <Wrongs all=at(wrong, "when") />
            <div class="field">
                <label for="rule-days">{move || self::days(desk.lang())}</label>
                <input id="rule-days" type="text" inputmode="numeric" autocomplete="off" bind:value=days />
                <Wrongs all=at(wrong, "days") />
            </div>
            <Posts label=self::posts chosen=posts kind />
            <Rest wrong parts=&["label", "when", "days"] />
            <p class="row-acts start">
                <button class="button solid" type="submit">{move || put(desk.lang())}</button>
                <button class="button quiet" type="button" on:click=move |_| on_done.run(())>{move || cancel(desk.lang())}</button>
            </p>
        </form>
    }
}
