//! Who is no longer here: what is said beside their name, what is asked before they are paid, what they count for no more.

use jiff::civil::date;
use records::{
    Context, Fields, Lang, Pack, RecordId, User, Value, check,
    figures::{Ask, Elsewhere, Entry, Period, Tally},
    form::Form,
    pack::{Indicator, Measure},
    words,
};
use serde_json::json;

const HOME: &str = "01938c3e-0000-7000-8000-000000000002";
const DEAD: &str = "01938c3e-0000-7000-8000-000000000003";
const MOVED: &str = "01938c3e-0000-7000-8000-000000000004";
const HERE: &str = "01938c3e-0000-7000-8000-000000000005";

/// Of one flat: one who died on the first of November, one who moved away nobody knows when, and one who lives there.
fn register(id: RecordId) -> Option<(String, Fields)> {
    let (kind, fields) = match id.to_string().as_str() {
        HOME => ("household", json!({"stairwell": 1, "floor": 5, "flat": "501"})),
        DEAD => (
            "person",
            json!({"name": "倪林良", "household": HOME, "state": "deceased", "state_since": "2026-11-01",
                "id_number": "320503195003051239", "born": "1950-03-05", "labels": ["party_member"]}),
        ),
        MOVED => ("person", json!({"name": "王芳", "household": HOME, "state": "moved", "born": "1961-01-01"})),
        HERE => ("person", json!({"name": "王芳", "household": HOME, "state": "away", "labels": ["party_member"]})),
        _ => return None,
    };
    Some((kind.into(), serde_json::from_value(fields).unwrap()))
}

fn context() -> Context<'static> {
    Context { today: date(2026, 11, 23), user: User { name: "li", post: "civil_affairs" }, lookup: &register }
}

fn fields(value: Value) -> Fields {
    serde_json::from_value(value).unwrap()
}

fn called(id: &str, lang: Lang) -> String {
    let (kind, fields) = register(id.parse().unwrap()).unwrap();
    words::called(&Pack::community(), &kind, &fields, lang, &context())
}

#[test]
fn beside_the_name_stands_that_they_are_gone_and_papers_have_the_name_alone() {
    assert_eq!(called(DEAD, Lang::Zh), "倪林良（已故）");
    assert_eq!(called(MOVED, Lang::En), "王芳 (Moved away)");
    assert_eq!(called(HERE, Lang::Zh), "王芳");
    let (pack, context) = (Pack::community(), context());
    let (kind, dead) = register(DEAD.parse().unwrap()).unwrap();
    assert_eq!(words::title(&pack, &kind, &dead, Lang::Zh, &context), "倪林良");
    let aid = fields(json!({"person": DEAD, "fund": "emergency", "amount": 50000}));
    assert_eq!(
        words::summary(&pack, "aid", &aid, Lang::Zh, &context),
        "倪林良（已故）",
        "also where another record names them"
    );
    let permit = fields(json!({"person": MOVED, "origin": "安徽"}));
    assert_eq!(words::called(&pack, "migrant", &permit, Lang::Zh, &context), "王芳（已迁出） · 来自安徽");
    assert_eq!(words::title(&pack, "migrant", &permit, Lang::Zh, &context), "王芳 · 来自安徽");
}

#[test]
fn two_of_one_name_are_told_apart_by_home_and_papers_or_year_of_birth() {
    let (pack, context) = (Pack::community(), context());
    let apart = |id: &str| {
        let (kind, fields) = register(id.parse().unwrap()).unwrap();
        words::apart(&pack, &kind, &fields, Lang::Zh, &context)
    };
    assert_eq!(apart(DEAD), "1单元501 · 证件尾号 1239");
    assert_eq!(apart(MOVED), "1单元501 · 1961年生");
    assert_eq!(apart(HERE), "1单元501");
}

#[test]
fn a_payment_to_one_who_is_gone_is_asked_about_and_says_who_takes_it() {
    let (pack, context) = (Pack::community(), context());
    let asked = |form: &Form| -> Vec<String> {
        let questions = form.questions(&pack, &context).into_iter();
        let asked = questions.filter(|q| q.relevant && matches!(q.field.name.as_str(), "despite" | "collector"));
        asked.map(|q| q.field.name.clone()).collect()
    };
    let missing = |form: &Form| -> Vec<String> {
        form.problems(&pack, &context).into_iter().filter_map(|problem| problem.field).collect()
    };
    let paid = json!({"person": HERE, "fund": "emergency", "amount": 50000, "method": "bank", "date": "2026-11-23"});
    let mut form = Form::new(&pack, "aid", fields(paid), true, &context);
    assert!(asked(&form).is_empty() && missing(&form).is_empty());
    form.set(&pack, "person", DEAD.into(), &context);
    assert_eq!(asked(&form), ["despite", "collector"]);
    assert_eq!(missing(&form), ["despite", "collector"]);
    let offered: Vec<String> = {
        let questions = form.questions(&pack, &context);
        let despite = questions.iter().find(|q| q.field.name == "despite").expect("a question");
        despite.choices.iter().map(|choice| choice.label.zh.clone()).collect()
    };
    assert_eq!(offered, ["已故，仍要发放"]);
    form.set(&pack, "despite", "moved".into(), &context);
    form.set(&pack, "collector", "倪小明，长子".into(), &context);
    assert_eq!(missing(&form), ["despite"], "he did not move");
    form.set(&pack, "despite", "deceased".into(), &context);
    assert!(missing(&form).is_empty());
    form.set(&pack, "date", "2026-10-31".into(), &context);
    assert!(asked(&form).is_empty(), "he lived on that day");
    form.set(&pack, "person", MOVED.into(), &context);
    assert_eq!(asked(&form), ["despite", "collector"], "nobody knows since when");
    form.set(&pack, "person", HERE.into(), &context);
    assert!(asked(&form).is_empty());
    assert!(!form.fields().contains_key("collector"), "what is not asked is not kept");
    let unknown = fields(json!({"person": "01938c3e-0000-7000-8000-00000000000f", "fund": "emergency", "amount": 1,
        "method": "bank", "date": "2026-11-23"}));
    let problems = check(&pack, "aid", &unknown, &context);
    assert!(problems.iter().all(|p| p.field.as_deref() == Some("person")), "{problems:?}");
}

#[test]
fn who_is_gone_is_counted_among_residents_up_to_that_day_unless_a_figure_asks_for_them() {
    let mut pack = Pack::community();
    let own = |name: &str, filter: Option<&str>| Indicator {
        name: name.into(),
        label: records::Text::new(name, name),
        measure: Measure::Count,
        kind: "person".into(),
        date: None,
        standing: true,
        filter: filter.map(|source| records::expression::Expression::parse(source).unwrap()),
        unit: None,
        stopped: false,
    };
    pack.indicators.push(own("residents", None));
    pack.indicators.push(own("deaths", Some("${state} = 'deceased'")));
    let elsewhere: &Elsewhere<'_> = &|id, field| register(id)?.1.remove(field);
    let permits = [
        json!({"person": HERE, "arrived_on": "2026-01-01"}),
        json!({"person": MOVED, "arrived_on": "2026-01-01"}),
        json!({"person": DEAD, "arrived_on": "2026-01-01"}),
    ]
    .map(fields);
    let count = |month: i32| {
        let ask = Ask::of(Period::months(2026, month, 1).unwrap());
        let mut tally = Tally::new(&pack, ask.clone());
        assert!(tally.kinds_read().contains("person") && tally.reads("person").contains("state_since"));
        let mut opened = 0;
        for id in [DEAD, MOVED, HERE] {
            let (kind, fields) = register(id.parse().unwrap()).unwrap();
            let entry = Entry { kind: &kind, by: "", fields: &fields };
            tally.add(entry, elsewhere);
            opened += u32::from(pack.indicator("residents").unwrap().counts(&pack, &ask, entry, elsewhere));
        }
        permits.iter().for_each(|fields| tally.add(Entry { kind: "migrant", by: "", fields }, elsewhere));
        let all = tally.figures().whole;
        let number = |name: &str| all[name].number().unwrap();
        assert_eq!(i64::from(opened), number("residents"), "a figure opens down to what it counts");
        [number("residents"), number("deaths"), number("party.members"), number("migrants.registered")]
    };
    assert_eq!(count(10), [2, 1, 2, 2], "he lived in October; that she moved has no date");
    assert_eq!(count(11), [1, 1, 1, 1]);
}

#[test]
fn what_a_pack_says_of_it_must_hold_together() {
    let wrong = |from: &str, to: &str| -> Vec<String> {
        let files: Vec<(&str, String)> = records::pack::COMMUNITY
            .iter()
            .map(|(path, text)| {
                (*path, if *path == "kinds/migrant.toml" { text.replace(from, to) } else { (*text).into() })
            })
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let problems = Pack::load(&files).map(|_| Vec::new()).unwrap_or_else(|problems| problems);
        problems.into_iter().map(|problem| problem.message).collect()
    };
    let says = |from: &str, to: &str, word: &str| {
        let found = wrong(from, to);
        assert!(found.iter().any(|message| message.contains(word)), "{to}: {found:?}");
    };
    says("with = \"person\"", "with = \"persom\"", "did you mean `person`");
    says("with = \"person\"", "with = \"origin\"", "not of type record");
    says("when = \"${left_on} != ''", "when = \"${left_of} != ''", "left_of");
    says("here = { zh = \"在册\", en = \"Registered\" }\n", "", "`here` is missing");
    says("when = \"${left_on} != '' and ${left_on} <= today()\"\nwith = \"person\"\n", "", "needs `when`");
}
