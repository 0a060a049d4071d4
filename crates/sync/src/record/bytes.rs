//! A record's bytes: variable-length integers, texts with their length, tagged values. One form for each state, so equal
//! records are equal bytes and a checksum is a hash of what is in memory.
//!
//! ```text
//! record   id[16] kind made[16] by  n (name 0 value | name 1 register)ⁿ  n (name n (member clock[16] is-in)ⁿ)ⁿ
//! register n (clock[16] by value)ⁿ  n clock[16]ⁿ
//! ```
//! Names stand in order, and so do writes, clocks and members.

use std::borrow::Cow;

use records::{RecordId, Value, link};

use super::{Members, Register};
use crate::Clock;

/// Values nest no deeper; also what serde_json accepts.
pub(crate) const DEPTH: usize = 64;

pub(crate) mod tag {
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
pub(crate) const PLAIN: u8 = 0;
/// A field with heads and replaced writes of its own.
pub(crate) const FULL: u8 = 1;

/// Writes the parts of a record one after the other.
#[derive(Default)]
pub(crate) struct Writer {
    pub out: Vec<u8>,
}

impl Writer {
    pub fn head(id: RecordId, kind: &str, made: Clock, by: &str) -> Self {
        let mut to = Self { out: Vec::with_capacity(256) };
        to.out.extend(id.as_bytes());
        to.text(kind);
        to.clock(made);
        to.text(by);
        to
    }

    pub fn int(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.out.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.out.push(n as u8);
    }

    pub fn text(&mut self, text: &str) {
        self.int(text.len() as u64);
        self.out.extend(text.as_bytes());
    }

    pub fn clock(&mut self, clock: Clock) {
        self.out.extend(clock.to_bytes());
    }

    pub fn members(&mut self, members: &Members) {
        self.int(members.0.len() as u64);
        for (member, clock, is_in) in &members.0 {
            self.text(member);
            self.clock(*clock);
            self.out.push(u8::from(*is_in));
        }
    }

    pub fn register(&mut self, register: &Register) {
        self.int(register.heads.len() as u64);
        for (clock, write) in &register.heads {
            self.clock(*clock);
            self.text(&write.by);
            self.value(&write.value);
        }
        self.int(register.gone.len() as u64);
        register.gone.iter().for_each(|clock| self.clock(*clock));
    }

    pub fn value(&mut self, value: &Value) {
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
                    self.text(text);
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
                    self.text(name);
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

/// Reads the same parts; `None` for bytes that are cut short or nothing of ours.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*bytes)
    }

    pub fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    pub fn int(&mut self) -> Option<u64> {
        let first = self.byte()?;
        if first < 0x80 {
            return Some(u64::from(first));
        }
        let mut n = u64::from(first & 0x7f);
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }

    /// A number of things to come, each at least a byte long: never more than bytes are left.
    pub fn count(&mut self) -> Option<usize> {
        usize::try_from(self.int()?).ok().filter(|n| *n <= self.rest.len())
    }

    /// A text's bytes, not looked at.
    pub fn raw_text(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.bytes(length)
    }

    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.raw_text()?).ok()
    }

    pub fn clock(&mut self) -> Option<Clock> {
        self.array().map(Clock::from_bytes)
    }

    /// The bytes of a value.
    pub fn raw(&mut self) -> Option<Raw<'a>> {
        let start = self.rest;
        self.skip_value::<false>(DEPTH)?;
        Some(Raw(&start[..start.len() - self.rest.len()]))
    }

    /// Passes over a value; when it is to be `SOUND`, `None` for a text that is no UTF-8.
    fn skip_value<const SOUND: bool>(&mut self, depth: usize) -> Option<()> {
        let deeper = depth.checked_sub(1)?;
        match self.byte()? {
            tag::NULL | tag::FALSE | tag::TRUE => {}
            tag::INT | tag::UNSIGNED => drop(self.int()?),
            tag::REAL => drop(self.bytes(8)?),
            tag::TEXT if SOUND => drop(self.text()?),
            tag::TEXT => drop(self.raw_text()?),
            tag::UUID => drop(self.bytes(16)?),
            tag::LIST => (0..self.count()?).try_for_each(|_| self.skip_value::<SOUND>(deeper))?,
            tag::MAP => (0..self.count()?).try_for_each(|_| {
                let name = self.raw_text()?;
                (!SOUND || std::str::from_utf8(name).is_ok()).then_some(())?;
                self.skip_value::<SOUND>(deeper)
            })?,
            _ => return None,
        }
        Some(())
    }

    pub fn value(&mut self, depth: usize) -> Option<Value> {
        let deeper = depth.checked_sub(1)?;
        Some(match self.byte()? {
            tag::NULL => Value::Null,
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::INT => Value::from(signed(self.int()?)),
            tag::UNSIGNED => Value::from(self.int()?),
            tag::REAL => Value::from(f64::from_be_bytes(self.array()?)),
            tag::TEXT => Value::from(self.text()?),
            tag::UUID => Value::from(RecordId::from_bytes(self.array()?).hyphenated().to_string()),
            tag::LIST => {
                let count = self.count()?;
                Value::Array((0..count).map(|_| self.value(deeper)).collect::<Option<_>>()?)
            }
            tag::MAP => {
                let count = self.count()?;
                let entry = |_| Some((self.text()?.to_owned(), self.value(deeper)?));
                Value::Object((0..count).map(entry).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }
}

fn signed(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

/// A value as its bytes, read when it is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Raw<'a>(pub &'a [u8]);

impl<'a> Raw<'a> {
    pub fn is_null(self) -> bool {
        self.0.first() == Some(&tag::NULL)
    }

    pub fn value(self) -> Option<Value> {
        Cursor { rest: self.0 }.value(DEPTH)
    }

    /// Whether its texts are UTF-8.
    pub fn is_sound(self) -> bool {
        match self.0.first() {
            Some(&(tag::TEXT | tag::LIST | tag::MAP)) => Cursor { rest: self.0 }.skip_value::<true>(DEPTH).is_some(),
            _ => true,
        }
    }

    /// The text that it is.
    pub fn text(self) -> Option<Cow<'a, str>> {
        let mut from = Cursor { rest: self.0 };
        match from.byte()? {
            tag::TEXT => from.text().map(Cow::Borrowed),
            tag::UUID => Some(Cow::Owned(RecordId::from_bytes(from.array()?).hyphenated().to_string())),
            _ => None,
        }
    }

    /// The record it points at, however that is written.
    pub fn link(self) -> Option<RecordId> {
        let mut from = Cursor { rest: self.0 };
        match from.byte()? {
            tag::UUID => from.array().map(RecordId::from_bytes),
            tag::TEXT => link_of(from.raw_text()?),
            _ => None,
        }
    }
}

/// The record that a text's bytes point at.
pub(crate) fn link_of(text: &[u8]) -> Option<RecordId> {
    // Asked of every text there is: few have this length.
    (text.len() == 36).then(|| link(std::str::from_utf8(text).ok()?)).flatten()
}
