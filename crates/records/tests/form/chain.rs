//! Chains of calculations, of skips and of defaults, however long, in either order.

use records::{Fields, Pack, form::Form};
use serde_json::{Value, json};

use crate::{Desk, context, inside, pack, question};

const LONG: usize = 300;

fn either(mut questions: Vec<String>, is_backwards: bool) -> Pack {
    if is_backwards {
        questions.reverse();
    }
    pack(&questions, &[])
}

#[test]
fn a_chain_of_calculations_is_worked_out_to_its_end() {
    for is_backwards in [false, true] {
        let mut chain = vec![question("c0", "integer", "")];
        chain.extend(
            (1..=LONG)
                .map(|n| question(&format!("c{n}"), "calculate", &format!("calculation = \"${{c{}}} + 1\"", n - 1))),
        );
        let pack = either(chain, is_backwards);
        let mut desk = Desk::new(&pack);
        for start in [1, 1000] {
            desk.answer("c0", json!(start));
            assert_eq!(desk.saved()[format!("c{LONG}")], json!(start + LONG));
        }
        let mut desk = Desk::open(&pack, json!({"c0": 1}));
        desk.answer("c0", json!(7));
        assert_eq!(desk.saved()[format!("c{LONG}")], json!(7 + LONG), "in a record that was kept");
    }
}

#[test]
fn a_chain_of_skips_hides_all_that_hangs_on_it() {
    for is_backwards in [false, true] {
        let mut chain = vec![question("q0", "integer", "")];
        chain.extend(
            (1..=LONG).map(|n| question(&format!("q{n}"), "integer", &format!("relevant = \"${{q{}}} = 1\"", n - 1))),
        );
        let pack = either(chain, is_backwards);
        let mut desk = Desk::new(&pack);
        for n in 0..=LONG {
            desk.answer(&format!("q{n}"), json!(1));
        }
        assert_eq!(desk.form.fields().len(), LONG + 1);
        desk.answer("q0", json!(2));
        assert_eq!(desk.saved(), json!({"q0": 2}));
        desk.answer("q0", json!(1));
        assert_eq!(desk.form.fields().len(), LONG + 1, "they were only out of sight");
    }
}

#[test]
fn defaults_follow_one_another_in_either_order_and_are_filled_in_once() {
    for is_backwards in [false, true] {
        let mut chain = vec![question("d0", "integer", "default = \"1\"")];
        chain.extend(
            (1..=40).map(|n| question(&format!("d{n}"), "integer", &format!("default = \"${{d{}}} + 1\"", n - 1))),
        );
        chain.push(question("last", "integer", "calculation = \"${d40} * 2\""));
        chain.push(question("of_last", "integer", "default = \"${last} + 1\""));
        let pack = either(chain, is_backwards);
        let mut desk = Desk::new(&pack);
        assert_eq!(
            (&desk.saved()["d40"], &desk.saved()["last"], &desk.saved()["of_last"]),
            (&json!(41), &json!(82), &json!(83))
        );
        desk.answer("d0", json!(100));
        assert_eq!(desk.saved()["d40"], json!(41), "a default is a first value");
        desk.answer("d40", json!(1));
        assert_eq!((&desk.saved()["last"], &desk.saved()["of_last"]), (&json!(2), &json!(83)));
    }
}

#[test]
fn rows_feed_totals_and_totals_feed_rows() {
    let pack = pack(
        &[
            question("rate", "integer", ""),
            question("bill", "repeat", ""),
            inside("amount", "integer", ""),
            inside("due", "integer", "calculation = \"${amount} * ${rate}\""),
            inside(
                "so_far",
                "integer",
                "calculation = \"coalesce(indexed-repeat(${so_far}, ${bill}, position(..) - 1), 0) + ${due}\"",
            ),
            question("total", "integer", "calculation = \"sum(${due})\""),
            question("many", "integer", "calculation = \"count(${bill})\""),
            question("dear", "text", "relevant = \"${total} > 100 and ${many} > 1\""),
        ],
        &[],
    );
    let mut desk = Desk::new(&pack);
    desk.answer("rate", json!(2));
    for (row, amount) in [10, 20, 30].into_iter().enumerate() {
        desk.add("bill").row("bill", row, "amount", json!(amount));
    }
    let column = |desk: &Desk<'_>, name: &str| {
        let saved = desk.saved();
        saved["bill"].as_array().unwrap().iter().map(|row| row[name].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(column(&desk, "so_far"), [20, 60, 120]);
    desk.answer("dear", json!("yes"));
    assert_eq!((&desk.saved()["total"], &desk.saved()["dear"]), (&json!(120), &json!("yes")));
    desk.row("bill", 0, "amount", json!(1));
    assert_eq!(column(&desk, "so_far"), [2, 42, 102]);
    desk.answer("rate", json!(1));
    assert_eq!((column(&desk, "so_far"), &desk.saved()["total"]), (vec![json!(1), json!(21), json!(51)], &json!(51)));
    assert!(desk.saved().get("dear").is_none());
    desk.form.remove_row(desk.pack, "bill", 1, &context());
    assert_eq!(column(&desk, "so_far"), [1, 31]);
    assert_eq!((&desk.saved()["total"], &desk.saved()["many"]), (&json!(31), &json!(2)));
}

#[test]
fn a_calculation_that_looks_at_its_own_answer_is_worked_out_once_for_each_answer() {
    let pack = pack(
        &[
            question("n", "integer", "calculation = \"if(. > 0, . + 1, .)\""),
            question("other", "text", ""),
            question("kept", "integer", "calculation = \"once(${n})\""),
        ],
        &[],
    );
    let mut desk = Desk::new(&pack);
    desk.answer("n", json!(1));
    assert_eq!(desk.saved(), json!({"n": 2, "kept": 2}));
    desk.answer("other", json!("x"));
    assert_eq!(desk.saved()["n"], json!(2), "another answer is nothing to it");
    desk.answer("n", json!(5));
    assert_eq!(desk.saved(), json!({"n": 6, "kept": 2, "other": "x"}));
}

#[test]
fn in_a_row_too_ones_own_word_may_stand_where_nothing_is_worked_out() {
    let pack = pack(
        &[
            question("person", "repeat", ""),
            inside("id", "resident_id", ""),
            inside("born", "date", "calculation = \"if(valid-id(${id}), born-of(${id}), .)\""),
            inside("age_then", "integer", "calculation = \"coalesce(${born}, .)\""),
        ],
        &[],
    );
    let mut desk = Desk::new(&pack);
    desk.add("person").row("person", 0, "born", json!("1950-01-02"));
    let read_only = |desk: &Desk<'_>| desk.form.questions(desk.pack, &context())[0].rows[0][1].read_only;
    assert!(!read_only(&desk), "typed, and may be typed over");
    desk.row("person", 0, "id", json!("999999800101001"));
    assert_eq!(desk.saved()["person"][0]["born"], json!("1980-01-01"));
    assert!(read_only(&desk));
}

#[test]
fn a_form_goes_on_under_another_pack() {
    let one = pack(&[question("a", "integer", ""), question("b", "integer", "calculation = \"${a} + 1\"")], &[]);
    let other = pack(
        &[
            question("c", "integer", "calculation = \"${b} * 10\""),
            question("b", "integer", "calculation = \"${a} + 2\""),
            question("a", "integer", ""),
        ],
        &[],
    );
    let mut form = Form::new(&one, "form", Fields::new(), true, &context());
    form.set(&one, "a", json!(1), &context());
    form.set(&other, "a", json!(2), &context());
    assert_eq!(json!(form.fields()), json!({"a": 2, "b": 4, "c": 40}));
}
