//! The byte border of the store: everything it keeps is sealed here, and comes back through here.
//!
//! XChaCha20-Poly1305, in Rust on every platform: it needs no secure context, its nonces may be drawn at random for ever,
//! and it never awaits, so no slip can end a browser's transaction. A value is bound to the place it lies in: put under
//! another key it does not open. Records are compressed before they come here; what is sealed does not compress.

use std::collections::{BTreeMap, BTreeSet};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Serialize};

use super::{
    StoreError,
    batch::{Batch, Lock, Step, json},
    here::key,
    shelf::{self, Area},
};
use crate::platform;

/// Bytes as they are.
const PLAIN: u8 = 1;
/// `SEALED`, eight bytes that name the key, a nonce, ciphertext and tag.
const SEALED: u8 = 2;
/// Bytes of a key's name.
const NAME: usize = 8;
/// Bytes of a nonce.
const NONCE: usize = 24;

/// Bytes ready to be kept; only this module makes them.
#[derive(Clone, Debug)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// The bytes that rest in the database.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A key of 256 bits. Says nothing of itself.
#[derive(Clone, Serialize, Deserialize)]
pub struct Key {
    name: [u8; NAME],
    secret: [u8; 32],
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// A key drawn at random.
    pub fn random() -> Self {
        let (mut name, mut secret) = ([0; NAME], [0; 32]);
        platform::random(&mut name);
        platform::random(&mut secret);
        Self { name, secret }
    }

    /// A key from bytes that nobody can guess.
    pub fn of(secret: [u8; 32]) -> Self {
        Self { name: [0; NAME], secret }
    }

    /// Seals bytes for a place.
    pub fn seal(&self, place: &str, bytes: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        platform::random(&mut nonce);
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), Payload { msg: bytes, aad: place.as_bytes() });
        // Fails only for more bytes than any memory holds.
        let sealed = sealed.unwrap_or_default();
        let mut all = Vec::with_capacity(1 + NAME + NONCE + sealed.len());
        all.push(SEALED);
        all.extend_from_slice(&self.name);
        all.extend_from_slice(&nonce);
        all.extend_from_slice(&sealed);
        all
    }

    /// What was sealed for a place with this key; `None` when it was not, or was changed since.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.get(1 + NAME..)?.split_first_chunk::<NONCE>()?;
        self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: place.as_bytes() }).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.secret.into())
    }
}

/// The keys that are in memory while the tablet is open. Without the person's own, values are kept as they are: until
/// someone has signed in there is nothing about anyone.
#[derive(Debug, Default)]
pub struct Ring {
    own: Option<Key>,
    kinds: BTreeMap<String, Key>,
    /// Keys of kinds that the shelf does not have as they are here.
    is_unsaved: bool,
}

impl Ring {
    /// With the person's own key; those of kinds come with [`Ring::take`].
    pub fn new(own: Option<Key>) -> Self {
        Self { own, ..Self::default() }
    }

    /// The person's own key.
    pub fn own(&self) -> Option<&Key> {
        self.own.as_ref()
    }

    /// Takes up the keys of kinds, as the shelf has them under [`key::KEYS`].
    pub fn take(&mut self, kinds: BTreeMap<String, Key>) {
        self.kinds = kinds;
    }

    /// Destroys the keys of some kinds; the shelf's copy goes with the next batch.
    pub fn forget<'k>(&mut self, kinds: impl IntoIterator<Item = &'k str>) {
        for kind in kinds {
            self.is_unsaved |= self.kinds.remove(kind).is_some();
        }
    }

    /// All kinds that have a key.
    pub fn kinds(&self) -> BTreeSet<String> {
        self.kinds.keys().cloned().collect()
    }

    /// A batch as the shelf may have it, with the keys it needs. [`Ring::saved`] when it was written.
    pub fn seal(&mut self, batch: Batch) -> shelf::Write {
        let Batch { mut steps, strict } = batch;
        if self.own.is_some() {
            for step in &steps {
                if let Step::Put(_, _, Lock::Kind(kind), _) = step
                    && !self.kinds.contains_key(kind)
                {
                    self.kinds.insert(kind.clone(), Key::random());
                    self.is_unsaved = true;
                }
            }
            if self.is_unsaved {
                steps.push(Step::Put(Area::Meta, key::KEYS.into(), Lock::Own, json(&self.kinds)));
            }
        }
        let steps = steps.into_iter().map(|step| match step {
            Step::Delete(area, key) => shelf::Step::Delete(area, key),
            Step::Clear(area, from, to) => shelf::Step::Clear(area, from, to),
            Step::Put(area, key, lock, bytes) => {
                let sealed = self.closed(&lock, &place(area, &key), &bytes);
                shelf::Step::Put(area, key, sealed)
            }
        });
        shelf::Write { steps: steps.collect(), strict }
    }

    /// The last batch is on the shelf.
    pub fn saved(&mut self) {
        self.is_unsaved = false;
    }

    /// The bytes that were kept under a key.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when the key that opens them is not here, [`StoreError::Newer`] for a form this program does
    /// not know, [`StoreError::Damaged`] for bytes that are not what was sealed.
    pub fn open(&self, area: Area, key: &str, mut bytes: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        match bytes.first() {
            Some(&PLAIN) => {
                bytes.remove(0);
                Ok(bytes)
            }
            Some(&SEALED) => {
                let name = bytes.get(1..=NAME).unwrap_or_default();
                let known = self.own.iter().chain(self.kinds.values()).find(|known| known.name == name);
                let damaged = || StoreError::Damaged(format!("{}: the seal is broken", area.name()));
                known.ok_or(StoreError::Locked)?.open(&place(area, key), &bytes).ok_or_else(damaged)
            }
            Some(_) => Err(StoreError::Newer),
            None => Err(StoreError::Damaged("an empty value".into())),
        }
    }

    /// Bytes sealed for a place with the person's own key; `None` without one.
    pub fn closed_own(&self, area: Area, key: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        self.own.as_ref().map(|own| own.seal(&place(area, key), bytes))
    }

    fn closed(&self, lock: &Lock, place: &str, bytes: &[u8]) -> Sealed {
        let known = match lock {
            Lock::Open => None,
            Lock::Own => self.own.as_ref(),
            Lock::Kind(kind) => self.kinds.get(kind),
        };
        match known {
            Some(known) => Sealed(known.seal(place, bytes)),
            None => Sealed([&[PLAIN], bytes].concat()),
        }
    }
}

fn place(area: Area, key: &str) -> String {
    format!("{}/{key}", area.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(ring: &mut Ring, lock: Lock) -> Vec<u8> {
        let batch = Batch { steps: vec![Step::Put(Area::Log, "1".into(), lock, b"secret".to_vec())], strict: true };
        let write = ring.seal(batch);
        let shelf::Step::Put(_, _, sealed) = &write.steps[0] else { panic!("a put") };
        sealed.bytes().to_vec()
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_and_nowhere_else() {
        let mut ring = Ring::new(Some(Key::random()));
        let bytes = kept(&mut ring, Lock::Own);
        assert!(!bytes.windows(6).any(|part| part == b"secret"));
        assert_eq!(ring.open(Area::Log, "1", bytes.clone()).unwrap(), b"secret");
        assert!(matches!(ring.open(Area::Log, "2", bytes.clone()), Err(StoreError::Damaged(_))));
        assert!(matches!(ring.open(Area::Drafts, "1", bytes.clone()), Err(StoreError::Damaged(_))));
        assert_eq!(Ring::new(Some(Key::random())).open(Area::Log, "1", bytes.clone()), Err(StoreError::Locked));
        assert_eq!(Ring::default().open(Area::Log, "1", bytes.clone()), Err(StoreError::Locked));
        for at in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[at] ^= 1;
            assert!(ring.open(Area::Log, "1", broken).is_err(), "a flipped bit at byte {at}");
        }
    }

    #[test]
    fn a_kind_that_is_forgotten_opens_no_longer() {
        let mut ring = Ring::new(Some(Key::random()));
        let bytes = kept(&mut ring, Lock::Kind("talk".into()));
        let other = kept(&mut ring, Lock::Kind("visit".into()));
        ring.saved();
        ring.forget(["talk"]);
        assert_eq!(ring.open(Area::Log, "1", bytes), Err(StoreError::Locked));
        assert!(ring.open(Area::Log, "1", other).is_ok());
        let write = ring.seal(Batch::relaxed());
        assert!(matches!(&write.steps[0], shelf::Step::Put(Area::Meta, name, _) if name == key::KEYS), "and the shelf");
    }

    #[test]
    fn a_form_of_a_newer_program_is_told_apart_from_damage() {
        let ring = Ring::default();
        assert!(matches!(ring.open(Area::Log, "1", vec![9, 1, 2]), Err(StoreError::Newer)));
        assert!(matches!(ring.open(Area::Log, "1", vec![]), Err(StoreError::Damaged(_))));
    }
}
