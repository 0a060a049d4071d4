//! The devices of a community, as the director is shown them.

use serde::{Deserialize, Serialize};

use crate::{Bucket, DeviceId};

/// One entry of `GET /api/v1/devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Listed {
    /// The device.
    #[serde(flatten)]
    pub device: Device,
    /// When two different changes last came under one number of it, milliseconds since 1970 UTC: what it holds was copied to
    /// another machine, or put back to an older state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied_at: Option<u64>,
}

/// A device as `GET /api/v1/devices` lists it, and the answer to `POST /api/v1/devices/{id}/revoke`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    /// Its identity.
    pub id: DeviceId,
    /// What its user calls it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Who last signed in on it.
    pub account: String,
    /// Its last contact, milliseconds since 1970 UTC by the server's clock, within an hour.
    pub seen_at: u64,
    /// It has a session that has not ended.
    pub is_signed_in: bool,
    /// The largest change number the office has of it.
    pub last_number: u64,
    /// What it was last told that it holds.
    pub buckets: Vec<Bucket>,
    /// When it was revoked, milliseconds since 1970 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<u64>,
    /// When it said, after that, that it holds nothing any more. Until then, take what it holds for lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emptied_at: Option<u64>,
}
