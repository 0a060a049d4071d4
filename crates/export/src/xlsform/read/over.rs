//! A form over the kind that is in force: what records hold and what leans on it stays as it is, and is said. So whatever
//! stands in a workbook, publishing what is made of it harms nothing.

use std::collections::BTreeMap;

use records::{
    Field, FieldType, Kind, Pack, Text,
    pack::workshop::{Edit, disused},
};

use super::super::{
    finding::{FIELD_GONE, FIELD_KEPT, FIELD_OTHER, FIELD_STAYS, Findings, IN_FORCE},
    table::{Table, Written},
    types,
};
use super::{name, settings::Settings, settle::Placed};

/// `now` with those of `was` that it lacks, as `gone` leaves them, each after what it stood behind.
pub(super) fn with_gone<T>(
    was: &[T],
    mut now: Vec<T>,
    name: fn(&T) -> &String,
    mut gone: impl FnMut(&T) -> T,
) -> Vec<T> {
    let mut place = 0;
    for old in was {
        place = 1 + match now.iter().position(|one| name(one) == name(old)) {
            Some(at) => at,
            None => {
                now.insert(place, gone(old));
                place
            }
        };
    }
    now
}

/// The fields of a form as they may follow those in force: types and privacy stay, what is gone is asked no more.
pub(super) fn fields(
    pack: &Pack,
    was: &Kind,
    now: Vec<Field>,
    survey: &Table<'_>,
    placed: &Placed,
    findings: &mut Findings,
) -> Vec<Field> {
    let nowhere = &survey.under("name");
    let over = Over { survey, placed, nowhere };
    let rows: BTreeMap<String, Written> =
        survey.rows().map(|row| row.place("name")).map(|at| (name::clean(&at.text), at)).collect();
    let now = now.into_iter().map(|field| over.field(was.field(&field.name), field, findings)).collect();
    with_gone(
        &was.fields,
        now,
        |field| &field.name,
        |old| {
            if let Some(at) = rows.get(&old.name) {
                findings.about(at, &FIELD_KEPT, old.label.clone());
                return old.clone();
            }
            match disused(pack, &was.name, &old.name, true) {
                Ok(Edit::Field { field, .. }) => {
                    over.gone(old, findings);
                    *field
                }
                Err(why) => {
                    findings.about(nowhere, &FIELD_STAYS, why.message);
                    old.clone()
                }
                Ok(_) => old.clone(),
            }
        },
    )
}

/// What is read over what is in force.
struct Over<'o> {
    survey: &'o Table<'o>,
    placed: &'o Placed,
    /// Where what the sheet does not have would stand.
    nowhere: &'o Written,
}

impl Over<'_> {
    fn field(&self, was: Option<&Field>, mut now: Field, findings: &mut Findings) -> Field {
        let Some(was) = was else { return now };
        let at = self.placed.get(&now.name).unwrap_or(self.nowhere);
        match (&mut now.r#type, &was.r#type) {
            (FieldType::Repeat(inner), FieldType::Repeat(before)) => {
                let old = |name: &str| before.iter().find(|old| old.name == name);
                let inside = std::mem::take(inner);
                let inside = inside.into_iter().map(|field| self.field(old(&field.name), field, findings)).collect();
                *inner = with_gone(
                    before,
                    inside,
                    |field| &field.name,
                    |old| {
                        self.gone(old, findings);
                        Field { disused: true, ..old.clone() }
                    },
                );
            }
            (is, before) if is == before => {}
            (_, before) => {
                findings.of(at, &FIELD_OTHER, &types::word(before).0);
                return was.clone();
            }
        }
        self.attributes(was, &mut now);
        if was.class.is_some_and(|before| now.class.is_none_or(|class| class < before)) {
            now.class = was.class;
            let about = Text::new("保密级别不能在这里降低", "how private it is cannot be lowered here");
            findings.about(at, &IN_FORCE, about);
        }
        if was.appears("masked") && !now.appears("masked") {
            now.appearance = format!("{} masked", now.appearance).trim().to_owned();
            let about = Text::new("遮住的内容不能改成不遮", "what is covered on the screen cannot be uncovered here");
            findings.about(at, &IN_FORCE, about);
        }
        now.since = was.since;
        now
    }

    /// What a sheet says nothing of, because it has no such column.
    fn attributes(&self, was: &Field, now: &mut Field) {
        let says = |column: &str| self.survey.has(column);
        if !says("linli_class") {
            now.class = was.class;
        }
        for (column, now, was) in [
            ("linli_search", &mut now.search, was.search),
            ("linli_column", &mut now.column, was.column),
            ("linli_review", &mut now.review, was.review),
            ("linli_disused", &mut now.disused, was.disused),
        ] {
            if !says(column) {
                *now = was;
            }
        }
    }

    /// Says that something is asked no more, if it was.
    fn gone(&self, was: &Field, findings: &mut Findings) {
        if !was.disused {
            findings.about(self.nowhere, &FIELD_GONE, was.label.clone());
        }
    }
}

/// What a kind is beside its fields, as it may follow the one in force.
pub(super) fn head(was: &Kind, now: &mut Kind, settings: &Settings<'_>, findings: &mut Findings) {
    let mut stays = |column: &str, zh: &str, en: &str| {
        findings.about(&settings.place(column), &IN_FORCE, Text::new(zh, en));
    };
    if now.class < was.class {
        now.class = was.class;
        stays("linli_class", "保密级别不能在这里降低", "how private its records are cannot be lowered here");
    }
    if now.nature != was.nature {
        now.nature = was.nature;
        stays("linli_nature", "是事实还是登记不能改", "whether they are facts or entries cannot change");
    }
    if now.date != was.date {
        now.date.clone_from(&was.date);
        stays("linli_date", "按哪个日期计数不能改", "the date they are counted by cannot change");
    }
    if now.assigned != was.assigned {
        now.assigned.clone_from(&was.assigned);
        stays("linli_assigned", "记录由谁负责，不能在这里改", "whom records are assigned to cannot change here");
    }
    if now.keep_years.is_some_and(|years| was.keep_years.is_none_or(|before| years < before)) {
        now.keep_years = was.keep_years;
        stays("linli_keep_years", "保存年限不能在这里缩短", "how long records are kept cannot be shortened here");
    }
}
