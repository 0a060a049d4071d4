//! An expression of the pack, asked of record after record.

use std::cell::RefCell;

use jiff::civil::Date;
use records::{
    Context, Fields, NoOthers, User, Value,
    expression::{Expression, Scope},
    pack::Kind,
};
use sync::Record;

/// What many records of a kind are asked.
pub(crate) struct Question<'a> {
    expression: &'a Expression,
    kind: &'a Kind,
    today: Date,
    user: User<'a>,
    /// The fields it reads, filled anew for each record.
    fields: RefCell<Fields>,
}

impl<'a> Question<'a> {
    pub fn new(expression: &'a Expression, kind: &'a Kind, today: Date, user: User<'a>) -> Self {
        let fields = expression.fields().into_iter().map(|name| (name, Value::Null)).collect();
        Self { expression, kind, today, user, fields: RefCell::new(fields) }
    }

    pub fn is_true(&self, record: &Record) -> bool {
        let mut fields = self.fields.borrow_mut();
        record.read_into(&mut fields);
        let context = Context { today: self.today, user: self.user, lookup: &NoOthers };
        self.expression.truth(&Scope { kind: Some(self.kind), ..Scope::new(&fields, &context) })
    }
}
