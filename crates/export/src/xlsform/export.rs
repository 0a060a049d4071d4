//! A kind of a pack to a workbook.

use std::collections::{BTreeMap, BTreeSet};

use records::{
    Class, Field, FieldType, Kind, Pack, Text,
    expression::Expression,
    ledger::{Cell, Sheet},
    pack::Choice,
};
use rust_xlsxwriter::XlsxError;

use super::{
    YES_NO,
    dialect::{self, SLOTS, Types},
    language::{EN, ZH},
    types,
};
use crate::excel::workbook;

/// A row by its columns' headings.
#[derive(Default)]
struct Line(BTreeMap<String, String>);

impl Line {
    fn set(&mut self, column: impl Into<String>, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.0.insert(column.into(), text);
        }
    }

    fn both(&mut self, column: &str, text: &Text) {
        self.set(format!("{column}::{ZH}"), &text.zh);
        self.set(format!("{column}::{EN}"), &text.en);
    }

    fn flag(&mut self, column: &str, flag: bool) {
        self.set(column, if flag { "yes" } else { "" });
    }
}

/// The kind called `name` as an XLSForm workbook; `None` for a kind the pack has not.
///
/// # Errors
/// When a text is longer than a cell holds (32,767 characters).
pub fn export(pack: &Pack, name: &str) -> Result<Option<Vec<u8>>, XlsxError> {
    let Some(kind) = pack.kind(name) else { return Ok(None) };
    let sheets = [
        sheet("survey", &SURVEY, survey(kind)),
        sheet("choices", &["list_name", "name", "label", "linli_shared"], choices(pack, kind)),
        sheet("settings", &SETTINGS, vec![settings(pack, kind)]),
    ];
    workbook(&sheets).map(Some)
}

/// Columns in the order they stand; those with languages once, others after them by name.
const SURVEY: [&str; 25] = [
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "default",
    "choice_filter",
    "read_only",
    "appearance",
    "linli_type",
    "linli_required",
    "linli_relevant",
    "linli_constraint",
    "linli_calculation",
    "linli_default",
    "linli_choice_filter",
    "linli_class",
    "linli_search",
    "linli_column",
    "linli_review",
    "linli_disused",
];
const SETTINGS: [&str; 16] = [
    "form_title",
    "form_id",
    "version",
    "name",
    "default_language",
    "instance_name",
    "linli_label",
    "linli_nature",
    "linli_class",
    "linli_date",
    "linli_icon",
    "linli_title",
    "linli_summary",
    "linli_assigned",
    "linli_keep_years",
    "linli_once",
];

/// Lines under the columns that any of them has.
fn sheet(name: &str, order: &[&str], lines: Vec<Line>) -> Sheet {
    let used: BTreeSet<&String> = lines.iter().flat_map(|line| line.0.keys()).collect();
    let place = |heading: &str| {
        let (column, language) = heading.split_once("::").unwrap_or((heading, ""));
        (order.iter().position(|known| *known == column).unwrap_or(order.len()), language == EN)
    };
    let mut heads: Vec<String> = used.into_iter().cloned().collect();
    heads.sort_by_key(|heading| place(heading));
    let cell = |line: &Line, head: &String| line.0.get(head).map_or(Cell::Empty, |text| Cell::Text(text.clone()));
    let rows = lines.iter().map(|line| heads.iter().map(|head| cell(line, head)).collect()).collect();
    Sheet { name: name.into(), heads, rows, ..Sheet::default() }
}

fn survey(kind: &Kind) -> Vec<Line> {
    let types = dialect::types(&kind.fields);
    let mut lines = Vec::new();
    for field in &kind.fields {
        lines.push(question(kind, field, &types));
        if let FieldType::Repeat(inner) = &field.r#type {
            lines.extend(inner.iter().map(|field| question(kind, field, &types)));
            let mut end = Line::default();
            end.set("type", "end_repeat");
            end.set("name", &field.name);
            lines.push(end);
        }
    }
    lines
}

fn question(kind: &Kind, field: &Field, types: &Types<'_>) -> Line {
    let mut line = Line::default();
    let (word, of) = types::word(&field.r#type);
    let pair = types::of_ours(&word);
    line.set("type", types::odk(&field.r#type, |list| own(kind, list).to_owned()));
    line.set("name", &field.name);
    line.both("label", &field.label);
    if let Some(hint) = &field.hint {
        line.both("hint", hint);
    }
    if let Some(message) = &field.constraint_message {
        line.both("constraint_message", message);
    }
    for slot in &SLOTS {
        let Some(expression) = (slot.of)(field) else { continue };
        let odk = dialect::cell(slot, field, types);
        if !reads_as(slot.odk, &odk, expression, &field.r#type) {
            line.set(slot.ours, expression.source());
        }
        line.set(slot.odk, odk);
    }
    line.flag("read_only", field.read_only);
    let extra = pair.map_or("", |pair| pair.appearance);
    line.set("appearance", format!("{extra} {}", field.appearance).trim());
    if pair.is_none_or(|pair| !pair.enough) {
        line.set("linli_type", format!("{word} {of}").trim());
    }
    line.set("linli_class", field.class.map(class).unwrap_or_default());
    line.flag("linli_search", field.search);
    line.flag("linli_column", field.column);
    line.flag("linli_review", field.review);
    line.flag("linli_disused", field.disused);
    line
}

/// Whether ODK's cell read again is the expression.
fn reads_as(column: &str, cell: &str, expression: &Expression, r#type: &FieldType) -> bool {
    match column {
        "required" if cell == "yes" => expression.source() == "true()",
        "default" => !cell.is_empty() && dialect::default(cell, r#type) == expression.source(),
        _ => cell == expression.source(),
    }
}

/// A list's name in the kind's own words.
pub(super) fn own<'l>(kind: &Kind, list: &'l str) -> &'l str {
    list.strip_prefix(&*kind.name).and_then(|rest| rest.strip_prefix('.')).unwrap_or(list)
}

fn choices(pack: &Pack, kind: &Kind) -> Vec<Line> {
    let mut lists: BTreeSet<&str> =
        pack.choices.keys().filter(|list| own(kind, list) != list.as_str()).map(String::as_str).collect();
    let mut has_yes_no = false;
    for r#type in dialect::types(&kind.fields).values() {
        match r#type {
            FieldType::SelectOne(list) | FieldType::SelectMultiple(list) => drop(lists.insert(list)),
            FieldType::YesNo => has_yes_no = true,
            _ => {}
        }
    }
    let mut lines = Vec::new();
    for list in lists {
        let own = own(kind, list);
        for choice in pack.choices.get(list).into_iter().flatten() {
            let mut line = offered(own, choice);
            line.flag("linli_shared", own == list);
            lines.push(line);
        }
    }
    if has_yes_no {
        for (name, zh, en) in [("yes", "是", "Yes"), ("no", "否", "No")] {
            let choice = Choice { name: name.into(), label: Text::new(zh, en), columns: BTreeMap::new() };
            lines.push(offered(YES_NO, &choice));
        }
    }
    lines
}

fn offered(list: &str, choice: &Choice) -> Line {
    let mut line = Line::default();
    for (column, text) in &choice.columns {
        line.set(column, text);
    }
    line.set("list_name", list);
    line.set("name", &choice.name);
    line.both("label", &choice.label);
    line
}

fn settings(pack: &Pack, kind: &Kind) -> Line {
    let mut line = Line::default();
    let word = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    line.set("form_title", &kind.label.zh);
    line.set("linli_label", &kind.label.en);
    line.set("form_id", &kind.name);
    line.set("version", pack.version.to_string());
    // ODK calls the form's root `data`, which then no question may be called.
    let named = dialect::types(&kind.fields);
    if named.contains_key("data") {
        let free = ["record", "form", "root"].into_iter().find(|name| !named.contains_key(name));
        line.set("name", free.unwrap_or("linli_record"));
    }
    line.set("default_language", ZH);
    line.set("linli_nature", word(serde_json::to_value(kind.nature)));
    line.set("linli_class", class(kind.class));
    for (column, name) in [("linli_date", &kind.date), ("linli_icon", &kind.icon), ("linli_assigned", &kind.assigned)] {
        line.set(column, name.clone().unwrap_or_default());
    }
    if let Some(title) = &kind.title {
        let odk = dialect::to_odk(title, &dialect::types(&kind.fields), None).unwrap_or_default();
        line.set("instance_name", odk);
        line.set("linli_title", title.source());
    }
    line.set("linli_summary", kind.summary.as_ref().map_or("", |summary| summary.source()));
    line.set("linli_keep_years", kind.keep_years.map(|years| years.to_string()).unwrap_or_default());
    line.set("linli_once", kind.once.join(" "));
    line
}

fn class(class: Class) -> &'static str {
    match class {
        Class::Open => "open",
        Class::Resident => "resident",
        Class::Restricted => "restricted",
    }
}
