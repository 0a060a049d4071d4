//! Reading a record's bytes field by field, without making anything of those that are not asked for.

use records::Value;

use super::bytes::{Cursor, FULL, PLAIN, Raw};
use crate::{Clock, Name, record::Members};

/// A field as it stands in the bytes.
#[derive(Clone, Copy)]
pub(crate) enum Kept<'a> {
    /// Written once, with the record.
    Plain(Raw<'a>),
    /// A register, to be read from here.
    Full(Cursor<'a>),
}

impl<'a> Kept<'a> {
    /// The value that shows: of several writes the latest.
    pub fn shown(self) -> Option<Raw<'a>> {
        match self {
            Self::Plain(raw) => Some(raw),
            Self::Full(mut from) => {
                let mut last = None;
                for _ in 0..from.count()? {
                    from.clock()?;
                    from.raw_text()?;
                    last = from.raw();
                }
                last
            }
        }
    }
}

/// The fields of a record, then its sets.
#[derive(Clone, Copy)]
pub(crate) struct Leaf<'a> {
    from: Cursor<'a>,
    left: usize,
}

impl<'a> Leaf<'a> {
    /// From the number of fields on.
    pub fn new(rest: &'a [u8]) -> Option<Self> {
        let mut from = Cursor { rest };
        let left = from.count()?;
        Some(Self { from, left })
    }

    /// The next field: its name's bytes, and what is kept.
    pub fn field(&mut self) -> Option<(&'a [u8], Kept<'a>)> {
        self.left = self.left.checked_sub(1)?;
        let name = self.from.raw_text()?;
        let kept = match self.from.byte()? {
            PLAIN => Kept::Plain(self.from.raw()?),
            FULL => {
                let at = self.from;
                for _ in 0..self.from.count()? {
                    self.from.clock()?;
                    self.from.raw_text()?;
                    self.from.raw()?;
                }
                let gone = self.from.count()?;
                self.from.bytes(gone.checked_mul(16)?)?;
                Kept::Full(at)
            }
            _ => return None,
        };
        Some((name, kept))
    }

    /// What stands after the fields.
    pub fn sets(mut self) -> Option<Sets<'a>> {
        while self.left > 0 {
            self.field()?;
        }
        let left = self.from.count()?;
        Some(Sets { from: self.from, left })
    }
}

/// The sets of a record.
#[derive(Clone, Copy)]
pub(crate) struct Sets<'a> {
    from: Cursor<'a>,
    left: usize,
}

impl<'a> Sets<'a> {
    /// The next set: its name's bytes, and its words.
    pub fn set(&mut self) -> Option<(&'a [u8], Words<'a>)> {
        self.left = self.left.checked_sub(1)?;
        let name = self.from.raw_text()?;
        let left = self.from.count()?;
        let words = Words { from: self.from, left };
        let mut past = words;
        for _ in 0..left {
            past.next()?;
        }
        self.from = past.from;
        Some((name, words))
    }

    /// Whether nothing comes after them.
    pub fn is_end(mut self) -> bool {
        while self.left > 0 {
            if self.set().is_none() {
                return false;
            }
        }
        self.from.rest.is_empty()
    }
}

/// The words on a set's members.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    from: Cursor<'a>,
    left: usize,
}

impl Words<'_> {
    /// The members that are in, as an array; `None` when there are none.
    pub fn present(self) -> Option<Value> {
        let present = self.filter(|(_, _, is_in)| *is_in);
        let list: Vec<Value> = present.filter_map(|(m, ..)| Some(std::str::from_utf8(m).ok()?.into())).collect();
        (!list.is_empty()).then_some(Value::Array(list))
    }

    /// As a set that can be joined.
    pub fn members(self) -> Members {
        self.filter_map(|(name, clock, is_in)| Some((Name::from(std::str::from_utf8(name).ok()?), clock, is_in)))
            .collect()
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = (&'a [u8], Clock, bool);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some((self.from.raw_text()?, self.from.clock()?, self.from.byte()? != 0))
    }
}
