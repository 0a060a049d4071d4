//! Do the parts that screens are built around name kinds and fields that exist?

use super::{Pack, hint};
use crate::{expression::Expression, pack::FieldType};

/// What is wrong, each message saying which entry.
pub(super) fn check_screens(pack: &Pack) -> Vec<String> {
    let mut notes = Notes { pack, notes: Vec::new() };
    for kind in &pack.screens.first {
        notes.kind("screens.first", kind);
    }
    if let Some(doors) = &pack.screens.doors {
        let at = "screens.doors";
        for kind in [&doors.building, &doors.household, &doors.person, &doors.visit] {
            notes.kind(at, kind);
        }
        let record = |kind: &str| FieldType::Record(kind.to_owned());
        notes.field(at, &doors.household, &doors.household_building, Some(record(&doors.building)));
        notes.field(at, &doors.household, &doors.stairwell, Some(FieldType::Integer));
        notes.field(at, &doors.household, &doors.floor, Some(FieldType::Integer));
        notes.field(at, &doors.household, &doors.flat, Some(FieldType::Text));
        notes.field(at, &doors.person, &doors.person_household, Some(record(&doors.household)));
        for name in doors.nobody.keys() {
            notes.field(&format!("{at}.nobody"), &doors.visit, name, None);
        }
        for (column, expression) in [("visit_filter", &doors.visit_filter), ("visit_nobody", &doors.visit_nobody)] {
            notes.expression(&format!("{at}.{column}"), &doors.visit, expression.as_ref());
        }
    }
    if let Some(versions) = &pack.screens.versions {
        let (at, kind) = ("screens.versions", &versions.kind);
        notes.kind(at, kind);
        for text in [&versions.title, &versions.within, &versions.body, &versions.figures] {
            notes.field(at, kind, text, Some(FieldType::Text));
        }
        for date in [&versions.from, &versions.to, &versions.frozen_on] {
            notes.field(at, kind, date, Some(FieldType::Date));
        }
    }
    notes.notes
}

struct Notes<'p> {
    pack: &'p Pack,
    notes: Vec<String>,
}

impl Notes<'_> {
    fn kind(&mut self, at: &str, kind: &str) {
        if self.pack.kind(kind).is_none() {
            let known = self.pack.kinds.keys().map(String::as_str);
            self.notes.push(format!("[{at}] names the unknown kind `{kind}`{}", hint(kind, known)));
        }
    }

    /// Silent about an unknown kind, which has been noted.
    fn field(&mut self, at: &str, kind: &str, field: &str, wanted: Option<FieldType>) {
        let Some(kind) = self.pack.kind(kind) else { return };
        match (kind.field(field).map(|f| &f.r#type), wanted) {
            (None, _) => {
                let known = kind.fields.iter().map(|f| f.name.as_str());
                let hint = hint(field, known);
                self.notes.push(format!("[{at}]: kind `{}` has no field `{field}`{hint}", kind.name));
            }
            (Some(found), Some(wanted)) if *found != wanted => {
                self.notes.push(format!(
                    "[{at}]: `{field}` of kind `{}` is of another type than the screen needs",
                    kind.name
                ));
            }
            _ => {}
        }
    }

    fn expression(&mut self, at: &str, kind: &str, expression: Option<&Expression>) {
        for field in expression.map(Expression::fields).unwrap_or_default() {
            self.field(at, kind, &field, None);
        }
    }
}
