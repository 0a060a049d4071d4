//! The unit of permission, replication and (later) encryption: sensitivity class × kind.

use std::fmt;

use records::{Class, Pack, Right};
use serde::{Deserialize, Serialize};

/// A bucket's name, such as `resident/person`: everything in it may be seen by the same posts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Bucket(pub String);

impl Bucket {
    /// The bucket that records of `kind` live in. A kind the pack does not know is held as restricted, so that a newer
    /// tablet's records never leak through an older pack.
    pub fn of(pack: &Pack, kind: &str) -> Self {
        let class = match pack.kind(kind).map_or(Class::Restricted, |k| k.class) {
            Class::Open => "open",
            Class::Resident => "resident",
            Class::Restricted => "restricted",
        };
        Self(format!("{class}/{kind}"))
    }

    /// The buckets `post` may receive, in the pack's order of need: register entries before facts.
    pub fn scope(pack: &Pack, post: &str) -> Vec<Self> {
        let mut kinds: Vec<_> = pack.kinds.values().filter(|k| pack.allows(post, &k.name, Right::Read)).collect();
        kinds.sort_by_key(|k| (k.nature == records::pack::Nature::Fact, k.class, k.name.clone()));
        kinds.into_iter().map(|k| Self::of(pack, &k.name)).collect()
    }

    /// The kind of the records in it.
    pub fn kind(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, kind)| kind)
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
