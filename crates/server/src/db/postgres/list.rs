//! Lists as parameters: arrays.

use records::RecordId;
use sync::{Bucket, Clock};

use super::signed;

/// Of numbers.
pub fn numbers(all: &[u64]) -> Vec<i64> {
    all.iter().map(|n| signed(*n)).collect()
}

/// Of buckets' names.
pub fn names(all: &[Bucket]) -> Vec<&str> {
    all.iter().map(|bucket| bucket.0.as_str()).collect()
}

/// Of records' ids.
pub fn ids(all: &[RecordId]) -> Vec<Vec<u8>> {
    all.iter().map(|id| id.as_bytes().to_vec()).collect()
}

/// Of stamps.
pub fn clocks(all: &[Clock]) -> Vec<Vec<u8>> {
    all.iter().map(|clock| clock.to_bytes().to_vec()).collect()
}
