//! "Did you mean …?": the known name nearest to a mistyped one.

/// The nearest of `known`, if it is at most a third of its letters away.
pub(crate) fn near<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let scored = known.into_iter().map(|k| (distance(name, k), k)).filter(|(d, k)| *d * 3 <= k.chars().count().max(3));
    scored.min_by_key(|(d, _)| *d).map(|(_, k)| k)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_slip_of_the_finger_is_understood_and_another_word_is_not() {
        let known = ["required", "relevant", "choice_filter"];
        assert_eq!(near("requierd", known), Some("required"));
        assert_eq!(near("relevent", known), Some("relevant"));
        assert_eq!(near("colour", known), None);
    }
}
