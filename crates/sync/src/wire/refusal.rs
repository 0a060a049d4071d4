//! What the office refused and someone takes in, and tablets' work that comes as a file.

use serde::{Deserialize, Serialize};

use crate::DeviceId;

/// `POST /api/v1/quarantine/taken`: one entry of the list, to be merged by the right of whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TakeIn {
    /// [`super::Quarantined::device`].
    pub device: DeviceId,
    /// [`super::Quarantined::number`].
    pub number: u64,
    /// [`super::Quarantined::content`].
    pub content: String,
    /// Why a fact is corrected, where the change does not say it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// The answer to `POST /api/v1/parcels`: what came of a file of a tablet's unsynced work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandedIn {
    /// Whose work it is.
    pub account: String,
    /// Changes merged now.
    pub accepted: u64,
    /// Changes that the office had already.
    pub known: u64,
    /// Changes that were refused, and are kept with their reasons.
    pub refused: u64,
    /// Photos and papers that the office has now.
    pub files: u64,
    /// Photos and papers that it did not take.
    pub files_refused: u64,
}
