//! The register as it stands at the end of 2009: households behind doors, and everyone in them.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::{
    buildings::Door,
    calendar::{age, moved},
    dice::Dice,
    homes::{Home, Member},
    labels,
    names::{self, Sex},
    papers::Papers,
};

/// The last day of the year all is about.
pub const YEAR_END: Date = date(2009, 12, 31);
/// The register was made in the last weeks of 2008.
pub const REGISTER_DONE: Date = date(2008, 12, 26);

/// A household.
#[derive(Clone, Debug)]
pub struct Household {
    /// Where.
    pub door: Door,
    /// 住房
    pub tenure: &'static str,
    /// For those who come the first time.
    pub note: Option<&'static str>,
    /// Places of its people in the list.
    pub people: std::ops::Range<usize>,
}

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Place of the household.
    pub household: usize,
    /// Name.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Born.
    pub born: Date,
    /// Relation to the head.
    pub relation: &'static str,
    /// Which papers.
    pub paper: &'static str,
    /// Their number.
    pub number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Where registered.
    pub residence: &'static str,
    /// From elsewhere.
    pub migrant: bool,
    /// Lives with a spouse.
    pub married: bool,
    /// When the committee wrote the person down.
    pub entered: Date,
    /// Left in 2009: the pack's state and the day.
    pub left: Option<(&'static str, Date)>,
    /// Whom to call.
    pub contact: Option<String>,
    /// Labels that do not come with age.
    pub labels: BTreeSet<&'static str>,
    /// The day a pension begins or began.
    pub retires: Option<Date>,
}

impl Person {
    /// Age at the end of the year.
    pub fn age(&self) -> i64 {
        age(self.born, YEAR_END)
    }

    /// Whether someone can be served on `day`: known here for a month, and not gone in the year.
    pub fn is_here(&self, day: Date) -> bool {
        self.left.is_none() && self.residence != "register_only" && moved(self.entered, 31) <= day
    }
}

/// Everyone behind the doors. `members` is how many are to be in the party: an exact figure of the report.
pub fn settle(dice: &Dice, doors: Vec<Door>, members: usize) -> (Vec<Household>, Vec<Person>) {
    let (mut homes, mut details) = (dice.of("homes"), dice.of("details"));
    let mut papers = Papers::new(dice.of("papers"));
    let mut households = Vec::with_capacity(doors.len());
    let mut people: Vec<Person> = Vec::with_capacity(doors.len() * 4);
    for (place, door) in doors.into_iter().enumerate() {
        let home = Home::any(&mut homes);
        let first = people.len();
        let abroad = home == Home::Couple && details.chance(50);
        for member in home.people(&mut homes) {
            people.push(person(&mut details, &mut papers, place, home, member, abroad));
        }
        if matches!(home, Home::ElderAlone | Home::ElderCouple | Home::Couple) && details.chance(420) {
            people.push(registered_only(&mut details, &mut papers, place, &people[first]));
        }
        let tenure = match home {
            Home::Empty => "empty",
            _ if home.is_migrant() => "rent",
            _ => details.weighted(&[("own", 780), ("public", 180), ("rent", 40)]),
        };
        let note = details.chance(30).then(|| details.pick(DOOR_NOTES));
        households.push(Household { door, tenure, note, people: first..people.len() });
    }
    contacts(&mut dice.of("contacts"), &mut papers, &households, &mut people);
    leave(&mut dice.of("leaving"), &mut people);
    labels::give(&mut dice.of("labels"), &households, &mut people, members);
    (households, people)
}

const DOOR_NOTES: &[&str] = &[
    "门铃坏了，敲门要响",
    "家里有狗，先打电话",
    "老人耳背，多敲几下",
    "白天没人，晚饭后来",
    "钥匙寄放在对门",
    "走廊堆物，夜里当心",
    "上三班，上午在睡觉",
    "敲窗比敲门听得见",
];

fn person(dice: &mut Dice, papers: &mut Papers, place: usize, home: Home, member: Member, abroad: bool) -> Person {
    let Member { relation, sex, age, surname, married } = member;
    let migrant = home.is_migrant();
    let born = birthday(dice, age);
    let newborn = age == 0;
    let mut name = format!("{surname}{}", names::given(dice, sex, born.year()));
    let mut paper = "resident_id";
    if abroad && relation == "spouse" {
        paper = dice.weighted(&[("passport", 4), ("taiwan", 3), ("hk_macao", 2)]);
        if paper == "passport" {
            name = names::foreigner(dice, sex).to_owned();
        }
    } else if (newborn && dice.chance(500)) || dice.chance(1) {
        paper = "none";
    }
    let number = match paper {
        "resident_id" if born.year() < 1936 && dice.chance(60) => Some(papers.old_resident_id(born, sex)),
        "resident_id" => Some(papers.resident_id(born, sex)),
        "none" => None,
        other => Some(papers.other(other)),
    };
    let phone = match age {
        0..=14 => None,
        15..=59 => dice.chance(860).then(|| papers.mobile()),
        _ if dice.chance(330) => Some(papers.mobile()),
        _ => dice.chance(600).then(|| papers.fixed()),
    };
    let residence = match dice.below(1000) {
        _ if migrant => "person_only",
        0..70 => "person_only",
        _ => "here",
    };
    let entered = entry(dice, born, migrant, place);
    let retires = if migrant { None } else { labels::pension_from(dice, sex, born) };
    Person {
        household: place,
        name,
        sex,
        born,
        relation,
        paper,
        number,
        phone,
        residence,
        migrant,
        married,
        entered,
        left: None,
        contact: None,
        labels: BTreeSet::new(),
        retires,
    }
}

/// A grown child who lives elsewhere and is still registered with the parents (户在人不在).
fn registered_only(dice: &mut Dice, papers: &mut Papers, place: usize, head: &Person) -> Person {
    let sex = if dice.chance(500) { Sex::Male } else { Sex::Female };
    let age = (head.age() - dice.between(23..=31)).max(1);
    let born = birthday(dice, age);
    let surname = names::surname_of(&head.name);
    Person {
        household: place,
        name: format!("{surname}{}", names::given(dice, sex, born.year())),
        sex,
        born,
        relation: "child",
        paper: "resident_id",
        number: Some(papers.resident_id(born, sex)),
        phone: (age > 14 && dice.chance(700)).then(|| papers.mobile()),
        residence: "register_only",
        migrant: false,
        married: age > 26,
        entered: entry(dice, born, false, place),
        left: None,
        contact: None,
        labels: BTreeSet::new(),
        retires: labels::pension_from(dice, sex, born),
    }
}

/// A birthday that makes someone so old at the end of the year; births of 2009 leave time to be written down.
fn birthday(dice: &mut Dice, age: i64) -> Date {
    let within = if age == 0 { dice.between(0..=325) } else { dice.between(0..=364) };
    moved(date(YEAR_END.year() - age as i16, 1, 1), within)
}

/// The day of the first entry: in the weeks in which the register was made, house by house; for those born or come later,
/// soon after.
fn entry(dice: &mut Dice, born: Date, migrant: bool, place: usize) -> Date {
    let walk = moved(date(2008, 11, 10), (place / 75) as i64 % 46);
    if born > moved(walk, -20) {
        return moved(born, dice.between(8..=35));
    }
    if migrant && dice.chance(280) { moved(date(2009, 1, 6), dice.between(0..=330)) } else { walk }
}

/// Whom to call for elders who live alone or as a couple.
fn contacts(dice: &mut Dice, papers: &mut Papers, households: &[Household], people: &mut [Person]) {
    for household in households {
        let range = household.people.clone();
        let elders_only = people[range.clone()].iter().all(|p| p.age() >= 60 || p.residence == "register_only");
        if range.is_empty() || !elders_only {
            continue;
        }
        let child =
            people[range.clone()].iter().find(|p| p.residence == "register_only").map(|p| (p.name.clone(), p.sex));
        for place in range {
            if !dice.chance(800) {
                continue;
            }
            let who = match &child {
                Some((name, Sex::Male)) => format!("儿子{name}"),
                Some((name, Sex::Female)) => format!("女儿{name}"),
                None => dice.pick(&["女儿", "儿子", "侄女", "外甥", "孙女", "妹妹"]).to_owned(),
            };
            let lives = dice.pick(&["住园区", "住新区", "住吴中", "住相城", "在上海", "在外地", "住本市"]);
            let phone = papers.mobile();
            let person = &mut people[place];
            if person.residence != "register_only" {
                person.contact = Some(format!("{who}，{lives}，{phone}"));
            }
        }
    }
}

/// Some die and some move away in the year.
fn leave(dice: &mut Dice, people: &mut [Person]) {
    for person in people.iter_mut().filter(|p| p.entered <= REGISTER_DONE) {
        let day = moved(date(2009, 1, 20), dice.between(0..=330));
        let risk = match person.age() {
            90.. => 130,
            80..90 => 50,
            70..80 => 18,
            60..70 => 7,
            _ => 1,
        };
        if dice.chance(risk) {
            person.left = Some(("deceased", day));
        } else if dice.chance(if person.migrant { 90 } else { 4 }) {
            person.left = Some(("moved", day));
        }
    }
}
