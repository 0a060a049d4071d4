//! Due rules in plain words: those who have this label are visited every so many days.

use super::{Edit, holds, known, label, name::name_for, parsed};
use crate::{
    Text,
    pack::{Due, DueRule, Field, FieldType, Kind, Pack, Wrong},
};

/// Most days of a rule, ten years: of what is due before something runs out, all the time.
pub const LONGEST: u32 = 3660;

/// A due rule that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleAsked {
    /// Why something is due, in two or three words.
    pub label: Text,
    /// The kind that is looked at: people, households.
    pub kind: String,
    /// Which of them: fields and the choices they hold.
    pub when: Vec<(String, String)>,
    /// Days from one visit to the next.
    pub days: u32,
    /// Posts on whose Today it stands; all that may read the kind when empty.
    pub posts: Vec<String>,
}

/// Questions of a kind that a condition can be made of.
pub fn conditions(kind: &Kind) -> impl Iterator<Item = &Field> {
    let is_chosen = |field: &&Field| {
        matches!(field.r#type, FieldType::SelectOne(_) | FieldType::SelectMultiple(_) | FieldType::YesNo)
    };
    kind.fields.iter().filter(|field| !field.disused).filter(is_chosen)
}

/// Kinds that visits are about, with the visits' fields that say so, the longest known first.
pub fn places(pack: &Pack) -> Vec<(&Kind, Vec<String>)> {
    let Some(doors) = &pack.screens.doors else { return Vec::new() };
    let Some(visit) = pack.kind(&doors.visit) else { return Vec::new() };
    let about = |kind: &Kind| -> Vec<String> {
        let leads = |field: &&Field| match &field.r#type {
            FieldType::Record(to) => *to == kind.name || kind.fields.iter().any(|own| own.r#type == field.r#type),
            _ => false,
        };
        visit.fields.iter().filter(leads).map(|field| field.name.clone()).collect()
    };
    let kinds = [&doors.person, &doors.household].into_iter().filter_map(|kind| pack.kind(kind));
    kinds.map(|kind| (kind, about(kind))).filter(|(_, about)| !about.is_empty()).collect()
}

impl Pack {
    /// The labels that people bear: the kind, its question and the choice list.
    pub fn labels(&self) -> Option<(&str, &str, &str)> {
        let kind = self.kind(&self.screens.doors.as_ref()?.person)?;
        let field = kind.field(&kind.by.get("label")?.0)?;
        Some((&kind.name, &field.name, self.list_of(field)?))
    }
}

/// The rule as an edit.
///
/// # Errors
/// What is missing, at `label`, `kind`, `when` and `days`.
pub fn rule(pack: &Pack, asked: &RuleAsked) -> Result<Edit, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let called = label(&asked.label).map_err(|why| wrong.push(why)).unwrap_or_default();
    if pack.due.iter().any(|due| due.label.zh == called.zh && !called.zh.is_empty()) {
        wrong.push(Wrong::new("已经有这条提醒。", "There is such a rule already.").at("label"));
    }
    if !in_range(asked.days) {
        wrong.push(out_of_range());
    }
    if asked.when.is_empty() {
        wrong.push(Wrong::new("请选择走访对象。", "Please choose who is to be visited.").at("when"));
    }
    let made = || -> Result<Due, Wrong> {
        let kind = known(pack, &asked.kind)?;
        let place = places(pack).into_iter().find(|(place, _)| place.name == kind.name);
        let no_place = || Wrong::new("走访记录不写这一类。", "Visits are not about such records.").at("kind");
        let (_, about) = place.ok_or_else(no_place)?;
        let filter = holds(kind, &asked.when)?;
        let filter = parsed(&format!("{filter}{}", as_others(pack, kind, &asked.when)))?;
        let doors = pack.screens.doors.as_ref().ok_or_else(no_place)?;
        let kept = match (&doors.visit_filter, &doors.visit_nobody) {
            (Some(is), Some(nobody)) => Some(parsed(&format!("({}) and not({})", is.source(), nobody.source()))?),
            (Some(is), None) => Some(is.clone()),
            (None, Some(nobody)) => Some(parsed(&format!("not({})", nobody.source()))?),
            (None, None) => None,
        };
        let name = name_for(&called.zh, |name| pack.due.iter().any(|due| due.name == name));
        let rule = DueRule::Every { days: asked.days, by: doors.visit.clone(), about, kept };
        let (kind, posts) = (kind.name.clone(), asked.posts.clone());
        Ok(Due { name, label: called.clone(), kind, filter: Some(filter), rule, posts, stopped: false })
    };
    match made() {
        Ok(due) if wrong.is_empty() => Ok(Edit::Due(Box::new(due))),
        Ok(_) => Err(wrong),
        Err(why) => {
            if !wrong.iter().any(|known| known.field == why.field) {
                wrong.push(why);
            }
            Err(wrong)
        }
    }
}

/// The days of a rule that can be changed: from one visit to the next, or before something runs out.
pub fn days(due: &Due) -> Option<u32> {
    match due.rule {
        DueRule::Every { days, .. } => Some(days),
        DueRule::Until { ahead, .. } => Some(ahead),
        DueRule::Promise { .. } => None,
    }
}

/// A rule with other days.
///
/// # Errors
/// There is no such rule, it has no days, or not so many.
pub fn paced(pack: &Pack, name: &str, asked: u32) -> Result<Edit, Wrong> {
    let mut due = there(pack, name)?.clone();
    match &mut due.rule {
        DueRule::Every { days, .. } if in_range(asked) => *days = asked,
        // None ahead is the day itself.
        DueRule::Until { ahead, .. } if asked <= LONGEST => *ahead = asked,
        DueRule::Promise { .. } => return Err(Wrong::new("这条提醒没有天数。", "The rule has no days.").at("days")),
        _ => return Err(out_of_range()),
    }
    Ok(Edit::Due(Box::new(due)))
}

/// A rule stopped, so that nothing falls due by it, or taken up again.
///
/// # Errors
/// There is no such rule.
pub fn rule_stopped(pack: &Pack, name: &str, stopped: bool) -> Result<Edit, Wrong> {
    Ok(Edit::Due(Box::new(Due { stopped, ..there(pack, name)?.clone() })))
}

fn there<'p>(pack: &'p Pack, name: &str) -> Result<&'p Due, Wrong> {
    let unknown = || Wrong::new("没有这条提醒。", "There is no such rule.").at("label");
    pack.due.iter().find(|due| due.name == name).ok_or_else(unknown)
}

fn in_range(days: u32) -> bool {
    (1..=LONGEST).contains(&days)
}

fn out_of_range() -> Wrong {
    Wrong::new("天数在1到3660之间。", "Days are from 1 to 3660.").at("days")
}

/// What other rules over the kind ask beside a choice of the same question, such as that the person lives here. Without it
/// the dead would be due for a visit.
fn as_others(pack: &Pack, kind: &Kind, when: &[(String, String)]) -> String {
    let others = pack.due.iter().filter(|due| due.kind == kind.name && matches!(due.rule, DueRule::Every { .. }));
    let mut tails = others.filter_map(|due| {
        let source = due.filter.as_ref()?.source();
        when.iter().find_map(|(field, _)| {
            let rest = source.strip_prefix(&format!("selected(${{{field}}}, '"))?;
            let (_, tail) = rest.split_once("')")?;
            tail.starts_with(" and ").then(|| tail.to_owned())
        })
    });
    tails.next().unwrap_or_default()
}
