//! What officers write under "what happened": put together from phrases by topic, so that a year of notes reads, searches
//! and compresses as real ones do.

use std::{collections::BTreeMap, sync::LazyLock};

use super::dice::Dice;

/// Phrases of one heading.
#[derive(Debug, Default)]
struct Phrases {
    found: Vec<&'static str>,
    done: Vec<&'static str>,
    after: Vec<&'static str>,
}

static BOOK: LazyLock<(BTreeMap<&str, Phrases>, BTreeMap<&str, Vec<&str>>)> =
    LazyLock::new(|| read(include_str!("notes.txt")));

fn read(text: &'static str) -> (BTreeMap<&'static str, Phrases>, BTreeMap<&'static str, Vec<&'static str>>) {
    let (mut phrases, mut slots) = (BTreeMap::<_, Phrases>::new(), BTreeMap::<_, Vec<_>>::new());
    let mut heading = "";
    for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            heading = name;
        } else if let Some(slot) = heading.strip_prefix("slot ") {
            slots.entry(slot).or_default().extend(line.split_whitespace());
        } else if let Some((part, phrase)) = line.split_once(' ') {
            let of = phrases.entry(heading).or_default();
            match part {
                "a" => of.found.push(phrase),
                "b" => of.done.push(phrase),
                _ => of.after.push(phrase),
            }
        }
    }
    (phrases, slots)
}

/// A note about `topic`, in the channel, ending as it did; `called` is how one addresses the person.
pub fn compose(dice: &mut Dice, topic: &str, channel: &str, outcome: &str, called: &str) -> String {
    let (book, _) = &*BOOK;
    let own = format!("{topic}/{channel}");
    let phrases = if outcome == "nobody_home" { book.get("nobody") } else { book.get(&*own).or_else(|| book.get(topic)) };
    let Some(phrases) = phrases.or_else(|| book.get("other")) else { return String::new() };
    let found = dice.pick(&phrases.found);
    let mut note = fill(dice, found, called);
    if dice.chance(880) {
        note.push('，');
        let done = dice.pick(&phrases.done);
        note.push_str(&fill(dice, done, called));
        let more = dice.pick(&phrases.done);
        if more != done && dice.chance(240) {
            note.push('；');
            note.push_str(&fill(dice, more, called));
        }
    }
    let after = match outcome {
        "in_hand" | "referred" => Some(outcome),
        "nobody_home" => None,
        _ => dice.chance(300).then_some("closing"),
    };
    if let Some(after) = after.and_then(|heading| book.get(heading)) {
        note.push(if dice.chance(700) { '。' } else { '；' });
        let after = dice.pick(&after.after);
        note.push_str(&fill(dice, after, called));
    }
    note.push('。');
    note
}

/// Puts words into a phrase's slots.
fn fill(dice: &mut Dice, phrase: &str, called: &str) -> String {
    let (_, slots) = &*BOOK;
    let mut text = String::with_capacity(phrase.len() + 24);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(slots.get(slot).map_or(called, |words| dice.pick(words)));
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use records::Pack;

    use super::{BOOK, compose, fill};
    use crate::demo::dice::Dice;

    #[test]
    fn every_topic_of_the_pack_has_phrases_for_both_channels_and_every_slot_is_filled() {
        let (book, slots) = &*BOOK;
        let pack = Pack::community();
        for topic in &pack.choices["service.topic"] {
            for channel in ["visit", "window"] {
                let own = book.get(&*format!("{}/{channel}", topic.name)).or_else(|| book.get(&*topic.name));
                let own = own.unwrap_or_else(|| panic!("{} by {channel} has no phrases", topic.name));
                assert!(own.found.len() >= 4 && own.done.len() >= 4, "{}", topic.name);
            }
        }
        let mut dice = Dice::new(1);
        for phrase in book.values().flat_map(|p| p.found.iter().chain(&p.done).chain(&p.after)) {
            for slot in phrase.split('{').skip(1).map(|s| s.split_once('}').expect("closed").0) {
                assert!(slot == "称" || slots.contains_key(slot), "{{{slot}}} in {phrase}");
            }
            assert!(!fill(&mut dice, phrase, "王阿婆").contains(['{', '}']));
        }
    }

    #[test]
    fn a_year_of_notes_is_not_one_note() {
        let mut dice = Dice::new(2009);
        let notes: Vec<String> =
            (0..2000).map(|_| compose(&mut dice, "routine", "visit", "done", "陆阿婆")).collect();
        assert!(notes.iter().collect::<HashSet<_>>().len() > 1200);
        assert!(notes.iter().all(|n| (8..=120).contains(&n.chars().count()) && n.ends_with('。')));
    }
}
