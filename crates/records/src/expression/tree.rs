//! What an expression is once parsed.

use std::collections::BTreeSet;

use super::{functions::Function, pattern::Pattern};

/// A node of the syntax tree.
#[derive(Debug)]
pub(super) enum Node {
    Text(Box<str>),
    Number(f64),
    /// `${name}`.
    Field(Box<str>),
    /// A bare name: a column of the choice a `choice_filter` is asked about.
    Column(Box<str>),
    /// `.`
    This,
    And(Box<(Node, Node)>),
    Or(Box<(Node, Node)>),
    Compare(Compare, Box<(Node, Node)>),
    Sum(Sum, Box<(Node, Node)>),
    Minus(Box<Node>),
    Call(&'static Function, Box<[Node]>),
    /// `regex(text, 'pattern')`, its pattern compiled once and anchored at both ends, as JavaRosa does.
    Regex(Box<(Node, Pattern)>),
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sum {
    Plus,
    Minus,
    Times,
    Div,
    Mod,
}

/// What an expression refers to, for the pack's checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Fields by `${name}`, one value each.
    pub fields: BTreeSet<String>,
    /// Fields handed to a function over all rows: `sum(${amount})`.
    pub all_rows: BTreeSet<String>,
    /// Bare names, which are columns of a choice.
    pub columns: BTreeSet<String>,
    /// `lookup(${field}, 'other')` as (field, other).
    pub lookups: BTreeSet<(String, String)>,
    /// Whether `.` is in it.
    pub this: bool,
    /// Fields whose choice labels it reads.
    pub labels: BTreeSet<String>,
}

impl Node {
    /// Whether a calculation of the field `own` reckons with its own answer, so that it would be another one each time it is
    /// worked out. To keep it, to choose it among others or to ask of it is none.
    pub(super) fn runs_away(&self, own: &str) -> bool {
        match self {
            Self::Sum(_, two) => two.0.names(own) || two.1.names(own),
            Self::Minus(one) => one.names(own),
            Self::Call(function, args) => match (function.name, &args[..]) {
                ("if", [_, then, otherwise]) => then.runs_away(own) || otherwise.runs_away(own),
                ("concat" | "join" | "substr" | "substring" | "pow" | "sum", args) => {
                    args.iter().any(|arg| arg.names(own))
                }
                ("coalesce" | "once" | "min" | "max" | "round" | "int" | "number" | "string", args) => {
                    args.iter().any(|arg| arg.runs_away(own))
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn names(&self, own: &str) -> bool {
        let mut to = References::default();
        self.refer(&mut to);
        to.this || to.fields.contains(own)
    }

    pub(super) fn refer(&self, to: &mut References) {
        match self {
            Self::Text(_) | Self::Number(_) => {}
            Self::Field(name) => {
                to.fields.insert(name.to_string());
            }
            Self::Column(name) => {
                to.columns.insert(name.to_string());
            }
            Self::This => to.this = true,
            Self::And(two) | Self::Or(two) | Self::Compare(_, two) | Self::Sum(_, two) => {
                two.0.refer(to);
                two.1.refer(to);
            }
            Self::Minus(one) => one.refer(to),
            Self::Regex(one) => one.0.refer(to),
            Self::Call(function, args) => {
                let over_rows = function.over_rows && (function.name != "concat" || args.len() == 1);
                for arg in args {
                    match arg {
                        Self::Field(name) if over_rows => {
                            to.all_rows.insert(name.to_string());
                        }
                        _ => arg.refer(to),
                    }
                }
                match (function.name, &args[..]) {
                    ("lookup", [Self::Field(field), Self::Text(other)]) => {
                        to.lookups.insert((field.to_string(), other.to_string()));
                    }
                    ("choice-label" | "jr:choice-name", [Self::Field(field), ..]) => {
                        to.labels.insert(field.to_string());
                    }
                    _ => {}
                }
            }
        }
    }
}
