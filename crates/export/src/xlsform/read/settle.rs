//! Expressions of drafts: read, held against what there is, and left out where they cannot run, until all that is left holds.

use std::collections::{BTreeMap, BTreeSet};

use records::{
    Field, FieldType, Pack, Text,
    expression::{Expression, References},
};

use super::super::{
    dialect::{self, SLOTS, Types},
    finding::{
        BARE_NAME, CALCULATION_LACKS, COLUMN_PASSED, Findings, MESSAGE_LACKS, NOTE_REQUIRED, OURS_STALE, REFERENCE,
        REFERENCE_ROWS, REFERENCE_TWICE, REPEAT_EMPTY, RUNS_AWAY, Saying, THIS_ELSEWHERE,
    },
    renamed::{Renamed, Stand, from_odk},
    table::{Table, Written},
    types,
};
use super::{
    choices::Lists,
    expression, flag,
    survey::{Draft, Form},
};

/// Places in `SLOTS`.
const REQUIRED: usize = 0;
const CONSTRAINT: usize = 2;
const CALCULATION: usize = 3;
const FILTER: usize = 5;

/// What expressions are read by.
pub(super) struct Settler<'s> {
    pub pack: &'s Pack,
    pub kind: &'s str,
    pub survey: &'s Table<'s>,
    pub lists: &'s Lists,
    pub renamed: &'s Renamed,
}

/// An expression that still stands.
struct Read {
    at: Written,
    expression: Expression,
    references: References,
}

/// A field on its way.
struct Entry {
    draft: Draft,
    /// The repeat it is a row's field of, by its place among the entries.
    repeat: Option<usize>,
    slots: [Option<Read>; 6],
    is_lost: bool,
}

/// The fields, with where each stands in the workbook.
pub(super) type Placed = BTreeMap<String, Written>;

impl Settler<'_> {
    /// The fields of the kind; what could not be taken of their expressions is said.
    pub(super) fn settle(&self, form: Form, findings: &mut Findings) -> (Vec<Field>, Placed) {
        let (mut entries, mut places) = (Vec::new(), BTreeMap::new());
        for (at, mut draft) in form.drafts.into_iter().enumerate() {
            let rows = std::mem::take(&mut draft.rows);
            let repeat = entries.len();
            places.insert(at, repeat);
            entries.push(Entry::new(draft, None));
            entries.extend(rows.into_iter().map(|draft| Entry::new(draft, Some(repeat))));
        }
        let types: BTreeMap<String, FieldType> =
            entries.iter().map(|e| (e.draft.field.name.clone(), e.draft.field.r#type.clone())).collect();
        let types: Types<'_> = types.iter().map(|(name, r#type)| (name.as_str(), r#type)).collect();
        for entry in &mut entries {
            self.read(entry, &types, findings);
        }
        let mut groups: Vec<Option<(Read, Option<usize>)>> = Vec::new();
        for group in &form.groups {
            let repeat = group.repeat.and_then(|at| places.get(&at).copied());
            let stand = Stand { within: &group.within, is_decimal: false };
            let read = self.odk(&group.relevant, stand, findings).and_then(|source| {
                let source = truth(&source).map_or(source, Into::into);
                self.parse(&group.relevant, &source, findings)
            });
            groups.push(read.map(|read| (read, repeat)));
        }
        self.hold(&mut entries, &mut groups, findings);
        finished(entries, &groups, self.renamed, findings)
    }

    /// Reads a draft's cells.
    fn read(&self, entry: &mut Entry, types: &Types<'_>, findings: &mut Findings) {
        for (at, slot) in SLOTS.iter().enumerate() {
            let (odk, ours) = (entry.draft.odk[at].clone(), entry.draft.ours[at].clone());
            if let Some(ours) = ours {
                let field = &mut entry.draft.field;
                let Some(read) = self.parse(&ours, &ours.text, findings) else { continue };
                *(slot.at)(field) = Some(read.expression.clone());
                let fits = dialect::cell(slot, field, types) == odk.as_ref().map_or("", |odk| &odk.text);
                *(slot.at)(field) = None;
                if fits {
                    entry.slots[at] = Some(read);
                    continue;
                }
                findings.of(&ours, &OURS_STALE, slot.odk);
            } else if let Some(read) = self.kept(at, &entry.draft) {
                entry.slots[at] = Some(read);
                continue;
            }
            let Some(odk) = odk else { continue };
            let r#type = &entry.draft.field.r#type;
            let stand = Stand { within: &entry.draft.within, is_decimal: entry.draft.also == types::DECIMAL };
            let Some(source) = self.odk(&odk, stand, findings) else { continue };
            let source = match (slot.odk, truth(&source)) {
                ("required", Some("false()")) => continue,
                ("default", _) => dialect::default(&source, r#type),
                (_, Some(truth)) => truth.to_owned(),
                _ => source,
            };
            let is_select = matches!(r#type, FieldType::SelectOne(_) | FieldType::SelectMultiple(_));
            if at == FILTER && !is_select {
                let about = Text::new("只有选择题才筛选选项", "only selects have choices to filter");
                findings.about(&odk, &COLUMN_PASSED, about);
                continue;
            }
            entry.slots[at] = self.parse(&odk, &source, findings);
        }
        if let Some(read) = &entry.slots[CALCULATION]
            && read.expression.runs_away(&entry.draft.field.name)
        {
            findings.say(&read.at, &RUNS_AWAY);
            entry.slots[CALCULATION] = None;
        }
        if let (FieldType::Note, Some(required)) = (&entry.draft.field.r#type, &entry.slots[REQUIRED]) {
            findings.say(&required.at, &NOTE_REQUIRED);
        }
    }

    /// An expression of the workbook's in the kind's names; none where one could be of several.
    fn odk(&self, at: &Written, stand: Stand<'_>, findings: &mut Findings) -> Option<String> {
        match from_odk(&at.text, self.renamed, stand) {
            Ok(source) => Some(source),
            Err(name) => {
                findings.of(at, &REFERENCE_TWICE, &name);
                None
            }
        }
    }

    /// The expression in force, where a sheet that lost our columns says of it what goes out.
    fn kept(&self, at: usize, draft: &Draft) -> Option<Read> {
        let slot = &SLOTS[at];
        let was = self.pack.kind(self.kind).filter(|_| !self.survey.has(slot.ours))?;
        let own = |field| inside(field, &draft.field.name);
        let field = was.fields.iter().find_map(own)?;
        let expression = (slot.of)(field).as_ref()?.clone();
        let odk = draft.odk[at].as_ref();
        let fits = dialect::cell(slot, field, &dialect::types(&was.fields)) == odk.map_or("", |odk| &odk.text);
        let read = || Read { at: odk.unwrap_or(&draft.at).clone(), references: expression.references(), expression };
        fits.then(read)
    }

    fn parse(&self, at: &Written, source: &str, findings: &mut Findings) -> Option<Read> {
        match Expression::parse(source) {
            Ok(expression) => {
                let references = expression.references();
                Some(Read { at: at.clone(), expression, references })
            }
            Err(error) => {
                expression::wrong(at, source, &error, findings);
                None
            }
        }
    }

    /// Leaves out what refers to what is not there, and what cannot stand without it.
    fn hold(&self, entries: &mut [Entry], groups: &mut [Option<(Read, Option<usize>)>], findings: &mut Findings) {
        let homes: BTreeMap<String, Option<usize>> =
            entries.iter().map(|entry| (entry.draft.field.name.clone(), entry.repeat)).collect();
        let mut lost: Option<BTreeSet<String>> = None;
        loop {
            let known = |name: &str| match &lost {
                None => homes.contains_key(name),
                Some(lost) => !lost.contains(name),
            };
            // The first round looks at everything, later ones only at what was lost in the one before.
            let is_first = lost.is_none();
            for group in groups.iter_mut() {
                let Some((read, repeat)) = group else { continue };
                let bare = read.references.columns.first().map(|name| (&BARE_NAME, name.clone()));
                let this = read.references.this.then_some((&THIS_ELSEWHERE, String::new()));
                if let Some((saying, about)) = bare.or(this).or_else(|| wrong(read, *repeat, &known, &homes)) {
                    findings.of(&read.at, saying, &about);
                    *group = None;
                }
            }
            let mut gone = BTreeSet::new();
            for entry in entries.iter_mut().filter(|entry| !entry.is_lost) {
                for at in 0..SLOTS.len() {
                    let Some(read) = &entry.slots[at] else { continue };
                    let said = wrong(read, entry.repeat, &known, &homes);
                    let said = said.or_else(|| if is_first { self.misplaced(entry, at, read) } else { None });
                    if let Some((saying, about)) = said {
                        findings.of(&read.at, saying, &about);
                        entry.slots[at] = None;
                    }
                }
                if entry.draft.field.r#type == FieldType::Calculate && entry.slots[CALCULATION].is_none() {
                    findings.say(&entry.draft.at, &CALCULATION_LACKS);
                    entry.is_lost = true;
                    gone.insert(entry.draft.field.name.clone());
                }
            }
            gone.extend(empty_repeats(entries, findings));
            if gone.is_empty() {
                break;
            }
            lost = Some(gone);
        }
    }

    /// Bare names and `.` where they mean nothing.
    fn misplaced(&self, entry: &Entry, at: usize, read: &Read) -> Option<(&'static Saying, String)> {
        let columns = match &entry.draft.field.r#type {
            FieldType::SelectOne(list) | FieldType::SelectMultiple(list) if at == FILTER => {
                self.lists.columns(self.pack, self.kind, list)
            }
            _ => BTreeSet::new(),
        };
        if let Some(strange) = read.references.columns.iter().find(|name| !columns.contains(*name)) {
            return Some((&BARE_NAME, strange.clone()));
        }
        let has_no_answer = !matches!(at, CONSTRAINT | CALCULATION);
        (read.references.this && has_no_answer).then_some((&THIS_ELSEWHERE, String::new()))
    }
}

impl Entry {
    fn new(draft: Draft, repeat: Option<usize>) -> Self {
        Self { draft, repeat, slots: Default::default(), is_lost: false }
    }
}

/// This field or the one inside it that is called so.
fn inside<'f>(field: &'f Field, name: &str) -> Option<&'f Field> {
    if field.name == name { Some(field) } else { field.inner(name) }
}

/// Says of repeats without a field that they are, once; gives their names.
fn empty_repeats(entries: &mut [Entry], findings: &mut Findings) -> Vec<String> {
    let filled: BTreeSet<usize> = entries.iter().filter(|e| !e.is_lost).filter_map(|e| e.repeat).collect();
    let mut gone = Vec::new();
    for (at, entry) in entries.iter_mut().enumerate() {
        let is_repeat = matches!(entry.draft.field.r#type, FieldType::Repeat(_));
        if is_repeat && !entry.is_lost && !filled.contains(&at) {
            findings.say(&entry.draft.at, &REPEAT_EMPTY);
            entry.is_lost = true;
            gone.push(entry.draft.field.name.clone());
        }
    }
    gone
}

/// What an expression names that is not there, or not one value from where it stands.
fn wrong(
    read: &Read,
    repeat: Option<usize>,
    known: &dyn Fn(&str) -> bool,
    homes: &BTreeMap<String, Option<usize>>,
) -> Option<(&'static Saying, String)> {
    let References { fields, all_rows, .. } = &read.references;
    if let Some(name) = fields.union(all_rows).find(|name| !known(name)) {
        return Some((&REFERENCE, dialect::reference(name)));
    }
    let is_near = |name: &&String| homes.get(*name).copied().flatten().is_none_or(|home| Some(home) == repeat);
    let far = fields.iter().find(|name| !is_near(name));
    far.map(|name| (&REFERENCE_ROWS, dialect::reference(name)))
}

/// Puts what is left into the fields.
fn finished(
    entries: Vec<Entry>,
    groups: &[Option<(Read, Option<usize>)>],
    renamed: &Renamed,
    findings: &mut Findings,
) -> (Vec<Field>, Placed) {
    let (mut fields, mut placed) = (Vec::<Field>::new(), Placed::new());
    for entry in entries.into_iter().filter(|entry| !entry.is_lost) {
        let Entry { draft, repeat, slots, .. } = entry;
        let Draft { mut field, at, also, range, message, under, within, .. } = draft;
        placed.insert(field.name.clone(), at);
        let has_range = !also.is_empty() || !range.is_empty();
        for (at, read) in slots.iter().enumerate() {
            let Some(Read { at: written, expression, .. }) = read else { continue };
            *(SLOTS[at].at)(&mut field) = Some(expression.clone());
            if at == CONSTRAINT && field.constraint_message.is_none() && !has_range {
                findings.say(written, &MESSAGE_LACKS);
            }
        }
        let conditions =
            under.iter().filter_map(|group| groups.get(*group)?.as_ref()).map(|(read, _)| &read.expression);
        field.relevant = all(conditions.chain(&field.relevant.clone()).map(Expression::source));
        let own = field.constraint.clone();
        let asked = [also, range.as_str()].into_iter().filter(|asked| !asked.is_empty());
        field.constraint = all(asked.chain(own.as_ref().map(Expression::source)));
        if field.constraint.is_some() {
            let plain = || Text::new("请核对这个回答。", "Please check this answer.");
            let own = field.constraint_message.take().or(message);
            // What is not even a number is not to be told of its ends alone.
            field.constraint_message = Some(match (own, types::shape(also)) {
                (Some(own), Some(shape)) => {
                    Text::new(format!("{} {}", own.zh, shape.zh), format!("{} {}", own.en, shape.en))
                }
                (own, shape) => own.or(shape).unwrap_or_else(plain),
            });
        }
        for text in
            [Some(&mut field.label), field.hint.as_mut(), field.constraint_message.as_mut()].into_iter().flatten()
        {
            *text = Text::new(renamed.text(&text.zh, &within), renamed.text(&text.en, &within));
        }
        match (repeat, fields.last_mut().map(|last| &mut last.r#type)) {
            (Some(_), Some(FieldType::Repeat(inner))) => inner.push(field),
            _ => fields.push(field),
        }
    }
    (fields, placed)
}

/// What ODK's tools take for yes and no, as an expression.
fn truth(source: &str) -> Option<&'static str> {
    flag(source).map(|flag| if flag { "true()" } else { "false()" })
}

/// Expressions that must all hold; one alone as it stands. What is too deep when put together keeps the last of it.
fn all<'e>(sources: impl Iterator<Item = &'e str>) -> Option<Expression> {
    let sources: Vec<&str> = sources.collect();
    match sources[..] {
        [] => None,
        [one] => Expression::parse(one).ok(),
        [.., last] => {
            let whole = sources.iter().map(|source| format!("({source})")).collect::<Vec<_>>().join(" and ");
            Expression::parse(&whole).or_else(|_| Expression::parse(last)).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_the_columns_are_theirs() {
        let named = [REQUIRED, CONSTRAINT, CALCULATION, FILTER].map(|at| SLOTS[at].odk);
        assert_eq!(named, ["required", "constraint", "calculation", "choice_filter"]);
    }
}
