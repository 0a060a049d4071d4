//! The body of a block: variable-length integers, a dictionary of strings, tagged values.

use std::collections::HashMap;

use records::{Value, link};

use super::BadBlock;
use crate::{
    Clock, RecordId,
    name::Name,
    record::{Members, Record, Register, Slot, Write},
};

/// Strings longer than this are written where they stand: they hardly recur, deflate finds those that do.
const SHORT: usize = 32;
/// Values nest no deeper; also what serde_json accepts.
const DEPTH: usize = 64;

mod tag {
    pub const NULL: u8 = 0;
    pub const FALSE: u8 = 1;
    pub const TRUE: u8 = 2;
    pub const INT: u8 = 3;
    pub const UNSIGNED: u8 = 4;
    pub const REAL: u8 = 5;
    pub const TEXT: u8 = 6;
    pub const UUID: u8 = 7;
    pub const LIST: u8 = 8;
    pub const MAP: u8 = 9;
}

/// A field written once, with the record: its clock and author are the record's own.
const PLAIN: u8 = 0;
/// A field with heads and replaced writes of its own.
const FULL: u8 = 1;

#[derive(Default)]
pub(super) struct Writer<'a> {
    out: Vec<u8>,
    words: HashMap<&'a str, u64>,
    list: Vec<&'a str>,
    dictionary: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn block(records: impl IntoIterator<Item = &'a Record>) -> Vec<u8> {
        let mut body = Writer { dictionary: true, ..Writer::default() };
        let mut count = 0;
        for record in records {
            body.record(record);
            count += 1;
        }
        let mut head = Writer::default();
        head.int(body.list.len() as u64);
        for word in &body.list {
            head.int(word.len() as u64);
            head.out.extend(word.as_bytes());
        }
        head.int(count);
        head.out.append(&mut body.out);
        head.out
    }

    pub(super) fn one(record: &'a Record) -> Vec<u8> {
        let mut body = Writer::default();
        body.record(record);
        body.out
    }

    fn int(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.out.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.out.push(n as u8);
    }

    /// Without dictionary: length and bytes. With: 0, length, bytes; or the word's place, from 1.
    fn string(&mut self, text: &'a str) {
        if self.dictionary && text.len() <= SHORT {
            let list = &mut self.list;
            let place = *self.words.entry(text).or_insert_with(|| {
                list.push(text);
                list.len() as u64
            });
            return self.int(place);
        }
        if self.dictionary {
            self.int(0);
        }
        self.int(text.len() as u64);
        self.out.extend(text.as_bytes());
    }

    fn record(&mut self, record: &'a Record) {
        self.out.extend(record.id.as_bytes());
        self.string(&record.kind);
        self.out.extend(record.made.to_bytes());
        self.string(&record.by);
        self.int(record.fields.len() as u64);
        for (name, slot) in &record.fields {
            self.string(name);
            match slot {
                Slot::Plain(value) => {
                    self.out.push(PLAIN);
                    self.value(value);
                }
                Slot::Full(register) => {
                    self.out.push(FULL);
                    self.register(register);
                }
            }
        }
        self.int(record.sets.len() as u64);
        for (name, members) in &record.sets {
            self.string(name);
            self.int(members.0.len() as u64);
            for (member, clock, is_in) in &members.0 {
                self.string(member);
                self.out.extend(clock.to_bytes());
                self.out.push(u8::from(*is_in));
            }
        }
    }

    fn register(&mut self, register: &'a Register) {
        self.int(register.heads.len() as u64);
        for (clock, write) in &register.heads {
            self.out.extend(clock.to_bytes());
            self.string(&write.by);
            self.value(&write.value);
        }
        self.int(register.gone.len() as u64);
        for clock in &register.gone {
            self.out.extend(clock.to_bytes());
        }
    }

    fn value(&mut self, value: &'a Value) {
        match value {
            Value::Null => self.out.push(tag::NULL),
            Value::Bool(is) => self.out.push(if *is { tag::TRUE } else { tag::FALSE }),
            Value::Number(n) => {
                if let Some(n) = n.as_i64() {
                    self.out.push(tag::INT);
                    self.int(((n << 1) ^ (n >> 63)) as u64);
                } else if let Some(n) = n.as_u64() {
                    self.out.push(tag::UNSIGNED);
                    self.int(n);
                } else {
                    self.out.push(tag::REAL);
                    self.out.extend(n.as_f64().unwrap_or_default().to_be_bytes());
                }
            }
            Value::String(text) => match uuid(text) {
                Some(id) => {
                    self.out.push(tag::UUID);
                    self.out.extend(id.as_bytes());
                }
                None => {
                    self.out.push(tag::TEXT);
                    self.string(text);
                }
            },
            Value::Array(list) => {
                self.out.push(tag::LIST);
                self.int(list.len() as u64);
                list.iter().for_each(|v| self.value(v));
            }
            Value::Object(map) => {
                self.out.push(tag::MAP);
                self.int(map.len() as u64);
                for (name, value) in map {
                    self.string(name);
                    self.value(value);
                }
            }
        }
    }
}

/// A text that is exactly a UUID's usual form goes as 16 bytes; links between records are most of what there is.
fn uuid(text: &str) -> Option<RecordId> {
    let id = link(text)?;
    let mut form = [0; 36];
    (id.hyphenated().encode_lower(&mut form) == text).then_some(id)
}

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
        let mut record = Record { id, kind, made, by, fields: Vec::new(), sets: Vec::new() };
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
        Ok(record)
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
