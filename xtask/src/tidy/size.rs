//! A file that one can read in one go.

use super::Tree;

const MOST: usize = 400;
const CODE: [&str; 6] = [".rs", ".mjs", ".js", ".css", ".html", ".sql"];

pub fn rule(tree: &Tree, broken: &mut Vec<String>) {
    for source in tree.sources.iter().filter(|source| CODE.iter().any(|kind| source.path.ends_with(kind))) {
        let lines = source.text.lines().count();
        if lines > MOST {
            broken.push(format!("{}: {lines} lines; {MOST} at most, find the border inside it", source.path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::tidy::tests::verdict;

    #[test]
    fn a_file_of_more_than_400_lines_is_refused() {
        assert_eq!(verdict(rule, "src/desk.rs", &"x\n".repeat(401)).len(), 1);
        assert_eq!(verdict(rule, "src/desk.rs", &"x\n".repeat(400)).len(), 0);
        assert_eq!(verdict(rule, "package-lock.json", &"x\n".repeat(401)).len(), 0);
    }
}
