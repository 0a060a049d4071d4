//! Running a tree over a scope. Borrows all it can: figures ask a filter of 200,000 records.

use std::borrow::Cow;

use super::{
    Scope,
    atom::{Atom, equal, numbers},
    tree::{Compare, Node, Sum},
};
use crate::{Value, pack::FieldType};

impl Node {
    pub(super) fn eval<'a>(&'a self, scope: &Scope<'a>) -> Atom<'a> {
        match self {
            Self::Text(text) => Atom::Text(Cow::Borrowed(text)),
            Self::Number(number) => Atom::Number(*number),
            Self::Field(name) => scope.value(name).map_or(Atom::Nothing, Atom::of),
            Self::Column(name) => scope.column(name),
            Self::This => scope.this.map_or(Atom::Nothing, Atom::of),
            Self::And(two) => Atom::Truth(two.0.truth(scope) && two.1.truth(scope)),
            Self::Or(two) => Atom::Truth(two.0.truth(scope) || two.1.truth(scope)),
            Self::Compare(how, two) => Atom::Truth(compare(*how, &two.0.eval(scope), &two.1.eval(scope))),
            Self::Sum(how, two) => {
                let (a, b) = numbers(&two.0.eval(scope), &two.1.eval(scope));
                Atom::Number(match how {
                    Sum::Plus => a + b,
                    Sum::Minus => a - b,
                    Sum::Times => a * b,
                    Sum::Div => a / b,
                    Sum::Mod => a % b,
                })
            }
            Self::Minus(one) => Atom::Number(-one.eval(scope).to_number()),
            Self::Call(function, args) => (function.run)(args, scope),
            Self::Regex(one) => Atom::Truth(one.1.matches(&one.0.eval(scope).to_text())),
        }
    }

    pub(super) fn truth<'a>(&'a self, scope: &Scope<'a>) -> bool {
        self.eval(scope).to_truth()
    }

    /// All values: a field inside a repeat gives one a row, a repeat its rows, anything else itself.
    pub(super) fn all<'a>(&'a self, scope: &Scope<'a>) -> Vec<Atom<'a>> {
        let Self::Field(name) = self else { return vec![self.eval(scope)] };
        let values: Vec<&'a Value> = match scope.value(name) {
            Some(Value::Array(rows)) => rows.iter().collect(),
            Some(value) => vec![value],
            None => {
                let mut repeats = scope.kind.into_iter().flat_map(|kind| &kind.fields);
                let holds = |fields: &[crate::Field]| fields.iter().any(|f| *f.name == **name);
                let repeat = repeats.find(|f| matches!(&f.r#type, FieldType::Repeat(inner) if holds(inner)));
                let rows = repeat.and_then(|repeat| scope.fields.get(&repeat.name)).and_then(Value::as_array);
                rows.into_iter().flatten().filter_map(|row| row.get(&**name)).collect()
            }
        };
        values.into_iter().map(Atom::of).filter(|atom| !atom.is_empty()).collect()
    }
}

impl<'a> Scope<'a> {
    /// A field's value: the row's own first, then the record's.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        if self.without == Some(name) {
            return None;
        }
        self.row.and_then(|(row, _)| row.get(name)).or_else(|| self.fields.get(name))
    }

    fn column(&self, name: &str) -> Atom<'a> {
        let Some(choice) = self.choice else { return Atom::Nothing };
        match name {
            "name" => Atom::text(choice.name.as_str()),
            "label" => Atom::text(choice.label.get(self.lang)),
            _ => choice.columns.get(name).map_or(Atom::Nothing, |text| Atom::text(text.as_str())),
        }
    }
}

fn compare(how: Compare, a: &Atom<'_>, b: &Atom<'_>) -> bool {
    // Not a number is unequal to everything, itself too, as in XPath.
    if matches!(how, Compare::Equal | Compare::Unequal) {
        return equal(a, b) == (how == Compare::Equal);
    }
    let (a, b) = numbers(a, b);
    match how {
        Compare::Less => a < b,
        Compare::LessOrEqual => a <= b,
        Compare::More => a > b,
        _ => a >= b,
    }
}
