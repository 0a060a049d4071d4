//! Records as expressions and checks look them up: only what is asked for is read out of their bytes.

use records::{Fields, Lookup, RecordId, Value};

use crate::Record;

/// Other records, by a function that finds them.
pub struct Among<F>(pub F);

impl<'r, F: Fn(RecordId) -> Option<&'r Record>> Lookup for Among<F> {
    fn record(&self, id: RecordId) -> Option<(String, Fields)> {
        self.0(id).map(|record| (record.kind.to_string(), record.values()))
    }

    fn kind(&self, id: RecordId) -> Option<String> {
        self.0(id).map(|record| record.kind.to_string())
    }

    fn value(&self, id: RecordId, field: &str) -> Option<Value> {
        self.0(id)?.value(field)
    }
}
