//! Figures in plain words: how many visits have this answer, what all payments add up to.

use super::{Edit, both, holds, known, label, name::name_for, parsed};
use crate::{
    Text,
    pack::{FieldType, Indicator, Measure, Pack, Path, Wrong},
};

/// What is reckoned of the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reckoned {
    /// How many records.
    Count,
    /// The sum of a number or an amount.
    Sum(String),
    /// How many different people, households … a question points at.
    Different(String),
}

/// A figure that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureAsked {
    /// What it is called.
    pub label: Text,
    /// What is counted: 次, 人; blank for none.
    pub unit: Text,
    /// The kind of the records.
    pub kind: String,
    /// What is reckoned.
    pub reckoned: Reckoned,
    /// Which of them: fields and the choices they hold; all when empty.
    pub when: Vec<(String, String)>,
}

/// A figure by another name, or counted in another word; what is reckoned stays.
///
/// # Errors
/// There is no such figure, it has no name, or another's.
pub fn renamed(pack: &Pack, name: &str, words: &Text, unit: &Text) -> Result<Edit, Wrong> {
    let mut indicator = there(pack, name)?.clone();
    indicator.label = label(words)?;
    if pack.indicators.iter().any(|known| known.name != name && known.label.zh == indicator.label.zh) {
        return Err(is_there());
    }
    indicator.unit = unit_of(unit);
    Ok(Edit::Indicator(Box::new(indicator)))
}

/// A figure stopped, so that it is no longer offered, or taken up again.
///
/// # Errors
/// There is no such figure.
pub fn figure_stopped(pack: &Pack, name: &str, stopped: bool) -> Result<Edit, Wrong> {
    Ok(Edit::Indicator(Box::new(Indicator { stopped, ..there(pack, name)?.clone() })))
}

fn there<'p>(pack: &'p Pack, name: &str) -> Result<&'p Indicator, Wrong> {
    pack.indicator(name).ok_or_else(|| Wrong::new("没有这个数字。", "There is no such figure.").at("label"))
}

fn is_there() -> Wrong {
    Wrong::new("已经有这个数字。", "There is such a figure already.").at("label")
}

fn unit_of(unit: &Text) -> Option<Text> {
    Some(both(&unit.zh, &unit.en)).filter(|unit| !unit.zh.is_empty())
}

/// The figure as an edit.
///
/// # Errors
/// What is missing, at `label`, `kind`, `of` and `when`.
pub fn figure(pack: &Pack, asked: &FigureAsked) -> Result<Edit, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let called = label(&asked.label).map_err(|why| wrong.push(why)).unwrap_or_default();
    if pack.indicators.iter().any(|known| known.label.zh == called.zh && !called.zh.is_empty()) {
        wrong.push(is_there());
    }
    let made = || -> Result<Indicator, Wrong> {
        let kind = known(pack, &asked.kind)?;
        let filter = holds(kind, &asked.when)?;
        let of = |name: &String, fits: fn(&FieldType) -> bool| {
            let found = kind.field(name).is_some_and(|field| fits(&field.r#type));
            let wrong = || Wrong::new("请选上要算的一题。", "Please choose the question to reckon.").at("of");
            if found { Ok(name.clone()) } else { Err(wrong()) }
        };
        let measure = match &asked.reckoned {
            Reckoned::Count => Measure::Count,
            Reckoned::Sum(field) => Measure::Sum(of(field, |t| matches!(t, FieldType::Integer | FieldType::Money))?),
            Reckoned::Different(field) => Measure::Distinct(Path(of(field, |t| matches!(t, FieldType::Record(_)))?)),
        };
        let name = name_for(&called.zh, |name| pack.indicator(&format!("{}.{name}", kind.name)).is_some());
        Ok(Indicator {
            name: format!("{}.{name}", kind.name),
            label: called.clone(),
            measure,
            kind: kind.name.clone(),
            date: None,
            // What is not dated is counted as it stands.
            standing: kind.date.is_none(),
            filter: if filter.is_empty() { None } else { Some(parsed(&filter)?) },
            unit: unit_of(&asked.unit),
            stopped: false,
        })
    };
    match made() {
        Ok(indicator) if wrong.is_empty() => Ok(Edit::Indicator(Box::new(indicator))),
        Ok(_) => Err(wrong),
        Err(why) => {
            wrong.push(why);
            Err(wrong)
        }
    }
}
