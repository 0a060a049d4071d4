//! The first figures at a glance, and the charts the text places.

use leptos::prelude::*;
use records::{
    RecordId,
    figures::Figure,
    pack::{Indicator, Measure},
    report::{ChartRow, ChartTable},
};

use super::{Sheet, figure_page, versions::Shown};
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
            let figure = shown.with(|shown| match &shown.frozen {
                Some(frozen) => frozen.numbers.now.get(&name).copied(),
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

/// A chart as bars.
pub fn chart(table: &ChartTable) -> AnyView {
    let ChartTable { caption, series, rows, .. } = table.clone();
    let row = |ChartRow { label, values, .. }| BarRow { label, href: None, values };
    view! { <Bars caption series rows=rows.into_iter().map(row).collect() /> }.into_any()
}
