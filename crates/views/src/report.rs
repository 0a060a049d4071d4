//! The work report as the screen shows it and papers have it: which text, which figures beside those of the period before,
//! which rows its charts have. Worked out here for both, from the tablet's book or the office's records.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use records::{
    Class, FieldType, Lang, Pack, RecordId, Value, days,
    figures::{Ask, Figure, Figures, Period},
    order::natural,
    pack::{Indicator, MONTH, Nature, OFFICER, Template},
    report, words,
};
use sync::{
    Record,
    count::{Held, count, count_only},
};

use crate::{asked::Asked, ledger::Names};

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The community's pack.
    pub pack: &'a Pack,
    /// The records.
    pub held: &'a dyn Held,
    /// What of them whoever asks may read: figures count all, but no word of another is said.
    pub may_read: &'a dyn Fn(&Record) -> bool,
    /// How records and accounts are called.
    pub names: &'a Names<'a>,
    /// The report's language.
    pub lang: Lang,
}

/// A chart that is its own table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
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
    /// 3月, 民政员 …
    pub label: String,
    /// A figure a series: its size, and how it is read.
    pub values: Vec<(i64, String)>,
}

/// A version's text with the figures that were kept with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frozen {
    /// The text with its places.
    pub body: String,
    /// The figures.
    pub now: BTreeMap<String, Figure>,
    /// Those they were compared with.
    pub before: BTreeMap<String, Figure>,
    /// The day it was frozen; empty for a draft.
    pub day: String,
}

impl Source<'_> {
    /// Every indicator, and the same of the period before where there is something to compare with.
    pub fn figures(&self, ask: &Ask) -> (BTreeMap<String, Figure>, BTreeMap<String, Figure>) {
        (count(self.pack, ask.clone(), self.held).whole, self.before(ask))
    }

    /// Every indicator of the period before; none where the records of that time are not whole: a rise from the weeks in which
    /// one began to write is none.
    pub fn before(&self, ask: &Ask) -> BTreeMap<String, Figure> {
        let Some(period) = ask.period.before() else { return BTreeMap::new() };
        if !self.is_comparable(ask.period, period) {
            return BTreeMap::new();
        }
        count(self.pack, Ask { period, ..ask.clone() }, self.held).whole
    }

    /// Whether facts were written in each month of the period before, and not only a few.
    fn is_comparable(&self, now: Period, before: Period) -> bool {
        let Some(months) = Asked::of(before).map(|asked| asked.months()) else { return false };
        let mut written: BTreeMap<String, u64> = BTreeMap::new();
        let mut later = 0u64;
        let kinds: BTreeSet<&String> = self.pack.indicators.iter().map(|indicator| &indicator.kind).collect();
        let kinds = kinds.into_iter().filter_map(|name| self.pack.kind(name));
        // Restricted kinds are not on every tablet that shows the report.
        for kind in kinds.filter(|kind| kind.nature == Nature::Fact && kind.class != Class::Restricted) {
            let Some(date) = &kind.date else { continue };
            for record in self.held.of_kind(&kind.name) {
                let Some(day) = record.text(date) else { continue };
                let Some(month) = day.get(..7) else { continue };
                match months.iter().any(|known| known == month) {
                    true => *written.entry(month.to_owned()).or_default() += 1,
                    false if days::parse(&day).is_some_and(|day| now.contains(day)) => later += 1,
                    false => {}
                }
            }
        }
        !months.is_empty() && written.len() == months.len() && written.values().sum::<u64>() * FEW >= later
    }

    /// The text that is shown of a period and a place: what was edited for it, else the pack's.
    pub fn body(&self, template: &Template, period: Period, within: Option<&(String, String)>) -> String {
        let edited = || {
            let of = self.pack.screens.versions.as_ref()?;
            Some(self.held.record(self.draft(period, within)?)?.text(&of.body)?.into_owned())
        };
        edited().unwrap_or_else(|| template.body.get(self.lang).to_owned())
    }

    /// The newest version of this period and place that is not frozen: a text someone edited.
    pub fn draft(&self, period: Period, within: Option<&(String, String)>) -> Option<RecordId> {
        self.versions(period, within).into_iter().find(|(_, day)| day.is_empty()).map(|(id, _)| id)
    }

    /// Versions of this period and place, the newest first, with the day each was frozen.
    pub fn versions(&self, period: Period, within: Option<&(String, String)>) -> Vec<(RecordId, String)> {
        let Some(of) = &self.pack.screens.versions else { return Vec::new() };
        let (from, to, part) = (days::write(period.from), days::write(period.to), part(within));
        let fits = |r: &&Record| {
            !r.is_void()
                && r.text(&of.from).as_deref() == Some(&from)
                && r.text(&of.to).as_deref() == Some(&to)
                && r.text(&of.within).unwrap_or_default() == part
                && (self.may_read)(r)
        };
        let all = self.held.of_kind(&of.kind).filter(fits);
        let mut all: Vec<(RecordId, String)> =
            all.map(|r| (r.id, r.text(&of.frozen_on).unwrap_or_default().into_owned())).collect();
        all.sort_by_key(|(id, _)| Reverse(*id));
        all
    }

    /// A version with what was kept with it.
    pub fn frozen(&self, id: RecordId) -> Option<Frozen> {
        let of = self.pack.screens.versions.as_ref()?;
        let record = self.held.record(id).filter(|r| r.kind == *of.kind && !r.is_void() && (self.may_read)(r))?;
        let text = |field: &String| record.text(field).unwrap_or_default().into_owned();
        let both: Value = serde_json::from_str(&text(&of.figures)).unwrap_or_default();
        let read = |part: &str| -> BTreeMap<String, Figure> {
            let all = both.get(part).and_then(Value::as_object).into_iter().flatten();
            all.map(|(name, value)| (name.clone(), Figure::read(value))).collect()
        };
        Some(Frozen { body: text(&of.body), now: read("now"), before: read("before"), day: text(&of.frozen_on) })
    }

    /// The chart called `name`, with `whole` for one that is not broken down; `None` where it has nothing to show.
    pub fn chart(&self, name: &str, ask: &Ask, whole: &BTreeMap<String, Figure>) -> Option<Chart> {
        let (pack, lang) = (self.pack, self.lang);
        let chart = report::chart(pack, name)?;
        let indicators: Vec<&Indicator> = chart.figures.iter().filter_map(|name| pack.indicator(name)).collect();
        let value = |i: &Indicator, figures: &BTreeMap<String, Figure>| {
            let figure = figures.get(&i.name).copied().unwrap_or(Figure::Number(0));
            (figure.number().unwrap_or(0), figure.text(pack.is_money(i), lang))
        };
        let label = |i: &Indicator| i.label.get(lang).to_owned();
        let mut made = Chart { name: name.to_owned(), caption: chart.label.get(lang).to_owned(), ..Chart::default() };
        let Some(by) = &chart.by else {
            let row = |i: &&Indicator| ChartRow { label: label(i), values: vec![value(i, whole)] };
            made.rows = indicators.iter().map(row).collect();
            return (!made.rows.is_empty()).then_some(made);
        };
        made.head = pack.dimension(by).map(|dimension| dimension.label.get(lang).to_owned()).unwrap_or_default();
        made.series = indicators.iter().map(|i| label(i)).collect();
        let names: Vec<&str> = indicators.iter().map(|indicator| indicator.name.as_str()).collect();
        let groups = broken_down(pack, self.held, ask, &names, by).groups;
        let row = |(key, group): (&String, &BTreeMap<String, Figure>)| ChartRow {
            label: self.key_name(by, key),
            values: indicators.iter().map(|i| value(i, group)).collect(),
        };
        made.rows = groups.iter().map(row).collect();
        let worth = |row: &ChartRow| row.values.iter().map(|(value, _)| *value).sum::<i64>();
        let is_something = |row: &ChartRow| row.values.iter().any(|(value, _)| *value != 0);
        // A month without records is part of the year's course; another part without any is not worth a line.
        if by != MONTH {
            made.rows.retain(is_something);
            made.rows.sort_by_cached_key(|row| (Reverse(worth(row)), natural(&row.label)));
        }
        made.rows.iter().any(is_something).then_some(made)
    }

    /// A value of a dimension as it is read: 3月, 民政员, 第一网格, a colleague's name.
    pub fn key_name(&self, dimension: &str, key: &str) -> String {
        let (pack, lang) = (self.pack, self.lang);
        if key.is_empty() {
            return if lang == Lang::Zh { "未注明" } else { "Not said" }.into();
        }
        match dimension {
            MONTH => Asked::month(key).map_or_else(|| key.to_owned(), |asked| asked.period.name(lang)),
            OFFICER => self.names.person(key),
            _ => match pack.field_of(dimension) {
                Some(field) if matches!(field.r#type, FieldType::SelectMultiple(_)) => {
                    words::read(pack, field, &vec![key].into(), lang, &|_| None)
                }
                Some(field) => words::read(pack, field, &key.into(), lang, &|id| self.names.title(id)),
                None => key.to_owned(),
            },
        }
    }
}

/// A period before that has less than one fact for so many of the one after was not kept whole.
const FEW: u64 = 10;

/// A place as a version keeps it: `grid=<id>`; empty for the whole.
pub fn part(within: Option<&(String, String)>) -> String {
    within.map(|(dimension, key)| format!("{dimension}={key}")).unwrap_or_default()
}

/// Some indicators by the values of a dimension. Every month of the period is there, also those without records.
pub fn broken_down(pack: &Pack, held: &dyn Held, ask: &Ask, names: &[&str], by: &str) -> Figures {
    let mut figures = count_only(pack, Ask { by: Some(by.to_owned()), ..ask.clone() }, names, held);
    if by == MONTH {
        for month in Asked::of(ask.period).map(|asked| asked.months()).unwrap_or_default() {
            figures.groups.entry(month).or_default();
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    use records::report::{Facts, render};

    use super::*;
    use crate::made::Made;

    struct Kept {
        made: Made,
        pack: Pack,
    }

    impl Kept {
        fn new() -> Self {
            Self { made: Made::default(), pack: Pack::community() }
        }

        fn ask<T>(&self, ask: impl FnOnce(Source<'_>) -> T) -> T {
            let (title, person) = (|_| String::new(), |account: &str| format!("{account}同志"));
            let names = Names::new(&title, &person);
            let may_read: &dyn Fn(&Record) -> bool = &|_| true;
            let (pack, held): (&Pack, &dyn Held) = (&self.pack, &self.made.book);
            ask(Source { pack, held, may_read, names: &names, lang: Lang::Zh })
        }
    }

    #[test]
    fn a_chart_by_month_has_every_month_and_one_by_officer_their_names() {
        let mut kept = Kept::new();
        let building = kept.made.building("3幢");
        let home = kept.made.household(building, 1, 1, "101");
        for day in ["2009-02-01", "2009-02-03", "2009-11-01"] {
            kept.made.visit(home, None, day, None);
        }
        let charts = &mut kept.pack.reports[0].charts;
        let mut by_officer = charts[0].clone();
        (by_officer.name, by_officer.by) = ("by_officer".into(), Some("officer".into()));
        charts.push(by_officer);
        let ask = Ask::of(Period::year(2009).unwrap());
        let chart = |name: &str| kept.ask(|source| source.chart(name, &ask, &BTreeMap::new()));
        let months = chart("services_by_month").unwrap();
        assert_eq!(months.rows.len(), 12);
        let visits: Vec<i64> = months.rows.iter().map(|row| row.values[1].0).collect();
        assert_eq!(visits, [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
        let officers = chart("by_officer").unwrap();
        assert!(officers.rows.iter().all(|row| row.label.ends_with("同志")), "{officers:?}");
        assert_eq!(chart("aid_by_fund"), None, "nothing was paid");
    }

    #[test]
    fn the_text_is_the_one_edited_for_this_period_and_place() {
        let mut kept = Kept::new();
        let version = |from: &str, part: &str, body: &str, day: &str| {
            let mut fields = serde_json::json!({"title": "汇报", "from": from, "to": "2009-12-31", "body": body});
            if !part.is_empty() {
                fields["within"] = part.into();
            }
            if !day.is_empty() {
                fields["frozen_on"] = day.into();
            }
            fields
        };
        let mut record = |fields| kept.made.record("work_report", fields);
        record(version("2009-01-01", "", "去年的", ""));
        record(version("2009-01-01", "", "存了档的", "2010-01-05"));
        record(version("2009-01-01", "grid=abc", "一个网格的", ""));
        record(version("2009-07-01", "", "下半年的", ""));
        let year = Period::year(2009).unwrap();
        let grid = ("grid".to_owned(), "abc".to_owned());
        let template = kept.pack.reports[0].clone();
        kept.ask(|source| {
            assert_eq!(source.body(&template, year, None), "去年的");
            assert_eq!(source.body(&template, year, Some(&grid)), "一个网格的");
            assert_eq!(source.body(&template, Period::year(2010).unwrap(), None), template.body.zh);
            let (id, day) = &source.versions(year, None)[0];
            assert_eq!((source.frozen(*id).unwrap().body, day.as_str()), ("存了档的".to_owned(), "2010-01-05"));
            let blind = Source { may_read: &|_| false, ..source };
            assert_eq!(blind.body(&template, year, None), template.body.zh, "no word of what may not be read");
            assert_eq!(blind.frozen(*id), None);
        });
    }

    #[test]
    fn nothing_is_said_to_have_risen_from_a_year_that_was_hardly_kept() {
        let change = |kept: &Kept, year: i16| {
            let ask = Ask::of(Period::year(year).unwrap());
            kept.ask(|source| {
                let (now, before) = source.figures(&ask);
                let facts = Facts {
                    pack: source.pack,
                    figures: &now,
                    before: &before,
                    period: ask.period,
                    community: "",
                    place: "",
                    lang: Lang::Zh,
                };
                let report = render("走访{visits.total}次{visits.total:change}", &facts);
                let report::Block::Paragraph(spans) = &report.blocks[0] else { panic!("a paragraph") };
                spans.iter().map(report::Span::text).collect::<String>()
            })
        };
        let mut kept = Kept::new();
        let building = kept.made.building("3幢");
        let home = kept.made.household(building, 1, 1, "101");
        kept.made.visit(home, None, "2008-12-20", None);
        for month in 1..=12 {
            for day in [3, 4] {
                kept.made.visit(home, None, &format!("2009-{month:02}-{day:02}"), None);
            }
            kept.made.visit(home, None, &format!("2010-{month:02}-03"), None);
        }
        assert_eq!(change(&kept, 2009), "走访24次", "2008 has one month");
        assert_eq!(change(&kept, 2010), "走访12次，比上年减少12");
        // A few of each month, such as dates of things that were entered later, are no year either.
        for month in 1..=12 {
            kept.made.visit(home, None, &format!("2007-{month:02}-03"), None);
            for day in 1..=20 {
                kept.made.visit(home, None, &format!("2008-{month:02}-{day:02}"), None);
            }
        }
        assert_eq!(change(&kept, 2008), "走访241次");
        assert_eq!(change(&kept, 2009), "走访24次，比上年减少217");
    }
}
