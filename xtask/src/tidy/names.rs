//! A name says what is inside. These say that nobody knew.

use super::Tree;

const EMPTY: [&str; 9] = ["utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "stuff"];

pub fn rule(tree: &Tree, broken: &mut Vec<String>) {
    for source in &tree.sources {
        let parts = source.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        if let Some(part) = parts.into_iter().find(|part| EMPTY.contains(part)) {
            broken.push(format!("{}: `{part}` says nothing; name it for the one thing it holds", source.path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::tidy::tests::verdict;

    #[test]
    fn empty_names_are_refused_for_files_and_folders() {
        assert_eq!(verdict(rule, "src/utils.rs", "").len(), 1);
        assert_eq!(verdict(rule, "tests/common/mod.rs", "").len(), 1);
        assert_eq!(verdict(rule, "src/commonplace.rs", "").len(), 0);
    }
}
