//! Money paid out in 2009 over the eight funds: 471,906 yuan, to the fen (FIGURES, row 4). Monthly allowances go to bank
//! cards; the rest is handed over and signed for.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::{
    accounts::CIVIL_AFFAIRS,
    act::{self, Act},
    calendar::{moved, office_hour, working_day_from},
    dice::Dice,
    labels,
    people::{Household, Person, YEAR_END},
    register::Register,
    scale::Scale,
    signature::sign,
};

/// Paid out in a community of 3,000 households.
pub const TOTAL_FEN: i64 = 47_190_600;

/// A fund that pays single sums.
struct Fund {
    name: &'static str,
    /// Thousandths of the year's total it may use up.
    share: i64,
    /// What one payment is, in yuan.
    amounts: &'static [i64],
    /// Months in which it pays.
    months: &'static [i8],
    /// Labels of those it is for, the first that anyone has.
    labels: &'static [&'static str],
    notes: &'static [&'static str],
}

const ALL_YEAR: &[i8] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const FUNDS: &[Fund] = &[
    Fund {
        name: "emergency",
        share: 76,
        amounts: &[500, 800, 1000, 1000, 1200, 1500, 2000, 3000],
        months: ALL_YEAR,
        labels: &["hardship", "low_income"],
        notes: &[
            "重病住院，临时救助",
            "家中失火",
            "突发脑梗，押金不够",
            "车祸，对方逃逸",
            "孩子高烧住院",
            "失业又生病",
        ],
    },
    Fund {
        name: "sporadic",
        share: 66,
        amounts: &[100, 150, 200, 200, 260, 300, 400, 500],
        months: ALL_YEAR,
        labels: &["low_income", "hardship", "severely_disabled"],
        notes: &["门诊药费补助", "水电费补助", "取暖补助", "换煤气灶", "物价补贴", "临时生活补助"],
    },
    Fund {
        name: "hanshan_temple",
        share: 74,
        amounts: &[300, 300, 500, 500, 600, 800, 1000],
        months: &[1, 1, 5, 9, 12],
        labels: &["hardship", "low_income", "elder_alone"],
        notes: &["寒山寺慈善中心，春节慰问", "寒山寺慈善超市卡", "寒山寺腊八帮困", "寒山寺助医"],
    },
    Fund {
        name: "neighbourly",
        share: 68,
        amounts: &[200, 200, 300, 300, 400, 500],
        months: &[1, 1, 4, 7, 9, 10, 12],
        labels: &["elder_alone", "hardship", "low_income"],
        notes: &["邻里情基金，过年慰问", "邻里情，重阳慰问", "邻里情，夏令送清凉", "楼里邻居凑的，由社区转交"],
    },
    Fund {
        name: "school_aid",
        share: 62,
        amounts: &[500, 800, 1000, 1000, 1500, 2000],
        months: &[2, 8, 8, 9],
        labels: &["pupil"],
        notes: &["爱心助学，高中", "爱心助学，考上大学", "爱心助学，初中", "爱心企业结对助学", "课本和校服"],
    },
];

const DONORS: &[&str] = &[
    "热心企业赞助",
    "业主委员会赞助",
    "退休老教师捐助",
    "饭店老板赞助，点名给独居老人",
    "不留名的居民捐助",
    "商会帮困",
    "药店赞助药费",
    "汽车行赞助",
];

struct Payer<'a> {
    dice: Dice,
    people: &'a [Person],
    register: &'a Register,
    acts: Vec<Act>,
    /// Fen paid in 2009.
    paid: i64,
}

/// All payments.
pub fn year(dice: &Dice, scale: Scale, households: &[Household], people: &[Person], register: &Register) -> Vec<Act> {
    let total = scale.fen(TOTAL_FEN);
    if people.is_empty() || total == 0 {
        return Vec::new();
    }
    let labels: Vec<BTreeSet<&str>> = people.iter().map(|p| labels::on(p, YEAR_END)).collect();
    let any = |wanted: &[&str]| -> Vec<usize> {
        let with = |label: &str| -> Vec<usize> {
            (0..people.len()).filter(|p| has(&people[*p], &labels[*p], label)).collect()
        };
        wanted
            .iter()
            .map(|label| with(label))
            .chain([with("adult")])
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    };
    let mut payer = Payer { dice: dice.of("aid"), people, register, acts: Vec::new(), paid: 0 };
    let heads =
        households.iter().filter_map(|h| h.people.clone().find(|p| has(&people[*p], &labels[*p], "low_income")));
    payer.monthly("minimum_living", heads.collect(), total * 405 / 1000, 120..=780, 9);
    payer.monthly("severe_disability", any(&["severely_disabled"]), total * 205 / 1000, 150..=260, 15);
    for fund in FUNDS {
        payer.fund(fund, &any(fund.labels), total * fund.share / 1000);
    }
    payer.donations(&any(&["elder_alone", "hardship", "low_income"]), total);
    payer.beside(&any(&["low_income", "hardship"]), scale);
    payer.acts
}

fn has(person: &Person, labels: &BTreeSet<&str>, label: &str) -> bool {
    let entered_early = person.entered < date(2008, 12, 1);
    let here = person.left.is_none() && person.residence != "register_only" && entered_early;
    here && match label {
        "adult" => person.age() >= 18,
        "pupil" => (12..=20).contains(&person.age()) && (labels.contains("low_income") || labels.contains("hardship")),
        label => labels.contains(label),
    }
}

impl Payer<'_> {
    /// One payment of so many fen.
    fn pay(&mut self, fund: &str, person: usize, fen: i64, day: Date, period: Option<String>, note: Option<&str>) {
        let at = office_hour(&mut self.dice, day);
        // Some, the same ones every month, have no card.
        let by_bank = period.is_some() && !self.people[person].number.as_ref().is_none_or(|n| n.ends_with('7'));
        let signature = (!by_bank).then(|| sign(&mut self.dice, self.people[person].name.chars().count()));
        let act = act::record(&mut self.dice, at, CIVIL_AFFAIRS, "aid")
            .with("person", self.register.people[person].to_string())
            .with("fund", fund)
            .with("amount", fen)
            .maybe("period", period)
            .with("method", if by_bank { "bank" } else { "cash" })
            .maybe("signature", signature)
            .maybe("note", note)
            .with("date", day.to_string());
        self.acts.push(act);
        self.paid += if day.year() == YEAR_END.year() { fen } else { 0 };
    }

    /// An allowance paid every month, the same until the standard rises in July; as many people as the budget allows, the
    /// last of them from some month of the year on.
    fn monthly(
        &mut self,
        fund: &str,
        mut people: Vec<usize>,
        budget: i64,
        yuan: std::ops::RangeInclusive<i64>,
        day: i8,
    ) {
        self.dice.shuffle(&mut people);
        let mut left = budget;
        for person in people {
            let first = self.dice.between(yuan.clone()) / 5 * 500;
            let then = first + self.dice.between(2..=6) * 500;
            let amount = |month: i8| if month < 7 { first } else { then };
            // From the latest months backwards: someone whom the budget carries for half a year came in summer.
            let since = (1..=12).find(|since| (*since..=12).map(amount).sum::<i64>() <= left);
            let Some(since) = since else { break };
            for month in since..=12 {
                let on = working_day_from(date(2009, month, day));
                let note = (month == 7).then_some("标准提高，本月起增发");
                self.pay(fund, person, amount(month), on, Some(format!("2009-{month:02}")), note);
                left -= amount(month);
            }
        }
    }

    /// Single payments until the budget is used up.
    fn fund(&mut self, fund: &Fund, people: &[usize], budget: i64) {
        let mut left = budget;
        while left >= fund.amounts[0] * 100 && !people.is_empty() {
            let fen = (self.dice.pick(fund.amounts) * 100).min(left / 10_000 * 10_000);
            if fen == 0 {
                break;
            }
            let day = self.day_in(fund.months);
            let (person, note) = (self.dice.pick(people), self.dice.pick(fund.notes));
            self.pay(fund.name, person, fen, day, None, Some(note));
            left -= fen;
        }
    }

    /// Donations are what remains of the total: some large, the last one uneven, as people give what they have.
    fn donations(&mut self, people: &[usize], total: i64) {
        while self.paid < total && !people.is_empty() {
            let left = total - self.paid;
            let fen = self.dice.pick(&[300, 500, 500, 600, 800, 1000, 1200, 2000]) * 100;
            // Nothing silly at the end: what is less than a payment goes with the last.
            let fen = if left - fen < 20_000 { left } else { fen };
            let day = self.day_in(&[1, 1, 2, 5, 6, 9, 10, 10, 12]);
            let (person, note) = (self.dice.pick(people), self.dice.pick(DONORS));
            self.pay("donations", person, fen, day, None, Some(note));
        }
    }

    /// Payments that must not be counted: of the years before and after, and one written down twice and taken back.
    fn beside(&mut self, people: &[usize], scale: Scale) {
        if people.is_empty() {
            return;
        }
        for day in [date(2008, 12, 30), date(2010, 1, 8)] {
            for _ in 0..scale.some(6) {
                let (person, fen) = (self.dice.pick(people), self.dice.pick(&[20_000, 30_000, 50_000]));
                self.pay("sporadic", person, fen, day, None, Some("元旦慰问"));
            }
        }
        let paid: Vec<Act> = self.acts.iter().filter(|a| a.answers["method"] == "cash").cloned().collect();
        for _ in 0..scale.some(3).min(paid.len()) {
            let twin = &paid[self.dice.below(paid.len())];
            let at = twin.at + self.dice.between(60_000..=600_000).cast_unsigned();
            let second = Act { answers: twin.answers.clone(), ..act::record(&mut self.dice, at, twin.account, "aid") };
            let void = second.void(at + 420_000, "重复登记，只发了一笔");
            self.acts.extend([second, void]);
        }
    }

    fn day_in(&mut self, months: &[i8]) -> Date {
        let first = date(2009, self.dice.pick(months), 1);
        working_day_from(moved(first, self.dice.between(0..=24)))
    }
}
