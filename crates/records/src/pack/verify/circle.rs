//! Circles of calculations and relevances: such a form would never come to rest.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Field, FieldType, Kind};
use crate::expression::Expression;

/// Every circle once, as the fields along it, the first again at the end.
///
/// A calculation that names its own field is none: `if(valid-id(${id}), born-of(${id}), ${born})` keeps what was typed.
pub(super) fn circles(kind: &Kind) -> Vec<Vec<String>> {
    let mut edges = BTreeMap::new();
    for field in &kind.fields {
        add(field, &mut edges);
        if let FieldType::Repeat(inner) = &field.r#type {
            inner.iter().for_each(|field| add(field, &mut edges));
        }
    }
    let mut search = Search { edges, path: Vec::new(), done: BTreeSet::new(), found: Vec::new() };
    for name in search.edges.keys().cloned().collect::<Vec<_>>() {
        search.visit(&name);
    }
    search.found
}

fn add(field: &Field, edges: &mut BTreeMap<String, BTreeSet<String>>) {
    let of = |expression: &Option<Expression>| expression.as_ref().map(Expression::fields).unwrap_or_default();
    let mut names = of(&field.calculation);
    names.remove(&field.name);
    names.extend(of(&field.relevant));
    edges.insert(field.name.clone(), names);
}

struct Search {
    edges: BTreeMap<String, BTreeSet<String>>,
    path: Vec<String>,
    done: BTreeSet<String>,
    found: Vec<Vec<String>>,
}

impl Search {
    fn visit(&mut self, name: &str) {
        if let Some(from) = self.path.iter().position(|on| on == name) {
            let mut circle = self.path[from..].to_vec();
            circle.push(name.to_owned());
            self.found.push(circle);
            return;
        }
        if self.done.contains(name) {
            return;
        }
        self.path.push(name.to_owned());
        for next in self.edges.get(name).cloned().unwrap_or_default() {
            self.visit(&next);
        }
        self.path.pop();
        self.done.insert(name.to_owned());
    }
}
