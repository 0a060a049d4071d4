//! One change of a pack: what is put where. Laid over another version of the pack it does the same there.

use serde_json::{Value, json};

use super::super::{Choice, Due, Field, FieldType, Indicator, Kind, Pack, json as read};

/// Something put into a pack: new, or in place of what has its name.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A question of a form.
    Field {
        /// The form.
        kind: String,
        /// The question it comes after; the first with an empty name. Without one it stays where it is, or comes last.
        after: Option<String>,
        /// The question.
        field: Box<Field>,
    },
    /// A choice of a list, which begins with it if there is none yet.
    Choice {
        /// The list.
        list: String,
        /// The choice.
        choice: Choice,
    },
    /// A rule of what falls due.
    Due(Box<Due>),
    /// A figure.
    Indicator(Box<Indicator>),
    /// A whole form. Posts that see the report may read and write one that is new.
    Kind(Box<Kind>),
}

/// What an edit is to those who read a list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// There was nothing of this name.
    New,
    /// It says or asks something else.
    Changed,
    /// It stands elsewhere.
    Moved,
    /// It is no longer asked.
    Disused,
    /// It is asked again.
    BackInUse,
    /// It changes nothing.
    Nothing,
}

impl Edit {
    /// As it is kept.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Field { kind, after, field } => json!({"put": "field", "kind": kind, "after": after, "field": field}),
            Self::Choice { list, choice } => json!({"put": "choice", "list": list, "choice": choice}),
            Self::Due(due) => json!({"put": "due", "due": due}),
            Self::Indicator(indicator) => json!({"put": "indicator", "indicator": indicator}),
            Self::Kind(kind) => json!({"put": "kind", "kind": kind}),
        }
    }

    /// As it was kept.
    ///
    /// # Errors
    /// It cannot be read, and why.
    pub fn from_value(value: &Value) -> Result<Self, String> {
        read::edit(value.clone())
    }

    /// Whether both put the same thing.
    pub fn is_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Field { kind, field, .. }, Self::Field { kind: other, field: too, .. }) => {
                kind == other && field.name == too.name
            }
            (Self::Choice { list, choice }, Self::Choice { list: other, choice: too }) => {
                list == other && choice.name == too.name
            }
            (Self::Due(due), Self::Due(other)) => due.name == other.name,
            (Self::Indicator(indicator), Self::Indicator(other)) => indicator.name == other.name,
            (Self::Kind(kind), Self::Kind(other)) => kind.name == other.name,
            _ => false,
        }
    }

    /// What it does to a pack.
    pub fn news(&self, pack: &Pack) -> News {
        let of = |is_there: bool, is_same: bool| match (is_there, is_same) {
            (false, _) => News::New,
            (true, true) => News::Nothing,
            (true, false) => News::Changed,
        };
        match self {
            Self::Field { kind, after, field } => match pack.kind(kind).and_then(|kind| kind.field(&field.name)) {
                None => News::New,
                Some(old) if old.disused != field.disused => {
                    if field.disused {
                        News::Disused
                    } else {
                        News::BackInUse
                    }
                }
                Some(old) if *old != **field => News::Changed,
                Some(_) if after.is_some() => News::Moved,
                Some(_) => News::Nothing,
            },
            Self::Choice { list, choice } => {
                let old = pack.choices.get(list).and_then(|all| all.iter().find(|old| old.name == choice.name));
                of(old.is_some(), old == Some(choice))
            }
            Self::Due(due) => {
                let old = pack.due.iter().find(|old| old.name == due.name);
                of(old.is_some(), old == Some(due))
            }
            Self::Indicator(indicator) => {
                let old = pack.indicator(&indicator.name);
                of(old.is_some(), old == Some(indicator))
            }
            Self::Kind(kind) => of(pack.kind(&kind.name).is_some(), pack.kind(&kind.name) == Some(kind)),
        }
    }

    fn lay(&self, pack: &mut Pack) {
        match self {
            Self::Field { kind, after, field } => {
                if let Some(kind) = pack.kinds.get_mut(kind) {
                    put_field(&mut kind.fields, after.as_deref(), field);
                }
            }
            Self::Choice { list, choice } => {
                put_named(pack.choices.entry(list.clone()).or_default(), choice, |choice| &choice.name);
            }
            Self::Due(due) => put_named(&mut pack.due, due, |due| &due.name),
            Self::Indicator(indicator) => put_named(&mut pack.indicators, indicator, |indicator| &indicator.name),
            Self::Kind(kind) => {
                if pack.kinds.insert(kind.name.clone(), (**kind).clone()).is_none() {
                    for post in pack.posts.iter_mut().filter(|post| post.report) {
                        post.read.push(kind.name.clone());
                        post.write.push(kind.name.clone());
                    }
                }
            }
        }
    }
}

fn put_field(fields: &mut Vec<Field>, after: Option<&str>, field: &Field) {
    let was = fields.iter().position(|old| old.name == field.name);
    let Some(after) = after else {
        match was.and_then(|at| fields.get_mut(at)) {
            Some(old) => *old = field.clone(),
            None => fields.push(field.clone()),
        }
        return;
    };
    if let Some(at) = was {
        fields.remove(at);
    }
    let place = match fields.iter().position(|old| old.name == after) {
        Some(at) => at + 1,
        None if after.is_empty() => 0,
        None => was.unwrap_or(fields.len()).min(fields.len()),
    };
    fields.insert(place, field.clone());
}

fn put_named<T: Clone>(all: &mut Vec<T>, one: &T, name: fn(&T) -> &String) {
    match all.iter_mut().find(|old| name(old) == name(one)) {
        Some(old) => *old = one.clone(),
        None => all.push(one.clone()),
    }
}

impl Pack {
    /// This pack with edits laid over it, in their order.
    pub fn edited(&self, edits: &[Edit]) -> Self {
        let mut pack = self.clone();
        edits.iter().for_each(|edit| edit.lay(&mut pack));
        pack
    }

    /// The choice list of a question.
    pub fn list_of<'f>(&self, field: &'f Field) -> Option<&'f str> {
        match &field.r#type {
            FieldType::SelectOne(list) | FieldType::SelectMultiple(list) if self.choices.contains_key(list) => {
                Some(list)
            }
            _ => None,
        }
    }
}

/// Adds an edit of `pack` to those there are: one of the same thing gives way to it, and what changes nothing goes.
pub fn put(pack: &Pack, edits: &mut Vec<Edit>, mut edit: Edit) {
    let before = edits.iter().position(|old| old.is_of(&edit));
    if let (Edit::Field { after, .. }, Some(Edit::Field { after: old, .. })) =
        (&mut edit, before.and_then(|at| edits.get(at)))
        && after.is_none()
    {
        after.clone_from(old);
    }
    let says = edit.news(pack) != News::Nothing;
    match before.and_then(|at| edits.get_mut(at)) {
        Some(old) if says => *old = edit,
        Some(_) => edits.retain(|old| !old.is_of(&edit)),
        None if says => edits.push(edit),
        None => {}
    }
}
