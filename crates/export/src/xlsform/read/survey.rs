//! The sheet `survey` to drafts of fields: groups fall apart, repeats keep their rows.

use records::{Field, FieldType, Text};

use super::super::{
    columns::SURVEY,
    finding::{Findings, GROUP, GROUP_END, GROUP_HEADING, GROUP_OPEN, NO_TYPE, REPEAT_NESTED, TOO_MANY, TYPE_REFUSED},
    table::{Row, Table, Written},
    types::{self, FOREIGN},
};
use super::{is_yes, question::Reader};

/// Most rows of a form.
const MOST: usize = 1000;

/// A field before its expressions are read.
pub(super) struct Draft {
    pub field: Field,
    /// Where its name is, or would be.
    pub at: Written,
    /// ODK's cells of expressions, in the order of `SLOTS`.
    pub odk: [Option<Written>; 6],
    /// Ours beside them.
    pub ours: [Option<Written>; 6],
    /// What its type asks of an answer.
    pub also: &'static str,
    /// The same, where it is worked out.
    pub range: String,
    /// What to say of an answer out of it.
    pub message: Option<Text>,
    /// The groups whose conditions it stands under, within its repeat.
    pub under: Vec<usize>,
    /// The groups and repeats it stands in, by the rows they begin in.
    pub within: Vec<usize>,
    /// A repeat's fields.
    pub rows: Vec<Draft>,
}

/// A group's condition.
pub(super) struct Group {
    pub relevant: Written,
    /// The repeat it stands in, by its place among the drafts.
    pub repeat: Option<usize>,
    /// The groups and repeats around it.
    pub within: Vec<usize>,
}

/// What the sheet says.
#[derive(Default)]
pub(super) struct Form {
    pub drafts: Vec<Draft>,
    pub groups: Vec<Group>,
}

/// A group or repeat that was begun.
struct Open {
    word: &'static str,
    at: Written,
    /// Its condition.
    group: Option<usize>,
    /// Nothing in it is taken.
    is_refused: bool,
}

/// All rows of the sheet.
pub(super) fn read(table: &Table<'_>, reader: &mut Reader<'_>, findings: &mut Findings) -> Form {
    let (mut form, mut open) = (Form::default(), Vec::<Open>::new());
    for (count, row) in table.rows().enumerate() {
        if count == MOST {
            let about = Text::new(format!("表单最多 {MOST} 行"), format!("a form has at most {MOST} rows"));
            findings.about(&row.place("type"), &TOO_MANY, about);
            break;
        }
        if is_yes(&row.text("disabled")) {
            continue;
        }
        let Some(cell) = row.cell("type") else {
            // A row of remarks.
            if row.cell("name").is_some() || row.cells().any(|(heading, _)| heading.name == "label") {
                findings.say(&row.place("type"), &NO_TYPE);
            }
            continue;
        };
        let said = types::said(&cell.text);
        let is_refused = open.last().is_some_and(|open| open.is_refused);
        reader.within = open.iter().map(|open| open.at.row).collect();
        match &*said.odk {
            "begin_group" | "begin_repeat" | "begin_loop" if is_refused => {
                open.push(Open { word: word(&said.odk), at: cell, group: None, is_refused })
            }
            "begin_group" => {
                let group = row.cell("relevant").map(|relevant| {
                    let within = reader.within.clone();
                    form.groups.push(Group { relevant, repeat: repeat(&open, &form), within });
                    form.groups.len() - 1
                });
                let opened = Open { word: word(&said.odk), at: cell.clone(), group, is_refused };
                open.push(opened);
                row.passed_over(&SURVEY, findings);
                let heading = reader.heading(row, findings);
                findings.say(&cell, if heading.is_some() { &GROUP_HEADING } else { &GROUP });
                if let Some(heading) = heading {
                    add(heading, &open, &mut form);
                }
            }
            "begin_repeat" => {
                let is_nested = repeat(&open, &form).is_some();
                let taken = if is_nested { None } else { reader.question(row, &said, findings) };
                if is_nested {
                    findings.say(&cell, &REPEAT_NESTED);
                }
                let is_refused = taken.is_none();
                if let Some((draft, _)) = taken {
                    add(draft, &open, &mut form);
                }
                open.push(Open { word: word(&said.odk), at: cell, group: None, is_refused });
            }
            "begin_loop" => {
                let loops = FOREIGN.iter().find(|foreign| foreign.odk == said.odk);
                let about = loops.map(|foreign| Text::new(foreign.zh, foreign.en)).unwrap_or_default();
                findings.about(&cell, &TYPE_REFUSED, about);
                open.push(Open { word: word(&said.odk), at: cell, group: None, is_refused: true });
            }
            "end_group" | "end_repeat" | "end_loop" => match open.last() {
                Some(last) if last.word == word(&said.odk) => drop(open.pop()),
                _ => findings.say(&cell, &GROUP_END),
            },
            _ if is_refused => {}
            _ => take(row, &said, reader, &open, &mut form, findings),
        }
    }
    for open in open {
        findings.say(&open.at, &GROUP_OPEN);
    }
    form
}

fn take(
    row: Row<'_>,
    said: &types::Said,
    reader: &mut Reader<'_>,
    open: &[Open],
    form: &mut Form,
    findings: &mut Findings,
) {
    if let Some((draft, other)) = reader.question(row, said, findings) {
        add(draft, open, form);
        if let Some(other) = other {
            add(other, open, form);
        }
    }
}

fn word(odk: &str) -> &'static str {
    match odk.split_once('_').map(|(_, word)| word) {
        Some("repeat") => "repeat",
        Some("loop") => "loop",
        _ => "group",
    }
}

/// The repeat that is open, by its place among the drafts.
fn repeat(open: &[Open], form: &Form) -> Option<usize> {
    open.iter().any(|open| open.word == "repeat").then(|| form.drafts.len().saturating_sub(1))
}

/// Puts a draft where it stands.
fn add(mut draft: Draft, open: &[Open], form: &mut Form) {
    let within = open.iter().rposition(|open| open.word == "repeat");
    draft.under = open[within.unwrap_or(0)..].iter().filter_map(|open| open.group).collect();
    match (within, form.drafts.last_mut()) {
        (Some(_), Some(repeat)) if matches!(repeat.field.r#type, FieldType::Repeat(_)) => repeat.rows.push(draft),
        _ => form.drafts.push(draft),
    }
}
