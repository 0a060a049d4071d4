//! The evaluator against those who came before: JavaRosa's recorded answers, `rxeval`, and what our own functions promise.

use jiff::civil::date;
use records::{
    Context, Lang, NoOthers, User, Value,
    expression::{Expression, FUNCTIONS, Scope},
};
use serde_json::json;

use javarosa::JAVAROSA;
use survey::{survey, text, text_in};

mod differential;
mod javarosa;
mod survey;

/// Our own functions, and where Enketo has what JavaRosa lacks.
const OURS: &[(&str, &str)] = &[
    ("substring('hello', 2, 3)", "ell"),
    ("substring('hello', 0, 3)", "he"),
    ("substring('hello', 1.5, 2.6)", "ell"),
    ("floor(-1.1)", "-2"),
    ("ceiling(1.1)", "2"),
    ("count-non-empty(${idade})", "3"),
    ("indexed-repeat(${nome}, ${resident}, 2)", "Bia"),
    ("string(position(..))", ""),
    ("date(today() + 7)", "2009-03-08"),
    ("date('2026-08-07T06:31:13.834-03:00')", "2026-08-07"),
    ("today() - date('2009-02-01')", "28"),
    ("${date} > today()", "true"),
    ("'2009-02-28' < today() and '2009-03-02' > today()", "true"),
    ("decimal-date-time('1970-01-02T12:00:00Z')", "1.5"),
    ("decimal-date-time('1970-01-02T08:00:00+08:00')", "1"),
    (
        "round((decimal-date-time('2009-03-01T23:10:00+08:00') - decimal-date-time('2009-03-01T22:30:00+08:00')) * 1440)",
        "40",
    ),
    ("decimal-time('2009-03-01T18:00:00+08:00')", "0.75"),
    ("decimal-time('18:00')", "0.75"),
    ("decimal-time('06:00:00.000+08:00')", "0.25"),
    ("'22:30' > '21:00'", "true"),
    ("'09:30' >= '21:00' or '09:30' < '09:30'", "false"),
    ("('22:30' - '21:00') * 24", "1.5"),
    ("round((decimal-time('22:30') - decimal-time('21:10')) * 1440)", "80"),
    ("format-date-time('22:30', '%H.%M')", "22.30"),
    // A moment counts by the day its clock showed, as a date does.
    ("'2009-03-01T02:00:00+08:00' < today()", "false"),
    ("'2009-03-01T02:00:00+08:00' >= today()", "true"),
    ("'2009-03-01T23:59:00+08:00' < today() + 1", "true"),
    ("'2009-02-28T23:59:00+08:00' < today()", "true"),
    ("today() > '2009-03-01T00:00:00-05:00'", "false"),
    ("floor('2009-03-01T02:00:00+08:00' - date('2009-02-27'))", "2"),
    // Two moments by what passed between them.
    ("'2009-03-01T02:00:00+08:00' < '2009-02-28T19:00:00Z'", "true"),
    ("round(('2009-03-01T02:00:00+08:00' - '2009-02-28T12:00:00Z') * 24)", "6"),
    ("date-time('2009-03-01T02:00:00+08:00')", "2009-03-01T02:00:00+08:00"),
    ("date-time(1)", "1970-01-02"),
    ("date-time('soon')", ""),
    // What came of nothing is passed over.
    ("coalesce(${blank} * 2, 0) + 10", "10"),
    ("coalesce(${blank} - 1, ${missing}, number('x'), 'last')", "last"),
    ("coalesce(0, 1)", "0"),
    ("0.1 + 0.2 = 0.3", "true"),
    ("0.1 + 0.2 != 0.3", "false"),
    ("1 = 1.00000001", "false"),
    ("1 div 0 = 1 div 0", "true"),
    ("number('x') != number('x')", "true"),
    ("${age} = null", "false"),
    ("${missing} = null and ${blank} = null", "true"),
    ("if(${age} > 100, 'old', null)", ""),
    ("coalesce(null, 'else')", "else"),
    ("sqrt(2.25)", "1.5"),
    ("format-date(today(), '%b %e %a')", "Mar 1 Sun"),
    ("format-date-time('2026-08-07T06:31:13.834-03:00', '%h:%M,%3 100%%')", "6:31,834 100%"),
    ("format-money(30000)", "¥300.00"),
    ("user('name')", "wang"),
    ("user('post') = 'retirees'", "true"),
    ("lookup(${friend}, 'name')", "Rosa"),
    ("selected(lookup(${friend}, 'labels'), 'b')", "true"),
    ("lookup(${blank}, 'name')", ""),
    ("title-of(${friend})", "Rosa"),
    ("choice-label(${consent})", "Agreed"),
    ("jr:choice-name(${consent}, '${consent}')", "Agreed"),
    ("tr('同意', 'agreed')", "agreed"),
    ("age('1949-03-01')", "60"),
    ("age('1949-03-02')", "59"),
    ("age('1948-02-29', '2009-02-28')", "60"),
    ("age(${blank})", ""),
    ("born-of('999999800101001')", "1980-01-01"),
    ("sex-of('999999800101001')", "male"),
    ("valid-id('999999800101001')", "true"),
    ("valid-id('99999919800101001X')", "false"),
    ("true() = 'false'", "true"),
    ("${missing} = ''", "true"),
    ("${missing} or ${blank}", "false"),
    ("1 - -1", "2"),
    ("2 + 3 * 4 = 14 and (2 + 3) * 4 = 20", "true"),
    ("8 - 4 - 2", "2"),
    ("${age}-1", "41"),
    ("-1.5 div 10000000", "-0.00000015"),
    ("1 div 3", "0.3333333333333333"),
    ("123456789 * 1000000000000", "123456789000000000000"),
    ("12345678901.25", "12345678901.25"),
    ("'0.1' + '0.2' < 0.31", "true"),
    ("gone(${nobody})", "false"),
];

#[test]
fn our_own_functions_keep_their_word() {
    for (expression, expected) in OURS {
        assert_eq!(text(expression), *expected, "{expression}");
    }
    assert_eq!(text_in(Lang::Zh, "concat(tr('共', 'all '), choice-label(${consent}))"), "共同意");
    assert_eq!(text_in(Lang::Zh, "format-date(today(), '%b%e日 %a')"), "3月1日 周日");
    assert_eq!(text_in(Lang::Zh, "format-money(123456789)"), "1,234,567.89 元");
}

#[test]
fn every_function_of_the_table_is_held_by_a_test_above() {
    let written: String = JAVAROSA.iter().chain(OURS).map(|(e, _)| format!(" {e}")).collect();
    let untested: Vec<_> =
        FUNCTIONS.iter().map(|f| f.name).filter(|name| !written.contains(&format!("{name}("))).collect();
    assert!(untested.is_empty(), "{untested:?}");
}

#[test]
fn values_come_back_as_json_of_their_own_kind() {
    let fields = survey();
    let context = Context { today: date(2009, 3, 1), user: User::default(), lookup: &NoOthers };
    let eval = |e: &str| Expression::parse(e).unwrap().eval(&Scope::new(&fields, &context));
    assert_eq!(eval("1 + 1"), json!(2));
    assert_eq!(eval("1 div 4"), json!(0.25));
    assert_eq!(eval("0 div 0"), Value::Null);
    assert_eq!(eval("''"), Value::Null);
    assert_eq!(eval("not(${blank})"), json!(true));
    assert_eq!(eval("${services}"), json!(["water", "power"]));
    assert_eq!(eval("100000000000000 * 2"), json!(200_000_000_000_000i64));
}

#[test]
fn a_row_sees_its_own_values_first_and_its_place() {
    let fields = survey();
    let context = Context { today: date(2009, 3, 1), user: User::default(), lookup: &NoOthers };
    let row = fields["resident"][1].as_object().unwrap();
    let scope = Scope { row: Some((row, 2)), ..Scope::new(&fields, &context) };
    let text = |e: &str| Expression::parse(e).unwrap().text(&scope);
    assert_eq!(text("concat(${nome}, ' ', ${age}, ' ', position(..))"), "Bia 42 2");
}

/// What is wrong, and words of the message it must give.
const REFUSED: &[(&str, &str)] = &[
    ("", "is empty"),
    ("${age} >= ", "at character 11: expected a value, found the end"),
    ("${age} == 3", "at character 8: expected an operator, found `=`; write = for equal"),
    ("${a} && ${b}", "write and"),
    ("!${a}", "write not(…)"),
    ("${age", "not closed"),
    ("${my age}", "not a field's name"),
    ("'open", "not closed"),
    ("“text”", "straight quotes"),
    ("if（${a}, 1, 2)", "at character 3"),
    ("selcted(${a}, 'x')", "at character 1: there is no function selcted(); did you mean selected()?"),
    ("1 + now()", "at character 5: there is no function now(); use today()"),
    ("if(${a}, 1)", "if() is written if(condition, then, else), not with 2 arguments"),
    ("user('phone')", "only 'name' and 'post' are known"),
    ("lookup(${a}, ${b})", "in quotes"),
    ("choice-label('x')", "name the field itself"),
    ("jr:choice-name(${a}, '${b}')", "name the field itself"),
    ("regex(${a}, '[0-9')", "the pattern does not read"),
    ("regex(${a}, ${b})", "in quotes"),
    ("format-date(${a}, '%Q')", "%Q is not one of %Y %y"),
    ("../age > 3", "a field is written ${name}"),
    ("/data/age", "paths are not used here"),
    ("1 2", "expected an operator or the end"),
    ("1.2.3", "is not a number"),
    ("(1", "expected `)`"),
];

#[test]
fn what_cannot_run_is_refused_with_its_place_and_a_hint() {
    for (expression, expected) in REFUSED {
        let error = Expression::parse(expression).map(|_| "parsed").unwrap_err();
        assert!(error.contains(expected), "{expression}: {error}");
    }
    assert!(Expression::parse(&"(".repeat(100_000)).is_err());
    assert!(Expression::parse(&"-".repeat(100_000)).is_err());
    assert!(Expression::parse(&"not(".repeat(100_000)).is_err());
    for link in ["1 + ", "1 or ", "1 and ", "1 = ", "1 < ", "1 * "] {
        assert!(Expression::parse(&format!("{}1", link.repeat(100_000))).is_err(), "{link}");
    }
}

#[test]
fn it_travels_as_its_source_and_is_checked_on_arrival() {
    let expression = Expression::parse("${age} >= 60").unwrap();
    let json = serde_json::to_string(&expression).unwrap();
    assert_eq!(json, r#""${age} >= 60""#);
    assert_eq!(serde_json::from_str::<Expression>(&json).unwrap(), expression);
    assert!(serde_json::from_str::<Expression>(r#""${age} >=""#).unwrap_err().to_string().contains("at character 10"));
    assert_eq!(
        Expression::parse("sum(${a}) + ${b} * count(${b})").unwrap().fields().into_iter().collect::<String>(),
        "ab"
    );
}
