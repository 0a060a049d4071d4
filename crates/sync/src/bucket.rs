//! The unit of permission, replication and encryption: sensitivity class × kind, and for kinds that are assigned to one
//! officer each, that officer.

use std::fmt;

use records::{Class, Pack, Right, figures::Elsewhere};
use serde::{Deserialize, Serialize};

use crate::Record;

/// A bucket's name, such as `resident/person` or `restricted/subject@jiaozheng`: everything in it may be seen by the same
/// posts, or by one account of them. A device holds one bucket of a kind at most.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Bucket(pub String);

impl Bucket {
    /// What all buckets of `kind` begin with, and the only one of a kind that is not assigned. A kind the pack does not
    /// know is held as restricted, so that a newer tablet's records never leak through an older pack.
    pub fn of(pack: &Pack, kind: &str) -> Self {
        let class = match pack.kind(kind).map_or(Class::Restricted, |k| k.class) {
            Class::Open => "open",
            Class::Resident => "resident",
            Class::Restricted => "restricted",
        };
        Self(format!("{class}/{kind}"))
    }

    /// The bucket a record lives in; `elsewhere` reads the records that its officer is found by.
    pub fn holding(pack: &Pack, record: &Record, elsewhere: &Elsewhere<'_>) -> Self {
        match pack.assignment(&record.kind) {
            Some(_) => Self::of(pack, &record.kind).at(&officer(pack, record, elsewhere)),
            None => Self::of(pack, &record.kind),
        }
    }

    /// The buckets that `account` in `post` may receive, in the pack's order of need: register entries before facts.
    pub fn scope(pack: &Pack, post: &str, account: &str) -> Vec<Self> {
        let mut kinds: Vec<_> = pack.kinds.values().filter(|k| pack.allows(post, &k.name, Right::Read)).collect();
        kinds.sort_by_key(|k| (k.nature == records::pack::Nature::Fact, k.class, k.name.clone()));
        kinds.into_iter().map(|k| Self::scope_of(pack, &k.name, account)).collect()
    }

    /// The bucket of a kind that is for `account`: its own where the kind is assigned, else the whole post's.
    pub fn scope_of(pack: &Pack, kind: &str, account: &str) -> Self {
        let whole = Self::of(pack, kind);
        if pack.assignment(kind).is_some() { whole.at(account) } else { whole }
    }

    fn at(self, account: &str) -> Self {
        Self(format!("{}@{account}", self.0))
    }

    /// The kind of the records in it.
    pub fn kind(&self) -> &str {
        self.parts().0
    }

    /// The account whose it is; `None` where a whole post shares it.
    pub fn officer(&self) -> Option<&str> {
        self.parts().1
    }

    fn parts(&self) -> (&str, Option<&str>) {
        let name = self.0.split_once('/').map_or("", |(_, name)| name);
        name.split_once('@').map_or((name, None), |(kind, officer)| (kind, Some(officer)))
    }
}

/// The account a record of an assigned kind is assigned to: what its pack's way leads to, or else who wrote it first, so
/// that somebody always sees it.
pub fn officer(pack: &Pack, record: &Record, elsewhere: &Elsewhere<'_>) -> String {
    let way = pack.assignment(&record.kind);
    let ends = way.map(|way| way.ends(&record.values(), elsewhere)).unwrap_or_default();
    let is_name = |text: &&String| !text.contains(|c: char| c.is_whitespace() || c.is_control());
    ends.iter().find(is_name).cloned().unwrap_or_else(|| record.by.to_string())
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
