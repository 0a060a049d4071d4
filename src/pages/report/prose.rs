//! The report's text, each figure a link to what is behind it.

use leptos::prelude::*;
use records::{
    RecordId,
    report::{Block, Span},
};

use super::{Sheet, charts, versions::Shown};
use crate::{desk::Desk, texts};

texts! {
    is_now: "现在是", "now";
}

/// Headings, paragraphs and charts.
pub fn prose(desk: Desk, sheet: Sheet, version: Option<RecordId>, shown: &Shown) -> impl IntoView + use<> {
    let block = |block: &Block| match block {
        Block::Heading { level: 1, number, spans } => {
            view! { <h2>{number.clone()}{line(desk, sheet, version, shown, spans)}</h2> }.into_any()
        }
        Block::Heading { number, spans, .. } => {
            view! { <h3>{number.clone()}{line(desk, sheet, version, shown, spans)}</h3> }.into_any()
        }
        Block::Paragraph(spans) => view! { <p>{line(desk, sheet, version, shown, spans)}</p> }.into_any(),
        Block::Chart(table) => charts::chart(table),
    };
    let blocks = shown.report.blocks.iter().map(block).collect_view();
    view! { <article class="prose">{blocks}</article> }
}

fn line(desk: Desk, sheet: Sheet, version: Option<RecordId>, shown: &Shown, spans: &[Span]) -> impl IntoView + use<> {
    let span = |span: &Span| match span {
        Span::Text(text) => text.clone().into_any(),
        Span::Unknown(text) => view! { <b class="is-red">{text.clone()}</b> }.into_any(),
        Span::Figure { indicator, text } => {
            let query = sheet.asked.with_untracked(|asked| asked.query());
            let href = super::figure_page(indicator, &query, version);
            let label = desk.pack().indicator(indicator).map(|i| i.label.get(desk.lang()).to_owned());
            let now = shown.changed.get(indicator).cloned();
            view! {
                <a class="prose-figure" href=href title=label>{text.clone()}</a>
                {now.map(|now| view! { <small class="moved">{format!("（▲ {} {now}）", is_now(desk.lang()))}</small> })}
            }
            .into_any()
        }
    };
    spans.iter().map(span).collect_view()
}
