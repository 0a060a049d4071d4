//! One word for one thing: what the glossary retired is found nowhere that a user reads, nor in a test that looks for it.

use super::Tree;

const GLOSSARY: &str = "docs/glossary.md";

/// The report of 2009 keeps its words; rosters are read in whatever words they come; code of the rules names no words.
const FREE: [&str; 3] = ["packs/community/reports/", "crates/export/src/roster/", "xtask/"];

pub fn rule(tree: &Tree, broken: &mut Vec<String>) {
    let Some(glossary) = tree.sources.iter().find(|source| source.path == GLOSSARY) else { return };
    let retired = retired(&glossary.text);
    let read = |path: &str| path != GLOSSARY && !FREE.iter().any(|folder| path.starts_with(folder));
    for source in tree.sources.iter().filter(|source| read(&source.path)) {
        for (number, line) in source.text.lines().enumerate() {
            for (word, better) in retired.iter().filter(|(word, _)| line.contains(word)) {
                broken.push(format!("{}:{}: {word} is now {better} ({GLOSSARY})", source.path, number + 1));
            }
        }
    }
}

/// Each retired word and what is said instead: the third and the first column of the table.
fn retired(glossary: &str) -> Vec<(&str, &str)> {
    let rows = glossary.lines().filter(|line| line.starts_with('|')).skip(2);
    let cells = rows.filter_map(|row| {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        Some((cells.next()?, cells.nth(1)?))
    });
    cells.flat_map(|(better, words)| words.split(", ").map(move |word| (word, better))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::Source;

    const TABLE: &str = "|中文|English|not|where|\n|---|---|---|---|\n| 儿媳/女婿 | in-law | 媳婿 | forms |\n| 居民 | person | \"谁\", 此人 | forms |\n";

    #[test]
    fn a_retired_word_is_refused_anywhere_and_a_quoted_one_as_a_whole_label() {
        let said = |path: &str, text: &str| {
            let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
            let sources = vec![source(GLOSSARY, TABLE), source(path, text)];
            let mut broken = Vec::new();
            rule(&Tree { sources, packages: Vec::new() }, &mut broken);
            broken
        };
        assert_eq!(said("packs/community/kinds/person.toml", "label = { zh = \"媳婿\" }").len(), 1);
        assert_eq!(said("tests/journeys/erase.test.mjs", "getByText('此人的资料')").len(), 1);
        assert_eq!(said("src/pages/new.rs", "who: \"谁\", \"Who\"").len(), 1);
        assert_eq!(said("src/pages/new.rs", "who: \"谁来记\", \"Who\"").len(), 0);
        assert_eq!(said("crates/export/src/roster/value/choices.rs", "\"媳婿\"").len(), 0);
    }

    #[test]
    fn the_glossary_of_this_project_retires_words() {
        let tree = crate::tidy::tree(crate::place::root()).unwrap();
        let glossary = tree.sources.iter().find(|source| source.path == GLOSSARY).expect("a glossary");
        let words: Vec<_> = retired(&glossary.text).into_iter().map(|(word, _)| word).collect();
        assert!(words.contains(&"来往记录") && words.contains(&"\"谁\""), "{words:?}");
    }
}
