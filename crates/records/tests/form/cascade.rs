//! What is chosen and no longer offered is cleared, as ODK does, and all that reads it follows.

use records::{Fields, Pack, form::Form};
use serde_json::json;

use crate::{Desk, context, inside, pack, question};

const REGIONS: (&str, &[&str]) = ("region", &["north", "south", "east"]);
const TOWNS: (&str, &[&str]) = ("town", &["n1 region=north", "n2 region=north", "s1 region=south", "both region="]);
const STREETS: (&str, &[&str]) = ("street", &["n11 town=n1", "n12 town=n1", "s11 town=s1"]);

/// Towns of a region, one or several, and streets of a town; the filtered first or last.
fn towns(r#type: &str, is_backwards: bool) -> Pack {
    let mut questions = vec![
        question("region", "select_one region", ""),
        question("town", r#type, "choice_filter = \"region = ${region} or (region = '' and ${region} != 'east')\""),
        question(
            "street",
            "select_one street",
            "choice_filter = \"selected(${town}, town)\"\nrequired = \"${town} = 'n1'\"",
        ),
        question("said", "text", "calculation = \"concat(${region}, '/', ${town}, '/', ${street})\""),
        question("far", "text", "relevant = \"${street} = 's11'\""),
        question("remark", "text", ""),
    ];
    if is_backwards {
        questions.reverse();
    }
    pack(&questions, &[REGIONS, TOWNS, STREETS])
}

#[test]
fn one_choice_goes_with_what_it_hung_on_and_so_do_those_that_hung_on_it() {
    for is_backwards in [false, true] {
        let pack = towns("select_one town", is_backwards);
        let mut desk = Desk::new(&pack);
        desk.answer("region", json!("north")).answer("town", json!("n1")).answer("street", json!("n12"));
        assert_eq!(desk.saved(), json!({"region": "north", "town": "n1", "street": "n12", "said": "north/n1/n12"}));
        desk.answer("region", json!("south"));
        assert_eq!(desk.saved(), json!({"region": "south", "said": "south//"}));
        assert_eq!(desk.wrong(), [""; 0]);
        desk.answer("town", json!("s1")).answer("street", json!("s11")).answer("far", json!("yes"));
        assert_eq!(desk.saved()["far"], json!("yes"));
        // The filter lets it in again, but it was cleared.
        desk.answer("region", json!("north")).answer("region", json!("south"));
        assert_eq!(desk.saved(), json!({"region": "south", "said": "south//"}));
        desk.answer("town", json!("s1"));
        assert!(!desk.form.answers().contains_key("street"));
        // What every region has stays.
        desk.answer("town", json!("both")).answer("region", json!("north"));
        assert_eq!(desk.saved()["town"], json!("both"));
        desk.answer("region", json!(null));
        assert_eq!(desk.saved(), json!({"town": "both", "said": "/both/"}));
    }
}

#[test]
fn of_several_only_those_that_are_not_offered_go() {
    for is_backwards in [false, true] {
        let pack = towns("select_multiple town", is_backwards);
        let mut desk = Desk::new(&pack);
        desk.answer("region", json!("north"))
            .answer("town", json!(["n2", "both", "n1"]))
            .answer("street", json!("n11"));
        desk.answer("region", json!("south"));
        assert_eq!(desk.saved(), json!({"region": "south", "town": ["both"], "said": "south/both/"}));
        desk.answer("town", json!(["both", "s1"])).answer("street", json!("s11"));
        assert_eq!(desk.wrong(), [""; 0]);
        desk.answer("region", json!("east"));
        assert_eq!(desk.saved(), json!({"region": "east", "said": "east//"}));
    }
}

#[test]
fn in_each_row_its_own_are_cleared() {
    let rows = |own: &str| {
        pack(
            &[
                question("region", "select_one region", ""),
                question("place", "repeat", ""),
                inside("own", own, ""),
                inside("town", "select_multiple town", "choice_filter = \"region = ${region} or region = ${own}\""),
                inside("count", "integer", "calculation = \"count-selected(${town})\""),
                question("all", "integer", "calculation = \"sum(${count})\""),
            ],
            &[REGIONS, TOWNS],
        )
    };
    for own in ["select_one region", "text"] {
        let pack = rows(own);
        let mut desk = Desk::new(&pack);
        desk.answer("region", json!("north")).add("place").add("place");
        desk.row("place", 0, "town", json!(["n1", "n2"]));
        desk.row("place", 1, "own", json!("south")).row("place", 1, "town", json!(["n1", "s1"]));
        assert_eq!(desk.saved()["all"], json!(4));
        desk.row("place", 1, "own", json!("east"));
        assert_eq!(desk.saved()["place"][1], json!({"own": "east", "town": ["n1"], "count": 1}));
        assert_eq!(desk.saved()["place"][0]["town"], json!(["n1", "n2"]), "another row's answer is nothing to it");
        assert_eq!(desk.saved()["all"], json!(3));
        desk.answer("region", json!("south"));
        assert_eq!(desk.saved()["place"], json!([{"count": 0}, {"own": "east", "count": 0}]));
        assert_eq!((desk.saved()["all"].clone(), desk.wrong()), (json!(0), vec![]));
    }
}

#[test]
fn numbers_dates_yeses_and_texts_filter_as_choices_do() {
    for (r#type, one, other) in [
        ("integer", json!(1), json!(2)),
        ("text", json!("1"), json!("2")),
        ("date", json!("2009-03-01"), json!("2009-03-02")),
        ("yes_no", json!(true), json!(false)),
        ("select_multiple region", json!(["north", "south"]), json!(["south"])),
    ] {
        let first = match r#type {
            "date" => "2009-03-01",
            "yes_no" => "true",
            "select_multiple region" => "north",
            _ => "1",
        };
        let filter = if r#type.starts_with("select") { "selected(${by}, of)" } else { "string(${by}) = of" };
        let pack = pack(
            &[
                question("what", "select_one what", &format!("choice_filter = \"{filter}\"")),
                question("by", r#type, ""),
            ],
            &[REGIONS, ("what", &[&format!("a of={first}"), "b of=never"])],
        );
        let mut desk = Desk::new(&pack);
        desk.answer("by", one).answer("what", json!("a"));
        assert_eq!((desk.saved()["what"].clone(), desk.wrong()), (json!("a"), vec![]), "{type}");
        desk.answer("by", other.clone());
        assert_eq!(desk.saved(), json!({"by": other}), "{type}");
    }
}

#[test]
fn what_is_not_asked_for_waits_and_is_held_to_its_filter_when_it_is_asked_again() {
    let pack = pack(
        &[
            question("wanted", "yes_no", ""),
            question("region", "select_one region", ""),
            question("town", "select_one town", "choice_filter = \"region = ${region}\"\nrelevant = \"${wanted}\""),
        ],
        &[REGIONS, TOWNS],
    );
    let mut desk = Desk::new(&pack);
    desk.answer("wanted", json!(true)).answer("region", json!("north")).answer("town", json!("n1"));
    desk.answer("wanted", json!(false));
    assert_eq!(desk.saved(), json!({"wanted": false, "region": "north"}));
    desk.answer("wanted", json!(true));
    assert_eq!(desk.saved()["town"], json!("n1"), "it was only out of sight");
    desk.answer("wanted", json!(false)).answer("region", json!("south")).answer("wanted", json!(true));
    assert_eq!(desk.saved(), json!({"wanted": true, "region": "south"}));
}

#[test]
fn a_record_that_was_kept_is_cleared_of_what_its_own_change_excludes_and_of_nothing_else() {
    let pack = towns("select_multiple town", false);
    // As an older pack let it be chosen.
    let kept = json!({"region": "east", "town": ["n1", "both"]});
    let mut desk = Desk::open(&pack, kept.clone());
    desk.answer("remark", json!("x"));
    assert_eq!(desk.saved()["town"], kept["town"], "nothing that was kept goes unseen");
    desk.answer("town", json!(["n1", "both", "s1"]));
    assert_eq!(
        desk.saved()["town"],
        json!(["s1"]),
        "what stood there and is not offered goes, what is given is judged"
    );
    assert_eq!(desk.wrong(), ["town choice"]);
    let mut desk = Desk::open(&pack, kept);
    desk.answer("region", json!("north"));
    assert_eq!(desk.saved()["town"], json!(["n1", "both"]));
    desk.answer("region", json!("south"));
    assert_eq!(desk.saved()["town"], json!(["both"]));
}

#[test]
fn what_the_form_fills_in_itself_is_held_to_its_filter() {
    let pack = pack(
        &[
            question("town", "select_one town", "choice_filter = \"region = ${region}\"\ndefault = \"n1\""),
            question("region", "select_one region", "default = \"south\""),
            question("least", "select_one town", "choice_filter = \"region = ${region}\"\ncalculation = \"'n2'\""),
            question("row", "repeat", ""),
            inside("there", "select_one town", "choice_filter = \"region = ${region}\"\ndefault = \"s1\""),
            inside("gone", "select_one town", "choice_filter = \"region = ${region}\"\ndefault = \"n1\""),
        ],
        &[REGIONS, TOWNS],
    );
    let mut desk = Desk::new(&pack);
    desk.add("row");
    assert_eq!(desk.saved(), json!({"region": "south", "row": [{"there": "s1"}]}));
    desk.answer("region", json!("north"));
    assert_eq!(desk.saved(), json!({"region": "north", "least": "n2", "row": [{}]}));
}

#[test]
fn many_answers_at_once_may_stand_in_any_order_and_are_judged_as_they_are() {
    let pack = towns("select_one town", false);
    for town in ["s1", "n1"] {
        let given: Fields = [("town".into(), json!(town)), ("region".into(), json!("south"))].into();
        let mut desk = Desk::new(&pack);
        desk.form.set_all(&pack, given.clone(), &context());
        assert_eq!(desk.saved()["town"], json!(town));
        assert_eq!(desk.wrong().contains(&"town choice".to_owned()), town == "n1");
        let form = Form::new(&pack, "form", given, true, &context());
        assert_eq!(form.fields(), desk.form.fields());
    }
}

#[test]
fn two_filters_that_read_each_other_come_to_rest() {
    let pack = pack(
        &[
            question("a", "select_one town", "choice_filter = \"${b} = '' or ${b} = region\""),
            question("b", "select_one region", "choice_filter = \"${c} = '' or ${c} = name\""),
            question("c", "select_one region", "choice_filter = \"${a} != 's1' or name = 'south'\""),
        ],
        &[REGIONS, TOWNS],
    );
    let mut desk = Desk::new(&pack);
    desk.answer("b", json!("north")).answer("a", json!("n1")).answer("c", json!("north"));
    desk.answer("c", json!("east"));
    assert_eq!(desk.saved(), json!({"c": "east", "a": "n1"}));
    desk.answer("a", json!("s1"));
    assert_eq!(desk.saved(), json!({"a": "s1"}));
}
