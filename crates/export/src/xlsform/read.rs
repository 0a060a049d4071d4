//! A workbook to a kind: settings, choices, questions, then expressions over what there is.

use std::collections::BTreeMap;

use records::{
    Kind, Pack, Text,
    pack::{
        Choice,
        workshop::{Edit, form},
    },
};

use super::{
    columns::{CHOICES, SETTINGS, SHEETS, SURVEY},
    finding::{Finding, Findings, KIND_IN_FORCE, KIND_WRONG, NAME_CHANGED, NotAForm, SHEET},
    language::Languages,
    renamed::Renamed,
    table::{Table, Written},
};
use crate::roster::{Sheet, Stop, Unreadable, read::typed};
use choices::Lists;
use name::Names;
use question::Reader;
#[cfg(test)]
pub(super) use question::blank;
use settings::Settings;
use settle::Settler;

mod choices;
mod expression;
mod name;
mod over;
mod question;
mod range;
mod settings;
mod settle;
mod survey;

/// Most characters of a cell, Excel's own.
const LONGEST: usize = 32_767;

/// A kind out of a workbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The kind, checked as far as [`Finding`]s of outcome `Refused` on its settings and names do not say otherwise.
    pub kind: Kind,
    /// The choice lists it brings, by their names in the pack: `<kind>.<list>`.
    pub choices: BTreeMap<String, Vec<Choice>>,
    /// Every cell that was not taken as it stands.
    pub findings: Vec<Finding>,
    /// Whether the pack has no kind of this name.
    pub is_new: bool,
}

impl Imported {
    /// What puts it into the pack it was read over, as the workshop keeps it; none when it is there as it is. `posts` may read
    /// and write it if it is new, beside those that see the report.
    pub fn edits(&self, pack: &Pack, posts: &[String]) -> Vec<Edit> {
        form(pack, &self.kind, &self.choices, posts)
    }

    /// The pack with this kind in it; its version is as it was. What the workbook does not carry stays: figures, due rules,
    /// rights.
    pub fn within(&self, pack: &Pack) -> Pack {
        pack.edited(&self.edits(pack, &[]))
    }
}

/// Reads a workbook over a pack. `file` is what the file is called, which names a form that does not name itself.
///
/// # Errors
/// When no kind can be made of it.
pub fn import(pack: &Pack, file: &str, bytes: &[u8]) -> Result<Imported, NotAForm> {
    import_until(pack, file, bytes, &Stop::default())
}

/// The same, ended early when `stop` is said.
///
/// # Errors
/// As [`import`].
pub fn import_until(pack: &Pack, file: &str, bytes: &[u8], stop: &Stop) -> Result<Imported, NotAForm> {
    let sheets = typed(bytes, stop)?;
    if sheets.iter().flat_map(|sheet| &sheet.rows).flatten().any(|cell| cell.is_longer_than(LONGEST)) {
        return Err(Unreadable::Damaged.into());
    }
    let mut findings = Findings::default();
    let find = |name: &str| sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name));
    let survey = Table::of(find("survey").ok_or(NotAForm::NoSurvey)?, &SURVEY, &mut findings);
    if !survey.has("type") {
        return Err(NotAForm::NoColumn("type"));
    }
    survey.unknown(&mut findings);
    let choices = find("choices").map(|sheet| Table::of(sheet, &CHOICES, &mut findings));
    let settings = find("settings").map(|sheet| Table::of(sheet, &SETTINGS, &mut findings));
    if let Some(settings) = &settings {
        settings.unknown(&mut findings);
    }
    others(&sheets, &mut findings);

    let nowhere = Written { text: String::new(), ..survey.written(0, 0) };
    let settings = Settings::read(settings.as_ref(), nowhere, &mut findings);
    let kind = called(&settings, file, &mut findings);
    let tables: Vec<&Table<'_>> = [Some(&survey), choices.as_ref()].into_iter().flatten().collect();
    let languages = Languages::of(&settings.text("default_language"), &tables, &mut findings);
    let mut renamed = Renamed::default();
    let mut lists =
        choices.as_ref().map(|table| Lists::read(table, &languages, &mut renamed, &mut findings)).unwrap_or_default();
    let mut reader = Reader {
        pack,
        kind: &kind,
        is_ours: settings.is_ours(),
        within: Vec::new(),
        languages: &languages,
        lists: &mut lists,
        names: Names::default(),
        renamed: &mut renamed,
        today: None,
    };
    let form = survey::read(&survey, &mut reader, &mut findings);
    let today = reader.today;
    let settler = Settler { pack, kind: &kind, survey: &survey, lists: &lists, renamed: &renamed };
    let (fields, placed) = settler.settle(form, &mut findings);
    let order: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    if fields.is_empty() {
        return Err(NotAForm::NoQuestion(findings.all(&order)));
    }

    let in_force = pack.kind(&kind);
    let fields = match in_force {
        Some(was) => over::fields(pack, was, fields, &survey, &placed, &mut findings),
        None => fields,
    };
    let kind = settings.kind(&kind, in_force, fields, today, &renamed, &mut findings);
    if in_force.is_some() && !settings.is_ours() {
        findings.of(&settings.place("form_id"), &KIND_IN_FORCE, &kind.name);
    }
    lists.apart(&kind.name, &kind.fields, &mut findings);
    let choices = lists.brought(pack, &kind.name, settings.is_ours(), &mut findings);
    let mut imported = Imported { is_new: in_force.is_none(), kind, choices, findings: Vec::new() };
    for wrong in imported.within(pack).succeed(pack).err().unwrap_or_default() {
        if wrong.kind.as_ref() == Some(&imported.kind.name) {
            let at = wrong.field.as_ref().and_then(|field| placed.get(field));
            findings.about(at.unwrap_or(&settings.place("form_id")), &KIND_WRONG, wrong.message);
        }
    }
    imported.findings = findings.all(&order);
    Ok(imported)
}

/// The kind's name: the form's id, or the file's name.
fn called(settings: &Settings<'_>, file: &str, findings: &mut Findings) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let id = settings.cell("form_id");
    let written = id.as_ref().map_or(stem, |cell| &cell.text);
    let name = Some(name::clean(written)).filter(|name| !name.is_empty()).unwrap_or_else(|| "form".to_owned());
    if let Some(cell) = id.filter(|cell| cell.text != name) {
        findings.of(&cell, &NAME_CHANGED, &name);
    }
    name
}

/// Says of sheets that are not read that they are not.
fn others(sheets: &[Sheet], findings: &mut Findings) {
    for sheet in sheets {
        let name = sheet.name.trim().to_lowercase();
        if ["survey", "choices", "settings"].contains(&&*name) || name.starts_with('_') {
            continue;
        }
        let at = Written { sheet: sheet.name.clone(), ..Written::default() };
        match SHEETS.iter().find(|(known, ..)| *known == name) {
            Some((_, zh, en)) => findings.about(&at, &SHEET, Text::new(*zh, *en)),
            None => findings.about(
                &at,
                &SHEET,
                Text::new("只读 survey、choices、settings", "only survey, choices and settings are"),
            ),
        }
    }
}

/// What ODK's tools take for yes and no.
fn flag(text: &str) -> Option<bool> {
    match &*text.split_whitespace().collect::<String>().to_lowercase() {
        "yes" | "true" | "true()" => Some(true),
        "no" | "false" | "false()" => Some(false),
        _ => None,
    }
}

fn is_yes(text: &str) -> bool {
    flag(text) == Some(true)
}
