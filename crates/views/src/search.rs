//! Finding people and doors as you type, said as people say it: by name, pinyin, door, telephone or ID digits, label, age, in
//! any order; when nothing has all of it, what has all but one part.

use std::collections::{HashMap, HashSet};

use records::{
    Context, FieldType, Kind, Lang, Pack, RecordId, Value, days,
    pack::{Doors, Nature},
    spelling::{Letters, Spelled},
    words,
};
use sync::{Record, book::Book};

mod fit;
mod numerals;
mod phrase;
mod place;
#[cfg(test)]
mod tests;
mod titles;

use super::gone::Departed;
use fit::{Rank, pairs};
use phrase::{Ask, Part, Word};
use place::Place;

/// All register entries with what they can be found by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    entries: Vec<Entry>,
    /// Their Chinese words, each once: a community has far more people than names and labels.
    spelled: Vec<Spelled>,
    /// Doors and buildings.
    places: Vec<Place>,
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
    /// Where that is, or the building that it is: a place in [`Index::places`].
    place: Option<usize>,
    /// Completed years of age.
    age: Option<u8>,
    /// No longer here: of those who fit alike they come last.
    pub is_gone: bool,
}

/// What has all of a query but one part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The part that was left out, as it was said.
    pub without: String,
    /// What has the rest, the best first.
    pub entries: Vec<Entry>,
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
    /// Small is high: near and due, near, due, neither, no longer here.
    fn of(&self, entry: &Entry) -> u8 {
        let is_near = self.near.is_some() && entry.home.and_then(|(_, building)| building) == self.near;
        let is_due = |id: RecordId| self.due.is_some_and(|due| due.contains(&id));
        let waits = is_due(entry.id) || entry.home.is_some_and(|(home, _)| is_due(home));
        4 * u8::from(entry.is_gone) + 2 * u8::from(!is_near) + u8::from(!waits)
    }
}

type Hit<'i> = ((Rank, u8), &'i Entry);

impl Index {
    /// Reads the whole register once.
    pub fn new(pack: &Pack, book: &Book, context: &Context<'_>) -> Self {
        let doors = pack.screens.doors.as_ref();
        let mut index = Self::default();
        let homes = doors.map(|doors| index.addresses(pack, book, doors, context)).unwrap_or_default();
        let at = |id: RecordId| {
            let building = book.get(id)?.link(&doors?.household_building);
            Some((id, building))
        };
        let departed = Departed::new(pack, book, context.today);
        let mut known: HashMap<String, Option<usize>> = HashMap::new();
        for kind in pack.kinds.values().filter(|kind| kind.nature == Nature::Register) {
            // A date that is searched by is a birth date: it is asked for in years.
            let born = kind.fields.iter().find(|field| field.search && field.r#type == FieldType::Date);
            for record in book.of_kind(&kind.name).filter(|record| !record.is_void()) {
                let address = homes.get(&record.id).filter(|address| !address.words.is_empty());
                let mut words = address.map_or_else(|| own_words(pack, kind, record), |address| address.words.clone());
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
                    words.push_str(&address.words);
                }
                let place = homes.get(&lives.unwrap_or(record.id)).map(|address| address.place);
                let born = born.and_then(|field| days::parse(&record.text(&field.name)?));
                let age = born.and_then(|born| u8::try_from(days::age(born, context.today)).ok());
                let (id, kind, pairs) = (record.id, kind.name.clone(), pairs(&words));
                let is_gone = departed.has(record);
                index.entries.push(Entry { id, kind, words, pairs, spelled, home, place, age, is_gone });
            }
        }
        index
    }

    /// Entries with every part of the query, of one kind or of all, the best first; of those that fit alike, who is near and
    /// due. Titles are left out when nothing is found with them.
    pub fn find(&self, query: &str, kind: Option<&str>, most: usize, lift: Lift<'_>) -> Vec<Entry> {
        let words = phrase::read(query);
        if words.is_empty() || most == 0 {
            return Vec::new();
        }
        let hits = self.with_all(&words, kind, most, lift);
        match without_titles(&words) {
            Some(bare) if hits.is_empty() => self.with_all(&bare, kind, most, lift),
            _ => hits,
        }
    }

    /// What to offer when nothing has every part: what has all but one, for each part that can be left out so, the best
    /// first.
    pub fn near(&self, query: &str, kind: Option<&str>, most: usize, lift: Lift<'_>) -> Vec<Near> {
        let words = phrase::read(query);
        let words = without_titles(&words).unwrap_or(words);
        let parts: Vec<&Part> = words.iter().flat_map(|word| &word.parts).collect();
        if parts.len() < 2 || most == 0 {
            return Vec::new();
        }
        let wants = self.wants(&words, true);
        let mut missing: Vec<Vec<Hit<'_>>> = vec![Vec::new(); parts.len()];
        for entry in self.entries.iter().filter(|entry| kind.is_none_or(|kind| kind == entry.kind)) {
            if let Some((part, rank)) = self.rank_but_one(entry, &wants) {
                missing[part].push(((rank, lift.of(entry)), entry));
            }
        }
        let found = missing.into_iter().zip(&parts).filter(|(hits, _)| !hits.is_empty());
        let mut near: Vec<(Rank, usize, Near)> = found
            .map(|(hits, part)| {
                let count = hits.len();
                let hits = best(hits, most);
                let entries = hits.iter().map(|(_, entry)| (*entry).clone()).collect();
                (hits[0].0.0, count, Near { without: part.said.clone(), entries })
            })
            .collect();
        // What leaves fewer says more.
        near.sort_by_key(|(rank, count, _)| (rank.0, *count));
        near.into_iter().map(|(.., near)| near).collect()
    }

    fn with_all(&self, words: &[Word], kind: Option<&str>, most: usize, lift: Lift<'_>) -> Vec<Entry> {
        let of_kind = |entry: &&Entry| kind.is_none_or(|kind| kind == entry.kind);
        let ranked = |forgiving: bool| {
            let wants = self.wants(words, forgiving);
            let fitting =
                self.entries.iter().filter(of_kind).filter_map(|entry| Some((self.rank(entry, &wants)?, entry)));
            fitting.map(|(rank, entry)| ((rank, lift.of(entry)), entry)).collect::<Vec<Hit<'_>>>()
        };
        let has_letters = words.iter().flat_map(|word| &word.parts).any(|part| Letters::new(&part.said).is_some());
        let mut hits = ranked(false);
        if hits.len() < most && has_letters {
            // What fits as it is comes first again.
            hits = ranked(true);
        }
        best(hits, most).into_iter().map(|(_, entry)| entry.clone()).collect()
    }

    /// What each household and building is found by, and where it is: `501 3幢2单元501 3-2-501 32501`. Buildings keep their own
    /// words.
    fn addresses(
        &mut self,
        pack: &Pack,
        book: &Book,
        doors: &Doors,
        context: &Context<'_>,
    ) -> HashMap<RecordId, Address> {
        let title = |b: &Record| words::title(pack, &doors.building, &b.values(), Lang::Zh, context);
        let buildings: HashMap<RecordId, String> = book.of_kind(&doors.building).map(|b| (b.id, title(b))).collect();
        let mut addresses: HashMap<RecordId, Address> = HashMap::new();
        let mut keys: HashMap<RecordId, String> = HashMap::new();
        for (id, name) in &buildings {
            let key = phrase::building_key(name).unwrap_or_else(|| name.to_lowercase());
            self.places.push(Place { building: key.clone(), ..Place::default() });
            keys.insert(*id, key);
            addresses.insert(*id, Address { words: String::new(), place: self.places.len() - 1 });
        }
        for home in book.of_kind(&doors.household) {
            let building = home.link(&doors.household_building);
            let name = building.and_then(|id| buildings.get(&id)).map(String::as_str).unwrap_or_default();
            let key = building.and_then(|id| keys.get(&id)).cloned().unwrap_or_default();
            let number: String = name.chars().filter(char::is_ascii_digit).collect();
            let said = |field: &str| home.value(field).map(|v| v.to_string()).unwrap_or_default();
            let (stairwell, floor) = (said(&doors.stairwell), said(&doors.floor));
            let flat = home.text(&doors.flat).unwrap_or_default();
            let dashed = format!("{number}-{stairwell}-{flat}");
            let bare = dashed.replace('-', "");
            let words = format!("{flat} {name}{stairwell}单元{flat} {dashed} {bare} {name}{flat}").to_lowercase();
            self.places.push(Place::new(key, stairwell, floor, &flat));
            addresses.insert(home.id, Address { words, place: self.places.len() - 1 });
        }
        addresses
    }
}

/// What a door is found by and where it stands among the places.
struct Address {
    words: String,
    place: usize,
}

/// The best of what was found, in order.
fn best(mut hits: Vec<Hit<'_>>, most: usize) -> Vec<Hit<'_>> {
    let order = |a: &Hit<'_>, b: &Hit<'_>| (a.0, &a.1.words).cmp(&(b.0, &b.1.words));
    if hits.len() > most {
        hits.select_nth_unstable_by(most - 1, order);
        hits.truncate(most);
    }
    hits.sort_by(order);
    hits
}

/// The words with titles left out; `None` when there are none, or nothing else.
fn without_titles(words: &[Word]) -> Option<Vec<Word>> {
    let mut bare: Vec<Word> = words.to_vec();
    for word in &mut bare {
        for part in &mut word.parts {
            if let Ask::Text(text) = &mut part.ask {
                *text = titles::bare(text);
                part.said.clone_from(text);
            }
        }
        word.parts.retain(|part| part.ask != Ask::Text(String::new()));
        word.said = word.parts.iter().map(|part| part.said.as_str()).collect();
    }
    bare.retain(|word| !word.parts.is_empty());
    (!bare.is_empty() && bare != words).then_some(bare)
}

/// Values of the fields that the pack marks for search; choices by their labels in both languages.
fn own_words(pack: &Pack, kind: &Kind, record: &Record) -> String {
    let mut all = Vec::new();
    for field in kind.fields.iter().filter(|field| field.search && field.r#type != FieldType::Date) {
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
