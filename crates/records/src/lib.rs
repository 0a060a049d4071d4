//! What a community's records are: packs (data) say which kinds there are, this crate (code) loads, checks and runs them.
//!
//! Pure: no clock, no randomness, no storage, no browser. "Today" and everything else from outside come in through
//! [`Context`]. The tablet and the server run exactly this code, so a form refused here is refused there.
//!
//! Map: [`text`] both languages · [`pack`] kinds, fields, posts, indicators · [`expression`] ODK XPath · [`form`] one
//! record being written · [`check`] may this record be kept · [`figures`] numbers out of records · [`report`] prose out of
//! figures · [`ledger`] tables out of records · [`csv`] tables as text · [`order`] names with numbers in order · [`file`] what records say of files · [`identity`] resident
//! ID numbers · [`days`] dates · [`spelling`] names by pinyin · [`words`] how a value reads on a screen.

mod asked;
pub mod check;
pub mod csv;
pub mod days;
pub mod expression;
pub mod figures;
pub mod file;
pub mod form;
pub mod identity;
pub mod ledger;
mod near;
pub mod order;
pub mod pack;
pub mod report;
pub mod spelling;
pub mod text;
pub mod words;

pub use check::{Problem, check};
pub(crate) use near::near;
pub use pack::{Class, Field, FieldType, Kind, Pack, Post, Right};
pub use text::{Lang, Text};

/// One field's value as it travels and rests: JSON, read through the field's [`FieldType`].
///
/// text, phone, resident ID, choice, date (`2009-03-01`), date-time (RFC 3339 with offset), record (UUID) are strings;
/// integer and money (whole fen) are integers; yes/no is a boolean; many choices and repeats are arrays; a location is
/// `{lat, lon, accuracy, at}`; a signature is `{"w","h","strokes":[[[x,y],…],…]}` with integer points;
/// a trace is an array of `{at, point, lat, lon, accuracy}`; photos and files are arrays of [`file::Mention`]s.
pub use serde_json::Value;

/// A record's current values by field name. Names the pack does not know are kept and passed on.
pub type Fields = std::collections::BTreeMap<String, Value>;

/// The field that, when it holds a reason, takes a record out of lists and figures. Nothing is deleted by it.
pub const VOID: &str = "_void";
/// The field that holds why a record was erased: what else is left of it names nobody. Only the office writes it.
pub const ERASED: &str = "_erased";

/// A record's identity: a version-7 UUID made by the device that first wrote it.
pub type RecordId = uuid::Uuid;

/// The record that a text points at, if it does: by its id in the usual form, 36 characters, and no other. To parse every
/// text would cost more than all the rest.
pub fn link(text: &str) -> Option<RecordId> {
    (text.len() == 36).then(|| RecordId::try_parse(text).ok()).flatten()
}

/// What an expression may know of the world; always passed in.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The local date where the record is written (`today()`).
    pub today: jiff::civil::Date,
    /// Who writes: the account's name and post (`user('name')`, `user('post')`).
    pub user: User<'a>,
    /// Other records, for `lookup(${person}, 'born')`.
    pub lookup: &'a dyn Lookup,
}

/// Other records as expressions and checks see them; `None` when one is unknown here.
pub trait Lookup {
    /// A record's kind and all that shows of it.
    fn record(&self, id: RecordId) -> Option<(String, Fields)>;

    /// Its kind.
    fn kind(&self, id: RecordId) -> Option<String> {
        self.record(id).map(|(kind, _)| kind)
    }

    /// What shows in one of its fields.
    fn value(&self, id: RecordId, field: &str) -> Option<Value> {
        self.record(id)?.1.remove(field)
    }
}

impl<F: Fn(RecordId) -> Option<(String, Fields)>> Lookup for F {
    fn record(&self, id: RecordId) -> Option<(String, Fields)> {
        self(id)
    }
}

/// What is asked where no other record is to be known.
#[derive(Clone, Copy, Debug)]
pub struct NoOthers;

impl Lookup for NoOthers {
    fn record(&self, _: RecordId) -> Option<(String, Fields)> {
        None
    }
}

/// The writer as expressions see it.
#[derive(Clone, Copy, Debug, Default)]
pub struct User<'a> {
    /// Account name, the sign-in name.
    pub name: &'a str,
    /// Post name in the pack, such as `civil_affairs`.
    pub post: &'a str,
}
