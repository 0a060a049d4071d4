//! What a writer tends to write: the choices taken last and the words said before, out of their own records.

use records::Value;
use sync::{Record, book::Book};

/// Own records that are looked at, the newest first: a month or two of work.
const LOOKED_AT: usize = 200;
/// Of records of all writers, so that a new colleague's first form does not read the whole book.
const PASSED: usize = 4000;
/// Longest phrase that is offered: more is a story, not a phrase.
const LONGEST: usize = 24;

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

/// Phrases out of what an account wrote under a question: first what it wrote more than once, then its last short notes,
/// the latest first. Sentences, not whole notes: a note tells one person's story, and must not end up in another's file.
pub fn phrases(book: &Book, kind: &str, field: &str, account: &str, most: usize) -> Vec<String> {
    let mut seen: Vec<(String, usize)> = Vec::new();
    let mut short: Vec<String> = Vec::new();
    for record in own(book, kind, account) {
        let Some(text) = record.text(field) else { continue };
        let note = text.trim();
        if is_short(note) && !short.iter().any(|other| other == note) {
            short.push(note.to_owned());
        }
        for sentence in note.split(['。', '！', '？', '；', '\n']).map(str::trim).filter(|part| is_short(part)) {
            match seen.iter_mut().find(|(other, _)| other == sentence) {
                Some((_, times)) => *times += 1,
                None => seen.push((sentence.to_owned(), 1)),
            }
        }
    }
    let often = seen.into_iter().filter(|(_, times)| *times > 1).map(|(sentence, _)| sentence);
    let mut all: Vec<String> = often.take(most).collect();
    for note in short {
        let plain = note.trim_end_matches(['。', '！', '？', '；']);
        if all.len() < most && !all.iter().any(|other| other == plain) {
            all.push(note);
        }
    }
    all
}

fn is_short(words: &str) -> bool {
    !words.is_empty() && words.chars().count() <= LONGEST
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
    use crate::made::Made;

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
    fn what_i_write_often_is_offered_first_then_short_notes_and_never_someone_s_story() {
        let mut made = Made::default();
        noted(&mut made, "repair", "王阿婆一个人在客厅看电视，讲了半天她在苏州的女儿。下次再去看看。");
        noted(&mut made, "repair", "血压稳定");
        noted(&mut made, "repair", "小陈要借活动室的钥匙，先登记下来再去问一问物业的经理。下次再去看看");
        noted(&mut made, "repair", "换了灯泡");
        noted(&mut made, "repair", "换了灯泡。");
        assert_eq!(phrases(&made.book, "service", "note", "chen", 5), ["换了灯泡", "下次再去看看", "血压稳定"]);
        assert!(phrases(&made.book, "service", "note", "li", 5).is_empty(), "another's words are not mine");
    }

    #[test]
    fn a_phrase_goes_behind_what_is_written_with_a_stop_between() {
        assert_eq!(appended("", "血压稳定"), "血压稳定");
        assert_eq!(appended("换了灯泡", "血压稳定"), "换了灯泡；血压稳定");
        assert_eq!(appended("换了灯泡。\n", "血压稳定"), "换了灯泡。血压稳定");
    }
}
