//! What accounts take up at the office, and what they may.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is taken up, or may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measure {
    /// Bytes of refused changes that are kept word for word.
    pub refused: u64,
    /// Bytes of photos and papers.
    pub files: u64,
    /// Changes handed in today.
    pub changes: u64,
}

impl Measure {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            refused: self.refused.saturating_add(other.refused),
            files: self.files.saturating_add(other.files),
            changes: self.changes.saturating_add(other.changes),
        }
    }

    /// Whether any of it is nearly what it may be: nine tenths.
    pub fn is_near(&self, most: &Self) -> bool {
        let near = |used: u64, most: u64| used >= most / 10 * 9;
        near(self.refused, most.refused) || near(self.files, most.files) || near(self.changes, most.changes)
    }
}

/// The answer to `GET /api/v1/usage`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Usage {
    /// What one account may take up.
    pub account_most: Measure,
    /// What all may together.
    pub community_most: Measure,
    /// What all do.
    pub community: Measure,
    /// Those of them that take up anything.
    pub accounts: BTreeMap<String, Measure>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_used_up_is_told_in_time() {
        let most = Measure { refused: 100, files: 1000, changes: 10 };
        assert!(!Measure { refused: 89, files: 899, changes: 8 }.is_near(&most));
        assert!(Measure { refused: 90, ..Measure::default() }.is_near(&most));
        assert!(Measure { files: 5000, ..Measure::default() }.is_near(&most));
    }
}
