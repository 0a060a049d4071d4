//! What a push knows while it judges: records it has read and merged so far, and how each bucket's checksum moves.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

use records::{Context, FieldType, Kind, Lookup, Pack, Problem, RecordId, Right, User, Value, link};
use sync::{Among, Bucket, Change, Record, block, judge::judge, wire::Checksum};

use super::Author;
use crate::db::{BucketRow, Fault, PushTransaction, RecordRow};

/// Records of one push, by id; `None` for one that is known not to be.
pub(super) struct Desk<'a> {
    pack: &'a Pack,
    who: &'a Author,
    pub(super) today: jiff::civil::Date,
    known: HashMap<RecordId, Option<RecordRow>>,
    touched: BTreeSet<RecordId>,
    moved: BTreeMap<Bucket, Moved>,
    /// Kinds whose records may belong to another bucket by what was put.
    following: BTreeSet<&'a str>,
}

/// What a push does to a bucket.
#[derive(Default)]
struct Moved {
    /// Added to its checksum, wrapping.
    sum: Checksum,
    /// The last sequence number of a change to it.
    seq: u64,
    /// Records came from another, left for one or were erased: its snapshot holds what it may not, or lacks what it must.
    exchanged: bool,
}

impl<'a> Desk<'a> {
    pub(super) fn new(pack: &'a Pack, who: &'a Author, today: jiff::civil::Date) -> Self {
        let (known, touched, moved, following) = Default::default();
        Self { pack, who, today, known, touched, moved, following }
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

    /// Judges a change by what `post` may do. Expressions may look up any record.
    pub(super) async fn judge(
        &mut self,
        tx: &mut PushTransaction,
        change: &Change,
        post: &str,
    ) -> Result<Result<Record, Vec<Problem>>, Fault> {
        self.read(tx, [change.record]).await?;
        let user = User { name: &self.who.account, post };
        let (pack, today) = (self.pack, self.today);
        let verdict = self.with_records(tx, |desk, lookup| {
            judge(pack, change, desk.get(change.record).map(|row| &row.record), &Context { today, user, lookup })
        });
        let verdict = verdict.await?;
        match verdict {
            Ok(merged) if !self.is_assignable(tx, &merged).await? => {
                let (zh, en) = ("交给的同事不能看这类记录，或没有这个账号。", {
                    "The colleague it is assigned to may not see such records, or there is no such account."
                });
                let field = pack.kind(&merged.kind).and_then(|kind| kind.assigned.clone());
                Ok(Err(vec![Problem { field, ..Problem::new("assigned_to", zh, en) }]))
            }
            verdict => Ok(verdict),
        }
    }

    /// Works something out from records that cannot be known beforehand: what asked for records not on the desk is thrown
    /// away, they are read, and it is made again.
    async fn with_records<T>(
        &mut self,
        tx: &mut PushTransaction,
        work: impl Fn(&Self, &dyn Lookup) -> T,
    ) -> Result<T, Fault> {
        loop {
            let asked = RefCell::new(Vec::new());
            let find = |id| match self.known.get(&id) {
                Some(row) => row.as_ref().map(|row| &row.record),
                None => {
                    asked.borrow_mut().push(id);
                    None
                }
            };
            let made = work(self, &Among(find));
            let asked = asked.into_inner();
            if asked.is_empty() {
                return Ok(made);
            }
            self.read(tx, asked).await?;
        }
    }

    /// Whether the record goes to an account that may see it, or stays where it was: someone whose account is gone keeps
    /// what is theirs until it is handed on.
    async fn is_assignable(&mut self, tx: &mut PushTransaction, record: &Record) -> Result<bool, Fault> {
        if self.pack.assignment(&record.kind).is_none() {
            return Ok(true);
        }
        let bucket = self.bucket(tx, record).await?;
        if self.get(record.id).is_some_and(|row| row.bucket == bucket) {
            return Ok(true);
        }
        let to = bucket.officer().unwrap_or_default();
        if to == self.who.account {
            return Ok(true);
        }
        let post = tx.post_of(to).await?;
        Ok(post.is_some_and(|post| self.pack.allows(&post, &record.kind, Right::Read)))
    }

    pub(super) fn get(&self, id: RecordId) -> Option<&RecordRow> {
        self.known.get(&id)?.as_ref()
    }

    /// Puts a merged record on the desk, as the effect numbered `seq`.
    pub(super) async fn put(&mut self, tx: &mut PushTransaction, record: Record, seq: u64) -> Result<(), Fault> {
        let (id, kind) = (record.id, record.kind.to_string());
        let digest = block::digest(&record);
        let bucket = self.bucket(tx, &record).await?;
        let was = self.get(id).map(|row| row.bucket.clone());
        let has_moved = was.is_some_and(|was| was != bucket);
        self.lay(RecordRow { bucket, digest, seq, record }, seq);
        if has_moved {
            self.follow(&kind);
        }
        Ok(())
    }

    /// Puts what an erasure left of a record on the desk. No snapshot may tell the rest.
    pub(super) async fn erase(&mut self, tx: &mut PushTransaction, left: Record, seq: u64) -> Result<(), Fault> {
        let id = left.id;
        self.put(tx, left, seq).await?;
        if let Some(bucket) = self.get(id).map(|row| row.bucket.clone()) {
            self.moved.entry(bucket).or_default().exchanged = true;
        }
        Ok(())
    }

    /// Remembers all kinds that share their officer with `kind`: their records may belong elsewhere now.
    fn follow(&mut self, kind: &str) {
        let leads = |to: &&Kind| {
            let field = to.assigned.as_deref().and_then(|name| to.field(name));
            field.is_some_and(|field| field.r#type == FieldType::Record(kind.to_owned()))
        };
        for kind in self.pack.kinds.values().filter(leads) {
            if self.following.insert(&kind.name) {
                self.follow(&kind.name);
            }
        }
    }

    /// Moves the records of a kind that are not in the bucket they belong to, as of `seq`. They keep their own sequence
    /// numbers: tablets see by the checksums that records came or went.
    pub(super) async fn rehouse(&mut self, tx: &mut PushTransaction, kind: &str, seq: u64) -> Result<(), Fault> {
        for row in tx.of_kind(kind).await? {
            self.known.entry(row.record.id).or_insert(Some(row));
        }
        let rows: Vec<RecordRow> =
            self.known.values().flatten().filter(|row| row.record.kind == kind).cloned().collect();
        for row in rows {
            let bucket = self.bucket(tx, &row.record).await?;
            if bucket != row.bucket {
                self.lay(RecordRow { bucket, ..row }, seq);
            }
        }
        Ok(())
    }

    async fn bucket(&mut self, tx: &mut PushTransaction, record: &Record) -> Result<Bucket, Fault> {
        let pack = self.pack;
        let elsewhere =
            |_: &Self, lookup: &dyn Lookup| Bucket::holding(pack, record, &|id, field| lookup.value(id, field));
        self.with_records(tx, elsewhere).await
    }

    /// Lays a row in the place of the one before.
    fn lay(&mut self, row: RecordRow, seq: u64) {
        let id = row.record.id;
        if let Some(old) = self.known.get(&id).and_then(Option::as_ref) {
            let moved = self.moved.entry(old.bucket.clone()).or_default();
            moved.sum.count = moved.sum.count.wrapping_sub(1);
            moved.sum.sum = moved.sum.sum.wrapping_sub(old.digest);
            moved.seq = seq;
            let is_new_home = old.bucket != row.bucket;
            moved.exchanged |= is_new_home;
            self.moved.entry(row.bucket.clone()).or_default().exchanged |= is_new_home;
        }
        let moved = self.moved.entry(row.bucket.clone()).or_default();
        moved.sum.count = moved.sum.count.wrapping_add(1);
        moved.sum.sum = moved.sum.sum.wrapping_add(row.digest);
        moved.seq = seq;
        self.touched.insert(id);
        self.known.insert(id, Some(row));
    }

    /// Writes what was put, up to `seq`: records in the order of their ids, then the buckets.
    pub(super) async fn write(&mut self, tx: &mut PushTransaction, seq: u64) -> Result<(), Fault> {
        for kind in std::mem::take(&mut self.following) {
            self.rehouse(tx, kind, seq).await?;
        }
        let rows: Vec<&RecordRow> = self.touched.iter().filter_map(|id| self.get(*id)).collect();
        tx.put_records(&rows).await?;
        let moves =
            self.moved.iter().map(|(bucket, moved)| (bucket.clone(), BucketRow { sum: moved.sum, seq: moved.seq }));
        tx.move_buckets(&moves.collect::<Vec<_>>()).await?;
        for (bucket, _) in self.moved.iter().filter(|(_, moved)| moved.exchanged) {
            tx.drop_snapshot(bucket).await?;
        }
        Ok(())
    }
}

/// The records a change speaks of: its own and those its values point at, which expressions are likely to look up.
pub(super) fn mentioned(change: &Change) -> impl Iterator<Item = RecordId> {
    let texts = change.set.values().filter_map(Value::as_str);
    std::iter::once(change.record).chain(texts.filter_map(link))
}
