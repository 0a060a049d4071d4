//! The work report as the screen shows it and papers have it: which text, which figures beside those of the period before, and
//! what is kept of a version.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use jiff::civil::Date;
use records::{
    Class, Fields, Pack, RecordId, Value, days,
    figures::{Ask, Figure, Period},
    pack::{Nature, Template},
    report::{self, ChartTable, Facts, Report},
};
use serde_json::json;
use sync::{Record, count::count};

use crate::{asked::Asked, builder::Builder};

/// The figures of a period beside those of the period before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// Every indicator by name.
    pub now: BTreeMap<String, Figure>,
    /// The same of the period before; empty where there is nothing to compare with.
    pub before: BTreeMap<String, Figure>,
}

/// A version's text with the figures that were kept with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frozen {
    /// The text with its places.
    pub body: String,
    /// The figures.
    pub numbers: Numbers,
    /// The day it was frozen; empty for a draft.
    pub day: String,
}

impl Builder<'_> {
    /// The report of now, with its charts.
    pub fn report(&self, template: &Template, ask: &Ask, community: &str, numbers: &Numbers) -> Report {
        let body = self.body(template, ask.period, ask.within.as_ref());
        self.filled(&body, ask, community, numbers, &|name| self.chart(name, ask, &numbers.now))
    }

    /// The report as it was frozen. Without charts: they would show today's figures beside the words of then.
    pub fn frozen_report(&self, frozen: &Frozen, ask: &Ask, community: &str) -> Report {
        self.filled(&frozen.body, ask, community, &frozen.numbers, &|_| None)
    }

    fn filled(
        &self,
        body: &str,
        ask: &Ask,
        community: &str,
        numbers: &Numbers,
        chart: &dyn Fn(&str) -> Option<ChartTable>,
    ) -> Report {
        let (pack, lang, period) = (self.pack, self.lang, ask.period);
        let place = self.place_name(ask.within.as_ref());
        let facts =
            Facts { pack, figures: &numbers.now, before: &numbers.before, period, community, place: &place, lang };
        report::render(body, &facts, chart)
    }

    /// Every indicator, and the same of the period before where there is something to compare with.
    pub fn numbers(&self, ask: &Ask) -> Numbers {
        Numbers { now: count(self.pack, ask.clone(), self.records).whole, before: self.before(ask) }
    }

    /// Every indicator of the period before; none where the records of that time are not whole: a rise from the weeks in which
    /// one began to write is none.
    pub fn before(&self, ask: &Ask) -> BTreeMap<String, Figure> {
        let Some(period) = ask.period.before() else { return BTreeMap::new() };
        if !self.is_comparable(ask.period, period) {
            return BTreeMap::new();
        }
        count(self.pack, Ask { period, ..ask.clone() }, self.records).whole
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
            for record in self.records.of_kind(&kind.name) {
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
            Some(self.records.record(self.draft(period, within)?)?.text(&of.body)?.into_owned())
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
        let all = self.records.of_kind(&of.kind).filter(fits);
        let mut all: Vec<(RecordId, String)> =
            all.map(|r| (r.id, r.text(&of.frozen_on).unwrap_or_default().into_owned())).collect();
        all.sort_by_key(|(id, _)| Reverse(*id));
        all
    }

    /// A version with what was kept with it.
    pub fn frozen(&self, id: RecordId) -> Option<Frozen> {
        let of = self.pack.screens.versions.as_ref()?;
        let record = self.records.record(id).filter(|r| r.kind == *of.kind && !r.is_void() && (self.may_read)(r))?;
        let text = |field: &String| record.text(field).unwrap_or_default().into_owned();
        let both: Value = serde_json::from_str(&text(&of.figures)).unwrap_or_default();
        let read = |part: &str| -> BTreeMap<String, Figure> {
            let all = both.get(part).and_then(Value::as_object).into_iter().flatten();
            all.map(|(name, value)| (name.clone(), Figure::read(value))).collect()
        };
        let numbers = Numbers { now: read("now"), before: read("before") };
        Some(Frozen { body: text(&of.body), numbers, day: text(&of.frozen_on) })
    }

    /// What is kept of a version, for [`Builder::frozen`] to read: the kind and the fields of a record with the text and its
    /// figures, frozen on a day or a draft. `None` when the pack keeps no versions.
    pub fn version(
        &self,
        body: &str,
        ask: &Ask,
        community: &str,
        numbers: &Numbers,
        frozen_on: Option<Date>,
    ) -> Option<(String, Fields)> {
        let of = self.pack.screens.versions.as_ref()?;
        // Only what the text names, and what it names of the period before: the rest can be counted again.
        let names: BTreeSet<&str> = report::named(self.pack, body).into_iter().map(|i| i.name.as_str()).collect();
        let named = |all: &BTreeMap<String, Figure>| -> BTreeMap<String, Figure> {
            let kept = all.iter().filter(|(name, _)| names.contains(&***name));
            kept.map(|(name, figure)| (name.clone(), *figure)).collect()
        };
        let figures = json!({ "now": named(&numbers.now), "before": named(&numbers.before) });
        let mut fields = Fields::new();
        let mut set = |name: &String, value: Value| drop(fields.insert(name.clone(), value));
        set(&of.title, self.filled(body, ask, community, numbers, &|_| None).title.into());
        set(&of.from, days::write(ask.period.from).into());
        set(&of.to, days::write(ask.period.to).into());
        let part = part(ask.within.as_ref());
        if !part.is_empty() {
            set(&of.within, part.into());
        }
        set(&of.body, body.into());
        set(&of.figures, figures.to_string().into());
        if let Some(day) = frozen_on {
            set(&of.frozen_on, days::write(day).into());
        }
        Some((of.kind.clone(), fields))
    }
}

impl Frozen {
    /// Its figures that read otherwise now, as they read now.
    pub fn moved(&self, pack: &Pack, now: &BTreeMap<String, Figure>) -> BTreeMap<String, String> {
        let reads = |name: &str, figure: Figure| pack.indicator(name).map(|i| report::prose(pack, i, figure));
        let moved = self.numbers.now.iter().filter_map(|(name, then)| {
            let now = reads(name, *now.get(name)?)?;
            // A figure the office counts and has not sent is not one that moved.
            (now != "—" && reads(name, *then)? != now).then(|| (name.clone(), now))
        });
        moved.collect()
    }
}

/// A period before that has less than one fact for so many of the one after was not kept whole.
const FEW: u64 = 10;

/// A place as a version keeps it: `grid=<id>`; empty for the whole.
fn part(within: Option<&(String, String)>) -> String {
    within.map(|(dimension, key)| format!("{dimension}={key}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use records::{
        Text,
        report::{Block, Span},
    };

    use super::*;
    use crate::made::Made;

    #[test]
    fn the_text_is_the_one_edited_for_this_period_and_place() {
        let (mut made, pack) = (Made::default(), Pack::community());
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
        let mut record = |fields| made.record("work_report", fields);
        record(version("2009-01-01", "", "去年的", ""));
        record(version("2009-01-01", "", "存了档的", "2010-01-05"));
        record(version("2009-01-01", "grid=abc", "一个网格的", ""));
        record(version("2009-07-01", "", "下半年的", ""));
        let year = Period::year(2009).unwrap();
        let grid = ("grid".to_owned(), "abc".to_owned());
        let template = pack.reports[0].clone();
        made.build(&pack, |builder| {
            assert_eq!(builder.body(&template, year, None), "去年的");
            assert_eq!(builder.body(&template, year, Some(&grid)), "一个网格的");
            assert_eq!(builder.body(&template, Period::year(2010).unwrap(), None), template.body.zh);
            let (id, day) = &builder.versions(year, None)[0];
            assert_eq!((builder.frozen(*id).unwrap().body, day.as_str()), ("存了档的".to_owned(), "2010-01-05"));
            let blind = Builder { may_read: &|_| false, ..builder };
            assert_eq!(blind.body(&template, year, None), template.body.zh, "no word of what may not be read");
            assert_eq!(blind.frozen(*id), None);
        });
    }

    #[test]
    fn nothing_is_said_to_have_risen_from_a_year_that_was_hardly_kept() {
        let (mut made, pack) = (Made::default(), Pack::community());
        let template = Template {
            body: Text { zh: "走访{visits.total}次{visits.total:change}".into(), en: String::new() },
            ..pack.reports[0].clone()
        };
        let said = |made: &Made, year: i16| {
            let ask = Ask::of(Period::year(year).unwrap());
            let report = made.build(&pack, |builder| builder.report(&template, &ask, "", &builder.numbers(&ask)));
            let Block::Paragraph(spans) = &report.blocks[0] else { panic!("a paragraph") };
            spans.iter().map(Span::text).collect::<String>()
        };
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        made.visit(home, None, "2008-12-20", None);
        for month in 1..=12 {
            for day in [3, 4] {
                made.visit(home, None, &format!("2009-{month:02}-{day:02}"), None);
            }
            made.visit(home, None, &format!("2010-{month:02}-03"), None);
        }
        assert_eq!(said(&made, 2009), "走访24次", "2008 has one month");
        assert_eq!(said(&made, 2010), "走访12次，比上年减少12");
        // A few of each month, such as dates of things that were entered later, are no year either.
        for month in 1..=12 {
            made.visit(home, None, &format!("2007-{month:02}-03"), None);
            for day in 1..=20 {
                made.visit(home, None, &format!("2008-{month:02}-{day:02}"), None);
            }
        }
        assert_eq!(said(&made, 2008), "走访241次");
        assert_eq!(said(&made, 2009), "走访24次，比上年减少217");
    }

    #[test]
    fn a_version_reads_back_as_it_was_frozen_and_says_what_moved_since() {
        let (mut made, pack) = (Made::default(), Pack::community());
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        made.visit(home, None, "2009-02-01", None);
        let ask = Ask::of(Period::year(2009).unwrap());
        let body = "# {period}{community}\n走访{visits.total}次\n![services_by_month]";
        let day = jiff::civil::date(2010, 1, 5);
        let (kind, fields) = made.build(&pack, |builder| {
            builder.version(body, &ask, "友新社区", &builder.numbers(&ask), Some(day)).unwrap()
        });
        assert_eq!(fields["title"], "2009年友新社区");
        let id = made.record(&kind, serde_json::to_value(fields).unwrap());
        made.visit(home, None, "2009-03-01", None);
        made.build(&pack, |builder| {
            let frozen = builder.frozen(id).unwrap();
            assert_eq!((&*frozen.body, &*frozen.day), (body, "2010-01-05"));
            assert_eq!(frozen.numbers.now, BTreeMap::from([("visits.total".to_owned(), Figure::Number(1))]));
            let report = builder.frozen_report(&frozen, &ask, "友新社区");
            assert_eq!(report.blocks.len(), 1, "no chart of now beside the words of then");
            let Block::Paragraph(spans) = &report.blocks[0] else { panic!("a paragraph") };
            assert_eq!(spans.iter().map(Span::text).collect::<String>(), "走访1次");
            let moved = frozen.moved(&pack, &builder.numbers(&ask).now);
            assert_eq!(moved, BTreeMap::from([("visits.total".to_owned(), "2".to_owned())]));
        });
    }
}
