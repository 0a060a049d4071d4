//! What a writer tends to write: the choices taken last and the words said before, out of their own records.

use records::Value;
use sync::{Record, book::Book};

/// Own records that are looked at, the newest first: a month or two of work.
const LOOKED_AT: usize = 200;
/// Of records of all writers, so that a new colleague's first form does not read the whole book.
const PASSED: usize = 4000;
/// Longest phrase that is offered: more is a story, not a phrase.
const LONGEST: usize = 60;

fn own<'b>(book: &'b Book, kind: &str, account: &str) -> impl Iterator<Item = &'b Record> {
    let is_own = move |record: &&Record| *record.by == *account && !record.is_void();
    book.of_kind(kind).rev().take(PASSED).filter(is_own).take(LOOKED_AT)
}

/// The answers an account gave to a question last, each once, the latest first.
pub fn last_choices(book: &Book, kind: &str, field: &str, account: &str, most: usize) -> Vec<String> {
    let mut last: Vec<String> = Vec::new();
    for record in own(book, kind, account) {
        let Some(Value::String(choice)) = record.value(field) else { continue };
        if !last.contains(&choice) {
            last.push(choice);
        }
        if last.len() == most {
            break;
        }
    }
    last
}

/// The words an account wrote under a question last, each once, the latest first.
pub fn last_words(book: &Book, kind: &str, field: &str, account: &str, most: usize) -> Vec<String> {
    let mut last: Vec<String> = Vec::new();
    for record in own(book, kind, account) {
        let Some(said) = record.text(field).map(str::trim) else { continue };
        if !said.is_empty() && said.chars().count() <= LONGEST && !last.iter().any(|other| other == said) {
            last.push(said.to_owned());
        }
        if last.len() == most {
            break;
        }
    }
    last
}

/// A phrase put at the end of what is written already.
pub fn appended(written: &str, phrase: &str) -> String {
    let written = written.trim_end();
    match written.chars().last() {
        None => phrase.to_owned(),
        Some('。' | '，' | '；' | '！' | '？' | '.' | ',' | ';') => format!("{written}{phrase}"),
        Some(_) => format!("{written}；{phrase}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::made::Made;

    fn noted(made: &mut Made, topic: &str, note: &str) {
        made.record("service", serde_json::json!({"topic": topic, "note": note, "date": "2026-11-20"}));
    }

    #[test]
    fn what_was_chosen_last_comes_first_and_each_once() {
        let mut made = Made::default();
        for topic in ["pension", "repair", "pension", "certificate"] {
            noted(&mut made, topic, "");
        }
        assert_eq!(last_choices(&made.book, "service", "topic", "chen", 2), ["certificate", "pension"]);
        assert!(last_choices(&made.book, "service", "topic", "li", 2).is_empty(), "another's habits are not mine");
    }

    #[test]
    fn short_words_of_my_own_are_offered_and_long_stories_are_not() {
        let mut made = Made::default();
        noted(&mut made, "repair", "血压稳定");
        noted(&mut made, "repair", &"长".repeat(61));
        noted(&mut made, "repair", "换了灯泡");
        noted(&mut made, "repair", "血压稳定");
        assert_eq!(last_words(&made.book, "service", "note", "chen", 5), ["血压稳定", "换了灯泡"]);
    }

    #[test]
    fn a_phrase_goes_behind_what_is_written_with_a_stop_between() {
        assert_eq!(appended("", "血压稳定"), "血压稳定");
        assert_eq!(appended("换了灯泡", "血压稳定"), "换了灯泡；血压稳定");
        assert_eq!(appended("换了灯泡。\n", "血压稳定"), "换了灯泡。血压稳定");
    }
}
