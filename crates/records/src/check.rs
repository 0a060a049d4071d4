//! May this record be kept? One judgement for tablet and server.

use serde::{Deserialize, Serialize};

use crate::{
    Context, Fields, Pack, Text, Value,
    asked::is_empty,
    expression::Scope,
    pack::{Field, FieldType, Kind, Nature},
    report,
};

mod phone;
mod types;

pub use types::{MAX_LINE, MAX_MEMBERS, MAX_SIGNATURE, MAX_TEXT};

/// What stands in a record's way, said to the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field concerned; `None` when it is the record as a whole. Inside a repeat `findings[2].what`, rows from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Machine name, such as `required`, `type`, `constraint`, `choice`, `unknown_kind`.
    pub code: String,
    /// What is wrong and what to do.
    pub message: Text,
}

impl Problem {
    /// A problem of the record as a whole.
    pub fn new(code: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: None, code: code.into(), message: Text::new(zh, en) }
    }

    /// The same problem, at a field.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

/// Most rows a repeat may have.
pub const MAX_ROWS: usize = 200;

/// All that is wrong with a record's values; empty means it may be kept.
///
/// Held against the pack: types, required when relevant, choices, constraints, the built-in rules of the types. Fields the
/// pack does not know are silent (a newer tablet wrote them), and what is not asked is not judged.
pub fn check(pack: &Pack, kind: &str, fields: &Fields, context: &Context<'_>) -> Vec<Problem> {
    let Some(kind) = pack.kind(kind) else {
        let (zh, en) = ("这类记录在社区的表单里没有。", "The community's forms have no such kind of record.");
        return vec![Problem::new("unknown_kind", zh, en)];
    };
    let scope = Scope::of(pack, kind, fields, context);
    let mut problems = Vec::new();
    for field in &kind.fields {
        let value = fields.get(&field.name).unwrap_or(&Value::Null);
        problems.extend(judge(pack, kind, field, value, &scope));
        rows(pack, kind, field, value, &scope, &mut problems);
    }
    problems
}

/// What is wrong with one answer, rows of a repeat aside.
pub(crate) fn judge(pack: &Pack, kind: &Kind, field: &Field, value: &Value, scope: &Scope<'_>) -> Option<Problem> {
    let at = |problem: Problem| Some(problem.at(path(field, scope, kind)));
    let Text { zh, en } = &field.label;
    match field.r#type {
        FieldType::Calculate => return None,
        // As in ODK: while it shows, the record is not whole, and it says itself what to do.
        FieldType::Note => {
            let stops = field.required.is_some() && field.is_relevant(scope) && field.is_required(scope);
            return if stops { at(Problem::new("required", zh, en)) } else { None };
        }
        _ if !field.is_relevant(scope) => return None,
        _ => {}
    }
    if is_empty(value) {
        let missing = || Problem::new("required", format!("请填写“{zh}”。"), format!("Please fill in “{en}”."));
        return if field.is_required(scope) { at(missing()) } else { None };
    }
    let happened = kind.nature == Nature::Fact && kind.date.as_ref() == Some(&field.name);
    if let Err(problem) = types::fits(pack, field, value, scope, happened) {
        return at(problem);
    }
    let is_report = pack.screens.versions.as_ref().is_some_and(|of| of.kind == kind.name && of.body == field.name);
    if let (true, Some(body)) = (is_report, value.as_str())
        && let Err(problem) = report::check(pack, body)
    {
        return at(problem);
    }
    let holds = |constraint: &crate::expression::Expression| constraint.truth(&Scope { this: Some(value), ..*scope });
    if field.constraint.as_ref().is_some_and(|constraint| !holds(constraint)) {
        let said = field.constraint_message.clone();
        let said = said.unwrap_or_else(|| {
            Text::new(format!("“{zh}”不合要求，请改一改。"), format!("“{en}” does not fit; please change it."))
        });
        return at(Problem::new("constraint", said.zh, said.en));
    }
    None
}

/// Judges the rows of a repeat.
fn rows(pack: &Pack, kind: &Kind, field: &Field, value: &Value, scope: &Scope<'_>, problems: &mut Vec<Problem>) {
    let (FieldType::Repeat(inner), Value::Array(rows)) = (&field.r#type, value) else { return };
    if !field.is_relevant(scope) {
        return;
    }
    for (at, row) in rows.iter().take(MAX_ROWS).enumerate() {
        let Value::Object(row) = row else { continue };
        let scope = Scope { row: Some((row, at + 1)), ..*scope };
        for field in inner {
            problems.extend(judge(pack, kind, field, row.get(&field.name).unwrap_or(&Value::Null), &scope));
        }
    }
}

/// The field's place in the record: its name, or `findings[2].what` inside a repeat.
fn path(field: &Field, scope: &Scope<'_>, kind: &Kind) -> String {
    let repeat = kind.fields.iter().find(|repeat| repeat.inner(&field.name).is_some());
    match (scope.row, repeat) {
        (Some((_, at)), Some(repeat)) => format!("{}[{at}].{}", repeat.name, field.name),
        _ => field.name.clone(),
    }
}
