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
