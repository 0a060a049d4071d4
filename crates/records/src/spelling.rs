//! Chinese names by their pinyin, as people type it: whole syllables, initials, or some of each, with every reading of a
//! character (曾 ceng and zeng, 单 dan and shan), as it is said in the south, and with one slip of the finger.

use std::sync::LazyLock;

/// The syllables there are, by number from 1: toneless, `v` for ü.
const SYLLABLES: &[&str] = include!(concat!(env!("OUT_DIR"), "/syllables.rs"));
/// For each character from [`FIRST`] on, the number of its usual syllable; 0 for none.
const USUAL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/spelled.bin"));
/// Further readings: the character, the syllable; sorted.
const TOO: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/spelled_too.bin"));
const FIRST: u32 = 0x4e00;
/// [`SYLLABLES`] as the south says them.
static LOOSE: LazyLock<Vec<String>> = LazyLock::new(|| SYLLABLES.iter().map(|syllable| loosened(syllable)).collect());
/// Letters from which on slips are forgiven: fewer say too little.
const FORGIVEN: usize = 4;

/// How well letters fit a name, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// From its first character on, each read as usual.
    Start,
    /// From a later one.
    Inside,
    /// By a less usual reading of some character.
    Rare,
    /// When zh is z, ch c, sh s, ng n and l n.
    Loose,
    /// With one letter missing, too many, wrong or swapped.
    Slip,
}

/// The readings of a character, the usual one first; none for what is not Chinese or rare.
pub fn readings(c: char) -> impl Iterator<Item = &'static str> {
    sounds(c).map(|sound| SYLLABLES[sound])
}

/// The same as places in [`SYLLABLES`].
fn sounds(c: char) -> impl Iterator<Item = usize> {
    let at = (c as u32).checked_sub(FIRST).and_then(|at| u16::try_from(at).ok());
    let usual = at.and_then(|at| pair(USUAL, usize::from(at)));
    let too = at.into_iter().flat_map(|at| {
        let entries = TOO.len() / 4;
        let (mut low, mut high) = (0, entries);
        while low < high {
            let middle = low.midpoint(high);
            if pair(TOO, 2 * middle) < Some(at) { low = middle + 1 } else { high = middle }
        }
        (low..entries)
            .take_while(move |entry| pair(TOO, 2 * entry) == Some(at))
            .filter_map(|entry| pair(TOO, 2 * entry + 1))
    });
    let sounds = usual.into_iter().chain(too).filter_map(|number| usize::from(number).checked_sub(1));
    sounds.filter(|sound| *sound < SYLLABLES.len())
}

fn pair(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(2 * at..2 * at + 2)?.try_into().ok()?))
}

/// Letters as they are typed, made ready to be held against many names.
#[derive(Clone, Debug)]
pub struct Letters<'t> {
    typed: &'t str,
    /// Those there are, a bit each.
    mask: u32,
    loose: String,
}

impl<'t> Letters<'t> {
    /// `None` unless all are small Latin letters, and there are any.
    pub fn new(typed: &'t str) -> Option<Self> {
        let is_plain = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_lowercase());
        is_plain.then(|| Self { typed, mask: mask(typed), loose: loosened(typed) })
    }
}

/// Text in Chinese that is found by its pinyin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelled {
    text: String,
    /// The letters of all its readings, a bit each: most names are told apart by these alone.
    letters: u32,
    /// Its usual syllables one after the other; a space for what has none.
    usual: String,
    /// Where each Chinese character's begins.
    starts: Vec<usize>,
}

impl Spelled {
    /// A text; `None` when nothing in it is Chinese.
    pub fn new(text: &str) -> Option<Self> {
        let letters = text.chars().flat_map(readings).map(mask).reduce(|all, letters| all | letters)?;
        let (mut usual, mut starts) = (String::new(), Vec::new());
        for c in text.chars() {
            let syllable = readings(c).next();
            starts.extend(syllable.map(|_| usual.len()));
            usual.push_str(syllable.unwrap_or(" "));
        }
        Some(Self { text: text.to_owned(), letters, usual, starts })
    }

    /// Whether letters spell it or a part of it: each character takes its whole syllable or the beginning of it.
    pub fn fits(&self, letters: &Letters<'_>) -> Option<Fit> {
        if letters.mask & !self.letters != 0 {
            return None;
        }
        let usual = |at: &usize| spells(&self.text[*at..], letters.typed, Way::Usual);
        match self.places().find(usual) {
            Some(0) => Some(Fit::Start),
            Some(_) => Some(Fit::Inside),
            None => self.places().any(|at| spells(&self.text[at..], letters.typed, Way::Any)).then_some(Fit::Rare),
        }
    }

    /// The same for letters that do not fit as they are.
    pub fn nearly_fits(&self, letters: &Letters<'_>) -> Option<Fit> {
        if letters.typed.len() < FORGIVEN {
            return None;
        }
        let strange = loose_mask(letters.mask) & !loose_mask(self.letters);
        if strange == 0 && self.places().any(|at| spells(&self.text[at..], &letters.loose, Way::Loose)) {
            return Some(Fit::Loose);
        }
        let typed = letters.typed.as_bytes();
        let is_slip = |at: &usize| {
            let whole = self.usual[*at..].split(' ').next().unwrap_or_default().as_bytes();
            // While one types, the name goes on: as much of it as there are letters, give or take one.
            let ends = typed.len().saturating_sub(1)..=(typed.len() + 1).min(whole.len());
            ends.into_iter().any(|end| is_one_slip(&whole[..end], typed))
        };
        (strange.count_ones() <= 1 && self.starts.iter().any(is_slip)).then_some(Fit::Slip)
    }

    /// Where its characters begin.
    fn places(&self) -> impl Iterator<Item = usize> {
        self.text.char_indices().filter(|(_, c)| *c as u32 >= FIRST).map(|(at, _)| at)
    }
}

/// A bit for each of the letters.
fn mask(letters: &str) -> u32 {
    letters.bytes().filter(u8::is_ascii_lowercase).fold(0, |mask, letter| mask | 1 << (letter - b'a'))
}

/// With l as n.
fn loose_mask(mask: u32) -> u32 {
    let (l, n) = (1 << (b'l' - b'a'), 1 << (b'n' - b'a'));
    if mask & l == 0 { mask } else { mask & !l | n }
}

/// How characters may be read.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Usual,
    Any,
    Loose,
}

/// Whether the characters of `name`, one after another, take up all letters.
fn spells(name: &str, letters: &str, way: Way) -> bool {
    if letters.is_empty() {
        return true;
    }
    let Some(c) = name.chars().next() else { return false };
    let rest = &name[c.len_utf8()..];
    let takes = |reading: &str| {
        let common = reading.bytes().zip(letters.bytes()).take_while(|(a, b)| a == b).count();
        // The longest first; a shorter beginning leaves letters to the next character.
        (1..=common).rev().any(|taken| spells(rest, &letters[taken..], way))
    };
    match way {
        Way::Usual => readings(c).next().is_some_and(takes),
        Way::Any => readings(c).any(takes),
        Way::Loose => sounds(c).any(|sound| takes(&LOOSE[sound])),
    }
}

/// As the south says it.
fn loosened(letters: &str) -> String {
    let plain = letters.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace("ng", "n");
    plain.replace('l', "n")
}

/// Whether one letter added, left out, changed or swapped with its neighbour makes one of the other.
fn is_one_slip(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..], &b[start..]);
    match (a, b) {
        ([], [_]) | ([_], []) => true,
        ([x, rest_a @ ..], [y, rest_b @ ..]) => {
            let is_swap = matches!((rest_a, rest_b), ([p, more_a @ ..], [q, more_b @ ..]) if p == y && q == x && more_a == more_b);
            rest_a == rest_b || rest_a == b || a == rest_b || is_swap
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use pinyin::ToPinyinMulti as _;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_character_has_the_readings_that_the_library_knows() {
        let mut several = 0;
        for c in '\u{4e00}'..='\u{9fff}' {
            let mut known: Vec<String> =
                c.to_pinyin_multi().into_iter().flatten().map(|r| r.plain().replace('ü', "v")).collect();
            let mut seen = Vec::new();
            known.retain(|reading| {
                !seen.contains(reading) && {
                    seen.push(reading.clone());
                    true
                }
            });
            assert_eq!(readings(c).collect::<Vec<_>>(), known, "{c}");
            several += usize::from(known.len() > 1);
        }
        assert!(several > 1000, "{several}");
        assert_eq!(readings('a').chain(readings('𠮷')).chain(readings('。')).count(), 0);
    }

    /// The best fit of any sort.
    fn fits(name: &str, letters: &str) -> Option<Fit> {
        let (spelled, letters) = (Spelled::new(name)?, Letters::new(letters)?);
        spelled.fits(&letters).or_else(|| spelled.nearly_fits(&letters))
    }

    #[test]
    fn names_are_found_by_syllables_by_initials_and_by_both() {
        for letters in ["wangxiuying", "wxy", "wangxy", "wxiuying", "wangx", "w", "wangxiuy"] {
            assert_eq!(fits("王秀英", letters), Some(Fit::Start), "{letters}");
        }
        assert_eq!(fits("王秀英", "xiuying"), Some(Fit::Inside));
        assert_eq!(fits("王秀英", "xy"), Some(Fit::Inside));
        assert_eq!(fits("王秀英", "wy"), None);
        assert_eq!(fits("王秀英", "li"), None);
        assert_eq!(fits("王秀英", ""), None);
    }

    #[test]
    fn surnames_are_found_by_each_of_their_readings() {
        for (surname, readings) in [
            ("曾", ["ceng", "zeng"]),
            ("单", ["dan", "shan"]),
            ("解", ["jie", "xie"]),
            ("仇", ["chou", "qiu"]),
            ("查", ["cha", "zha"]),
        ] {
            for reading in readings {
                let fit = fits(&format!("{surname}国强"), &format!("{reading}gq"));
                assert!(matches!(fit, Some(Fit::Start | Fit::Rare)), "{surname} {reading}: {fit:?}");
            }
        }
    }

    #[test]
    fn what_the_south_says_and_one_slip_come_after_what_fits() {
        assert_eq!(fits("张春生", "zangcunsen"), Some(Fit::Loose));
        assert_eq!(fits("刘兰英", "niulanyin"), Some(Fit::Loose));
        assert_eq!(fits("王秀英", "wamgxiuying"), Some(Fit::Slip));
        assert_eq!(fits("王秀英", "wangxuiying"), Some(Fit::Slip));
        assert_eq!(fits("王秀英", "wamg"), Some(Fit::Slip));
        assert_eq!(fits("王秀英", "wam"), None, "three letters say too little");
        assert_eq!(fits("王秀英", "lixiuying"), None);
        assert!(
            Fit::Start < Fit::Inside && Fit::Inside < Fit::Rare && Fit::Rare < Fit::Loose && Fit::Loose < Fit::Slip
        );
    }

    proptest! {
        #[test]
        fn any_readings_of_any_name_find_it(picks in proptest::collection::vec((0x4e00u32..0x9000, 0usize..4, 0usize..6), 1..5)) {
            let mut name = String::new();
            let mut letters = String::new();
            for (c, which, length) in picks {
                let c = char::from_u32(c).unwrap();
                let all: Vec<_> = readings(c).collect();
                let Some(reading) = all.get(which % all.len().max(1)) else { continue };
                name.push(c);
                letters += &reading[..(length + 1).min(reading.len())];
            }
            prop_assume!(!name.is_empty());
            prop_assert!(matches!(fits(&name, &letters), Some(Fit::Start | Fit::Inside | Fit::Rare)));
        }

        #[test]
        fn nothing_that_is_typed_stops_it(name in any::<String>(), letters in any::<String>()) {
            let _ = fits(&name, &letters);
        }
    }
}
