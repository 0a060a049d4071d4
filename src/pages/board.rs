//! The director's board: what is due, what is in hand and what was recorded, live and without a network.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, Text};

use super::{devices, notice::NotYours, refused, room::Room, trail, workshop};
use crate::{
    desk::{Desk, use_desk},
    parts::{icon::Icon, known::HORIZON},
    platform, texts,
    view::board::{BuildingLoad, InHand, Load, RuleLoad, Written, in_hand, loads, written},
};

texts! {
    title: "全社区的进展", "The whole community's work";
    due: "到期与逾期", "Due and overdue";
    due_none: "没有到期的事，也没有逾期的。", "Nothing is due, nothing is overdue.";
    rule: "事项", "What";
    in_all: "合计", "In all";
    late: "逾期", "Overdue";
    never: "未走访", "Never visited";
    buildings: "最多的楼栋", "Buildings with the most";
    building: "楼栋", "Building";
    hand: "在办事项", "In hand";
    hand_none: "没有在办事项。", "Nothing is in hand.";
    wrote: "今日和本周记录", "Recorded today and this week";
    wrote_none: "本周还没有记录。", "Nothing recorded this week yet.";
    kind: "类别", "Kind";
    today: "今日", "Today";
    week: "本周", "This week";
    guard: "管理", "Management";
    no_post: "没有指定岗位", "No post named";
}

/// Buildings listed.
const BUILDINGS: usize = 10;

/// The page `/board`; for posts that see all figures.
#[component]
pub fn Board() -> impl IntoView {
    looked_after(|| view! { <Whole /> })
}

/// A page for who looks after the community, a post that sees all figures; others are told whose it is.
pub fn looked_after<V: IntoView + 'static>(page: impl Fn() -> V + Copy + Send + 'static) -> impl IntoView {
    let desk = use_desk();
    let may = Memo::new(move |_| desk.sees_all());
    move || if may.get() { page().into_any() } else { view! { <NotYours /> }.into_any() }
}

#[component]
fn Whole() -> impl IntoView {
    let desk = use_desk();
    let loads = Memo::new(move |_| {
        let pack = desk.pack();
        let colleagues = desk.me().map(|me| me.colleagues).unwrap_or_default();
        desk.context(|context| {
            desk.read(|book| loads(&pack, book, platform::today(), HORIZON, context.user, &colleagues))
        })
    });
    let hand = Memo::new(move |_| {
        let pack = desk.pack();
        desk.context(|context| desk.read(|book| in_hand(&pack, book, context)))
    });
    let fresh = Memo::new(move |_| {
        let pack = desk.pack();
        let colleagues = desk.me().map(|me| me.colleagues).unwrap_or_default();
        desk.read(|book| written(&pack, book, platform::today(), platform::date_of, &colleagues))
    });
    let rules = move || loads.with(|(rules, _)| rules.clone());
    let houses = move || loads.with(|(_, all)| all.iter().take(BUILDINGS).copied().collect::<Vec<_>>());
    view! {
        <div class="page board">
            <h1>{move || title(desk.lang())}</h1>
            <section aria-labelledby="board-due">
                <h2 id="board-due">{move || due(desk.lang())}</h2>
                <Show
                    when=move || loads.with(|(rules, _)| !rules.is_empty())
                    fallback=move || view! { <p class="empty">{move || due_none(desk.lang())}</p> }
                >
                    <table class="board-table">
                        <Head of=rule numbers=[in_all, late, never] />
                        <tbody>{move || rules().into_iter().map(|load| rule_row(desk, load)).collect_view()}</tbody>
                    </table>
                </Show>
            </section>
            <section aria-labelledby="board-hand">
                <h2 id="board-hand">{move || self::hand(desk.lang())}</h2>
                <Show
                    when=move || hand.with(|all| !all.is_empty())
                    fallback=move || view! { <p class="empty">{move || hand_none(desk.lang())}</p> }
                >
                    <ul class="rows">{move || hand.get().into_iter().map(|kind| hand_row(desk, kind)).collect_view()}</ul>
                </Show>
            </section>
            <Show when=move || loads.with(|(_, all)| !all.is_empty())>
                <section aria-labelledby="board-buildings">
                    <h2 id="board-buildings">{move || buildings(desk.lang())}</h2>
                    <table class="board-table">
                        <Head of=building numbers=[in_all, late, never] />
                        <tbody>{move || houses().into_iter().map(|load| building_row(desk, load)).collect_view()}</tbody>
                    </table>
                </section>
            </Show>
            <section aria-labelledby="board-wrote">
                <h2 id="board-wrote">{move || wrote(desk.lang())}</h2>
                <Show
                    when=move || fresh.with(|all| !all.is_empty())
                    fallback=move || view! { <p class="empty">{move || wrote_none(desk.lang())}</p> }
                >
                    <table class="board-table">
                        <Head of=kind numbers=[today, week] />
                        <tbody>{move || fresh.get().into_iter().map(|line| written_row(desk, line)).collect_view()}</tbody>
                    </table>
                </Show>
            </section>
            <section aria-labelledby="board-guard">
                <h2 id="board-guard">{move || guard(desk.lang())}</h2>
                <ul class="rows">
                    <li><A href="/refused" attr:class="row"><Icon name="warn" /><span class="row-title">{move || refused::title(desk.lang())}</span></A></li>
                    <li><A href="/devices" attr:class="row"><Icon name="patrol" /><span class="row-title">{move || devices::title(desk.lang())}</span></A></li>
                    <li><A href="/trail" attr:class="row"><Icon name="list" /><span class="row-title">{move || trail::title(desk.lang())}</span></A></li>
                    <li><A href="/workshop" attr:class="row"><Icon name="pen" /><span class="row-title">{move || workshop::title(desk.lang())}</span></A></li>
                </ul>
                <Room />
            </section>
        </div>
    }
    .into_any()
}

/// A heading over words and numbers.
#[component]
fn Head<const N: usize>(of: fn(Lang) -> &'static str, numbers: [fn(Lang) -> &'static str; N]) -> impl IntoView {
    let desk = use_desk();
    let cell = move |said: fn(Lang) -> &'static str| view! { <th scope="col">{move || said(desk.lang())}</th> };
    view! { <thead><tr>{cell(of)} {numbers.into_iter().map(cell).collect_view()}</tr></thead> }
}

fn rule_row(desk: Desk, load: RuleLoad) -> impl IntoView {
    let pack = desk.pack();
    let rule = pack.due.iter().find(|rule| rule.name == load.rule);
    let label = rule.map(|rule| rule.label.clone()).unwrap_or_default();
    let lang = desk.lang();
    // Whose it is: by post where the records say so, else the posts that the rule is for.
    let posts = match load.posts.is_empty() {
        false => load.posts.iter().map(|(post, load)| format!("{} {}", post_name(desk, post), load.due)).collect(),
        true => {
            rule.map(|rule| rule.posts.iter().map(|post| post_name(desk, post)).collect::<Vec<_>>()).unwrap_or_default()
        }
    };
    view! { <tr><th scope="row">{label.get(lang).to_owned()} <small>{posts.join(" · ")}</small></th>{numbers(load.whole)}</tr> }
}

fn building_row(desk: Desk, (id, load): BuildingLoad) -> impl IntoView {
    view! { <tr><th scope="row"><A href=format!("/doors/{id}")>{desk.title_of(id)}</A></th>{numbers(load)}</tr> }
}

fn numbers(load: Load) -> impl IntoView {
    let late = (load.late > 0).then(|| view! { <span class="is-red">"▲ " {load.late}</span> });
    view! {
        <td>{load.due}</td>
        <td>{late.map_or_else(|| "0".into_any(), |late| late.into_any())}</td>
        <td>{load.never}</td>
    }
}

fn hand_row(desk: Desk, hand: InHand) -> impl IntoView {
    let (label, icon) = kind_words(desk, &hand.kind);
    let lang = desk.lang();
    let state = |(choice, count): &(records::pack::Choice, usize)| {
        (*count > 0).then(|| view! { <span class="chip">{choice.label.get(lang).to_owned()} " " <b class="figures">{*count}</b></span> })
    };
    let states: Vec<_> = hand.states.iter().filter_map(state).collect();
    view! {
        <li>
            <A href=format!("/records/{}", hand.kind) attr:class="row">
                <Icon name=icon />
                <span class="row-title">{label.get(lang).to_owned()}</span>
                <span class="board-states">{states}</span>
            </A>
        </li>
    }
}

fn written_row(desk: Desk, line: Written) -> impl IntoView {
    let (label, _) = kind_words(desk, &line.kind);
    let posts = line.posts.iter().map(|(post, count)| format!("{} {count}", post_name(desk, post)));
    let posts = posts.collect::<Vec<_>>().join(" · ");
    view! {
        <tr>
            <th scope="row">{label.get(desk.lang()).to_owned()} <small>{posts}</small></th>
            <td>{line.today}</td>
            <td>{line.week}</td>
        </tr>
    }
}

fn kind_words(desk: Desk, kind: &str) -> (Text, String) {
    let pack = desk.pack();
    let kind = pack.kind(kind);
    let icon = kind.and_then(|kind| kind.icon.clone()).unwrap_or_default();
    (kind.map(|kind| kind.label.clone()).unwrap_or_default(), icon)
}

fn post_name(desk: Desk, post: &str) -> String {
    let pack = desk.pack();
    let lang = desk.lang();
    pack.post(post).map_or_else(|| no_post(lang).to_owned(), |post| post.label.get(lang).to_owned())
}
