//! Labels (人群标签) in plausible shares, and which of them come and go with age.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    calendar::{age, birthday},
    dice::Dice,
    names::Sex,
    people::{Household, Person},
};

/// Families on the minimum living allowance, per thousand households of the quarter's own people.
const LOW_INCOME: usize = 14;

/// Begins at 50 for women workers, 55 for women on the staff, 60 for men (国发〔1978〕104号); not everyone of the old
/// generation has a pension. `None` for those who will be asked about it after 2010.
pub fn pension_from(dice: &mut Dice, sex: Sex, born: Date) -> Option<Date> {
    let years = match sex {
        Sex::Male => 60,
        Sex::Female if dice.chance(640) => 50,
        Sex::Female => 55,
    };
    let from = birthday(born, years);
    let covered = if born.year() < 1932 { 780 } else { 940 };
    (dice.chance(covered) && from.year() <= 2009).then_some(from)
}

/// Labels of a person as they are true on `day`.
pub fn on(person: &Person, day: Date) -> BTreeSet<&'static str> {
    let mut labels = person.labels.clone();
    let years = age(person.born, day);
    let mut when = |holds: bool, label| {
        if holds {
            labels.insert(label);
        }
    };
    when(person.retires.is_some_and(|from| from <= day), "retired");
    when(years >= 80, "elder");
    when(years < 6, "young_child");
    when(person.sex == Sex::Female && person.married && (20..50).contains(&years), "childbearing");
    when(person.migrant, "migrant");
    labels
}

/// Days of `year` on which a label comes or goes with age, in order.
pub fn turns(person: &Person, year: i16) -> Vec<Date> {
    let by_age = [6, 20, 50, 80].map(|years| birthday(person.born, years));
    let mut days: Vec<Date> = by_age.into_iter().chain(person.retires).filter(|d| d.year() == year).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Gives all labels that do not come with age.
pub fn give(dice: &mut Dice, households: &[Household], people: &mut [Person], members: usize) {
    hardship(dice, households, people);
    disability(dice, people);
    for person in people.iter_mut() {
        let years = person.age();
        if !person.migrant && person.retires.is_none() && (22..58).contains(&years) && dice.chance(28) {
            person.labels.insert("jobless");
        }
        let veteran = if person.sex == Sex::Male && years >= 40 { 22 } else { 1 };
        if !person.migrant && years >= 22 && dice.chance(veteran) {
            person.labels.insert("veteran");
        }
    }
    for household in households {
        let mut here = household.people.clone().filter(|p| people[*p].residence != "register_only");
        if let (Some(one), None) = (here.next(), here.next())
            && people[one].age() >= 65
        {
            people[one].labels.insert("elder_alone");
        }
    }
    party(dice, people, members);
}

fn hardship(dice: &mut Dice, households: &[Household], people: &mut [Person]) {
    let mut picked = 0;
    for (place, household) in households.iter().enumerate() {
        let range = household.people.clone();
        if range.is_empty() || people[range.start].migrant {
            continue;
        }
        let label = match dice.below(1000) {
            at if at < LOW_INCOME => "low_income",
            at if at < LOW_INCOME + 12 => "hardship",
            // However small the community, someone needs help.
            _ if picked == 0 && place + 5 >= households.len() => "low_income",
            _ => continue,
        };
        picked += usize::from(label == "low_income");
        for person in people[range].iter_mut().filter(|p| p.residence != "register_only" && p.left.is_none()) {
            person.labels.insert(label);
        }
    }
}

fn disability(dice: &mut Dice, people: &mut [Person]) {
    for person in people.iter_mut().filter(|p| !p.migrant && p.left.is_none() && p.residence != "register_only") {
        let risk = match person.age() {
            0..=17 => 8,
            18..=59 => 22,
            _ => 48,
        };
        if dice.chance(risk) {
            person.labels.insert("disabled");
            if dice.chance(260) {
                person.labels.insert("severely_disabled");
            }
        }
    }
}

/// The branch of the quarter: mostly pensioners, since those at work belong to the branch there.
fn party(dice: &mut Dice, people: &mut [Person], members: usize) {
    let fits = |p: &Person| !p.migrant && p.left.is_none() && p.paper == "resident_id" && p.age() >= 22;
    let (mut old, mut young): (Vec<usize>, Vec<usize>) =
        (0..people.len()).filter(|p| fits(&people[*p])).partition(|p| people[*p].age() >= 55);
    dice.shuffle(&mut old);
    dice.shuffle(&mut young);
    let (old, young) = (old.into_iter(), young.into_iter());
    for place in old.take(members * 4 / 5).chain(young).take(members) {
        people[place].labels.insert("party_member");
    }
}

#[cfg(test)]
mod tests {
    use super::on;
    use crate::demo::{
        buildings::build,
        dice::Dice,
        people::{YEAR_END, settle},
    };

    #[test]
    fn labels_are_in_believable_shares_and_the_party_branch_is_exact() {
        let dice = Dice::new(2009);
        let (_, people) = settle(&dice, build(dice.of("buildings"), 3000).1, 137);
        let with = |label| people.iter().filter(|p| on(p, YEAR_END).contains(label)).count();
        let per_mille = |label| with(label) * 1000 / people.len();
        assert_eq!(with("party_member"), 137);
        assert!(with("migrant") > 1000, "{} migrants", with("migrant"));
        for (label, from, to) in [
            ("retired", 210, 290),
            ("elder", 25, 55),
            ("low_income", 8, 18),
            ("disabled", 18, 35),
            ("severely_disabled", 4, 10),
            ("elder_alone", 8, 20),
            ("jobless", 8, 25),
            ("young_child", 35, 80),
            ("childbearing", 120, 220),
            ("veteran", 3, 15),
        ] {
            assert!((from..=to).contains(&per_mille(label)), "{label}: {} per mille", per_mille(label));
        }
    }
}
