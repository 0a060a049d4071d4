//! The first form of a block's body, still read: a dictionary of strings, then records that refer to it.

use super::BadBlock;
use crate::{
    Clock, RecordId,
    name::Name,
    record::{
        Members, Record, Register, Write,
        bytes::{DEPTH, FULL, PLAIN, tag},
        whole::{Slot, Whole},
    },
};
use records::Value;

pub(super) struct Reader<'a> {
    rest: &'a [u8],
    words: Vec<Name>,
}

type Result<T> = std::result::Result<T, BadBlock>;
const SHORTER: BadBlock = BadBlock::Damaged("shorter than it says");

impl<'a> Reader<'a> {
    pub(super) fn block(body: &'a [u8]) -> Result<Vec<Record>> {
        let mut from = Reader { rest: body, words: Vec::new() };
        for _ in 0..from.count()? {
            let length = from.count()?;
            let word = from.text(length)?.into();
            from.words.push(word);
        }
        let count = from.count()?;
        let mut records = Vec::with_capacity(count);
        for _ in 0..count {
            records.push(from.record()?);
        }
        if from.rest.is_empty() { Ok(records) } else { Err(BadBlock::Damaged("longer than it says")) }
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(SHORTER)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.bytes(N)?.try_into().map_err(|_| SHORTER)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    fn int(&mut self) -> Result<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(BadBlock::Damaged("an integer too long"))
    }

    /// A number of things to come, each at least a byte long: never more than bytes are left.
    fn count(&mut self) -> Result<usize> {
        usize::try_from(self.int()?).ok().filter(|n| *n <= self.rest.len()).ok_or(SHORTER)
    }

    fn text(&mut self, length: usize) -> Result<&'a str> {
        std::str::from_utf8(self.bytes(length)?).map_err(|_| BadBlock::Damaged("text is not UTF-8"))
    }

    fn name(&mut self) -> Result<Name> {
        match usize::try_from(self.int()?).unwrap_or(usize::MAX) {
            0 => {
                let length = self.count()?;
                Ok(self.text(length)?.into())
            }
            place => self.words.get(place - 1).cloned().ok_or(BadBlock::Damaged("no such word")),
        }
    }

    fn string(&mut self) -> Result<String> {
        match usize::try_from(self.int()?).unwrap_or(usize::MAX) {
            0 => {
                let length = self.count()?;
                Ok(self.text(length)?.to_owned())
            }
            place => self.words.get(place - 1).map(Name::to_string).ok_or(BadBlock::Damaged("no such word")),
        }
    }

    fn clock(&mut self) -> Result<Clock> {
        Ok(Clock::from_bytes(self.array()?))
    }

    fn record(&mut self) -> Result<Record> {
        let id = RecordId::from_bytes(self.array()?);
        let (kind, made, by) = (self.name()?, self.clock()?, self.name()?);
        let mut record = Whole { id, kind, made, by, fields: Vec::new(), sets: Vec::new() };
        let count = self.count()?;
        record.fields.reserve_exact(count);
        for _ in 0..count {
            let name = self.name()?;
            let slot = match self.byte()? {
                PLAIN => Slot::Plain(self.value(DEPTH)?),
                FULL => record.slot(self.register()?),
                _ => return Err(BadBlock::Damaged("unknown form of field")),
            };
            record.fields.push((name, slot));
        }
        for _ in 0..self.count()? {
            let name = self.name()?;
            let count = self.count()?;
            let word = |_| Ok((self.name()?, self.clock()?, self.byte()? != 0));
            let members = (0..count).map(word).collect::<Result<Members>>()?;
            record.sets.push((name, members));
        }
        if !(record.fields.is_sorted_by(|a, b| a.0 < b.0) && record.sets.is_sorted_by(|a, b| a.0 < b.0)) {
            return Err(BadBlock::Damaged("fields out of order"));
        }
        Ok(record.into())
    }

    fn register(&mut self) -> Result<Register> {
        let mut register = Register::default();
        for _ in 0..self.count()? {
            let (clock, by) = (self.clock()?, self.name()?);
            register.heads.push((clock, Write { value: self.value(DEPTH)?, by }));
        }
        for _ in 0..self.count()? {
            register.gone.push(self.clock()?);
        }
        // Joined with nothing: sorted and in the one form, whatever came.
        register.join(Register::default());
        Ok(register)
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        let deeper = depth.checked_sub(1).ok_or(BadBlock::Damaged("nested too deep"))?;
        Ok(match self.byte()? {
            tag::NULL => Value::Null,
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::INT => {
                let n = self.int()?;
                Value::from((n >> 1) as i64 ^ -((n & 1) as i64))
            }
            tag::UNSIGNED => Value::from(self.int()?),
            tag::REAL => Value::from(f64::from_be_bytes(self.array()?)),
            tag::TEXT => Value::from(self.string()?),
            tag::UUID => Value::from(RecordId::from_bytes(self.array()?).hyphenated().to_string()),
            tag::LIST => {
                let count = self.count()?;
                Value::Array((0..count).map(|_| self.value(deeper)).collect::<Result<_>>()?)
            }
            tag::MAP => {
                let count = self.count()?;
                let entry = |_| Ok((self.string()?, self.value(deeper)?));
                Value::Object((0..count).map(entry).collect::<Result<_>>()?)
            }
            _ => return Err(BadBlock::Damaged("unknown kind of value")),
        })
    }
}
