//! What reports, charts, ledgers and their files are built from. The tablet and the office build by the same functions, so a
//! screen and a paper of the same records have the same rows and numbers; whoever shows them only draws.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use records::{FieldType, Lang, Pack, RecordId};
use sync::{Record, count::RecordSource};

/// What to build from, for whom, in which language. Its methods stand in [`crate::report`], [`crate::chart`], [`crate::ledger`]
/// and [`crate::workbook`].
#[derive(Clone, Copy)]
pub struct Builder<'a> {
    /// The community's pack.
    pub pack: &'a Pack,
    /// The records.
    pub records: &'a dyn RecordSource,
    /// Whether the reader may see a record: figures count all, but no word of another is said.
    pub may_read: &'a dyn Fn(&Record) -> bool,
    /// How records and accounts are called.
    pub names: &'a Names<'a>,
    /// The reader's language.
    pub lang: Lang,
}

/// How records and accounts are called, each record looked up once.
pub struct Names<'a> {
    known: RefCell<HashMap<RecordId, String>>,
    titles: &'a dyn Fn(RecordId) -> String,
    people: &'a dyn Fn(&str) -> String,
}

impl<'a> Names<'a> {
    /// `titles` gives a record's line, empty for one that may not be seen here; `people` the person behind an account.
    pub fn new(titles: &'a dyn Fn(RecordId) -> String, people: &'a dyn Fn(&str) -> String) -> Self {
        Self { known: RefCell::default(), titles, people }
    }

    /// A record's line.
    pub fn title(&self, id: RecordId) -> Option<String> {
        let known = self.known.borrow().get(&id).cloned();
        let title = known.unwrap_or_else(|| {
            let title = (self.titles)(id);
            self.known.borrow_mut().insert(id, title.clone());
            title
        });
        Some(title).filter(|title| !title.is_empty())
    }

    /// The person behind an account.
    pub fn person(&self, account: &str) -> String {
        (self.people)(account)
    }
}

/// Kinds, and all that their records may point at: titles of these stand in cells.
pub fn with_linked<'k>(pack: &Pack, kinds: impl IntoIterator<Item = &'k str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut todo: Vec<String> = kinds.into_iter().map(Into::into).collect();
    while let Some(name) = todo.pop() {
        let Some(kind) = pack.kind(&name).filter(|_| found.insert(name)) else { continue };
        for field in &kind.fields {
            if let FieldType::Record(to) | FieldType::Records(to) = &field.r#type {
                todo.push(to.clone());
            }
        }
    }
    found
}
