//! People from elsewhere and their residence permits, kept current through the year.

use jiff::civil::{Date, date};

use crate::demo::{
    accounts::{MIGRANTS, POLICE},
    act::{self, Act},
    calendar::{moved, office_hour, working_day_from},
    dice::Dice,
    people::YEAR_END,
    town::Town,
};

const FROM: &[(&str, u32)] = &[
    ("安徽阜阳", 16),
    ("安徽六安", 10),
    ("河南周口", 12),
    ("河南信阳", 8),
    ("江苏盐城", 12),
    ("江苏宿迁", 9),
    ("四川达州", 6),
    ("湖北黄冈", 6),
    ("江西上饶", 6),
    ("山东菏泽", 5),
    ("浙江温州", 3),
    ("福建宁德", 2),
    ("贵州毕节", 3),
    ("湖南邵阳", 4),
];
const WORK: &[(&str, u32)] = &[
    ("电子厂", 22),
    ("餐饮", 18),
    ("建筑装修", 14),
    ("卖菜", 9),
    ("保洁", 7),
    ("快递", 5),
    ("服装店", 7),
    ("保安", 6),
    ("家政", 6),
    ("运输", 6),
];
/// Of a thousand, so many hold no permit, or let it run out.
const WITHOUT: usize = 14;
const LAPSED: usize = 10;

/// Entries, renewals and departures.
pub fn year(town: &Town<'_>) -> Vec<Act> {
    let mut dice = town.dice.of("migrants");
    let mut acts = Vec::new();
    for (place, person) in town.people.iter().enumerate().filter(|(_, person)| person.migrant) {
        let written = working_day_from(moved(person.entered.max(date(2009, 1, 5)), dice.between(1..=12))).min(YEAR_END);
        let came = moved(person.entered, -dice.between(5..=900));
        let account = if dice.chance(850) { MIGRANTS } else { POLICE };
        let at = office_hour(&mut dice, written);
        let entry = act::record(&mut dice, at, account, "migrant")
            .with("person", town.person(place))
            .with("origin", dice.weighted(FROM))
            .with("arrived_on", came.to_string());
        let entry = if person.age() >= 16 { entry.with("work", dice.weighted(WORK)) } else { entry };
        let kind = dice.below(1000);
        let entry = if kind < WITHOUT { entry } else { permit(&mut dice, entry, came, written) };
        let until = entry.answers.get("permit_until").and_then(|day| day.as_str()?.parse::<Date>().ok());
        if let Some(until) = until.filter(|until| *until <= YEAR_END && kind >= WITHOUT + LAPSED) {
            let renewed = working_day_from(moved(until, -dice.between(1..=20)).max(moved(written, 1))).min(YEAR_END);
            let next = moved(until, 365);
            let change = entry.change(office_hour(&mut dice, renewed).max(entry.at + 1), account);
            acts.push(change.with("permit_from", moved(until, 1).to_string()).with("permit_until", next.to_string()));
        }
        if let Some((_, gone)) = person.left.filter(|(_, gone)| *gone >= came) {
            let told = working_day_from(moved(gone.max(written), dice.between(1..=9)));
            if told <= YEAR_END {
                let change = entry.change(office_hour(&mut dice, told).max(entry.at + 2), MIGRANTS);
                acts.push(change.with("left_on", gone.to_string()));
            }
        }
        acts.push(entry);
    }
    acts
}

/// A permit good for a year, given in the year before the entry was written.
fn permit(dice: &mut Dice, entry: Act, came: Date, written: Date) -> Act {
    let from = moved(written, -dice.between(0..=330)).max(moved(came, 1)).min(written);
    let number = format!("JZ2009{:08}", dice.below(100_000_000));
    let entry = entry.with("permit_number", number).with("permit_from", from.to_string());
    entry.with("permit_until", moved(from, 365).to_string())
}
