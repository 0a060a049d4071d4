//! Putting a password on the store, and another in its place.

use std::collections::BTreeMap;

use super::{
    Batch, Store, StoreError,
    batch::{Lock, Step},
    here::key,
    seal::{Key, Ring},
    shelf::Area,
    vault::{Recovery, Stretched, Tries, Vault},
};
use crate::passkey::Secret;

impl Store {
    /// From now on the store is this account's, and opens to this password and to the office's recovery key. What lies in
    /// it open is sealed in the same transaction; what was sealed stays as it is, under the same key.
    ///
    /// # Errors
    /// The shelf's; then nothing has changed.
    pub async fn protect(&self, account: &str, password: &Stretched, recovery: &Recovery) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let known = self.ring.borrow().own().cloned();
        let own = known.clone().unwrap_or_else(Key::random);
        let mut batch = Batch::strict();
        let former = if known.is_some() { self.vault().await? } else { None };
        batch.document(key::VAULT, &Vault::new(&own, account, password, recovery).as_before(former));
        batch.document(key::TRIES, &Tries::default());
        if known.is_some() {
            return self.commit(batch, |_| ()).await;
        }
        self.reseal(&mut batch).await?;
        let mut ring = Ring::new(Some(own));
        self.shelf.write(ring.seal(batch)).await?;
        ring.saved();
        *self.ring.borrow_mut() = ring;
        Ok(())
    }

    /// What opens it.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn vault(&self) -> Result<Option<Vault>, StoreError> {
        Vault::find(&*self.shelf).await
    }

    /// From now on it opens to this passkey too (its id, salt and secret), or to none.
    ///
    /// # Errors
    /// The shelf's; then nothing has changed.
    pub async fn set_passkey(&self, passkey: Option<(Vec<u8>, Secret, Secret)>) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let own = self.ring.borrow().own().cloned();
        let Some((own, vault)) = own.zip(self.vault().await?) else { return Err(StoreError::Locked) };
        let mut batch = Batch::strict();
        batch.document(key::VAULT, &vault.with_passkey(&own, passkey));
        self.commit(batch, |_| ()).await
    }

    /// Whether it opens to a password.
    pub fn is_protected(&self) -> bool {
        self.ring.borrow().own().is_some()
    }

    /// Adds all that lies in the store to the batch. What cannot be read is left where it is.
    async fn reseal(&self, batch: &mut Batch) -> Result<(), StoreError> {
        let (here, staged) = (self.here(), self.staged());
        let used = here.blocks.iter().map(|held| (held.key.as_str(), held.bucket.kind()));
        let fetched = staged
            .iter()
            .flat_map(|staged| &staged.manifest.blocks)
            .map(|block| (block.id.0.as_str(), block.bucket.kind()));
        let kinds: BTreeMap<&str, &str> = used.chain(fetched).collect();
        for area in Area::ALL {
            for (name, bytes) in self.shelf.all(area).await? {
                if area == Area::Meta && key::OPEN.contains(&name.as_str()) {
                    continue;
                }
                let Ok(bytes) = Ring::default().open(area, &name, bytes) else { continue };
                let lock = match kinds.get(name.as_str()).filter(|_| area == Area::Blocks) {
                    Some(kind) => Lock::Kind((*kind).to_owned()),
                    None => Lock::Own,
                };
                batch.steps.push(Step::Put(area, name, lock, bytes));
            }
        }
        Ok(())
    }
}
