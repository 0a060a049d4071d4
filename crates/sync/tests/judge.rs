//! One judge for tablet and office.

mod world;

use sync::Change;
use world::change;

#[test]
fn a_tablet_refuses_what_the_office_would_refuse_as_nested_too_deep() {
    let nested = |depth| (0..depth).fold(sync::Value::from("核"), |inner, _| vec![inner].into());
    let with = |field: &str, depth| {
        let mut change = change(1, 1, 10, 1, "a", "x");
        change.set.insert(field.into(), nested(depth));
        change
    };
    let verdict = |change: &Change| sync::judge::judge(&world::pack(), change, None, &world::context("officer1"));
    let is_too_deep = |change: &Change| verdict(change).is_err_and(|problems| problems[0].code == "too_deep");
    // Also in a field that the pack does not know, where nothing else would look at it.
    assert!(is_too_deep(&with("unknown", sync::wire::MAX_DEPTH + 1)));
    assert!(!is_too_deep(&with("unknown", sync::wire::MAX_DEPTH)));
    let mut more = change(1, 1, 10, 1, "a", "x");
    more.more.insert("newer".into(), nested(60));
    assert!(is_too_deep(&more));
}

/// A note that is required keeps a record from being written while it shows: a new one, and one whose change makes it show. An
/// old record that it says something of anyway can still be mended elsewhere.
#[test]
fn a_required_note_stops_what_makes_it_show_and_nothing_else() {
    let mut pack = world::pack();
    let kind = pack.kinds.get_mut("note").expect("a kind");
    let mut stop = kind.fields[0].clone();
    let always = |source: &str| records::expression::Expression::parse(source).ok();
    (stop.name, stop.r#type) = ("stop".into(), records::FieldType::Note);
    (stop.required, stop.relevant) = (always("true()"), always("${a} = 'bad'"));
    kind.fields.push(stop);
    let verdict = |change: &Change, current: Option<&sync::Record>| {
        let verdict = sync::judge::judge(&pack, change, current, &world::context("officer1"));
        verdict.map_err(|problems| problems.into_iter().filter_map(|problem| problem.field).collect::<Vec<_>>())
    };
    assert_eq!(verdict(&change(1, 1, 10, 1, "a", "bad"), None).unwrap_err(), ["stop"]);
    let good = verdict(&change(1, 1, 10, 1, "a", "good"), None).expect("nothing stops it");
    assert_eq!(verdict(&change(1, 2, 20, 1, "a", "bad"), Some(&good)).unwrap_err(), ["stop"]);
    let old = sync::Record::from(&change(1, 1, 10, 1, "a", "bad"));
    assert!(verdict(&change(1, 2, 20, 1, "b", "x"), Some(&old)).is_ok());
}
