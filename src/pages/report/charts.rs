//! The first figures at a glance, and the charts the text places.

use leptos::prelude::*;
use records::{
    RecordId,
    figures::Figure,
    pack::{Indicator, MONTH, Measure},
    report,
};

use super::{Sheet, broken_down, figure_page, key_name, versions::Shown};
use crate::{
    desk::{Desk, use_desk},
    parts::bars::{BarRow, Bars},
};

/// Tiles: the rates, and what the charts are of; each opens. A frozen report shows those it kept.
#[component]
pub fn Tiles(sheet: Sheet, version: Memo<Option<RecordId>>, shown: Memo<Shown>) -> impl IntoView {
    let desk = use_desk();
    let tiles = move || {
        let pack = desk.pack();
        let charted = pack.reports.first().map(|r| r.charts.iter().flat_map(|c| c.figures.clone()).collect::<Vec<_>>());
        let rates = pack.indicators.iter().filter(|i| matches!(i.measure, Measure::Rate(..))).map(|i| i.name.clone());
        let mut names: Vec<String> = charted.unwrap_or_default();
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names.truncate(4);
        names.extend(rates.filter(|name| !seen.contains(name)).take(2));
        let tile = |name: String| {
            let indicator = pack.indicator(&name)?;
            let figure = shown.with(|shown| match &shown.then {
                Some(then) => then.get(&name).copied(),
                None => Some(sheet.figures.with(|all| all.get(&name).copied().unwrap_or(Figure::Nothing))),
            })?;
            let href = figure_page(&name, &sheet.asked.with(|asked| asked.query()), version.get());
            let label = indicator.label.get(desk.lang()).to_owned();
            let text = read(desk, indicator, figure);
            Some(view! { <a class="tile" href=href><small>{label}</small><b>{text}</b></a> })
        };
        names.into_iter().filter_map(tile).collect_view()
    };
    view! { <div class="tiles">{tiles}</div> }
}

/// A figure as a screen shows it.
pub fn read(desk: Desk, indicator: &Indicator, figure: Figure) -> String {
    figure.text(desk.pack().is_money(indicator), desk.lang())
}

/// The chart called `name`; nothing when the pack has none.
pub fn chart(desk: Desk, sheet: Sheet, name: &str) -> AnyView {
    let pack = desk.pack();
    let Some(chart) = report::chart(&pack, name).cloned() else { return ().into_any() };
    let (asked, lang) = (sheet.asked.get(), desk.lang());
    let indicators: Vec<Indicator> = chart.figures.iter().filter_map(|name| pack.indicator(name).cloned()).collect();
    let values = |figures: &dyn Fn(&str) -> Option<Figure>| -> Vec<(i64, String)> {
        let value = |i: &Indicator| {
            let figure = figures(&i.name).unwrap_or(Figure::Number(0));
            (figure.number().unwrap_or(0), read(desk, i, figure))
        };
        indicators.iter().map(value).collect()
    };
    let series: Vec<String> = indicators.iter().map(|i| i.label.get(lang).to_owned()).collect();
    let label = chart.label.get(lang).to_owned();
    let Some(by) = chart.by else {
        let rows = sheet.figures.with(|all| {
            let row = |i: &Indicator| {
                let figure = all.get(&i.name).copied().unwrap_or(Figure::Number(0));
                let values = vec![(figure.number().unwrap_or(0), read(desk, i, figure))];
                BarRow { label: i.label.get(lang).to_owned(), href: None, values }
            };
            indicators.iter().map(row).collect()
        });
        return view! { <Bars caption=label series=Vec::new() rows /> }.into_any();
    };
    let names: Vec<&str> = indicators.iter().map(|indicator| indicator.name.as_str()).collect();
    let mut rows: Vec<(String, BarRow)> = broken_down(desk, &asked, &names, &by)
        .groups
        .iter()
        .map(|(key, group)| {
            let values = values(&|name| group.get(name).copied());
            (key.clone(), BarRow { label: key_name(desk, &by, key), href: None, values })
        })
        .collect();
    let is_something = |(_, row): &(String, BarRow)| row.values.iter().any(|(value, _)| *value != 0);
    if by != MONTH || !rows.iter().any(is_something) {
        rows.retain(is_something);
    }
    if by != MONTH {
        rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.values.iter().map(|(value, _)| *value).sum::<i64>()));
    }
    let rows: Vec<BarRow> = rows.into_iter().map(|(_, row)| row).collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! { <Bars caption=label series rows /> }.into_any()
}
