//! A chart that is its own table: every row has its bar and its number. Read by eye, by screen reader and on paper alike.

use leptos::prelude::*;

/// A row: what it is of, an address to open it, and a figure a series.
#[derive(Clone, Debug, PartialEq)]
pub struct BarRow {
    /// 3月, 民政员 …
    pub label: String,
    /// Where it opens to.
    pub href: Option<String>,
    /// One a series: its length, and how it is read.
    pub values: Vec<(i64, String)>,
}

/// The chart. Series are told apart by their place in the row and, with more than one, by a mark and a word.
#[component]
pub fn Bars(
    /// What stands above it.
    caption: String,
    /// Names of the series; the column heads.
    series: Vec<String>,
    /// The rows, top down.
    rows: Vec<BarRow>,
) -> impl IntoView {
    let longest = rows.iter().flat_map(|row| row.values.iter().map(|(n, _)| n.abs())).max().unwrap_or(0).max(1);
    let many = series.len() > 1;
    let heads = series.iter().enumerate().map(|(at, name)| {
        view! { <th scope="col" role="columnheader"><span class=format!("bar-key bar-{at}") aria-hidden="true"></span>{name.clone()}</th> }
    });
    let heads = heads.collect_view();
    let row = move |row: BarRow| {
        let cells = row.values.into_iter().enumerate().map(|(at, (value, text))| {
            // Whole tenths of a percent: enough for the eye, and the same in every browser.
            let width = format!("{}%", (value.abs() * 1000 / longest) as f64 / 10.0);
            view! {
                <td role="cell">
                    <svg class="bar" width="100%" height="12" aria-hidden="true" focusable="false">
                        <rect class=format!("bar-{at}") width=width height="12" />
                    </svg>
                    <span class="bar-number">{text}</span>
                </td>
            }
        });
        let cells = cells.collect_view();
        let label = match row.href {
            Some(href) => view! { <a href=href>{row.label}</a> }.into_any(),
            None => row.label.into_any(),
        };
        view! { <tr role="row"><th scope="row" role="rowheader">{label}</th>{cells}</tr> }
    };
    view! {
        <table class="bars" role="table" class:bars-many=many>
            <caption>{caption}</caption>
            <thead role="rowgroup" class:visually-hidden=!many><tr role="row"><td role="cell"></td>{heads}</tr></thead>
            <tbody role="rowgroup">{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
