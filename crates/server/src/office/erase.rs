//! Erasing what the office knows of a person at their request, and what is older than a kind's records are kept.
//!
//! In one transaction: records become what `sync::erase` leaves of them, the words of their changes and refusals go but for
//! hashes that hold the audit trail together, and no snapshot keeps them. Tablets take the new states over at their next
//! sync. Backups keep what they had until they are thrown away; after putting one back, what was erased since must be again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};
use records::{FieldType, RecordId, Right};
use sync::{Clock, DeviceId, Record, erase::about, wire::Erasure};

use super::{
    Author, Office,
    audit::{By, Note, What, note_in},
    desk::Desk,
    push::NO_WORDS,
};
use crate::db::Fault;

/// The device that erasures are clocked by: none of a tablet's.
const NOBODY: DeviceId = DeviceId(0);

/// Records that are about a person, as they were when someone looked.
struct Found {
    /// All of them, those that are erased already too.
    ids: BTreeSet<RecordId>,
    erasure: Erasure,
}

impl Office {
    /// What erasing a person would take, as far as `who` may know; `None` when there is no such person, or no more.
    pub async fn erasure(&self, who: &Author, person: RecordId) -> Result<Option<Erasure>, Fault> {
        Ok(self.find(who, person).await?.map(|found| found.erasure))
    }

    /// Erases a person and all that is about them, because of `why`: nobody's words, but a mark such as the request's
    /// number. Answers with what went, as [`Office::erasure`] said before.
    pub async fn erase(&self, by: By<'_>, who: &Author, person: RecordId, why: &str) -> Result<Option<Erasure>, Fault> {
        let Some(found) = self.find(who, person).await? else { return Ok(None) };
        let (mut ids, told) = (found.ids, found.erasure);
        // What came in between looking and erasing is about them as well; from then on nothing more is taken in.
        loop {
            self.strip(by, who, &ids, &person.to_string(), why).await?;
            let now = self.find_all(person).await?.0;
            if now == ids {
                break;
            }
            ids = now;
        }
        self.store.scrub().await?;
        Ok(Some(told))
    }

    /// Records whose kind's time is over by `today`, by kind: those that are not erased yet.
    pub async fn expired(&self, today: Date) -> Result<BTreeMap<String, BTreeSet<RecordId>>, Fault> {
        let pack = self.pack();
        let mut expired = BTreeMap::new();
        let mut tx = self.store.begin_read_aside(self.community).await?;
        for kind in pack.kinds.values() {
            let (Some(years), Some(date)) = (kind.keep_years, &kind.date) else { continue };
            let last = today.saturating_sub(i64::from(years).years()).to_string();
            let mut ids = BTreeSet::new();
            for state in tx.of_kind(&kind.name).await? {
                let record = read(&state)?;
                // A moment is on its day: what begins with an earlier day sorts before it.
                let is_over = record.text(date).is_some_and(|day| *day < *last.as_str());
                if is_over && !record.is_erased() {
                    ids.insert(record.id);
                }
            }
            if !ids.is_empty() {
                expired.insert(kind.name.clone(), ids);
            }
        }
        Ok(expired)
    }

    /// Erases what [`Office::expired`] finds; how many.
    pub async fn erase_expired(&self, by: By<'_>, today: Date) -> Result<u64, Fault> {
        let nobody = Author { account: String::new(), post: String::new() };
        let mut count = 0;
        for (kind, ids) in self.expired(today).await? {
            count += ids.len() as u64;
            self.strip(by, &nobody, &ids, &kind, "到期").await?;
        }
        self.store.scrub().await?;
        Ok(count)
    }

    async fn find(&self, who: &Author, person: RecordId) -> Result<Option<Found>, Fault> {
        let pack = self.pack();
        let (ids, records) = self.find_all(person).await?;
        let kind = pack.screens.doors.as_ref().map(|doors| doors.person.as_str());
        let is_person = |record: &&Record| Some(record.kind.as_str()) == kind && !record.is_erased();
        if records.iter().find(|record| record.id == person).filter(is_person).is_none() {
            return Ok(None);
        }
        let mut erasure = Erasure::default();
        let may_know = |kind: &str| pack.allows(&who.post, kind, Right::Read) && pack.assignment(kind).is_none();
        for record in records.iter().filter(|record| may_know(&record.kind)) {
            if ids.contains(&record.id) {
                *erasure.kinds.entry(record.kind.to_string()).or_default() += 1;
                continue;
            }
            let fields = pack.kind(&record.kind).into_iter().flat_map(|kind| &kind.fields);
            let several = fields.filter(|field| matches!(field.r#type, FieldType::Records(_)));
            let name = person.to_string();
            let names = |value: records::Value| value.as_array().is_some_and(|ids| ids.iter().any(|id| *id == name));
            erasure.named += u64::from(several.filter_map(|field| record.value(&field.name)).any(names));
        }
        Ok(Some(Found { ids, erasure }))
    }

    /// What is about a person, and all records.
    async fn find_all(&self, person: RecordId) -> Result<(BTreeSet<RecordId>, Vec<Record>), Fault> {
        // All records: on the connection for what takes long.
        let mut tx = self.store.begin_read_aside(self.community).await?;
        let buckets = tx.buckets().await?;
        let records: Result<Vec<Record>, Fault> = tx.of_buckets(&buckets).await?.iter().map(|s| read(s)).collect();
        let records = records?;
        Ok((about(&self.pack(), records.iter(), person), records))
    }

    /// Leaves of the records what may stay, and notes it.
    async fn strip(
        &self,
        by: By<'_>,
        who: &Author,
        about: &BTreeSet<RecordId>,
        named: &str,
        why: &str,
    ) -> Result<(), Fault> {
        let (pack, now) = (self.pack(), self.moment());
        let rosters = self.store.rosters(self.community, None, u32::MAX).await?;
        let mut tx = self.store.begin_push(self.community).await?;
        let mut desk = Desk::new(&pack, who, self.today());
        desk.read(&mut tx, about.iter().copied()).await?;
        let known = |id: &RecordId| desk.get(*id).map(|row| row.record.clone());
        let records: Vec<Record> = about.iter().filter_map(known).filter(|record| !record.is_erased()).collect();
        let ids: Vec<RecordId> = records.iter().map(|record| record.id).collect();
        let count = ids.len() as u64;
        let before = tx.take_sequence(count).await?;
        let clock = Clock::default().tick(now, NOBODY);
        for (seq, record) in (before + 1..).zip(records) {
            desk.erase(&mut tx, record.erased(&pack, about, clock, &who.account, why), seq).await?;
        }
        desk.write(&mut tx, before + count).await?;
        let gone = tx.erase_changes(&ids).await?;
        tx.erase_refused(&ids, NO_WORDS).await?;
        tx.erase_kept(&ids, &rosters).await?;
        // Before the commit: should that fail, whoever asked asks again, and no file is left behind for good.
        for id in &ids {
            self.forget_files(*id).await?;
        }
        tx.forget_files(&ids).await?;
        note_in(&mut tx, by, now, vec![Note { what: What::Erased, about: named.into(), count: gone }]).await?;
        tx.commit().await?;
        self.announce(before + count);
        Ok(())
    }
}

fn read(state: &str) -> Result<Record, Fault> {
    serde_json::from_str(state).map_err(|e| Fault::damaged("record", e))
}
