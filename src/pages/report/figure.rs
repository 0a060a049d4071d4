//! One figure, opened: what it is, how it is spread, and the records behind it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use records::{
    Lang, Right,
    figures::Figure,
    pack::{Indicator, MONTH, Measure},
    report::ChartRow,
};
use sync::count::counted;

use super::{
    super::board::looked_after, Sheet, build, charts::read, figure_page, of_version, picker::place_name, use_sheet,
    use_version,
};
use crate::{
    desk::{Desk, use_desk},
    pages::notice::NotFound,
    parts::{
        bars::{BarRow, Bars},
        icon::Icon,
        timeline::Timeline,
    },
    texts,
    view::{asked::Asked, history::of_records, told},
};

texts! {
    back: "返回汇报", "Back to the report";
    records: "背后的记录", "The records behind it";
    none: "这段时间没有这样的记录。", "There is no such record in this time.";
    hidden: "这些记录只有责任人能看，数字由办公室统计。", "Only those responsible may see these records; the office counts them.";
    part: "其中", "Of these";
    whole: "全部", "All";
    rest: "其余", "The rest";
}

/// Rows of a breakdown before the rest is put together.
const ROWS: usize = 12;

/// The page `/report/figure/:name`.
#[component]
pub fn ReportFigure() -> impl IntoView {
    looked_after(|| view! { <Opened /> }.into_any())
}

#[component]
fn Opened() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let sheet = use_sheet(desk);
    let indicator = Memo::new(move |_| {
        let name = params.read().get("name").unwrap_or_default().replace('-', ".");
        desk.pack().indicator(&name).cloned()
    });
    move || match indicator.get() {
        Some(indicator) => view! { <One sheet indicator /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn One(sheet: Sheet, indicator: Indicator) -> impl IntoView {
    let desk = use_desk();
    let indicator = StoredValue::new(indicator);
    let label = move || indicator.with_value(|i| i.label.get(desk.lang()).to_owned());
    let figure = move || {
        indicator.with_value(|i| {
            let figure = sheet.figures.with(|all| all.get(&i.name).copied().unwrap_or(Figure::Nothing));
            read(desk, i, figure)
        })
    };
    let when = move || {
        sheet.asked.with(|asked| {
            let place = place_name(desk, asked);
            let unit =
                indicator.with_value(|i| i.unit.as_ref().map(|u| u.get(desk.lang()).to_owned())).unwrap_or_default();
            [asked.period.name(desk.lang()), place, unit]
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
        })
    };
    let version = use_version();
    let back_to = move || format!("/report?{}{}", sheet.asked.with(|asked| asked.query()), of_version(version.get()));
    // Opened out of a frozen report, the records are those of now; what it said then stands beside.
    let then = move || {
        let frozen = version.get().and_then(|id| build(desk, |builder| builder.frozen(id)))?;
        let figure = indicator.with_value(|i| frozen.numbers.now.get(&i.name).map(|figure| read(desk, i, *figure)))?;
        Some(match desk.lang() {
            Lang::Zh => format!("定稿时（{}）是 {figure}", frozen.day),
            Lang::En => format!("When frozen ({}): {figure}", frozen.day),
        })
    };
    let meaning = move || indicator.with_value(|i| told::how(&desk.pack(), i, desk.lang()));
    let body = move || match indicator.with_value(|i| i.measure.clone()) {
        Measure::Rate(over, under) => view! { <Shares sheet part=over whole=under /> }.into_any(),
        _ => view! { <Spread sheet indicator /> }.into_any(),
    };
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{label}</h1>
                <a class="button quiet" href=back_to><Icon name="back" /><span>{move || back(desk.lang())}</span></a>
            </div>
            <p class="big-figure">{figure}</p>
            <p class="note">{when}</p>
            <p class="note">{meaning}</p>
            {move || then().map(|words| view! { <p class="note" role="status">{words}</p> })}
            {body}
        </div>
    }
    .into_any()
}

/// A rate opens to its two figures.
#[component]
fn Shares(sheet: Sheet, part: String, whole: String) -> impl IntoView {
    let desk = use_desk();
    let version = use_version();
    let tile = move |name: String, words: fn(records::Lang) -> &'static str| {
        let name = StoredValue::new(name);
        move || {
            let name = name.get_value();
            let indicator = desk.pack().indicator(&name).cloned()?;
            let figure = sheet.figures.with(|all| all.get(&name).copied().unwrap_or(Figure::Nothing));
            let href = figure_page(&name, &sheet.asked.with(|asked| asked.query()), version.get());
            let label = format!("{} · {}", words(desk.lang()), indicator.label.get(desk.lang()));
            Some(view! { <a class="tile" href=href><small>{label}</small><b>{read(desk, &indicator, figure)}</b></a> })
        }
    };
    view! { <div class="tiles">{tile(part, self::part)} {tile(whole, self::whole)}</div> }
}

#[component]
fn Spread(sheet: Sheet, indicator: StoredValue<Indicator>) -> impl IntoView {
    let desk = use_desk();
    let may_read = Memo::new(move |_| {
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        indicator.with_value(|i| desk.pack().allows(&post, &i.kind, Right::Read))
    });
    let events = Memo::new(move |_| {
        let (pack, asked) = (desk.pack(), sheet.asked.get());
        desk.read(|book| {
            let records = indicator.with_value(|i| counted(&pack, i, &asked.ask(None), book));
            of_records(&pack, records)
        })
    });
    let charts = move || {
        let (pack, asked) = (desk.pack(), sheet.asked.get());
        let kind = indicator.with_value(|i| pack.kind(&i.kind).cloned())?;
        // What stands on the last day has no months; what is one place already is not spread over places.
        let is_told = |name: &str| {
            let is_stock = name == MONTH && indicator.with_value(|i| i.standing);
            !is_stock
                && pack.is_told_by(&kind, name)
                && asked.within.as_ref().is_none_or(|(dimension, _)| dimension != name)
        };
        let names = pack.dimensions.iter().filter(|d| is_told(&d.name));
        Some(names.filter_map(|d| chart(desk, &asked, &indicator.get_value(), &d.name)).collect_view())
    };
    view! {
        <Show when=move || may_read.get() fallback=move || view! { <p class="note">{move || hidden(desk.lang())}</p> }>
            {charts}
            <section aria-labelledby="behind">
                <h2 class="section-title" id="behind">
                    {move || records(desk.lang())} " " <small class="figures">{move || events.with(Vec::len)}</small>
                </h2>
                <Timeline events empty=Signal::derive(move || none(desk.lang()).to_owned()) says_whom=true />
            </section>
        </Show>
    }
}

/// How the figure is spread over a dimension; nothing where it lies in one place.
fn chart(desk: Desk, asked: &Asked, indicator: &Indicator, by: &str) -> Option<AnyView> {
    let table = build(desk, |builder| builder.spread(indicator, &asked.ask(None), by))?;
    let shown = if by == MONTH { table.rows.len() } else { ROWS };
    let adds = matches!(indicator.measure, Measure::Count | Measure::Sum(_)) && by != "label";
    let others = table.rows.iter().skip(shown).flat_map(|row| &row.values).map(|(value, _)| *value).sum();
    let (has_rest, rest_text) = (table.rows.len() > shown && adds, read(desk, indicator, Figure::Number(others)));
    let has_place = desk.pack().field_of(by).is_some_and(|f| matches!(f.r#type, records::FieldType::Record(_)));
    let bar = |ChartRow { key, label, values }: ChartRow| {
        let part = match by {
            MONTH => Asked::month(&key).map(|month| Asked { within: asked.within.clone(), ..month }),
            _ if !has_place || key.is_empty() => None,
            _ => Some(Asked { within: Some((by.to_owned(), key)), ..asked.clone() }),
        };
        let href = part.map(|part| figure_page(&indicator.name, &part.query(), None));
        BarRow { label, href, values }
    };
    let mut bars: Vec<BarRow> = table.rows.into_iter().take(shown).map(bar).collect();
    if has_rest {
        // Without a bar: it would dwarf those that are told apart.
        bars.push(BarRow { label: rest(desk.lang()).to_owned(), href: None, values: vec![(0, rest_text)] });
    }
    Some(view! { <Bars caption=table.caption series=table.series rows=bars /> }.into_any())
}
