//! People sent on to hospitals and offices, and things given out.

use crate::demo::{
    accounts::{CIVIL_AFFAIRS, COMMITTEE, HEALTH, POLICE, SOCIAL_SECURITY},
    act::{self, Act},
    calendar::{moved, office_hour, working_day_from},
    people::YEAR_END,
    town::{Town, working},
};

/// Referrals: who sends, where to, how many, what for.
const REFERRALS: &[(&str, &str, usize, &[&str], &str)] = &[
    (HEALTH, "hospital", 28, &["血压控制不好", "胸闷待查", "血糖偏高", "骨折复查"], "住院治疗，已好转"),
    (HEALTH, "from_hospital", 22, &["术后康复", "出院后随访", "长期换药"], "在卫生站康复"),
    (CIVIL_AFFAIRS, "street_office", 8, &["临时救助申请", "廉租房申请"], "已批准"),
    (CIVIL_AFFAIRS, "disabled", 6, &["轮椅申请", "残疾证换证"], "已办好"),
    (SOCIAL_SECURITY, "labour", 9, &["失业金手续", "社保转移", "技能培训报名"], "已办理"),
    (CIVIL_AFFAIRS, "legal_aid", 4, &["赡养纠纷法律援助", "工伤赔偿"], "律师已接手"),
];

/// Who, what, note, how many times, how many things; with a list of people or without.
type Handout = (&'static str, &'static str, &'static str, usize, (i64, i64), bool);

const HANDOUTS: &[Handout] = &[
    (POLICE, "bicycle_alarm", "推广电子看车狗", 14, (16, 44), false),
    (POLICE, "lock_guard", "普及锁芯防盗圈", 16, (20, 60), false),
    (POLICE, "leaflet", "防盗宣传单", 8, (80, 260), false),
    (CIVIL_AFFAIRS, "rice_oil", "节日慰问", 3, (36, 44), true),
    (CIVIL_AFFAIRS, "quilt", "冬令救助", 2, (18, 30), true),
    (COMMITTEE[0], "school_things", "爱心助学", 2, (10, 18), true),
    (COMMITTEE[1], "medicine_box", "独居老人药箱", 1, (40, 40), true),
];

/// All of them.
pub fn year(town: &Town<'_>) -> Vec<Act> {
    let mut dice = town.dice.of("care");
    let mut acts = Vec::new();
    for (account, to, times, words, result) in REFERRALS {
        for day in working(&mut dice, town.scale.some(*times)) {
            let place = town.someone(&mut dice, day, |p| p.age() >= 50 || *account != HEALTH);
            let at = office_hour(&mut dice, day);
            let entry = act::record(&mut dice, at, account, "referral")
                .with("person", town.person(place))
                .with("to", *to)
                .with("why", dice.pick(words))
                .with("look_on", moved(day, 14).to_string())
                .with("date", day.to_string());
            let closed = working_day_from(moved(day, dice.between(10..=40)));
            if closed <= YEAR_END && dice.chance(880) {
                let change = entry.change(office_hour(&mut dice, closed).max(entry.at + 1), account);
                acts.push(change.with("state", "closed").with("result", *result));
            }
            acts.push(entry);
        }
    }
    for (account, item, note, times, (few, many), has_list) in HANDOUTS {
        for day in working(&mut dice, town.scale.some(*times)) {
            let count = dice.between(*few..=*many);
            let at = office_hour(&mut dice, day);
            let act = act::record(&mut dice, at, account, "handout")
                .with("item", *item)
                .with("note", *note)
                .with("date", day.to_string());
            acts.push(match has_list {
                true => {
                    let count = usize::try_from(count).unwrap_or(0);
                    let meant = ["low_income", "hardship", "elder_alone", "severely_disabled"];
                    let is_meant = |p: &crate::demo::people::Person| meant.iter().any(|label| p.labels.contains(label));
                    act.with("people", town.some(&mut dice, count, day, is_meant))
                }
                false => act.with("count", count).with("building", town.building(&mut dice)),
            });
        }
    }
    acts
}
