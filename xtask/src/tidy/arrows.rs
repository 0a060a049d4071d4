//! Which package may depend on which: `records ← sync ← views ← {app, server}`, `records ← export ← server`. A new package
//! gets its line here, or is refused.

use super::{Package, Tree};
use serde_json::Value;

const ARROWS: [(&str, &[&str]); 8] = [
    ("records", &[]),
    ("sync", &["records"]),
    ("export", &["records"]),
    ("views", &["records", "sync"]),
    ("linli-app", &["records", "sync", "views"]),
    ("linli-server", &["records", "sync", "views", "export"]),
    ("xtask", &[]),
    ("bindgen", &[]),
];

pub fn rule(tree: &Tree, broken: &mut Vec<String>) {
    for package in &tree.packages {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            broken
                .push(format!("package {}: xtask/src/tidy/arrows.rs does not say what it may depend on", package.name));
            continue;
        };
        for need in package.needs.iter().filter(|need| !allowed.contains(&need.as_str())) {
            broken
                .push(format!("package {}: depends on {need}; the arrows point down (ARCHITECTURE.md)", package.name));
        }
    }
    for manifest in tree.sources.iter().filter(|source| source.path.ends_with("Cargo.toml")) {
        if !manifest.text.contains("[lints]\nworkspace = true") {
            broken.push(format!("{}: does not take the workspace's lints", manifest.path));
        }
    }
}

/// The packages of the workspace from `cargo metadata --no-deps`, with their dependencies among themselves.
pub fn packages(metadata: &Value) -> Vec<Package> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let packages = list(&metadata["packages"]);
    let own: Vec<String> = packages.iter().map(name).collect();
    let mut found: Vec<Package> = packages
        .iter()
        .map(|package| Package {
            name: name(package),
            needs: list(&package["dependencies"]).iter().map(name).filter(|need| own.contains(need)).collect(),
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::verdict;
    use serde_json::json;

    fn broken(metadata: &Value) -> Vec<String> {
        let mut broken = Vec::new();
        rule(&Tree { sources: Vec::new(), packages: packages(metadata) }, &mut broken);
        broken
    }

    #[test]
    fn an_arrow_that_points_up_is_refused() {
        let metadata = json!({"packages": [
            {"name": "records", "dependencies": [{"name": "serde"}, {"name": "sync", "kind": "dev"}]},
            {"name": "sync", "dependencies": [{"name": "records"}]},
        ]});
        let broken = broken(&metadata);
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(broken[0].contains("records: depends on sync"));
    }

    #[test]
    fn a_package_nobody_has_thought_about_is_refused() {
        assert_eq!(broken(&json!({"packages": [{"name": "misc-things", "dependencies": []}]})).len(), 1);
    }

    #[test]
    fn a_package_without_the_lints_is_refused() {
        assert_eq!(verdict(rule, "crates/new/Cargo.toml", "[package]\nname = \"new\"\n").len(), 1);
        assert_eq!(verdict(rule, "crates/new/Cargo.toml", "[lints]\nworkspace = true\n"), [""; 0]);
    }
}
