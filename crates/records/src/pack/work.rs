//! What a pack says of work to be done: what is due when, what can be done with a record, what is written again and again.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Choice, FieldType, Kind, Pack};
use crate::{expression::Expression, text::Text};

/// Something that must be done by a day, worked out from records on the tablet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Due {
    /// Machine name.
    pub name: String,
    /// Why something is due, in two or three words: 独居老人走访.
    pub label: Text,
    /// The kind that is looked at: of a promise and a deadline the record that holds it, of a round the record to be seen.
    pub kind: String,
    /// Only records for which it is true.
    pub filter: Option<Expression>,
    /// By when, and what settles it.
    pub rule: DueRule,
    /// Posts on whose Today it stands; all that may read the kind when empty.
    pub posts: Vec<String>,
    /// Nothing falls due by it any more; what was done stays.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stopped: bool,
}

/// The three ways a thing falls due.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueRule {
    /// A promise kept in a record: by this date someone comes back.
    Promise {
        /// Its field with the date.
        date: String,
        /// Fields that say about whom; a later record of the kind about the same keeps the promise.
        about: Vec<String>,
    },
    /// A round: every so often something is recorded about it.
    Every {
        /// Days from one time to the next.
        days: u32,
        /// The kind whose records count as having been there.
        by: String,
        /// That kind's fields that say where: one that points at the record itself, or at what the record points at (a visit
        /// to a household is one to those who live in it).
        about: Vec<String>,
        /// Only records of that kind for which it is true count.
        kept: Option<Expression>,
    },
    /// Something that runs out; settled when the date moves on.
    Until {
        /// Its field with the date.
        date: String,
        /// Days before the date from which it is listed.
        ahead: u32,
    },
}

/// Something that can be done with a record, beyond writing into it freely: take a task, close a case, hand a finding on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Action {
    /// Machine name, unique in its kind.
    pub name: String,
    /// What its button says.
    pub label: Text,
    /// Icon name in the app's set.
    pub icon: Option<String>,
    /// Offered only while true.
    pub when: Option<Expression>,
    /// Posts that are offered it; all that may write when empty.
    pub posts: Vec<String>,
    /// Fields it sets, each by an expression over this record.
    pub set: BTreeMap<String, Expression>,
    /// A field of type date and time that takes the moment.
    pub stamp: Option<String>,
    /// Fields asked for before it is saved; one tap saves when none is.
    pub ask: Vec<String>,
    /// It makes a record of this kind instead of changing this one; `set`, `stamp` and `ask` are then of that kind.
    pub makes: Option<String>,
    /// The made record's field that points back at this one.
    pub link: Option<String>,
}

/// What a record entails for the one it points at, set with it when it is made: a permit makes a tenant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Follow {
    /// The field that points at the other record.
    pub at: String,
    /// Only while true of this record.
    pub when: Option<Expression>,
    /// Fields of the other record, each by an expression over this one; a choice of several is added.
    pub set: BTreeMap<String, Expression>,
}

/// What is written again and again, as it was the last time: today's dance, 46 people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Again {
    /// The last record of each value of this field can be written again.
    pub per: String,
    /// Fields that may change on the way, such as the head count.
    pub ask: Vec<String>,
    /// Fields that are kept as they were; the others begin anew.
    pub keep: Vec<String>,
    /// A field of the record that `per` points at, with the account whose Today offers it; the account that wrote the last
    /// one is offered it too.
    pub keeper: Option<String>,
}

/// A record that is made on the way: begun at the gate, points passed one by one, things found, finished at home.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Walk {
    /// Fields asked for before it begins: which route, how many people.
    pub ask: Vec<String>,
    /// The text that takes the time of setting out, `22:30`.
    pub start: String,
    /// The whole number that takes the minutes from then to the end.
    pub minutes: String,
    /// The many choices that take the points passed; each choice is a point with a code of its own.
    pub points: String,
    /// The repeat that takes what is found.
    pub found: Option<String>,
    /// The trace.
    pub trace: Option<String>,
}

/// What a point's code says before the choice's name.
const CODE: &str = "linli:point:";

impl Walk {
    /// The points of a kind that is walked, in the pack's order; none where its field has no list of choices.
    pub fn stops<'p>(&self, pack: &'p Pack, kind: &Kind) -> &'p [Choice] {
        let list = match kind.field(&self.points).map(|field| &field.r#type) {
            Some(FieldType::SelectMultiple(list)) => pack.choices.get(list),
            _ => None,
        };
        list.map_or(&[], |list| list)
    }

    /// The text of a point's QR code.
    pub fn code(point: &str) -> String {
        format!("{CODE}{point}")
    }

    /// The point that a code is of, whether this round has it or not.
    pub fn point(code: &str) -> Option<&str> {
        code.trim().strip_prefix(CODE).filter(|name| !name.is_empty())
    }
}
