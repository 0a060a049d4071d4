//! Hashing of records' identities, which are random already: two multiplications instead of a keyed hash, for opening asks
//! it a million times.

use std::hash::{BuildHasherDefault, Hasher};

/// The state of a hash map over identities.
pub type ById = BuildHasherDefault<Fold>;

/// Folds eight bytes at a time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fold(u64);

impl Fold {
    fn fold(&mut self, word: u64) {
        let wide = u128::from(self.0 ^ word ^ 0x243f_6a88_85a3_08d3) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
        self.0 = (wide as u64) ^ ((wide >> 64) as u64);
    }
}

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.fold(u64::from_le_bytes(*word)));
        rest.iter().for_each(|byte| self.fold(u64::from(*byte)));
    }

    fn write_usize(&mut self, _: usize) {
        // The length of an identity, always the same.
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
