//! The people of a row: whose each column is. One in most rosters; in others the head stands beside the members, or members
//! stand side by side.

use std::collections::{BTreeMap, BTreeSet};

use crate::roster::{
    headings::{Whose, meanings, whose},
    roles::Roles,
    sheet::fold,
    target::Target,
};

/// Members who are told apart by their place alone count from here.
const REPEATED: i64 = 100;

/// What a heading says.
#[derive(Clone, Debug, Default)]
pub(super) struct Heading {
    /// The group above it, empty without one.
    pub group: String,
    /// Its own words.
    pub own: String,
}

/// Whose a column is and by which words it is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owned {
    /// The person of the row, counted from 1; `None` for what is somebody else's.
    pub nth: Option<usize>,
    /// Whether the person is the head, by the heading.
    pub is_head: bool,
    /// Whether it may be understood by what stands under it: nothing says that it is another's.
    pub is_free: bool,
    /// The words, without those that say whose.
    pub text: String,
}

impl Whose {
    /// Its place in an order, counted from 1.
    fn of(self, order: &[Self]) -> Option<usize> {
        order.iter().position(|whose| *whose == self).map(|at| at + 1)
    }
}

impl Heading {
    /// Both in one.
    pub fn whole(&self) -> String {
        match (self.group.as_str(), self.own.as_str()) {
            ("", own) => own.to_owned(),
            (group, "") => group.to_owned(),
            (group, own) if group == own => own.to_owned(),
            (group, own) => format!("{group}·{own}"),
        }
    }
}

/// Whose the columns are, in their order.
pub(super) fn owned(roles: &Roles<'_>, headings: &[Heading]) -> Vec<Owned> {
    let mut parts: Vec<(Whose, String)> = headings.iter().map(|heading| part(roles, heading)).collect();
    // 家庭成员 alone heads a list of all of them, or their number.
    let lists = |part: &(Whose, String)| part.0 == Whose::Member(0) && part.1.is_empty();
    if !parts.iter().any(|part| part.0 == Whose::Member(0) && !lists(part)) {
        parts.iter_mut().filter(|part| lists(part)).for_each(|part| part.0 = Whose::Other);
    }
    let first = |text: &str| meanings(roles, text).into_iter().next().map(|(_, target)| target);
    let name = Target::field(&roles.person.name, &roles.name.name);
    let relation = roles.head.map(|(field, _)| Target::field(&roles.person.name, &field.name));
    let is_name = |(whose, text): &(Whose, String)| {
        let meant = first(text);
        match whose {
            Whose::Own => meant.as_ref() == Some(&name),
            _ => text.is_empty() || meant.is_some_and(|meant| meant == name || meant == Target::Head),
        }
    };
    let of_person = |text: &str| {
        let meant = first(text)?;
        matches!(&meant, Target::Field { kind, .. } if *kind == roles.person.name).then_some(meant)
    };
    number_repeats(&mut parts, &is_name);
    let named: BTreeSet<Whose> = parts.iter().filter(|part| is_name(part)).map(|(whose, _)| *whose).collect();
    let is_member = |whose: &Whose| matches!(whose, Whose::Member(_) | Whose::Numbered(_));
    // 姓名 beside 姓名2 is the first of the two; 户主姓名 beside 姓名 alone says in whose household the row's person lives.
    let members = named.iter().any(is_member);
    let counts = |whose: &Whose| match whose {
        Whose::Head => members || !named.contains(&Whose::Own),
        Whose::Other => false,
        _ => true,
    };
    let mut order: Vec<Whose> = Vec::new();
    let heads = parts.iter().filter(|part| part.0 == Whose::Head);
    for (whose, _) in heads.chain(&parts) {
        if named.contains(whose) && counts(whose) && !order.contains(whose) {
            order.push(*whose);
        }
    }
    if order.is_empty() {
        order.push(Whose::Own);
    }
    let explicit: BTreeMap<Whose, usize> =
        parts.iter().filter(|part| !is_name(part)).fold(BTreeMap::new(), |mut of, part| {
            *of.entry(part.0).or_default() += 1;
            of
        });
    let mut owned = Vec::with_capacity(parts.len());
    for (at, (whose, text)) in parts.iter().enumerate() {
        let meant = of_person(text);
        let nth = match whose {
            Whose::Other => None,
            Whose::Own | Whose::Head if meant.is_none() && !is_name(&parts[at]) => Some(1),
            Whose::Member(nth) if meant.is_none() && *nth >= REPEATED => Some(1),
            Whose::Own if order.contains(&Whose::Own) => sandwiched(&parts, at).unwrap_or(Whose::Own).of(&order),
            // No name is one's own: what says nothing of whose it is belongs to the name before it, unless that one's
            // columns say whose they are.
            Whose::Own => {
                let before = parts[..at].iter().rev().find(|part| is_name(part)).map(|part| part.0);
                let before = before.filter(|whose| {
                    let is_kin = meant == relation && relation.is_some();
                    is_kin && is_member(whose) || !explicit.contains_key(whose)
                });
                sandwiched(&parts, at).or(before).and_then(|whose| whose.of(&order)).or(Some(1))
            }
            // Of 电话2 without a second name only the words as they stand say what it is; and 成员关系 may be anyone's.
            Whose::Numbered(_) if !named.contains(whose) => Some(1),
            Whose::Member(_) if !members && meant == relation && relation.is_some() => Some(1),
            whose => whose.of(&order),
        };
        let text = match (whose, text.is_empty()) {
            (Whose::Numbered(_), _) if !named.contains(whose) => headings[at].own.clone(),
            (Whose::Own | Whose::Other, _) => text.clone(),
            (_, true) => roles.name.label.zh.clone(),
            _ => text.clone(),
        };
        let is_free = *whose == Whose::Own && order.len() == 1;
        owned.push(Owned { nth, is_head: *whose == Whose::Head, is_free, text });
    }
    owned
}

/// Whose it is by the group and the column's own words together.
fn part(roles: &Roles<'_>, heading: &Heading) -> (Whose, String) {
    let whole = whose(&heading.whole());
    // 紧急联系人电话 speaks of another, and there is a place for it; so may a choice (登记失业).
    let plain = fold(&heading.whole());
    let has_place =
        || meanings(roles, &plain).first().is_some_and(|(far, target)| *far < 1000 && *target != Target::Head);
    match whole.0 {
        Whose::Own => (Whose::Own, heading.own.clone()),
        Whose::Other if has_place() => (Whose::Own, plain),
        Whose::Member(_) if whole.1.is_empty() && !heading.group.is_empty() && heading.own.is_empty() => {
            (Whose::Other, plain)
        }
        Whose::Member(0) if has_place() && heading.group.is_empty() && is_contact(roles, &plain) => (Whose::Own, plain),
        _ => whole,
    }
}

/// Whether a heading is of those to call for the person (家属电话).
fn is_contact(roles: &Roles<'_>, heading: &str) -> bool {
    let contact = Target::field(&roles.person.name, "contact");
    meanings(roles, heading).first().is_some_and(|(_, target)| *target == contact)
}

/// Names that stand several times under the same heading are several people's: each with what follows it, as far as the
/// person before has the same.
fn number_repeats(parts: &mut [(Whose, String)], is_name: &dyn Fn(&(Whose, String)) -> bool) {
    let own = |part: &(Whose, String)| matches!(part.0, Whose::Own | Whose::Member(0));
    let names: Vec<usize> = (0..parts.len()).filter(|at| own(&parts[*at]) && is_name(&parts[*at])).collect();
    let repeated = |at: usize| names.iter().filter(|other| parts[**other] == parts[at]).count() > 1;
    let names: Vec<usize> = names.iter().copied().filter(|at| repeated(*at)).collect();
    let old: Vec<(Whose, String)> = parts.to_vec();
    for (nth, start) in names.iter().copied().enumerate().skip(1) {
        let end = names.get(nth + 1).copied().unwrap_or(parts.len());
        let of_block = |at: &usize| old[*at].0 == old[start].0;
        let again = |at: &usize| old[..start].iter().any(|part| fold(&part.1) == fold(&old[*at].1));
        let last = (start..end).filter(|at| of_block(at) && again(at)).max().unwrap_or(start);
        for at in (start..=last).filter(of_block) {
            parts[at].0 = Whose::Member(REPEATED + nth as i64);
        }
        // 与户主关系 is asked of members alone, wherever it stands beside one.
        for at in (last + 1..end).filter(of_block).filter(|at| old[*at].1.contains("关系")) {
            parts[at].0 = Whose::Member(REPEATED + nth as i64);
        }
    }
}

/// The member between whose columns a column stands.
fn sandwiched(parts: &[(Whose, String)], at: usize) -> Option<Whose> {
    let said = |part: &&(Whose, String)| part.0 != Whose::Own;
    let before = parts[..at].iter().rev().find(said)?.0;
    let after = parts[at + 1..].iter().find(said)?.0;
    (before == after && before != Whose::Other).then_some(before)
}
