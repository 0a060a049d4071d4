//! What is wrong with the file, cell by cell: where, what stands there, what to do, and what becomes of it.

use leptos::prelude::*;
use records::{Lang, words};
use sync::wire::RosterProblem;

use super::sitting::Sitting;
use crate::{
    desk::use_desk,
    parts::{icon::Icon, masked::Masked},
    platform, texts,
    view::roster::{cover_numbers, covered, field_at, problems_csv},
};

texts! {
    holds: "▲ 这一行暂不导入", "▲ The row is held back";
    leaves: "◐ 这一格没有导入，其他照常", "◐ Only this cell is left out";
    says: "写的是", "It says";
    mend: "在原来的表格里按格子改好，存一下，再选这个文件导一次就行；已经导入的不会重复。", "Mend these cells in your file, save it and import it again: what was imported is not doubled.";
    save: "把问题存成表格", "Save the problems as a table";
    failed: "没能存成文件，请再试一次。", "The file could not be saved. Please try again.";
    file: "花名册里的问题", "roster-problems";
    cell_head: "格子", "Cell";
    value_head: "写的是", "It says";
    problem_head: "问题", "Problem";
    fate_head: "结果", "Outcome";
    held: "这一行没有导入", "Row not imported";
    left_out: "这一格没有导入", "Cell not imported";
    what: "写的内容", "what it says";
}

/// Problems spelled out on the screen; a table has all.
const SHOWN: usize = 60;

/// The list; nothing without problems.
#[component]
pub fn Problems(sitting: Sitting) -> impl IntoView {
    let desk = use_desk();
    let count = Memo::new(move |_| sitting.plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.problems.len())));
    let title = move || {
        let n = words::grouped(count.get() as i64);
        match desk.lang() {
            Lang::Zh => format!("要改的地方 {n} 处"),
            Lang::En if count.get() == 1 => "1 thing to mend".into(),
            Lang::En => format!("{n} things to mend"),
        }
    };
    let more = move || {
        let rest = count.get().checked_sub(SHOWN).filter(|rest| *rest > 0)?;
        let rest = words::grouped(rest as i64);
        Some(match desk.lang() {
            Lang::Zh => format!("还有 {rest} 处，存成表格就能看全。"),
            Lang::En => format!("{rest} more: save them as a table to see all."),
        })
    };
    let has_failed = RwSignal::new(false);
    let take_along = move |_| {
        let Some(plan) = sitting.plan.get_untracked() else { return };
        let lang = desk.lang();
        let heads = [cell_head, value_head, problem_head, fate_head].map(|head| head(lang));
        let text = problems_csv(&plan, heads, [held(lang), left_out(lang)], lang);
        let name = format!("{}-{}.csv", file(lang), platform::today());
        has_failed.set(platform::download(&name, "text/csv;charset=utf-8", text.as_bytes()).is_err());
    };
    let rows = move || {
        let plan = sitting.plan.get()?;
        let each = |problem: &RosterProblem| view! { <Row sitting problem=problem.clone() /> };
        Some(plan.problems.iter().take(SHOWN).map(each).collect_view())
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section aria-labelledby="roster-problems">
                <h2 class="section-title" id="roster-problems">{title}</h2>
                <p class="note">{move || mend(desk.lang())}</p>
                <ul class="rows">{rows}</ul>
                {move || more().map(|words| view! { <p class="note">{words}</p> })}
                <p><button class="button" on:click=take_along><Icon name="list" /><span>{move || save(desk.lang())}</span></button></p>
                <Show when=move || has_failed.get()><p role="alert">{move || failed(desk.lang())}</p></Show>
            </section>
        </Show>
    }
}

#[component]
fn Row(sitting: Sitting, problem: RosterProblem) -> impl IntoView {
    let desk = use_desk();
    let RosterProblem { address, value, holds: is_held, problem, .. } = problem;
    let shown = {
        let address = address.clone();
        move || {
            let pack = desk.pack();
            let choices = sitting.choices.get_untracked();
            let covered = covered(&value, field_at(&pack, &choices, &address));
            let text = value.clone();
            (!text.is_empty()).then(|| match covered == text {
                true => view! { <small>{says(desk.lang())} " " {text}</small> }.into_any(),
                false => {
                    let of = what(desk.lang()).to_owned();
                    view! { <small class="roster-value">{says(desk.lang())} " " <Masked covered text of /></small> }
                        .into_any()
                }
            })
        }
    };
    let class = if is_held { "badge is-red" } else { "badge is-amber" };
    let fate = move || if is_held { holds(desk.lang()) } else { leaves(desk.lang()) };
    let message = move || cover_numbers(problem.message.get(desk.lang()));
    view! {
        <li class="row roster-row">
            <b class="roster-cell">{address}</b>
            <span class="event-body"><span>{message}</span>{shown}<span class=class>{fate}</span></span>
        </li>
    }
}
