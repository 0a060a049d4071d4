//! Where a path over records leads.

use std::borrow::Cow;

use super::Elsewhere;
use crate::{Fields, Value, pack::Path};

impl Path {
    /// What it reaches: texts, each once. A set along it opens into its members.
    pub fn ends(&self, fields: &Fields, elsewhere: &Elsewhere<'_>) -> Vec<String> {
        let mut steps = self.steps();
        let first = steps.next().and_then(|name| fields.get(name));
        let mut at: Vec<String> = first.map(texts).unwrap_or_default();
        for name in steps {
            let ids = at.iter().filter_map(|text| text.parse().ok());
            at = ids.filter_map(|id| elsewhere(id, name)).flat_map(|value| texts(&value)).collect();
        }
        at.sort_unstable();
        at.dedup();
        at
    }
}

fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.is_empty() => Some(Cow::from(text).into_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    match value {
        Value::Array(members) => members.iter().filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    }
}
