//! Random expressions: the same answer as `rxeval`, and never a panic.

use jiff::civil::date;
use proptest::prelude::*;
use records::{
    Context, Fields, NoOthers, User, Value,
    expression::{Expression, Scope},
};

use crate::survey::{survey, text};

/// An expression in our words and in `rxeval`'s.
fn pairs() -> impl Strategy<Value = (String, String)> {
    let leaf = prop_oneof![
        (-20i32..20).prop_map(|n| if n < 0 { format!("({n})") } else { n.to_string() }).prop_map(|n| (n.clone(), n)),
        prop::sample::select(vec!["'water'", "''", "'7'", "'abc'", "'2'"]).prop_map(|t| (t.to_owned(), t.to_owned())),
        prop::sample::select(vec!["age", "income", "zero", "negative", "name", "cpf"])
            .prop_map(|f| (format!("${{{f}}}"), format!("/data/{f}"))),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let operators = vec!["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or"];
        let functions = vec!["contains", "starts-with", "substring-before", "substring-after", "concat", "pow"];
        let single =
            vec!["string", "string-length", "number", "int", "round", "not", "boolean", "abs", "normalize-space"];
        prop_oneof![
            (two.clone(), prop::sample::select(operators))
                .prop_map(|(((a, x), (b, y)), o)| (format!("({a} {o} {b})"), format!("({x} {o} {y})"))),
            (two, prop::sample::select(functions))
                .prop_map(|(((a, x), (b, y)), f)| (format!("{f}({a}, {b})"), format!("{f}({x}, {y})"))),
            (inner.clone(), prop::sample::select(single))
                .prop_map(|((a, x), f)| (format!("{f}({a})"), format!("{f}({x})"))),
            // rxeval's coalesce gives text, and keeps what is not a number; ours keeps what it found and passes that over, as
            // JavaRosa's does.
            (inner.clone(), inner.clone()).prop_map(|((a, x), (b, y))| {
                let given = |one: &str| format!("if(string({one}) = 'NaN', '', {one})");
                (format!("string(coalesce({}, {b}))", given(&a)), format!("coalesce({}, {y})", given(&x)))
            }),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|((a, x), (b, y), (c, z))| (format!("if({a}, {b}, {c})"), format!("if({x}, {y}, {z})"))),
        ]
    })
}

/// A number read back, so that `1e21` and `1000000000000000000000`, or -0 and 0, are one answer.
fn meaning(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(0.0) => "0".into(),
        Ok(number) => format!("{number:.9e}"),
        Err(_) => text.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        rng_seed: proptest::test_runner::RngSeed::Fixed(2009),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_agrees_with_rxeval_wherever_that_answers((ours, theirs) in pairs()) {
        let xml = "<data><age>42</age><income>1500.5</income><zero>0</zero><negative>-7</negative>\
            <name>Maria da Silva</name><cpf>12345678901</cpf></data>";
        let instance = rxeval::Instance::from_xml(xml).unwrap();
        let env = rxeval::Fixed { today: "2009-03-01".into(), now: "2009-03-01T00:00:00Z".into() };
        if let Ok(expected) = rxeval::eval_str(&theirs, &instance, &env) {
            // All answers as text, as an XML instance has them: there a question answered 0 is true, being answered.
            let fields: Fields = survey().into_iter().map(|(name, value)| match value {
                Value::Number(number) => (name, number.to_string().into()),
                other => (name, other),
            }).collect();
            let context = Context { today: date(2009, 3, 1), user: User::default(), lookup: &NoOthers };
            let ours_text = Expression::parse(&ours).unwrap().text(&Scope::new(&fields, &context));
            prop_assert_eq!(meaning(&ours_text), meaning(&expected.to_string_value(&instance)), "{}", ours);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(source in "\\PC{0,60}") {
        let _ = Expression::parse(&source);
    }

    #[test]
    fn no_text_of_its_own_words_makes_it_panic_in_parsing_or_running(
        words in prop::collection::vec(prop::sample::select(vec![
            "${age}", "${resident}", "${nome}", "${services}", "(", ")", ",", "'a'", "1", "-", "+", "=", "<", "and", "or",
            ".", "substr(", "round(", "selected-at(", "indexed-repeat(", "position(..)", "date(", "if(", "max(", "join(",
            "substring(", "age(", "999999999999999999999", "decimal-date-time(", "format-money(",
        ]), 1..14),
    ) {
        let source = words.join(" ");
        if Expression::parse(&source).is_ok() {
            let _ = text(&source);
        }
    }
}
