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
        /// The choice it comes after, as with questions; its own name, where it stands beside another of that name in another
        /// branch of a cascade.
        after: Option<String>,
        /// The choice.
        choice: Choice,
    },
    /// A rule of what falls due.
    Due(Box<Due>),
    /// A figure.
    Indicator(Box<Indicator>),
    /// What a form is beside its questions, such as what it and its records are called; its fields do not count.
    Head(Box<Kind>),
    /// A whole form.
    Kind {
        /// The form.
        kind: Box<Kind>,
        /// Posts that may read and write it if it is new, beside those that see the report.
        posts: Vec<String>,
    },
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
            Self::Choice { list, after, choice } => {
                json!({"put": "choice", "list": list, "after": after, "choice": choice})
            }
            Self::Due(due) => json!({"put": "due", "due": due}),
            Self::Indicator(indicator) => json!({"put": "indicator", "indicator": indicator}),
            Self::Head(kind) => json!({"put": "head", "kind": kind}),
            Self::Kind { kind, posts } => json!({"put": "kind", "kind": kind, "posts": posts}),
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
    pub fn is_of(&self, another: &Self) -> bool {
        match (self, another) {
            (Self::Field { kind, field, .. }, Self::Field { kind: other, field: too, .. }) => {
                kind == other && field.name == too.name
            }
            (Self::Choice { list, choice, .. }, Self::Choice { list: other, choice: too, .. }) => {
                let is_beside = self.is_beside();
                let is_same = choice.name == too.name && (!is_beside || choice.columns == too.columns);
                list == other && is_same && is_beside == another.is_beside()
            }
            (Self::Due(due), Self::Due(other)) => due.name == other.name,
            (Self::Indicator(indicator), Self::Indicator(other)) => indicator.name == other.name,
            (Self::Head(kind), Self::Head(other)) => kind.name == other.name,
            (Self::Kind { kind, .. }, Self::Kind { kind: other, .. }) => kind.name == other.name,
            _ => false,
        }
    }

    /// The form it changes, with the form's own choices; none for what is of no form.
    pub fn of_form(&self) -> Option<&str> {
        match self {
            Self::Field { kind, .. } => Some(kind),
            Self::Choice { list, .. } => Some(list.split_once('.')?.0),
            Self::Head(kind) | Self::Kind { kind, .. } => Some(&kind.name),
            Self::Due(_) | Self::Indicator(_) => None,
        }
    }

    /// What it does to a pack.
    pub fn news(&self, pack: &Pack) -> News {
        let of = |is_there: bool, is_same: bool, is_moved: bool| match (is_there, is_same) {
            (false, _) => News::New,
            (true, false) => News::Changed,
            (true, true) if is_moved => News::Moved,
            (true, true) => News::Nothing,
        };
        let used = |was_out: bool, is_out: bool| match (was_out, is_out) {
            (false, true) => Some(News::Disused),
            (true, false) => Some(News::BackInUse),
            _ => None,
        };
        match self {
            Self::Field { kind, after, field } => {
                let old = pack.kind(kind).and_then(|kind| kind.field(&field.name));
                let turned = old.and_then(|old| used(old.disused, field.disused));
                turned.unwrap_or_else(|| of(old.is_some(), old == Some(&**field), after.is_some()))
            }
            Self::Choice { list, after, choice } => {
                let is_it =
                    |old: &&Choice| old.name == choice.name && (!self.is_beside() || old.columns == choice.columns);
                let old = pack.choices.get(list).and_then(|all| all.iter().find(is_it));
                of(old.is_some(), old == Some(choice), after.is_some() && !self.is_beside())
            }
            Self::Due(due) => {
                let old = pack.due.iter().find(|old| old.name == due.name);
                let turned = old.and_then(|old| used(old.stopped, due.stopped));
                turned.unwrap_or_else(|| of(old.is_some(), old == Some(&**due), false))
            }
            Self::Indicator(indicator) => {
                let old = pack.indicator(&indicator.name);
                let turned = old.and_then(|old| used(old.stopped, indicator.stopped));
                turned.unwrap_or_else(|| of(old.is_some(), old == Some(&**indicator), false))
            }
            Self::Head(head) => {
                let old = pack.kind(&head.name);
                let is_same = old.is_some_and(|old| *old == Kind { fields: old.fields.clone(), ..(**head).clone() });
                of(old.is_some(), is_same, false)
            }
            Self::Kind { kind, .. } => {
                let old = pack.kind(&kind.name);
                of(old.is_some(), old == Some(&**kind), false)
            }
        }
    }

    /// Whether it puts a choice beside another of its name.
    fn is_beside(&self) -> bool {
        matches!(self, Self::Choice { after: Some(after), choice, .. } if *after == choice.name)
    }

    fn lay(&self, pack: &mut Pack) {
        match self {
            Self::Field { kind, after, field } => {
                if let Some(kind) = pack.kinds.get_mut(kind) {
                    put_at(&mut kind.fields, after.as_deref(), field, |field| &field.name);
                }
            }
            Self::Choice { list, after, choice } => {
                let choices = pack.choices.entry(list.clone()).or_default();
                if !self.is_beside() {
                    return put_at(choices, after.as_deref(), choice, |choice| &choice.name);
                }
                let is_it = |old: &Choice| old.name == choice.name && old.columns == choice.columns;
                match choices.iter().position(is_it) {
                    Some(at) => choices[at] = choice.clone(),
                    None => {
                        let last = choices.iter().rposition(|old| old.name == choice.name);
                        choices.insert(last.map_or(choices.len(), |at| at + 1), choice.clone());
                    }
                }
            }
            Self::Due(due) => put_at(&mut pack.due, None, due, |due| &due.name),
            Self::Indicator(indicator) => put_at(&mut pack.indicators, None, indicator, |indicator| &indicator.name),
            Self::Head(head) => {
                if let Some(kind) = pack.kinds.get_mut(&head.name) {
                    let fields = std::mem::take(&mut kind.fields);
                    *kind = Kind { fields, ..(**head).clone() };
                }
            }
            Self::Kind { kind, posts } => {
                if pack.kinds.insert(kind.name.clone(), (**kind).clone()).is_none() {
                    for post in pack.posts.iter_mut().filter(|post| post.report || posts.contains(&post.name)) {
                        post.read.push(kind.name.clone());
                        post.write.push(kind.name.clone());
                    }
                }
            }
        }
    }
}

/// Puts one in the place of what has its name, or after what is called `after`; at the head where that is empty.
fn put_at<T: Clone>(all: &mut Vec<T>, after: Option<&str>, one: &T, name: fn(&T) -> &String) {
    let was = all.iter().position(|old| name(old) == name(one));
    let Some(after) = after else {
        match was.and_then(|at| all.get_mut(at)) {
            Some(old) => *old = one.clone(),
            None => all.push(one.clone()),
        }
        return;
    };
    if let Some(at) = was {
        all.remove(at);
    }
    let place = match all.iter().position(|old| name(old) == after) {
        Some(at) => at + 1,
        None if after.is_empty() => 0,
        None => was.unwrap_or(all.len()).min(all.len()),
    };
    all.insert(place, one.clone());
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
    if let (
        Edit::Field { after, .. } | Edit::Choice { after, .. },
        Some(Edit::Field { after: old, .. } | Edit::Choice { after: old, .. }),
    ) = (&mut edit, before.and_then(|at| edits.get(at)))
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
