//! Do indicators, dimensions and reports name what exists?

use std::collections::BTreeSet;

use super::{Checker, hint};
use crate::{
    pack::{FieldType, Indicator, Kind, MONTH, Measure, OFFICER, Pack, Path, Template},
    report,
};

pub(super) fn check_indicator(pack: &Pack, indicator: &Indicator) -> Vec<String> {
    let mut notes = Vec::new();
    if let Measure::Rate(part, whole) = &indicator.measure {
        let counted = || pack.indicators.iter().filter(|i| !matches!(i.measure, Measure::Rate(..)));
        for name in [part, whole].into_iter().filter(|name| !counted().any(|i| i.name == **name)) {
            let hint = hint(name, counted().map(|i| i.name.as_str()).collect::<Vec<_>>());
            notes.push(format!("`rate` names `{name}`, which is no indicator that counts{hint}"));
        }
        for (column, is_there) in [("filter", indicator.filter.is_some()), ("date", indicator.date.is_some())] {
            if is_there {
                notes.push(format!("a rate has no `{column}`; its two indicators have"));
            }
        }
        return notes;
    }
    let Some(kind) = pack.kind(&indicator.kind) else {
        let kinds = pack.kinds.keys().map(String::as_str);
        return vec![format!("unknown kind `{}`{}", indicator.kind, hint(&indicator.kind, kinds))];
    };
    let fields = kind.fields.iter().map(|f| f.name.as_str());
    match &indicator.date {
        None if kind.date.is_none() && !indicator.standing => notes.push(format!(
            "kind `{}` has no `date`, so its records fall in no period; is the figure `standing`?",
            kind.name
        )),
        Some(date) => match kind.field(date).map(|f| &f.r#type) {
            Some(FieldType::Date) if indicator.standing => notes.push("a standing figure has no `date`".into()),
            Some(FieldType::Date) => {}
            Some(_) => notes.push(format!("`date` is `{date}`, which is not of type date")),
            None => notes.push(format!("`date` is the unknown field `{date}`{}", hint(date, fields.clone()))),
        },
        None => {}
    }
    if let Some(filter) = &indicator.filter {
        let references = filter.references();
        for name in filter.fields().iter().filter(|name| kind.field(name).is_none()) {
            notes.push(format!("`filter` names the unknown field `{name}`{}", hint(name, fields.clone())));
        }
        if !references.lookups.is_empty() || references.columns.iter().next().is_some() {
            notes.push("`filter` sees only the record's own fields, as ${name}; no lookup() and no bare names".into());
        }
    }
    match &indicator.measure {
        Measure::Sum(field) | Measure::Min(field) | Measure::Max(field) => match kind.field(field).map(|f| &f.r#type) {
            Some(FieldType::Integer | FieldType::Money) => {}
            Some(_) => {
                notes.push(format!(
                    "`sum` is of `{field}`, which is not an integer or money; only these can be added up"
                ));
            }
            None => notes.push(format!("`sum` is of the unknown field `{field}`{}", hint(field, fields))),
        },
        Measure::Distinct(path) => notes.extend(check_path(pack, kind, "distinct", path)),
        Measure::Count | Measure::Rate(..) => {}
    }
    notes
}

/// What is wrong with a path that starts at a kind.
fn check_path(pack: &Pack, kind: &Kind, column: &str, path: &Path) -> Option<String> {
    let mut at = kind;
    let mut steps = path.steps().peekable();
    while let Some(step) = steps.next() {
        let Some(field) = at.field(step) else {
            let hint = hint(step, at.fields.iter().map(|f| f.name.as_str()));
            return Some(format!("`{column}` is `{}`, but kind `{}` has no field `{step}`{hint}", path.0, at.name));
        };
        steps.peek()?;
        let next = match &field.r#type {
            FieldType::Record(next) | FieldType::Records(next) => pack.kind(next),
            _ => None,
        };
        let Some(next) = next else {
            return Some(format!("`{column}` is `{}`, but `{step}` leads to no other record", path.0));
        };
        at = next;
    }
    None
}

pub(super) fn check_template(pack: &Pack, template: &Template) -> Vec<String> {
    let mut notes = Vec::new();
    let names = pack.indicators.iter().map(|i| i.name.as_str());
    for (code, body) in [("zh", &template.body.zh), ("en", &template.body.en)] {
        // A chart must be among the report's own, which is asked below.
        for one in report::strange(pack, body).into_iter().filter(|one| one.sort != report::Sort::Chart) {
            let hint = hint(one.written.trim_matches(['{', '}']).trim_end_matches(":change"), names.clone());
            notes.push(format!("`body` in {code} has `{}`, which is no indicator{hint}", one.written));
        }
        for name in report::charts(body).filter(|name| !template.charts.iter().any(|chart| chart.name == *name)) {
            notes.push(format!("`body` in {code} places the chart `{name}`, which is not among its [[chart]]s"));
        }
    }
    let mut seen = BTreeSet::new();
    for chart in &template.charts {
        if !seen.insert(&chart.name) {
            notes.push(format!("there are two charts called `{}`", chart.name));
        }
        for name in &chart.figures {
            match pack.indicator(name) {
                None => {
                    notes.push(format!("chart `{}`: `{name}` is no indicator{}", chart.name, hint(name, names.clone())))
                }
                Some(i) if matches!(i.measure, Measure::Rate(..)) => {
                    notes.push(format!("chart `{}`: `{name}` is a rate, which has no length to draw", chart.name));
                }
                Some(_) => {}
            }
        }
        if let Some(by) = chart.by.as_ref().filter(|by| pack.dimension(by).is_none()) {
            let known = pack.dimensions.iter().map(|d| d.name.as_str());
            notes.push(format!("chart `{}`: `by` is the unknown dimension `{by}`{}", chart.name, hint(by, known)));
        }
    }
    notes
}

impl Checker<'_> {
    /// `[by]` of a kind.
    pub(super) fn by(&mut self) {
        let (pack, kind) = (self.pack, self.kind);
        for (dimension, path) in &kind.by {
            if dimension == MONTH || dimension == OFFICER {
                self.note(None, format!("`by.{dimension}` comes by itself; take it out"));
            } else if pack.dimension(dimension).is_none() {
                let known = pack.dimensions.iter().map(|d| d.name.as_str());
                self.note(None, format!("`by` names the unknown dimension `{dimension}`{}", hint(dimension, known)));
            }
            if let Some(message) = check_path(pack, kind, &format!("by.{dimension}"), path) {
                self.note(None, message);
            }
        }
    }
}
