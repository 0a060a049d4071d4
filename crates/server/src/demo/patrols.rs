//! A year of patrols: volunteers in the lanes of an evening, and what they found.

use jiff::civil::{Date, date};
use records::{RecordId, Value};
use serde_json::json;

use super::{
    accounts::VOLUNTEERS,
    act::{self, Act},
    calendar::{days, millis},
    dice::Dice,
    people::YEAR_END,
    scale::Scale,
};

/// Patrols of 2009 in a community of 3,000 households: six evenings of seven.
const COUNT: usize = 312;

const ROUTES: &[(&str, &[&str])] = &[
    ("east", &["east_gate", "bicycle_shed", "behind_5", "school_lane"]),
    ("west", &["west_gate", "bicycle_shed", "school_lane"]),
    ("river", &["river_bridge", "behind_5", "west_gate"]),
];

/// What is found, how often, and how it is said.
const FINDINGS: &[((&str, &[&str]), u32)] = &[
    (("door_open", &["单元门没关，已带上", "一楼窗开着，喊了住户", "车库门没锁，敲门告诉了", "储藏室门虚掩"]), 30),
    (("bicycle", &["电瓶车没锁，通知了车主", "自行车停在过道，挪开了", "车钥匙没拔，交对门保管", "两部车没上锁"]), 28),
    (("light", &["楼道灯不亮", "路灯坏了一盏，报物业", "路灯一闪一闪", "声控灯不灵"]), 18),
    (("fire", &["楼道堆纸箱，劝搬走", "有人烧纸钱，看着熄了", "电瓶车在楼道充电，劝下楼", "烟头没灭"]), 9),
    (("stranger", &["有人发小广告，劝离", "生面孔敲门推销，问了几句走了", "一部面包车停了很久，记了位置"]), 6),
    (("other", &["水管漏水，报物业", "狗没牵绳，提醒了", "树枝压着电线", "老人迷路，送回家"]), 9),
];

/// All patrols.
pub fn year(dice: &Dice, scale: Scale, buildings: &[RecordId]) -> Vec<Act> {
    let mut dice = dice.of("patrols");
    let mut evenings: Vec<Date> = days(date(2009, 1, 1), YEAR_END).collect();
    dice.shuffle(&mut evenings);
    // At full size at most one an evening and a route; more households, more routes an evening.
    let wanted = scale.some(COUNT);
    let mut chosen: Vec<Date> = evenings.into_iter().cycle().take(wanted).collect();
    chosen.sort_unstable();
    chosen.into_iter().enumerate().map(|(place, day)| patrol(&mut dice, place, day, buildings)).collect()
}

fn patrol(dice: &mut Dice, place: usize, day: Date, buildings: &[RecordId]) -> Act {
    let account = VOLUNTEERS[place % VOLUNTEERS.len()];
    let (route, points) = dice.pick(ROUTES);
    let (start, minutes) = (dice.between(19 * 60 + 20..=21 * 60 + 50), dice.between(28..=75));
    let at = millis(day, start + minutes, dice.between(0..=59_999));
    let passed: Vec<&str> = points.iter().copied().filter(|_| dice.chance(930)).collect();
    let findings: Vec<Value> = (0..dice.weighted(&[(0, 52), (1, 34), (2, 11), (3, 3)]))
        .map(|_| {
            let (what, words) = dice.weighted(FINDINGS);
            let mut found = json!({ "what": what, "note": dice.pick(words) });
            if !buildings.is_empty() && dice.chance(850) {
                found["place"] = json!(dice.pick(buildings).to_string());
            }
            found
        })
        .collect();
    act::record(dice, at, account, "patrol")
        .with("route", route)
        .with("people", dice.between(2..=6))
        .maybe("checkpoints", (!passed.is_empty()).then_some(passed))
        .with("minutes", minutes)
        .with("called_out", dice.chance(880))
        .maybe("findings", (!findings.is_empty()).then_some(findings))
        .with("start", format!("{:02}:{:02}", start / 60, start % 60))
        .with("date", day.to_string())
}
