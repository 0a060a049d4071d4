//! Rust text without what is not code, so that a rule does not trip over a comment that explains it.

/// The same text with comments and the contents of strings blanked out, line by line.
pub fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if next == '"' {
            string_end(rest)
        } else if let Some(end) = raw_string_end(rest, out.chars().next_back()) {
            end
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest[1..].find('\'').map_or(rest.len(), |end| end + 2)
        } else {
            0
        };
        if skipped == 0 {
            out.push(next);
            rest = &rest[next.len_utf8()..];
        } else {
            out.extend(rest[..skipped].chars().filter(|character| *character == '\n'));
            rest = &rest[skipped..];
        }
    }
    out
}

/// Length of the string literal that `text` starts with.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (place, character) in text.char_indices().skip(1) {
        match character {
            '\\' => escaped = !escaped,
            '"' if !escaped => return place + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Length of the raw string literal that `text` starts with, if it does: `r"…"`, `r#"…"#`.
fn raw_string_end(text: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|character| character.is_alphanumeric() || character == '_') {
        return None;
    }
    let hashes = text.strip_prefix('r')?.find(|character| character != '#')?;
    let open = 1 + hashes;
    let body = text[open..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(body.find(&close).map_or(text.len(), |end| open + 1 + end + close.len()))
}

/// Whether `path` stands in the code as whole words: `std::fs` is in `use std::fs;` but not in `mystd::fs`.
pub fn names(code: &str, path: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(path).any(|(start, found)| {
        let before = code[..start].chars().next_back();
        let after = code[start + found.len()..].chars().next();
        let goes_on = path.ends_with(is_word) && after.is_some_and(is_word);
        !goes_on && !before.is_some_and(is_word)
    })
}

/// Whether the code names a module of a crate, as `one::two` or in a group, as `one::{three, two}`.
pub fn imports(code: &str, one: &str, two: &str) -> bool {
    names(code, &format!("{one}::{two}"))
        || code.split(&format!("{one}::{{")).skip(1).any(|group| names(group.split(';').next().unwrap_or(group), two))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_blanked_and_lines_stay() {
        let text = "let a = \"sqlx // \\\" sqlx\"; // sqlx\n/* sqlx\n */ let b = r#\"sqlx \" \"#; let c = '\"'; let d: &'a str = e;";
        let code = bare(text);
        assert!(!names(&code, "sqlx"), "{code}");
        assert!(code.contains("let b") && code.contains("let c") && code.contains("&'a str = e;"), "{code}");
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn a_name_is_a_whole_word() {
        assert!(names("use std::fs;", "std::fs"));
        assert!(!names("use mystd::fs;", "std::fs"));
        assert!(!names("InstantCoffee", "Instant"));
    }

    #[test]
    fn an_import_is_seen_in_a_group_too() {
        assert!(imports("use std::{collections::BTreeMap, fs};", "std", "fs"));
        assert!(imports("std::fs::read(x)", "std", "fs"));
        assert!(!imports("use std::{collections::BTreeMap}; fs", "std", "fs"));
    }
}
