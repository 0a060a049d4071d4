//! Peace and order: disputes mediated and incidents dealt with.

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::demo::{
    accounts::{COMMITTEE, MEDIATOR, POLICE},
    act::{self, Act},
    calendar::{millis, moved, office_hour, working_day_from},
    dice::Dice,
    people::YEAR_END,
    tablet::day_of,
    town::{Town, working},
};

/// Cases of the year and those settled (FIGURES, row 13): 92.8 %, cut.
const CASES: usize = 98;
const SETTLED: usize = 91;

const MATTERS: &[((&str, &[&str]), u32)] = &[
    (("neighbours", &["楼道堆物，两家争执", "晾衣滴水，吵了几次", "占用公共绿地种菜"]), 20),
    (("leak", &["楼上卫生间漏水，天花板发霉", "空调水滴到楼下雨棚"]), 22),
    (("noise", &["半夜打麻将吵人", "装修中午不停工", "孩子跑跳，楼下休息不好"]), 12),
    (("building_work", &["阳台外扩挡光", "拆承重墙，邻居担心"]), 9),
    (("family", &["婆媳为带孩子吵架", "兄弟为老房子不和"]), 10),
    (("marriage", &["夫妻吵架，要离婚", "丈夫酗酒"]), 6),
    (("support", &["子女轮流赡养谈不拢", "老人生活费没人给"]), 7),
    (("inheritance", &["父母遗产分配"]), 3),
    (("rent", &["房东不退押金", "租客拖欠房租"]), 6),
    (("management", &["物业费有争议", "车位划线不公平"]), 5),
    (("pets", &["狗叫、随地大小便", "狗吓到老人"]), 4),
    (("damages", &["电瓶车碰伤人，医药费"]), 3),
];

const TALKS: &[&str] = &[
    "双方各说各的，先劝开",
    "到现场看了，分清责任",
    "讲了相邻关系的规定",
    "请楼组长一起劝",
    "约好各让一步",
    "写了协议，握手言和",
];

/// Cases and incidents.
pub fn year(town: &Town<'_>) -> Vec<Act> {
    let mut acts = mediation(town);
    acts.extend(incidents(town));
    acts
}

fn mediation(town: &Town<'_>) -> Vec<Act> {
    let mut dice = town.dice.of("mediation");
    let (cases, settled) = (town.scale.some(CASES), town.scale.exact(SETTLED));
    let mut acts = Vec::new();
    // Which ends otherwise is drawn; the last weeks' cases have time left to be settled in.
    let mut ends: Vec<bool> = (0..cases).map(|at| at < settled).collect();
    dice.shuffle(&mut ends);
    for (day, is_settled) in working(&mut dice, cases).into_iter().zip(ends) {
        let day = day.min(date(2009, 12, 24));
        let (sort, words) = dice.weighted(MATTERS);
        let one = town.someone(&mut dice, day, |p| p.age() >= 25);
        let other = town.someone(&mut dice, day, |p| p.age() >= 25 && p.household != town.people[one].household);
        let mut parties = vec![town.person(one), town.person(other)];
        parties.sort_unstable();
        parties.dedup();
        let at = office_hour(&mut dice, day);
        let entry = act::record(&mut dice, at, MEDIATOR, "mediation")
            .with("sort", sort)
            .with("parties", parties)
            .with("household", town.home(one))
            .with("matter", dice.pick(words))
            .with("sessions", sessions(&mut dice, day, 1))
            .with("date", day.to_string());
        let end = working_day_from(moved(day, dice.between(1..=6))).min(YEAR_END);
        let change = entry.change(office_hour(&mut dice, end).max(entry.at + 1), MEDIATOR);
        let rounds = dice.between(1..=3);
        acts.push(entry);
        let change = change.with("sessions", sessions(&mut dice, day, rounds)).with("closed_on", end.to_string());
        acts.push(match is_settled {
            true if dice.chance(420) => change
                .with("outcome", "settled")
                .with("agreement", true)
                .with("agreed", "双方自愿达成协议，互不追究，今后和睦相处。"),
            true => change.with("outcome", "settled").with("agreement", false),
            false => change.with("outcome", dice.weighted(&[("not_settled", 3), ("court", 2)])),
        });
    }
    acts
}

fn sessions(dice: &mut Dice, from: Date, count: i64) -> Vec<Value> {
    let session = |at: i64, dice: &mut Dice| {
        let where_ = dice.weighted(&[("office", 5), ("home", 3), ("spot", 2), ("phone", 1)]);
        json!({ "on": moved(from, at.min(1)).to_string(), "where": where_, "said": dice.pick(TALKS) })
    };
    (0..count).map(|at| session(at, dice)).collect()
}

/// An incident: day, minute, who wrote it, sort, place, what, households, steps (minutes after, what was done, who was told).
struct Incident(
    Date,
    i64,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    &'static [(i64, &'static str, &'static [&'static str])],
);

/// Five in the year (FIGURES, row 14).
const INCIDENTS: [Incident; 5] = [
    Incident(
        date(2009, 2, 17),
        9 * 60 + 12,
        COMMITTEE[0],
        "gas_leak",
        "底楼厨房",
        "居民闻到天然气味，阀门老化泄漏",
        24,
        &[
            (0, "接到居民电话，让关总阀、开窗", &["gas"]),
            (9, "到现场，疏散一个单元", &["fire_brigade", "residents"]),
            (41, "燃气公司换阀，检测合格", &["street_office"]),
            (70, "居民回家，逐户说明", &["residents"]),
        ],
    ),
    Incident(
        date(2009, 7, 2),
        17 * 60 + 40,
        COMMITTEE[1],
        "flooding",
        "河边两幢底层",
        "暴雨一小时，底层进水",
        38,
        &[
            (0, "组织党员志愿者搬沙袋", &["street_office", "residents"]),
            (25, "三台水泵抽水", &["management"]),
            (180, "积水退去，帮三户独居老人清理", &["residents"]),
        ],
    ),
    Incident(
        date(2009, 8, 11),
        20 * 60 + 5,
        COMMITTEE[0],
        "power_cut",
        "三幢变压器",
        "高温停电，居民聚集讨说法",
        96,
        &[
            (0, "到场安抚，问清情况", &["power"]),
            (20, "请供电公司当场说明抢修时间", &["police", "power"]),
            (150, "恢复供电，人群散去", &["street_office"]),
        ],
    ),
    Incident(
        date(2009, 10, 14),
        14 * 60 + 30,
        POLICE,
        "lost_person",
        "东门一带",
        "八十二岁老人买菜未归",
        1,
        &[
            (0, "家属报告，调看门口录像", &["police"]),
            (35, "巡逻志愿者分三路找", &["residents"]),
            (95, "在河桥找到，送回家", &[]),
        ],
    ),
    Incident(
        date(2009, 12, 5),
        6 * 60 + 50,
        COMMITTEE[1],
        "water_cut",
        "学校弄口",
        "水管爆裂，两幢停水",
        62,
        &[
            (0, "报自来水公司，先关闸", &["water", "management"]),
            (30, "送水车到，帮老人提水", &["residents"]),
            (260, "修好通水", &["street_office"]),
        ],
    ),
];

fn incidents(town: &Town<'_>) -> Vec<Act> {
    let mut dice = town.dice.of("incidents");
    let mut acts = Vec::new();
    for Incident(day, minute, account, sort, place, what, households, steps) in
        INCIDENTS.into_iter().take(town.scale.exact(INCIDENTS.len()))
    {
        let moment = |after: i64| {
            let minute = minute + after;
            format!("{day}T{:02}:{:02}:00+08:00", minute / 60, minute % 60)
        };
        let rows = |count: usize| {
            let row = |(after, did, told): &(i64, &str, &[&str])| match told {
                [] => json!({ "at": moment(*after), "did": did }),
                told => json!({ "at": moment(*after), "did": did, "told": told }),
            };
            steps.iter().take(count).map(row).collect::<Vec<_>>()
        };
        let entry = act::record(&mut dice, millis(day, minute + 3, 0), account, "incident")
            .with("sort", sort)
            .with("building", town.building(&mut dice))
            .with("place", place)
            .with("what", what)
            .with("households", households)
            .with("steps", rows(1))
            .with("date", day.to_string());
        let last = steps.last().map_or(0, |(after, ..)| *after);
        let close = entry.change(millis(day, minute + last + 20, 0), account);
        debug_assert_eq!(day_of(close.at), day);
        acts.push(entry);
        acts.push(close.with("steps", rows(steps.len())).with("state", "closed").with("closed_on", day.to_string()));
    }
    acts
}
