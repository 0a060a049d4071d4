//! Buildings, households and people as they are written down: first in the weeks in which the register was made, then as
//! people are born, arrive, grow old, change their telephone, move away and die.

use records::{RecordId, Value};

use super::{
    accounts::{COMMITTEE, DIRECTOR, FAMILY_PLANNING, POLICE, RETIREES},
    act::{self, Act},
    buildings::Building,
    calendar::{millis, moved, office_hour, working_day_from},
    dice::Dice,
    labels,
    papers::Papers,
    people::{Household, Person, REGISTER_DONE, YEAR_END},
    tablet::day_of,
};

/// The register's acts, and the records the other generators point at.
pub struct Register {
    /// Buildings first, then households, then people, then what changes.
    pub acts: Vec<Act>,
    /// Record of each grid.
    pub grids: Vec<RecordId>,
    /// Record of each building.
    pub buildings: Vec<RecordId>,
    /// Record of each household.
    pub households: Vec<RecordId>,
    /// Record of each person.
    pub people: Vec<RecordId>,
}

/// Writes the register down.
pub fn write(dice: &Dice, buildings: &[Building], households: &[Household], people: &[Person]) -> Register {
    let mut pen = dice.of("register");
    let mut acts = Vec::with_capacity(buildings.len() + households.len() + people.len() * 5 / 4);
    let grids = grids(&mut dice.of("grids"), buildings, &mut acts);
    let mut building_ids = Vec::with_capacity(buildings.len());
    for (place, building) in buildings.iter().enumerate() {
        let at = millis(jiff::civil::date(2008, 11, 3), 540 + place as i64 * 3, pen.between(0..=59_999));
        let grid = grids[grid_of(place, buildings.len(), grids.len())];
        let act = building_act(&mut pen, at, building).with("grid", grid.to_string());
        building_ids.push(act.record);
        acts.push(act);
    }
    let mut household_ids = Vec::with_capacity(households.len());
    for (place, household) in households.iter().enumerate() {
        // 150 doors a day between the two of them, from the plans of the housing office.
        let day = working_day_from(moved(jiff::civil::date(2008, 11, 4), (place / 600) as i64));
        let at = millis(day, 510 + (place % 600) as i64 * 4 / 5, pen.between(0..=47_999));
        let act = household_act(&mut pen, at, household, building_ids[household.door.building]);
        household_ids.push(act.record);
        acts.push(act);
    }
    let mut people_ids = Vec::with_capacity(people.len());
    let mut later = Vec::new();
    let mut papers = Papers::new(dice.of("new papers"));
    let mut party = dice.of("party");
    for person in people {
        let account = writer(person);
        let at = office_hour(&mut pen, working_day_from(person.entered));
        let act = person_act(&mut pen, at, account, person, household_ids[person.household]);
        let act = if person.labels.contains("party_member") { member(&mut party, act, person) } else { act };
        people_ids.push(act.record);
        changes(&mut pen, &mut papers, person, &act, &mut later);
        acts.push(act);
    }
    acts.append(&mut later);
    Register { acts, grids, buildings: building_ids, households: household_ids, people: people_ids }
}

/// The grids (网格), each of the buildings that follow each other: some 300 to 500 households.
fn grids(dice: &mut Dice, buildings: &[Building], acts: &mut Vec<Act>) -> Vec<RecordId> {
    const NAMES: [&str; 8] =
        ["第一网格", "第二网格", "第三网格", "第四网格", "第五网格", "第六网格", "第七网格", "第八网格"];
    let count = (buildings.len() / 8).clamp(1, NAMES.len());
    let mut ids = Vec::new();
    for (place, name) in NAMES.iter().enumerate().take(count) {
        let inside = (0..buildings.len()).filter(|b| grid_of(*b, buildings.len(), count) == place);
        let inside: Vec<&str> = inside.map(|b| buildings[b].name.as_str()).collect();
        let bounds = match (inside.first(), inside.last()) {
            (Some(first), Some(last)) => format!("{first}至{last}"),
            _ => String::new(),
        };
        let at = millis(jiff::civil::date(2008, 11, 3), 520 + place as i64, dice.between(0..=59_999));
        let act = act::record(dice, at, DIRECTOR, "grid").with("name", *name).with("bounds", bounds);
        ids.push(act.record);
        acts.push(act.with("keeper", COMMITTEE[place % 2]));
    }
    ids
}

/// Which of `grids` grids the building at `place` of `buildings` lies in.
fn grid_of(place: usize, buildings: usize, grids: usize) -> usize {
    place * grids / buildings.max(1)
}

/// A party member's entry: since when, and in which branch.
fn member(dice: &mut Dice, act: Act, person: &Person) -> Act {
    let first = person.born.year() + 20;
    let year = dice.between(i64::from(first)..=i64::from((first + 25).min(2008)).max(i64::from(first)));
    let branch = dice.weighted(&[("first", 40), ("second", 34), ("third", 22), ("firm", 4)]);
    // The register is written from November 2008 on: nobody joins later than that.
    let (year, month) = (year.min(2008), dice.between(1..=12));
    let since = format!("{year:04}-{:02}-01", if year == 2008 { month.min(11) } else { month });
    act.with("party_since", since).with("party_branch", branch)
}

/// The committee's two members went from house to house; the police keep the people from elsewhere; births reach the
/// family-planning officer first.
fn writer(person: &Person) -> &'static str {
    match person {
        Person { migrant: true, .. } => POLICE,
        Person { entered, .. } if *entered > REGISTER_DONE => FAMILY_PLANNING,
        Person { household, .. } => COMMITTEE[household / 40 % 2],
    }
}

fn building_act(pen: &mut Dice, at: u64, building: &Building) -> Act {
    act::record(pen, at, DIRECTOR, "building")
        .with("name", &*building.name)
        .with("address", &*building.address)
        .with("stairwells", building.stairwells)
        .with("floors", building.floors)
        .with("flats", building.flats)
        .maybe("note", building.note)
}

fn household_act(pen: &mut Dice, at: u64, household: &Household, building: RecordId) -> Act {
    let door = &household.door;
    act::record(pen, at, COMMITTEE[door.building % 2], "household")
        .with("building", building.to_string())
        .with("stairwell", door.stairwell)
        .with("floor", door.floor)
        .with("flat", &*door.flat)
        .with("tenure", household.tenure)
        .maybe("note", household.note)
}

fn person_act(pen: &mut Dice, at: u64, account: &'static str, person: &Person, household: RecordId) -> Act {
    let is_resident = person.paper == "resident_id";
    let labels = labels::on(person, day_of(at));
    act::record(pen, at, account, "person")
        .with("name", &*person.name)
        .with("household", household.to_string())
        .with("relation", person.relation)
        .with("paper", person.paper)
        .maybe(if is_resident { "id_number" } else { "paper_number" }, person.number.as_deref())
        .with("born", person.born.to_string())
        .with("sex", person.sex.name())
        .maybe("phone", person.phone.as_deref())
        .with("residence", person.residence)
        .maybe("labels", list(&labels))
        .maybe("contact", person.contact.as_deref())
        .with("state", if person.residence == "register_only" { "away" } else { "living_here" })
}

fn list(labels: &std::collections::BTreeSet<&'static str>) -> Option<Value> {
    (!labels.is_empty()).then(|| labels.iter().copied().collect())
}

/// What changes about a person in the year.
fn changes(pen: &mut Dice, papers: &mut Papers, person: &Person, entry: &Act, later: &mut Vec<Act>) {
    let gone = person.left.map_or(YEAR_END, |(_, day)| day);
    let mut last = day_of(entry.at);
    let mut held = labels::on(person, last);
    for turn in labels::turns(person, YEAR_END.year()) {
        let day = working_day_from(moved(turn, pen.between(0..=12))).max(working_day_from(moved(last, 1)));
        let now = labels::on(person, day);
        if day >= gone || now == held {
            continue;
        }
        (last, held) = (day, now);
        let account = match person {
            Person { migrant: true, .. } => POLICE,
            Person { retires: Some(from), .. } if *from <= day => RETIREES,
            _ => COMMITTEE[person.household / 40 % 2],
        };
        let change = entry.change(office_hour(pen, day), account);
        later.push(change.with("labels", list(&held).unwrap_or(Value::Null)));
    }
    if let Some((state, day)) = person.left {
        let told = working_day_from(moved(day, pen.between(1..=9)));
        let change = entry.change(office_hour(pen, told), writer(person));
        later.push(change.with("state", state).with("state_since", day.to_string()));
    } else if person.phone.is_some() && pen.chance(30) {
        let day = working_day_from(moved(person.entered, pen.between(40..=360)));
        if day <= YEAR_END {
            let change = entry.change(office_hour(pen, day), writer(person));
            later.push(change.with("phone", papers.mobile()));
        }
    }
}
