//! What became of a workbook's cells that were not taken as they stand: what was left out first, what has no effect folded away.

use leptos::prelude::*;
use records::{Lang, Text};
use sync::wire::{FormFinding, FormOutcome};

use crate::{desk::use_desk, texts};

texts! {
    refused: "▲ 没有带进来", "▲ Left out";
    changed: "◐ 和表里不一样", "◐ Not as the sheet has it";
    unused: "▲ 式子没有用上", "▲ Expressions not used";
    passed: "○ 没有用到", "○ Without effect";
    writes: "写的是：", "It says:";
}

/// The list.
#[component]
pub fn Findings(
    /// All of them, in the order of the sheets.
    all: Vec<FormFinding>,
) -> impl IntoView {
    let desk = use_desk();
    let is_unused = |f: &FormFinding| f.outcome == FormOutcome::PassedOver && f.code.starts_with("expression");
    let of = |outcome: FormOutcome| {
        all.iter().filter(|f| f.outcome == outcome && !is_unused(f)).cloned().collect::<Vec<_>>()
    };
    let lost: Vec<FormFinding> = all.iter().filter(|f| is_unused(f)).cloned().collect();
    let group = move |heading: fn(Lang) -> &'static str, found: Vec<FormFinding>| {
        let count = found.len();
        (count > 0).then(|| {
            view! {
                <section>
                    <h2 class="section-title">{move || counted(heading, count, desk.lang())}</h2>
                    <ul class="rows">{rows(found)}</ul>
                </section>
            }
        })
    };
    let idle = of(FormOutcome::PassedOver);
    let count = idle.len();
    view! {
        {group(refused, of(FormOutcome::Refused))}
        {group(unused, lost)}
        {group(changed, of(FormOutcome::Changed))}
        {(count > 0).then(|| view! {
            <details class="folded">
                <summary>{move || counted(passed, count, desk.lang())}</summary>
                <ul class="rows">{rows(idle)}</ul>
            </details>
        })}
    }
}

fn counted(heading: fn(Lang) -> &'static str, count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{} {count} 处", heading(lang)),
        Lang::En => format!("{}: {count}", heading(lang)),
    }
}

/// Cells of one kind that stand for themselves; more are one line that opens.
const FEW: usize = 3;

/// A row for each cell, and one for each kind of finding that many cells have.
fn rows(found: Vec<FormFinding>) -> impl IntoView {
    let desk = use_desk();
    let mut kinds: Vec<Vec<FormFinding>> = Vec::new();
    for finding in found {
        match kinds.iter_mut().find(|kind| kind[0].code == finding.code) {
            Some(kind) => kind.push(finding),
            None => kinds.push(vec![finding]),
        }
    }
    let kind = move |kind: Vec<FormFinding>| {
        if kind.len() <= FEW {
            return kind.into_iter().map(row).collect_view().into_any();
        }
        let (count, words) = (kind.len(), kind[0].words.clone());
        let said = move || match desk.lang() {
            Lang::Zh => format!("{count} 处，如：{}", sentence(&words, Lang::Zh)),
            Lang::En => format!("{count} cells, such as: {}", sentence(&words, Lang::En)),
        };
        view! {
            <li class="finding">
                <details class="folded">
                    <summary>{said}</summary>
                    <ul class="rows">{kind.into_iter().map(row).collect_view()}</ul>
                </details>
            </li>
        }
        .into_any()
    };
    kinds.into_iter().map(kind).collect_view()
}

fn row(finding: FormFinding) -> impl IntoView {
    let desk = use_desk();
    let FormFinding { sheet, cell, written, words, .. } = finding;
    let place = move || match desk.lang() {
        Lang::Zh => format!("{sheet} 表 {cell}"),
        Lang::En => format!("Sheet {sheet}, {cell}"),
    };
    let said = (!written.is_empty()).then(|| view! { <small>{move || writes(desk.lang())} " " {written}</small> });
    view! {
        <li class="finding">
            <p><b class="roster-cell">{place}</b> " " {said}</p>
            <p>{move || sentence(&words, desk.lang())}</p>
        </li>
    }
}

/// Words that go on a line of a terminal, as a sentence.
fn sentence(words: &Text, lang: Lang) -> String {
    let said = words.get(lang);
    let mut letters = said.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = match (said.ends_with(['。', '.', '!', '?', '！', '？']), lang) {
        (true, _) => "",
        (false, Lang::Zh) => "。",
        (false, Lang::En) => ".",
    };
    format!("{first}{}{end}", letters.as_str())
}
