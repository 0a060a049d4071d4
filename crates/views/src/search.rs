//! Finding people and doors as you type: by name, pinyin, flat, telephone or ID digits, label, in any order.

use std::collections::{HashMap, HashSet};

use records::{
    Context, FieldType, Kind, Lang, Pack, RecordId, Value,
    pack::{Doors, Nature},
    spelling::{Fit, Letters, Spelled},
    words,
};
use sync::{Record, book::Book};

use super::plain::plain;

/// All register entries with what they can be found by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    entries: Vec<Entry>,
    /// Their Chinese words, each once: a community has far more people than names and labels.
    spelled: Vec<Spelled>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// What it is found by, small letters, the most telling first.
    words: String,
    /// The [`pairs`] in them.
    pairs: u128,
    /// Of the words, those that are Chinese and found by their pinyin too: places in [`Index::spelled`].
    spelled: Vec<usize>,
    /// The household that it is, or that the person lives in, and its building.
    home: Option<(RecordId, Option<RecordId>)>,
}

/// A word of a query, held against every Chinese word before entries are looked at.
struct Term<'q> {
    written: &'q str,
    pairs: u128,
    is_letters: bool,
    fits: Vec<Option<Fit>>,
}

/// What lifts an entry above others that fit as well.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lift<'a> {
    /// People, households and others that are due.
    pub due: Option<&'a HashSet<RecordId>>,
    /// The building one is at.
    pub near: Option<RecordId>,
}

impl Lift<'_> {
    /// Small is high: near and due, near, due, neither.
    fn of(&self, entry: &Entry) -> u8 {
        let is_near = self.near.is_some() && entry.home.and_then(|(_, building)| building) == self.near;
        let is_due = |id: RecordId| self.due.is_some_and(|due| due.contains(&id));
        let waits = is_due(entry.id) || entry.home.is_some_and(|(home, _)| is_due(home));
        2 * u8::from(!is_near) + u8::from(!waits)
    }
}

impl Index {
    /// Reads the whole register once.
    pub fn new(pack: &Pack, book: &Book, context: &Context<'_>) -> Self {
        let doors = pack.screens.doors.as_ref();
        let homes = doors.map(|doors| addresses(pack, book, doors, context)).unwrap_or_default();
        let at = |id: RecordId| {
            let building = book.get(id)?.link(&doors?.household_building);
            Some((id, building))
        };
        let mut index = Self::default();
        let mut known: HashMap<String, Option<usize>> = HashMap::new();
        for kind in pack.kinds.values().filter(|kind| kind.nature == Nature::Register) {
            for record in book.of_kind(&kind.name).filter(|record| !record.is_void()) {
                let address = homes.get(&record.id);
                let mut words = address.cloned().unwrap_or_else(|| own_words(pack, kind, record));
                let own = words.split(' ').filter(|_| address.is_none());
                let spelled = own.filter_map(|word| {
                    *known.entry(word.to_owned()).or_insert_with(|| {
                        index.spelled.push(Spelled::new(word)?);
                        Some(index.spelled.len() - 1)
                    })
                });
                let spelled = spelled.collect();
                let lives: Option<RecordId> = doors
                    .filter(|doors| doors.person == kind.name)
                    .and_then(|doors| record.link(&doors.person_household));
                let is_home = doors.is_some_and(|doors| doors.household == kind.name);
                let home = lives.or(is_home.then_some(record.id)).and_then(at);
                if let Some(address) = lives.and_then(|id| homes.get(&id)) {
                    words.push(' ');
                    words.push_str(address);
                }
                let (id, kind, pairs) = (record.id, kind.name.clone(), pairs(&words));
                index.entries.push(Entry { id, kind, words, pairs, spelled, home });
            }
        }
        index
    }

    /// Entries with every word of the query, of one kind or of all, the best first; of those that fit alike, who is near and
    /// due.
    pub fn find(&self, query: &str, kind: Option<&str>, most: usize, lift: Lift<'_>) -> Vec<Entry> {
        let query = plain(query).to_lowercase();
        if query.trim().is_empty() || most == 0 {
            return Vec::new();
        }
        let of_kind = |entry: &&Entry| kind.is_none_or(|kind| kind == entry.kind);
        let ranked = |forgiving: bool| {
            let terms: Vec<Term<'_>> = query.split_whitespace().map(|word| self.term(word, forgiving)).collect();
            let fitting = self.entries.iter().filter(of_kind).filter_map(|entry| Some((entry.rank(&terms)?, entry)));
            fitting.map(|(rank, entry)| ((rank, lift.of(entry)), entry)).collect::<Vec<((Rank, u8), &Entry)>>()
        };
        let mut hits = ranked(false);
        if hits.len() < most {
            // What fits as it is comes first again.
            hits = ranked(true);
        }
        let order = |a: &((Rank, u8), &Entry), b: &((Rank, u8), &Entry)| (a.0, &a.1.words).cmp(&(b.0, &b.1.words));
        if hits.len() > most {
            hits.select_nth_unstable_by(most - 1, order);
            hits.truncate(most);
        }
        hits.sort_by(order);
        hits.into_iter().map(|(_, entry)| entry.clone()).collect()
    }

    /// With `forgiving`, words that nearly fit do.
    fn term<'q>(&self, written: &'q str, forgiving: bool) -> Term<'q> {
        let letters = Letters::new(written);
        let fit = |name: &Spelled| {
            let letters = letters.as_ref()?;
            name.fits(letters).or_else(|| name.nearly_fits(letters).filter(|_| forgiving))
        };
        let is_letters = written.bytes().all(|b| b.is_ascii_alphabetic());
        Term { written, pairs: pairs(written), is_letters, fits: self.spelled.iter().map(fit).collect() }
    }
}

/// How well an entry fits: how the worst of the words does, and where the first one stands.
type Rank = (Option<Fit>, usize);

impl Entry {
    fn rank(&self, terms: &[Term<'_>]) -> Option<Rank> {
        let mut rank = (None, 0);
        for (place, term) in terms.iter().enumerate() {
            let (fit, at) = self.fits(term)?;
            rank = (rank.0.max(fit), if place == 0 { at } else { rank.1 });
        }
        Some(rank)
    }

    /// As it is written comes before as it is spelled, but not letters from the middle of a word.
    fn fits(&self, term: &Term<'_>) -> Option<Rank> {
        if term.pairs & !self.pairs == 0 {
            let starts_word = |at: &usize| !self.words[..*at].ends_with(|c: char| c.is_ascii_alphabetic());
            let mut written = self.words.match_indices(term.written).map(|(at, _)| at);
            if let Some(at) = written.find(|at| !term.is_letters || starts_word(at)) {
                return Some((None, at));
            }
        }
        // The name stands before the labels.
        let fit = |(at, word): (usize, &usize)| Some((term.fits.get(*word).copied().flatten()?, at));
        let spelled = self.spelled.iter().enumerate().filter_map(fit).min();
        spelled.map(|(fit, at)| (Some(fit), at))
    }
}

/// Each two characters that stand together, a bit for many such: a text in which bits of a word are missing does not hold it.
fn pairs(text: &str) -> u128 {
    let bit = |(a, b): (char, char)| 1 << ((a as u32).wrapping_mul(31).wrapping_add(b as u32) % 128);
    text.chars().zip(text.chars().skip(1)).fold(0, |all, pair| all | bit(pair))
}

/// What each household is found by: `501 3幢2单元501 3-2-501 32501`.
fn addresses(pack: &Pack, book: &Book, doors: &Doors, context: &Context<'_>) -> HashMap<RecordId, String> {
    let name = |b: &Record| words::title(pack, &doors.building, &b.values(), Lang::Zh, context);
    let buildings: HashMap<RecordId, String> = book.of_kind(&doors.building).map(|b| (b.id, name(b))).collect();
    let address = |home: &Record| {
        let building = home.link(&doors.household_building).and_then(|id| buildings.get(&id));
        let building = building.map(String::as_str).unwrap_or_default();
        let number: String = building.chars().filter(char::is_ascii_digit).collect();
        let stairwell = home.value(&doors.stairwell).map(|v| v.to_string()).unwrap_or_default();
        let flat = home.text(&doors.flat).unwrap_or_default();
        let dashed = format!("{number}-{stairwell}-{flat}");
        let bare = dashed.replace('-', "");
        format!("{flat} {building}{stairwell}单元{flat} {dashed} {bare} {building}{flat}").to_lowercase()
    };
    book.of_kind(&doors.household).map(|home| (home.id, address(home))).collect()
}

/// Values of the fields that the pack marks for search; choices by their labels in both languages.
fn own_words(pack: &Pack, kind: &Kind, record: &Record) -> String {
    let mut all = Vec::new();
    for field in kind.fields.iter().filter(|field| field.search) {
        let Some(value) = record.value(&field.name) else { continue };
        let label = |name: &Value| {
            let (FieldType::SelectOne(list) | FieldType::SelectMultiple(list)) = &field.r#type else {
                return name.as_str().map(str::to_owned);
            };
            let choice = pack.choices.get(list)?.iter().find(|choice| Some(choice.name.as_str()) == name.as_str())?;
            Some(format!("{} {}", choice.label.zh, choice.label.en))
        };
        match &value {
            Value::Array(members) => all.extend(members.iter().filter_map(label)),
            value => all.extend(label(value)),
        }
    }
    all.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{Made, at};

    fn index(made: &Made) -> Index {
        let pack = Pack::community();
        made.context(|context| Index::new(&pack, &made.book, context))
    }

    fn found(index: &Index, query: &str) -> Vec<RecordId> {
        index.find(query, None, 20, Lift::default()).into_iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn people_are_found_by_name_one_character_phone_digits_home_and_label() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 2, 5, "501");
        let wang = made.person(home, "王阿婆", "13912340021");
        let li = made.person(home, "李桂英", "13800000000");
        made.set(wang, "labels", serde_json::json!(["elder_alone"]), at(9));
        let index = index(&made);
        assert_eq!(found(&index, "王"), [wang]);
        assert_eq!(found(&index, "0021"), [wang]);
        assert_eq!(found(&index, "３幢 李"), [li]);
        assert_eq!(found(&index, "独居"), [wang]);
        assert_eq!(found(&index, "ALONE"), [wang]);
        assert_eq!(found(&index, "3-2-501")[0], home);
        assert_eq!(found(&index, "3幢2单元501")[0], home);
        assert_eq!(found(&index, "32501")[0], home);
        for letters in ["wap", "wangapo", "apo", "WangAP", "wamgapo", "dujulaoren", "3幢 wap"] {
            assert_eq!(found(&index, letters), [wang], "{letters}");
        }
        assert_eq!(found(&index, "niguiyin"), [li], "as the south says it");
        let du = made.person(home, "杜小明", "");
        let index = super::tests::index(&made);
        assert_eq!(found(&index, "du"), [du, wang], "names before labels: 独居");
        assert!(found(&index, "赵").is_empty() && found(&index, "  ").is_empty());
    }

    #[test]
    fn only_the_kind_asked_for_is_found() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 2, 5, "501");
        made.person(home, "王阿婆", "");
        let kinds: Vec<_> =
            index(&made).find("501", Some("household"), 20, Lift::default()).into_iter().map(|e| e.id).collect();
        assert_eq!(kinds, [home]);
    }

    #[test]
    fn of_those_who_fit_alike_who_is_near_and_due_comes_first() {
        let mut made = Made::default();
        let (three, five) = (made.building("3幢"), made.building("5幢"));
        let (far, near) = (made.household(five, 1, 1, "101"), made.household(three, 2, 5, "501"));
        let a = made.person(far, "王安", "");
        let b = made.person(far, "王冰", "");
        let c = made.person(near, "王晨", "");
        let d = made.person(near, "王丹", "");
        let index = index(&made);
        let order = |due: &HashSet<RecordId>, near| {
            let lift = Lift { due: Some(due), near };
            index.find("王", Some("person"), 20, lift).into_iter().map(|entry| entry.id).collect::<Vec<_>>()
        };
        assert_eq!(order(&HashSet::new(), None), [d, b, a, c]);
        assert_eq!(order(&HashSet::from([c]), None), [c, d, b, a]);
        assert_eq!(order(&HashSet::from([b, d]), Some(three)), [d, c, b, a]);
        assert_eq!(order(&HashSet::from([far]), None), [b, a, d, c], "a household that is due lifts who lives there");
        let exact = index.find("王丹", Some("person"), 20, Lift { due: Some(&HashSet::from([a])), near: Some(five) });
        assert_eq!(exact[0].id, d, "but what fits better comes first all the same");
    }
}
