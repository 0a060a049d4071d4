//! Names of people who do not exist: surnames as frequent as in the country or in an old Suzhou quarter, given names as
//! they were given in the decade of birth.

use std::{collections::BTreeMap, sync::LazyLock};

use super::dice::Dice;

/// Sex as the register writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
}

impl Sex {
    /// The pack's choice.
    pub fn name(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Female => Self::Male,
            Self::Male => Self::Female,
        }
    }
}

/// Characters beyond the basic plane or otherwise hard on programs, as parents do choose them.
const RARE: &[char] = &['𠮷', '𣲗', '𬭎', '𬍛', '𫖯', '𬸚', '𬱖', '䶮', '㛃', '𬀩', '𬘭', '𠅤'];

/// People from abroad, under names that belong to nobody in particular.
const FOREIGN: &[(&str, Sex)] = &[
    ("山田健一", Sex::Male),
    ("中村由美", Sex::Female),
    ("小林さくら", Sex::Female),
    ("金秀贤", Sex::Female),
    ("Anna Weber", Sex::Female),
    ("Thomas Weber", Sex::Male),
    ("María José García", Sex::Female),
    ("Siti Rahmah", Sex::Female),
    ("Jean-Luc Morel", Sex::Male),
    ("Nguyễn Thị Hoa", Sex::Female),
    ("O’Brien Patrick", Sex::Male),
    ("Ivan Petrov", Sex::Male),
];

struct Lists {
    elsewhere: Vec<(&'static str, u32)>,
    here: Vec<(&'static str, u32)>,
    given: Vec<Era>,
}

struct Era {
    last_year: i16,
    sex: Sex,
    parts: BTreeMap<&'static str, Vec<&'static str>>,
}

static LISTS: LazyLock<Lists> =
    LazyLock::new(|| Lists { elsewhere: surnames(1), here: surnames(2), given: eras(include_str!("given.txt")) });

fn lines(text: &'static str) -> impl Iterator<Item = std::str::SplitWhitespace<'static>> {
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::split_whitespace)
}

fn surnames(column: usize) -> Vec<(&'static str, u32)> {
    let read = |line: std::str::SplitWhitespace<'static>| {
        let cells: Vec<&'static str> = line.collect();
        Some((*cells.first()?, cells.get(column)?.parse().ok()?))
    };
    lines(include_str!("surnames.txt")).filter_map(read).collect()
}

fn eras(text: &'static str) -> Vec<Era> {
    let mut eras: Vec<Era> = Vec::new();
    for mut line in lines(text) {
        let (Some(years), Some(sex), Some(part)) = (line.next(), line.next(), line.next()) else { continue };
        let last_year = years.split_once('-').and_then(|(_, last)| last.parse().ok()).unwrap_or(i16::MAX);
        let sex = if sex == "m" { Sex::Male } else { Sex::Female };
        if eras.last().is_none_or(|e| (e.last_year, e.sex) != (last_year, sex)) {
            eras.push(Era { last_year, sex, parts: BTreeMap::new() });
        }
        if let Some(era) = eras.last_mut() {
            era.parts.insert(part, line.collect());
        }
    }
    eras
}

/// A surname; `here` when the family is from the quarter itself.
pub fn surname(dice: &mut Dice, here: bool) -> &'static str {
    dice.weighted(if here { &LISTS.here } else { &LISTS.elsewhere })
}

/// A given name of the year and sex.
pub fn given(dice: &mut Dice, sex: Sex, year: i16) -> String {
    let era = LISTS.given.iter().find(|e| e.sex == sex && year <= e.last_year).unwrap_or(&LISTS.given[0]);
    // Single characters were the fashion from the sixties to the eighties.
    let single = match year {
        ..1950 => 90,
        1950..1960 => 140,
        1960..1990 => 330,
        1990..2000 => 230,
        _ => 110,
    };
    let part = |name| era.parts.get(name).map_or(&[""][..], Vec::as_slice);
    let mut name = match dice.below(1000) {
        at if at < single => dice.pick(part("one")).to_owned(),
        at if at < single + 280 => dice.pick(part("whole")).to_owned(),
        _ => loop {
            let (first, last) = (dice.pick(part("first")), dice.pick(part("last")));
            if first != last {
                break format!("{first}{last}");
            }
        },
    };
    if year >= 1960 && dice.chance(4) {
        name.pop();
        name.push(dice.pick(RARE));
    }
    name
}

/// The name of someone with a foreign passport.
pub fn foreigner(dice: &mut Dice, sex: Sex) -> &'static str {
    let names: Vec<&str> = FOREIGN.iter().filter(|(_, of)| *of == sex).map(|(name, _)| *name).collect();
    dice.pick(&names)
}

/// How people at the committee call someone: 王阿婆, 李师傅, 小陈.
pub fn address(name: &str, sex: Sex, age: i64) -> String {
    let surname = surname_of(name);
    match (age, sex) {
        (72.., Sex::Female) => format!("{surname}阿婆"),
        (72.., Sex::Male) => format!("{surname}老伯"),
        (45.., Sex::Female) => format!("{surname}阿姨"),
        (45.., Sex::Male) => format!("{surname}师傅"),
        (14.., _) => format!("小{surname}"),
        _ => "孩子家长".to_owned(),
    }
}

/// The surname a name begins with: two characters when they are one of the compound surnames.
pub fn surname_of(name: &str) -> String {
    let known = LISTS.here.iter().map(|(s, _)| *s).filter(|s| name.starts_with(s)).max_by_key(|s| s.len());
    known.map_or_else(|| name.chars().take(1).collect(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Sex, address, given, surname, surname_of};
    use crate::demo::dice::Dice;

    #[test]
    fn names_are_chinese_of_usual_length_and_have_the_hard_cases() {
        let mut dice = Dice::new(2009);
        let names: Vec<String> = (0..20_000)
            .map(|n| {
                let sex = if n % 2 == 0 { Sex::Male } else { Sex::Female };
                format!("{}{}", surname(&mut dice, n % 8 != 0), given(&mut dice, sex, 1925 + (n % 85) as i16))
            })
            .collect();
        assert!(names.iter().all(|n| (2..=4).contains(&n.chars().count())), "two to four characters");
        for odd in ["单", "仇", "曾", "解", "查", "欧阳", "诸葛"] {
            assert!(names.iter().any(|n| n.starts_with(odd)), "{odd}");
        }
        let beyond = names.iter().filter(|n| n.chars().any(|c| u32::from(c) > 0xffff)).count();
        assert!((5..200).contains(&beyond), "{beyond} beyond the basic plane");
        let wang = names.iter().filter(|n| n.starts_with('王')).count();
        assert!((800..1600).contains(&wang), "{wang} called 王 of 20,000");
        let distinct: std::collections::HashSet<_> = names.iter().collect();
        assert!(distinct.len() > 15_000, "{} different names", distinct.len());
    }

    #[test]
    fn people_are_addressed_as_one_does() {
        assert_eq!(address("欧阳文静", Sex::Female, 80), "欧阳阿婆");
        assert_eq!(address("陆建国", Sex::Male, 58), "陆师傅");
        assert_eq!(address("沈婷", Sex::Female, 30), "小沈");
        assert_eq!(surname_of("诸葛明"), "诸葛");
    }
}
