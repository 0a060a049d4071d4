//! What a tablet gives up: all but open records after too long without the office (the lease), everything when the office
//! has taken it out of use.

use std::collections::BTreeSet;

use records::{Class, Pack};
use serde::{Deserialize, Serialize};
use sync::{
    Bucket,
    contact::{Contact, DAY},
};

use super::{Batch, Filed, Here, Store, StoreError, here::key, shelf::Area};

/// How long a tablet keeps residents' records without having met the office: thirty days, as long as a session lives
/// without use.
pub const LEASE: u64 = 30 * DAY;
/// On so many days the tablet must have been opened after that until it is believed, unless it was opened on the way there:
/// one reading of a clock that was put wrong, or lost its battery, takes nothing from anyone.
pub const BELIEVED: usize = 3;
/// How often meeting the office and being used is noted, in milliseconds, while the clocks stay as they are.
const NOTED: u64 = 3600 * 1000;

/// What both clocks may drift apart until it is noted.
const SLACK: u64 = 60 * 1000;

/// The last contact with the office, and what has been since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    contact: Contact,
    /// It was opened in the second half of the lease.
    #[serde(default)]
    midway: bool,
    /// Days, by number, on which the tablet was opened with the lease run out.
    #[serde(default)]
    late: BTreeSet<u64>,
}

impl Met {
    fn age(&self, reading: u64) -> u64 {
        self.contact.now(reading).saturating_sub(self.contact.office)
    }
}

impl Store {
    /// Both clocks when the office was last met.
    pub fn contact(&self) -> Option<Contact> {
        self.mind.borrow().met.as_ref().map(|met| met.contact)
    }

    /// Notes that the office was met.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn meet(&self, contact: Contact) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let is_as_before = |met: &Met| {
            let (office, device) = (contact.office.abs_diff(met.contact.office), contact.device);
            office < NOTED
                && !met.midway
                && met.late.is_empty()
                && met.contact.now(device).abs_diff(contact.office) < SLACK
        };
        if self.mind.borrow().met.as_ref().is_some_and(is_as_before) {
            return Ok(());
        }
        self.note(Met { contact, midway: false, late: BTreeSet::new() }).await
    }

    /// Notes that an office was met whose own clock is wrong: it tells nothing of the time but that the lease begins anew.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn meet_unsure(&self, reading: u64) -> Result<(), StoreError> {
        let now = self.contact().map_or(reading, |contact| contact.now(reading));
        self.meet(Contact::new(now, reading)).await
    }

    /// Notes that the tablet is used when its clock reads `reading`; `sure` when the person says that it is right.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn use_at(&self, reading: u64, sure: bool) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let Some(met) = self.mind.borrow().met.clone() else { return Ok(()) };
        if !sure && reading.saturating_sub(met.contact.used) < NOTED {
            return Ok(());
        }
        self.note(Met { contact: Contact { used: reading, ..met.contact }, ..met }).await
    }

    /// Notes that the tablet is opened when its clock reads `reading`, if that tells something of the lease.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn open_at(&self, reading: u64) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let Some(mut met) = self.mind.borrow().met.clone() else { return Ok(()) };
        let is_news = match met.age(reading) {
            age if age > LEASE => met.late.insert(met.contact.now(reading) / DAY),
            age => age > LEASE / 2 && !std::mem::replace(&mut met.midway, true),
        };
        if is_news { self.note(met).await } else { Ok(()) }
    }

    /// The caller holds the turn.
    async fn note(&self, met: Met) -> Result<(), StoreError> {
        let mut batch = Batch::relaxed();
        batch.document(key::MET, &met);
        self.commit(batch, |mind| mind.met = Some(met)).await
    }

    /// Whether the lease has run out when the tablet's clock reads `reading`, and that is to be believed. A store that never
    /// met the office holds nothing of it.
    pub fn is_lapsed(&self, reading: u64) -> bool {
        let mind = self.mind.borrow();
        let is_believed = |met: &Met| met.midway || met.late.len() >= BELIEVED;
        mind.met.as_ref().is_some_and(|met| met.age(reading) > LEASE && is_believed(met))
    }

    /// Destroys the records that are not open, their keys first of all, and the copies of settled work. What waits, what was
    /// refused and drafts stay; the office gives the records again at the next contact.
    ///
    /// # Errors
    /// The shelf's; then nothing is destroyed.
    pub async fn put_away(&self, pack: &Pack) -> Result<(), StoreError> {
        let settled = self.shelf.keys(Area::Settled).await?;
        let _turn = self.turn.lock().await;
        let is_open = |bucket: &Bucket| pack.kind(bucket.kind()).is_some_and(|kind| kind.class == Class::Open);
        let old = self.here();
        let kept: Vec<_> = old.blocks.iter().filter(|held| is_open(&held.bucket)).cloned().collect();
        let cursor = old.cursor.clone().map(|mut cursor| {
            let scope: BTreeSet<&str> =
                cursor.scope.split(' ').filter(|name| is_open(&Bucket((*name).to_owned()))).collect();
            cursor.scope = scope.into_iter().collect::<Vec<_>>().join(" ");
            cursor
        });
        let new = Here { cursor, blocks: kept };
        let gone = self.ring.borrow().kinds().into_iter().filter(|kind| !is_open(&Bucket(format!("/{kind}"))));
        let gone: Vec<String> = gone.collect();
        self.ring.borrow_mut().forget(gone.iter().map(String::as_str));
        let mut batch = Batch::strict();
        batch.switch(&old, &new);
        batch.delete(Area::Meta, key::STAGED);
        settled.into_iter().for_each(|key| batch.delete(Area::Settled, key));
        // What the office has too; what only lies here is brought to it first.
        let sent = |filed: &Filed| filed.sent.is_some();
        self.files().iter().filter(|filed| sent(filed)).for_each(|filed| batch.unfile(filed));
        self.commit(batch, |mind| {
            (mind.here, mind.staged) = (new, None);
            mind.files.retain(|_, filed| !sent(filed));
        })
        .await
    }
}
