//! The work report: its figures counted here from the records this tablet holds, its prose, its charts, and everything
//! opening down to the records behind it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use records::{
    Pack, RecordId,
    figures::{Figure, Period},
    pack::Template,
};
use sync::count::count;

use super::board::looked_after;
use crate::{
    desk::{Desk, use_desk},
    platform, texts,
    view::{
        asked::{Asked, Span},
        builder::{Builder, Names},
        report::Numbers,
        years::counted_years,
    },
};

mod charts;
mod edit;
mod figure;
mod picker;
mod prose;
mod versions;

pub use edit::ReportEdit;
pub use figure::ReportFigure;

texts! {
    empty: "这段时间还没有可以统计的记录。换个时间看看。", "Nothing to count in this time yet. Try another one.";
    at_office: "部分数字由办公室统计，截至", "Some figures are counted at the office, as of";
    not_asked: "有些数字要连上办公室才能统计，先显示为“—”。", "Some figures can only be counted at the office; until then they show as —.";
}

/// The page `/report`.
#[component]
pub fn Report() -> impl IntoView {
    looked_after(|| view! { <Whole /> }.into_any())
}

/// What is asked and what was counted for it, once for all that shows it.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// The period and the place.
    pub asked: Memo<Asked>,
    /// Every indicator by name.
    pub figures: Memo<BTreeMap<String, Figure>>,
    /// The same for the period before.
    pub before: Memo<BTreeMap<String, Figure>>,
    /// When the office counted what this tablet may not hold, if anything of it is in the figures.
    pub office: Memo<Option<u64>>,
}

impl Sheet {
    /// The figures of both periods.
    pub fn numbers(self) -> Numbers {
        Numbers { now: self.figures.get(), before: self.before.get() }
    }
}

/// The sheet of the page's address.
pub fn use_sheet(desk: Desk) -> Sheet {
    let query = use_query_map();
    let start = Memo::new(move |_| {
        let years = desk.read(|book| counted_years(&desk.pack(), book));
        let this = platform::today().year();
        // Until one is chosen: this year, or if it has nothing yet the year with most.
        let year = match years.contains_key(&this) {
            true => this,
            false => years.iter().max_by_key(|(_, count)| **count).map_or(this, |(year, _)| *year),
        };
        Asked::year(year)
    });
    let asked = Memo::new(move |_| {
        let read = query.with(|query| Asked::read(|name| query.get(name)));
        read.or_else(|| start.get()).unwrap_or(NEVER)
    });
    let office = office(desk, asked);
    let figures = Memo::new(move |_| {
        let asked = asked.get();
        let pack = desk.pack();
        let mut figures =
            platform::timed("linli:report", || desk.read(|book| count(&pack, asked.ask(None), book)).whole);
        for name in desk.only_at_office() {
            let known = office.with(|office| office.as_ref().and_then(|(_, known)| known.get(&name).copied()));
            figures.insert(name, known.unwrap_or(Figure::Nothing));
        }
        figures
    });
    let earlier = Memo::new(move |_| {
        let asked = asked.get();
        Asked { period: asked.period.before().unwrap_or(asked.period), ..asked }
    });
    let office_before = self::office(desk, earlier);
    let before = Memo::new(move |_| {
        let mut before = build(desk, |builder| builder.before(&asked.get().ask(None)));
        if before.is_empty() {
            return before;
        }
        // What this tablet may not hold it would count as nought, and every figure of the office as a rise.
        for name in desk.only_at_office() {
            let known = office_before.with(|office| office.as_ref().and_then(|(_, known)| known.get(&name).copied()));
            before.insert(name, known.unwrap_or(Figure::Nothing));
        }
        before
    });
    let office = Memo::new(move |_| office.with(|office| office.as_ref().map(|(at, _)| *at)));
    Sheet { asked, figures, before, office }
}

/// Asked for when the calendar has no such year.
const NEVER: Asked = {
    let day = jiff::civil::date(1970, 1, 1);
    Asked { span: Span::Day, period: Period { from: day, to: day }, within: None }
};

/// What the office last counted for what is asked.
type AtOffice = Option<(u64, BTreeMap<String, Figure>)>;

fn office(desk: Desk, asked: Memo<Asked>) -> RwSignal<AtOffice> {
    let known = RwSignal::new(None);
    Effect::new(move || {
        let answer = desk.office_figures(asked.get().query());
        Effect::new(move || {
            let names = desk.only_at_office();
            let figures = |answer: &crate::desk::OfficeFigures| {
                names.iter().filter_map(|name| Some((name.clone(), answer.get(name)?))).collect()
            };
            known.set(answer.get().map(|answer| (answer.at, figures(&answer))));
        });
    });
    known
}

#[component]
fn Whole() -> impl IntoView {
    let desk = use_desk();
    let sheet = use_sheet(desk);
    let version = use_version();
    let nothing = Memo::new(move |_| {
        sheet.figures.with(|all| all.values().all(|figure| figure.number().is_none_or(|number| number == 0)))
    });
    let shown = Memo::new(move |_| versions::shown(desk, sheet, version.get()));
    let title = move || shown.with(|shown| shown.report.title.clone());
    let office = move || {
        let lang = desk.lang();
        (!desk.only_at_office().is_empty() && version.get().is_none()).then(|| match sheet.office.get() {
            Some(at) => format!("{} {}", at_office(lang), platform::clock_time(at)),
            None => not_asked(lang).to_owned(),
        })
    };
    view! {
        <div class="page">
            <div class="page-head"><h1>{title}</h1></div>
            <picker::Picker sheet />
            <versions::Bar sheet version shown />
            <Show
                when=move || !nothing.get() || version.get().is_some()
                fallback=move || view! { <p class="empty" role="status">{move || empty(desk.lang())}</p> }
            >
                <charts::Tiles sheet version shown />
                {move || shown.with(|shown| prose::prose(desk, sheet, version.get(), shown))}
            </Show>
            <p class="note">{office}</p>
        </div>
    }
    .into_any()
}

/// The page a figure opens to. An address with a full stop in it would be taken for a file, which is never the app.
/// From a frozen report it leads back to that one.
pub fn figure_page(indicator: &str, query: &str, version: Option<RecordId>) -> String {
    format!("/report/figure/{}?{query}{}", indicator.replace('.', "-"), of_version(version))
}

/// The part of an address that names a frozen report.
pub fn of_version(version: Option<RecordId>) -> String {
    version.map(|id| format!("&version={id}")).unwrap_or_default()
}

/// The frozen report that the page's address names.
pub fn use_version() -> Memo<Option<RecordId>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("version")?.parse().ok()))
}

/// The text of the pack's first report.
pub fn template(pack: &Pack) -> Option<&Template> {
    pack.reports.first()
}

/// What the page is built from: the records that this tablet holds.
pub fn build<T>(desk: Desk, ask: impl FnOnce(Builder<'_>) -> T) -> T {
    let (pack, lang) = (desk.pack(), desk.lang());
    let (title, person) = (move |id| desk.plain_title_of(id), move |account: &str| desk.name_of(account));
    let names = Names::new(&title, &person);
    desk.read(|book| ask(Builder { pack: &pack, records: book, may_read: &|_| true, names: &names, lang }))
}

/// The community's name, which stands in the report.
pub fn community(desk: Desk) -> String {
    desk.me().map(|me| me.community).unwrap_or_default()
}

/// A value of a dimension as it is read: 3月, 民政员, 第一网格, a colleague's name.
pub fn key_name(desk: Desk, dimension: &str, key: &str) -> String {
    build(desk, |builder| builder.key_name(dimension, key))
}
