//! Which doors of a door map someone wants to see: all, those that are due, those nobody was met at, or those behind which
//! someone wears a label.

use std::collections::BTreeSet;

use records::{Class, FieldType, Pack, RecordId, pack::Choice};
use sync::book::Book;

use super::{
    doors::{Door, DoorState, Stairwell, residents},
    gone::Departed,
};

/// The choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sift {
    /// Every door.
    #[default]
    All,
    /// Due or late.
    Due,
    /// Not visited, or nobody was home.
    Unmet,
    /// Someone who lives there is in special care.
    Care,
    /// Someone who lives there has this label.
    Label(String),
}

impl Sift {
    /// As it stands in an address.
    pub fn name(&self) -> &str {
        match self {
            Self::All => "",
            Self::Due => "due",
            Self::Unmet => "unmet",
            Self::Care => "care",
            Self::Label(name) => name,
        }
    }

    /// From what stands in an address.
    pub fn named(name: &str) -> Self {
        match name {
            "" => Self::All,
            "due" => Self::Due,
            "unmet" => Self::Unmet,
            "care" => Self::Care,
            label => Self::Label(label.to_owned()),
        }
    }

    /// Whether the door is one of those.
    pub fn lets(&self, door: &Door) -> bool {
        match self {
            Self::All => true,
            Self::Due => matches!(door.state, DoorState::Due(_)),
            Self::Unmet => matches!(door.state, DoorState::Nobody(_) | DoorState::Never),
            Self::Care => door.in_care,
            Self::Label(name) => door.labels.contains(name),
        }
    }
}

/// The labels of those who live in a household: what the pack lets people be found by, but for what is restricted, which
/// is no tag on a door.
pub fn worn(pack: &Pack, book: &Book, household: RecordId, departed: &Departed<'_>) -> BTreeSet<String> {
    let Some(doors) = &pack.screens.doors else { return BTreeSet::new() };
    let people = residents(book, doors, household).filter(|person| !departed.has(person));
    let values = people.flat_map(|person| lists(pack).filter_map(|(field, _)| person.value(field)));
    let names = values.flat_map(|value| value.as_array().cloned().unwrap_or_default());
    names.filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect()
}

/// Whether one of the labels means special care (重点关爱): the pack says so beside the label, `care = "yes"`.
pub fn means_care(pack: &Pack, worn: &BTreeSet<String>) -> bool {
    let choices = lists(pack).filter_map(|(_, list)| pack.choices.get(list)).flatten();
    let mut caring = choices.filter(|choice| choice.columns.get("care").is_some_and(|care| care == "yes"));
    caring.any(|choice| worn.contains(&choice.name))
}

/// The labels behind the doors, in the pack's order.
pub fn labels<'p>(pack: &'p Pack, stairwells: &[Stairwell]) -> Vec<&'p Choice> {
    let doors = stairwells.iter().flat_map(|stairwell| &stairwell.floors).flat_map(|(_, doors)| doors);
    let worn: BTreeSet<&str> = doors.flat_map(|door| door.labels.iter().map(String::as_str)).collect();
    let choices = lists(pack).filter_map(|(_, list)| pack.choices.get(list)).flatten();
    choices.filter(|choice| worn.contains(choice.name.as_str())).collect()
}

/// People's fields that hold labels, each with its list of choices.
fn lists(pack: &Pack) -> impl Iterator<Item = (&str, &str)> {
    let person = pack.screens.doors.as_ref().and_then(|doors| pack.kind(&doors.person));
    let fields = person.into_iter().flat_map(|kind| &kind.fields);
    let shown = fields.filter(|field| field.search && field.class != Some(Class::Restricted));
    shown.filter_map(|field| match &field.r#type {
        FieldType::SelectMultiple(list) => Some((field.name.as_str(), list.as_str())),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        doors::grid,
        due::Asker,
        made::{Made, at, today},
    };

    #[test]
    fn doors_are_sifted_by_state_and_by_who_lives_behind_them() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let homes = ["101", "102", "103", "104"].map(|flat| made.household(building, 1, 1, flat));
        made.visit(homes[0], None, "2026-10-01", None);
        let wang = made.person(homes[1], "王阿婆", "");
        made.set(wang, "labels", serde_json::json!(["party_member"]), at(9));
        made.visit(homes[2], None, "2026-11-10", Some("2026-11-20"));
        let unanswered = made.visit(homes[3], None, "2026-11-02", None);
        made.set(unanswered, "outcome", "nobody_home".into(), at(50));
        let lin = made.person(homes[3], "林阿公", "");
        made.set(lin, "labels", serde_json::json!(["elder"]), at(10));
        let pack = Pack::community();
        let asker = Asker { user: records::User { name: "chen", post: "civil_affairs" }, all: false };
        let stairwells = grid(&pack, &made.book, building, today(), 7, asker);
        let shown = |sift: &Sift| -> Vec<&str> {
            let doors = stairwells.iter().flat_map(|s| &s.floors).flat_map(|(_, doors)| doors);
            doors.filter(|door| sift.lets(door)).map(|door| door.flat.as_str()).collect()
        };
        let offered: Vec<&str> = labels(&pack, &stairwells).iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!(offered, ["elder", "party_member"]);
        assert_eq!(shown(&Sift::All), ["101", "102", "103", "104"]);
        assert_eq!(shown(&Sift::named("party_member")), ["102"]);
        assert_eq!(shown(&Sift::Unmet), ["102", "104"]);
        assert_eq!(shown(&Sift::Care), ["104"], "a party member is in no special care");
        for sift in [Sift::All, Sift::Due, Sift::Unmet, Sift::Care, Sift::Label("party_member".into())] {
            assert_eq!(Sift::named(sift.name()), sift);
        }
    }
}
