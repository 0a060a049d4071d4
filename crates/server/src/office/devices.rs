//! Devices: what each holds, and taking them out of use.
//!
//! A revoked device is not just shut out, for then what was saved on it would be lost and what it holds would stay. Its
//! session may do one thing more: sync. What waits on it is judged as ever; nothing comes back but the order to destroy
//! what it holds. When it says that it holds nothing and has nothing to hand in, its session ends.

use std::collections::{BTreeMap, BTreeSet};

use sync::{
    Bucket, DeviceId,
    wire::{Cursor, Device, Listed, Receipt, SCHEMA, SyncResponse},
};

use super::{
    Author, Office,
    accounts::{IDLE, unhindered},
    audit::{By, What},
    pull::{Asked, buckets},
};
use crate::db::{DeviceRow, Fault};

/// How often a contact without news is noted, in milliseconds.
const NOTED: u64 = 3600 * 1000;

impl Office {
    /// The devices that someone signed in on, the latest contact first.
    pub async fn devices(&self) -> Result<Vec<Device>, Fault> {
        let rows = self.store.devices(self.community, self.now().saturating_sub(IDLE)).await?;
        Ok(rows.into_iter().map(told).collect())
    }

    /// The same, with what tells a device that was copied.
    pub async fn listed(&self) -> Result<Vec<Listed>, Fault> {
        let copied = self.store.copied(self.community).await?;
        let devices = self.devices().await?;
        let with = |device: Device| Listed { copied_at: copied.get(&device.id).copied(), device };
        Ok(devices.into_iter().map(with).collect())
    }

    /// Notes that a device has heard which post its account has.
    pub async fn hear_post(&self, who: &Author, device: DeviceId) -> Result<(), Fault> {
        self.store.hear_post(self.community, &who.account, device, self.now()).await
    }

    /// Revokes a device in the name of `by`; `false` when there is no such device. Twice is once.
    pub async fn revoke_device(&self, by: By<'_>, id: DeviceId) -> Result<bool, Fault> {
        let Some(known) = self.devices().await?.into_iter().find(|device| device.id == id) else { return Ok(false) };
        if known.revoked_at.is_some() {
            return Ok(true);
        }
        self.note_one(by, What::DeviceRevoked, &id.to_string(), 1).await?;
        let is_done = self.store.revoke(self.community, id, Some(self.now())).await?;
        // No number moves, but tablets that listen ask: the one concerned hears it now and not in a minute.
        self.head.send_modify(|_| ());
        Ok(is_done)
    }

    /// Takes a revocation back; `false` when there is no such device.
    pub async fn allow_device(&self, by: By<'_>, id: DeviceId) -> Result<bool, Fault> {
        if !self.devices().await?.iter().any(|device| device.id == id) {
            return Ok(false);
        }
        self.note_one(by, What::DeviceAllowed, &id.to_string(), 1).await?;
        self.store.revoke(self.community, id, None).await
    }

    /// Notes what a device was told that it holds, when that is news or the last note is an hour old.
    pub(super) async fn note_held(
        &self,
        device: DeviceId,
        before: Option<(String, u64)>,
        scope: &str,
    ) -> Result<(), Fault> {
        let Some((held, seen_at)) = before else { return Ok(()) };
        if held != scope || self.now().saturating_sub(seen_at) > NOTED {
            let noted = self.store.see_held(self.community, device, scope, self.now()).await;
            // What a lost tablet holds must be known; that it was here again need not.
            return if held == scope { unhindered(noted) } else { noted };
        }
        Ok(())
    }

    /// The answer to a revoked device whose changes have been pushed: nothing, and the order to destroy what it holds. With
    /// a cursor of no buckets and `is_idle` (nothing was handed in), it says that it has done so.
    pub async fn farewell(
        &self,
        who: &Author,
        asked: Asked,
        receipts: Vec<Receipt>,
        is_idle: bool,
    ) -> Result<SyncResponse, Fault> {
        let (pack, print) = self.in_force();
        let mut tx = self.store.begin_read(self.community).await?;
        let (community, last_number) = (tx.community().await?, tx.last_number(asked.device).await?);
        drop(tx);
        let is_empty = asked.cursor.as_ref().is_some_and(|cursor| cursor.scope.is_empty());
        if is_empty && is_idle {
            self.note_one(By::of(who, asked.device), What::DeviceEmptied, "", 1).await?;
            self.store.emptied(self.community, asked.device, self.now()).await?;
        }
        let mut revoked: BTreeSet<Bucket> = asked.cursor.iter().flat_map(|cursor| buckets(&cursor.scope)).collect();
        if !is_empty {
            revoked.extend(pack.kinds.keys().map(|kind| Bucket::of(&pack, kind)));
        }
        Ok(SyncResponse {
            receipts,
            records: Vec::new(),
            next: Cursor { epoch: community.epoch, seq: community.head, scope: String::new(), schema: SCHEMA },
            more: false,
            revoked: revoked.into_iter().collect(),
            device_revoked: true,
            blocks: None,
            sums: BTreeMap::new(),
            last_number,
            now: self.now(),
            behind: self.behind(),
            pack: pack.version,
            pack_print: print.to_string(),
        })
    }
}

fn told(row: DeviceRow) -> Device {
    Device {
        id: row.id,
        name: row.name,
        account: row.account,
        seen_at: row.seen_at,
        is_signed_in: row.is_signed_in,
        last_number: row.last_number,
        buckets: buckets(&row.held).into_iter().collect(),
        revoked_at: row.revoked_at,
        emptied_at: row.emptied_at,
    }
}
