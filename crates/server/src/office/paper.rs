//! Papers: the work report and the ledgers, for whoever may see them. What stands in them is built by [`views`], as on the
//! tablet's screens; here are the records, and who may read which.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;
use records::{
    Context, Lang, Pack, RecordId, Right, User,
    figures::{Ask, Period, Tally},
    ledger::Sheet,
    report::Report,
    words,
};
use sync::{Among, Bucket, Record, count::RecordSource, count::elsewhere};
use views::{
    builder::{Builder, Names, with_linked},
    ledger::Wish,
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
    /// The report called `name`, filled in, with its charts; `None` when the pack has no such report.
    pub async fn report(&self, turn: &Turn, name: &str, wanted: Wanted, who: &Author) -> Result<Option<Report>, Fault> {
        let pack = self.pack();
        let Some(template) = pack.reports.iter().find(|report| report.name == name).cloned() else { return Ok(None) };
        let ask = wanted.ask();
        let mut kinds: BTreeSet<&str> = Tally::new(&pack, ask.clone()).kinds_read();
        kinds.extend(pack.screens.versions.iter().map(|of| of.kind.as_str()));
        let reader = self.reader(turn, &pack, kinds, wanted.lang, who).await?;
        let community = self.name().to_owned();
        let build = move |builder: Builder<'_>| match wanted.version.and_then(|id| builder.frozen(id)) {
            Some(frozen) => builder.frozen_report(&frozen, &ask, &community),
            None => builder.report(&template, &ask, &community, &builder.numbers(&ask)),
        };
        turn.run(move || reader.build(build)).await.map(Some)
    }

    /// The report's figures and, a sheet a ledger, the records behind them that `who` may read; `None` when the pack
    /// has no such report.
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
        let ask = wanted.ask();
        let kinds = Tally::new(&pack, ask.clone()).kinds_read();
        let reader = self.reader(turn, &pack, kinds, wanted.lang, who).await?;
        let post = who.post.clone();
        // Beside figures of a day stand those who were here on that day.
        let on = ask.period.to.min(reader.today);
        let build = move |builder: Builder<'_>| builder.workbook(&ask, &builder.numbers(&ask), &post, on);
        turn.run(move || reader.build(build)).await.map(Some)
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
        let Some(kind) = pack.kind(kind).cloned() else { return Ok(None) };
        let reader = self.reader(turn, &pack, [kind.name.as_str()], lang, who).await?;
        let on = reader.today;
        let build = move |builder: Builder<'_>| builder.sheet(&kind, &builder.ledger(&kind, &wish, on).ids);
        turn.run(move || reader.build(build)).await.map(Some)
    }

    async fn reader<'k>(
        &self,
        turn: &Turn,
        pack: &Arc<Pack>,
        kinds: impl IntoIterator<Item = &'k str>,
        lang: Lang,
        who: &Author,
    ) -> Result<Reader, Fault> {
        let records = self.held(turn, &with_linked(pack, kinds)).await?;
        let people = self.accounts().await?.into_iter().map(|(account, name, _)| (account, name)).collect();
        Ok(Reader { pack: pack.clone(), records, people, lang, today: self.today(), who: who.clone() })
    }
}

impl Wanted {
    fn ask(&self) -> Ask {
        Ask { period: self.period, within: self.within.clone(), by: None }
    }
}

/// Whoever asks for a paper, with the records that it is built from.
struct Reader {
    pack: Arc<Pack>,
    records: Records,
    /// Who is behind an account.
    people: BTreeMap<String, String>,
    lang: Lang,
    today: Date,
    /// Figures count all records, but no word is said of one that they may not see.
    who: Author,
}

impl Reader {
    fn build<T>(&self, build: impl FnOnce(Builder<'_>) -> T) -> T {
        let (pack, records, lang) = (&*self.pack, &self.records, self.lang);
        let may_read = |record: &Record| self.may_read(record);
        let readable = |id| records.record(id).filter(|record| may_read(record));
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
        build(Builder { pack, records, may_read: &may_read, names: &names, lang })
    }

    fn may_read(&self, record: &Record) -> bool {
        let (pack, who) = (&*self.pack, &self.who);
        pack.allows(&who.post, &record.kind, Right::Read)
            && Bucket::holding(pack, record, &elsewhere(&self.records))
                == Bucket::scope_of(pack, &record.kind, &who.account)
    }
}
