//! What officers write under "what happened": put together from phrases by topic, so that a year of notes reads, searches
//! and compresses as real ones do.

use std::{collections::BTreeMap, sync::LazyLock};

use super::dice::Dice;

/// Whom a note is about, and when.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// How one calls the person.
    pub called: &'a str,
    /// Age, for the relatives who are around.
    pub age: i64,
    /// Month, for the weather.
    pub month: i8,
}

/// Phrases of one heading: each with the channel it is limited to.
#[derive(Debug, Default)]
struct Phrases {
    found: Vec<(Option<&'static str>, &'static str)>,
    done: Vec<(Option<&'static str>, &'static str)>,
    after: Vec<(Option<&'static str>, &'static str)>,
}

#[derive(Debug, Default)]
struct Book {
    headings: BTreeMap<&'static str, Phrases>,
    slots: BTreeMap<&'static str, Vec<&'static str>>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| read(include_str!("notes.txt")));

fn read(text: &'static str) -> Book {
    let mut book = Book::default();
    let mut heading = "";
    for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            heading = name;
        } else if let Some(slot) = heading.strip_prefix("slot ") {
            book.slots.entry(slot).or_default().extend(line.split_whitespace());
        } else if let Some((part, phrase)) = line.split_once(' ') {
            let channel = match part.get(1..) {
                Some("v") => Some("visit"),
                Some("w") => Some("window"),
                _ => None,
            };
            let of = book.headings.entry(heading).or_default();
            let list = match part.get(..1) {
                Some("a") => &mut of.found,
                Some("b") => &mut of.done,
                _ => &mut of.after,
            };
            list.push((channel, phrase));
        }
    }
    book
}

/// Phrases for a topic by a channel: its own, or those of the topic by any.
fn heading(topic: &str, channel: &str) -> Option<&'static Phrases> {
    BOOK.headings.get(&*format!("{topic}/{channel}")).or_else(|| BOOK.headings.get(topic))
}

fn pick(dice: &mut Dice, list: &[(Option<&'static str>, &'static str)], channel: &str) -> &'static str {
    let fits: Vec<&str> = list.iter().filter(|(of, _)| of.is_none_or(|of| of == channel)).map(|(_, p)| *p).collect();
    dice.pick(&fits)
}

/// A note about `topic`, by the channel, ending as it did.
pub fn compose(dice: &mut Dice, topic: &str, channel: &str, outcome: &str, about: About<'_>) -> String {
    let topic = if outcome == "nobody_home" { "nobody" } else { topic };
    let Some(phrases) = heading(topic, channel).or_else(|| heading("other", channel)) else { return String::new() };
    let mut note = String::new();
    let mut add = |dice: &mut Dice, before: &str, list| {
        let phrase = pick(dice, list, channel);
        note.push_str(before);
        note.push_str(&fill(dice, phrase, about));
        phrase
    };
    add(dice, "", &phrases.found);
    if dice.chance(900) {
        add(dice, "，", &phrases.done);
    }
    let after = match outcome {
        "in_hand" | "referred" => Some(outcome),
        "nobody_home" => None,
        _ => dice.chance(300).then_some("closing"),
    };
    if let Some(after) = after.and_then(|name| BOOK.headings.get(name)) {
        let stop = if dice.chance(700) { "。" } else { "；" };
        add(dice, stop, &after.after);
    }
    note.push('。');
    note
}

/// Puts words into a phrase's slots.
fn fill(dice: &mut Dice, phrase: &str, about: About<'_>) -> String {
    let mut text = String::with_capacity(phrase.len() + 24);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').unwrap_or((after, ""));
        let slot = match slot {
            "亲" if about.age >= 55 => "亲 老",
            "亲" => "亲 少",
            "季" => match about.month {
                12 | 1 | 2 => "季 冬",
                6..=9 => "季 夏",
                _ => "季 春秋",
            },
            slot => slot,
        };
        text.push_str(before);
        text.push_str(BOOK.slots.get(slot).map_or(about.called, |words| dice.pick(words)));
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use records::Pack;

    use super::{About, BOOK, compose, fill, heading};
    use crate::demo::dice::Dice;

    const ABOUT: About<'_> = About { called: "陆阿婆", age: 77, month: 1 };

    #[test]
    fn every_topic_of_the_pack_has_phrases_for_both_channels_and_every_slot_is_filled() {
        let pack = Pack::community();
        for topic in &pack.choices["service.topic"] {
            for channel in ["visit", "window"] {
                let own = heading(&topic.name, channel);
                let own = own.unwrap_or_else(|| panic!("{} by {channel} has no phrases", topic.name));
                let fit =
                    |list: &[(Option<&str>, &str)]| list.iter().filter(|(c, _)| c.is_none_or(|c| c == channel)).count();
                assert!(fit(&own.found) >= 2 && fit(&own.done) >= 3, "{} by {channel}", topic.name);
            }
        }
        let mut dice = Dice::new(1);
        for (_, phrase) in BOOK.headings.values().flat_map(|p| p.found.iter().chain(&p.done).chain(&p.after)) {
            for slot in phrase.split('{').skip(1).map(|s| s.split_once('}').expect("closed").0) {
                assert!(["称", "亲", "季"].contains(&slot) || BOOK.slots.contains_key(slot), "{{{slot}}} in {phrase}");
            }
            assert!(!fill(&mut dice, phrase, ABOUT).contains(['{', '}']));
        }
    }

    #[test]
    fn a_year_of_notes_is_not_one_note() {
        let mut dice = Dice::new(2009);
        let notes: Vec<String> = (0..2000).map(|_| compose(&mut dice, "routine", "visit", "done", ABOUT)).collect();
        assert!(notes.iter().collect::<HashSet<_>>().len() > 800);
        assert!(notes.iter().all(|n| (6..=120).contains(&n.chars().count()) && n.ends_with('。')));
    }

    #[test]
    fn nobody_comes_to_the_desk_in_a_visit() {
        let mut dice = Dice::new(4);
        let notes = (0..500).map(|_| compose(&mut dice, "pension", "visit", "done", ABOUT));
        assert!(notes.into_iter().all(|n| !n.contains("来问")));
    }
}
