//! Nothing half done, and nothing that speaks of one person's machine.

use super::{Tree, code};

const MACROS: [&str; 3] = ["todo!", "unimplemented!", "dbg!"];

/// Folders of the machines this was written on. In two parts each, so that this file keeps its own rule.
const PLACES: [(&str, &str); 4] = [("/wo", "rk/"), ("/tmp/br", "ief"), (".lib", "rary/"), ("/ro", "ot/.cargo")];

pub fn rule(tree: &Tree, broken: &mut Vec<String>) {
    for source in tree.rust("") {
        let code = code::bare(&source.text);
        for name in MACROS.iter().filter(|name| code::names(&code, name)) {
            broken.push(format!("{}: {name} is left", source.path));
        }
    }
    for source in &tree.sources {
        for (number, line) in source.text.lines().enumerate() {
            if PLACES.iter().any(|(one, two)| line.contains(&format!("{one}{two}"))) {
                broken.push(format!("{}:{}: names a folder of one machine", source.path, number + 1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::tidy::tests::verdict;

    #[test]
    fn what_is_left_to_do_is_refused() {
        assert_eq!(verdict(rule, "src/main.rs", "fn main() { todo!() }").len(), 1);
        assert_eq!(verdict(rule, "src/main.rs", "// todo!() is refused").len(), 0);
    }

    #[test]
    fn a_path_of_one_machine_is_refused_in_any_text() {
        let path = ["/wo", "rk/notes.md"].concat();
        assert_eq!(verdict(rule, "README.md", &format!("see {path}")).len(), 1);
        assert_eq!(verdict(rule, "README.md", "see docs/workflow.md").len(), 0);
    }
}
