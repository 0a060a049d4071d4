//! Papers: the work report and the ledgers, made from the records for whoever may see them.

use std::collections::{BTreeMap, BTreeSet};

use export::{Table, excel::Sheet};
use records::{
    Context, FieldType, Fields, Lang, Pack, RecordId, User, Value, days,
    figures::{Ask, Entry, Figure, Period, Tally},
    ledger::{Cell, Filter, columns, is_summed},
    pack::{Indicator, MONTH, Right, Template},
    report::{self, Facts, Report},
    words,
};
use sync::{
    Among, Bucket, Record,
    count::{Held, count, elsewhere},
};
use tokio::task::spawn_blocking;

use super::{Author, Office, report::Records};
use crate::db::Fault;

/// What paper is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The days it covers.
    pub period: Period,
    /// One part of the community: a dimension and its value.
    pub within: Option<(String, String)>,
    /// Its language.
    pub lang: Lang,
    /// A frozen version, with its own text and figures.
    pub version: Option<RecordId>,
}

impl Office {
    /// The report called `name`, filled in, with its charts as tables; `None` when the pack has no such report.
    pub async fn report(
        &self,
        name: &str,
        wanted: Wanted,
        who: &Author,
    ) -> Result<Option<(Report, Vec<Table>)>, Fault> {
        let pack = self.pack();
        let Some(template) = pack.reports.iter().find(|report| report.name == name).cloned() else { return Ok(None) };
        let ask = Ask { period: wanted.period, within: wanted.within.clone(), by: None };
        let mut kinds: BTreeSet<&str> = Tally::new(&pack, ask).kinds_read();
        kinds.extend(pack.screens.versions.iter().map(|of| of.kind.as_str()));
        let held = self.held(&reach(&pack, kinds)).await?;
        let (community, today, who) = (self.name().to_owned(), self.today(), who.clone());
        let write = move || {
            let desk = Desk { pack: &pack, held: &held, lang: wanted.lang, today, who: &who };
            desk.report(&template, &wanted, &community)
        };
        spawn_blocking(write).await.map(Some).map_err(|e| Fault::damaged("report", e))
    }

    /// The report's figures and, a sheet a ledger, the records behind them that `who` may read; `None` when the pack
    /// has no such report. Registers stand whole, day-by-day records where they fall into the period.
    pub async fn workbook(&self, name: &str, wanted: Wanted, who: &Author) -> Result<Option<Vec<Sheet>>, Fault> {
        let pack = self.pack();
        if !pack.reports.iter().any(|report| report.name == name) {
            return Ok(None);
        }
        let ask = Ask { period: wanted.period, within: wanted.within.clone(), by: None };
        let held = self.held(&reach(&pack, Tally::new(&pack, ask).kinds_read())).await?;
        let (who, today) = (who.clone(), self.today());
        let write = move || {
            let desk = Desk { pack: &pack, held: &held, lang: wanted.lang, today, who: &who };
            let at = wanted.within.clone().into_iter().collect();
            let filter = Filter { period: Some(wanted.period), at, presence: None };
            // Beside figures of a day stand those who were here on that day.
            let on = wanted.period.to.min(today);
            let mut counted: Vec<&str> = Vec::new();
            for indicator in pack.offered() {
                if !counted.contains(&&*indicator.kind) && pack.allows(&who.post, &indicator.kind, Right::Read) {
                    counted.push(&indicator.kind);
                }
            }
            let ledgers = counted.into_iter().filter_map(|kind| desk.ledger(kind, &filter, on));
            std::iter::once(desk.figures(&wanted)).chain(ledgers.filter(|sheet| !sheet.rows.is_empty())).collect()
        };
        spawn_blocking(write).await.map(Some).map_err(|e| Fault::damaged("workbook", e))
    }

    /// A kind's ledger, of the records that `who` may read; `None` when the pack has no such kind.
    pub async fn ledger(&self, kind: &str, filter: Filter, lang: Lang, who: &Author) -> Result<Option<Sheet>, Fault> {
        let pack = self.pack();
        if pack.kind(kind).is_none() {
            return Ok(None);
        }
        let held = self.held(&reach(&pack, BTreeSet::from([kind]))).await?;
        let (kind, today, who) = (kind.to_owned(), self.today(), who.clone());
        let write = move || Desk { pack: &pack, held: &held, lang, today, who: &who }.ledger(&kind, &filter, today);
        spawn_blocking(write).await.map_err(|e| Fault::damaged("ledger", e))
    }
}

/// Kinds and all that their records may point at, whose titles stand in cells.
fn reach(pack: &Pack, kinds: BTreeSet<&str>) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut todo: Vec<String> = kinds.into_iter().map(Into::into).collect();
    while let Some(name) = todo.pop() {
        let Some(kind) = pack.kind(&name).filter(|_| found.insert(name)) else { continue };
        for field in &kind.fields {
            if let FieldType::Record(to) | FieldType::Records(to) = &field.r#type {
                todo.push(to.clone());
            }
        }
    }
    found.into_iter().collect()
}

/// A frozen version's text, its figures and those it was compared with.
type Frozen = (String, BTreeMap<String, Figure>, BTreeMap<String, Figure>);

/// Everything at hand to write a paper.
struct Desk<'a> {
    pack: &'a Pack,
    held: &'a Records,
    lang: Lang,
    today: jiff::civil::Date,
    /// Who will read it: figures count all records, but no word of one that they may not see.
    who: &'a Author,
}

impl Desk<'_> {
    fn may_read(&self, record: &Record) -> bool {
        let (pack, who) = (self.pack, self.who);
        pack.allows(&who.post, &record.kind, Right::Read)
            && Bucket::holding(pack, record, &elsewhere(self.held))
                == Bucket::scope_of(pack, &record.kind, &who.account)
    }

    fn title(&self, id: RecordId) -> Option<String> {
        let record = self.held.record(id)?;
        if !self.may_read(record) {
            return self.pack.kind(&record.kind).map(|kind| kind.label.get(self.lang).to_owned());
        }
        let context = Context { today: self.today, user: User::default(), lookup: &Among(|id| self.held.record(id)) };
        Some(words::title(self.pack, &record.kind, &record.values(), self.lang, &context))
    }

    fn key_name(&self, dimension: &str, key: &str) -> String {
        if key.is_empty() {
            return if self.lang == Lang::Zh { "未注明" } else { "Not said" }.into();
        }
        if dimension == MONTH {
            let part = |from: usize, to: usize| key.get(from..to).and_then(|text| text.parse().ok());
            let month = part(0, 4).zip(part(5, 7)).and_then(|(year, month)| Period::months(year, month, 1));
            return month.map_or_else(|| key.to_owned(), |month| month.name(self.lang));
        }
        match self.pack.field_of(dimension) {
            Some(field) => words::read(self.pack, field, &key.into(), self.lang, &|id| self.title(id)),
            None => key.to_owned(),
        }
    }

    fn report(&self, template: &Template, wanted: &Wanted, community: &str) -> (Report, Vec<Table>) {
        let ask =
            |period: Period, by: Option<&str>| Ask { period, within: wanted.within.clone(), by: by.map(Into::into) };
        let frozen = wanted.version.and_then(|id| self.frozen(id));
        let is_frozen = frozen.is_some();
        let (body, figures, before) = frozen.unwrap_or_else(|| {
            let now = count(self.pack, ask(wanted.period, None), self.held).whole;
            let before = wanted.period.before().map(|before| count(self.pack, ask(before, None), self.held).whole);
            (template.body.get(self.lang).to_owned(), now, before.unwrap_or_default())
        });
        let place = wanted.within.as_ref().map(|(dimension, key)| self.key_name(dimension, key)).unwrap_or_default();
        let facts = Facts {
            pack: self.pack,
            figures: &figures,
            before: &before,
            period: wanted.period,
            community,
            place: &place,
            lang: self.lang,
        };
        let report = report::render(&body, &facts);
        // A frozen report's charts would show today's figures beside the words of then.
        let names: Vec<&str> = if is_frozen { Vec::new() } else { report::charts(&body).collect() };
        let tables =
            names.into_iter().filter_map(|name| self.table(name, &figures, &|by| ask(wanted.period, Some(by))));
        (report, tables.collect())
    }

    /// A version's text and figures.
    fn frozen(&self, id: RecordId) -> Option<Frozen> {
        let of = self.pack.screens.versions.as_ref()?;
        let record = self.held.record(id).filter(|record| record.kind == *of.kind && !record.is_void())?;
        let both: Value = serde_json::from_str(&record.text(&of.figures)?).ok()?;
        let read = |part: &str| -> BTreeMap<String, Figure> {
            let all = both.get(part).and_then(Value::as_object).into_iter().flatten();
            all.map(|(name, value)| (name.clone(), Figure::read(value))).collect()
        };
        Some((record.text(&of.body)?.into_owned(), read("now"), read("before")))
    }

    fn table(&self, name: &str, whole: &BTreeMap<String, Figure>, ask: &dyn Fn(&str) -> Ask) -> Option<Table> {
        let chart = report::chart(self.pack, name)?;
        let indicators: Vec<&Indicator> = chart.figures.iter().filter_map(|name| self.pack.indicator(name)).collect();
        let read = |i: &Indicator, figure: Option<&Figure>| {
            figure.copied().unwrap_or(Figure::Number(0)).text(self.pack.is_money(i), self.lang)
        };
        let mut table =
            Table { name: name.to_owned(), caption: chart.label.get(self.lang).to_owned(), ..Table::default() };
        let Some(by) = &chart.by else {
            let row = |i: &&Indicator| vec![i.label.get(self.lang).to_owned(), read(i, whole.get(&i.name))];
            table.rows = indicators.iter().map(row).collect();
            return Some(table);
        };
        let head = self.pack.dimension(by).map(|d| d.label.get(self.lang).to_owned()).unwrap_or_default();
        table.heads =
            std::iter::once(head).chain(indicators.iter().map(|i| i.label.get(self.lang).to_owned())).collect();
        let groups = count(self.pack, ask(by), self.held).groups;
        let worth = |group: &BTreeMap<String, Figure>| -> i64 {
            indicators.iter().filter_map(|i| group.get(&i.name)?.number()).sum()
        };
        let mut rows: Vec<_> = groups.iter().filter(|(_, group)| worth(group) != 0).collect();
        if by != MONTH {
            rows.sort_by_key(|(_, group)| std::cmp::Reverse(worth(group)));
        }
        let row = |(key, group): (&String, &BTreeMap<String, Figure>)| {
            let cells = indicators.iter().map(|i| read(i, group.get(&i.name)));
            std::iter::once(self.key_name(by, key)).chain(cells).collect()
        };
        table.rows = rows.into_iter().map(row).collect();
        Some(table)
    }

    /// Every indicator with its figure and that of the period before.
    fn figures(&self, wanted: &Wanted) -> Sheet {
        let of =
            |period: Period| count(self.pack, Ask { period, within: wanted.within.clone(), by: None }, self.held).whole;
        let (now, before) = (of(wanted.period), wanted.period.before().map(of).unwrap_or_default());
        let cell = |indicator: &Indicator, all: &BTreeMap<String, Figure>| match all.get(&indicator.name) {
            Some(Figure::Number(fen)) if self.pack.is_money(indicator) => Cell::Fen(*fen),
            Some(Figure::Number(number)) => Cell::Number(*number),
            Some(Figure::Nothing) | None => Cell::Empty,
            Some(rate) => Cell::Text(rate.text(false, self.lang)),
        };
        let row = |i: &Indicator| vec![Cell::Text(i.label.get(self.lang).to_owned()), cell(i, &now), cell(i, &before)];
        let lang = |zh: &str, en: &str| if self.lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
        Sheet {
            name: lang("数字", "Figures"),
            heads: vec![
                lang("指标", "Indicator"),
                wanted.period.name(self.lang),
                wanted.period.before().map(|before| before.name(self.lang)).unwrap_or_default(),
            ],
            sums: vec![false; 3],
            rows: self.pack.offered().map(row).collect(),
            total: String::new(),
        }
    }

    fn ledger(&self, kind: &str, filter: &Filter, on: jiff::civil::Date) -> Option<Sheet> {
        let kind = self.pack.kind(kind)?;
        let columns = columns(kind);
        let look = elsewhere(self.held);
        let mut rows: Vec<(String, Fields)> = Vec::new();
        for record in self.held.of_kind(&kind.name).filter(|record| self.may_read(record)) {
            let fields = record.values();
            let entry = Entry { kind: &record.kind, by: record.by.as_str(), fields: &fields };
            if filter.lets(self.pack, kind, entry, on, &look) {
                let day = kind.date.as_ref().and_then(|date| fields.get(date)?.as_str()).unwrap_or_default();
                rows.push((day.to_owned(), fields));
            }
        }
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        let title = |id| self.title(id);
        let cell = |fields: &Fields, field: &records::Field| {
            let value = fields.get(&field.name).unwrap_or(&Value::Null);
            Cell::of(self.pack, field, value, self.lang, &title)
        };
        Some(Sheet {
            name: kind.label.get(self.lang).to_owned(),
            heads: columns.iter().map(|field| field.label.get(self.lang).to_owned()).collect(),
            sums: columns.iter().map(|field| is_summed(field)).collect(),
            rows: rows.iter().map(|(_, fields)| columns.iter().map(|field| cell(fields, field)).collect()).collect(),
            total: if self.lang == Lang::Zh { "合计" } else { "Total" }.into(),
        })
    }
}

/// A sheet as CSV, RFC 4180, with the mark that tells Excel it is UTF-8.
pub fn csv(sheet: &Sheet) -> String {
    let line = |cells: Vec<String>| cells.iter().map(|cell| records::ledger::csv(cell)).collect::<Vec<_>>().join(",");
    let text = |cell: &Cell| match cell {
        Cell::Fen(fen) => {
            format!("{}{}.{:02}", if *fen < 0 { "-" } else { "" }, fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
        }
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => days::write(*day),
        Cell::Text(text) => text.clone(),
        Cell::Empty => String::new(),
    };
    let rows = sheet.rows.iter().map(|row| line(row.iter().map(text).collect()));
    let all: Vec<String> = std::iter::once(line(sheet.heads.clone())).chain(rows).collect();
    format!("\u{feff}{}\r\n", all.join("\r\n"))
}
