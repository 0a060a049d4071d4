//! Choosing many records at once: those of a building, with a label, of a team.

use std::collections::{BTreeMap, HashSet};

use records::{FieldType, Kind, Pack, RecordId, pack::Nature};
use sync::{Record, book::Book};

use super::gone::Departed;

/// A way to narrow a list down that lies in other records: a team by its memberships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circle {
    /// The kind whose records bind one to the other.
    pub by: String,
    /// Its field that points at who is chosen.
    pub member: String,
    /// Its field that points at what they belong to.
    pub to: String,
    /// The kind they belong to.
    pub kind: String,
}

/// What narrows a list down; all of it together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Narrow {
    /// Only at this building.
    pub building: Option<RecordId>,
    /// Only with this choice of a field with several: `("labels", "elder_alone")`.
    pub label: Option<(String, String)>,
    /// Only who belongs to this.
    pub circle: Option<(Circle, RecordId)>,
}

impl Narrow {
    /// Whether it lets everyone through.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// Register kinds that bind records of `kind` to something else than their home.
pub fn circles(pack: &Pack, kind: &str) -> Vec<Circle> {
    let doors = pack.screens.doors.as_ref();
    let is_home = |of: &str| doors.is_some_and(|d| d.household == of || d.building == of);
    let binds = |by: &Kind| {
        let to = |field: &&records::Field| match &field.r#type {
            FieldType::Record(of) => of != kind && !is_home(of) && pack.kinds.contains_key(of),
            _ => false,
        };
        let member = by.fields.iter().find(|f| f.required.is_some() && f.r#type == FieldType::Record(kind.into()))?;
        let to = by.fields.iter().filter(|f| f.required.is_some()).find(to)?;
        let FieldType::Record(of) = &to.r#type else { return None };
        let (member, to, kind) = (member.name.clone(), to.name.clone(), of.clone());
        Some(Circle { by: by.name.clone(), member, to, kind })
    };
    pack.kinds.values().filter(|by| by.nature == Nature::Register).filter_map(binds).collect()
}

/// The records of a kind that are let through, the first entered first, void ones left out, and unless they are wanted who
/// is no longer here. Who has left a circle is not of it.
pub fn among(
    pack: &Pack,
    book: &Book,
    kind: &str,
    narrow: &Narrow,
    departed: &Departed<'_>,
    with_gone: bool,
) -> Vec<RecordId> {
    let doors = pack.screens.doors.as_ref().filter(|doors| doors.person == kind);
    let members: Option<HashSet<RecordId>> = narrow.circle.as_ref().map(|(circle, of)| {
        let bound = book.pointing_at(*of).filter(|r| r.kind == *circle.by && !r.is_void() && !departed.has(r));
        let is_of = |r: &&Record| r.link(&circle.to) == Some(*of);
        bound.filter(is_of).filter_map(|r| r.link(&circle.member)).collect()
    });
    let mut homes: BTreeMap<RecordId, bool> = BTreeMap::new();
    let mut is_at = |record: &Record, building: RecordId| -> bool {
        let Some(doors) = doors else { return false };
        let Some(home) = record.link(&doors.person_household) else { return false };
        *homes.entry(home).or_insert_with(|| {
            let there = book.get(home).and_then(|home| home.link(&doors.household_building));
            there == Some(building)
        })
    };
    let lets = |record: &&Record| {
        !record.is_void()
            && members.as_ref().is_none_or(|members| members.contains(&record.id))
            && narrow.label.as_ref().is_none_or(|(field, choice)| {
                let has = record.value(field);
                has.and_then(|v| Some(v.as_array()?.iter().any(|v| v.as_str() == Some(choice)))).unwrap_or(false)
            })
            && narrow.building.is_none_or(|building| is_at(record, building))
            && (with_gone || !departed.has(record))
    };
    book.of_kind(kind).filter(lets).map(|record| record.id).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::made::{Made, at, today};

    #[test]
    fn a_list_is_narrowed_by_building_label_and_team_and_by_all_of_them_together() {
        let mut made = Made::default();
        let (three, four) = (made.building("3幢"), made.building("4幢"));
        let (here, there) = (made.household(three, 1, 1, "101"), made.household(four, 1, 1, "101"));
        let wang = made.record("person", json!({"name": "王阿婆", "household": here, "labels": ["elder_alone"]}));
        let li = made.record("person", json!({"name": "李桂英", "household": here}));
        let zhao = made.record("person", json!({"name": "赵大爷", "household": there, "labels": ["elder_alone"]}));
        let qian = made.record("person", json!({"name": "钱阿姨", "household": here, "labels": ["elder_alone"]}));
        let team = made.record("team", json!({"name": "交谊舞协会"}));
        for person in [li, zhao, qian] {
            made.record("membership", json!({"team": team, "person": person, "role": "member"}));
        }
        made.set(qian, "state", "deceased".into(), at(50));
        let left = json!({"team": team, "person": wang, "role": "member", "until": "2026-10-01"});
        made.record("membership", left);
        let pack = Pack::community();
        let circle =
            circles(&pack, "person").into_iter().find(|circle| circle.kind == "team").expect("teams bind people");
        assert_eq!(circle.by, "membership");
        let departed = Departed::new(&pack, &made.book, today());
        let all = |narrow: Narrow| among(&pack, &made.book, "person", &narrow, &departed, false);
        let (building, label) = (Some(three), Some(("labels".to_owned(), "elder_alone".to_owned())));
        let team = Some((circle, team));
        assert_eq!(all(Narrow { building, ..Narrow::default() }), [wang, li]);
        assert_eq!(all(Narrow { label: label.clone(), ..Narrow::default() }), [wang, zhao]);
        assert_eq!(all(Narrow { circle: team.clone(), ..Narrow::default() }), [li, zhao]);
        assert_eq!(all(Narrow { building: Some(four), label, circle: team.clone() }), [zhao]);
        let searched = Narrow { circle: team, ..Narrow::default() };
        assert_eq!(
            among(&pack, &made.book, "person", &searched, &departed, true),
            [li, zhao],
            "she is in no team any more"
        );
        let searched = Narrow { building, ..Narrow::default() };
        assert_eq!(among(&pack, &made.book, "person", &searched, &departed, true), [wang, li, qian]);
    }
}
