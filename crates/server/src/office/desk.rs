//! What a push knows while it judges: records it has read and merged so far, and how each bucket's checksum moves.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

use records::{Context, Fields, Pack, Problem, RecordId, User, Value};
use sync::{Bucket, Change, Record, block, judge::judge, wire::Checksum};

use super::Author;
use crate::db::{Fault, PushTransaction, RecordRow};

/// Records of one push, by id; `None` for one that is known not to be.
pub(super) struct Desk<'a> {
    pack: &'a Pack,
    who: &'a Author,
    today: jiff::civil::Date,
    known: HashMap<RecordId, Option<RecordRow>>,
    touched: BTreeSet<RecordId>,
    moved: BTreeMap<Bucket, (Checksum, u64)>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(pack: &'a Pack, who: &'a Author, today: jiff::civil::Date) -> Self {
        let (known, touched, moved) = Default::default();
        Self { pack, who, today, known, touched, moved }
    }

    /// Reads those of the records that are not on the desk yet, in one query.
    pub(super) async fn read(
        &mut self,
        tx: &mut PushTransaction,
        ids: impl IntoIterator<Item = RecordId>,
    ) -> Result<(), Fault> {
        let missing: HashSet<RecordId> = ids.into_iter().filter(|id| !self.known.contains_key(id)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<RecordId> = missing.into_iter().collect();
        let rows = tx.records(&missing).await?;
        self.known.extend(missing.into_iter().map(|id| (id, None)));
        self.known.extend(rows.into_iter().map(|row| (row.record.id, Some(row))));
        Ok(())
    }

    /// Judges a change. Expressions may look up any record, which cannot be known beforehand: a judgement that asked for
    /// records not on the desk is thrown away, they are read, and it is made again.
    pub(super) async fn judge(
        &mut self,
        tx: &mut PushTransaction,
        change: &Change,
    ) -> Result<Result<Record, Vec<Problem>>, Fault> {
        self.read(tx, [change.record]).await?;
        loop {
            let asked = RefCell::new(Vec::new());
            let verdict = {
                let lookup = |id: RecordId| self.lookup(id, &asked);
                let user = User { name: &self.who.account, post: &self.who.post };
                let context = Context { today: self.today, user, lookup: &lookup };
                judge(self.pack, change, self.get(change.record).map(|row| &row.record), &context)
            };
            let asked = asked.into_inner();
            if asked.is_empty() {
                return Ok(verdict);
            }
            self.read(tx, asked).await?;
        }
    }

    fn get(&self, id: RecordId) -> Option<&RecordRow> {
        self.known.get(&id)?.as_ref()
    }

    fn lookup(&self, id: RecordId, asked: &RefCell<Vec<RecordId>>) -> Option<(String, Fields)> {
        match self.known.get(&id) {
            Some(row) => row.as_ref().map(|row| (row.record.kind.to_string(), row.record.values())),
            None => {
                asked.borrow_mut().push(id);
                None
            }
        }
    }

    /// Puts a merged record on the desk, as the effect numbered `seq`.
    pub(super) fn put(&mut self, record: Record, seq: u64) {
        let id = record.id;
        let row =
            RecordRow { bucket: Bucket::of(self.pack, &record.kind), digest: block::digest(&record), seq, record };
        if let Some(old) = self.known.get(&id).and_then(Option::as_ref) {
            let (sum, _) = self.moved.entry(old.bucket.clone()).or_default();
            sum.count = sum.count.wrapping_sub(1);
            sum.sum = sum.sum.wrapping_sub(old.digest);
        }
        let (sum, last) = self.moved.entry(row.bucket.clone()).or_default();
        sum.count = sum.count.wrapping_add(1);
        sum.sum = sum.sum.wrapping_add(row.digest);
        *last = seq;
        self.touched.insert(id);
        self.known.insert(id, Some(row));
    }

    /// Writes what was put: records in the order of their ids, then the buckets.
    pub(super) async fn write(&self, tx: &mut PushTransaction) -> Result<(), Fault> {
        let rows: Vec<&RecordRow> = self.touched.iter().filter_map(|id| self.get(*id)).collect();
        tx.put_records(&rows).await?;
        for (bucket, (sum, seq)) in &self.moved {
            tx.move_bucket(bucket, *sum, *seq).await?;
        }
        Ok(())
    }
}

/// The records a change speaks of: its own and those its values point at, which expressions are likely to look up.
pub(super) fn mentioned(change: &Change) -> impl Iterator<Item = RecordId> {
    let texts = change.set.values().filter_map(Value::as_str);
    std::iter::once(change.record).chain(texts.filter(|t| t.len() == 36).filter_map(|t| RecordId::try_parse(t).ok()))
}
