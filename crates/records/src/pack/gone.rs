//! When an entry of a register is no longer here, by what the pack says of its kind.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::{Due, FieldType, Indicator, Kind, Pack};
use crate::{
    Context, Fields, NoOthers, RecordId, Text, User, Value,
    expression::{Expression, Scope},
    figures::Elsewhere,
    link,
};

/// When an entry is no longer here: who died or moved away, a team that broke up. It stays in the register, but no longer
/// stands among those who are here, is not offered first, falls due for nothing and is no longer counted among what stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gone {
    /// True of one that is no longer here on the day that is `today()`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Expression>,
    /// A field that points at one who takes it along: a permit goes with its person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// What is said of it beside its title, such as 已故.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Expression>,
    /// What those who are here are called together: 在住.
    pub here: Text,
    /// What those who are not are called together: 已不在此.
    pub label: Text,
}

/// Entries that take one another along, one after the other; a pack that goes in a circle stops here.
const MOST: u8 = 4;

impl Gone {
    /// The fields it reads of an entry.
    pub fn reads(&self) -> BTreeSet<String> {
        let mut reads: BTreeSet<String> = self.when.iter().flat_map(Expression::fields).collect();
        reads.extend(self.with.clone());
        reads
    }

    /// What of it `filter` does not ask by itself: a figure of those who died is not one of those who are here.
    fn but(&self, filter: Option<&Expression>) -> Self {
        let asked = filter.map(Expression::fields).unwrap_or_default();
        let when = self.when.clone().filter(|when| when.fields().is_disjoint(&asked));
        Self { when, with: self.with.clone().filter(|with| !asked.contains(with)), ..self.clone() }
    }

    fn is_true(&self, kind: &Kind, fields: &Fields, on: Date) -> bool {
        let context = Context { today: on, user: User::default(), lookup: &NoOthers };
        let scope = Scope { kind: Some(kind), ..Scope::new(fields, &context) };
        self.when.as_ref().is_some_and(|when| when.truth(&scope))
    }
}

impl Indicator {
    /// Which of its kind's entries it leaves out as being no longer here; `None` for one that counts what happened.
    pub(crate) fn leaves_out(&self, kind: &Kind) -> Option<Gone> {
        kind.gone.as_ref().filter(|_| self.standing).map(|gone| gone.but(self.filter.as_ref()))
    }
}

impl Due {
    /// When an entry of the rule's kind falls due no more.
    pub fn spares(&self, kind: &Kind) -> Option<Gone> {
        kind.gone.as_ref().map(|gone| gone.but(self.filter.as_ref()))
    }
}

impl Pack {
    /// Whether an entry of `kind` with these values is no longer here on a day; those of [`Gone::reads`] suffice.
    pub fn is_gone(&self, kind: &Kind, fields: &Fields, on: Date, elsewhere: &Elsewhere<'_>) -> bool {
        kind.gone.as_ref().is_some_and(|gone| self.is_gone_by(gone, kind, fields, on, elsewhere))
    }

    /// [`Pack::is_gone`] by a rule of one's own.
    pub fn is_gone_by(&self, gone: &Gone, kind: &Kind, fields: &Fields, on: Date, elsewhere: &Elsewhere<'_>) -> bool {
        self.goes(gone, kind, fields, on, elsewhere, 0)
    }

    /// [`Pack::is_gone`] of a record that is held elsewhere.
    pub fn is_gone_elsewhere(&self, kind: &Kind, id: RecordId, on: Date, elsewhere: &Elsewhere<'_>) -> bool {
        self.went(kind, id, on, elsewhere, 0)
    }

    /// Kinds whose entries take those of a kind along.
    pub(crate) fn kinds_gone_with<'p>(&'p self, kind: &'p Kind) -> BTreeSet<&'p str> {
        let (mut found, mut at) = (BTreeSet::new(), Some(kind));
        while let Some(kind) = at {
            let with = kind.gone.as_ref().and_then(|gone| kind.field(gone.with.as_ref()?));
            at = with.and_then(|field| match &field.r#type {
                FieldType::Record(to) => self.kind(to).filter(|to| found.insert(to.name.as_str())),
                _ => None,
            });
        }
        found
    }

    fn went(&self, kind: &Kind, id: RecordId, on: Date, elsewhere: &Elsewhere<'_>, deep: u8) -> bool {
        let Some(gone) = kind.gone.as_ref().filter(|_| deep < MOST) else { return false };
        let fields: Fields =
            gone.reads().into_iter().filter_map(|name| elsewhere(id, &name).map(|value| (name, value))).collect();
        self.goes(gone, kind, &fields, on, elsewhere, deep)
    }

    fn goes(&self, gone: &Gone, kind: &Kind, fields: &Fields, on: Date, elsewhere: &Elsewhere<'_>, deep: u8) -> bool {
        gone.is_true(kind, fields, on) || {
            let to = gone.with.as_ref().and_then(|name| kind.field(name));
            let to = to.and_then(|field| match &field.r#type {
                FieldType::Record(to) => Some((self.kind(to)?, fields.get(&field.name).and_then(Value::as_str)?)),
                _ => None,
            });
            to.is_some_and(|(to, id)| link(id).is_some_and(|id| self.went(to, id, on, elsewhere, deep + 1)))
        }
    }
}
