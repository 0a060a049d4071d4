//! What a screen has to look at again after an answer, and nothing else.

use proptest::prelude::*;
use records::{
    Fields, Pack,
    form::{Form, Place, Touched},
};
use serde_json::{Value, json};

use crate::{context, inside, pack, question};

/// A bit of everything that depends on something.
fn survey() -> Pack {
    pack(
        &[
            question("hint", "note", "relevant = \"${sum} > 3\""),
            question("sum", "integer", "calculation = \"sum(${n}) + coalesce(${a}, 0)\""),
            question("a", "integer", ""),
            question(
                "b",
                "integer",
                "relevant = \"${a} = 1\"\nrequired = \"${c} = 2\"\nconstraint = \". > ${a}\"\nconstraint_message = { zh = \"大\", en = \"more\" }",
            ),
            question("c", "integer", "relevant = \"${b} = 2\""),
            question("region", "select_one region", "default = \"x\""),
            question("town", "select_multiple town", "choice_filter = \"of = ${region} or of = string(${a})\""),
            question("own", "text", "calculation = \"if(${a} = 2, 'two', .)\""),
            question("rows", "repeat", "relevant = \"${c} != 1\""),
            inside(
                "n",
                "integer",
                "constraint = \". < 100 - ${a}\"\nconstraint_message = { zh = \"小\", en = \"less\" }",
            ),
            inside("m", "integer", "calculation = \"${n} + coalesce(${b}, 0) + position(..)\""),
            inside(
                "t",
                "select_one town",
                "choice_filter = \"of = ${region} or of = string(${n})\"\nrelevant = \"${m} > 2\"",
            ),
            inside("before", "integer", "calculation = \"indexed-repeat(${n}, ${rows}, position(..) - 1)\""),
            question("other", "text", ""),
        ],
        &[("region", &["x", "y"]), ("town", &["x1 of=x", "y1 of=y", "one of=1", "two of=2"])],
    )
}

/// All that a screen shows of a form.
fn shown(pack: &Pack, form: &Form) -> Vec<(Place, String, Vec<String>)> {
    let mut all = Vec::new();
    for question in form.questions(pack, &context()) {
        let names = |q: &records::form::Question<'_>| q.choices.iter().map(|choice| choice.name.clone()).collect();
        let say = |q: &records::form::Question<'_>| {
            format!("{} {} {} {} {:?}", q.relevant, q.required, q.read_only, q.value, q.problem)
        };
        for (row, cells) in question.rows.iter().enumerate() {
            let place = |cell: &records::form::Question<'_>| Place::in_row(&question.field.name, row, &cell.field.name);
            all.extend(cells.iter().map(|cell| (place(cell), say(cell), names(cell))));
        }
        let rows = question.rows.len();
        let said = if rows > 0 { format!("{} {} rows", question.relevant, rows) } else { say(&question) };
        all.push((Place::of(&question.field.name), said, names(&question)));
    }
    all
}

/// What differs was named.
fn holds(before: &[(Place, String, Vec<String>)], after: &[(Place, String, Vec<String>)], touched: &Touched) {
    for (place, said, choices) in after {
        let was = before.iter().find(|(other, ..)| other == place);
        let named = touched.places.get(place);
        let is_whole = place.row.as_ref().is_some_and(|(repeat, _)| touched.places.contains_key(&Place::of(repeat)));
        if touched.all || is_whole {
            continue;
        }
        assert!(was.is_some_and(|was| was.1 == *said) || named.is_some(), "{place:?} {was:?} {said}");
        assert!(was.is_some_and(|was| was.2 == *choices) || named == Some(&true), "{place:?} {was:?} {choices:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        rng_seed: proptest::test_runner::RngSeed::Fixed(2009),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// After each answer the form is what it would be, had everything been worked out again, and a screen that looked only
    /// at what was named shows it.
    #[test]
    fn only_what_depends_is_worked_out_and_it_is_the_whole(
        is_new in any::<bool>(),
        acts in prop::collection::vec((0..12usize, 0..3usize, 0..4i64), 1..30),
    ) {
        let pack = survey();
        let kept: Fields = [("a".into(), json!(1)), ("rows".into(), json!([{"n": 2, "t": "x1"}, {"n": 5}]))].into();
        let mut form = Form::new(&pack, "form", if is_new { Fields::new() } else { kept }, is_new, &context());
        for (act, row, n) in acts {
            let before = shown(&pack, &form);
            form.take_touched();
            let number = if n == 3 { Value::Null } else { json!(n) };
            let region = ["x", "y", "z"].get(n as usize).map_or(Value::Null, |region| json!(region));
            match act {
                0..=2 => form.set(&pack, ["a", "b", "c"][act], number, &context()),
                3 => form.set(&pack, "region", region, &context()),
                4 => form.set(&pack, "town", json!(["x1", "y1", "one"].get(..n as usize)), &context()),
                5 => form.set(&pack, "own", json!("mine"), &context()),
                6 => drop(form.add_row(&pack, "rows", &context())),
                7 => form.remove_row(&pack, "rows", row, &context()),
                8 => form.set_in_row(&pack, "rows", row, "n", number, &context()),
                9 => form.set_in_row(&pack, "rows", row, "t", json!(["x1", "one", "y1", "two"][n as usize]), &context()),
                10 => form.set(&pack, "rows", json!([{"n": n}, {"n": 1, "t": "x1", "later": 1}]), &context()),
                _ => form.set(&pack, "other", json!("…"), &context()),
            }
            let touched = form.take_touched();
            if touched == Touched::default() {
                // There was no such row.
                continue;
            }
            holds(&before, &shown(&pack, &form), &touched);
            let mut whole = form.clone();
            whole.refresh(&pack, &context());
            prop_assert_eq!(&whole, &form);
            for question in form.questions(&pack, &context()) {
                let place = Place::of(&question.field.name);
                let alone = form.question(&pack, &place, &context()).unwrap();
                prop_assert_eq!((&alone.value, &alone.problem, alone.relevant), (&question.value, &question.problem, question.relevant));
                prop_assert_eq!(form.choices(&pack, &place, &context()), question.choices);
            }
        }
    }
}

#[test]
fn what_an_answer_is_nothing_to_is_not_named() {
    let pack = survey();
    let mut form = Form::new(&pack, "form", Fields::new(), true, &context());
    assert!(form.take_touched().all);
    let mut names = |field: &str, value: Value| {
        form.set(&pack, field, value, &context());
        let touched = form.take_touched();
        assert!(!touched.all);
        touched
            .places
            .into_iter()
            .map(|(place, choices)| format!("{}{}", place.field, if choices { "!" } else { "" }))
            .collect::<Vec<_>>()
    };
    assert_eq!(names("other", json!("x")), ["other"]);
    assert_eq!(names("region", json!("y")), ["region", "town!"]);
    assert_eq!(names("a", json!(5)), ["a", "b", "hint", "own", "sum", "town!"]);
    let added = form.add_row(&pack, "rows", &context());
    assert!(form.take_touched().places.contains_key(&Place::of("rows")));
    form.set_in_row(&pack, "rows", added, "n", json!(1), &context());
    let touched = form.take_touched();
    assert!(!touched.places.contains_key(&Place::of("rows")), "no row came, went or moved");
    assert_eq!(touched.places.get(&Place::in_row("rows", 0, "t")), Some(&true));
    assert!(form.question(&pack, &Place::in_row("rows", 1, "n"), &context()).is_none(), "there is no such row");
}
