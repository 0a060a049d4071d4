//! People under correction or guidance, seen every month by the officer assigned to them alone.

use jiff::civil::date;

use crate::demo::{
    accounts::CORRECTIONS,
    act::{self, Act},
    calendar::{moved, office_hour, visiting_hour, working_day_from},
    names::Sex,
    people::YEAR_END,
    town::Town,
};

const SUBJECTS: usize = 9;
const WORDS: &[&str] = &[
    "按时报到，找到了临时工作",
    "情绪稳定，家里关系有好转",
    "谈了就业培训的事",
    "身体不好，提醒去看病",
    "参加了义务劳动",
    "想学驾驶，帮着问了",
    "母亲住院，情绪有些低落",
    "遵守规定，没有外出",
];

/// Subjects and visits.
pub fn year(town: &Town<'_>) -> Vec<Act> {
    let mut dice = town.dice.of("corrections");
    let mut acts = Vec::new();
    let mut taken = Vec::new();
    for order in 0..town.scale.some(SUBJECTS) {
        let day = date(2009, 1, 7);
        let place = town.someone(&mut dice, day, |p| p.sex == Sex::Male && (22..55).contains(&p.age()) && !p.migrant);
        if taken.contains(&place) {
            continue;
        }
        taken.push(place);
        let at = office_hour(&mut dice, day);
        let since = moved(day, -dice.between(30..=500));
        let subject = act::record(&mut dice, at, CORRECTIONS, "subject")
            .with("person", town.person(place))
            .with("sort", if order % 3 == 2 { "guidance" } else { "correction" })
            .with("since", since.to_string())
            .with("until", moved(day, dice.between(120..=700)).to_string());
        let id = subject.record.to_string();
        acts.push(subject);
        let mut next = moved(day, dice.between(3..=20));
        while next <= YEAR_END {
            let day = working_day_from(next).min(YEAR_END);
            let channel = dice.weighted(&[("visit", 7), ("office", 2), ("phone", 1)]);
            let at = visiting_hour(&mut dice, day);
            next = moved(day, dice.between(24..=33));
            let talk = act::record(&mut dice, at, CORRECTIONS, "talk")
                .with("subject", &*id)
                .with("channel", channel)
                .with("mood", dice.weighted(&[("steady", 8), ("low", 2), ("watch", 1)]))
                .with("note", dice.pick(WORDS))
                .with("date", day.to_string());
            acts.push(if next <= YEAR_END { talk.with("next_on", next.to_string()) } else { talk });
        }
    }
    acts
}
