//! The pack: a community's kinds, posts, choice lists, due rules, indicators and reports, as data.
//!
//! Files: `pack.toml` (name, version, posts, shared choice lists, dimensions), `kinds/<name>.toml`, one kind each, in the
//! columns of XLSForm, with the choice lists, rights, due rules and indicators that go with it, and `reports/<name>.toml`. Serializable as it stands: tablets receive the pack as JSON and keep the last good one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{expression::Expression, text::Text};

mod embedded;
mod figure;
mod gone;
mod json;
mod load;
mod publish;
mod renew;
mod rights;
mod row;
mod screens;
mod verify;
mod work;
pub mod workshop;

pub use crate::asked::{filters, twins};
pub use embedded::COMMUNITY;
pub use figure::{By, Chart, Dimension, Indicator, MONTH, Measure, OFFICER, Path, Template};
pub use gone::Gone;
pub use publish::Wrong;
pub use rights::Right;
pub use screens::{Doors, Screens, Versions};
pub use work::{Action, Again, Due, DueRule, Follow, Walk};

/// A loaded, checked pack.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Pack {
    /// Short machine name, such as `community`.
    pub name: String,
    /// Grows by one at each published change.
    pub version: u32,
    /// What the community calls the pack.
    pub label: Text,
    /// Kinds by name.
    pub kinds: BTreeMap<String, Kind>,
    /// Posts (岗位) in the order they are shown.
    pub posts: Vec<Post>,
    /// Shared choice lists by name; a kind's own lists are merged in at load as `<kind>.<list>`.
    pub choices: BTreeMap<String, Vec<Choice>>,
    /// The figures of the work report, in order.
    pub indicators: Vec<Indicator>,
    /// What figures are broken down by, in the order they are offered.
    pub dimensions: Vec<Dimension>,
    /// Reports that are written from the figures.
    pub reports: Vec<Template>,
    /// What falls due, in the order of its weight.
    pub due: Vec<Due>,
    /// Which kinds play the parts that screens are built around.
    pub screens: Screens,
    /// Of a pack that its community has changed: the version of the program's pack it goes back to. A newer program adds
    /// to it what is new, and takes nothing back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<u32>,
    /// What the office calls exactly this pack: a version's number may have been given twice, by a server and a command
    /// beside it or before and after a backup was put back.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub print: String,
}

/// Who may see records of a kind at all; decides the bucket they replicate in (design, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Nothing about a resident: buildings, teams, patrols.
    Open,
    /// About residents.
    Resident,
    /// About residents under special protection; assigned officers only.
    Restricted,
}

/// Whether a record states something that happened or keeps an entry up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nature {
    /// Written once; corrected only by a later change that says why.
    Fact,
    /// A register entry that changes over the years.
    Register,
}

/// One kind of record: a form and how its records are listed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kind {
    /// Machine name; the file's name.
    pub name: String,
    /// What people call it.
    pub label: Text,
    /// Fact or register entry.
    pub nature: Nature,
    /// Sensitivity.
    pub class: Class,
    /// Field holding the date the record counts for (facts) — figures filter by it.
    pub date: Option<String>,
    /// Icon name in the app's set.
    pub icon: Option<String>,
    /// One line that names the record in lists, an expression such as `concat(${building_name}, ${flat})`.
    pub title: Option<Expression>,
    /// A second line, smaller.
    pub summary: Option<Expression>,
    /// Fields in the order of the form.
    pub fields: Vec<Field>,
    /// How its records come by the values of dimensions.
    pub by: By,
    /// The field that says which officer alone may see a record: a text with an account's name, or a record of a kind
    /// that is assigned itself, whose officer it then shares.
    pub assigned: Option<String>,
    /// Facts only: years after their date at the end of which records are to be erased; for good without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_years: Option<u32>,
    /// What can be done with a record.
    pub actions: Vec<Action>,
    /// What its records entail for those they point at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub follows: Vec<Follow>,
    /// What is written again and again.
    pub again: Option<Again>,
    /// Fields that are hardly ever all the same in two records: two such are likely the same twice. Two in which one of them
    /// is empty are so only on one day. [`OR`] between them: one way or another.
    pub once: Vec<String>,
    /// How it is made on the way, where it is.
    pub walk: Option<Walk>,
    /// When an entry of the register is no longer here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
    /// A line that tells it from others of the same title where one of them is chosen, such as address and date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tells_apart: Option<Expression>,
}

/// The word in [`Kind::once`] between two ways in which records can be alike.
pub const OR: &str = "or";

impl Kind {
    /// The ways in which two records are likely the same twice: the fields that are then all the same.
    pub fn ways_alike(&self) -> impl Iterator<Item = &[String]> {
        self.once.split(|name| name == OR).filter(|way| !way.is_empty())
    }
}

/// One question of a form: a row of XLSForm's `survey` sheet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// Machine name, `[a-z][a-z0-9_]*`, unique in its kind.
    pub name: String,
    /// What is kept.
    pub r#type: FieldType,
    /// The question.
    pub label: Text,
    /// A line of help under it.
    pub hint: Option<Text>,
    /// Must be answered when relevant; a note that is required keeps the record from being saved while it shows.
    pub required: Option<Expression>,
    /// Asked only while true.
    pub relevant: Option<Expression>,
    /// Must hold for a given answer; `.` is the answer.
    pub constraint: Option<Expression>,
    /// Shown when the constraint fails.
    pub constraint_message: Option<Text>,
    /// The value is this, never typed.
    pub calculation: Option<Expression>,
    /// First value of a new record.
    pub default: Option<Expression>,
    /// Shows only choices for which it is true; choice columns are names in it.
    pub choice_filter: Option<Expression>,
    /// Shown but not changed by hand.
    pub read_only: bool,
    /// Space-separated XLSForm appearances: `multiline`, `long` for a line that may become many, `minimal`, `likert`, `masked`; `account` for a text that holds the
    /// name of an account, chosen and shown as the person behind it …
    pub appearance: String,
    /// Overrides the kind's class for this field (kept for column-level rights).
    pub class: Option<Class>,
    /// Indexed for search.
    pub search: bool,
    /// A column of the ledger.
    pub column: bool,
    /// Concurrent edits of it go to the review list.
    pub review: bool,
    /// Out of use: no longer asked, but answers that are there stay, show and count.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disused: bool,
    /// The pack's version that made it `required`, where it came later than the kind: tablets that have not heard of it yet
    /// write records too, and these are not refused for it.
    #[serde(skip_serializing_if = "is_from_the_start")]
    pub since: u32,
}

fn is_from_the_start(version: &u32) -> bool {
    *version == 0
}

/// The types of answers (design, section 4), written in TOML as in XLSForm: `select_one topic`, `record household` …
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line, or several with `multiline`.
    Text,
    /// A whole number.
    Integer,
    /// Whole fen, `i64`, never a float.
    Money,
    /// A civil date.
    Date,
    /// An instant with its offset.
    DateTime,
    /// One of a choice list.
    SelectOne(String),
    /// Some of a choice list; merges by add and remove.
    SelectMultiple(String),
    /// Yes or no.
    YesNo,
    /// A telephone number.
    Phone,
    /// An 18-digit (or old 15-digit) resident ID number, GB 11643.
    ResidentId,
    /// Another record of the named kind, or of [`ANY`].
    Record(String),
    /// Several records of the named kind; merges by add and remove.
    Records(String),
    /// A point with accuracy and age.
    Location,
    /// When someone passed which point of a choice list, in order: a route as it was walked.
    Trace(String),
    /// A drawn signature as strokes.
    Signature,
    /// Pictures, as [`crate::file::Mention`]s; merges by add and remove.
    Photos,
    /// Files of several forms, as photos are.
    Files,
    /// A repeated group of fields.
    Repeat(Vec<Field>),
    /// Worked out, never shown as a question.
    Calculate,
    /// Text shown, nothing kept.
    Note,
}

/// `record any` points at a record of whichever kind, such as what a task comes from.
pub const ANY: &str = "any";

/// One entry of a choice list; extra columns serve `choice_filter`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// What is kept.
    pub name: String,
    /// What is shown.
    pub label: Text,
    /// Further columns by name.
    #[serde(flatten)]
    pub columns: BTreeMap<String, String>,
}

/// A post (岗位) and what it may do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Post {
    /// Machine name, such as `civil_affairs`.
    pub name: String,
    /// What people call it.
    pub label: Text,
    /// Kinds whose records it may see and receive.
    pub read: Vec<String>,
    /// Kinds it may write.
    pub write: Vec<String>,
    /// May see all figures (the director).
    pub report: bool,
    /// Screens: `officer` (five places) or `volunteer` (three, large type).
    pub frame: Frame,
}

/// Which set of places the post's screen has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frame {
    /// 今日 · 门牌 · 登记 · 台账 · 报告
    #[default]
    Officer,
    /// 巡逻 · 记录 · 帮助
    Volunteer,
}

/// Something wrong in a pack's files, with the place and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackProblem {
    /// File, relative to the pack's folder.
    pub file: String,
    /// Kind, where one is concerned.
    pub kind: Option<String>,
    /// Field, where one is concerned.
    pub field: Option<String>,
    /// What is wrong and a hint, English (pack authors read it in the workshop and in logs).
    pub message: String,
}

impl Pack {
    /// The kind called `name`.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)
    }

    /// The post called `name`.
    pub fn post(&self, name: &str) -> Option<&Post> {
        self.posts.iter().find(|p| p.name == name)
    }
}

impl FieldType {
    /// The type written `word`, with `of` the list or kind it names; a repeat comes without its fields.
    pub fn named(word: &str, of: &str) -> Option<Self> {
        Some(match word {
            "text" => Self::Text,
            "integer" => Self::Integer,
            "money" => Self::Money,
            "date" => Self::Date,
            "date_time" => Self::DateTime,
            "select_one" => Self::SelectOne(of.into()),
            "select_multiple" => Self::SelectMultiple(of.into()),
            "yes_no" => Self::YesNo,
            "phone" => Self::Phone,
            "resident_id" => Self::ResidentId,
            "record" => Self::Record(of.into()),
            "records" => Self::Records(of.into()),
            "location" => Self::Location,
            "trace" => Self::Trace(of.into()),
            "signature" => Self::Signature,
            "photos" => Self::Photos,
            "files" => Self::Files,
            "repeat" => Self::Repeat(Vec::new()),
            "calculate" => Self::Calculate,
            "note" => Self::Note,
            _ => return None,
        })
    }

    /// Whether values merge member by member instead of as a whole.
    pub fn is_set(&self) -> bool {
        matches!(self, Self::SelectMultiple(_) | Self::Records(_) | Self::Photos | Self::Files)
    }
}

impl Field {
    /// Whether `word` is among its appearances.
    pub fn appears(&self, word: &str) -> bool {
        self.appearance.split_whitespace().any(|appearance| appearance == word)
    }

    /// The field called `name` inside this repeat.
    pub fn inner(&self, name: &str) -> Option<&Self> {
        match &self.r#type {
            FieldType::Repeat(fields) => fields.iter().find(|f| f.name == name),
            _ => None,
        }
    }
}

impl Kind {
    /// The field called `name` (not those inside repeats).
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}
