//! The work report (工作汇报): a text with places for figures, filled in. Every figure stays one, so that a screen can open it.
//!
//! A line is a paragraph, or begins with a mark: `#` the title, `##` `###` `####` headings of three levels, `![name]` a chart.
//! In a line, `{works.trees_trimmed}` is the figure, `{works.trees_trimmed:change}` how it moved against the period before (a
//! clause with its comma, or nothing when both are nought), `{period}`, `{before}`, `{community}`, `{place}` what they say. An
//! indicator can be named by its label in either language too. A name that is not known is refused where a text is saved
//! ([`strange`]); where one stands all the same, the report says so in its place.

use std::collections::BTreeMap;

use crate::{
    Lang, Pack,
    figures::{Figure, Period},
    pack::{Chart, Indicator},
};

mod text;

pub(crate) use text::check;
use text::{Part, chart_name, indicator, parts, place};
pub use text::{Sort, Strange, named, strange};

/// What a report is filled in from.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// For labels of indicators.
    pub pack: &'a Pack,
    /// The figures of the period by name.
    pub figures: &'a BTreeMap<String, Figure>,
    /// Those of the period before.
    pub before: &'a BTreeMap<String, Figure>,
    /// The period.
    pub period: Period,
    /// The community's name.
    pub community: &'a str,
    /// The grid or building it is of; empty for the whole.
    pub place: &'a str,
    /// The report's language.
    pub lang: Lang,
}

/// A report as it is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Its title.
    pub title: String,
    /// What follows, in order.
    pub blocks: Vec<Block>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading of level 1 to 3, with its number: 一、 （一） 1.
    Heading {
        /// 1 to 3.
        level: u8,
        /// Its number as it is read, with what follows it.
        number: String,
        /// Its words.
        spans: Vec<Span>,
    },
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A chart, as the table it is drawn from.
    Chart(ChartTable),
}

/// A chart's numbers: a screen draws them as bars, a paper as rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChartTable {
    /// Its name in the text.
    pub name: String,
    /// What stands above it.
    pub caption: String,
    /// The head of the labels.
    pub head: String,
    /// Heads of the figures; none when each row is a figure of its own.
    pub series: Vec<String>,
    /// The rows, top down.
    pub rows: Vec<ChartRow>,
}

/// A row of a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChartRow {
    /// The value of the dimension that the row is of; the indicator's name where each row is a figure of its own.
    pub key: String,
    /// 3月, 民政员 …
    pub label: String,
    /// A figure a series: its size, and how it is read.
    pub values: Vec<(i64, String)>,
}

impl ChartTable {
    /// Heads of the columns, the first of the labels; none where the series have none.
    pub fn heads(&self) -> Vec<&str> {
        let labels = (!self.series.is_empty()).then_some(self.head.as_str());
        labels.into_iter().chain(self.series.iter().map(String::as_str)).collect()
    }
}

impl ChartRow {
    /// The label, then the figures as they are read.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.label.as_str()).chain(self.values.iter().map(|(_, text)| text.as_str()))
    }
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// Words.
    Text(String),
    /// A figure, which opens to its records.
    Figure {
        /// The indicator.
        indicator: String,
        /// As it is read in prose: without thousands' commas, money in yuan.
        text: String,
    },
    /// What stands where a figure or a brace has no meaning: says so, and is shown in red.
    Unknown(String),
}

impl Span {
    /// As it is read.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Figure { text, .. } | Self::Unknown(text) => text,
        }
    }
}

/// Fills the text in. `chart` gives the table of a chart by its name; a chart without one is left out.
pub fn render(body: &str, facts: &Facts<'_>, chart: &dyn Fn(&str) -> Option<ChartTable>) -> Report {
    let mut report = Report::default();
    let mut numbers = [0; 3];
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let marks = line.chars().take_while(|c| *c == '#').count();
        let rest = line.trim_start_matches('#').trim_start();
        match (marks, chart_name(line)) {
            (_, Some(name)) => report.blocks.extend(chart(name).map(Block::Chart)),
            (0, _) => report.blocks.push(Block::Paragraph(spans(line, facts))),
            (1, _) => report.title = spans(rest, facts).iter().map(Span::text).collect(),
            (marks, _) => {
                let level = (marks - 1).min(3);
                numbers[level - 1] += 1;
                numbers[level..].fill(0);
                let number = heading_number(level, numbers, facts.lang);
                report.blocks.push(Block::Heading { level: level as u8, number, spans: spans(rest, facts) });
            }
        }
    }
    report
}

/// Charts the text places.
pub fn charts(body: &str) -> impl Iterator<Item = &str> {
    body.lines().filter_map(|line| chart_name(line.trim()))
}

/// The text with indicators named by their labels, for someone to edit; [`render`] takes it as it is.
pub fn labelled(pack: &Pack, body: &str, lang: Lang) -> String {
    let mut out = String::with_capacity(body.len());
    for (at, line) in body.trim().lines().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for part in parts(line) {
            match part {
                Part::Text(text) | Part::Broken(text) => out.push_str(text),
                Part::Place(written) => {
                    let (name, is_change) = place(written);
                    let name = indicator(pack, &name).map_or(&*name, |i| i.label.get(lang));
                    out.push_str(&format!("{{{name}{}}}", if is_change { CHANGE } else { "" }));
                }
            }
        }
    }
    out
}

/// A figure as prose has it: `4705`, `471906`, `0.50`, `92.8%`.
pub fn prose(pack: &Pack, indicator: &Indicator, figure: Figure) -> String {
    match figure {
        Figure::Number(fen) if pack.is_money(indicator) => {
            let (sign, fen) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
            match fen % 100 {
                0 => format!("{sign}{}", fen / 100),
                rest => format!("{sign}{}.{rest:02}", fen / 100),
            }
        }
        Figure::Number(number) => number.to_string(),
        other => other.text(false, Lang::Zh),
    }
}

/// The chart called `name` of the pack's reports.
pub fn chart<'p>(pack: &'p Pack, name: &str) -> Option<&'p Chart> {
    pack.reports.iter().flat_map(|report| &report.charts).find(|chart| chart.name == name)
}

const WORDS: [&str; 4] = ["period", "before", "community", "place"];
const CHANGE: &str = ":change";

fn spans(line: &str, facts: &Facts<'_>) -> Vec<Span> {
    let span = |part| match part {
        Part::Text(text) => Some(Span::Text(text.to_owned())),
        Part::Place(written) => fill(written, facts),
        Part::Broken(half) => Some(unknown(half, facts.lang)),
    };
    parts(line).into_iter().filter_map(span).collect()
}

fn fill(written: &str, facts: &Facts<'_>) -> Option<Span> {
    let text = |text: &str| Some(Span::Text(text.to_owned()));
    let (name, is_change) = place(written);
    match (&*name, is_change) {
        ("period", false) => return text(&facts.period.name(facts.lang)),
        ("before", false) => return text(facts.period.name_before(facts.lang)),
        ("community", false) => return text(facts.community),
        ("place", false) => return text(facts.place),
        _ => {}
    }
    let Some(indicator) = indicator(facts.pack, &name) else { return Some(unknown(written, facts.lang)) };
    if is_change {
        return change(indicator, facts).map(Span::Text);
    }
    let figure = facts.figures.get(&indicator.name).copied().unwrap_or(Figure::Nothing);
    Some(Span::Figure { indicator: indicator.name.clone(), text: prose(facts.pack, indicator, figure) })
}

fn unknown(written: &str, lang: Lang) -> Span {
    let written = written.trim_matches(|c: char| "{}｛｝ ".contains(c));
    Span::Unknown(match lang {
        Lang::Zh => format!("〔没有“{written}”这个数字〕"),
        Lang::En => format!("[there is no figure “{written}”]"),
    })
}

/// `，比上年增加12`; nothing where the period before has nothing to compare with.
fn change(indicator: &Indicator, facts: &Facts<'_>) -> Option<String> {
    let of = |figures: &BTreeMap<String, Figure>| figures.get(&indicator.name).copied().unwrap_or(Figure::Nothing);
    let (now, then) = (of(facts.figures), of(facts.before));
    let (step, is_rate) = match (now.number(), then.number(), now.permille(), then.permille()) {
        (Some(now), Some(then), ..) if then != 0 => (now - then, false),
        (_, _, Some(now), Some(then)) => (now - then, true),
        _ => return None,
    };
    let before = facts.period.name_before(facts.lang);
    let size = Figure::Number(i64::try_from(step.unsigned_abs()).unwrap_or(i64::MAX));
    let size = match (is_rate, facts.lang) {
        (true, lang) => {
            let points = step.unsigned_abs();
            let unit = if lang == Lang::Zh { "个百分点" } else { " points" };
            format!("{}.{}{unit}", points / 10, points % 10)
        }
        (false, _) => prose(facts.pack, indicator, size),
    };
    Some(match (facts.lang, step.signum()) {
        (Lang::Zh, 1) => format!("，比{before}增加{size}"),
        (Lang::Zh, -1) => format!("，比{before}减少{size}"),
        (Lang::Zh, _) => format!("，与{before}持平"),
        (Lang::En, 1) => format!(", {size} more than {before}"),
        (Lang::En, -1) => format!(", {size} fewer than {before}"),
        (Lang::En, _) => format!(", as many as {before}"),
    })
}

/// GB/T 9704-2012, 7.3.3: the levels of a text are numbered 一、 （一） 1.
fn heading_number(level: usize, numbers: [usize; 3], lang: Lang) -> String {
    let number = numbers[level - 1];
    match (lang, level) {
        (Lang::Zh, 1) => format!("{}、", chinese(number)),
        (Lang::Zh, 2) => format!("（{}）", chinese(number)),
        (Lang::Zh, _) => format!("{number}."),
        (Lang::En, 1) => format!("{number}. "),
        (Lang::En, 2) => format!("{}.{number} ", numbers[0]),
        (Lang::En, _) => format!("{}.{}.{number} ", numbers[0], numbers[1]),
    }
}

/// 1 to 99 in Chinese numerals.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10 % 10, number % 10) {
        (0, one) => DIGITS[one].into(),
        (1, one) => format!("十{}", DIGITS[one]),
        (ten, one) => format!("{}十{}", DIGITS[ten], DIGITS[one]),
    }
}
