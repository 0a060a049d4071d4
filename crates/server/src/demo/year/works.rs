//! Public works: what was asked for, from whom, and what came of it; and the directory of services.

use crate::demo::{
    accounts::COMMITTEE,
    act::{self, Act},
    calendar::{moved, office_hour, working_day_from},
    people::YEAR_END,
    tablet::day_of,
    town::{Town, working},
};

/// Trees trimmed in the year (FIGURES, row 5), in so many rounds.
const TREES: usize = 897;
const ROUNDS: usize = 26;

/// Other works: sort, unit, how many were asked for, what is said, whom one goes to.
const OTHERS: &[(&str, &str, usize, &[&str], &str)] = &[
    ("road", "place", 9, &["路面坑洼，雨天积水", "窨井盖松动", "人行道砖翘起"], "市政"),
    ("lamp", "lamp", 8, &["路灯不亮", "楼前一片黑", "庭院灯坏了"], "物业"),
    ("drain", "place", 11, &["下水道堵塞，污水外溢", "雨水管不通"], "物业"),
    ("wall", "place", 3, &["围墙开裂", "门卫室漏雨"], "物业"),
    ("bicycle_shed", "place", 4, &["车棚顶破了", "车棚不够用"], "物业"),
    ("bus_stop", "place", 1, &["建议加一个公交站"], "公交公司"),
    ("fitness", "set", 3, &["健身器材松动", "想装一套健身器材"], "体育局"),
    ("waste", "time", 5, &["建筑垃圾没人清", "垃圾箱满了几天"], "环卫所"),
    ("water", "place", 3, &["顶楼水压低", "水表箱漏水"], "自来水公司"),
    ("power", "place", 2, &["线路老化跳闸"], "供电公司"),
];

/// All works.
pub fn year(town: &Town<'_>) -> Vec<Act> {
    let mut dice = town.dice.of("works");
    let mut acts = Vec::new();
    let (trees, rounds) = (town.scale.exact(TREES), town.scale.some(ROUNDS));
    for (order, day) in working(&mut dice, rounds).into_iter().enumerate() {
        // Shares that differ by one add up to exactly all.
        let quantity = trees * (order + 1) / rounds - trees * order / rounds;
        if quantity == 0 {
            continue;
        }
        let asked = working_day_from(day).min(moved(YEAR_END, -12));
        let entry = act::record(&mut dice, 0, COMMITTEE[order % 2], "works");
        let entry = Act { at: office_hour(&mut dice, asked), ..entry }
            .with("sort", "tree_trimming")
            .with("title", "树枝遮光、碰电线，要修剪")
            .with("building", town.building(&mut dice))
            .with("to_whom", "绿化站")
            .with("date", asked.to_string());
        let done = working_day_from(moved(asked, dice.between(2..=9))).min(YEAR_END);
        let change = entry.change(office_hour(&mut dice, done).max(entry.at + 1), COMMITTEE[order % 2]);
        acts.push(entry);
        acts.push(
            change
                .with("state", "done")
                .with("quantity", quantity)
                .with("unit", "tree")
                .with("done_on", done.to_string()),
        );
    }
    for (sort, unit, times, words, whom) in OTHERS {
        for asked in working(&mut dice, town.scale.some(*times)) {
            let account = COMMITTEE[dice.below(2)];
            let person = town.someone(&mut dice, asked, |p| p.age() >= 30);
            let at = office_hour(&mut dice, asked);
            let entry = act::record(&mut dice, at, account, "works")
                .with("sort", *sort)
                .with("title", dice.pick(words))
                .with("building", town.building(&mut dice))
                .with("asked_by", town.person(person))
                .with("to_whom", *whom)
                .with("date", asked.to_string());
            let taken = working_day_from(moved(asked, dice.between(1..=6)));
            let done = working_day_from(moved(taken, dice.between(2..=40)));
            let last = dice.chance(60);
            if taken <= YEAR_END {
                let change = entry.change(office_hour(&mut dice, taken).max(entry.at + 1), account);
                acts.push(match last {
                    true => change.with("state", "dropped").with("note", "不在本社区管辖范围，已说明"),
                    false => change.with("state", "in_hand").with("taken_on", taken.to_string()),
                });
            }
            if !last && done <= YEAR_END && day_of(entry.at) <= done {
                let many = if *unit == "lamp" { dice.between(1..=6) } else { dice.between(1..=3) };
                let change = entry.change(office_hour(&mut dice, done).max(entry.at + 2), account);
                let change = change.with("state", "done").with("done_on", done.to_string());
                acts.push(change.with("quantity", many).with("unit", *unit));
            }
            acts.push(entry);
        }
    }
    acts.extend(directory(town));
    acts
}

/// Name, sort, what is offered, where, when, whether at home.
const DIRECTORY: &[(&str, &str, &str, &str, &str, bool)] = &[
    ("玉兰家电", "repair", "冰箱、洗衣机、空调", "玉兰路12号", "每天 8:00-18:00", true),
    ("小河修理铺", "repair", "电饭煲、电风扇", "北庄河沿8号", "周一至周六 9:00-17:00", false),
    ("安心水电", "plumbing", "水管、龙头、线路", "南塘弄3号", "随叫随到", true),
    ("通渠师傅", "plumbing", "疏通下水道", "桂香弄5号", "随叫随到", true),
    ("老街锁匠", "locks", "开锁、换锁芯、配钥匙", "学前弄17号", "每天 7:30-20:00", true),
    ("阿婆理发", "barber", "剪发、刮脸", "杏秀里6号", "每天 8:30-17:30", true),
    ("春风理发室", "barber", "剪发、染发", "玉兰路20号", "每天 9:00-20:00", false),
    ("针线阿姨", "tailor", "换拉链、改裤脚", "南塘弄9号", "周一至周五 9:00-16:00", false),
    ("洁净家政", "cleaning", "保洁、擦窗", "玉兰路16号", "每天 8:00-17:00", true),
    ("贴心家政", "cleaning", "钟点工、月嫂", "学前弄21号", "每天 8:00-18:00", true),
    ("敬老照料站", "care", "日间照料、助浴", "社区服务中心一楼", "周一至周五 8:00-16:30", true),
    ("夕阳红护理", "care", "陪护、陪诊", "桂香弄11号", "预约", true),
    ("社区食堂", "meals", "午餐、送餐", "社区服务中心一楼", "每天 10:30-12:30", true),
    ("老灶头面馆", "meals", "面、馄饨，老人九折", "玉兰路8号", "每天 6:00-13:00", false),
    ("社区卫生站", "clinic", "看病、配药、量血压", "杏秀里3号", "每天 8:00-17:00", true),
    ("同济医院门诊", "clinic", "专家门诊", "每月进社区一次", "见通知", false),
    ("法律义工", "legal", "咨询、写诉状", "社区调解室", "周三下午", false),
    ("公益律师", "legal", "法律援助", "社区调解室", "每月第一个周六", false),
    ("四点半课堂", "tutoring", "作业辅导", "市民学校教室", "周一至周五 16:30-18:00", false),
    ("大学生家教", "tutoring", "数学、英语", "学前弄19号", "周末", true),
    ("绿源回收", "recycling", "废纸、旧家电", "车棚旁", "每天 7:00-17:00", true),
    ("旧衣回收箱", "recycling", "旧衣物", "东门", "全天", false),
    ("磨剪刀", "other", "磨刀、磨剪刀", "西门", "每月5日、20日", false),
    ("修鞋摊", "other", "修鞋、修伞", "东门", "每天 8:00-17:00", false),
];

fn directory(town: &Town<'_>) -> Vec<Act> {
    let mut dice = town.dice.of("directory");
    let day = jiff::civil::date(2009, 1, 6);
    let entries = DIRECTORY.iter().enumerate();
    entries
        .map(|(order, (name, sort, offers, address, hours, at_home))| {
            let at = crate::demo::calendar::millis(day, 840 + order as i64 * 4, dice.between(0..=59_999));
            act::record(&mut dice, at, COMMITTEE[1], "provider")
                .with("name", *name)
                .with("sort", *sort)
                .with("offers", *offers)
                .with("address", *address)
                .with("hours", *hours)
                .with("phone", format!("0512-5550{:03}", 100 + order * 7))
                .with("at_home", *at_home)
                .with("checked_on", day.to_string())
        })
        .collect()
}
