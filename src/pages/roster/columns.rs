//! How the file's columns are understood: guessed, to be put right, beside what stands in them.

use std::sync::Arc;

use leptos::prelude::*;
use sync::wire::{RosterColumn, RosterSheet, RosterTarget, RosterUpload};

use super::sitting::Sitting;
use crate::{
    desk::use_desk,
    texts,
    view::roster::{covered, field, preview},
};

texts! {
    title: "2 看看每一列是什么", "2 What each column means";
    note: "已经按标题猜好了，不对的改一下。", "Guessed by their headings; put right what is wrong.";
    which: "用哪一张表", "Which sheet";
    left_out: "不导入", "Not imported";
    ticks: "打勾的列（√）", "Columns of ticks (√)";
    no_sample: "这一列是空的", "This column is empty";
    no_heading: "（没有标题）", "(no heading)";
    first: "看看前几行", "The first rows";
    row: "行", "Row";
    empty: "这张表里没有内容。", "This sheet is empty.";
}

/// The step.
#[component]
pub fn Columns(sitting: Sitting) -> impl IntoView {
    let desk = use_desk();
    let at = Memo::new(move |_| sitting.choices.with(|choices| choices.sheet));
    let sheet = move || sitting.upload.get().and_then(|upload| upload.sheets.get(at.get() as usize).cloned());
    let sheets = move || {
        let upload = sitting.upload.get().filter(|upload| upload.sheets.len() > 1)?;
        let options = upload.sheets.iter().zip(0u32..).map(|(sheet, index)| {
            view! { <option value=index.to_string() selected=at.get_untracked() == index>{sheet.name.clone()}</option> }
        });
        let choose = move |event| sitting.take_sheet(event_target_value(&event).parse().unwrap_or_default());
        Some(view! {
            <label class="month">
                <span>{move || which(desk.lang())}</span>
                <select on:change=choose>{options.collect_view()}</select>
            </label>
        })
    };
    let columns = move || {
        let (upload, sheet) = (sitting.upload.get()?, sheet()?);
        let each = |column| view! { <Column sitting upload=upload.clone() column /> };
        Some(sheet.columns.into_iter().map(each).collect_view())
    };
    let is_empty = move || sheet().is_some_and(|sheet| sheet.columns.is_empty());
    view! {
        <section aria-labelledby="roster-columns">
            <h2 class="section-title" id="roster-columns">{move || title(desk.lang())}</h2>
            {sheets}
            <Show
                when=move || !is_empty()
                fallback=move || view! { <p class="empty">{move || empty(desk.lang())}</p> }
            >
                <p class="note">{move || note(desk.lang())}</p>
                <ul class="roster-columns">{columns}</ul>
                <details class="folded">
                    <summary>{move || first(desk.lang())}</summary>
                    {move || sheet().map(|sheet| view! { <Rows sitting sheet /> })}
                </details>
            </Show>
        </section>
    }
}

#[component]
fn Column(sitting: Sitting, upload: Arc<RosterUpload>, column: RosterColumn) -> impl IntoView {
    let desk = use_desk();
    let RosterColumn { index, heading, address, sample, .. } = column;
    let letters = address.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let target = Memo::new(move |_| sitting.choices.with(|choices| choices.columns.get(&index).cloned()));
    let shown = move || {
        let pack = desk.pack();
        let of = target.get();
        let of = of.as_ref().and_then(|target| field(&pack, target));
        match sample.as_slice() {
            [] => no_sample(desk.lang()).to_owned(),
            sample => sample.iter().map(|cell| covered(cell, of)).collect::<Vec<_>>().join(" · "),
        }
    };
    let choose = move |event| {
        let name: String = event_target_value(&event);
        sitting.change(|choices| match name.is_empty() {
            true => drop(choices.columns.remove(&index)),
            false => drop(choices.columns.insert(index, name)),
        });
    };
    let options = move || {
        let lang = desk.lang();
        let chosen = target.get_untracked();
        let option = |of: &RosterTarget| {
            let is_chosen = chosen.as_ref() == Some(&of.name);
            view! { <option value=of.name.clone() selected=is_chosen>{of.label.get(lang).to_owned()}</option> }
        };
        let (tick, whole): (Vec<_>, Vec<_>) = upload.targets.iter().partition(|target| target.name.contains('='));
        view! {
            <option value="" selected=chosen.is_none()>{left_out(lang)}</option>
            {whole.into_iter().map(option).collect_view()}
            <optgroup label=ticks(lang)>{tick.into_iter().map(option).collect_view()}</optgroup>
        }
    };
    let class = move || if target.with(Option::is_none) { "roster-column is-left-out" } else { "roster-column" };
    let heading = move || if heading.is_empty() { no_heading(desk.lang()).to_owned() } else { heading.clone() };
    let id = format!("roster-column-{index}");
    view! {
        <li class=class>
            <label for=id.clone()><b class="roster-cell">{letters}</b> " " <b>{heading}</b> " " <small>{shown}</small></label>
            <select id=id on:change=choose>{options}</select>
        </li>
    }
}

/// The first rows as the file has them, private columns covered.
#[component]
fn Rows(sitting: Sitting, sheet: RosterSheet) -> impl IntoView {
    let desk = use_desk();
    let heads = sheet.columns.iter().map(|column| view! { <th scope="col">{column.heading.clone()}</th> });
    let heads = heads.collect_view();
    let lines = move || {
        let pack = desk.pack();
        let lines = sitting.choices.with(|choices| preview(&pack, &sheet, choices));
        let line = |(row, cells): (u32, Vec<String>)| {
            let cells = cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view();
            view! { <tr><th scope="row">{row}</th>{cells}</tr> }
        };
        lines.into_iter().map(line).collect_view()
    };
    view! {
        <div class="roster-sheet" tabindex="0" role="region" aria-label=move || first(desk.lang())>
            <table>
                <thead><tr><th scope="col">{move || row(desk.lang())}</th>{heads}</tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}
