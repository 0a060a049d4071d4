//! The import: what was planned, pushed in batches from a device of its own.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
};

use export::roster::Planned;
use records::RecordId;
use sync::{
    Clock, DeviceId, Draft, Record,
    wire::{Roster, RosterState, Verdict},
};
use uuid::Uuid;

use super::{Answer, Refused, counts, held::Job, shape::count};
use crate::{
    db::{Fault, RosterRow},
    office::{
        Author, Incoming, Office,
        audit::{By, What},
        hand::Hand,
    },
};

/// Records in one push: a tablet that syncs meanwhile waits for one batch, not for the import.
pub(super) const BATCH: usize = 250;

impl Office {
    /// Imports a roster as it was last planned, over the register as it is now. Comes back at once; the work goes on.
    pub async fn run_roster(self: &Arc<Self>, who: &Author, id: Uuid) -> Answer<Roster> {
        if !self.may_import(who) {
            return Ok(Err(Refused::Forbidden));
        }
        let Some(held) = self.rosters.held(id, self.now()).filter(|held| held.account == who.account) else {
            let known = self.known(who, id).await?;
            return Ok(Err(known.map_or(Refused::NotFound, |roster| Refused::State(roster.state))));
        };
        let Some((sheet, choices)) = held.choices.clone() else {
            return Ok(Err(Refused::State(RosterState::Uploaded)));
        };
        let Some(turn) = self.rosters.turn().await else { return Ok(Err(Refused::Busy)) };
        // Another request for the same may have had the turn before.
        if self.rosters.held(id, self.now()).is_none() {
            return Ok(Err(Refused::State(RosterState::Done)));
        }
        let (plan, records) = self.planned(who, &held, sheet, &choices).await?;
        let device = DeviceId(Uuid::new_v4().as_u64_pair().0);
        self.make_device(device, &format!("名册 {}", held.file)).await?;
        let row = RosterRow {
            id,
            file: held.file.clone(),
            account: who.account.clone(),
            device,
            at: held.at,
            state: RosterState::Running,
            total: count(plan.planned.len()),
            refused: 0,
            counts: counts(&plan),
            kept: Vec::new(),
        };
        self.note_one(By::of(who, device), What::Roster, &id.to_string(), u64::from(row.total)).await?;
        let underway = self.rosters.begin(id, turn);
        self.store.put_roster(self.community, &row).await?;
        self.rosters.forget(id);
        let told = self.told(row.clone()).await?;
        let (office, author) = (self.clone(), who.clone());
        tokio::spawn(async move {
            let hand = Hand { device, number: 0, clock: Clock::default(), author };
            if let Err(fault) = office.import(&underway.job, row, hand, plan.planned, records).await {
                tracing::error!(%fault, "a roster's import was cut off");
            }
            drop(underway);
        });
        Ok(Ok(told))
    }

    async fn import(
        &self,
        job: &Job,
        mut row: RosterRow,
        mut hand: Hand,
        planned: Vec<Planned>,
        records: Vec<Record>,
    ) -> Result<(), Fault> {
        let pack = self.pack();
        let records: HashMap<RecordId, Record> = records.into_iter().map(|record| (record.id, record)).collect();
        row.state = RosterState::Done;
        for batch in planned.chunks(BATCH) {
            if job.stop.load(Ordering::Relaxed) {
                row.state = RosterState::Stopped;
                break;
            }
            let mut changes = Vec::with_capacity(batch.len());
            for Planned { record, kind, now, .. } in batch {
                let current = records.get(record);
                let draft = match current {
                    Some(current) => Draft { now: now.clone(), ..Draft::of(current) },
                    None => Draft::new(*record, kind, now.clone()),
                };
                let draft = Draft { why: Some(format!("导入花名册：{}", row.file)), ..draft };
                let pen = hand.pen(self.moment(), current);
                changes.extend(draft.change(&pack, pen).map(Incoming::from));
            }
            let (receipts, _) = self.push(&hand.author, hand.device, changes).await?;
            let refused = receipts.iter().filter(|receipt| matches!(receipt.verdict, Verdict::Refused { .. }));
            row.refused += count(refused.count());
            job.done.fetch_add(count(batch.len()), Ordering::Relaxed);
        }
        self.store.put_roster(self.community, &row).await
    }
}
