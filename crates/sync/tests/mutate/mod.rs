//! A stranger's bytes: real files with a few things changed, again and again, for as long as one likes. What reads them may
//! refuse them; it must not panic, hang, or fill the memory.
//!
//! A test run plays a fixed number of cases, the same ones on every machine. `LINLI_FUZZ=600 cargo test --release mutated` goes on for
//! so many seconds with cases nobody has seen, and keeps the one that failed beside the corpus, where every later run begins.

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Cases of a test run.
const CASES: u64 = 600;
/// A reader that takes longer for a file of some kilobytes hangs, for whoever waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// Numbers from a seed (SplitMix64): the same on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `most`, which is above 0.
    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }
}

/// Bytes that mean something to somebody.
const TOKENS: [&[u8]; 20] = [
    b"\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"-1",
    b"0",
    b"1e999",
    b"18446744073709551616",
    b"NaN",
    b"null",
    b"\"",
    b"'",
    b"<",
    b"&#0;",
    b"]]>",
    b"{",
    b"[[[[[[[[",
    b"\xed\xa0\x80",
    b"\xe2\x80\xae",
    b"\r\n",
    b"=cmd|' /C calc'!A0",
];

/// The bytes with one to six things changed.
pub fn changed(bytes: &[u8], others: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let end = at + dice.below((bytes.len() - at).min(64) + 1);
        match dice.below(8) {
            0 | 1 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            2 => drop(bytes.splice(at..at, TOKENS[dice.below(TOKENS.len())].iter().copied())),
            3 => drop(bytes.splice(at..end, TOKENS[dice.below(TOKENS.len())].iter().copied())),
            4 => drop(bytes.drain(at..end)),
            5 => {
                let piece = bytes[at..end].to_vec();
                let times = 1 + dice.below(40);
                bytes.splice(at..at, piece.iter().copied().cycle().take(piece.len() * times));
            }
            6 if !others.is_empty() => {
                let other = &others[dice.below(others.len())];
                let from = dice.below(other.len() + 1);
                let until = from + dice.below((other.len() - from).min(400) + 1);
                bytes.splice(at..end, other[from..until].iter().copied());
            }
            7 if dice.below(4) == 0 => bytes.truncate(at),
            _ => {}
        }
    }
    bytes
}

/// Has `read` look at the corpus, then at changed copies of it and of `seeds`.
///
/// # Panics
/// When `read` does, or takes too long; the case then lies in the folder.
pub fn play(
    corpus: &Path,
    mut seeds: Vec<Vec<u8>>,
    change: impl Fn(&[u8], &[Vec<u8>], &mut Dice) -> Vec<u8>,
    read: impl Fn(&[u8]),
) {
    let kept = fs::read_dir(corpus).into_iter().flatten().flatten();
    let mut kept: Vec<PathBuf> = kept.map(|entry| entry.path()).collect();
    kept.sort();
    seeds.extend(kept.iter().map(|path| fs::read(path).unwrap()));
    let look = |bytes: &[u8]| {
        let begin = Instant::now();
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| read(bytes)));
        if outcome.is_ok() && begin.elapsed() < PATIENCE {
            return;
        }
        let name = bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
        let path = corpus.join(format!("{name:016x}"));
        fs::create_dir_all(corpus).and_then(|()| fs::write(&path, bytes)).unwrap();
        panic!("{} bytes after {:?}: {}", bytes.len(), begin.elapsed(), path.display());
    };
    seeds.iter().for_each(|bytes| look(bytes));
    let seconds = std::env::var("LINLI_FUZZ").ok().and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    let first = match seconds {
        Some(_) => SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64,
        None => 0,
    };
    let begin = Instant::now();
    let goes_on = |case: u64| seconds.map_or(case < CASES, |seconds| begin.elapsed() < seconds);
    for case in (0..).take_while(|case| goes_on(*case)) {
        let mut dice = Dice::new(first.wrapping_add(case));
        let seed = dice.below(seeds.len());
        look(&change(&seeds[seed], &seeds, &mut dice));
    }
}
