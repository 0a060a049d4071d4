//! What a column may mean.

use std::{fmt, str::FromStr};

use records::{Field, FieldType, Text};

use super::roles::Roles;

/// Most people of one row.
pub const MOST_BESIDE: usize = 20;

/// What a column's values are for. Written `address`, `head`, `person.phone`, `person.labels=low_income`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A field of the building, the household or the person.
    Field {
        /// The kind's name.
        kind: String,
        /// The field's name.
        field: String,
    },
    /// A field of another person who stands in the same row. Written `person/2.name`.
    Beside {
        /// Which person of the row: the second is 2.
        nth: usize,
        /// The kind's name.
        kind: String,
        /// The field's name.
        field: String,
    },
    /// A column that ticks one choice of a field of many: 低保 with √.
    Member {
        /// The kind's name.
        kind: String,
        /// The field's name.
        field: String,
        /// The choice's name.
        choice: String,
    },
    /// Building, stairwell, floor and flat in one cell: `3幢2单元501室`, `3-2-501`.
    Address,
    /// The name of the head, in a roster with one row a household.
    Head,
}

impl Target {
    /// A field.
    pub fn field(kind: &str, field: &str) -> Self {
        Self::Field { kind: kind.into(), field: field.into() }
    }

    /// Whether the pack has it and a cell can hold it.
    pub fn is_known(&self, roles: &Roles<'_>) -> bool {
        let find = |kind: &str, field: &str| roles.kind(kind).and_then(|kind| kind.field(field));
        match self {
            Self::Address => true,
            Self::Head => roles.head.is_some(),
            Self::Field { kind, field } => find(kind, field).is_some_and(fits_a_cell),
            Self::Beside { nth, kind, field } => {
                (2..=MOST_BESIDE).contains(nth)
                    && *kind == roles.person.name
                    && find(kind, field).is_some_and(fits_a_cell)
            }
            Self::Member { kind, field, choice } => find(kind, field).is_some_and(|field| {
                field.r#type.is_set() && roles.choices(field).iter().any(|known| known.name == *choice)
            }),
        }
    }

    /// What people call it.
    pub fn label(&self, roles: &Roles<'_>) -> Text {
        let of = |kind: &str, field: &str| {
            let kind = roles.kind(kind)?;
            let field = kind.field(field)?;
            let zh = format!("{}：{}", kind.label.zh, field.label.zh);
            Some((field, Text::new(zh, format!("{}: {}", kind.label.en, field.label.en))))
        };
        match self {
            Self::Address => {
                Text::new("地址（幢、单元、室在一格里）", "Address (building, stairwell and flat in one cell)")
            }
            Self::Head => Text::new("户主姓名", "Name of the head of the household"),
            Self::Field { kind, field } => of(kind, field).map(|(_, label)| label).unwrap_or_default(),
            Self::Beside { nth, kind, field } => {
                let field = roles.kind(kind).and_then(|kind| kind.field(field)).map(|field| &field.label);
                let (zh, en) = field.map(|label| (&*label.zh, &*label.en)).unwrap_or_default();
                Text::new(format!("同一行第 {nth} 人：{zh}"), format!("Person {nth} of the row: {en}"))
            }
            Self::Member { kind, field, choice } => of(kind, field)
                .and_then(|(field, label)| {
                    let choice = roles.choices(field).iter().find(|known| known.name == *choice)?;
                    let zh = format!("{} = {}", label.zh, choice.label.zh);
                    Some(Text::new(zh, format!("{} = {}", label.en, choice.label.en)))
                })
                .unwrap_or_default(),
        }
    }
}

/// Everything a column may mean, in the order to offer it: the person, the door, the building, then ticks.
pub fn offered(roles: &Roles<'_>) -> Vec<Target> {
    let [building, household, person] = roles.kinds();
    let mut offered: Vec<Target> = Vec::new();
    for kind in [person, household, building] {
        if kind.name == household.name {
            offered.push(Target::Address);
        }
        offered.extend(kind.fields.iter().filter(|f| fits_a_cell(f)).map(|f| Target::field(&kind.name, &f.name)));
        if kind.name == person.name && roles.head.is_some() {
            offered.push(Target::Head);
        }
    }
    for field in person.fields.iter().filter(|field| matches!(field.r#type, FieldType::SelectMultiple(_))) {
        offered.extend(roles.choices(field).iter().map(|choice| Target::Member {
            kind: person.name.clone(),
            field: field.name.clone(),
            choice: choice.name.clone(),
        }));
    }
    offered
}

/// What a column may mean for another person of the row.
pub fn offered_beside(roles: &Roles<'_>, nth: usize) -> Vec<Target> {
    let kind = roles.person;
    let fields = kind.fields.iter().filter(|field| fits_a_cell(field));
    fields.map(|field| Target::Beside { nth, kind: kind.name.clone(), field: field.name.clone() }).collect()
}

/// Whether one cell can hold the field's value; records, positions and signatures it cannot.
fn fits_a_cell(field: &Field) -> bool {
    use FieldType as T;
    let plain = matches!(
        field.r#type,
        T::Text | T::Integer | T::Date | T::SelectOne(_) | T::SelectMultiple(_) | T::YesNo | T::Phone | T::ResidentId
    );
    plain && !field.read_only
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { kind, field } => write!(f, "{kind}.{field}"),
            Self::Beside { nth, kind, field } => write!(f, "{kind}/{nth}.{field}"),
            Self::Member { kind, field, choice } => write!(f, "{kind}.{field}={choice}"),
            Self::Address => f.write_str("address"),
            Self::Head => f.write_str("head"),
        }
    }
}

/// A text that is no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a target: expected `address`, `head`, `kind.field`, `kind/2.field` or `kind.field=choice`")]
pub struct NoTarget;

impl FromStr for Target {
    type Err = NoTarget;

    fn from_str(text: &str) -> Result<Self, NoTarget> {
        if let Some(whole) = [Self::Address, Self::Head].into_iter().find(|whole| whole.to_string() == text) {
            return Ok(whole);
        }
        let (kind, rest) = text.split_once('.').ok_or(NoTarget)?;
        if let Some((kind, nth)) = kind.split_once('/') {
            let nth = nth.parse().map_err(|_| NoTarget)?;
            return Ok(Self::Beside { nth, kind: kind.into(), field: rest.into() });
        }
        let kind = kind.to_owned();
        Ok(match rest.split_once('=') {
            Some((field, choice)) => Self::Member { kind, field: field.into(), choice: choice.into() },
            None => Self::Field { kind, field: rest.into() },
        })
    }
}
