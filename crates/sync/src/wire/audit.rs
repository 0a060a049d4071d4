//! Who did and read what, as the director is shown it.

use serde::{Deserialize, Serialize};

use records::RecordId;

use crate::{Change, DeviceId};

/// One entry of `GET /api/v1/audit?before=&limit=`, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its number: 1, 2, 3 … without holes.
    pub n: u64,
    /// When, milliseconds since 1970 UTC by the server's clock.
    pub at: u64,
    /// Whose session; empty for the server's own command line, and for a failed sign-in to no known account.
    pub account: String,
    /// On which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// What was done: `change`, `read` (of restricted records), `ledger`, `report`, `quarantine`, `roster`, `roster-undone`,
    /// `sign-in`, `sign-in-failed`, `sign-out`, `account`, `post`, `password`, `pack`, `device-revoked`,
    /// `device-emptied`, `device-allowed`, `handed-over`, `erased`, `backup`, `restore`,
    /// `audit`. Others may come.
    pub what: String,
    /// To what: a bucket such as `restricted/aid`; an account, and its new post; a report's or a pack's name; a roster's or a
    /// device's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// How many.
    pub count: u64,
    /// Of changes: some of the records, those that whoever reads the trail may read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<uuid::Uuid>))]
    pub records: Vec<RecordId>,
}

/// The answer to `GET /api/v1/records/{id}/changes`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changes {
    /// All that the office took in of the record and still has the words of, in order of their clocks.
    pub changes: Vec<Change>,
}
