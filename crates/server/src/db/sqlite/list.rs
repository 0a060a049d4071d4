//! Lists as parameters: JSON, which `one_of!` takes apart again.

use records::RecordId;
use serde_json::json;
use sync::{Bucket, Clock};

/// Of numbers.
pub fn numbers(all: &[u64]) -> String {
    json!(all).to_string()
}

/// Of buckets' names.
pub fn names(all: &[Bucket]) -> String {
    json!(all).to_string()
}

/// Of records' ids, as `one_of_ids!` takes them: hexadecimal.
pub fn ids(all: &[RecordId]) -> String {
    json!(all.iter().map(|id| id.simple().to_string()).collect::<Vec<_>>()).to_string()
}

/// Of stamps, as `one_of_ids!` takes them: hexadecimal.
pub fn clocks(all: &[Clock]) -> String {
    json!(all).to_string()
}
