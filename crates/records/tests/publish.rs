//! A changed pack in the place of the one in force: what would harm is refused, and an upgrade of the program takes nothing
//! back.

use records::{
    Class, Pack, Text,
    pack::{FieldType, Wrong},
};
use serde_json::json;

fn refused(change: impl FnOnce(&mut Pack)) -> Vec<Wrong> {
    let was = Pack::community();
    let mut now = was.clone();
    change(&mut now);
    now.succeed(&was).expect_err("it would harm")
}

fn field<'p>(pack: &'p mut Pack, kind: &str, name: &str) -> &'p mut records::Field {
    pack.kinds.get_mut(kind).unwrap().fields.iter_mut().find(|field| field.name == name).unwrap()
}

#[test]
fn a_pack_that_came_as_json_is_held_to_all_that_files_are_held_to() {
    assert_eq!(Pack::community().verify(), []);
    type Break = fn(&mut Pack);
    let breaks: [(&str, Break); 8] = [
        ("zh", |pack| field(pack, "service", "note").label.zh.clear()),
        ("en", |pack| field(pack, "service", "note").hint = Some(Text::new("帮助", " "))),
        ("choice list", |pack| field(pack, "service", "topic").r#type = FieldType::SelectOne("nothing".into())),
        ("unknown field", |pack| {
            field(pack, "service", "note").relevant = records::expression::Expression::parse("${nobody} = 1").ok();
        }),
        ("has no choices", |pack| pack.choices.get_mut("service.topic").unwrap().clear()),
        ("`en` text", |pack| pack.indicators[0].label.en.clear()),
        ("out of use", |pack| field(pack, "service", "date").disused = true),
        ("unknown kind", |pack| pack.posts[0].read.push("ghost".into())),
    ];
    for (what, change) in breaks {
        let mut pack = Pack::community();
        change(&mut pack);
        let problems = pack.verify();
        assert!(problems.iter().any(|problem| problem.message.contains(what)), "{what}: {problems:?}");
    }
}

#[test]
fn what_would_harm_records_or_people_is_refused() {
    let gone = refused(|pack| pack.kinds.get_mut("person").unwrap().fields.retain(|field| field.name != "contact"));
    let about = |wrong: &Wrong| (wrong.kind.clone().unwrap_or_default(), wrong.field.clone().unwrap_or_default());
    assert_eq!(about(&gone[0]), ("person".into(), "contact".into()));
    assert!(gone[0].message.zh.contains("停用") && gone[0].message.en.contains("out of use"));
    let retyped = refused(|pack| field(pack, "person", "phone").r#type = FieldType::Text);
    assert_eq!(about(&retyped[0]), ("person".into(), "phone".into()));
    let bared = refused(|pack| field(pack, "person", "phone").appearance.clear());
    assert!(bared[0].message.en.contains("uncovered"), "{bared:?}");
    let opened = refused(|pack| pack.kinds.get_mut("subject").unwrap().class = Class::Open);
    assert!(opened.iter().any(|wrong| wrong.kind.as_deref() == Some("subject")), "{opened:?}");
    let handed = refused(|pack| pack.kinds.get_mut("subject").unwrap().assigned = None);
    assert!(handed.iter().any(|wrong| wrong.message.en.contains("assigned")), "{handed:?}");
    let seen = refused(|pack| pack.posts[0].read.push("subject".into()));
    assert_eq!(about(&seen[0]), (String::new(), "post director".into()));
    refused(|pack| drop(pack.choices.get_mut("person.label").unwrap().pop()));
    refused(|pack| drop(pack.kinds.remove("talk")));
    refused(|pack| drop(pack.due.pop()));
    refused(|pack| pack.kinds.get_mut("service").unwrap().date = Some("follow_up_on".into()));
    refused(|pack| pack.kinds.get_mut("patrol").unwrap().keep_years = Some(1));
    refused(|pack| pack.screens.doors = None);
    let mut strict = Pack::community();
    strict.kinds.get_mut("grid").unwrap().class = Class::Resident;
    assert!(strict.succeed(&Pack::community()).is_ok(), "more private is no harm");
}

#[test]
fn the_office_gives_version_origin_and_since_whatever_was_said() {
    let was = Pack::community();
    let mut now = was.clone();
    (now.version, now.origin) = (99, Some(77));
    let note = field(&mut now, "service", "note");
    note.required = records::expression::Expression::parse("true()").ok();
    note.since = 55;
    let mut first = now.succeed(&was).unwrap();
    assert_eq!((first.version, first.origin), (was.version + 1, Some(was.version)));
    assert_eq!(field(&mut first, "service", "note").since, was.version + 1);
    assert_eq!(field(&mut first, "service", "channel").since, 0, "required from the beginning");
    let second = first.clone().succeed(&first).unwrap();
    assert_eq!((second.version, second.origin), (was.version + 2, Some(was.version)));
    assert_eq!(second.kind("service").unwrap().field("note").unwrap().since, was.version + 1, "it stays");
}

#[test]
fn nothing_that_was_said_is_dropped_unread() {
    let mut said = serde_json::to_value(Pack::community()).unwrap();
    assert_eq!(Pack::said(&said).unwrap(), Pack::community());
    said["kinds"]["service"]["fields"][0]["requierd"] = json!("true()");
    let wrong = Pack::said(&said).unwrap_err();
    assert!(wrong[0].message.en.contains("kinds.service.fields[0].requierd"), "{wrong:?}");
    let mut said = serde_json::to_value(Pack::community()).unwrap();
    said["kinds"]["service"]["class"] = json!("secret");
    assert!(Pack::said(&said).unwrap_err()[0].message.en.contains("kinds.service.class"));
    for body in [json!([]), json!({"name": 1}), json!({"name": "x", "kinds": {"a": {}}})] {
        assert!(Pack::said(&body).is_err(), "{body}");
    }
}

#[test]
fn an_upgrade_adds_what_is_new_and_takes_nothing_back() {
    let old = Pack::community();
    let mut own = old.clone();
    field(&mut own, "service", "note").label = Text::new("经过", "What went on");
    field(&mut own, "person", "contact").disused = true;
    let own = own.succeed(&old).unwrap();
    let mut newer = old.clone();
    newer.version = old.version + 3;
    let mut extra = newer.kind("person").unwrap().field("contact").unwrap().clone();
    extra.name = "second_contact".into();
    extra.required = records::expression::Expression::parse("true()").ok();
    newer.kinds.get_mut("person").unwrap().fields.insert(1, extra);
    let mut kind = newer.kind("grid").unwrap().clone();
    kind.name = "plot".into();
    newer.kinds.insert("plot".into(), kind);
    newer.posts[0].read.push("plot".into());
    field(&mut newer, "service", "note").label = Text::new("新说法", "The program's new words");
    let renewed = own.renewed(&newer).expect("they go together");
    assert_eq!((renewed.version, renewed.origin), (own.version + 1, Some(newer.version)));
    let person = renewed.kind("person").unwrap();
    assert_eq!(person.fields[1].name, "second_contact", "where the program has it");
    assert_eq!(person.fields[1].since, renewed.version);
    assert!(person.field("contact").unwrap().disused);
    assert_eq!(renewed.kind("service").unwrap().field("note").unwrap().label.zh, "经过", "the community's words stay");
    assert!(renewed.posts[0].read.contains(&"plot".to_owned()));
    assert_eq!(renewed.renewed(&newer), None, "once");
    assert_eq!(old.renewed(&newer), None, "the program's own is replaced as a whole");
}
