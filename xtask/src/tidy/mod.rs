//! The rules of ARCHITECTURE.md that a program can hold. A rule is a function from the tree to what breaks it; each is
//! tested on a tree that breaks it. `cargo test -p xtask` holds them all against this project.

mod arrows;
mod code;
mod home;
mod names;
mod pure;
mod size;
mod unfinished;
mod wire;
mod words;

use crate::{Failure, place, shell};
use std::path::Path;

/// A file of the project.
#[derive(Debug)]
pub struct Source {
    /// From the project's root, with `/`.
    pub path: String,
    /// As it is on disk.
    pub text: String,
}

/// A package of the workspace and the packages of the workspace it depends on, tests included.
#[derive(Debug)]
pub struct Package {
    /// As in its Cargo.toml.
    pub name: String,
    /// Names of packages of this workspace.
    pub needs: Vec<String>,
}

/// What rules look at.
#[derive(Debug, Default)]
pub struct Tree {
    /// All text files, but what is built or fetched.
    pub sources: Vec<Source>,
    /// All packages of the workspace.
    pub packages: Vec<Package>,
}

impl Tree {
    /// Rust files whose path starts with `folder`.
    fn rust<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Source> {
        self.sources.iter().filter(move |source| source.path.starts_with(folder) && source.path.ends_with(".rs"))
    }
}

/// Appends a line for each breach: where, what, and what to do.
type Rule = fn(&Tree, &mut Vec<String>);

const RULES: [Rule; 8] =
    [arrows::rule, home::rule, names::rule, pure::rule, size::rule, unfinished::rule, wire::rule, words::rule];

/// Holds all rules against this project.
pub fn check() -> Result<(), Failure> {
    let broken = broken(&project()?);
    if broken.is_empty() { Ok(()) } else { Err(format!("{}\n{} rules broken", broken.join("\n"), broken.len())) }
}

fn broken(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    RULES.iter().for_each(|rule| rule(tree, &mut broken));
    broken
}

fn project() -> Result<Tree, Failure> {
    let metadata = shell::ask(&mut shell::cargo(&["metadata", "--no-deps", "--offline", "--format-version", "1"]))
        .ok_or("cargo metadata failed")?;
    let packages = arrows::packages(&serde_json::from_str(&metadata).map_err(|error| error.to_string())?);
    Ok(Tree { packages, ..tree(place::root())? })
}

/// The files of a project, by path. Packages are left empty.
pub fn tree(root: &Path) -> Result<Tree, Failure> {
    /// Built, fetched, or the user's.
    const SKIPPED: [&str; 6] = [".git", "target", "node_modules", "dist", "data", ".claude"];
    const TEXT: [&str; 12] =
        ["rs", "toml", "md", "mjs", "js", "css", "html", "sql", "sh", "json", "webmanifest", "run"];
    let mut sources = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let kind = path.extension().map_or(name.clone(), |extension| extension.to_string_lossy());
            if path.is_dir() {
                let is_skipped = folder == root && SKIPPED.contains(&&*name) || name == "node_modules";
                if !is_skipped {
                    folders.push(path);
                }
            } else if TEXT.contains(&&*kind) {
                let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                sources.push(Source { path, text });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Tree { sources, packages: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree of one file; what the rule says about it.
    pub fn verdict(rule: Rule, path: &str, text: &str) -> Vec<String> {
        let source = Source { path: path.into(), text: text.into() };
        let mut broken = Vec::new();
        rule(&Tree { sources: vec![source], packages: Vec::new() }, &mut broken);
        broken
    }

    #[test]
    fn this_project_keeps_its_rules() {
        let broken = broken(&project().unwrap());
        assert!(broken.is_empty(), "\n{}", broken.join("\n"));
    }

    #[test]
    fn the_tree_holds_the_sources_and_nothing_that_was_built() {
        let tree = tree(place::root()).unwrap();
        let has = |path: &str| tree.sources.iter().any(|source| source.path == path);
        assert!(has("xtask/src/tidy/mod.rs") && has("src/main.rs") && has("public/sw.js"));
        assert!(!tree.sources.iter().any(|source| source.path.starts_with("target/")));
    }
}
