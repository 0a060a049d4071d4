//! Publishing the forms.

use serde::{Deserialize, Serialize};

/// The answer to `PUT /api/v1/pack`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Published {
    /// The version that is in force now.
    pub version: u32,
}
