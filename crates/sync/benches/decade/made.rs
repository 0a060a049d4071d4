//! Ten years of a residents' community, made up: buildings, households, people, and what was done for them, in the shapes of
//! the community's pack. Whole numbers and one seed, so every run has the same records. All names are generated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sync::{Change, Clock, DeviceId, Record, RecordId};

/// 2016-01-01T00:00:00Z in milliseconds.
const START: u64 = 1_451_606_400_000;
const DAY: u64 = 86_400_000;
/// The years are 2016 to 2025.
pub const YEARS: u64 = 10;

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红娥玲芬燕彩春菊凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉";
const FOUND: [&str; 12] = [
    "身体尚可，血压偏高，按时服药",
    "独自在家，精神不错，刚从菜场回来",
    "腰腿不便，上下楼要人扶",
    "反映楼道灯不亮，晚上不敢出门",
    "住院刚回来，还要复查",
    "女儿在外地，每星期打电话",
    "水管渗水，楼下有意见",
    "家里收拾得干净，冰箱里有菜",
    "想办老年卡，缺照片",
    "邻居代为开门，本人在午睡",
    "孙子今年升学，手头紧",
    "说起以前厂里的事，讲了很久",
];
const DONE: [&str; 10] = [
    "已联系物业，答应三天内来修",
    "送上米和油，当面签收",
    "帮着量了血压，记在本子上",
    "材料收齐，下周一送街道",
    "嘱穿暖，少出门",
    "留了电话，有事就打",
    "已转民政，等回复",
    "约好下个月再来",
    "代配了药，送到床边",
    "同楼组长说好，多照看",
];

/// A small generator of numbers (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.roll() % n.max(1) as u64) as usize
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// The community and the pen its records are written with.
pub struct Town {
    dice: Dice,
    number: u64,
    pub changes: Vec<Change>,
    pub buildings: Vec<RecordId>,
    pub households: Vec<RecordId>,
    /// People with their households.
    pub people: Vec<(RecordId, RecordId)>,
}

/// So many records, a hundredth of them buildings and households, a twentieth people; the facts are spread over ten years.
pub fn records(count: usize) -> Vec<Record> {
    changes(count).iter().map(Record::from).collect()
}

/// The changes those are the merge of, oldest first.
pub fn changes(count: usize) -> Vec<Change> {
    let mut town = Town::of(count);
    let facts = count - town.changes.len();
    (0..facts).for_each(|n| town.happens(n, facts));
    town.changes
}

fn date(millis: u64) -> String {
    // Howard Hinnant's civil_from_days.
    let z = (millis / DAY) as i64 + 719_468;
    let (era, of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * m + 2) / 5 + 1, if m < 10 { m + 3 } else { m - 9 });
    format!("{:04}-{month:02}-{day:02}", year_of_era + era * 400 + i64::from(month <= 2))
}

impl Town {
    /// The register of a community that will have so many records.
    pub fn of(count: usize) -> Self {
        let mut town = Self {
            dice: Dice::new(2026),
            number: 0,
            changes: Vec::with_capacity(count),
            buildings: Vec::new(),
            households: Vec::new(),
            people: Vec::new(),
        };
        town.register(count * 3 / 200, count / 20);
        town
    }

    /// The `n`th of so many facts.
    pub fn happens(&mut self, n: usize, facts: usize) {
        self.fact(START + n as u64 * YEARS * 365 * DAY / facts as u64);
    }

    fn id(&mut self, millis: u64) -> RecordId {
        let (a, b) = (self.dice.roll(), self.dice.roll());
        let bits = (u128::from(millis) << 80) | (u128::from(a & 0xffff) << 64) | u128::from(b);
        RecordId::from_u128(bits & !(0xf << 76) & !(0x3 << 62) | (0x7 << 76) | (0x2 << 62))
    }

    fn write(&mut self, millis: u64, kind: &str, author: &str, set: Value, add: &[(&str, &[&str])]) -> RecordId {
        let id = self.id(millis);
        self.number += 1;
        let device = DeviceId(1 + self.dice.below(12) as u64 * 0x1234_5678_9abc);
        let set = set.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        let members = |list: &&[&str]| list.iter().map(|m| (*m).to_owned()).collect::<BTreeSet<String>>();
        self.changes.push(Change {
            device,
            number: self.number,
            clock: Clock::new(millis, 0, device),
            author: author.into(),
            record: id,
            kind: kind.into(),
            set: set.map(|(name, value)| (name.clone(), value.clone())).collect(),
            add: add.iter().filter(|(_, m)| !m.is_empty()).map(|(name, m)| ((*name).to_owned(), members(m))).collect(),
            remove: BTreeMap::new(),
            seen: BTreeMap::new(),
            why: None,
            mends: None,
            schema: sync::wire::SCHEMA,
            more: BTreeMap::new(),
        });
        id
    }

    fn name(&mut self) -> String {
        let (first, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
        let mut name = self.dice.one(&first).to_string();
        for _ in 0..=usize::from(self.dice.chance(70)) {
            name.push(*self.dice.one(&given));
        }
        name
    }

    fn note(&mut self) -> Value {
        let mut note = format!("{}，{}", self.dice.one(&FOUND), self.dice.one(&DONE));
        if self.dice.chance(40) {
            note.push_str(&format!("；{}元，{}点", 10 * self.dice.below(200), 8 + self.dice.below(10)));
        }
        note.into()
    }

    fn register(&mut self, households: usize, people: usize) {
        let grids: Vec<RecordId> = (1..=6)
            .map(|n| self.write(START, "grid", "zhu", json!({"name": format!("第{n}网格"), "officer": "jiao"}), &[]))
            .collect();
        for n in 1..=households.div_ceil(41) {
            let grid = self.dice.one(&grids).to_string();
            let fields = json!({"name": format!("{n}幢"), "address": format!("杨枝塘路{}号", n * 2), "grid": grid,
                "stairwells": 4, "floors": 6, "flats": 2});
            let id = self.write(START, "building", "zhu", fields, &[]);
            self.buildings.push(id);
        }
        for n in 0..households {
            let building = self.buildings[n / 41].to_string();
            let (stairwell, floor) = (1 + n % 41 / 12, 1 + n % 12 / 2);
            let flat = format!("{floor}0{}", 1 + n % 2);
            let fields = json!({"building": building, "stairwell": stairwell, "floor": floor, "flat": flat,
                "tenure": *self.dice.one(&["own", "own", "own", "rent", "public"]),
                "note": self.dice.chance(8).then_some("门铃坏了，敲门要响")});
            let id = self.write(START + n as u64, "household", "zhu", fields, &[]);
            self.households.push(id);
        }
        const LABELS: [&[&str]; 8] = [
            &["retired"],
            &["retired", "elder", "elder_alone"],
            &["low_income", "hardship"],
            &["disabled"],
            &["jobless"],
            &["party_member", "retired"],
            &["childbearing"],
            &["young_child"],
        ];
        for n in 0..people {
            let household = self.households[n * households / people];
            let (year, month, day) = (1930 + self.dice.below(85), 1 + self.dice.below(12), 1 + self.dice.below(28));
            let labels: &[&str] = if self.dice.chance(45) { LABELS[self.dice.below(LABELS.len())] } else { &[] };
            let fields = json!({"name": self.name(), "household": household.to_string(),
                "relation": *self.dice.one(&["head", "spouse", "child", "parent", "lodger"]), "paper": "resident_id",
                "id_number": format!("990001{year}{month:02}{day:02}{:04}", self.dice.below(10_000)),
                "born": format!("{year}-{month:02}-{day:02}"), "sex": *self.dice.one(&["female", "male"]),
                "phone": self.dice.chance(80).then(|| format!("139{:08}", n * 7919 % 100_000_000)),
                "residence": *self.dice.one(&["here", "here", "here", "person_only", "register_only"]),
                "state": "living_here", "contact": (n % 9 == 0).then_some("女儿，在外地，电话另记")});
            let id = self.write(START + n as u64, "person", "zhu", fields, &[("labels", labels)]);
            self.people.push((id, household));
        }
    }

    fn fact(&mut self, millis: u64) {
        let (person, household) = *self.dice.one(&self.people);
        let (person, household) = (person.to_string(), household.to_string());
        let day = date(millis);
        let author = *self.dice.one(&["jiao", "tui", "bao", "ji", "zhi", "min"]);
        match self.dice.below(100) {
            0..62 => {
                let channel = *self.dice.one(&["visit", "visit", "window"]);
                let topic = *self.dice.one(&[
                    "routine",
                    "pension",
                    "hospital",
                    "jobless",
                    "low_income",
                    "elder_care",
                    "repair",
                ]);
                let follow_up = *self.dice.one(&["none", "none", "none", "week", "month"]);
                let later =
                    (follow_up != "none").then(|| date(millis + if follow_up == "week" { 7 } else { 30 } * DAY));
                let fields = json!({"channel": channel, "person": person, "household": household, "topic": topic,
                    "outcome": *self.dice.one(&["done", "done", "in_hand", "referred", "nobody_home"]),
                    "note": self.note(), "follow_up": follow_up, "follow_up_on": later, "date": day,
                    "post": *self.dice.one(&["retirees", "social_security", "civil_affairs", "family_planning"])});
                self.write(millis, "service", author, fields, &[]);
            }
            62..76 => {
                let cash = self.dice.chance(50);
                let mut stroke =
                    || -> Vec<[usize; 2]> { (0..6).map(|_| [self.dice.below(600), self.dice.below(240)]).collect() };
                let strokes: Vec<_> = (0..6).map(|_| stroke()).collect();
                let fields = json!({"person": person, "household": household,
                    "fund": *self.dice.one(&["minimum_living", "emergency", "sporadic", "neighbourly", "donations"]),
                    "amount": 1000 * (1 + self.dice.below(90)), "period": &day[..7],
                    "method": if cash { "cash" } else { "bank" },
                    "signature": cash.then(|| json!({"w": 600, "h": 240, "strokes": strokes})), "date": day});
                self.write(millis, "aid", author, fields, &[]);
            }
            76..88 => {
                let fields = json!({"route": *self.dice.one(&["east", "west", "river"]), "people": 2 + self.dice.below(4),
                    "minutes": 20 + self.dice.below(70), "called_out": self.dice.chance(60),
                    "start": format!("2{}:{:02}", self.dice.below(4), self.dice.below(60)), "date": day});
                self.write(
                    millis,
                    "patrol",
                    author,
                    fields,
                    &[("checkpoints", &["east_gate", "river_bridge", "behind_5"])],
                );
            }
            _ => {
                let fields =
                    json!({"person": person, "topic": "health", "place": "活动室", "note": self.note(), "date": day});
                self.write(millis, "talk", author, fields, &[]);
            }
        }
    }
}
