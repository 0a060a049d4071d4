//! Changing a pack without writing files: what a director asks for in plain words becomes edits, edits laid over a pack make
//! the changed pack. Edits are kept, not packs, so that they can be laid over a newer one.
//!
//! Map: `edit` what an edit is and how it is kept · `form` a whole form from elsewhere · `question` fields and choices · `rule` due rules · `figure` indicators
//! · `name` machine names. What is asked for wrongly comes back as [`Wrong`]s, at the part of the request concerned: `label`,
//! `choices`, `days` …

mod edit;
mod figure;
mod form;
mod name;
mod question;
mod rule;

pub use edit::{Edit, News, put};
pub use figure::{FigureAsked, Reckoned, figure, figure_stopped, renamed};
pub use form::form;
pub use question::{Asked, Shape, choice, disused, moved, question, reworded};
pub use rule::{LONGEST, RuleAsked, conditions, days, paced, places, rule, rule_stopped};

use super::{Kind, Pack, Wrong};
use crate::{Text, expression::Expression, pack::FieldType};

/// A text as it was typed, in both languages: one that was left empty is as the other.
pub fn both(zh: &str, en: &str) -> Text {
    match (zh.trim(), en.trim()) {
        (zh, "") => Text::new(zh, zh),
        ("", en) => Text::new(en, en),
        (zh, en) => Text::new(zh, en),
    }
}

/// A label that says something, else what is wrong with it.
fn label(label: &Text) -> Result<Text, Wrong> {
    let label = both(&label.zh, &label.en);
    let nothing = || Wrong::new("请写上名称。", "Please give it a name.").at("label");
    if label.zh.is_empty() { Err(nothing()) } else { Ok(label) }
}

fn known<'p>(pack: &'p Pack, kind: &str) -> Result<&'p Kind, Wrong> {
    let unknown = || Wrong::new("没有这张表单。", "There is no such form.").at("kind");
    pack.kind(kind).ok_or_else(unknown)
}

fn parsed(source: &str) -> Result<Expression, Wrong> {
    Expression::parse(source).map_err(|error| Wrong::new(format!("条件读不了：{error}"), error))
}

/// "These fields hold these choices", as an expression; empty when nothing is asked.
fn holds(kind: &Kind, when: &[(String, String)]) -> Result<String, Wrong> {
    let mut all = Vec::new();
    for (field, value) in when {
        let missing = || Wrong::new("请选上条件的答案。", "Please choose an answer for the condition.").at("when");
        let found = kind.field(field).filter(|_| !value.is_empty()).ok_or_else(missing)?;
        let quote = if value.contains('\'') { '"' } else { '\'' };
        all.push(match found.r#type {
            FieldType::SelectMultiple(_) => format!("selected(${{{field}}}, {quote}{value}{quote})"),
            FieldType::YesNo => format!("${{{field}}} = {value}()"),
            _ => format!("${{{field}}} = {quote}{value}{quote}"),
        });
    }
    Ok(all.join(" and "))
}
