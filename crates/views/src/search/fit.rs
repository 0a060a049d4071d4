//! Whether an entry has what a query asks for, and how well.

use records::spelling::{Fit, Letters, Spelled};

use super::{
    Entry, Index,
    phrase::{Ask, Part, Word},
    place,
};

/// A word of a query: fitted as it is written, or part by part.
pub struct Want<'q> {
    whole: Option<Term<'q>>,
    parts: Vec<(&'q Part, Term<'q>)>,
}

/// Characters of a query, held against every Chinese word before entries are looked at.
struct Term<'q> {
    written: &'q str,
    pairs: u128,
    is_letters: bool,
    /// Starts with a number that nothing may lengthen: 3幢 is not in 13幢.
    is_number: bool,
    /// Whether each fits; nothing when the term has no letters.
    fits: Vec<Option<Fit>>,
}

/// How well an entry fits: how the worst of the numbers does, how the worst of the words does, and where the first word stands.
pub type Rank = (u8, Option<Fit>, usize);

impl Index {
    /// With `forgiving`, letters that nearly fit do.
    pub fn wants<'q>(&self, words: &'q [Word], forgiving: bool) -> Vec<Want<'q>> {
        let want = |word: &'q Word| Want {
            whole: (word.parts.len() > 1).then(|| self.term(&word.said, forgiving)),
            parts: word.parts.iter().map(|part| (part, self.term(&part.said, forgiving))).collect(),
        };
        words.iter().map(want).collect()
    }

    fn term<'q>(&self, written: &'q str, forgiving: bool) -> Term<'q> {
        let fits = Letters::new(written).map_or_else(Vec::new, |letters| {
            let fit = |name: &Spelled| name.fits(&letters).or_else(|| name.nearly_fits(&letters).filter(|_| forgiving));
            self.spelled.iter().map(fit).collect()
        });
        let is_letters = written.bytes().all(|b| b.is_ascii_alphabetic());
        let is_number = written.starts_with(|c: char| c.is_ascii_digit());
        Term { written, pairs: pairs(written), is_letters, is_number, fits }
    }

    /// How well an entry has all that is wanted; `None` when it lacks something.
    pub fn rank(&self, entry: &Entry, wants: &[Want<'_>]) -> Option<Rank> {
        let mut rank = Gathered::default();
        for want in wants {
            if let Some(at) = want.whole.as_ref().and_then(|whole| entry.holds(whole)) {
                rank.take(want.fits_whole(at));
                continue;
            }
            for (part, term) in &want.parts {
                rank.take(self.fits(entry, part, term)?);
            }
        }
        Some(rank.told(self, entry))
    }

    /// The one part that an entry lacks, and how well it has the others.
    pub fn rank_but_one(&self, entry: &Entry, wants: &[Want<'_>]) -> Option<(usize, Rank)> {
        let (mut rank, mut lacks, mut number) = (Gathered::default(), None, 0);
        for want in wants {
            if let Some(at) = want.whole.as_ref().and_then(|whole| entry.holds(whole)) {
                rank.take(want.fits_whole(at));
                number += want.parts.len();
                continue;
            }
            for (part, term) in &want.parts {
                match self.fits(entry, part, term) {
                    Some(fit) => rank.take(fit),
                    None if lacks.is_some() => return None,
                    None => lacks = Some(number),
                }
                number += 1;
            }
        }
        Some((lacks?, rank.told(self, entry)))
    }

    /// How an entry has a part; `None` when it does not.
    fn fits(&self, entry: &Entry, part: &Part, term: &Term<'_>) -> Option<Found> {
        let place = entry.place.map(|at| &self.places[at]);
        match &part.ask {
            Ask::Text(_) => entry.fits(term).map(|(fit, at)| Found::Word(fit, at)),
            Ask::Age(from, to) => place::years(entry.age?, *from, *to).map(Found::Number),
            Ask::Number(digits) => place
                .and_then(|place| place.fits(&part.ask))
                .into_iter()
                .chain(place::digits(&entry.words, digits))
                .min()
                .map(Found::Number),
            Ask::Dashed(segments) => place.and_then(|place| place.fits(&part.ask)).map(Found::Number).or_else(|| {
                // A telephone written with dashes.
                place::digits(&entry.words, &segments.concat()).map(Found::Number)
            }),
            ask => place
                .and_then(|place| place.fits(ask))
                .or_else(|| entry.holds(term).map(|_| place::ELSEWHERE))
                .map(Found::Number),
        }
    }
}

/// How an entry has a part of a query.
enum Found {
    /// As a number, the best is 0.
    Number(u8),
    /// As a word: as it is written or by its pinyin, and where.
    Word(Option<Fit>, usize),
}

/// What was found of a query so far.
#[derive(Default)]
struct Gathered {
    number: u8,
    word: Option<Fit>,
    at: Option<usize>,
}

impl Gathered {
    fn take(&mut self, found: Found) {
        match found {
            Found::Number(grade) => self.number = self.number.max(grade),
            Found::Word(fit, at) => {
                self.word = self.word.max(fit);
                self.at = self.at.or(Some(at));
            }
        }
    }

    /// A door comes before who lives behind it, when only numbers are asked for.
    fn told(self, index: &Index, entry: &Entry) -> Rank {
        let of_place = || {
            let is_flat = entry.place.is_some_and(|at| !index.places[at].flat.is_empty());
            let is_spine = entry.place.is_some() && entry.home.is_none_or(|(home, _)| home == entry.id);
            if is_spine { usize::from(is_flat) } else { 2 }
        };
        (self.number, self.word, self.at.unwrap_or_else(of_place))
    }
}

impl Want<'_> {
    /// A word that stands as it is written.
    fn fits_whole(&self, at: usize) -> Found {
        let has_text = self.parts.iter().any(|(part, _)| matches!(part.ask, Ask::Text(_)));
        if has_text { Found::Word(None, at) } else { Found::Number(0) }
    }
}

impl Entry {
    /// As it is written comes before as it is spelled, but not letters from the middle of a word.
    fn fits(&self, term: &Term<'_>) -> Option<(Option<Fit>, usize)> {
        if let Some(at) = self.holds(term) {
            return Some((None, at));
        }
        if term.fits.is_empty() {
            return None;
        }
        // The name stands before the labels.
        let fit = |(at, word): (usize, &usize)| Some((term.fits.get(*word).copied().flatten()?, at));
        let spelled = self.spelled.iter().enumerate().filter_map(fit).min();
        spelled.map(|(fit, at)| (Some(fit), at))
    }

    /// Where a term stands as it is written.
    fn holds(&self, term: &Term<'_>) -> Option<usize> {
        if term.pairs & !self.pairs != 0 {
            return None;
        }
        let goes_on = |at: usize| {
            let before = self.words[..at].chars().next_back();
            before.is_some_and(|c| match (term.is_letters, term.is_number) {
                (true, _) => c.is_ascii_alphabetic(),
                (_, true) => c.is_ascii_digit() || c == '-',
                _ => false,
            })
        };
        self.words.match_indices(term.written).map(|(at, _)| at).find(|at| !goes_on(*at))
    }
}

/// Each two characters that stand together, a bit for many such: a text in which bits of a word are missing does not hold it.
pub fn pairs(text: &str) -> u128 {
    let bit = |(a, b): (char, char)| 1 << ((a as u32).wrapping_mul(31).wrapping_add(b as u32) % 128);
    text.chars().zip(text.chars().skip(1)).fold(0, |all, pair| all | bit(pair))
}
