//! Figures come out of records, to the unit and the fen.

use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;
use records::{
    Fields, Pack, Value,
    figures::{Period, figures},
};
use serde_json::json;

const YEAR: Period = Period { from: date(2009, 1, 1), to: date(2009, 12, 31) };

fn record(value: Value) -> Fields {
    serde_json::from_value(value).unwrap()
}

fn service(post: &str, channel: &str, day: &str) -> (&'static str, Fields) {
    ("service", record(json!({"post": post, "channel": channel, "date": day})))
}

#[test]
fn services_count_by_post_and_channel_and_civil_affairs_in_both() {
    let records = [
        service("retirees", "window", "2009-01-01"),
        service("retirees", "visit", "2009-12-31"),
        service("social_security", "visit", "2009-06-01"),
        service("family_planning", "window", "2009-06-01"),
        service("civil_affairs", "window", "2009-06-01"),
        service("civil_affairs", "visit", "2009-06-01"),
        service("police", "visit", "2009-06-01"),
    ];
    let expected = [
        ("aid.total_fen", 0),
        ("service.civil_affairs", 2),
        ("visits.family_planning", 0),
        ("visits.retirees", 1),
        ("visits.social_security", 1),
        ("window.family_planning", 1),
        ("window.retirees", 1),
        ("window.social_security", 0),
    ];
    let counted = figures(&Pack::community(), YEAR, records);
    assert_eq!(counted, BTreeMap::from(expected.map(|(name, figure)| (name.to_owned(), figure))));
}

#[test]
fn both_ends_of_the_period_count_and_void_undated_and_other_kinds_do_not() {
    let aid = |day: Value, void: Value| ("aid", record(json!({"amount": 30_001, "date": day, "_void": void})));
    let records = [
        aid(json!("2009-01-01"), Value::Null),
        aid(json!("2009-12-31"), Value::Null),
        aid(json!("2008-12-31"), Value::Null),
        aid(json!("2010-01-01"), Value::Null),
        aid(json!("2009-06-01"), json!("paid twice")),
        aid(Value::Null, Value::Null),
        aid(json!("in June"), Value::Null),
        ("treasure", record(json!({"amount": 1, "date": "2009-06-01"}))),
    ];
    assert_eq!(figures(&Pack::community(), YEAR, records)["aid.total_fen"], 60_002);
}

#[test]
fn fen_are_added_exactly_where_a_float_would_not() {
    let aid = |fen: i64| ("aid", record(json!({"amount": fen, "date": "2009-06-01"})));
    let sum = |records: Vec<_>| figures(&Pack::community(), YEAR, records)["aid.total_fen"];
    assert_eq!(sum(vec![aid(9_007_199_254_740_993), aid(1), aid(1)]), 9_007_199_254_740_995);
    assert_eq!(sum(vec![aid(i64::MAX), aid(1)]), i64::MAX);
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(2009),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_months_of_a_year_add_up_to_the_year(days in prop::collection::vec((0i64..365, 1i64..1_000_000, 0usize..4), 0..60)) {
        let pack = Pack::community();
        let posts = ["retirees", "social_security", "family_planning", "civil_affairs"];
        let mut records = Vec::new();
        for (day, fen, post) in days {
            let day = YEAR.from.checked_add(jiff::Span::new().days(day)).unwrap().to_string();
            records.push(("aid", record(json!({"amount": fen, "date": day}))));
            records.push(service(posts[post], ["window", "visit"][(fen % 2) as usize], &day));
        }
        let over = |period| figures(&pack, period, records.iter().map(|(kind, fields)| (*kind, fields)));
        let mut sums = BTreeMap::<String, i64>::new();
        for month in 1..=12 {
            let from = date(2009, month, 1);
            for (name, figure) in over(Period { from, to: from.last_of_month() }) {
                *sums.entry(name).or_default() += figure;
            }
        }
        prop_assert_eq!(sums, over(YEAR));
    }
}
