//! Taking an import back: what it made is voided, what it changed gets its former value, and what someone has written
//! since stays and is listed.
//!
//! Everything needed is in the log of changes: the import's are those of its device, and what was there before is the
//! merge of everyone else's. So a restart loses nothing, and taking back that broke off is taken up by doing it again:
//! what is void or has its former value is passed over.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, atomic::Ordering},
};

use records::{Context, Lang, Pack, RecordId, Text, User, Value, link, words};
use sync::{
    Among, Change, Clock, DeviceId, Draft, Record,
    change::VOID,
    wire::{Roster, RosterKept, RosterState, Verdict},
};

use super::{Answer, Refused, beside, held::Job, run::BATCH, shape::count};
use crate::{
    db::{Fault, RosterRow},
    office::{
        Author, Incoming, Office,
        audit::{By, What},
        hand::Hand,
    },
};

/// Most entries of the list of what stays.
const MOST_KEPT: usize = 500;

/// All that taking back goes by, as of one moment.
struct Evidence {
    /// The import's changes.
    own: Vec<Change>,
    /// What others changed in records that the import changed, ever.
    former: Vec<Change>,
    /// What others changed anywhere since the import began.
    since: Vec<Change>,
    /// The records as they are.
    records: HashMap<RecordId, Record>,
}

/// What is to be done.
#[derive(Default)]
struct Back {
    drafts: Vec<Draft>,
    kept: Vec<RosterKept>,
}

impl Office {
    /// Takes a roster back. Comes back at once; the work goes on.
    pub(super) async fn take_back(self: &Arc<Self>, who: &Author, mut row: RosterRow) -> Answer<Roster> {
        let Some(turn) = self.rosters.turn().await else { return Ok(Err(Refused::Busy)) };
        let evidence = self.evidence(row.device).await?;
        let (pack, device, file, today, author) =
            (self.pack(), row.device, row.file.clone(), self.today(), who.clone());
        let back = beside(move || {
            let mut back = evidence.back(&pack, device, &format!("导入花名册已撤销：{file}"));
            let user = User { name: &author.account, post: &author.post };
            let context = Context { today, user, lookup: &Among(|id| evidence.records.get(&id)) };
            for kept in &mut back.kept {
                let values = evidence.records.get(&kept.record).map(Record::values).unwrap_or_default();
                let title = |lang| words::title(&pack, &kept.kind, &values, lang, &context);
                kept.title = Text::new(title(Lang::Zh), title(Lang::En));
            }
            (back, evidence.records)
        });
        let (back, records) = back.await?;
        row.state = RosterState::Undoing;
        row.total = count(back.drafts.len());
        row.kept = back.kept;
        let (by, id) = (By::of(who, row.device), row.id.to_string());
        self.note_one(by, What::RosterUndone, &id, u64::from(row.total)).await?;
        let underway = self.rosters.begin(row.id, turn);
        self.store.put_roster(self.community, &row).await?;
        let told = self.told(row.clone()).await?;
        let (office, author) = (self.clone(), who.clone());
        tokio::spawn(async move {
            if let Err(fault) = office.undo(&underway.job, row, author, back.drafts, records).await {
                tracing::error!(%fault, "taking a roster back was cut off");
            }
            drop(underway);
        });
        Ok(Ok(told))
    }

    async fn undo(
        &self,
        job: &Job,
        mut row: RosterRow,
        author: Author,
        drafts: Vec<Draft>,
        records: HashMap<RecordId, Record>,
    ) -> Result<(), Fault> {
        let pack = self.pack();
        let number = self.store.begin_read(self.community).await?.last_number(row.device).await?;
        let mut hand = Hand { device: row.device, number, clock: Clock::default(), author };
        row.state = RosterState::Undone;
        for batch in drafts.chunks(BATCH) {
            if job.stop.load(Ordering::Relaxed) {
                row.state = RosterState::Stopped;
                break;
            }
            let mut changes = Vec::with_capacity(batch.len());
            for draft in batch {
                let pen = hand.pen(self.moment(), records.get(&draft.record));
                changes.extend(draft.change(&pack, pen).map(Incoming::from));
            }
            let (receipts, _) = self.push(&hand.author, hand.device, changes).await?;
            let refused = receipts.iter().filter(|receipt| matches!(receipt.verdict, Verdict::Refused { .. }));
            row.refused += count(refused.count());
            job.done.fetch_add(count(batch.len()), Ordering::Relaxed);
        }
        self.store.put_roster(self.community, &row).await
    }

    async fn evidence(&self, device: DeviceId) -> Result<Evidence, Fault> {
        let mut tx = self.store.begin_read(self.community).await?;
        let (before, own) = tx.of_device(device).await?;
        let ids: Vec<RecordId> = own.iter().map(|change| change.record).collect::<BTreeSet<_>>().into_iter().collect();
        let former = tx.by_others(device, &ids).await?;
        let since = tx.by_others_after(device, before).await?;
        // Buildings and households, too, for the titles of those who live there.
        let mut records: HashMap<RecordId, Record> =
            tx.records(&ids).await?.into_iter().map(|record| (record.id, record)).collect();
        let pointed: Vec<RecordId> = records.values().flat_map(links).filter(|id| !records.contains_key(id)).collect();
        records.extend(tx.records(&pointed).await?.into_iter().map(|record| (record.id, record)));
        Ok(Evidence { own, former, since, records })
    }
}

impl Evidence {
    fn back(&self, pack: &Pack, device: DeviceId, why: &str) -> Back {
        let stays = self.stays(device);
        let former = merged(&self.former);
        let mut back = Back::default();
        let (mut met, mut fields) = (HashSet::new(), HashMap::<RecordId, BTreeSet<String>>::new());
        for change in &self.own {
            let named = change.set.keys().chain(change.add.keys()).chain(change.remove.keys());
            fields.entry(change.record).or_default().extend(named.cloned());
        }
        // The last made goes first: people, then their household, then the building.
        for change in self.own.iter().rev().filter(|change| met.insert(change.record)) {
            let Some(record) = self.records.get(&change.record) else { continue };
            let mut draft = Draft { why: Some(why.to_owned()), ..Draft::of(record) };
            if record.made.device() != device {
                let fields = fields.get(&record.id).into_iter().flatten();
                restore(pack, record, former.get(&record.id), device, fields, &mut draft, &mut back.kept);
            } else if record.is_void() {
                continue;
            } else if stays.contains(&record.id) {
                keep(&mut back.kept, record, None);
            } else {
                draft.now.insert(VOID.to_owned(), why.into());
            }
            if draft.is_touched() {
                back.drafts.push(draft);
            }
        }
        back
    }

    /// Records of the import that others have written on or point at since, and those that these point at.
    fn stays(&self, device: DeviceId) -> HashSet<RecordId> {
        let made = |id: &RecordId| {
            self.records.get(id).is_some_and(|record| record.made.device() == device && !record.is_void())
        };
        let mut stays: HashSet<RecordId> = HashSet::new();
        let mut todo: Vec<RecordId> = self.since.iter().flat_map(mentions).filter(made).collect();
        while let Some(id) = todo.pop() {
            if stays.insert(id) {
                todo.extend(self.records.get(&id).into_iter().flat_map(links).filter(made));
            }
        }
        stays
    }
}

/// Gives the fields that the import wrote their former values, but for those that someone wrote since.
fn restore<'f>(
    pack: &Pack,
    record: &Record,
    former: Option<&Record>,
    device: DeviceId,
    fields: impl Iterator<Item = &'f String>,
    draft: &mut Draft,
    kept: &mut Vec<RosterKept>,
) {
    let kind = pack.kind(&record.kind);
    for field in fields {
        let was = former.and_then(|former| former.value(field));
        let is_set = kind.and_then(|kind| kind.field(field)).is_some_and(|field| field.r#type.is_set());
        // A set merges member by member: what others put in or took out since is in the merge of theirs already.
        if is_set || record.winner(field).is_some_and(|(clock, _)| clock.device() == device) {
            match was {
                Some(value) => draft.now.insert(field.clone(), value),
                None => draft.now.remove(field),
            };
        } else {
            keep(kept, record, Some(field.clone()));
        }
    }
}

fn keep(kept: &mut Vec<RosterKept>, record: &Record, field: Option<String>) {
    if kept.len() < MOST_KEPT {
        kept.push(RosterKept { record: record.id, kind: record.kind.to_string(), title: Text::default(), field });
    }
}

/// Records as the changes make them.
fn merged(changes: &[Change]) -> HashMap<RecordId, Record> {
    let mut records: HashMap<RecordId, Record> = HashMap::new();
    for change in changes {
        match records.get_mut(&change.record) {
            Some(record) => record.apply(change),
            None => drop(records.insert(change.record, Record::from(change))),
        }
    }
    records
}

/// The records a change is about or points at.
fn mentions(change: &Change) -> Vec<RecordId> {
    let values = change.set.values().flat_map(|value| match value {
        Value::Array(members) => members.iter().collect::<Vec<_>>(),
        value => vec![value],
    });
    let texts = values.filter_map(Value::as_str).chain(change.add.values().flatten().map(String::as_str));
    std::iter::once(change.record).chain(texts.filter_map(link)).collect()
}

/// The records a record points at.
fn links(record: &Record) -> Vec<RecordId> {
    record.values().values().filter_map(Value::as_str).filter_map(link).collect()
}
