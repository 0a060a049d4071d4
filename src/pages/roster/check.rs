//! What importing would do, before anything is written: counts, problems, differences, and the red button.

use leptos::prelude::*;
use records::{Lang, words};
use sync::wire::{RosterDifference, RosterOutcome, RosterPlan, RosterRow};

use super::{problems::Problems, sitting::Sitting};
use crate::{
    desk::use_desk,
    texts,
    view::roster::{Told, covered, field, told},
};

texts! {
    title: "3 看看会导入什么", "3 What would be imported";
    people: "新登记的人", "New people";
    homes: "新建的户", "New households";
    buildings: "新建的楼", "New buildings";
    known: "补充到已有的人", "Known people filled up";
    unchanged: "已经登记过、没有变化的行", "Rows that are there already";
    repeated: "表里重复的行", "Rows that repeat another";
    held: "有问题、暂不导入的行", "Rows held back by a problem";
    skipped: "跳过的行（合计、落款、重复的表头）", "Rows passed over (sums, signatures, headings again)";
    make_buildings: "没有的楼栋一起建", "Make missing buildings";
    prefer_file: "和登记册不一样时，以表格为准", "Where they differ, take the file's value";
    look: "逐行看看", "Look at the rows";
    register_says: "登记册", "Register";
    file_says: "表格", "File";
    imported_says: "上次导入时是", "The last import wrote";
    becomes: "按表格改为", "becomes";
    nothing: "没有要导入的：表里的内容登记册都有了。", "Nothing to import: all of it is in the register already.";
    all_held: "没有要导入的：先按上面说的，把有问题的行改好。", "Nothing to import yet: first mend the rows above that are held back.";
    empty: "（空）", "(empty)";
}

/// The step.
#[component]
pub fn Check(sitting: Sitting) -> impl IntoView {
    let desk = use_desk();
    let sums = Memo::new(move |_| {
        sitting.plan.with(|plan| plan.as_ref().map(|plan| told(&desk.pack(), &plan.counts))).unwrap_or_default()
    });
    let is_busy = move || sitting.doing.with(Option::is_some) || sitting.problem.with(Option::is_some);
    let offer = move || sums.with(|sums| sums.offer(desk.lang()));
    let button = move || match offer() {
        Some(words) => view! {
            <div class="form-bar">
                <button class="button main" disabled=is_busy on:click=move |_| sitting.run()>{words}</button>
            </div>
        }
        .into_any(),
        None => {
            let words = if sums.get().held > 0 { all_held } else { nothing };
            view! { <p class="lead" role="status">{words(desk.lang())}</p> }.into_any()
        }
    };
    view! {
        <Show when=move || sitting.plan.with(Option::is_some)>
            <section aria-labelledby="roster-check">
                <h2 class="section-title" id="roster-check">{move || title(desk.lang())}</h2>
                {move || tiles(&sums.get(), desk.lang())}
                <Options sitting sums />
                <Differences sitting />
            </section>
            <Problems sitting />
            <RowsLook sitting />
            {button}
        </Show>
    }
}

fn tiles(sums: &Told, lang: Lang) -> impl IntoView + use<> {
    let tile = |count: u32, label: fn(Lang) -> &'static str, class: &'static str| {
        let mark = if class.is_empty() { "" } else { "▲ " };
        view! { <li class="tile"><small>{label(lang)}</small><b class=class>{mark}{words::grouped(count.into())}</b></li> }
    };
    let shown = [
        (sums.people, people as fn(Lang) -> &'static str, "", true),
        (sums.homes, homes, "", true),
        (sums.buildings, buildings, "", false),
        (sums.known, known, "", false),
        (sums.unchanged, unchanged, "", false),
        (sums.repeated, repeated, "", false),
        (sums.held, held, "is-red", false),
        (sums.skipped, skipped, "", false),
    ];
    let tiles = shown.into_iter().filter(|(count, _, _, always)| *always || *count > 0);
    view! { <ul class="tiles">{tiles.map(|(count, label, class, _)| tile(count, label, class)).collect_view()}</ul> }
}

/// The two things the officer decides; each shows where it matters.
#[component]
fn Options(sitting: Sitting, sums: Memo<Told>) -> impl IntoView {
    let desk = use_desk();
    let asks = move |code: &str| {
        sitting.plan.with(|plan| plan.as_ref().is_some_and(|plan| plan.problems.iter().any(|p| p.problem.code == code)))
    };
    let makes = Memo::new(move |_| sitting.choices.with(|choices| choices.create_buildings));
    let of_buildings = Memo::new(move |_| makes.get() || sums.get().buildings > 0 || asks("no_building"));
    // What an earlier import wrote is put right either way.
    let differs = Memo::new(move |_| {
        let open = |plan: &RosterPlan| plan.counts.differences > plan.counts.mended;
        sitting.plan.with(|plan| plan.as_ref().is_some_and(|plan| open(plan)))
    });
    let prefers = Memo::new(move |_| sitting.choices.with(|choices| choices.prefer_file));
    view! {
        <Show when=move || of_buildings.get()>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || makes.get()
                    on:change=move |event| sitting.change(|c| c.create_buildings = event_target_checked(&event))
                />
                <span>{move || make_buildings(desk.lang())}</span>
            </label>
        </Show>
        <Show when=move || differs.get()>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || prefers.get()
                    on:change=move |event| sitting.change(|c| c.prefer_file = event_target_checked(&event))
                />
                <span>{move || prefer_file(desk.lang())}</span>
            </label>
        </Show>
    }
}

#[component]
fn Differences(sitting: Sitting) -> impl IntoView {
    let desk = use_desk();
    let summary = move || {
        let counts = sitting.plan.with(|plan| plan.as_ref().map(|plan| plan.counts.clone())).unwrap_or_default();
        let (all, mended) = (counts.differences, counts.mended);
        let mut said = match desk.lang() {
            Lang::Zh => format!("和登记册不一样的 {all} 处"),
            Lang::En if all == 1 => "1 difference from the register".into(),
            Lang::En => format!("{all} differences from the register"),
        };
        if mended > 0 {
            said += &match desk.lang() {
                Lang::Zh => format!("，其中 {mended} 处是上次导入的，按这张表改"),
                Lang::En => format!(", {mended} of them from an earlier import, put right by this file"),
            };
        }
        said
    };
    let row = move |d: RosterDifference| {
        let (pack, lang) = (desk.pack(), desk.lang());
        let of = field(&pack, &format!("{}.{}", d.kind, d.field)).cloned();
        let label = of.as_ref().map(|field| field.label.get(lang).to_owned()).unwrap_or(d.field);
        let said = |text: &records::Text| match text.get(lang) {
            "" => empty(lang).to_owned(),
            text => covered(text, of.as_ref()),
        };
        let (register, file) = (said(&d.register), said(&d.file));
        let (kept, left) = if d.takes_file { ("", "is-soft") } else { ("is-soft", "") };
        let (before, after) = match d.is_imported {
            true => (imported_says(lang), becomes(lang)),
            false => (register_says(lang), file_says(lang)),
        };
        view! {
            <li class="row">
                <b class="roster-cell">{d.address}</b>
                <span class="event-body">
                    <b>{label}</b>
                    <span class=left>{before} " " {register}</span>
                    <span class=kept>{after} " " {file}</span>
                </span>
            </li>
        }
    };
    let rows = move || {
        let shown = sitting.plan.get().map(|plan| plan.differences.iter().take(SHOWN).cloned().collect::<Vec<_>>());
        shown.into_iter().flatten().map(row).collect_view()
    };
    view! {
        <Show when=move || sitting.plan.with(|plan| plan.as_ref().is_some_and(|plan| plan.counts.differences > 0))>
            <details class="folded"><summary>{summary}</summary><ul class="rows">{rows}</ul></details>
        </Show>
    }
}

/// Differences spelled out on the screen.
const SHOWN: usize = 100;

texts! {
    create: "新登记", "New";
    update: "补充", "Filled up";
    same: "没有变化", "Unchanged";
    again: "重复", "Repeated";
    waits: "暂不导入", "Held back";
    passed: "跳过", "Passed over";
}

/// The first rows of each outcome, by name.
#[component]
fn RowsLook(sitting: Sitting) -> impl IntoView {
    let desk = use_desk();
    let row = move |row: RosterRow| {
        let lang = desk.lang();
        let (label, class) = match row.outcome {
            RosterOutcome::Create => (create(lang), "badge is-jade"),
            RosterOutcome::Update => (update(lang), "badge is-jade"),
            RosterOutcome::Unchanged => (same(lang), "badge is-soft"),
            RosterOutcome::Repeated => (again(lang), "badge is-soft"),
            RosterOutcome::Held => (waits(lang), "badge is-red"),
            RosterOutcome::Skipped => (passed(lang), "badge is-soft"),
        };
        let number = if lang == Lang::Zh { format!("第 {} 行", row.row) } else { format!("Row {}", row.row) };
        let title = covered(row.title.get(lang), None);
        view! { <li class="row"><small class="figures">{number}</small><span>{title}</span><span class=class>{label}</span></li> }
    };
    let rows = move || sitting.plan.get().map(|plan| plan.rows.iter().cloned().map(row).collect_view());
    view! {
        <details class="folded"><summary>{move || look(desk.lang())}</summary><ul class="rows">{rows}</ul></details>
    }
}
