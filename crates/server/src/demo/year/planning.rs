//! What the family-planning officer learns of pregnancy, contraception and loss, for that post alone.

use crate::demo::{
    accounts::FAMILY_PLANNING,
    act::{self, Act},
    calendar::{moved, visiting_hour},
    names::Sex,
    people::YEAR_END,
    town::{Town, working},
};

/// Sort, how many times in the year, what is noted.
const SORTS: &[(&str, usize, &[&str])] = &[
    ("pregnancy", 24, &["孕期正常，已建卡", "提醒按时产检", "预产期临近，家人陪同"]),
    ("contraception", 36, &["随访，无不适", "发放药具", "术后回访，恢复良好"]),
    ("bereaved", 8, &["节日慰问，情绪平稳", "帮助申请扶助金", "联系了心理志愿者"]),
];

/// Files and what was noted in them.
pub fn year(town: &Town<'_>) -> Vec<Act> {
    let mut dice = town.dice.of("planning");
    let mut acts = Vec::new();
    for (sort, times, words) in SORTS {
        for day in working(&mut dice, town.scale.some(*times)) {
            let age = if *sort == "bereaved" { 50..80 } else { 21..45 };
            let place = town.someone(&mut dice, day, |p| p.sex == Sex::Female && age.contains(&p.age()));
            let next = moved(day, dice.between(25..=60));
            let at = visiting_hour(&mut dice, day);
            let file = act::record(&mut dice, at, FAMILY_PLANNING, "planning")
                .with("person", town.person(place))
                .with("sort", *sort)
                .with("note", dice.pick(words))
                .with("date", day.to_string());
            acts.push(if next <= YEAR_END { file.with("next_on", next.to_string()) } else { file });
        }
    }
    acts
}
