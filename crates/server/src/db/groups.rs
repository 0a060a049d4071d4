//! Rows cut into statements of few sizes.

/// Rows in one statement. Many, because a statement costs as much as several rows; of few sizes, so that each form of
/// the statement is prepared once and for all, and a push of any length needs few of them.
const ROWS: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

/// The rows in groups of these sizes, in order.
pub(super) fn groups<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = ROWS.into_iter().find(|size| *size <= rows.len())?;
        let (group, rest) = rows.split_at(size);
        rows = rest;
        Some(group)
    })
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn groups_lose_nothing_and_keep_the_order() {
        for length in [0, 1, 7, 8, 9, 63, 64, 65, 500] {
            let rows: Vec<usize> = (0..length).collect();
            assert_eq!(groups(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        }
        assert_eq!(
            groups(&[0; 500]).map(<[i32]>::len).collect::<Vec<_>>(),
            [[64; 7].as_slice(), &[32, 16, 4]].concat()
        );
    }
}
