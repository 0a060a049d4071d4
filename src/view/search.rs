//! Finding people and doors as you type: by name, flat, telephone or ID digits, label, in any order.

use std::collections::HashMap;

use records::{
    Context, FieldType, Kind, Lang, Pack, RecordId, Value,
    pack::{Doors, Nature},
    words,
};
use sync::{Record, book::Book};

use super::plain::plain;

/// All register entries with what they can be found by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index(Vec<Entry>);

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// What it is found by, small letters, the most telling first.
    words: String,
}

impl Index {
    /// Reads the whole register once.
    pub fn new(pack: &Pack, book: &Book, context: &Context<'_>) -> Self {
        let doors = pack.screens.doors.as_ref();
        let homes = doors.map(|doors| addresses(pack, book, doors, context)).unwrap_or_default();
        let mut entries = Vec::new();
        for kind in pack.kinds.values().filter(|kind| kind.nature == Nature::Register) {
            for record in book.of_kind(&kind.name).filter(|record| !record.is_void()) {
                let mut words = match homes.get(&record.id) {
                    Some(address) => address.clone(),
                    None => own_words(pack, kind, record),
                };
                let home = doors
                    .filter(|doors| doors.person == kind.name)
                    .and_then(|doors| homes.get(&record.text(&doors.person_household)?.parse().ok()?));
                if let Some(home) = home {
                    words.push(' ');
                    words.push_str(home);
                }
                entries.push(Entry { id: record.id, kind: kind.name.clone(), words });
            }
        }
        Self(entries)
    }

    /// Entries with every word of the query, of one kind or of all, the best first.
    pub fn find(&self, query: &str, kind: Option<&str>, most: usize) -> Vec<Entry> {
        let query = plain(query).to_lowercase();
        let terms: Vec<&str> = query.split_whitespace().collect();
        let Some(first) = terms.first() else { return Vec::new() };
        let fits = |entry: &&Entry| kind.is_none_or(|kind| kind == entry.kind);
        let hits = self.0.iter().filter(fits).filter_map(|entry| {
            let at = entry.words.find(first)?;
            terms.iter().all(|term| entry.words.contains(term)).then_some((at, entry))
        });
        let mut hits: Vec<_> = hits.collect();
        hits.sort_by(|a, b| (a.0, &a.1.words).cmp(&(b.0, &b.1.words)));
        hits.into_iter().take(most).map(|(_, entry)| entry.clone()).collect()
    }
}

/// What each household is found by: `501 3幢2单元501 3-2-501`.
fn addresses(pack: &Pack, book: &Book, doors: &Doors, context: &Context<'_>) -> HashMap<RecordId, String> {
    let name = |b: &Record| words::title(pack, &doors.building, &b.values(), Lang::Zh, context);
    let buildings: HashMap<RecordId, String> = book.of_kind(&doors.building).map(|b| (b.id, name(b))).collect();
    let address = |home: &Record| {
        let building = home.text(&doors.household_building).and_then(|id| buildings.get(&id.parse().ok()?));
        let building = building.map(String::as_str).unwrap_or_default();
        let number: String = building.chars().filter(char::is_ascii_digit).collect();
        let stairwell = home.value(&doors.stairwell).map(|v| v.to_string()).unwrap_or_default();
        let flat = home.text(&doors.flat).unwrap_or_default();
        format!("{flat} {building}{stairwell}单元{flat} {number}-{stairwell}-{flat} {building}{flat}").to_lowercase()
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
    use crate::view::made::{Made, at};

    fn index(made: &Made) -> Index {
        let pack = Pack::community();
        made.context(|context| Index::new(&pack, &made.book, context))
    }

    fn found(index: &Index, query: &str) -> Vec<RecordId> {
        index.find(query, None, 20).into_iter().map(|entry| entry.id).collect()
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
        assert!(found(&index, "赵").is_empty() && found(&index, "  ").is_empty());
    }

    #[test]
    fn only_the_kind_asked_for_is_found() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 2, 5, "501");
        made.person(home, "王阿婆", "");
        let kinds: Vec<_> = index(&made).find("501", Some("household"), 20).into_iter().map(|e| e.id).collect();
        assert_eq!(kinds, [home]);
    }
}
