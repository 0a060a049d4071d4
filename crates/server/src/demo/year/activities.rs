//! What the committee, the health station, the police and the party branch put on: culture, health, education, safety.

use jiff::civil::{Date, date};

use crate::demo::{
    accounts::{COMMITTEE, HEALTH, PARTY, POLICE},
    act::{self, Act},
    calendar::millis,
    dice::Dice,
    town::{Town, spread},
};

/// A row of the programme: who, circle, sort, how often, how many come, what it is called, where.
struct Row {
    account: &'static str,
    circle: &'static str,
    sort: &'static str,
    series: Option<&'static str>,
    times: usize,
    heads: (i64, i64),
    titles: &'static [&'static str],
    places: &'static [&'static str],
}

const SCREEN: &[&str] = &["中心广场大屏幕"];
const HALL: &[&str] = &["活动室", "会议室", "市民学校教室"];

const PROGRAMME: &[Row] = &[
    Row {
        account: COMMITTEE[0],
        circle: "culture",
        sort: "contest",
        series: None,
        times: 18,
        heads: (24, 90),
        titles: &["象棋比赛", "乒乓对抗赛", "邻里厨艺赛", "家庭才艺赛", "拔河比赛", "知识竞赛", "跳绳比赛", "谜语竞猜"],
        places: &["活动室", "中心广场", "学校操场"],
    },
    Row {
        account: COMMITTEE[1],
        circle: "culture",
        sort: "film",
        series: None,
        times: 41,
        heads: (40, 160),
        titles: &["周末电影", "老电影专场", "戏曲电影", "儿童电影"],
        places: SCREEN,
    },
    Row {
        account: COMMITTEE[0],
        circle: "culture",
        sort: "show",
        series: None,
        times: 9,
        heads: (120, 420),
        titles: &["纳凉晚会", "评弹专场", "重阳演出", "邻里戏台"],
        places: &["中心广场", "书场"],
    },
    Row {
        account: COMMITTEE[0],
        circle: "culture",
        sort: "festival",
        series: None,
        times: 5,
        heads: (80, 300),
        titles: &["包粽子", "闹元宵", "中秋赏月", "腊八送粥", "重阳敬老"],
        places: &["中心广场", "活动室"],
    },
    Row {
        account: HEALTH,
        circle: "health",
        sort: "lecture",
        series: None,
        times: 14,
        heads: (30, 80),
        titles: &["高血压防治讲座", "糖尿病饮食讲座", "甲型流感预防讲座", "老年骨健康讲座", "口腔保健讲座"],
        places: HALL,
    },
    Row {
        account: HEALTH,
        circle: "health",
        sort: "clinic",
        series: Some("hospital_day"),
        times: 12,
        heads: (104, 168),
        titles: &["同济医院进社区义诊"],
        places: &["卫生站", "中心广场"],
    },
    Row {
        account: HEALTH,
        circle: "health",
        sort: "rehabilitation",
        series: None,
        times: 36,
        heads: (6, 16),
        titles: &["残疾人康复训练"],
        places: &["康复室"],
    },
    Row {
        account: COMMITTEE[1],
        circle: "education",
        sort: "lecture",
        series: Some("citizens_school"),
        times: 16,
        heads: (28, 70),
        titles: &["居民理财讲座", "家庭教育讲座", "消费维权讲座", "书法入门", "花样编织课"],
        places: HALL,
    },
    Row {
        account: COMMITTEE[1],
        circle: "education",
        sort: "startup",
        series: None,
        times: 6,
        heads: (12, 30),
        titles: &["创业指导", "小额贷款说明会"],
        places: HALL,
    },
    Row {
        account: COMMITTEE[1],
        circle: "education",
        sort: "quiz",
        series: None,
        times: 5,
        heads: (30, 60),
        titles: &["价格与消费者知识竞答"],
        places: HALL,
    },
    Row {
        account: PARTY,
        circle: "party",
        sort: "study",
        series: Some("party_school"),
        times: 12,
        heads: (48, 112),
        titles: &["党员学习日"],
        places: &["党员活动之家"],
    },
    Row {
        account: PARTY,
        circle: "party",
        sort: "meeting",
        series: None,
        times: 12,
        heads: (30, 96),
        titles: &["支部大会", "民主生活会"],
        places: &["党员活动之家"],
    },
    Row {
        account: PARTY,
        circle: "party",
        sort: "voluntary",
        series: None,
        times: 8,
        heads: (20, 60),
        titles: &["党员义务劳动", "党员结对帮困"],
        places: &["小区"],
    },
    Row {
        account: POLICE,
        circle: "safety",
        sort: "training",
        series: None,
        times: 6,
        heads: (18, 56),
        titles: &["物业保安培训", "护巷志愿者培训"],
        places: &["警务室", "会议室"],
    },
    Row {
        account: POLICE,
        circle: "safety",
        sort: "lecture",
        series: None,
        times: 5,
        heads: (36, 90),
        titles: &["防盗防骗讲座", "用电用气安全讲座"],
        places: HALL,
    },
    Row {
        account: POLICE,
        circle: "safety",
        sort: "drill",
        series: None,
        times: 2,
        heads: (60, 140),
        titles: &["消防演练"],
        places: &["中心广场"],
    },
];

/// Three events of more than a thousand people (FIGURES, row 6).
const LARGE: [(Date, &str, &str, i64); 3] = [
    (date(2009, 1, 20), "festival", "千人迎新春游园会", 1180),
    (date(2009, 5, 16), "show", "邻里节文艺汇演", 1360),
    (date(2009, 9, 28), "show", "庆祝建国六十周年歌会", 1524),
];

/// The fifteen activities of Green Apple and who came; the one at Jinji Lake drew 130 (FIGURES, row 8).
const GREEN_APPLE: [(&str, &str, &str, i64); 15] = [
    ("outing", "健康寻宝", "玉兰公园", 72),
    ("lecture", "小手洗干净", "活动室", 58),
    ("contest", "亲子运动会", "学校操场", 96),
    ("training", "心肺复苏体验", "活动室", 54),
    ("outing", "金鸡湖健步走", "金鸡湖", 130),
    ("lecture", "爱牙日", "卫生站", 61),
    ("contest", "健康小报评比", "活动室", 66),
    ("study", "食品安全小课堂", "市民学校教室", 57),
    ("outing", "春天的菜地", "社区菜园", 64),
    ("film", "健康科普电影", "中心广场大屏幕", 88),
    ("quiz", "健康知识竞答", "活动室", 63),
    ("training", "夏令营急救课", "活动室", 59),
    ("lecture", "视力保护", "学校弄", 71),
    ("contest", "跳绳擂台", "学校操场", 82),
    ("outing", "敬老院慰问", "敬老院", 49),
];

/// All of them, and the lists of those who came to some.
pub fn year(town: &Town<'_>) -> Vec<Act> {
    let (mut dice, mut lists) = (town.dice.of("activities"), town.dice.of("attendance"));
    let mut acts = Vec::new();
    for row in PROGRAMME {
        for day in spread(&mut dice, town.scale.some(row.times)) {
            let heads = dice.between(row.heads.0..=row.heads.1);
            let (title, place) = (dice.pick(row.titles), dice.pick(row.places));
            let act = activity(&mut dice, day, row.account, (row.circle, row.sort), title, place, heads);
            let act = act.maybe("series", row.series);
            let has_list = matches!(row.account, PARTY | HEALTH) && heads <= 70 && lists.chance(400);
            if has_list {
                acts.push(list(town, &mut lists, &act, day, usize::try_from(heads).unwrap_or(0), row.account));
            }
            acts.push(act);
        }
    }
    let large = town.scale.exact(LARGE.len());
    for (day, sort, title, heads) in LARGE.into_iter().take(large) {
        acts.push(activity(&mut dice, day, COMMITTEE[0], ("culture", sort), title, "中心广场", heads));
    }
    let days = spread(&mut dice, GREEN_APPLE.len());
    for ((sort, title, place, heads), day) in GREEN_APPLE.into_iter().zip(days).take(town.scale.some(15)) {
        let act = activity(&mut dice, day, COMMITTEE[1], ("education", sort), title, place, heads);
        acts.push(act.with("series", "qingpingguo"));
    }
    acts
}

fn activity(
    dice: &mut Dice,
    day: Date,
    account: &'static str,
    (circle, sort): (&str, &str),
    title: &str,
    place: &str,
    heads: i64,
) -> Act {
    let at = millis(day, dice.between(15 * 60..=20 * 60 + 30), dice.between(0..=59_999));
    act::record(dice, at, account, "activity")
        .with("circle", circle)
        .with("sort", sort)
        .with("title", title)
        .with("heads", heads)
        .with("place", place)
        .with("date", day.to_string())
}

/// The list of those who came, written just after.
fn list(town: &Town<'_>, dice: &mut Dice, of: &Act, day: Date, heads: usize, account: &'static str) -> Act {
    let people = town.some(dice, heads.min(45), day, |p| p.age() >= 18);
    let act = act::record(dice, of.at + 600_000, account, "attendance");
    act.with("activity", of.record.to_string()).with("people", people)
}
