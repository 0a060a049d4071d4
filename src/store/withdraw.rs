//! What a tablet gives up: all but open records after too long without the office (the lease), everything when the office
//! has taken it out of use.

use std::collections::BTreeSet;

use records::{Class, Pack};
use sync::Bucket;

use super::{Batch, Filed, Here, Store, StoreError, here::key, shelf::Area};

/// How long a tablet keeps residents' records without having met the office: thirty days, as long as a session lives
/// without use. By the tablet's own clock; one that was put back makes it longer.
pub const LEASE: u64 = 30 * 24 * 3600 * 1000;
/// How often meeting the office is noted, in milliseconds.
const NOTED: u64 = 3600 * 1000;

impl Store {
    /// Notes that the office was met at `now`, milliseconds since 1970 UTC by the tablet's clock.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn meet(&self, now: u64) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        if self.mind.borrow().met.is_some_and(|met| now.abs_diff(met) < NOTED) {
            return Ok(());
        }
        let mut batch = Batch::relaxed();
        batch.document(key::MET, &now);
        self.commit(batch, |mind| mind.met = Some(now)).await
    }

    /// Whether the lease has run out at `now`. A store that never met the office holds nothing of it.
    pub fn is_lapsed(&self, now: u64) -> bool {
        self.mind.borrow().met.is_some_and(|met| now.saturating_sub(met) > LEASE)
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
