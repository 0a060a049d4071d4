//! Figures come out of records, to the unit and the fen.

use std::collections::BTreeMap;

use jiff::civil::date;
use records::{
    Fields, Pack, Value,
    figures::{Figure, Period, figures},
};
use serde_json::json;

const YEAR: Period = Period { from: date(2009, 1, 1), to: date(2009, 12, 31) };

fn record(value: Value) -> Fields {
    serde_json::from_value(value).unwrap()
}

fn service(post: &str, channel: &str, day: &str) -> (&'static str, Fields) {
    ("service", record(json!({"post": post, "channel": channel, "date": day})))
}

fn over(period: Period, records: &[(&str, Fields)]) -> BTreeMap<String, Figure> {
    figures(&Pack::community(), period, records.iter().map(|(kind, fields)| (*kind, fields)))
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
    let counted = over(YEAR, &records);
    for (name, figure) in expected {
        assert_eq!(counted[name], Figure::Number(figure), "{name}");
    }
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
    assert_eq!(over(YEAR, &records)["aid.total_fen"], Figure::Number(60_002));
}

#[test]
fn fen_are_added_exactly_where_a_float_would_not() {
    let aid = |fen: i64| ("aid", record(json!({"amount": fen, "date": "2009-06-01"})));
    let sum = |records: Vec<_>| over(YEAR, &records)["aid.total_fen"].number().unwrap();
    assert_eq!(sum(vec![aid(9_007_199_254_740_993), aid(1), aid(1)]), 9_007_199_254_740_995);
    assert_eq!(sum(vec![aid(i64::MAX), aid(1)]), i64::MAX);
}
