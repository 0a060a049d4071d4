//! Which field of a kind reads which: the order they are worked out in, and who must look again when one changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Pack,
    expression::Expression,
    pack::{Field, FieldType, Kind},
};

/// A kind's fields, those of repeats among them, each after all it reads.
#[derive(Debug)]
pub(super) struct Plan {
    of: Identity,
    pub nodes: Vec<Node>,
    by_name: BTreeMap<String, usize>,
    /// The order in which a new record is filled in: as the nodes stand, but each default after what it reads.
    pub filling: Vec<usize>,
}

/// Which kind a plan was made of. A pack that is published has another version, one that is being tried another address.
type Identity = (u32, usize, usize);

/// A field.
#[derive(Debug)]
pub(super) struct Node {
    /// Its place among the kind's fields, and inside that repeat.
    at: (usize, Option<usize>),
    /// The repeat it stands in.
    pub repeat: Option<usize>,
    /// The fields of a repeat.
    pub inner: Vec<usize>,
    /// Who reads it.
    pub readers: Vec<Reader>,
    /// Reads its own answer in other rows, so what is said in one row goes on to those below it.
    pub runs: bool,
}

/// One field that reads another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reader {
    pub node: usize,
    /// Its answer or whether it is asked depends on the other.
    pub value: bool,
    /// Which choices it offers does.
    pub choices: bool,
    /// Reads all rows, not its own alone.
    pub over_rows: bool,
}

fn identity(pack: &Pack, kind: &Kind) -> Identity {
    (pack.version, std::ptr::from_ref(kind).addr(), kind.fields.len())
}

impl Plan {
    pub(super) fn of(pack: &Pack, kind: &Kind) -> Self {
        let mut fields: Vec<(&Field, (usize, Option<usize>))> = Vec::new();
        for (at, field) in kind.fields.iter().enumerate() {
            fields.push((field, (at, None)));
            if let FieldType::Repeat(inner) = &field.r#type {
                fields.extend(inner.iter().enumerate().map(|(within, field)| (field, (at, Some(within)))));
            }
        }
        let by_name: BTreeMap<&str, usize> =
            fields.iter().enumerate().map(|(at, (field, _))| (field.name.as_str(), at)).collect();
        let repeat =
            |at: (usize, Option<usize>)| at.1.and_then(|_| fields.iter().position(|(_, other)| *other == (at.0, None)));
        let named = |expression: &Option<Expression>| {
            let names = expression.as_ref().map(Expression::fields).unwrap_or_default();
            names.iter().filter_map(|name| by_name.get(name.as_str()).copied()).collect::<BTreeSet<usize>>()
        };
        let (mut worked, mut offered, mut filled) = (Vec::new(), Vec::new(), Vec::new());
        for (node, (field, at)) in fields.iter().enumerate() {
            let mut reads = &named(&field.relevant) | &named(&field.calculation);
            reads.extend(repeat(*at));
            reads.remove(&node);
            let filter = &reads | &named(&field.choice_filter);
            filled.push(&filter | &named(&field.default));
            offered.push(filter);
            worked.push(reads);
        }
        let order = in_order(&[&offered, &worked]);
        let filling = in_order(&[&filled, &offered, &worked]);
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, node)| place[*node] = at);

        let mut nodes: Vec<Node> = order
            .iter()
            .map(|node| Node {
                at: fields[*node].1,
                repeat: repeat(fields[*node].1).map(|repeat| place[repeat]),
                inner: Vec::new(),
                readers: Vec::new(),
                runs: false,
            })
            .collect();
        for (node, (field, _)) in fields.iter().enumerate() {
            if let Some(repeat) = nodes[place[node]].repeat {
                nodes[repeat].inner.push(place[node]);
            }
            for (read, mut reader) in readings(field) {
                let Some(read) = by_name.get(read.as_str()).map(|read| place[*read]) else { continue };
                reader.node = place[node];
                if read == reader.node {
                    nodes[read].runs |= reader.over_rows && reader.value;
                } else {
                    nodes[read].readers.push(reader);
                }
            }
        }
        Self {
            of: identity(pack, kind),
            nodes,
            by_name: by_name.into_iter().map(|(name, node)| (name.to_owned(), place[node])).collect(),
            filling: filling.into_iter().map(|node| place[node]).collect(),
        }
    }

    /// Whether it was made of this kind.
    pub(super) fn is_of(&self, pack: &Pack, kind: &Kind) -> bool {
        self.of == identity(pack, kind)
    }

    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// A node's field.
    pub(super) fn field<'k>(&self, kind: &'k Kind, node: usize) -> Option<&'k Field> {
        let (at, within) = self.nodes.get(node)?.at;
        let field = kind.fields.get(at)?;
        match (within, &field.r#type) {
            (None, _) => Some(field),
            (Some(within), FieldType::Repeat(inner)) => inner.get(within),
            _ => None,
        }
    }
}

/// All a field reads, and for what.
fn readings(field: &Field) -> BTreeMap<String, Reader> {
    let mut all = BTreeMap::<String, Reader>::new();
    for (expression, value, choices) in [
        (&field.relevant, true, false),
        (&field.calculation, true, false),
        (&field.choice_filter, true, true),
        (&field.required, false, false),
        (&field.constraint, false, false),
    ] {
        let Some(references) = expression.as_ref().map(Expression::references) else { continue };
        for (names, over_rows) in [(references.fields, false), (references.all_rows, true)] {
            for name in names {
                let reader = all.entry(name).or_default();
                reader.value |= value;
                reader.choices |= choices;
                reader.over_rows |= over_rows;
            }
        }
    }
    all
}

/// The nodes, each behind all it reads. What goes round in a circle is put in order by the next, narrower reading, and what
/// still does as it stands in the form.
fn in_order(readings: &[&Vec<BTreeSet<usize>>]) -> Vec<usize> {
    let count = readings.first().map_or(0, |reads| reads.len());
    let (mut order, mut is_done) = (Vec::with_capacity(count), vec![false; count]);
    for reads in readings {
        let mut readers = vec![Vec::new(); count];
        let mut waits: Vec<usize> = vec![0; count];
        for (node, read) in reads.iter().enumerate().filter(|(node, _)| !is_done[*node]) {
            for other in read.iter().filter(|other| **other != node && !is_done[**other]) {
                readers[*other].push(node);
                waits[node] += 1;
            }
        }
        let mut ready: BTreeSet<usize> = (0..count).filter(|node| !is_done[*node] && waits[*node] == 0).collect();
        while let Some(node) = ready.pop_first() {
            is_done[node] = true;
            order.push(node);
            for reader in &readers[node] {
                waits[*reader] -= 1;
                if waits[*reader] == 0 {
                    ready.insert(*reader);
                }
            }
        }
    }
    order.extend((0..count).filter(|node| !is_done[*node]));
    order
}
