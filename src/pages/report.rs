//! The figures of the work report, worked out here from the records this tablet holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use leptos::prelude::*;
use records::{
    Kind, Lang, Pack,
    figures::{Ask, Figure, Period},
    pack::Indicator,
};
use sync::{book::Book, count::count};

use super::notice::NotFound;
use crate::{desk::use_desk, platform, texts};

texts! {
    title: "报告", "Figures";
    year: "年份", "Year";
    all: "全部", "All years";
    month: "月份", "Month";
    whole_year: "全年", "Whole year";
    what: "项目", "Figure";
    number: "数字", "Number";
    empty: "这段时间还没有可以统计的记录，换个年份看看。", "Nothing to count in this time yet; try another year.";
    note: "按这台设备上的记录算出。", "Worked out from the records on this device.";
}

/// The page.
#[component]
pub fn Report() -> impl IntoView {
    let desk = use_desk();
    let may_read = Memo::new(move |_| {
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        desk.pack().post(&post).is_some_and(|post| post.report)
    });
    move || if may_read.get() { view! { <Figures /> }.into_any() } else { view! { <NotFound /> }.into_any() }
}

#[component]
fn Figures() -> impl IntoView {
    let desk = use_desk();
    let years = Memo::new(move |_| desk.read(|book| counted_years(&desk.pack(), book)));
    // Until one is chosen: this year, or if it has nothing yet the year with most.
    let start = Memo::new(move |_| {
        let this = platform::today().year();
        years.with(|years| match years.contains_key(&this) {
            true => this,
            false => years.iter().max_by_key(|(_, count)| **count).map_or(this, |(year, _)| *year),
        })
    });
    let (year_chosen, month) = (RwSignal::new(None::<Option<i16>>), RwSignal::new(None::<i8>));
    let year_shown = move || year_chosen.get().unwrap_or_else(|| Some(start.get()));
    let figures = Memo::new(move |_| {
        let pack = desk.pack();
        let Some(period) = period(year_shown(), month.get()) else { return Vec::new() };
        let figures = desk.read(|book| count(&pack, Ask::of(period), book)).whole;
        let figure = |i: &Indicator| (i.clone(), figures.get(&i.name).copied().unwrap_or(Figure::Nothing));
        pack.indicators.iter().map(figure).collect::<Vec<_>>()
    });
    let row = move |(indicator, figure): (Indicator, Figure)| {
        let lang = desk.lang();
        let words = figure.text(desk.pack().is_money(&indicator), lang);
        view! {
            <tr><th scope="row">{indicator.label.get(lang).to_owned()}</th><td class="figure">{words}</td></tr>
        }
    };
    let year_option = move |year: Option<i16>| {
        let label = move || match (year, desk.lang()) {
            (None, lang) => all(lang).to_owned(),
            (Some(year), Lang::Zh) => format!("{year} 年"),
            (Some(year), Lang::En) => year.to_string(),
        };
        let value = year.map(|y| y.to_string()).unwrap_or_default();
        view! { <option value=value selected=move || year_shown() == year>{label}</option> }
    };
    let month_option = move |of: Option<i8>| {
        let label = move || match (of, desk.lang()) {
            (None, lang) => whole_year(lang).to_owned(),
            (Some(of), Lang::Zh) => format!("{of} 月"),
            (Some(of), Lang::En) => format!("Month {of}"),
        };
        let value = of.map(|m| m.to_string()).unwrap_or_default();
        view! { <option value=value selected=move || month.get() == of>{label}</option> }
    };
    let year_options = move || {
        let mut all: Vec<i16> = years.with(|years| years.keys().copied().collect());
        if !all.contains(&start.get()) {
            all.push(start.get());
        }
        all.into_iter().rev().map(Some).chain([None]).map(year_option).collect_view()
    };
    let nothing =
        Memo::new(move |_| figures.with(|all| all.iter().all(|(_, figure)| figure.number().unwrap_or(0) == 0)));
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{move || title(desk.lang())}</h1>
                <span class="row-acts">
                    <select
                        aria-label=move || year(desk.lang())
                        on:change=move |event| year_chosen.set(Some(event_target_value(&event).parse().ok()))
                    >
                        {year_options}
                    </select>
                    <select
                        aria-label=move || self::month(desk.lang())
                        disabled=move || year_shown().is_none()
                        on:change=move |event| month.set(event_target_value(&event).parse().ok())
                    >
                        {[None].into_iter().chain((1..=12).map(Some)).map(month_option).collect_view()}
                    </select>
                </span>
            </div>
            <Show
                when=move || !nothing.get()
                fallback=move || view! { <p class="empty" role="status">{move || empty(desk.lang())}</p> }
            >
                <table class="figures-table">
                    <thead class="visually-hidden">
                        <tr><th scope="col">{move || what(desk.lang())}</th><th scope="col">{move || number(desk.lang())}</th></tr>
                    </thead>
                    <tbody>{move || figures.get().into_iter().map(row).collect_view()}</tbody>
                </table>
                <p class="note">{move || note(desk.lang())}</p>
            </Show>
        </div>
    }
    .into_any()
}

/// Kinds that figures count.
fn counted(pack: &Pack) -> impl Iterator<Item = &Kind> {
    let names: BTreeSet<&String> = pack.indicators.iter().map(|indicator| &indicator.kind).collect();
    names.into_iter().filter_map(|name| pack.kind(name))
}

/// How many records that figures count each year has.
fn counted_years(pack: &Pack, book: &Book) -> BTreeMap<i16, usize> {
    let mut years = BTreeMap::new();
    for kind in counted(pack) {
        let Some(date) = &kind.date else { continue };
        let year = |record: &sync::Record| record.text(date)?.get(..4)?.parse().ok();
        book.of_kind(&kind.name).filter_map(year).for_each(|year| *years.entry(year).or_default() += 1);
    }
    years
}

/// A month, a year, or all there is.
fn period(year: Option<i16>, month: Option<i8>) -> Option<Period> {
    match (year, month) {
        (None, _) => Some(Period { from: date(1900, 1, 1), to: date(2999, 12, 31) }),
        (Some(year), None) => Period::year(year),
        (Some(year), Some(month)) => {
            let from = Date::new(year, month, 1).ok()?;
            Some(Period { from, to: from.last_of_month() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::made::Made;

    #[test]
    fn a_period_is_a_month_a_year_or_everything() {
        let february = period(Some(2028), Some(2)).expect("a month");
        assert_eq!((february.from, february.to), (date(2028, 2, 1), date(2028, 2, 29)));
        assert_eq!(period(Some(2009), None), Period::year(2009));
        assert!(period(None, Some(3)).expect("all").contains(date(1999, 7, 1)));
    }

    #[test]
    fn years_are_those_of_counted_records() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        for day in ["2009-02-01", "2009-05-01", "2026-01-01"] {
            made.visit(home, None, day, None);
        }
        assert_eq!(counted_years(&Pack::community(), &made.book), BTreeMap::from([(2009, 2), (2026, 1)]));
    }
}
