//! The alliance: thirty teams, who is in them, and every time they met.

use jiff::civil::{Date, date};

use crate::demo::{
    accounts::{COMMITTEE, LEADERS},
    act::{self, Act},
    calendar::{millis, moved},
    dice::Dice,
    people::YEAR_END,
    town::{Town, spread},
};

/// A team: name, sort, rhythm, place, circle, how often it met in the year, how many come.
struct Team(&'static str, &'static str, &'static str, &'static str, &'static str, usize, (i64, i64));

const TEAMS: [Team; 30] = [
    Team("象棋协会", "games", "daily", "棋牌室", "culture", 336, (18, 38)),
    Team("交谊舞协会", "dance", "daily", "中心广场", "culture", 318, (70, 126)),
    Team("乒乓队", "sport", "daily", "活动室", "culture", 327, (20, 44)),
    Team("健身操队", "sport", "daily", "河边空地", "culture", 341, (58, 104)),
    Team("编织协会", "craft", "weekly", "活动室", "culture", 50, (24, 46)),
    Team("扇子舞队", "dance", "weekly", "中心广场", "culture", 49, (28, 54)),
    Team("竹板操队", "dance", "weekly", "中心广场", "culture", 48, (22, 40)),
    Team("腰鼓队", "dance", "weekly", "学校操场", "culture", 51, (30, 58)),
    Team("戏曲团", "music", "monthly", "书场", "culture", 12, (60, 110)),
    Team("歌咏团", "music", "monthly", "活动室", "culture", 12, (54, 88)),
    Team("书画组", "art", "monthly", "图书室", "culture", 12, (22, 44)),
    Team("啦啦队", "dance", "monthly", "学校操场", "culture", 12, (30, 56)),
    Team("楼组长队伍", "self_management", "weekly", "会议室", "self_rule", 84, (36, 62)),
    Team("居民小组长队伍", "self_management", "weekly", "会议室", "self_rule", 80, (30, 52)),
    Team("自管小组长队伍", "self_management", "weekly", "会议室", "self_rule", 78, (28, 50)),
    Team("物业监督小组", "self_management", "irregular", "会议室", "self_rule", 66, (12, 26)),
    Team("巡巷队", "patrol", "daily", "警务室", "safety", 110, (16, 34)),
    Team("护巷队", "patrol", "daily", "警务室", "safety", 108, (14, 30)),
    Team("夜间喊话队", "patrol", "daily", "警务室", "safety", 104, (10, 22)),
    Team("消防宣传队", "patrol", "irregular", "警务室", "safety", 60, (20, 48)),
    Team("学生劳动队", "pupils", "weekly", "学校弄", "education", 72, (40, 86)),
    Team("学生宣传队", "pupils", "weekly", "学校弄", "education", 70, (38, 80)),
    Team("小小环保队", "pupils", "irregular", "绿地", "education", 64, (34, 70)),
    Team("服务同盟会", "service", "weekly", "便民服务点", "self_rule", 92, (40, 78)),
    Team("红帽子助老队", "service", "weekly", "便民服务点", "self_rule", 96, (24, 52)),
    Team("理发义工队", "service", "irregular", "便民服务点", "self_rule", 74, (36, 70)),
    Team("修理义工队", "service", "irregular", "便民服务点", "self_rule", 76, (34, 66)),
    Team("法律义工队", "service", "irregular", "调解室", "self_rule", 62, (26, 48)),
    Team("医疗义工队", "service", "irregular", "卫生站", "health", 70, (48, 92)),
    Team("绿化护绿队", "service", "weekly", "绿地", "self_rule", 84, (26, 56)),
];

/// Teams, members and meetings.
pub fn year(town: &Town<'_>) -> Vec<Act> {
    let (mut pen, mut members, mut meetings) =
        (town.dice.of("teams"), town.dice.of("memberships"), town.dice.of("meetings"));
    let mut acts = Vec::new();
    for (place, Team(name, sort, rhythm, where_, circle, times, heads)) in TEAMS.iter().enumerate() {
        let leader = LEADERS[place % LEADERS.len()];
        let at = millis(date(2008, 12, 15), 540 + place as i64 * 4, pen.between(0..=59_999));
        let since = format!("{:04}-{:02}-01", pen.between(1996..=2007), pen.between(1..=12));
        let team = act::record(&mut pen, at, COMMITTEE[0], "team")
            .with("name", *name)
            .with("sort", *sort)
            .with("rhythm", *rhythm)
            .with("place", *where_)
            .with("leader", leader)
            .with("since", since);
        let id = team.record.to_string();
        acts.push(team);
        let day = date(2009, 1, 5);
        let wanted = town.scale.some(usize::try_from(heads.0).unwrap_or(0)).min(24);
        for (order, person) in town.some(&mut members, wanted, day, |p| p.age() >= 45).into_iter().enumerate() {
            let role = if order == 0 {
                "leader"
            } else if order == 1 {
                "deputy"
            } else {
                "member"
            };
            let at = millis(day, 560 + (place * 3 + order / 8) as i64, members.between(0..=59_999));
            let joined = format!("{:04}-{:02}-01", members.between(2005..=2008), members.between(1..=12));
            let member = act::record(&mut members, at, COMMITTEE[1], "membership");
            acts.push(member.with("team", &*id).with("person", person).with("role", role).with("since", joined));
        }
        for day in days(&mut meetings, rhythm, town.scale.some(*times)) {
            acts.push(meeting(&mut meetings, day, leader, &id, circle, where_, *heads));
        }
    }
    acts
}

fn meeting(
    dice: &mut Dice,
    day: Date,
    leader: &'static str,
    team: &str,
    circle: &str,
    place: &str,
    (few, many): (i64, i64),
) -> Act {
    // More come in spring and autumn than in the heat and the cold.
    let season = if matches!(day.month(), 1 | 2 | 7 | 8) { (many - few) / 4 } else { 0 };
    let heads = dice.between(few..=many - season);
    let at = millis(day, dice.between(8 * 60..=20 * 60), dice.between(0..=59_999));
    act::record(dice, at, leader, "activity")
        .with("team", team)
        .with("circle", circle)
        .with("sort", "practice")
        .with("heads", heads)
        .with("place", place)
        .with("date", day.to_string())
}

/// So many different days of the year: every day but some, every week, every month, or now and then.
fn days(dice: &mut Dice, rhythm: &str, times: usize) -> Vec<Date> {
    if rhythm != "daily" {
        return spread(dice, times);
    }
    let mut all: Vec<Date> = (0..365).map(|at| moved(date(2009, 1, 1), at)).collect();
    dice.shuffle(&mut all);
    let mut days: Vec<Date> = all.into_iter().cycle().take(times).collect();
    days.sort_unstable();
    debug_assert!(days.iter().all(|day| *day <= YEAR_END));
    days
}
