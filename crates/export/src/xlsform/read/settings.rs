//! The sheet `settings` to what a kind is beside its fields.

use records::{Field, FieldType, Kind, Lang, Text, expression::Expression, pack::Nature};

use super::super::{
    columns::SETTINGS,
    dialect::{self, reference},
    finding::{
        ATTRIBUTES, DATE_ADDED, EXPRESSION, Findings, OURS_STALE, REFERENCE_TWICE, SETTING_WRONG, TEXT_LACKS,
        TITLE_MADE,
    },
    language,
    renamed::{Renamed, Stand, from_odk},
    table::{Row, Table, Written},
};
use super::{expression, over, question::blank};

/// The row of the settings.
pub(super) struct Settings<'t> {
    row: Option<Row<'t>>,
    /// Where what it does not say would stand.
    nowhere: Written,
}

impl<'t> Settings<'t> {
    pub(super) fn read(table: Option<&'t Table<'t>>, nowhere: Written, findings: &mut Findings) -> Self {
        let row = table.and_then(|table| table.rows().next());
        if let Some(row) = row {
            row.passed_over(&SETTINGS, findings);
        }
        Self { row, nowhere }
    }

    pub(super) fn cell(&self, name: &str) -> Option<Written> {
        self.row.and_then(|row| row.cell(name))
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.cell(name).map(|cell| cell.text).unwrap_or_default()
    }

    /// Where a setting stands or would stand.
    pub(super) fn place(&self, name: &str) -> Written {
        self.row.map_or_else(|| self.nowhere.clone(), |row| row.place(name))
    }

    /// Whether the workbook was made here.
    pub(super) fn is_ours(&self) -> bool {
        self.cell("linli_nature").is_some()
    }

    /// What people call the kind.
    pub(super) fn label(&self, name: &str, findings: &mut Findings) -> Text {
        let Some(title) = self.cell("form_title") else { return Text::new(name, name) };
        match self.cell("linli_label") {
            Some(other) => Text::new(title.text, other.text),
            None => {
                let is_english =
                    language::of(&self.text("default_language")) == Some(Lang::En) || title.text.is_ascii();
                let lacks = if is_english { Text::new("中文", "Chinese") } else { Text::new("英文", "English") };
                findings.about(&title, &TEXT_LACKS, lacks);
                Text::new(&title.text, &title.text)
            }
        }
    }

    /// The kind, over what is in force of it.
    pub(super) fn kind(
        &self,
        name: &str,
        in_force: Option<&Kind>,
        fields: Vec<Field>,
        today: Option<String>,
        renamed: &Renamed,
        findings: &mut Findings,
    ) -> Kind {
        let label = match in_force {
            // What was called in both languages is not called in one because of a form that has one.
            Some(kind) if self.cell("linli_label").is_none() && self.text("form_title") == kind.label.zh => {
                kind.label.clone()
            }
            _ => self.label(name, findings),
        };
        let nature = self.word("linli_nature", "fact, register", findings);
        let class = self.word("linli_class", "open, resident, restricted", findings);
        if in_force.is_none() && (nature.is_none() || class.is_none()) {
            findings.say(&self.place("form_id"), &ATTRIBUTES);
        }
        let kept = |column: &str, of: fn(&Kind) -> &Option<String>| {
            let own = self.cell(column).map(|cell| cell.text);
            own.or_else(|| if self.is_ours() { None } else { in_force.and_then(|kind| of(kind).clone()) })
        };
        let mut kind = Kind {
            name: name.to_owned(),
            label,
            nature: nature.or(in_force.map(|kind| kind.nature)).unwrap_or(Nature::Fact),
            class: class.or(in_force.map(|kind| kind.class)).unwrap_or(records::Class::Resident),
            date: kept("linli_date", |kind| &kind.date),
            icon: kept("linli_icon", |kind| &kind.icon),
            title: None,
            summary: None,
            fields,
            by: in_force.map(|kind| kind.by.clone()).unwrap_or_default(),
            assigned: kept("linli_assigned", |kind| &kind.assigned),
            keep_years: in_force.and_then(|kind| kind.keep_years).filter(|_| !self.is_ours()),
            actions: in_force.map(|kind| kind.actions.clone()).unwrap_or_default(),
            follows: in_force.map(|kind| kind.follows.clone()).unwrap_or_default(),
            again: in_force.and_then(|kind| kind.again.clone()),
            once: in_force.map(|kind| kind.once.clone()).filter(|_| !self.is_ours()).unwrap_or_default(),
            walk: in_force.and_then(|kind| kind.walk.clone()),
            gone: in_force.and_then(|kind| kind.gone.clone()),
            tells_apart: in_force.and_then(|kind| kind.tells_apart.clone()),
        };
        if let Some(cell) = self.cell("linli_keep_years") {
            kind.keep_years = cell.text.parse().ok();
            if kind.keep_years.is_none() {
                findings.of(&cell, &SETTING_WRONG, "1–100");
            }
        }
        if let Some(cell) = self.cell("linli_once") {
            kind.once = cell.text.split_whitespace().map(Into::into).collect();
        }
        if let Some(was) = in_force {
            over::head(was, &mut kind, self, findings);
        }
        self.date(&mut kind, today, findings);
        self.lines(&mut kind, in_force, renamed, findings);
        kind
    }

    fn word<T: serde::de::DeserializeOwned>(&self, column: &str, known: &str, findings: &mut Findings) -> Option<T> {
        let cell = self.cell(column)?;
        let read = serde_json::from_value(cell.text.as_str().into()).ok();
        if read.is_none() {
            findings.of(&cell, &SETTING_WRONG, known);
        }
        read
    }

    /// A fact counts by a date: the one it names, the day the form began with, or one that is added.
    fn date(&self, kind: &mut Kind, today: Option<String>, findings: &mut Findings) {
        let is_date = |kind: &Kind, name: &str| kind.field(name).is_some_and(|field| field.r#type == FieldType::Date);
        if kind.date.as_ref().is_some_and(|date| is_date(kind, date)) || kind.nature == Nature::Register {
            return;
        }
        if let Some(today) = today.filter(|today| is_date(kind, today)) {
            kind.date = Some(today);
            return;
        }
        let taken = |name: &str| dialect::types(&kind.fields).contains_key(name);
        let name = ["date", "recorded_on", "record_date"].into_iter().find(|name| !taken(name)).unwrap_or("linli_date");
        kind.fields.push(Field {
            label: Text::new("日期", "Date"),
            required: Expression::parse("true()").ok(),
            default: Expression::parse("today()").ok(),
            column: true,
            ..blank(name.to_owned(), FieldType::Date)
        });
        kind.date = Some(name.to_owned());
        findings.of(&self.place("linli_date"), &DATE_ADDED, name);
    }

    /// Title and summary.
    fn lines(&self, kind: &mut Kind, in_force: Option<&Kind>, renamed: &Renamed, findings: &mut Findings) {
        let holds = |expression: &Expression| {
            let references = expression.references();
            let known = expression.fields().iter().all(|name| {
                kind.field(name).is_some()
                    || references.all_rows.contains(name) && dialect::types(&kind.fields).contains_key(name.as_str())
            });
            known && references.columns.is_empty() && !references.this
        };
        let read = |cell: &Written, source: &str, findings: &mut Findings| match Expression::parse(source) {
            Ok(expression) if holds(&expression) => Some(expression),
            Ok(_) => {
                let about = Text::new("用到的不在这类记录里", "it names what is not in the kind");
                findings.about(cell, &EXPRESSION, about);
                None
            }
            Err(error) => {
                expression::wrong(cell, source, &error, findings);
                None
            }
        };
        let odk = self.cell("instance_name");
        let mut title = None;
        if let Some(cell) = self.cell("linli_title") {
            title = read(&cell, &cell.text, findings).filter(|title| {
                let said = dialect::to_odk(title, &dialect::types(&kind.fields), None).unwrap_or_default();
                let fits = said == odk.as_ref().map_or("", |odk| &odk.text);
                if !fits {
                    findings.of(&cell, &OURS_STALE, "instance_name");
                }
                fits
            });
        }
        let title = title.or_else(|| {
            let cell = odk?;
            match from_odk(&cell.text, renamed, Stand::default()) {
                Ok(source) => read(&cell, &source, findings),
                Err(name) => {
                    findings.of(&cell, &REFERENCE_TWICE, &name);
                    None
                }
            }
        });
        let title = title.or_else(|| in_force.and_then(|kind| kind.title.clone()).filter(|title| holds(title)));
        let summary = self.cell("linli_summary").and_then(|cell| read(&cell, &cell.text, findings));
        let kept = || in_force.filter(|_| !self.is_ours()).and_then(|kind| kind.summary.clone());
        let summary = summary.or_else(|| kept().filter(|summary| holds(summary)));
        let title = title.or_else(|| {
            let made = made(kind)?;
            findings.of(&self.place("instance_name"), &TITLE_MADE, made.source());
            Some(made)
        });
        (kind.title, kind.summary) = (title, summary);
    }
}

/// A title out of the first answers that name something.
fn made(kind: &Kind) -> Option<Expression> {
    let named = kind.fields.iter().filter_map(|field| match field.r#type {
        FieldType::SelectOne(_) => Some(format!("choice-label({})", reference(&field.name))),
        FieldType::Text | FieldType::Integer | FieldType::Date => Some(reference(&field.name)),
        _ => None,
    });
    let parts: Vec<String> = named.take(2).collect();
    let source = match &parts[..] {
        [] => reference(&kind.fields.first()?.name),
        [one] => one.clone(),
        many => format!("concat({})", many.join(", ' · ', ")),
    };
    Expression::parse(&source).ok()
}
