//! Papers: the work report and the ledgers, made from the records for whoever may see them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use export::Table;
use jiff::civil::Date;
use records::{
    Context, FieldType, Lang, Pack, RecordId, Right, User,
    figures::{Ask, Figure, Period, Tally},
    ledger::{Cell, Filter, Sheet},
    pack::{Indicator, Template},
    report::{self, Facts, Report},
    words,
};
use sync::{Among, Bucket, Record, count::Held, count::elsewhere};
use views::{
    ledger::{Names, Wish, ledger, sheet},
    report::{Chart, Source},
};

use super::{Author, Office, report::Records, turn::Turn};
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
        turn: &Turn,
        name: &str,
        wanted: Wanted,
        who: &Author,
    ) -> Result<Option<(Report, Vec<Table>)>, Fault> {
        let pack = self.pack();
        let Some(template) = pack.reports.iter().find(|report| report.name == name).cloned() else { return Ok(None) };
        let mut kinds: BTreeSet<&str> = Tally::new(&pack, wanted.ask()).kinds_read();
        kinds.extend(pack.screens.versions.iter().map(|of| of.kind.as_str()));
        let desk = self.desk(turn, &pack, kinds, wanted.lang, who).await?;
        let community = self.name().to_owned();
        turn.run(move || desk.ask(|source| report(source, &template, &wanted, &community))).await.map(Some)
    }

    /// The report's figures and, a sheet a ledger, the records behind them that `who` may read; `None` when the pack
    /// has no such report. Registers stand whole, day-by-day records where they fall into the period.
    pub async fn workbook(
        &self,
        turn: &Turn,
        name: &str,
        wanted: Wanted,
        who: &Author,
    ) -> Result<Option<Vec<Sheet>>, Fault> {
        let pack = self.pack();
        if !pack.reports.iter().any(|report| report.name == name) {
            return Ok(None);
        }
        let kinds = Tally::new(&pack, wanted.ask()).kinds_read();
        let desk = self.desk(turn, &pack, kinds, wanted.lang, who).await?;
        let post = who.post.clone();
        let write = move || {
            // Beside figures of a day stand those who were here on that day.
            let on = wanted.period.to.min(desk.today);
            desk.ask(|source| {
                let at = wanted.within.clone().into_iter().collect();
                let wish =
                    Wish { filter: Filter { period: Some(wanted.period), at, presence: None }, ..Wish::default() };
                let mut counted: Vec<&str> = Vec::new();
                for indicator in source.pack.offered() {
                    if !counted.contains(&&*indicator.kind) && source.pack.allows(&post, &indicator.kind, Right::Read) {
                        counted.push(&indicator.kind);
                    }
                }
                let ledgers = counted.into_iter().filter_map(|kind| table(source, kind, &wish, on));
                std::iter::once(figures(source, &wanted))
                    .chain(ledgers.filter(|sheet| !sheet.rows.is_empty()))
                    .collect()
            })
        };
        turn.run(write).await.map(Some)
    }

    /// A kind's ledger, of the records that `who` may read; `None` when the pack has no such kind.
    pub async fn ledger(&self, kind: &str, wish: Wish, lang: Lang, who: &Author) -> Result<Option<Sheet>, Fault> {
        self.ledger_in(&self.turn().await?, kind, wish, lang, who).await
    }

    /// The same in a turn that goes on.
    pub async fn ledger_in(
        &self,
        turn: &Turn,
        kind: &str,
        wish: Wish,
        lang: Lang,
        who: &Author,
    ) -> Result<Option<Sheet>, Fault> {
        let pack = self.pack();
        if pack.kind(kind).is_none() {
            return Ok(None);
        }
        let desk = self.desk(turn, &pack, BTreeSet::from([kind]), lang, who).await?;
        let kind = kind.to_owned();
        turn.run(move || desk.ask(|source| table(source, &kind, &wish, desk.today))).await
    }

    async fn desk(
        &self,
        turn: &Turn,
        pack: &Arc<Pack>,
        kinds: BTreeSet<&str>,
        lang: Lang,
        who: &Author,
    ) -> Result<Desk, Fault> {
        let held = self.held(turn, &reach(pack, kinds)).await?;
        let people = self.accounts().await?.into_iter().map(|(account, name, _)| (account, name)).collect();
        Ok(Desk { pack: pack.clone(), held, people, lang, today: self.today(), who: who.clone() })
    }
}

impl Wanted {
    fn ask(&self) -> Ask {
        Ask { period: self.period, within: self.within.clone(), by: None }
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

/// Everything at hand to write a paper.
struct Desk {
    pack: Arc<Pack>,
    held: Records,
    /// Who is behind an account.
    people: BTreeMap<String, String>,
    lang: Lang,
    today: jiff::civil::Date,
    /// Who will read it: figures count all records, but no word of one that they may not see.
    who: Author,
}

impl Desk {
    fn ask<T>(&self, write: impl FnOnce(Source<'_>) -> T) -> T {
        let (pack, held, lang) = (&*self.pack, &self.held, self.lang);
        let may_read = |record: &Record| self.may_read(record);
        let readable = |id| held.record(id).filter(|record| may_read(record));
        let title = |id: RecordId| {
            let Some(record) = readable(id) else { return String::new() };
            let user = User { name: &self.who.account, post: &self.who.post };
            let context = Context { today: self.today, user, lookup: &Among(readable) };
            words::title(pack, &record.kind, &record.values(), lang, &context)
        };
        let person = |account: &str| {
            let name = self.people.get(account).filter(|name| !name.is_empty());
            name.map_or_else(|| account.to_owned(), Clone::clone)
        };
        let names = Names::new(&title, &person);
        write(Source { pack, held, may_read: &may_read, names: &names, lang })
    }

    fn may_read(&self, record: &Record) -> bool {
        let (pack, who) = (&*self.pack, &self.who);
        pack.allows(&who.post, &record.kind, Right::Read)
            && Bucket::holding(pack, record, &elsewhere(&self.held))
                == Bucket::scope_of(pack, &record.kind, &who.account)
    }
}

fn report(source: Source<'_>, template: &Template, wanted: &Wanted, community: &str) -> (Report, Vec<Table>) {
    let frozen = wanted.version.and_then(|id| source.frozen(id));
    let is_frozen = frozen.is_some();
    let (body, figures, before) = match frozen {
        Some(frozen) => (frozen.body, frozen.now, frozen.before),
        None => {
            let (figures, before) = source.figures(&wanted.ask());
            (source.body(template, wanted.period, wanted.within.as_ref()), figures, before)
        }
    };
    let place = wanted.within.as_ref().map(|(dimension, key)| source.key_name(dimension, key)).unwrap_or_default();
    let facts = Facts {
        pack: source.pack,
        figures: &figures,
        before: &before,
        period: wanted.period,
        community,
        place: &place,
        lang: source.lang,
    };
    let report = report::render(&body, &facts);
    // A frozen report's charts would show today's figures beside the words of then.
    let names: Vec<&str> = if is_frozen { Vec::new() } else { report::charts(&body).collect() };
    let charts = names.into_iter().filter_map(|name| source.chart(name, &wanted.ask(), &figures));
    (report, charts.map(drawn).collect())
}

/// A chart as the table that a paper has of it.
fn drawn(chart: Chart) -> Table {
    let Chart { name, caption, head, series, rows } = chart;
    let heads = if series.is_empty() { Vec::new() } else { std::iter::once(head).chain(series).collect() };
    let row = |row: views::report::ChartRow| {
        std::iter::once(row.label).chain(row.values.into_iter().map(|(_, text)| text)).collect()
    };
    Table { name, caption, heads, rows: rows.into_iter().map(row).collect() }
}

/// Every indicator with its figure and that of the period before.
fn figures(source: Source<'_>, wanted: &Wanted) -> Sheet {
    let (pack, lang) = (source.pack, source.lang);
    let (now, before) = source.figures(&wanted.ask());
    let cell = |indicator: &Indicator, all: &BTreeMap<String, Figure>| match all.get(&indicator.name) {
        Some(Figure::Number(fen)) if pack.is_money(indicator) => Cell::Fen(*fen),
        Some(Figure::Number(number)) => Cell::Number(*number),
        Some(Figure::Nothing) | None => Cell::Empty,
        Some(rate) => Cell::Text(rate.text(false, lang)),
    };
    let row = |i: &Indicator| vec![Cell::Text(i.label.get(lang).to_owned()), cell(i, &now), cell(i, &before)];
    let words = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    Sheet {
        name: words("数字", "Figures"),
        heads: vec![
            words("指标", "Indicator"),
            wanted.period.name(lang),
            wanted.period.before().map(|before| before.name(lang)).unwrap_or_default(),
        ],
        sums: vec![false; 3],
        rows: pack.offered().map(row).collect(),
        total: String::new(),
    }
}

fn table(source: Source<'_>, kind: &str, wish: &Wish, on: Date) -> Option<Sheet> {
    let Source { pack, held, may_read, names, lang } = source;
    let kind = pack.kind(kind)?;
    let found = ledger(pack, held, kind, wish, on, lang, names, may_read);
    Some(sheet(pack, held, kind, &found.ids, lang, names))
}
