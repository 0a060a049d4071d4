//! What all changes of one record merge to: a join semilattice, so order, grouping and repetition do not matter.
//!
//! A field is a *multi-value register*: the writes nobody has replaced. The one with the latest clock shows (last writer
//! wins); the others are kept losers of concurrent edits. A field that merges as a set holds the latest word on each
//! member. Most fields are written once, together with their record: those are kept as a bare value.
//!
//! A record stays the bytes it came as ([`bytes`]) and is read where it lies, many of them in the one piece of memory that a
//! block unpacks to: ten years of records must fit a tablet's memory and open in the blink of an eye. It is taken apart only
//! when it meets another state of itself ([`whole`]).

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Deref,
    sync::Arc,
};

use records::{Fields, RecordId, Value};

use crate::{
    Clock,
    change::{Change, ERASED, VOID},
    name::Name,
};

pub(crate) mod bytes;
mod json;
mod leaf;
mod register;
mod survey;
pub(crate) mod whole;

use bytes::{Cursor, FULL, PLAIN, Raw, Writer};
use leaf::{Kept, Leaf, Sets};
pub use register::{Members, Register, Write};
pub(crate) use survey::Days;

/// A record: the merge of its changes. A copy costs nothing.
#[derive(Clone)]
pub struct Record {
    head: Head,
    all: Arc<[u8]>,
    from: u32,
    to: u32,
}

/// What is always wanted of a record.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its identity.
    pub id: RecordId,
    /// Its kind; fixed by the earliest change.
    pub kind: Name,
    /// The earliest change's clock: when it was made.
    pub made: Clock,
    /// The earliest change's author.
    pub by: Name,
}

impl Deref for Record {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.open().fmt(f)
    }
}

impl From<&Change> for Record {
    /// The record that would be if this change were all.
    fn from(change: &Change) -> Self {
        let (made, by) = (change.clock, Name::from(&change.author));
        let mut to = Writer::head(change.record, &change.kind, made, &by);
        to.int(change.set.len() as u64);
        for (name, value) in &change.set {
            to.text(name);
            // A write cannot replace itself; a device that says so is answered with its own value.
            let seen = change.seen.get(name).into_iter().flatten().copied().filter(|c| *c != made);
            let seen: Vec<Clock> = seen.collect();
            if seen.is_empty() {
                to.out.push(PLAIN);
                to.value(value);
            } else {
                to.out.push(FULL);
                to.register(&Register::new(made, Write { value: value.clone(), by: by.clone() }, seen));
            }
        }
        let names: BTreeSet<&String> = change.add.keys().chain(change.remove.keys()).collect();
        to.int(names.len() as u64);
        for name in names {
            let said = |map: &BTreeMap<String, BTreeSet<String>>, is_in| {
                let members = map.get(name).into_iter().flatten();
                members.map(move |m| (m.into(), made, is_in)).collect::<Members>()
            };
            let mut members = said(&change.remove, false);
            members.join(said(&change.add, true));
            to.text(name);
            to.members(&members);
        }
        Self::written(change.record, (&change.kind).into(), made, by, to)
    }
}

impl Record {
    pub(crate) fn written(id: RecordId, kind: Name, made: Clock, by: Name, bytes: Writer) -> Self {
        let to = u32::try_from(bytes.out.len()).unwrap_or(u32::MAX);
        Self { head: Head { id, kind, made, by }, all: bytes.out.into(), from: 0, to }
    }

    /// The record that lies here in the memory of many; `None` when these bytes are none, which of known ones only the head
    /// tells. `name` gives shared names.
    #[inline(never)]
    pub(crate) fn lying(
        all: &Arc<[u8]>,
        from: usize,
        to: usize,
        is_known: bool,
        mut name: impl FnMut(&str) -> Name,
    ) -> Option<Self> {
        let mut at = Cursor { rest: all.get(from..to)? };
        let id = RecordId::from_bytes(at.array()?);
        let (kind, made, by) = (name(at.text()?), at.clock()?, name(at.text()?));
        let (from, to) = (u32::try_from(from).ok()?, u32::try_from(to).ok()?);
        let record = Self { head: Head { id, kind, made, by }, all: all.clone(), from, to };
        match is_known {
            true => Some(record),
            false => match record.form(at.rest)? {
                Form::Only => Some(record),
                Form::Other => Some(record.open().into()),
            },
        }
    }

    /// Whether fields and sets are whole and in the one form; `None` when they are damaged.
    fn form(&self, rest: &[u8]) -> Option<Form> {
        let mut leaf = Leaf::new(rest)?;
        let mut form = Form::Only;
        let mut last: &[u8] = &[];
        let mut is_first = true;
        let count = Cursor { rest }.count()?;
        for _ in 0..count {
            let (name, kept) = leaf.field()?;
            (is_first || last < name).then_some(())?;
            (last, is_first) = (name, false);
            std::str::from_utf8(name).ok()?;
            if let Kept::Plain(raw) = kept {
                raw.is_sound().then_some(())?;
            }
            if let Kept::Full(mut from) = kept {
                let register = Register::read(&mut from)?;
                let mut joined = register.clone();
                joined.join(Register::default());
                let is_plain = matches!(&joined.heads[..], [(clock, write)]
                    if joined.gone.is_empty() && *clock == self.made && write.by == self.by);
                if is_plain || joined != register {
                    form = Form::Other;
                }
            }
        }
        let mut sets = leaf.sets()?;
        sets.is_end().then_some(())?;
        (last, is_first) = (&[], true);
        while let Some((name, words)) = sets.set() {
            (is_first || last < name).then_some(())?;
            (last, is_first) = (name, false);
            std::str::from_utf8(name).ok()?;
            let mut before: Option<&[u8]> = None;
            for (member, _, _) in words {
                std::str::from_utf8(member).ok()?;
                if before.is_some_and(|before| before >= member) {
                    form = Form::Other;
                }
                before = Some(member);
            }
        }
        Some(form)
    }

    /// The bytes that it is.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.all.get(self.from as usize..self.to as usize).unwrap_or_default()
    }

    /// From the number of fields on.
    fn after_head(&self) -> &[u8] {
        let head = 32 + [&self.kind, &self.by].map(|name| varint(name.len()) + name.len()).iter().sum::<usize>();
        self.bytes().get(head..).unwrap_or_default()
    }

    /// Takes in everything `other` knows of the same record. Commutative, associative, idempotent.
    pub fn join(&mut self, other: Self) {
        debug_assert_eq!(self.id, other.id, "only one record's states join");
        if *self == other {
            return;
        }
        match (self.is_erased(), other.is_erased()) {
            (true, false) => return,
            (false, true) => return *self = other,
            _ => {}
        }
        let mut whole = self.open();
        whole.join(other.open());
        *self = whole.into();
    }

    /// Takes in one change.
    pub fn apply(&mut self, change: &Change) {
        self.join(Self::from(change));
    }

    /// The value that shows in `field`; sets as a sorted array; `None` when empty.
    pub fn value(&self, field: &str) -> Option<Value> {
        let mut leaf = self.leaf()?;
        let mut found = None;
        while let Some((name, kept)) = leaf.field() {
            if name >= field.as_bytes() {
                found = (name == field.as_bytes()).then_some(kept);
                break;
            }
        }
        let mut sets = leaf.sets()?;
        while let Some((name, words)) = sets.set() {
            if name == field.as_bytes() {
                return words.present();
            }
        }
        found?.shown().filter(|raw| !raw.is_null())?.value()
    }

    /// The text that shows in `field`, when it is a text.
    pub fn text(&self, field: &str) -> Option<Cow<'_, str>> {
        self.shown(field)?.text()
    }

    /// The record that `field` points at.
    pub fn link(&self, field: &str) -> Option<RecordId> {
        self.shown(field)?.link()
    }

    /// All values that show, by field name, without empty ones.
    pub fn values(&self) -> Fields {
        let mut leaf = self.leaf();
        let shown = std::iter::from_fn(|| leaf.as_mut()?.field());
        let value = |kept: Kept<'_>| kept.shown().filter(|raw| !raw.is_null())?.value();
        let text = |name| std::str::from_utf8(name).ok().map(str::to_owned);
        let mut values: Fields = shown.filter_map(|(name, kept)| Some((text(name)?, value(kept)?))).collect();
        // What was a field to older programs may be a set now.
        for (name, words) in each(leaf.and_then(Leaf::sets)) {
            match (text(name), words.present()) {
                (Some(name), Some(value)) => drop(values.insert(name, value)),
                (Some(name), None) => drop(values.remove(&name)),
                (None, _) => {}
            }
        }
        values
    }

    /// Puts the values that show into those of these fields that it has, and `null` into the others: for who reads the same
    /// few fields of many records.
    #[inline(never)]
    pub fn read_into(&self, fields: &mut Fields) {
        fields.values_mut().for_each(|value| *value = Value::Null);
        let mut wanted = fields.iter_mut().peekable();
        let mut leaf = self.leaf();
        while let Some((name, kept)) = leaf.as_mut().and_then(Leaf::field) {
            // Both stand in order.
            while wanted.next_if(|(wanted, _)| wanted.as_bytes() < name).is_some() {}
            if let Some((_, value)) = wanted.next_if(|(wanted, _)| wanted.as_bytes() == name) {
                *value = kept.shown().and_then(Raw::value).unwrap_or_default();
            }
        }
        drop(wanted);
        for (name, words) in each(leaf.and_then(Leaf::sets)) {
            let value = std::str::from_utf8(name).ok().and_then(|name| fields.get_mut(name));
            if let Some(value) = value {
                *value = words.present().unwrap_or_default();
            }
        }
    }

    /// Names of all fields that were ever written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let (mut leaf, sets) = (self.leaf(), self.sets());
        let fields = std::iter::from_fn(move || Some(leaf.as_mut()?.field()?.0));
        fields.chain(each(sets).map(|(name, _)| name)).filter_map(|name| std::str::from_utf8(name).ok())
    }

    /// Whether it was taken back; it then counts in no list and no figure.
    pub fn is_void(&self) -> bool {
        self.shown(VOID).is_some_and(|v| !v.is_null())
    }

    /// Whether only what is left after an erasure is here.
    pub fn is_erased(&self) -> bool {
        self.value(ERASED).is_some()
    }

    /// The write that shows in `field`, with its clock.
    pub fn winner(&self, field: &str) -> Option<(Clock, Write)> {
        self.register(field)?.winner().map(|(clock, write)| (*clock, write.clone()))
    }

    /// All writes of `field` that nobody has replaced, with their clocks; none of a set, which keeps no writer.
    pub fn writes(&self, field: &str) -> Vec<(Clock, Write)> {
        self.register(field).map(|register| register.heads).unwrap_or_default()
    }

    /// Concurrent writes of `field` that lost and say something else than what shows, latest first.
    pub fn losers(&self, field: &str) -> Vec<(Clock, Write)> {
        self.register(field).map(|register| register.losers().cloned().collect()).unwrap_or_default()
    }

    /// Fields with [`Record::losers`].
    pub fn disputed(&self) -> impl Iterator<Item = &str> {
        let mut leaf = self.leaf();
        let full = std::iter::from_fn(move || {
            let leaf = leaf.as_mut()?;
            while let Some((name, kept)) = leaf.field() {
                if let Kept::Full(from) = kept {
                    return Some((name, from));
                }
            }
            None
        });
        full.filter_map(|(name, mut from)| {
            let register = Register::read(&mut from)?;
            register.losers().next()?;
            std::str::from_utf8(name).ok()
        })
    }

    /// The clock a writer of `field` is looking at now: what goes into [`Change::seen`].
    pub fn seen(&self, field: &str) -> BTreeSet<Clock> {
        let register = self.register(field);
        register.and_then(|r| r.winner().map(|(clock, _)| *clock)).into_iter().collect()
    }

    /// The clocks of all writes of `field` that nobody has replaced: what someone has seen who was shown the losers too.
    pub fn seen_all(&self, field: &str) -> BTreeSet<Clock> {
        self.register(field).into_iter().flat_map(|r| r.heads).map(|(clock, _)| clock).collect()
    }

    fn sets(&self) -> Option<Sets<'_>> {
        self.leaf()?.sets()
    }

    #[inline(never)]
    fn kept(&self, field: &str) -> Option<Kept<'_>> {
        let mut leaf = self.leaf()?;
        loop {
            let (name, kept) = leaf.field()?;
            // Names stand in order, and most are told apart by their first letter.
            if name.first() < field.as_bytes().first() {
                continue;
            }
            match name.cmp(field.as_bytes()) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Some(kept),
                std::cmp::Ordering::Greater => return None,
            }
        }
    }

    fn shown(&self, field: &str) -> Option<Raw<'_>> {
        self.kept(field)?.shown()
    }
}

/// Whether bytes are the only ones that say this.
enum Form {
    Only,
    Other,
}

fn varint(n: usize) -> usize {
    (1 + (usize::BITS - n.leading_zeros()).saturating_sub(1) / 7) as usize
}

fn each<'a>(sets: Option<Sets<'a>>) -> impl Iterator<Item = (&'a [u8], leaf::Words<'a>)> {
    let mut sets = sets;
    std::iter::from_fn(move || sets.as_mut()?.set())
}
