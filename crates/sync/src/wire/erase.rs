//! Erasing what is known of a person, at their request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The answer to `GET` and `POST /api/v1/records/{id}/erasure`: what an erasure takes, as far as the asker may know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erasure {
    /// How many records of each kind.
    pub kinds: BTreeMap<String, u64>,
    /// Records about several people that name this one too: they stay, their texts are to be read by someone.
    pub named: u64,
}

/// The body of `POST /api/v1/records/{id}/erasure`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erase {
    /// Why, without anything personal: the request's number or date. It stays. Not empty, at most 200 characters.
    pub why: String,
}
