//! "Did you mean …?": the known name nearest to a mistyped one.

/// The nearest of `known`, if it is at most a third of its letters away.
pub(crate) fn near<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let length = name.chars().count();
    let most = |k: &str| k.chars().count().max(3) / 3;
    // Whatever is longer or shorter by more is further away than that: not looked into, however long it is.
    let likely = known.into_iter().filter(|k| k.chars().count().abs_diff(length) <= most(k));
    let scored = likely.map(|k| (distance(name, k), k)).filter(|(d, k)| *d <= most(k));
    scored.min_by_key(|(d, _)| *d).map(|(_, k)| k)
}

/// Letters added, left out, changed, or swapped with their neighbour.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
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
        assert_eq!(near(&"9".repeat(10_000_000), known), None, "at once");
    }
}
