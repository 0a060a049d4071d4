//! Who lives behind a door: couples with a child, three generations, elders on their own, families and mates from
//! elsewhere. Ages as at the end of 2009.

use super::{
    dice::Dice,
    names::{self, Sex},
};

/// How a flat is lived in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Nobody.
    Empty,
    /// One elder.
    ElderAlone,
    /// Two elders.
    ElderCouple,
    /// One adult.
    Single,
    /// Two adults.
    Couple,
    /// Parents with a child, at times two, of any age.
    Nuclear,
    /// Grandparents, parents, child.
    ThreeGenerations,
    /// One parent with a child.
    SingleParent,
    /// Parents from elsewhere with their children.
    MigrantFamily,
    /// People from elsewhere who share a flat.
    FlatShare,
}

/// How often each occurs, per thousand flats.
const SHARES: &[(Home, u32)] = &[
    (Home::Empty, 26),
    (Home::ElderAlone, 48),
    (Home::ElderCouple, 100),
    (Home::Single, 20),
    (Home::Couple, 44),
    (Home::Nuclear, 312),
    (Home::ThreeGenerations, 322),
    (Home::SingleParent, 24),
    (Home::MigrantFamily, 66),
    (Home::FlatShare, 38),
];

/// One of a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The pack's relation to the head.
    pub relation: &'static str,
    /// Sex.
    pub sex: Sex,
    /// Years at the end of 2009; 0 for a birth of that year.
    pub age: i64,
    /// Surname.
    pub surname: &'static str,
    /// Lives with a spouse.
    pub married: bool,
}

impl Home {
    /// One of the ways.
    pub fn any(dice: &mut Dice) -> Self {
        dice.weighted(SHARES)
    }

    /// Whether its people come from elsewhere.
    pub fn is_migrant(self) -> bool {
        matches!(self, Self::MigrantFamily | Self::FlatShare)
    }

    /// The people, the head first.
    pub fn people(self, dice: &mut Dice) -> Vec<Member> {
        let mut home = Family { dice, migrant: self.is_migrant(), members: Vec::new() };
        match self {
            Self::Empty => {}
            Self::ElderAlone => home.elder_alone(),
            Self::ElderCouple => {
                let age = home.dice.between(58..=88);
                home.couple("head", "spouse", age);
            }
            Self::Single => {
                let (sex, age) = (home.sex(500), home.dice.between(24..=56));
                home.one("head", sex, age, false);
            }
            Self::Couple => {
                let age = home.dice.between(25..=60);
                home.couple("head", "spouse", age);
            }
            Self::Nuclear => {
                let age = home.dice.between(27..=63);
                let surname = home.couple("head", "spouse", age);
                home.children("child", age, surname, 40);
            }
            Self::ThreeGenerations => home.three_generations(),
            Self::SingleParent => home.single_parent(),
            Self::MigrantFamily => home.migrants(),
            Self::FlatShare => home.mates(),
        }
        home.members
    }
}

struct Family<'d> {
    dice: &'d mut Dice,
    migrant: bool,
    members: Vec<Member>,
}

impl Family<'_> {
    fn sex(&mut self, male_per_mille: usize) -> Sex {
        if self.dice.chance(male_per_mille) { Sex::Male } else { Sex::Female }
    }

    fn surname(&mut self) -> &'static str {
        names::surname(self.dice, !self.migrant)
    }

    fn named(&mut self, relation: &'static str, sex: Sex, age: i64, surname: &'static str, married: bool) {
        self.members.push(Member { relation, sex, age, surname, married });
    }

    fn one(&mut self, relation: &'static str, sex: Sex, age: i64, married: bool) -> &'static str {
        let surname = self.surname();
        self.named(relation, sex, age, surname, married);
        surname
    }

    /// Husband and wife, one of them in the first relation; gives the husband's surname.
    fn couple(&mut self, first: &'static str, second: &'static str, age: i64) -> &'static str {
        let sex = self.sex(820);
        let gap = if sex == Sex::Male { self.dice.between(-6..=2) } else { self.dice.between(-2..=6) };
        let one = self.one(first, sex, age, true);
        let other = self.one(second, sex.other(), (age + gap).max(21), true);
        if sex == Sex::Male { one } else { other }
    }

    /// One child, at times two, of parents of that age.
    fn children(&mut self, relation: &'static str, parent: i64, surname: &'static str, two_per_mille: usize) {
        let eldest = (parent - self.dice.between(23..=32)).max(0);
        // A grown child lives here still, but not for ever.
        if eldest > 30 && self.dice.chance(600) {
            return;
        }
        let sex = self.sex(520);
        self.named(relation, sex, eldest, surname, false);
        if eldest >= 2 && self.dice.chance(two_per_mille) {
            let (sex, years) = (self.sex(530), self.dice.between(1..=6));
            self.named(relation, sex, (eldest - years).max(0), surname, false);
        }
    }

    fn elder_alone(&mut self) {
        // Widows live longer than widowers.
        let sex = self.sex(290);
        let age = 64 + self.dice.between(0..=16) + self.dice.between(0..=16);
        self.one("head", sex, age, false);
    }

    fn three_generations(&mut self) {
        let middle = self.dice.between(27..=57);
        let elder = middle + self.dice.between(22..=35);
        let both = elder < 76 && self.dice.chance(860);
        let elders_head = self.dice.chance(560);
        let (sex, surname);
        if elders_head {
            surname = if both {
                self.couple("head", "spouse", elder)
            } else {
                sex = self.sex(280);
                self.one("head", sex, elder, false)
            };
            // A son brings his wife home, or a daughter her husband.
            let child = self.sex(690);
            self.named("child", child, middle, surname, true);
            let years = self.dice.between(-4..=2);
            let partner = self.one("child_in_law", child.other(), (middle + years).max(22), true);
            let family = if child == Sex::Male { surname } else { partner };
            self.children("grandchild", middle, family, 30);
        } else {
            surname = self.couple("head", "spouse", middle);
            if both {
                let woman = self.surname();
                self.named("parent", Sex::Male, elder, surname, true);
                let her = elder - self.dice.between(0..=4);
                self.named("parent", Sex::Female, her, woman, true);
            } else {
                sex = self.sex(260);
                let name = if sex == Sex::Male { surname } else { self.surname() };
                self.named("parent", sex, elder, name, false);
            }
            self.children("child", middle, surname, 30);
        }
    }

    fn single_parent(&mut self) {
        let (sex, age) = (self.sex(220), self.dice.between(29..=54));
        let own = self.one("head", sex, age, false);
        // After a divorce the child mostly keeps the father's name.
        let surname = if sex == Sex::Male || self.dice.chance(350) { own } else { self.surname() };
        self.children("child", age, surname, 0);
    }

    fn migrants(&mut self) {
        let age = self.dice.between(24..=46);
        let surname = self.couple("head", "spouse", age);
        self.children("child", age, surname, 420);
        if self.dice.chance(110) {
            let (sex, older) = (self.sex(250), self.dice.between(22..=28));
            self.one("parent", sex, age + older, false);
        }
    }

    fn mates(&mut self) {
        let count = self.dice.between(3..=6);
        // Mates come from one workshop, so they are mostly of one sex.
        let sex = self.sex(560);
        for n in 0..count {
            let age = self.dice.between(18..=38);
            let sex = if self.dice.chance(150) { sex.other() } else { sex };
            self.one(if n == 0 { "head" } else { "lodger" }, sex, age, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Home;
    use crate::demo::{dice::Dice, names::Sex};

    #[test]
    fn three_thousand_flats_hold_some_ten_thousand_people_of_believable_ages() {
        let mut dice = Dice::new(2009);
        let homes: Vec<_> = (0..3000).map(|_| Home::any(&mut dice).people(&mut dice)).collect();
        let people: Vec<_> = homes.iter().flatten().collect();
        assert!((9_500..=10_300).contains(&people.len()), "{} people", people.len());
        assert!(people.iter().all(|p| (0..=100).contains(&p.age)));
        let share = |from, to| people.iter().filter(|p| (from..=to).contains(&p.age)).count() * 100 / people.len();
        assert!((9..=16).contains(&share(0, 14)), "children {} %", share(0, 14));
        assert!((14..=24).contains(&share(60, 100)), "over sixty {} %", share(60, 100));
        let women = people.iter().filter(|p| p.sex == Sex::Female).count() * 1000 / people.len();
        assert!((470..=530).contains(&women), "{women} women of a thousand");
        for home in homes.iter().filter(|h| !h.is_empty()) {
            assert_eq!(home.iter().filter(|p| p.relation == "head").count(), 1, "{home:?}");
        }
    }
}
