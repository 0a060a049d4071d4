//! Chance that can be repeated: the same seed throws the same dice on every machine. No floats, no clock, no thread.
//!
//! SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014): small, and good enough for
//! making up a community. Never to be used for secrets.

use std::ops::RangeInclusive;

use uuid::Uuid;

/// A stream of chance.
#[derive(Clone, Debug)]
pub struct Dice {
    seed: u64,
    state: u64,
}

impl Dice {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, state: mix(seed ^ 0x6c69_6e6c_6932_3030) }
    }

    /// A stream of its own for `topic`: what is drawn for one topic never shifts what another one draws.
    pub fn of(&self, topic: &str) -> Self {
        // FNV-1a, since the standard library's hash may change between releases.
        let hash =
            topic.bytes().fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
        Self::new(mix(self.seed ^ hash))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }

    /// A number of the range, both ends included.
    pub fn between(&mut self, range: RangeInclusive<i64>) -> i64 {
        let (low, high) = range.into_inner();
        low + self.below(usize::try_from(high - low + 1).unwrap_or(1)) as i64
    }

    /// True `per_mille` times out of a thousand.
    pub fn chance(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// One of a list.
    ///
    /// # Panics
    /// On an empty list: the lists are written in this folder.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// One of a list, each as often as its weight says.
    ///
    /// # Panics
    /// On an empty list.
    pub fn weighted<T: Copy>(&mut self, list: &[(T, u32)]) -> T {
        let total: usize = list.iter().map(|(_, weight)| *weight as usize).sum();
        let mut at = self.below(total);
        for (item, weight) in list {
            match at.checked_sub(*weight as usize) {
                Some(rest) => at = rest,
                None => return *item,
            }
        }
        list[0].0
    }

    /// Puts a list into another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }

    /// A version-7 UUID (RFC 9562) of a moment, in milliseconds since 1970 UTC.
    pub fn uuid(&mut self, millis: u64) -> Uuid {
        let (a, b) = (self.bits(), self.bits());
        let random = (u128::from(a) << 64 | u128::from(b)).to_be_bytes();
        uuid::Builder::from_unix_timestamp_millis(millis, random[..10].try_into().unwrap_or(&[0; 10])).into_uuid()
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_throws_the_same_and_another_seed_or_topic_does_not() {
        let throw = |mut dice: Dice| (0..8).map(|_| dice.bits()).collect::<Vec<_>>();
        assert_eq!(throw(Dice::new(7)), throw(Dice::new(7)));
        assert_ne!(throw(Dice::new(7)), throw(Dice::new(8)));
        assert_ne!(throw(Dice::new(7).of("people")), throw(Dice::new(7).of("aid")));
        let mut drawn = Dice::new(7);
        drawn.bits();
        assert_eq!(throw(drawn.of("people")), throw(Dice::new(7).of("people")), "drawing first changes nothing");
    }

    #[test]
    fn weights_and_bounds_are_kept() {
        let mut dice = Dice::new(1);
        let often = (0..10_000).filter(|_| dice.weighted(&[(true, 3), (false, 1)])).count();
        assert!((7_200..7_800).contains(&often), "{often}");
        assert!((0..1000).all(|_| (3..=5).contains(&dice.between(3..=5))));
        assert_eq!(dice.uuid(1_230_000_000_000).get_version_num(), 7);
    }
}
