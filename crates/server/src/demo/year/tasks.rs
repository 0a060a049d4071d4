//! Tasks the director handed out, most of them closed, each with its times.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::demo::{
    accounts::{CIVIL_AFFAIRS, COMMITTEE, DIRECTOR, POLICE, RETIREES, SOCIAL_SECURITY},
    act::{self, Act},
    calendar::{moved, office_hour, working_day_from},
    dice::Dice,
    people::YEAR_END,
    tablet::day_of,
    town::{Town, working},
};

const TASKS: usize = 42;

const WORDS: &[(&str, &str, &str, &str)] = &[
    ("核对高龄老人名单", "retirees", RETIREES, "已逐户核对，改了三处"),
    ("通知失业人员培训报名", "social_security", SOCIAL_SECURITY, "电话通知完毕，报名十二人"),
    ("看望住院的困难户", "civil_affairs", CIVIL_AFFAIRS, "已看望，带去慰问品"),
    ("楼道堆物清理", "committee", COMMITTEE[0], "和物业一起清完了"),
    ("修路灯的事催一催", "committee", COMMITTEE[1], "已修好"),
    ("流动摊点劝离", "police", POLICE, "已劝离，连看三天"),
    ("国庆值班表排好", "committee", COMMITTEE[0], "已排好贴出"),
    ("独居老人上门量血压", "retirees", RETIREES, "走了九户，一户送医"),
];

/// All tasks; some come from incidents, works and patrols among `acts`.
pub fn year<'a>(town: &Town<'_>, acts: impl Iterator<Item = &'a Act>) -> Vec<Act> {
    let mut dice = town.dice.of("tasks");
    let mut origins: BTreeMap<Date, &Act> = BTreeMap::new();
    for act in acts.filter(|act| act.why.is_none() && act.answers.contains_key("date")) {
        let is_origin = match act.kind {
            "incident" | "works" => true,
            "patrol" => act.answers.contains_key("findings"),
            _ => false,
        };
        if is_origin {
            origins.entry(day_of(act.at)).or_insert(act);
        }
    }
    let mut tasks = Vec::new();
    let mut days = working(&mut dice, town.scale.some(TASKS));
    // The last ones are still in hand when the year ends.
    for (late, day) in days.iter_mut().rev().take(town.scale.exact(6)).enumerate() {
        *day = moved(YEAR_END, -(late as i64) / 2);
    }
    days.sort_unstable();
    for day in days {
        let (what, post, officer, done) = dice.pick(WORDS);
        let due = moved(day, dice.between(3..=14));
        let at = office_hour(&mut dice, day);
        let task = act::record(&mut dice, at, DIRECTOR, "task")
            .with("what", what)
            .with("to_post", post)
            .with("due_on", due.to_string());
        let from = origins.range(moved(day, -6)..day).next_back().filter(|_| post == "committee").map(|(_, act)| *act);
        let building = from.and_then(|act| act.answers.get("building").cloned());
        let task = task.maybe("origin", from.map(|act| act.record.to_string())).maybe("building", building);
        tasks.extend(steps(&mut dice, &task, day, officer, done));
        tasks.push(task);
    }
    tasks
}

/// Taken, done, checked: as far as the year goes.
fn steps(dice: &mut Dice, task: &Act, day: Date, officer: &'static str, done: &str) -> Vec<Act> {
    let mut steps = Vec::new();
    let (mut last, mut at) = (day, task.at);
    let mut next = |dice: &mut Dice, account, days| {
        last = working_day_from(moved(last, days));
        at = office_hour(dice, last).max(at + 60_000);
        (last <= YEAR_END).then(|| (task.change(at, account), moment(at)))
    };
    let days = dice.between(0..=2);
    let Some((taken, when)) = next(dice, officer, days) else { return steps };
    steps.push(taken.with("state", "taken").with("taken_by", officer).with("taken_at", when));
    let days = dice.between(1..=9);
    let Some((step, when)) = next(dice, officer, days) else { return steps };
    steps.push(step.with("state", "done").with("done_note", done).with("done_at", when));
    if dice.chance(120) {
        let Some((back, when)) = next(dice, DIRECTOR, 1) else { return steps };
        let back = back.with("state", "sent_back").with("checked_by", DIRECTOR).with("checked_at", when);
        steps.push(back.with("check_note", "请补上没走到的两户"));
        let Some((step, when)) = next(dice, officer, 2) else { return steps };
        steps.push(step.with("state", "done").with("done_note", format!("{done}，两户已补")).with("done_at", when));
    }
    let days = dice.between(1..=4);
    let Some((closed, when)) = next(dice, DIRECTOR, days) else { return steps };
    steps.push(closed.with("state", "closed").with("checked_by", DIRECTOR).with("checked_at", when));
    steps
}

/// The moment as a tablet in China writes it.
fn moment(at: u64) -> String {
    let minutes = at / 60_000 + 8 * 60;
    format!("{}T{:02}:{:02}:{:02}+08:00", day_of(at), minutes / 60 % 24, minutes % 60, at / 1000 % 60)
}
