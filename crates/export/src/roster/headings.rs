//! The words that columns are headed with, in rosters of streets, police stations, housing offices and pension funds.
//!
//! The pack's own labels and names are always understood; this table holds what people write besides. A line for a field
//! that the pack does not have is never looked at.

use super::{
    roles::Roles,
    sheet::{fold, narrow},
    target::Target,
};
use words::{ADDRESS, HEAD, Of, PARTS, WORDS};

mod others;
mod whose;
mod words;

pub use whose::{Whose, whose};

/// Longest heading, in bytes: what is longer is a remark, or made to keep us busy.
const LONGEST: usize = 300;

/// What a heading may mean, the likeliest first, each with how far it is from certain: 0 the pack's own word, then places
/// in the table, 1000 for a part of a longer heading.
pub fn meanings(roles: &Roles<'_>, heading: &str) -> Vec<(usize, Target)> {
    if heading.len() > LONGEST {
        return Vec::new();
    }
    let plain = narrow(heading);
    // 联系电话（手机） and 姓名* mean what stands before the brackets.
    let before = plain.split(['(', '[', '【', '〔']).next().unwrap_or_default();
    let (whole, before) = (fold(&plain), fold(before));
    if whole.is_empty() {
        return Vec::new();
    }
    let is = |word: &str| {
        let word = fold(word);
        word == whole || (word == before && !before.is_empty())
    };
    let mut found = Vec::new();
    for kind in roles.kinds() {
        for field in &kind.fields {
            let target = Target::field(&kind.name, &field.name);
            // A building and a person may both have a `note`: the person's comes first, the others by their longer names.
            let own = kind.name == roles.person.name || field.name != "note";
            if own && (is(&field.label.zh) || is(&field.label.en)) && target.is_known(roles) {
                found.push((0, target));
            }
        }
    }
    let kind_of = |of: Of| match of {
        Of::Building => roles.building,
        Of::Household => roles.household,
        Of::Person => roles.person,
    };
    for (of, field, words) in WORDS {
        let target = Target::field(&kind_of(*of).name, field);
        if let Some(place) = words.iter().position(|word| is(word)).filter(|_| target.is_known(roles)) {
            found.push((1 + place, target));
        }
    }
    found.extend(ADDRESS.iter().position(|word| is(word)).map(|place| (1 + place, Target::Address)));
    found.extend(HEAD.iter().position(|word| is(word)).map(|place| (1 + place, Target::Head)));
    for field in roles.person.fields.iter().filter(|field| field.r#type.is_set()) {
        // 低保, 是否低保, 是否为低保户
        let asked = ["是否为", "是否", "有无"].iter().find_map(|asks| whole.strip_prefix(asks)).unwrap_or(&whole);
        let ticked = super::value::choose(roles, field, asked).map(|choice| Target::Member {
            kind: roles.person.name.clone(),
            field: field.name.clone(),
            choice: choice.name.clone(),
        });
        found.extend(ticked.map(|target| (1, target)));
    }
    if found.is_empty() && whose::whose(&plain).0 != Whose::Other {
        let part = PARTS.iter().find(|(part, _)| whole.contains(part));
        let target = part.map(|(_, field)| Target::field(&roles.person.name, field));
        found.extend(target.filter(|target| target.is_known(roles)).map(|target| (1000, target)));
    }
    found.sort_by_key(|(far, _)| *far);
    found
}
