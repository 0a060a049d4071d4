//! Names as a kind has them: a small letter, then small letters, digits and `_`, each once.

use std::collections::BTreeSet;

use records::spelling::readings;

use super::super::{
    finding::{Findings, NAME_CHANGED, NAME_LACKS, NAME_TWICE},
    table::Written,
};

/// Names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

/// A name of small letters, digits and `_`: Chinese characters by their first reading. Empty where nothing is left.
pub(super) fn clean(name: &str) -> String {
    let (mut parts, mut was_small) = (vec![String::new()], false);
    for c in name.chars().take(64) {
        // `dateTime` is two words.
        if was_small && c.is_ascii_uppercase() {
            parts.push(String::new());
        }
        was_small = c.is_ascii_lowercase();
        match readings(c).next() {
            _ if c.is_ascii_alphanumeric() => {
                if let Some(part) = parts.last_mut() {
                    part.push(c.to_ascii_lowercase());
                }
            }
            Some(reading) => parts.extend([reading.to_owned(), String::new()]),
            None => parts.push(String::new()),
        }
    }
    let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("q_{name}") } else { name }
}

impl Names {
    /// The name for what is written, or else made of the row; says when it is another.
    pub(super) fn take(&mut self, at: &Written, findings: &mut Findings) -> String {
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        let wanted = match &*at.text {
            name if is_name(name) => name.to_owned(),
            name => Some(clean(name)).filter(|name| !name.is_empty()).unwrap_or_else(|| format!("q_{}", at.row + 1)),
        };
        let name = self.free(&wanted);
        if at.text.is_empty() {
            findings.of(at, &NAME_LACKS, &name);
        } else if wanted != at.text {
            findings.of(at, &NAME_CHANGED, &name);
        } else if name != wanted {
            findings.of(at, &NAME_TWICE, &name);
        }
        name
    }

    /// This name, or the first with a number behind it that nobody has.
    pub(super) fn free(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_one_of_ours() {
        for (written, name) in [
            ("Household ID", "household_id"),
            ("numberAsString", "number_as_string"),
            ("label-test", "label_test"),
            ("_1", "q_1"),
            ("1st", "q_1st"),
            ("姓名", "xing_ming"),
            ("家庭2", "jia_ting_2"),
            ("a.b", "a_b"),
            ("——", ""),
        ] {
            assert_eq!(clean(written), name, "{written}");
        }
    }
}
