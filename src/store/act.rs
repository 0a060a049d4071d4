//! What the user does: every write here is strict, since nobody else has it yet.

use std::collections::BTreeMap;

use records::Pack;
use sync::{
    Change, Clock, DeviceId,
    wire::{Me, is_of_number},
};

use super::{
    Batch, Entry, Fate, Here, Kept, Mind, Numbers, Row, Store, StoreError,
    batch::{Step, json},
    here::key,
    row,
    shelf::Area,
};

impl Store {
    /// Gives an empty store its device.
    pub async fn begin(&self, numbers: Numbers) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let mut batch = Batch::strict();
        batch.document(key::NUMBERS, &numbers);
        self.commit(batch, |mind| mind.numbers = Some(numbers)).await
    }

    /// Keeps one act: its changes as one row, the last number, and in the same transaction what it makes obsolete:
    /// refused changes that it mends, and its author's drafts of these names.
    pub async fn act(&self, changes: Vec<Change>, at: u64, drafts: &[String]) -> Result<(), StoreError> {
        let Some(last) = changes.last() else { return Ok(()) };
        let (numbers, author) = (Numbers { device: last.device, last: last.number }, last.author.clone());
        let clock = changes.iter().map(|c| c.clock).fold(self.clock(), Clock::max);
        let mended: Vec<u64> = changes.iter().filter_map(|c| c.mends).collect();
        let _turn = self.turn.lock().await;
        let drafts: Vec<String> = drafts.iter().flat_map(|name| self.places(&author, name)).collect();
        let mut rows = self.marked(aside(&mended));
        let row = Row::of(changes, at);
        rows.insert(row.number(), row);
        let mut batch = Batch::strict();
        self.mind.borrow().lay(&rows, &mut batch);
        batch.document(key::NUMBERS, &numbers);
        batch.document(key::CLOCK, &clock);
        drafts.iter().for_each(|draft| batch.delete(Area::Drafts, draft));
        self.commit(batch, |mind| {
            mind.log.extend(rows);
            (mind.numbers, mind.clock) = (Some(numbers), clock);
            drafts.iter().for_each(|draft| drop(mind.drafts.remove(draft)));
        })
        .await
    }

    /// Marks a refused change as given up by its author. It stays in the log, and can be taken up again.
    pub async fn give_up(&self, number: u64) -> Result<(), StoreError> {
        let given_up = |entry: &Entry| match &entry.fate {
            Fate::Refused(problems) if entry.change.number == number => Some(Fate::GivenUp(problems.clone())),
            _ => None,
        };
        self.mark(given_up).await
    }

    /// Marks a change that was given up as refused, as it was before.
    pub async fn take_up(&self, number: u64) -> Result<(), StoreError> {
        let refused = |entry: &Entry| match &entry.fate {
            Fate::GivenUp(problems) if entry.change.number == number => Some(Fate::Refused(problems.clone())),
            _ => None,
        };
        self.mark(refused).await
    }

    async fn mark(&self, fate: impl Fn(&Entry) -> Option<Fate>) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let rows = self.marked(fate);
        let mut batch = Batch::strict();
        self.mind.borrow().lay(&rows, &mut batch);
        self.commit(batch, |mind| mind.log.extend(rows)).await
    }

    /// Marks a refused change as set aside. It stays in the log.
    pub async fn set_aside(&self, number: u64) -> Result<(), StoreError> {
        self.mark(aside(&[number])).await
    }

    /// Rows with entries that get a new fate, as they will be.
    pub(super) fn marked(&self, fate: impl Fn(&Entry) -> Option<Fate>) -> BTreeMap<u64, Row> {
        let mind = self.mind.borrow();
        let is_marked = |row: &&Row| row.entries.iter().any(|entry| fate(entry).is_some());
        let mark = |row: &Row| {
            let mut row = row.clone();
            for entry in &mut row.entries {
                if let Some(fate) = fate(entry) {
                    entry.fate = fate;
                }
            }
            (row.number(), row)
        };
        mind.log.values().filter(is_marked).map(mark).collect()
    }

    /// Signs an account in. Another one than the owner of what is here starts with no records of the office; what the
    /// owner wrote stays in the log and waits.
    pub async fn sign_in(&self, me: Me) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let mut batch = Batch::strict();
        let is_new = self.owner().is_some_and(|owner| owner != me.account);
        let owner = me.account.clone();
        batch.document(key::ME, &me);
        batch.document(key::OWNER, &owner);
        if is_new {
            self.without_records(&mut batch).await?;
        }
        self.commit(batch, |mind| {
            (mind.me, mind.owner) = (Some(me), Some(owner));
            if is_new {
                (mind.here, mind.staged) = (Here::default(), None);
            }
        })
        .await
    }

    /// Signs out; everything stays.
    pub async fn sign_out(&self) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let mut batch = Batch::strict();
        batch.delete(Area::Meta, key::ME);
        self.commit(batch, |mind| mind.me = None).await
    }

    /// Keeps the pack; it can be fetched again.
    pub async fn keep_pack(&self, pack: Pack) -> Result<(), StoreError> {
        let bytes = json(&pack);
        let _turn = self.turn.lock().await;
        let mut batch = Batch::relaxed();
        batch.put(Area::Meta, key::PACK, bytes);
        self.commit(batch, |mind| mind.pack = Some(pack)).await
    }

    /// Starts again as `device`, after the store turned out not to be the one we left: the office's records go and are
    /// fetched anew; what waits or was refused is kept under new numbers, since the old ones may stand for something
    /// else at the office.
    pub async fn start_again(&self, device: DeviceId) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let mut batch = Batch::strict();
        self.without_records(&mut batch).await?;
        // The session belongs to the old device.
        batch.delete(Area::Meta, key::ME);
        self.renumber(device, batch, |mind| (mind.here, mind.staged, mind.me) = (Here::default(), None, None)).await
    }

    /// Goes on as `device`, which the office knows: the office's records and the session stay, what waits or was refused is kept
    /// under new numbers.
    pub async fn go_on_as(&self, device: DeviceId) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let mut batch = Batch::strict();
        self.without_settled(&mut batch).await?;
        self.renumber(device, batch, |_| ()).await
    }

    /// Commits `batch` and with it the log as another device's.
    async fn renumber(
        &self,
        device: DeviceId,
        mut batch: Batch,
        then: impl FnOnce(&mut Mind),
    ) -> Result<(), StoreError> {
        let old: Vec<Row> = self.mind.borrow().log.values().cloned().collect();
        old.iter().for_each(|row| batch.delete(Area::Log, row::key(row.number())));
        let (log, last, new) = renumbered(old, device);
        self.mind.borrow().lay(&log, &mut batch);
        let drafts = self.drafts_again(&new, &mut batch);
        let numbers = Numbers { device, last };
        batch.document(key::NUMBERS, &numbers);
        self.commit(batch, |mind| {
            then(mind);
            (mind.log, mind.numbers, mind.drafts) = (log, Some(numbers), drafts);
        })
        .await
    }

    /// The drafts as they are when refused changes have these new numbers; those that put one right follow it.
    fn drafts_again(&self, new: &BTreeMap<u64, u64>, batch: &mut Batch) -> BTreeMap<String, Kept> {
        let mut drafts = BTreeMap::new();
        for (place, mut kept) in self.drafts() {
            let Some(number) = kept.draft.mends.and_then(|number| new.get(&number).copied()) else {
                drafts.insert(place, kept);
                continue;
            };
            (kept.key, kept.draft.mends) = (format!("mend/{number}"), Some(number));
            batch.delete(Area::Drafts, place);
            batch.put(Area::Drafts, kept.place(), json(&kept));
            drafts.insert(kept.place(), kept);
        }
        drafts
    }

    /// Adds to the batch that no settled work stays: another device cannot give it back.
    async fn without_settled(&self, batch: &mut Batch) -> Result<(), StoreError> {
        self.shelf.keys(Area::Settled).await?.into_iter().for_each(|key| batch.delete(Area::Settled, key));
        Ok(())
    }

    /// Adds to the batch that no record of the office stays, nor settled work: the next person may not be allowed to hold it.
    async fn without_records(&self, batch: &mut Batch) -> Result<(), StoreError> {
        self.without_settled(batch).await?;
        self.shelf.keys(Area::Blocks).await?.into_iter().for_each(|key| batch.delete(Area::Blocks, key));
        let kinds = self.ring.borrow().kinds();
        self.ring.borrow_mut().forget(kinds.iter().map(String::as_str));
        batch.delete(Area::Meta, key::STAGED);
        batch.delete(Area::Meta, key::HERE);
        Ok(())
    }
}

/// Of refused changes with these numbers that they are set aside.
fn aside(numbers: &[u64]) -> impl Fn(&Entry) -> Option<Fate> {
    move |entry| match &entry.fate {
        Fate::Refused(problems) if numbers.contains(&entry.change.number) => Some(Fate::SetAside(problems.clone())),
        _ => None,
    }
}

/// The rows as another device's, counted from 1, and the new number of each change; what is settled is left out. Clocks stay: they
/// are when it was written. What was refused for its number alone waits again.
fn renumbered(rows: Vec<Row>, device: DeviceId) -> (BTreeMap<u64, Row>, u64, BTreeMap<u64, u64>) {
    let mut last = 0;
    let mut new = BTreeMap::new();
    let mut log = BTreeMap::new();
    for mut row in rows {
        row.entries.retain(|entry| entry.fate != Fate::Settled);
        for entry in &mut row.entries {
            last += 1;
            new.insert(entry.change.number, last);
            (entry.change.device, entry.change.number) = (device, last);
            // A change mends one before it, so the new number is known by now, or the mended one is gone.
            entry.change.mends = entry.change.mends.and_then(|number| new.get(&number).copied());
            if matches!(&entry.fate, Fate::Refused(problems) if is_of_number(problems)) {
                entry.fate = Fate::Waiting;
            }
        }
        if !row.entries.is_empty() {
            log.insert(row.number(), row);
        }
    }
    (log, last, new)
}

impl Mind {
    /// Adds to a batch that these rows are kept in the log, and that those in which nothing is open leave it: neighbours
    /// with nothing between them that stays at one go.
    pub(super) fn lay(&self, rows: &BTreeMap<u64, Row>, batch: &mut Batch) {
        let mut leaving: Option<(u64, u64)> = None;
        for (&number, row) in rows {
            if row.is_settled() {
                let run = leaving.filter(|(_, last)| self.is_nothing_between(*last, number));
                if run.is_none() {
                    batch.clear(leaving);
                }
                leaving = Some((run.map_or(number, |(first, _)| first), number));
            } else {
                batch.clear(leaving.take());
                batch.put(Area::Log, row::key(number), row.to_bytes());
            }
        }
        batch.clear(leaving);
    }

    /// Whether no row of the log, readable or not, lies between these two.
    fn is_nothing_between(&self, one: u64, other: u64) -> bool {
        let mut unreadable = self.unreadable.iter();
        let is_free = unreadable.all(|key| *key <= row::key(one) || *key >= row::key(other));
        is_free && self.log.range(one + 1..other).next().is_none()
    }
}

impl Batch {
    /// With the rows of the log from one number to another forgotten.
    fn clear(&mut self, run: Option<(u64, u64)>) {
        self.steps.extend(run.map(|(first, last)| Step::Clear(Area::Log, row::key(first), row::key(last))));
    }
}
