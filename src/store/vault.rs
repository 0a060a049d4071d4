//! What opens the tablet: the person's own key, wrapped once with their password, once with the recovery key that the
//! office says at sign-in, and where they want it with the tablet's own lock. None of these is kept. A forgotten password loses nothing: who signs in at the office opens the
//! tablet with the recovery key, and wraps it with the new password.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use sync::block::BlockId;

use super::{
    Batch, Numbers, StoreError,
    here::{key, read},
    seal::{Key, Ring},
    shelf::{Area, Shelf},
};
use crate::{passkey::Secret, platform};

/// Where a wrapped key belongs, so that neither is taken for the other.
const BY_PASSWORD: &str = "vault/password";
const BY_RECOVERY: &str = "vault/recovery";
const BY_PASSKEY: &str = "vault/passkey";
/// Tries without a pause, and the longest pause, in milliseconds.
const FREE: u32 = 5;
const LONGEST_PAUSE: u64 = 5 * 60 * 1000;

/// The wrapped key. It lies open on the shelf.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vault {
    /// A salted hash of the account's name.
    of: String,
    salt: [u8; 16],
    /// Argon2id's memory (KiB), passes and lanes, kept so that they can be raised.
    cost: (u32, u32, u32),
    by_password: Vec<u8>,
    by_recovery: Vec<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_passkey: Option<Passkey>,
}

/// The key wrapped once more, with what the tablet's own lock gives for a salt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Passkey {
    id: Vec<u8>,
    salt: Secret,
    wrapped: Vec<u8>,
}

/// Argon2id as OWASP's password storage sheet has it, with more memory: 32 MiB, two passes. What a tablet does in half a
/// second.
const COST: (u32, u32, u32) = (32 * 1024, 2, 1);

/// A recovery key as the office says it.
pub type Recovery = [u8; 32];

/// A password stretched for a vault that is to be made.
pub struct Stretched {
    salt: [u8; 16],
    key: Option<Key>,
}

impl Stretched {
    /// Slow on purpose.
    pub fn of(password: &str) -> Self {
        let mut salt = [0; 16];
        platform::random(&mut salt);
        Self { salt, key: stretched(password, &salt, COST) }
    }
}

impl Vault {
    /// Wraps an account's key.
    pub fn new(own: &Key, account: &str, password: &Stretched, recovery: &Recovery) -> Self {
        let Stretched { salt, key } = password;
        let salt = *salt;
        let own = serde_json::to_vec(own).unwrap_or_default();
        let by_password = key.as_ref().map(|key| key.seal(BY_PASSWORD, &own)).unwrap_or_default();
        Self {
            of: tag(&salt, account),
            salt,
            cost: COST,
            by_password,
            by_recovery: Key::of(*recovery).seal(BY_RECOVERY, &own),
            by_passkey: None,
        }
    }

    /// The same, opening also to a passkey: its id, the salt it is asked with, and what it gives. `None` for no longer.
    pub fn with_passkey(self, own: &Key, passkey: Option<(Vec<u8>, Secret, Secret)>) -> Self {
        let own = serde_json::to_vec(own).unwrap_or_default();
        let wrap = |(id, salt, secret): (Vec<u8>, Secret, Secret)| {
            // The secret is as good as random, and used for nothing else: it is a key as it stands.
            Passkey { id, salt, wrapped: Key::of(secret).seal(BY_PASSKEY, &own) }
        };
        Self { by_passkey: passkey.map(wrap), ..self }
    }

    /// The same, opening to the passkey that `former` opens to: of the same key.
    pub fn as_before(self, former: Option<Self>) -> Self {
        Self { by_passkey: former.and_then(|former| former.by_passkey), ..self }
    }

    /// The passkey's id, and the salt it is asked with.
    pub fn passkey(&self) -> Option<(&[u8], &Secret)> {
        self.by_passkey.as_ref().map(|passkey| (&*passkey.id, &passkey.salt))
    }

    /// The key, if this is what its passkey gives.
    pub fn open_by_passkey(&self, secret: &Secret) -> Option<Key> {
        let wrapped = &self.by_passkey.as_ref()?.wrapped;
        serde_json::from_slice(&Key::of(*secret).open(BY_PASSKEY, wrapped)?).ok()
    }

    /// Whether it is this account's.
    pub fn is_of(&self, account: &str) -> bool {
        tag(&self.salt, account) == self.of
    }

    /// The key, if the password is right. Slow on purpose.
    pub fn open(&self, password: &str) -> Option<Key> {
        let own = stretched(password, &self.salt, self.cost)?.open(BY_PASSWORD, &self.by_password)?;
        serde_json::from_slice(&own).ok()
    }

    /// The key, if the office's recovery key is the one it was wrapped with.
    pub fn recover(&self, recovery: &Recovery) -> Option<Key> {
        serde_json::from_slice(&Key::of(*recovery).open(BY_RECOVERY, &self.by_recovery)?).ok()
    }

    /// The key as the office can unwrap it.
    pub fn for_office(&self) -> &[u8] {
        &self.by_recovery
    }

    /// The vault of a shelf; `None` where nobody has signed in yet.
    ///
    /// # Errors
    /// The shelf's, or bytes that are none.
    pub async fn find(shelf: &dyn Shelf) -> Result<Option<Self>, StoreError> {
        document(shelf, key::VAULT).await
    }
}

fn tag(salt: &[u8], account: &str) -> String {
    BlockId::of(&[salt, account.as_bytes()].concat()).0
}

fn stretched(password: &str, salt: &[u8], (memory, passes, lanes): (u32, u32, u32)) -> Option<Key> {
    let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
    let mut key = [0; 32];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(password.as_bytes(), salt, &mut key).ok()?;
    Some(Key::of(key))
}

/// A recovery key out of 64 hexadecimal digits.
pub fn recovery(digits: &str) -> Option<Recovery> {
    let mut key = [0; 32];
    let whole = digits.len() == 64 && digits.is_ascii();
    for (at, byte) in key.iter_mut().enumerate().filter(|_| whole) {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
    }
    whole.then_some(key)
}

/// Wrong passwords said in a row: they cost time, never work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// How many.
    pub count: u32,
    /// No further one before, milliseconds since 1970 UTC by the tablet's clock.
    pub not_before: u64,
}

impl Tries {
    /// Those of a shelf.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn of(shelf: &dyn Shelf) -> Result<Self, StoreError> {
        Ok(document(shelf, key::TRIES).await?.unwrap_or_default())
    }

    /// Keeps them, as surely as what a person writes.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn keep(self, shelf: &dyn Shelf) -> Result<(), StoreError> {
        let mut batch = Batch::strict();
        batch.document(key::TRIES, &self);
        shelf.write(Ring::default().seal(batch)).await
    }

    /// With one more, at `now`: from the sixth on each doubles the pause, up to five minutes.
    pub fn more(self, now: u64) -> Self {
        let count = self.count.saturating_add(1);
        let pause = if count > FREE { (1000 << (count - FREE).min(20)).min(LONGEST_PAUSE) } else { 0 };
        Self { count, not_before: now + pause }
    }

    /// Milliseconds to wait at `now`; a clock that was put back does not make it longer than the longest pause.
    pub fn pause(self, now: u64) -> u64 {
        self.not_before.saturating_sub(now).min(LONGEST_PAUSE)
    }
}

impl Numbers {
    /// Those of a shelf, locked or not.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn of(shelf: &dyn Shelf) -> Result<Option<Self>, StoreError> {
        document(shelf, key::NUMBERS).await
    }
}

async fn document<T: serde::de::DeserializeOwned>(shelf: &dyn Shelf, name: &str) -> Result<Option<T>, StoreError> {
    let found = shelf.some(Area::Meta, vec![name.into()]).await?.pop().flatten();
    let Some(bytes) = found else { return Ok(None) };
    read(name, &Ring::default().open(Area::Meta, name, bytes)?).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_opens_to_its_password_and_to_the_offices_key_and_to_nothing_else() {
        let own = Key::random();
        let vault = Vault::new(&own, "li", &Stretched::of("小河流水-28"), &[7; 32]);
        assert!(vault.is_of("li") && !vault.is_of("wang"));
        let text = own.seal("log/1", b"x");
        for opened in [vault.open("小河流水-28"), vault.recover(&[7; 32])] {
            assert_eq!(opened.unwrap().open("log/1", &text).unwrap(), b"x");
        }
        assert!(vault.open("小河流水-29").is_none() && vault.recover(&[8; 32]).is_none());
        let kept = serde_json::to_string(&vault).unwrap();
        let again: Vault = serde_json::from_str(&kept).unwrap();
        assert_eq!(again, vault);
        assert!(again.open("小河流水-28").is_some());
    }

    #[test]
    fn a_passkey_opens_it_too_until_it_is_taken_off() {
        let own = Key::random();
        let vault = Vault::new(&own, "li", &Stretched::of("小河流水-28"), &[7; 32]);
        assert!(vault.passkey().is_none() && vault.open_by_passkey(&[5; 32]).is_none());
        let vault = vault.with_passkey(&own, Some((vec![1, 2], [3; 32], [5; 32])));
        assert_eq!(vault.passkey(), Some((&[1, 2][..], &[3; 32])));
        let text = own.seal("log/1", b"x");
        assert_eq!(vault.open_by_passkey(&[5; 32]).unwrap().open("log/1", &text).unwrap(), b"x");
        assert!(vault.open_by_passkey(&[6; 32]).is_none(), "another device's lock");
        assert!(vault.open("小河流水-28").is_some(), "the password still does");
        let renewed = Vault::new(&own, "li", &Stretched::of("另一个密码"), &[7; 32]).as_before(Some(vault));
        assert!(renewed.open_by_passkey(&[5; 32]).is_some());
        assert!(renewed.with_passkey(&own, None).open_by_passkey(&[5; 32]).is_none());
    }

    #[test]
    fn the_offices_key_is_read_from_its_digits() {
        assert_eq!(recovery(&"0f".repeat(32)), Some([15; 32]));
        for wrong in ["", "0f", &"0g".repeat(32), &"é".repeat(32)] {
            assert_eq!(recovery(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn wrong_passwords_slow_down_and_never_lock_out() {
        let mut tries = Tries::default();
        for _ in 0..5 {
            tries = tries.more(1_000_000);
            assert_eq!(tries.pause(1_000_000), 0);
        }
        let pauses: Vec<u64> = (0..10)
            .map(|_| {
                tries = tries.more(1_000_000);
                tries.pause(1_000_000) / 1000
            })
            .collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(tries.pause(0), 300_000, "a clock put back does not wait for years");
    }
}
