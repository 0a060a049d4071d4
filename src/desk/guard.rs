//! What a director looks after, which only the office can say: devices, the trail of who did and read what, and
//! erasures.

use leptos::prelude::*;
use records::{Problem, RecordId};
use sync::{
    Change, DeviceId,
    corrections::{Correction, corrections},
    wire::{AuditEntry, Device, Erasure, HandedIn, Listed, Quarantined, TakeIn, Usage},
};

use super::{Desk, prefs::Withdrawn, state::State};
use crate::net::{Trouble, guard};

/// What came back, or what to tell the person.
type Answer<T> = Result<T, Problem>;

impl Desk {
    /// Whether the account's post sees all figures, and with it what is looked after here.
    pub fn sees_all(&self) -> bool {
        self.me().is_some_and(|me| self.pack().post(&me.post).is_some_and(|post| post.report))
    }

    /// The devices, the latest contact first.
    pub async fn devices(&self) -> Answer<Vec<Listed>> {
        guard::devices(self.lang()).await.map_err(told)
    }

    /// Takes one out of use.
    pub async fn revoke(&self, id: DeviceId) -> Answer<Device> {
        guard::revoke(id, self.lang()).await.map_err(told)
    }

    /// A page of the trail, before number `before`.
    pub async fn trail(&self, before: Option<u64>) -> Answer<Vec<AuditEntry>> {
        guard::trail(before, self.lang()).await.map_err(told)
    }

    /// What the office has of a record's changes. The last answer stays while the page does, for when there is no network.
    pub async fn ask_changes(&self, id: RecordId) -> Answer<()> {
        let changes = guard::changes(id, self.lang()).await.map_err(told)?.changes;
        self.state().changes.update(|kept| _ = kept.insert(id, changes));
        Ok(())
    }

    /// Corrections of a record as far as they are known here: its changes that the office last sent, those made here since,
    /// and what the record itself says.
    pub fn corrections(&self, id: RecordId) -> Vec<Correction> {
        let sent = self.state().changes.with(|kept| kept.get(&id).cloned()).unwrap_or_default();
        self.read(|book| {
            let Some(record) = book.get(id) else { return Vec::new() };
            if record.is_erased() {
                return Vec::new();
            }
            let is_new = |change: &&Change| !sent.iter().any(|s| s.clock == change.clock);
            let own: Vec<Change> = book.pending().filter(|c| c.record == id).filter(is_new).cloned().collect();
            let before = book.settled(id).filter(|_| book.is_pending(id) && sent.is_empty());
            corrections(record, before, &[sent.clone(), own].concat())
        })
    }

    /// What the office refused of everyone's, the newest first: a page, after `last`.
    pub async fn quarantine(&self, last: Option<&Quarantined>) -> Answer<Vec<Quarantined>> {
        guard::quarantine(last, self.lang()).await.map_err(told)
    }

    /// What accounts take up at the office, and what they may.
    pub async fn usage(&self) -> Answer<Usage> {
        guard::usage(self.lang()).await.map_err(told)
    }

    /// Takes in something refused.
    pub async fn take_in(&self, asked: TakeIn) -> Answer<()> {
        guard::take_in(&asked, self.lang()).await.map_err(told)
    }

    /// Takes in a tablet's file of unsynced work.
    pub async fn take_parcel(&self, bytes: Vec<u8>) -> Answer<HandedIn> {
        guard::parcel(&bytes, self.lang()).await.map_err(told)
    }

    /// What erasing a person would take.
    pub async fn erasure(&self, id: RecordId) -> Answer<Erasure> {
        guard::erasure(id, self.lang()).await.map_err(told)
    }

    /// Erases a person; what went. This tablet takes it over at the sync that it starts.
    pub async fn erase(&self, id: RecordId, why: String) -> Answer<Erasure> {
        let gone = guard::erase(id, why, self.lang()).await.map_err(told)?;
        self.sync_now();
        Ok(gone)
    }

    /// The device at hand; `None` before its store is open.
    pub fn device(&self) -> Option<DeviceId> {
        self.state().seat().map(|seat| seat.counter.get().device())
    }

    /// Residents' records were put away, because the tablet has not met the office for too long.
    pub fn is_lapsed(&self) -> bool {
        State::get(&self.state().lapsed)
    }

    /// What became of the work here, when the office had everything on this tablet destroyed.
    pub fn withdrawn(&self) -> Option<Withdrawn> {
        super::prefs::withdrawn()
    }
}

fn told(trouble: Trouble) -> Problem {
    trouble.problem()
}
