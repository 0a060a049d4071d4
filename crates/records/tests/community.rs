//! The pack that comes with the program: it loads, and its forms do what the officers expect of them.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use records::{
    Context, Fields, Lang, Pack, RecordId, Right, User, Value, check,
    form::{Form, Question},
    identity,
    pack::{Class, Frame, Kind},
    words,
};
use serde_json::json;

const TODAY: Date = date(2009, 3, 2);
const BUILDING: &str = "01938c3e-0000-7000-8000-000000000001";
const HOUSEHOLD: &str = "01938c3e-0000-7000-8000-000000000002";
const PERSON: &str = "01938c3e-0000-7000-8000-000000000003";

/// 3幢 2单元 501, where 王某某 lives.
fn neighbours(id: RecordId) -> Option<(String, Fields)> {
    let (kind, fields) = match id.to_string().as_str() {
        BUILDING => ("building", json!({"name": "3幢", "floors": 6, "stairwells": 2})),
        HOUSEHOLD => ("household", json!({"building": BUILDING, "stairwell": 2, "floor": 5, "flat": "501"})),
        PERSON => ("person", json!({"name": "王某某", "household": HOUSEHOLD, "labels": ["elder_alone"]})),
        _ => return None,
    };
    Some((kind.into(), serde_json::from_value(fields).unwrap()))
}

fn context(post: &'static str) -> Context<'static> {
    Context { today: TODAY, user: User { name: "li", post }, lookup: &neighbours }
}

fn pack() -> Pack {
    Pack::community()
}

fn fields(value: Value) -> Fields {
    serde_json::from_value(value).unwrap()
}

/// Codes of what is wrong, with their fields.
fn wrong(kind: &str, value: Value) -> Vec<String> {
    let problems = check(&pack(), kind, &fields(value), &context("civil_affairs"));
    problems.into_iter().map(|p| format!("{} {}", p.field.unwrap_or_default(), p.code)).collect()
}

fn question<'q, 'p>(questions: &'q [Question<'p>], name: &str) -> &'q Question<'p> {
    questions.iter().find(|q| q.field.name == name).unwrap()
}

#[test]
fn the_embedded_pack_loads() {
    let pack = Pack::load(records::pack::COMMUNITY);
    assert!(pack.is_ok(), "{:#?}", pack.unwrap_err());
}

#[test]
fn the_pack_survives_its_way_to_the_tablet() {
    let json = serde_json::to_string(&pack()).unwrap();
    assert_eq!(serde_json::from_str::<Pack>(&json).unwrap(), pack());
}

#[test]
fn a_volunteer_receives_nothing_about_a_resident() {
    let pack = pack();
    let volunteer = pack.post("volunteer").unwrap();
    assert_eq!(volunteer.frame, Frame::Volunteer);
    let may_read = pack.kinds.values().filter(|kind| pack.allows("volunteer", &kind.name, Right::Read));
    let seen: BTreeSet<_> = may_read.map(|kind| (kind.name.as_str(), kind.class == Class::Open)).collect();
    assert_eq!(seen, BTreeSet::from([("building", true), ("patrol", true), ("provider", true)]));
    assert!(pack.allows("volunteer", "patrol", Right::Write) && !pack.allows("volunteer", "building", Right::Write));
    let restricted = |kind: &Kind| kind.class == Class::Restricted;
    assert!(pack.kinds.values().all(|kind| pack.allows("director", &kind.name, Right::Write) != restricted(kind)));
    assert!(!pack.allows("nobody", "patrol", Right::Read) && !pack.allows("director", "nothing", Right::Read));
}

#[test]
fn a_visit_begins_with_what_is_known_and_needs_two_taps() {
    let (pack, context) = (pack(), context("civil_affairs"));
    let mut form = Form::new(&pack, "service", fields(json!({"person": PERSON})), true, &context);
    assert_eq!(form.fields()["date"], "2009-03-02");
    assert_eq!(form.fields()["post"], "civil_affairs");
    assert_eq!(form.fields()["channel"], "visit");
    assert_eq!(form.fields()["household"], HOUSEHOLD, "the household follows from the person");
    assert_eq!(form.problems(&pack, &context), []);
    let questions = form.questions(&pack, &context);
    assert!(question(&questions, "household").read_only);
    assert!(question(&questions, "post").read_only);
    let topics: Vec<_> = question(&questions, "topic").choices.iter().map(|c| c.name.as_str()).collect();
    assert!(topics.contains(&"low_income") && !topics.contains(&"birth_permit"), "{topics:?}");

    form.set(&pack, "follow_up", json!("week"), &context);
    assert_eq!(form.fields()["follow_up_on"], "2009-03-09");
    form.set(&pack, "follow_up", json!("day"), &context);
    form.set(&pack, "follow_up_on", json!("2009-03-20"), &context);
    assert_eq!(form.fields()["follow_up_on"], "2009-03-20");
    assert!(!question(&form.questions(&pack, &context), "follow_up_on").read_only);
    form.set(&pack, "follow_up", json!("none"), &context);
    assert!(!form.fields().contains_key("follow_up_on"), "what is no longer asked is not saved");
    assert!(form.answers().contains_key("follow_up_on"), "but comes back when it is asked again");
}

#[test]
fn nobody_home_is_an_outcome_of_visits_only() {
    let visit = json!({"channel": "window", "person": PERSON, "topic": "other", "post": "retirees", "date": "2009-03-02", "outcome": "nobody_home"});
    assert_eq!(wrong("service", visit.clone()), ["outcome choice"]);
    let mut visit = visit;
    visit["channel"] = json!("visit");
    assert_eq!(wrong("service", visit), [""; 0]);
}

#[test]
fn a_visit_is_about_a_person_or_a_household() {
    let visit = |about: &str, id: &str| json!({"channel": "visit", about: id, "topic": "other", "post": "retirees", "date": "2009-03-02"});
    assert_eq!(wrong("service", visit("household", HOUSEHOLD)), [""; 0]);
    assert_eq!(wrong("service", visit("note", "")), ["person required"]);
    assert_eq!(wrong("service", visit("person", HOUSEHOLD)), ["person record"], "a household is not a person");
    assert_eq!(wrong("service", visit("person", "王某某")), ["person type"]);
}

#[test]
fn photos_and_papers_are_mentions_and_photos_are_pictures() {
    let file = |n: usize, name: &str| format!("{}/{name}", format!("{n:x}").repeat(64));
    let visit = |photos: Value| {
        let visit = json!({"channel": "visit", "household": HOUSEHOLD, "topic": "other", "post": "retirees", "date": "2009-03-02"});
        let mut visit = visit;
        visit["photos"] = photos;
        wrong("service", visit)
    };
    assert_eq!(visit(json!([file(1, "a.jpg"), file(2, "a.jpg")])), [""; 0]);
    assert_eq!(visit(json!([file(1, "a.pdf")])), ["photos type"], "a paper is no photo");
    assert_eq!(visit(json!([file(1, "a.jpg"), file(1, "a.jpg")])), ["photos type"], "each once");
    assert_eq!(visit(json!(["a.jpg"])), ["photos type"]);
    assert_eq!(visit(json!("a.jpg")), ["photos type"]);
    let many: Vec<String> = (1..=13).map(|n| file(n % 16, &format!("{n}.jpg"))).collect();
    assert_eq!(visit(json!(many)), ["photos too_many"]);
}

#[test]
fn a_trace_is_steps_with_their_times() {
    let patrol = |trace: Value| {
        let patrol = json!({"route": "east", "people": 2, "minutes": 40, "date": "2009-03-02", "trace": trace});
        wrong("patrol", patrol)
    };
    let at = "2009-03-02T22:31:00+08:00";
    assert_eq!(patrol(json!([{"at": at}, {"at": at, "point": "east_gate", "lat": 31.2, "lon": 121.4}])), [""; 0]);
    assert_eq!(patrol(json!([{"point": "east_gate"}])), ["trace type"], "when?");
    assert_eq!(patrol(json!([{"at": at, "lat": 131.2, "lon": 121.4}])), ["trace type"], "where?");
    assert_eq!(patrol(json!([{"at": at, "lat": 31.2}])), ["trace type"]);
    assert_eq!(patrol(json!(vec![json!({"at": at}); 501])), ["trace type"]);
}

#[test]
fn a_payment_is_whole_fen_to_someone_and_cash_is_signed_for() {
    let signature = json!({"w": 400, "h": 200, "strokes": [[[1, 2], [30, 40]]]});
    let aid = json!({"person": PERSON, "fund": "minimum_living", "amount": 30000, "method": "cash", "date": "2009-03-02", "signature": signature});
    let with = |name: &str, value: Value| {
        let mut aid = aid.clone();
        aid[name] = value;
        wrong("aid", aid)
    };
    assert_eq!(wrong("aid", aid.clone()), [""; 0]);
    assert_eq!(with("amount", json!(300.5)), ["amount type"]);
    assert_eq!(with("amount", json!("300")), ["amount type"]);
    assert_eq!(with("amount", json!(0)), ["amount constraint"]);
    assert_eq!(with("amount", json!(-1)), ["amount constraint"]);
    assert_eq!(with("amount", Value::Null), ["amount required"]);
    assert_eq!(with("fund", json!("lottery")), ["fund choice"]);
    assert_eq!(with("signature", Value::Null), ["signature required"]);
    assert_eq!(with("signature", json!({"w": 400, "h": 200, "strokes": []})), ["signature required"]);
    assert_eq!(with("signature", json!({"w": 400, "h": 200, "strokes": [[["x", 1]]]})), ["signature type"]);
    let scrawl: Vec<_> = (0..9000).map(|n| [n % 400, n % 200]).collect();
    assert_eq!(with("signature", json!({"w": 400, "h": 200, "strokes": [scrawl]})), ["signature too_large"]);
    assert_eq!(with("method", json!("bank")), [""; 0], "a transfer needs no signature");
    assert_eq!(with("period", json!("March")), ["period constraint"]);
    assert_eq!(with("date", json!("2009-03-03")), [""; 0], "a clock or a time zone may be a day ahead");
    assert_eq!(with("date", json!("2009-03-04")), ["date date_range"]);
    assert_eq!(with("date", json!("1899-12-31")), ["date date_range"]);
    assert_eq!(with("date", json!("2009-02-29")), ["date type"]);
    assert_eq!(with("date", json!(20090302)), ["date type"]);
    assert_eq!(with("from_a_newer_tablet", json!({"any": 1})), [""; 0], "unknown fields are kept in silence");
}

#[test]
fn a_person_is_taken_as_they_are() {
    let number = "99999919491231002";
    let number = format!("{number}{}", identity::check_digit(number).unwrap());
    let (pack, context) = (pack(), context("civil_affairs"));
    let mut form = Form::new(&pack, "person", fields(json!({"name": "单某"})), true, &context);
    assert_eq!(form.problems(&pack, &context), [], "a name is enough");
    form.set(&pack, "id_number", json!(number), &context);
    assert_eq!((&form.fields()["born"], &form.fields()["sex"]), (&json!("1949-12-31"), &json!("female")));
    let questions = form.questions(&pack, &context);
    assert!(question(&questions, "born").read_only, "the number says when");

    form.set(&pack, "paper", json!("passport"), &context);
    assert!(!form.fields().contains_key("id_number"));
    form.set(&pack, "paper_number", json!("E0000000"), &context);
    form.set(&pack, "born", json!("1950-01-02"), &context);
    assert_eq!(form.fields()["born"], "1950-01-02");
    assert!(!question(&form.questions(&pack, &context), "born").read_only);
    assert_eq!(form.problems(&pack, &context), []);

    assert_eq!(
        wrong("person", json!({"name": "单某", "paper": "resident_id", "id_number": "999999194912310021"})),
        ["id_number id_check"]
    );
    assert_eq!(
        wrong("person", json!({"name": "单某", "paper": "resident_id", "id_number": "99999919491231002"})),
        ["id_number id_check"]
    );
    assert_eq!(
        wrong("person", json!({"name": "单某", "paper": "passport", "id_number": "nonsense"})),
        [""; 0],
        "not asked, not judged"
    );
    assert_eq!(wrong("person", json!({"name": "单某", "phone": "1390000002"})), ["phone phone"]);
    assert_eq!(wrong("person", json!({"name": "单某", "labels": ["elder", "elder"]})), ["labels type"]);
    assert_eq!(wrong("person", json!({"name": "单某", "labels": ["elder", "rich"]})), ["labels choice"]);
    let many: Vec<_> = (0..records::check::MAX_MEMBERS + 1).map(|n| n.to_string()).collect();
    assert_eq!(wrong("person", json!({"name": "单某", "labels": many})), ["labels type"]);
    assert_eq!(wrong("person", json!({"name": " "})), ["name required"]);
    assert_eq!(wrong("person", json!({"name": "𠮷田"})), [""; 0], "names beyond the basic plane");
    assert_eq!(wrong("person", json!({"name": "单\u{7}某"})), ["name characters"]);
    assert_eq!(wrong("person", json!({"name": "单某", "note": "长".repeat(10_000)})), [""; 0]);
    assert_eq!(wrong("person", json!({"name": "单某", "note": "长".repeat(10_001)})), ["note too_long"]);
}

#[test]
fn findings_of_a_patrol_are_rows_each_judged() {
    let (pack, context) = (pack(), context("volunteer"));
    let mut form = Form::new(&pack, "patrol", Fields::new(), true, &context);
    assert_eq!(form.problems(&pack, &context), []);
    let row = form.add_row(&pack, "findings", &context);
    let problems = form.problems(&pack, &context);
    assert_eq!((problems[0].field.as_deref(), problems[0].code.as_str()), (Some("findings[1].what"), "required"));
    form.set_in_row(&pack, "findings", row, "what", json!("light"), &context);
    assert_eq!(form.problems(&pack, &context), []);
    let questions = form.questions(&pack, &context);
    let rows = &question(&questions, "findings").rows;
    assert_eq!((rows.len(), &rows[0][0].value), (1, &json!("light")));
    form.remove_row(&pack, "findings", row, &context);
    assert!(!form.fields().contains_key("findings"));
    assert_eq!(
        wrong("patrol", json!({"route": "east", "people": 2, "minutes": 40, "date": "2009-03-02", "findings": [1]})),
        ["findings type"]
    );
}

#[test]
fn an_opened_record_is_as_it_was_until_it_is_touched() {
    let (pack, context) = (pack(), context("civil_affairs"));
    let old = fields(json!({"name": "王某某", "paper": "none", "id_number": "old", "unknown": 1}));
    let form = Form::new(&pack, "person", old.clone(), false, &context);
    assert_eq!(form.fields(), &old);
}

#[test]
fn unknown_kinds_are_refused_in_both_languages() {
    let problems = check(&pack(), "treasure", &Fields::new(), &context("director"));
    assert_eq!(problems[0].code, "unknown_kind");
    assert!(!problems[0].message.zh.is_empty() && !problems[0].message.en.is_empty());
}

#[test]
fn records_are_named_in_both_languages() {
    let (pack, context) = (pack(), context("civil_affairs"));
    let household = neighbours(HOUSEHOLD.parse().unwrap()).unwrap().1;
    assert_eq!(words::title(&pack, "household", &household, Lang::Zh, &context), "3幢2单元501");
    assert_eq!(words::title(&pack, "household", &household, Lang::En, &context), "3幢2-501");
    let aid = fields(json!({"person": PERSON, "fund": "minimum_living", "amount": 30000}));
    assert_eq!(words::title(&pack, "aid", &aid, Lang::Zh, &context), "低保金 · 300.00 元");
    assert_eq!(words::title(&pack, "aid", &aid, Lang::En, &context), "Minimum living allowance · ¥300.00");
    assert_eq!(words::summary(&pack, "aid", &aid, Lang::Zh, &context), "王某某");
    let person = fields(json!({"name": "王某某", "born": "1927-05-01", "labels": ["elder", "elder_alone"]}));
    assert_eq!(words::summary(&pack, "person", &person, Lang::Zh, &context), "81岁 高龄、独居老人");
    assert_eq!(words::title(&pack, "person", &Fields::new(), Lang::Zh, &context), "居民", "without a name, its kind");
}

#[test]
fn values_read_as_people_say_them_and_private_ones_are_covered() {
    let pack = pack();
    let say = |kind: &str, field: &str, value: Value, lang| {
        let field = pack.kinds[kind].field(field).unwrap();
        let name_of = |id: RecordId| neighbours(id).map(|(_, f)| f["name"].as_str().unwrap().to_owned());
        (words::read(&pack, field, &value, lang, &name_of), words::read_masked(&pack, field, &value, lang, &name_of))
    };
    let same = |text: &str| (text.to_owned(), text.to_owned());
    assert_eq!(say("aid", "amount", json!(123_456), Lang::Zh), same("1,234.56 元"));
    assert_eq!(say("aid", "person", json!(PERSON), Lang::Zh), same("王某某"));
    assert_eq!(say("aid", "person", json!("01938c3e-0000-7000-8000-00000000000f"), Lang::Zh), same("—"));
    assert_eq!(say("aid", "date", json!("2009-03-01"), Lang::En), same("2009-03-01"));
    assert_eq!(say("patrol", "called_out", json!(true), Lang::Zh), same("是"));
    assert_eq!(say("patrol", "called_out", json!(false), Lang::En), same("No"));
    assert_eq!(
        say("patrol", "findings", json!([{"what": "light", "note": "5幢"}, {"what": "fire"}]), Lang::Zh),
        same("路灯不亮，5幢；火灾隐患")
    );
    assert_eq!(say("person", "labels", json!(["retired", "new_label"]), Lang::En), same("Retired, new_label"));
    assert_eq!(say("person", "phone", json!("13900000021"), Lang::Zh), ("13900000021".into(), "139****0021".into()));
    assert_eq!(say("person", "id_number", json!("999999194912310021"), Lang::Zh).1, "999***********0021");
    assert_eq!(say("person", "paper_number", json!("E00000001"), Lang::Zh).1, "E00**0001");
    assert_eq!(say("person", "phone", Value::Null, Lang::Zh), same(""));
}

/// Any JSON, small.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "[0-9-]{8,12}".prop_map(Value::from),
        prop::sample::select(vec![
            PERSON,
            "2009-02-30",
            "2009-03-01T25:00:00Z",
            "99999919491231002X",
            "visit",
            "中文中文中文中文中文"
        ])
        .prop_map(Value::from),
    ];
    let key = prop::sample::select(vec!["w", "h", "strokes", "lat", "lon", "accuracy", "at", "what", "place"]);
    leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(String::from), inner, 0..4)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        rng_seed: proptest::test_runner::RngSeed::Fixed(2009),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_json_in_any_field_of_any_kind_makes_anything_panic(values in prop::collection::vec(anything(), 24)) {
        let (pack, context) = (pack(), context("director"));
        for kind in pack.kinds.values() {
            let fields: Fields = kind.fields.iter().zip(&values).map(|(f, v)| (f.name.clone(), v.clone())).collect();
            for problem in check(&pack, &kind.name, &fields, &context) {
                prop_assert!(!problem.message.zh.is_empty() && !problem.message.en.is_empty());
            }
            let mut form = Form::new(&pack, &kind.name, fields.clone(), true, &context);
            for (field, value) in kind.fields.iter().zip(values.iter().rev()) {
                form.set(&pack, &field.name, value.clone(), &context);
                words::read_masked(&pack, field, value, Lang::Zh, &|_| None);
            }
            form.questions(&pack, &context);
            words::title(&pack, &kind.name, &fields, Lang::En, &context);
            words::summary(&pack, &kind.name, &fields, Lang::Zh, &context);
        }
        let year = records::figures::Period::year(2009).unwrap();
        let services: Fields = pack.kinds["service"].fields.iter().zip(&values).map(|(f, v)| (f.name.clone(), v.clone())).collect();
        records::figures::figures(&pack, year, [("service", &services), ("aid", &services)]);
    }
}
