//! The two forms of merging: a register of writes, a set of members.

use records::Value;

use super::bytes::{Cursor, DEPTH};
use crate::{Clock, name::Name};

/// One write to a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// The value; `null` for emptied.
    pub value: Value,
    /// Account name of the writer.
    pub by: Name,
}

/// A field that merges by last writer, keeping concurrent losers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    /// Writes that no known write has replaced, by clock.
    pub heads: Vec<(Clock, Write)>,
    /// Clocks of writes known to be replaced, also of those not seen yet; sorted.
    pub gone: Vec<Clock>,
}

/// A field that merges member by member: the latest word on each is whether it is in. Sorted by member.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members(pub Vec<(Name, Clock, bool)>);

impl Write {
    fn order(&self) -> (String, &Name) {
        (self.value.to_string(), &self.by)
    }
}

impl Register {
    /// One write that replaces the writes of these clocks.
    pub fn new(clock: Clock, write: Write, mut gone: Vec<Clock>) -> Self {
        gone.sort_unstable();
        gone.dedup();
        Self { heads: vec![(clock, write)], gone }
    }

    /// As it stands in a record's bytes.
    pub(crate) fn read(from: &mut Cursor<'_>) -> Option<Self> {
        let mut register = Self::default();
        for _ in 0..from.count()? {
            let (clock, by) = (from.clock()?, from.text()?.into());
            register.heads.push((clock, Write { value: from.value(DEPTH)?, by }));
        }
        for _ in 0..from.count()? {
            register.gone.push(from.clock()?);
        }
        Some(register)
    }

    /// The write that shows.
    pub fn winner(&self) -> Option<(&Clock, &Write)> {
        self.heads.last().map(|(clock, write)| (clock, write))
    }

    /// Concurrent writes that lost and say something else than the winner, latest first.
    pub fn losers(&self) -> impl Iterator<Item = &(Clock, Write)> {
        let winner = self.heads.last().map(|(_, w)| &w.value);
        self.heads.iter().rev().skip(1).filter(move |(_, w)| Some(&w.value) != winner)
    }

    /// Takes in what the other knows.
    pub fn join(&mut self, other: Self) {
        self.gone.extend(other.gone);
        self.gone.sort_unstable();
        self.gone.dedup();
        self.heads.extend(other.heads);
        self.heads.retain(|(clock, _)| self.gone.binary_search(clock).is_err());
        // One clock, two writes: a device that broke its promise. Any rule will do, if it is everyone's.
        self.heads.sort_by(|(a, v), (b, w)| a.cmp(b).then_with(|| w.order().cmp(&v.order())));
        self.heads.dedup_by_key(|(clock, _)| *clock);
    }
}

impl Members {
    /// Members that are in.
    pub fn present(&self) -> impl Iterator<Item = &Name> {
        self.0.iter().filter(|(_, _, is_in)| *is_in).map(|(member, _, _)| member)
    }

    /// The clock of the latest word.
    pub fn latest(&self) -> Option<Clock> {
        self.0.iter().map(|(_, clock, _)| *clock).max()
    }

    /// Takes in what the other knows.
    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
        self.0.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| (b.1, b.2).cmp(&(a.1, a.2))));
        self.0.dedup_by(|later, first| later.0 == first.0);
    }
}

impl FromIterator<(Name, Clock, bool)> for Members {
    fn from_iter<I: IntoIterator<Item = (Name, Clock, bool)>>(words: I) -> Self {
        let mut members = Self(words.into_iter().collect());
        members.join(Self::default());
        members
    }
}
