//! The register as the other generators draw from it: someone, somewhere, some day.

use jiff::civil::{Date, date};

use super::{
    calendar::{moved, working_day_from},
    dice::Dice,
    people::Person,
    register::Register,
    scale::Scale,
};

/// What is known of the community when its year is made up.
pub struct Town<'a> {
    /// Chance.
    pub dice: &'a Dice,
    /// Its size.
    pub scale: Scale,
    /// Everyone.
    pub people: &'a [Person],
    /// Their records.
    pub register: &'a Register,
}

impl Town<'_> {
    /// Someone who was here on the day and is meant; anyone here when nobody is meant.
    pub fn someone(&self, dice: &mut Dice, day: Date, meant: impl Fn(&Person) -> bool) -> usize {
        for is_strict in [true, false] {
            for _ in 0..400 {
                let place = dice.below(self.people.len());
                let person = &self.people[place];
                if person.is_here(day) && (!is_strict || meant(person)) {
                    return place;
                }
            }
        }
        0
    }

    /// So many different people, fewer when the community is small.
    pub fn some(&self, dice: &mut Dice, count: usize, day: Date, meant: impl Fn(&Person) -> bool) -> Vec<String> {
        let mut found: Vec<usize> = Vec::new();
        for _ in 0..count * 3 {
            let place = self.someone(dice, day, &meant);
            if found.len() < count && !found.contains(&place) {
                found.push(place);
            }
        }
        found.into_iter().map(|place| self.person(place)).collect()
    }

    /// The record of the person at a place.
    pub fn person(&self, place: usize) -> String {
        self.register.people[place].to_string()
    }

    /// The record of that person's household.
    pub fn home(&self, place: usize) -> String {
        self.register.households[self.people[place].household].to_string()
    }

    /// A building.
    pub fn building(&self, dice: &mut Dice) -> String {
        dice.pick(&self.register.buildings).to_string()
    }
}

/// So many days of 2009 spread over the year, in order.
pub fn spread(dice: &mut Dice, count: usize) -> Vec<Date> {
    let mut days: Vec<Date> =
        (0..count).map(|at| moved(date(2009, 1, 1), (at * 365 / count.max(1)) as i64 + dice.between(0..=6))).collect();
    days.iter_mut().for_each(|day| *day = (*day).min(date(2009, 12, 31)));
    days.sort_unstable();
    days
}

/// The same, on days the office works.
pub fn working(dice: &mut Dice, count: usize) -> Vec<Date> {
    let within =
        |day: Date| if working_day_from(day).year() == 2009 { working_day_from(day) } else { date(2009, 12, 31) };
    spread(dice, count).into_iter().map(within).collect()
}
