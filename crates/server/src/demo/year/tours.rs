//! Tours: those the committee organised, and those residents made up by themselves and told of.

use jiff::civil::date;

use crate::demo::{
    accounts::COMMITTEE,
    act::{self, Act},
    calendar::{millis, moved, office_hour},
    town::{Town, spread},
};

/// Eight tours, 612 people in all (FIGURES, row 17).
const ORGANISED: [(&str, i64); 8] = [
    ("木渎古镇", 86),
    ("同里", 92),
    ("无锡鼋头渚", 64),
    ("周庄", 78),
    ("杭州西湖", 58),
    ("扬州瘦西湖", 84),
    ("南京中山陵", 90),
    ("乌镇", 60),
];

/// Residents' own tours, so many told of; one of thirty people went to Guilin.
const SPONTANEOUS: usize = 380;

const PLACES: &[&str] = &[
    "黄山",
    "北京",
    "上海世纪公园",
    "太湖西山",
    "千岛湖",
    "普陀山",
    "厦门",
    "张家界",
    "西安",
    "庐山",
    "绍兴",
    "宁波",
    "天目湖",
    "溧阳南山竹海",
    "横店",
    "雁荡山",
    "九寨沟",
    "海南",
    "青岛",
    "大连",
    "昆明",
    "丽江",
    "武夷山",
    "三清山",
    "镇江金山",
];

/// All tours.
pub fn year(town: &Town<'_>) -> Vec<Act> {
    let mut dice = town.dice.of("tours");
    let mut acts = Vec::new();
    let organised = town.scale.exact(ORGANISED.len());
    for ((place, heads), day) in ORGANISED.into_iter().zip(spread(&mut dice, ORGANISED.len())).take(organised) {
        let at = millis(day, 19 * 60 + dice.between(0..=80), dice.between(0..=59_999));
        let act = act::record(&mut dice, at, COMMITTEE[0], "activity").with("circle", "culture").with("sort", "tour");
        acts.push(
            act.with("organised", "organised")
                .with("title", format!("{place}一日游"))
                .with("place", place)
                .with("heads", heads)
                .with("date", day.to_string()),
        );
    }
    let count = town.scale.exact(SPONTANEOUS);
    for (order, day) in spread(&mut dice, count).into_iter().enumerate() {
        let guilin = order == count / 2;
        let place = if guilin { "桂林" } else { dice.pick(PLACES) };
        let heads = if guilin { 30 } else { dice.weighted(&[(2, 46), (3, 30), (4, 16), (5, 6), (8, 2)]) };
        // Told at the committee some days after they were back.
        let told = moved(day, dice.between(2..=12)).min(date(2009, 12, 31));
        let at = office_hour(&mut dice, told);
        let act = act::record(&mut dice, at, COMMITTEE[order % 2], "activity").with("circle", "self_rule");
        acts.push(
            act.with("sort", "tour")
                .with("organised", "spontaneous")
                .with("place", place)
                .with("heads", heads)
                .with("date", day.to_string()),
        );
    }
    acts
}
