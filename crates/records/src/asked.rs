//! What a field asks, given the rest of the record: relevant, required, which choices.

use std::collections::BTreeSet;

use crate::{
    Pack, Value,
    expression::Scope,
    pack::{Choice, Field, FieldType},
};

/// The columns that each question offering a list tells its choices apart by.
pub fn filters<'f>(fields: impl IntoIterator<Item = &'f Field>, list: &str) -> Vec<BTreeSet<String>> {
    let mut all = Vec::new();
    for field in fields {
        match &field.r#type {
            FieldType::SelectOne(own) | FieldType::SelectMultiple(own) | FieldType::Trace(own) if own == list => {
                all.push(field.choice_filter.as_ref().map(|filter| filter.references().columns).unwrap_or_default());
            }
            FieldType::Repeat(inner) => all.extend(filters(inner, list)),
            _ => {}
        }
    }
    all
}

/// Places of choices that some question could not tell from one before of the same name: their filter reads no column in
/// which they differ. A list that nobody offers has no filter.
pub fn twins(choices: &[Choice], filters: &[BTreeSet<String>]) -> BTreeSet<usize> {
    let none = [BTreeSet::new()];
    let mut twins = BTreeSet::new();
    for columns in if filters.is_empty() { &none[..] } else { filters } {
        let mut seen = BTreeSet::new();
        for (at, choice) in choices.iter().enumerate() {
            let told: Vec<_> = columns.iter().map(|column| choice.columns.get(column)).collect();
            if !seen.insert((&choice.name, told)) {
                twins.insert(at);
            }
        }
    }
    twins
}

impl Field {
    /// Is it asked?
    pub fn is_relevant(&self, scope: &Scope<'_>) -> bool {
        self.relevant.as_ref().is_none_or(|relevant| relevant.truth(scope))
    }

    /// Must it be answered, being asked?
    pub fn is_required(&self, scope: &Scope<'_>) -> bool {
        !self.disused && self.required.as_ref().is_some_and(|required| required.truth(scope))
    }

    /// The choices its filter leaves; none for fields that are not a select.
    pub fn choices<'p>(&self, pack: &'p Pack, scope: &Scope<'_>) -> Vec<&'p Choice> {
        let (FieldType::SelectOne(list) | FieldType::SelectMultiple(list)) = &self.r#type else { return Vec::new() };
        let offered = pack.choices.get(list).into_iter().flatten().filter(|choice| self.lets_through(choice, scope));
        match self.choice_filter {
            // Of one name the first, should a filter let more than one branch of a cascade through.
            Some(_) => {
                let mut names = BTreeSet::new();
                offered.filter(|choice| names.insert(&choice.name)).collect()
            }
            None => offered.collect(),
        }
    }

    /// Whether a choice may be made now; cheaper than looking for it among [`Field::choices`].
    pub(crate) fn offers(&self, pack: &Pack, scope: &Scope<'_>, name: &str) -> bool {
        let (FieldType::SelectOne(list) | FieldType::SelectMultiple(list)) = &self.r#type else { return false };
        let mut so_called = pack.choices.get(list).into_iter().flatten().filter(|choice| choice.name == name);
        so_called.any(|choice| self.lets_through(choice, scope))
    }

    fn lets_through(&self, choice: &Choice, scope: &Scope<'_>) -> bool {
        let scope = Scope { choice: Some(choice), ..*scope };
        self.choice_filter.as_ref().is_none_or(|filter| filter.truth(&scope))
    }

    /// Whether its calculation settles the value; one that names its own field (or `.`) may leave it to the writer.
    pub fn is_calculated(&self, scope: &Scope<'_>) -> bool {
        let Some(calculation) = self.calculation.as_ref().filter(|_| !self.disused) else { return false };
        let references = calculation.references();
        if !references.this && !references.fields.contains(&self.name) {
            return true;
        }
        !is_empty(&calculation.eval(&Scope { without: Some(&self.name), this: None, ..*scope }))
    }
}

/// No answer: null, blank text, no member, a signature without a stroke.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(members) => members.is_empty(),
        Value::Object(parts) => parts.get("strokes").and_then(Value::as_array).is_some_and(Vec::is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
