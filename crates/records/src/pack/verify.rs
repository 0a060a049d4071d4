//! Does what a pack says hold together? Names, types, references, circles, rights.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ANY, Choice, Class, Field, FieldType, Frame, Kind, Nature, Pack, PackProblem, Post, filters, row::Place, twins,
};
use crate::{expression::Expression, near};

mod circle;
mod disused;
mod figures;
mod screens;
mod shape;
mod work;

pub(super) use disused::leans;

/// The place of a kind's field.
pub(super) fn place(kind: &str, field: Option<&str>) -> Place {
    Place { file: format!("kinds/{kind}.toml"), kind: Some(kind.into()), field: field.map(Into::into) }
}

/// Adds all that does not hold together.
pub(super) fn verify(pack: &Pack, problems: &mut Vec<PackProblem>) {
    for kind in pack.kinds.values() {
        problems.extend(Checker { pack, kind, problems: Vec::new() }.kind());
    }
    let of_pack =
        |what: &str, name: &str| Place { file: "pack.toml".into(), kind: None, field: Some(format!("{what} {name}")) };
    for (list, choices) in &pack.choices {
        let at = match list.split_once('.') {
            Some((kind, _)) => place(kind, None),
            None => of_pack("choices", list),
        };
        let filters = filters(pack.kinds.values().flat_map(|kind| &kind.fields), list);
        problems.extend(check_list(list, choices, &filters).into_iter().map(|message| at.problem(message)));
    }
    let mut seen = BTreeSet::new();
    for post in &pack.posts {
        let at = of_pack("post", &post.name);
        if !seen.insert(&post.name) {
            problems.push(at.problem("there are two posts of this name"));
        }
        problems.extend(check_post(pack, post).into_iter().map(|message| at.problem(message)));
    }
    let mut seen = BTreeSet::new();
    for indicator in &pack.indicators {
        let at = of_pack("indicator", &indicator.name);
        if !seen.insert(&indicator.name) {
            problems.push(at.problem("there are two indicators of this name"));
        }
        problems.extend(figures::check_indicator(pack, indicator).into_iter().map(|message| at.problem(message)));
    }
    let mut seen = BTreeSet::new();
    for due in &pack.due {
        let at = of_pack("due", &due.name);
        if !seen.insert(&due.name) {
            problems.push(at.problem("there are two due rules of this name"));
        }
        problems.extend(work::check_due(pack, due).into_iter().map(|message| at.problem(message)));
    }
    let mut seen = BTreeSet::new();
    for dimension in pack.dimensions.iter().filter(|dimension| !seen.insert(&dimension.name)) {
        problems.push(of_pack("dimension", &dimension.name).problem("there are two dimensions of this name"));
    }
    for template in &pack.reports {
        let at = Place { file: format!("reports/{}.toml", template.name), ..Place::default() };
        problems.extend(figures::check_template(pack, template).into_iter().map(|message| at.problem(message)));
    }
    let at = Place { file: "pack.toml".into(), ..Place::default() };
    problems.extend(screens::check_screens(pack).into_iter().map(|message| at.problem(message)));
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// `; did you mean …?`, or the names there are.
pub(super) fn hint<'k>(name: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> String {
    match near(name, known.clone()) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None => match known.into_iter().collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => String::new(),
            names => format!("; there are {names}"),
        },
    }
}

fn check_list(list: &str, choices: &[Choice], filters: &[BTreeSet<String>]) -> Vec<String> {
    let mut notes = Vec::new();
    let twins = twins(choices, filters);
    if choices.is_empty() {
        notes.push(format!("choice list `{list}` has no choices"));
    }
    for (at, choice) in choices.iter().enumerate() {
        if choice.name.is_empty() || choice.name.contains(char::is_whitespace) {
            notes.push(format!("choice list `{list}`: `{}` is not a name; it must be without spaces", choice.name));
        } else if twins.contains(&at) {
            notes.push(format!("choice list `{list}` has `{}` twice", choice.name));
        }
    }
    notes
}

fn check_post(pack: &Pack, post: &Post) -> Vec<String> {
    let mut notes = Vec::new();
    if !is_name(&post.name) {
        notes.push("a post's name is a small letter, then small letters, digits and _".into());
    }
    let kinds = pack.kinds.keys().map(String::as_str);
    for (right, list) in [("read", &post.read), ("write", &post.write)] {
        for kind in list.iter().filter(|kind| !pack.kinds.contains_key(*kind)) {
            notes.push(format!("`{right}` names the unknown kind `{kind}`{}", hint(kind, kinds.clone())));
        }
    }
    for kind in post.write.iter().filter(|kind| !post.read.contains(kind)) {
        notes.push(format!("may write `{kind}` but not read it; add it to `read`"));
    }
    if post.frame == Frame::Volunteer {
        let private = post.read.iter().filter(|k| pack.kind(k).is_some_and(|k| k.class != Class::Open));
        notes.extend(private.map(|k| {
            format!("volunteers see no residents' data, but `{k}` is not of class open; take it out of `read`")
        }));
    }
    notes
}

struct Checker<'p> {
    pack: &'p Pack,
    kind: &'p Kind,
    problems: Vec<PackProblem>,
}

impl<'p> Checker<'p> {
    fn note(&mut self, field: Option<&str>, message: impl Into<String>) {
        self.problems.push(place(&self.kind.name, field).problem(message));
    }

    fn kind(mut self) -> Vec<PackProblem> {
        let kind = self.kind;
        if !is_name(&kind.name) {
            self.note(None, "a kind's name is a small letter, then small letters, digits and _; rename the file");
        }
        if kind.fields.is_empty() {
            self.note(None, "has no fields; add a [[field]]");
        }
        match kind.date.as_ref().map(|date| (date, kind.field(date))) {
            None if kind.nature == Nature::Fact => self.note(None, "a fact needs `date`, the field it is counted by"),
            Some((date, None)) => self.note(None, format!("`date` names the unknown field `{date}`")),
            Some((date, Some(field))) if field.r#type != FieldType::Date => {
                self.note(None, format!("`date` names `{date}`, which is not of type date"));
            }
            _ => {}
        }
        if kind.title.is_none() {
            self.note(None, "needs a `title`, an expression that names a record in lists");
        }
        for (column, line) in [("title", &kind.title), ("summary", &kind.summary), ("tells_apart", &kind.tells_apart)] {
            if let Some(line) = line {
                self.expression(None, column, line, &[]);
            }
        }
        let mut seen = BTreeSet::new();
        for field in &kind.fields {
            self.field(field, &[], &mut seen);
        }
        self.by();
        self.assigned();
        self.kept();
        self.gone();
        self.work();
        self.disused();
        for circle in circle::circles(kind) {
            let first = circle[0].clone();
            self.note(
                Some(&first),
                format!("goes round in a circle: {}; one of them must not depend on the other", circle.join(" → ")),
            );
        }
        self.problems
    }

    fn kept(&mut self) {
        let Some(years) = self.kind.keep_years else { return };
        if !(1..=100).contains(&years) {
            self.note(None, "`keep_years` is a number of years from 1 to 100");
        }
        if self.kind.nature != Nature::Fact || self.kind.date.is_none() {
            self.note(None, "`keep_years` counts from a fact's `date`; this kind has none or is a register");
        }
    }

    fn gone(&mut self) {
        let (kind, at) = (self.kind, Some("gone"));
        let Some(gone) = &kind.gone else { return };
        for (column, expression) in [("when", &gone.when), ("said", &gone.said)] {
            if let Some(expression) = expression {
                self.expression(at, column, expression, &[]);
            }
        }
        if kind.nature != Nature::Register {
            self.note(at, "what happened is not gone later; only an entry of a register is");
        }
        if gone.when.is_none() && gone.with.is_none() {
            self.note(at, "needs `when`, an expression, or `with`, a field of type record; or both");
        }
        match gone.with.as_ref().map(|name| (name, kind.field(name).map(|field| &field.r#type))) {
            None | Some((_, Some(FieldType::Record(_)))) => {}
            Some((name, Some(_))) => self.note(at, format!("`with` is `{name}`, which is not of type record")),
            Some((name, None)) => {
                let known = kind.fields.iter().map(|field| field.name.as_str());
                self.note(at, format!("`with`: kind `{}` has no field `{name}`{}", kind.name, hint(name, known)));
            }
        }
    }

    fn assigned(&mut self) {
        let (pack, kind) = (self.pack, self.kind);
        let Some(name) = &kind.assigned else { return };
        let Some(field) = kind.field(name) else {
            let known = kind.fields.iter().map(|field| field.name.as_str());
            return self.note(None, format!("`assigned` names the unknown field `{name}`{}", hint(name, known)));
        };
        if field.required.is_none() {
            self.note(Some(name), "says who may see the record; make it `required`");
        }
        if pack.assignment(&kind.name).is_none() {
            let message = "is neither a text with an account's name nor a record of a kind that is `assigned` itself";
            self.note(Some(name), format!("`assigned`: {message}"));
        }
    }

    fn field(&mut self, field: &'p Field, row: &'p [Field], seen: &mut BTreeSet<String>) {
        let at = Some(field.name.as_str());
        if !is_name(&field.name) {
            self.note(
                at,
                format!("`{}` is not a field's name: a small letter, then small letters, digits and _", field.name),
            );
        } else if !seen.insert(field.name.clone()) {
            self.note(at, "there are two fields of this name; names are unique in a kind, also inside repeats");
        }
        match &field.r#type {
            FieldType::Record(kind) | FieldType::Records(kind)
                if kind != ANY && !self.pack.kinds.contains_key(kind) =>
            {
                let kinds = self.pack.kinds.keys().map(String::as_str);
                self.note(at, format!("unknown kind `{kind}`{}", hint(kind, kinds)));
            }
            FieldType::Repeat(_) if !row.is_empty() => {
                self.note(at, "a repeat inside a repeat; make it a kind of its own")
            }
            FieldType::Repeat(inner) => {
                if inner.is_empty() {
                    self.note(at, "a repeat needs fields of its own: [[field.field]]");
                }
                inner.iter().for_each(|f| self.field(f, inner, seen));
            }
            FieldType::Calculate if field.calculation.is_none() => self.note(at, "a calculate needs a `calculation`"),
            _ => {}
        }
        if field.constraint.is_some() && field.constraint_message.is_none() {
            self.note(at, "a `constraint` needs a `constraint_message` that says what to do");
        }
        let filled = field.calculation.is_some() || field.default.is_some();
        if field.required.is_some() && field.read_only && !filled {
            self.note(at, "is required and read only, but nothing fills it; give it a `calculation` or a `default`");
        }
        let list = match &field.r#type {
            FieldType::SelectOne(list) | FieldType::SelectMultiple(list) => {
                self.pack.choices.get(list).map_or(&[][..], |l| l)
            }
            _ if field.choice_filter.is_some() => {
                self.note(at, "`choice_filter` is for select_one and select_multiple");
                &[]
            }
            _ => &[],
        };
        let columns = [
            ("required", &field.required),
            ("relevant", &field.relevant),
            ("constraint", &field.constraint),
            ("calculation", &field.calculation),
            ("default", &field.default),
            ("choice_filter", &field.choice_filter),
        ];
        for (column, expression) in columns {
            if let Some(expression) = expression {
                self.expression(at, column, expression, row);
                let wrong = self.columns(column, expression, list);
                wrong.into_iter().for_each(|message| self.note(at, message));
            }
        }
    }

    /// What is wrong with the bare names of an expression.
    fn columns(&self, column: &str, expression: &Expression, list: &[Choice]) -> Vec<String> {
        let known: BTreeSet<&str> =
            list.iter().flat_map(|c| c.columns.keys().map(String::as_str)).chain(["name", "label"]).collect();
        let names = expression.references().columns;
        let strange = names.iter().filter(|name| column != "choice_filter" || !known.contains(name.as_str()));
        let message = |name: &String| match column {
            "choice_filter" => format!(
                "`choice_filter` names `{name}`, which is no column of the choices{}",
                hint(name, known.iter().copied())
            ),
            _ => format!("`{column}` has the bare name `{name}`; write ${{{name}}} for a field, '{name}' for a text"),
        };
        strange.map(message).collect()
    }

    /// Checks what an expression refers to; `row` is the repeat's fields it stands among.
    fn expression(&mut self, at: Option<&str>, column: &str, expression: &Expression, row: &[Field]) {
        let kind = self.kind;
        let references = expression.references();
        let all: BTreeMap<&str, &Field> = kind
            .fields
            .iter()
            .flat_map(|f| match &f.r#type {
                FieldType::Repeat(inner) => inner.iter().chain([f]).collect::<Vec<_>>(),
                _ => vec![f],
            })
            .map(|f| (f.name.as_str(), f))
            .collect();
        let near_by = |name: &str| kind.field(name).is_some() || row.iter().any(|f| f.name == name);
        for name in &expression.fields() {
            if !all.contains_key(name.as_str()) {
                self.note(
                    at,
                    format!("`{column}` names the unknown field `{name}`{}", hint(name, all.keys().copied())),
                );
            } else if references.fields.contains(name) && !near_by(name) {
                self.note(at, format!("`{column}`: `{name}` is inside a repeat and has a value a row; take sum(), count(), max() or join() of it"));
            }
        }
        if at.is_none() && !references.columns.is_empty() {
            self.note(at, format!("`{column}` has a bare name; write ${{name}} for a field, 'name' for a text"));
        }
        if references.this && !matches!(column, "constraint" | "calculation") {
            self.note(
                at,
                format!("`{column}`: `.` is the answer being judged, which only a constraint and a calculation have"),
            );
        }
        for (field, other) in &references.lookups {
            match all.get(field.as_str()).map(|f| &f.r#type) {
                Some(FieldType::Record(kind)) => {
                    let Some(target) = self.pack.kind(kind) else { continue };
                    if target.field(other).is_none() {
                        let known = target.fields.iter().map(|f| f.name.as_str());
                        self.note(
                            at,
                            format!(
                                "`{column}`: kind `{kind}` has no field `{other}` to look up{}",
                                hint(other, known)
                            ),
                        );
                    }
                }
                Some(_) => self
                    .note(at, format!("`{column}`: lookup() follows a field of type record, and `{field}` is not one")),
                None => {}
            }
        }
        for field in &references.labels {
            let chosen = |f: &&Field| matches!(f.r#type, FieldType::SelectOne(_) | FieldType::SelectMultiple(_));
            if all.get(field.as_str()).is_some_and(|f| !chosen(f)) {
                self.note(at, format!("`{column}`: only a select has choice labels, and `{field}` is not one"));
            }
        }
    }
}
