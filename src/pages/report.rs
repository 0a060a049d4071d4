//! The figures of the work report, worked out here from the records this tablet holds.

use leptos::prelude::*;
use records::{
    FieldType, Lang,
    figures::{Period, Tally},
    pack::Indicator,
    words::money,
};

use crate::{desk::use_desk, platform, texts};

texts! {
    title: "报告", "Figures";
    year: "年份", "Year";
    all: "全部", "All years";
    what: "项目", "Figure";
    number: "数字", "Number";
    empty: "这一年还没有可以统计的记录。", "Nothing to count in this year yet.";
    note: "按这台设备上的记录算出。", "Worked out from the records on this device.";
}

/// The page.
#[component]
pub fn Report() -> impl IntoView {
    let desk = use_desk();
    let years = Memo::new(move |_| {
        let pack = desk.pack();
        let this = platform::today().year();
        let mut years = desk.read(|book| {
            let dated = pack.kinds.values().filter_map(|kind| Some((kind, kind.date.as_ref()?)));
            let days = dated.flat_map(|(kind, date)| {
                book.of_kind(&kind.name).filter_map(move |r| r.text(date)?.get(..4)?.parse().ok())
            });
            days.collect::<std::collections::BTreeSet<i16>>()
        });
        years.insert(this);
        years.into_iter().rev().collect::<Vec<_>>()
    });
    // The last year with records: in January that is the one being reported.
    let chosen = RwSignal::new(None::<Option<i16>>);
    let year_shown = move || chosen.get().unwrap_or_else(|| Some(platform::today().year()));
    let period = move || match year_shown() {
        Some(year) => Period::year(year),
        None => Some(Period { from: jiff::civil::date(1900, 1, 1), to: jiff::civil::date(2999, 12, 31) }),
    };
    let figures = Memo::new(move |_| {
        let pack = desk.pack();
        let Some(period) = period() else { return Vec::new() };
        let mut tally = Tally::new(&pack, period);
        desk.read(|book| {
            let counted: std::collections::BTreeSet<&String> = pack.indicators.iter().map(|i| &i.kind).collect();
            for record in counted.into_iter().flat_map(|kind| book.of_kind(kind)) {
                tally.add(&record.kind, &record.values());
            }
        });
        let figures = tally.figures();
        let figure = |i: &Indicator| (i.clone(), figures.get(&i.name).copied().unwrap_or_default());
        pack.indicators.iter().map(figure).collect::<Vec<_>>()
    });
    let is_money = move |indicator: &Indicator| {
        let pack = desk.pack();
        let field =
            indicator.sum.as_ref().and_then(|sum| pack.kind(&indicator.kind)?.field(sum).map(|f| f.r#type.clone()));
        field == Some(FieldType::Money)
    };
    let row = move |(indicator, figure): (Indicator, i64)| {
        let lang = desk.lang();
        let words = if is_money(&indicator) { money(figure, lang) } else { grouped(figure) };
        view! {
            <tr><th scope="row">{indicator.label.get(lang).to_owned()}</th><td class="figure">{words}</td></tr>
        }
    };
    let option = move |year: Option<i16>| {
        let label = move || match (year, desk.lang()) {
            (None, lang) => all(lang).to_owned(),
            (Some(year), Lang::Zh) => format!("{year} 年"),
            (Some(year), Lang::En) => year.to_string(),
        };
        view! {
            <option value=year.map(|y| y.to_string()).unwrap_or_default() selected=move || year_shown() == year>{label}</option>
        }
    };
    let nothing = move || figures.with(|all| all.iter().all(|(_, figure)| *figure == 0));
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{move || title(desk.lang())}</h1>
                <label class="month">
                    <span>{move || year(desk.lang())}</span>
                    <select on:change=move |event| chosen.set(Some(event_target_value(&event).parse().ok()))>
                        {move || years.get().into_iter().map(Some).chain([None]).map(option).collect_view()}
                    </select>
                </label>
            </div>
            <p class="note">{move || note(desk.lang())}</p>
            <Show when=nothing><p class="empty" role="status">{move || empty(desk.lang())}</p></Show>
            <table class="figures-table">
                <thead class="visually-hidden">
                    <tr><th scope="col">{move || what(desk.lang())}</th><th scope="col">{move || number(desk.lang())}</th></tr>
                </thead>
                <tbody>{move || figures.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Thousands by commas.
fn grouped(number: i64) -> String {
    records::words::yuan(number.saturating_mul(100)).trim_end_matches(".00").to_owned()
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn large_figures_read_in_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(4705), "4,705");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
