//! A year at the desk and at doors: each post's services and visits, the promises to come back and their keeping, some
//! records taken back, and a few of the years before and after.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::{Date, date};
use records::RecordId;

use super::{
    act::{self, Act},
    calendar::{age, days_between, moved, office_hour, visiting_hour, working_days},
    dice::Dice,
    labels, names,
    notes::{self, About},
    people::{Household, Person, YEAR_END},
    posts::{DUTIES, Duty, Who},
    register::Register,
    scale::Scale,
};

/// Services of the last weeks of 2008, a post and channel.
const BEFORE: usize = 9;
/// Services of the first weeks of 2010, a post and channel.
const AFTER: usize = 8;
/// Services written down twice and taken back, a post and channel.
const VOIDED: usize = 5;
/// A promise is kept after so many days.
const RETURN: std::ops::RangeInclusive<i64> = 3..=45;

/// Everyone a topic may concern, by place in the list of people.
struct Pools<'a> {
    people: &'a [Person],
    pools: HashMap<Who, Vec<usize>>,
}

impl<'a> Pools<'a> {
    fn new(people: &'a [Person]) -> Self {
        let labelled: Vec<(usize, &Person, BTreeSet<&str>)> = people
            .iter()
            .enumerate()
            .filter(|(_, p)| p.left.is_none() && p.residence != "register_only")
            .map(|(place, p)| (place, p, labels::on(p, YEAR_END)))
            .collect();
        let whos = DUTIES.iter().flat_map(|d| d.topics).map(|(_, _, who)| *who).chain([Who::Adult]);
        let pool = |who: Who| labelled.iter().filter(|(_, p, l)| who.is(p, l)).map(|(place, ..)| *place).collect();
        Self { people, pools: whos.map(|who| (who, pool(who))).collect() }
    }

    /// Someone who is meant and was here on the day; an adult when the community has nobody such.
    fn someone(&self, dice: &mut Dice, who: Who, day: Date) -> usize {
        for who in [who, Who::Adult] {
            let pool = &self.pools[&who];
            for _ in 0..if pool.is_empty() { 0 } else { 64 } {
                let place = dice.pick(pool);
                if self.people[place].is_here(day) {
                    return place;
                }
            }
        }
        // Only the smallest communities come here: whoever was first written down.
        (0..self.people.len()).min_by_key(|p| (self.people[*p].left.is_some(), self.people[*p].entered)).unwrap_or(0)
    }
}

/// A service before it is an act.
struct Service {
    duty: &'static Duty,
    act: Act,
    day: Date,
    person: usize,
}

/// All services.
pub fn year(dice: &Dice, scale: Scale, households: &[Household], people: &[Person], register: &Register) -> Vec<Act> {
    if people.is_empty() {
        return Vec::new();
    }
    let pools = Pools::new(people);
    let mut services = Vec::new();
    for duty in DUTIES {
        let mut dice = dice.of(&format!("{} {}", duty.post, duty.channel));
        let periods = [
            (date(2008, 12, 12), date(2008, 12, 31), scale.some(BEFORE)),
            (date(2009, 1, 1), YEAR_END, scale.exact(duty.count)),
            (date(2010, 1, 4), date(2010, 1, 22), scale.some(AFTER)),
        ];
        for (from, to, count) in periods {
            let days = spread(&mut dice, &duty.months, from, to, count);
            period(&mut dice, duty, &days, &pools, register, &mut services);
        }
    }
    promise(&mut dice.of("promises"), &mut services);
    let mut acts: Vec<Act> = taken_back(&mut dice.of("voids"), scale, &services);
    acts.extend(services.into_iter().map(|s| s.act));
    debug_assert!(households.len() == register.households.len());
    acts
}

/// So many working days of a period, in order, more of them in busy months.
fn spread(dice: &mut Dice, months: &[u32; 12], from: Date, to: Date, count: usize) -> Vec<Date> {
    let mut by_month: BTreeMap<(i16, i8), Vec<Date>> = BTreeMap::new();
    for day in working_days(from, to) {
        by_month.entry((day.year(), day.month())).or_default().push(day);
    }
    let weights: Vec<((i16, i8), u32)> =
        by_month.keys().map(|month| (*month, months[usize::from(month.1.unsigned_abs()) - 1])).collect();
    let mut day = || {
        let month = dice.weighted(&weights);
        dice.pick(&by_month[&month])
    };
    let mut days: Vec<Date> = (0..count).map(|_| day()).collect();
    days.sort_unstable();
    days
}

fn period(
    dice: &mut Dice,
    duty: &'static Duty,
    days: &[Date],
    pools: &Pools<'_>,
    register: &Register,
    services: &mut Vec<Service>,
) {
    let first = services.len();
    let topics: Vec<(usize, u32)> = duty.topics.iter().enumerate().map(|(place, topic)| (place, topic.1)).collect();
    for day in days {
        let before = &services[first.max(services.len().saturating_sub(150))..];
        let again = if before.is_empty() || !dice.chance(170) { None } else { Some(dice.below(before.len())) };
        let again = again.map(|at| &before[at]).filter(|s| RETURN.contains(&days_between(s.day, *day)));
        let (topic, person) = match again {
            Some(earlier) => (earlier.act.answers["topic"].as_str().unwrap_or("routine").to_owned(), earlier.person),
            None => {
                let (topic, _, who) = duty.topics[dice.weighted(&topics)];
                (topic.to_owned(), pools.someone(dice, who, *day))
            }
        };
        let act = service(dice, duty, *day, &topic, &pools.people[person], register.people[person], register);
        services.push(Service { duty, act, day: *day, person });
    }
}

fn service(
    dice: &mut Dice,
    duty: &'static Duty,
    day: Date,
    topic: &str,
    person: &Person,
    id: RecordId,
    register: &Register,
) -> Act {
    let is_visit = duty.channel == "visit";
    let outcome = match dice.below(1000) {
        0..55 if is_visit => "nobody_home",
        55..150 => "in_hand",
        150..195 => "referred",
        _ => "done",
    };
    let at = if is_visit { visiting_hour(dice, day) } else { office_hour(dice, day) };
    let years = age(person.born, day);
    let called = names::address(&person.name, person.sex, years);
    let about = About { called: &called, age: years, month: day.month() };
    let about_home = is_visit && matches!(topic, "routine" | "repair" | "neighbours") && dice.chance(110);
    let note = dice.chance(if is_visit { 960 } else { 860 });
    let note = note.then(|| notes::compose(dice, topic, duty.channel, outcome, about));
    let household = register.households[person.household].to_string();
    let act = act::record(dice, at, duty.account, "service").with("channel", duty.channel);
    // A visit to the household as a whole names nobody.
    let act = if about_home { act.with("household", household) } else { act.with("person", id.to_string()) };
    act.with("topic", topic)
        .with("outcome", outcome)
        .maybe("note", note)
        .with("follow_up", "none")
        .with("date", day.to_string())
        .with("post", duty.post)
}

/// Some services end with a promise to come back: mostly one that was kept, by whoever served the same person next; at
/// the end of the year some are open.
fn promise(dice: &mut Dice, services: &mut [Service]) {
    let mut order: Vec<usize> = (0..services.len()).collect();
    order.sort_by_key(|place| (services[*place].person, services[*place].act.at));
    for (at, place) in order.iter().enumerate() {
        let (day, person, next) = (services[*place].day, services[*place].person, order.get(at + 1));
        if !services[*place].act.answers.contains_key("person") || day.year() != 2009 {
            continue;
        }
        // The visit that keeps the promise is about the same person by name.
        let kept = next.map(|n| &services[*n]).filter(|s| {
            s.person == person
                && s.act.answers.contains_key("person")
                && s.duty.account == services[*place].duty.account
        });
        let promised = match kept.map(|s| days_between(day, s.day)) {
            Some(gap) if RETURN.contains(&gap) && dice.chance(620) => match gap {
                7..=9 => Some(("week", None)),
                30..=33 => Some(("month", None)),
                _ => Some(("day", Some(moved(day, gap - dice.between(0..=1))))),
            },
            None if day >= date(2009, 12, 21) && dice.chance(70) => {
                Some(if dice.chance(500) { ("week", None) } else { ("month", None) })
            }
            _ => None,
        };
        let Some((follow_up, on)) = promised else { continue };
        let act = services[*place].act.clone().with("follow_up", follow_up);
        services[*place].act = act.maybe("follow_up_on", on.map(|day| day.to_string()));
    }
}

/// Services written down twice: the second is taken back with the reason, and counts nowhere.
fn taken_back(dice: &mut Dice, scale: Scale, services: &[Service]) -> Vec<Act> {
    let mut acts = Vec::new();
    for duty in DUTIES {
        let own: Vec<&Service> =
            services.iter().filter(|s| std::ptr::eq(s.duty, duty) && s.day.year() == 2009).collect();
        for _ in 0..if own.is_empty() { 0 } else { scale.some(VOIDED) } {
            let twin = dice.pick(&own);
            let at = twin.act.at + dice.between(40_000..=900_000).cast_unsigned();
            let second = Act { answers: twin.act.answers.clone(), ..act::record(dice, at, duty.account, "service") };
            let after = dice.between(60_000..=5_400_000).cast_unsigned();
            let void = second
                .void(at + after, dice.pick(&["重复登记", "同一件事登了两次", "点了两次保存", "登错了人，已另外登记"]));
            acts.extend([second, void]);
        }
    }
    acts
}
