//! Idioms of real forms whose meaning is easily lost: what comes in asks, refuses and reckons as it did in ODK.

use export::xlsform::{Imported, Outcome, finding::folded, import};
use records::{FieldType, Pack, Value};
use serde_json::json;

use crate::{book::read, forms::Desk};

/// A form in English of these questions, and what was said but of its being one.
fn form(survey: &str, choices: &str) -> (Imported, Vec<String>) {
    let survey = survey.replacen(" label", " label::English", 1);
    let choices = choices.replacen(" label", " label::English", 1);
    let mut sheets = vec![("survey", survey.as_str()), ("settings", "form_id\nidiom")];
    if !choices.is_empty() {
        sheets.push(("choices", &choices));
    }
    let (imported, mut said) = read(&sheets);
    let plain = ["language-lacks", "date-added", "title-made", "attributes"];
    said.retain(|line| !plain.iter().any(|code| line.ends_with(code)));
    (imported, said)
}

#[test]
fn a_range_keeps_its_ends_and_its_steps() {
    let (imported, said) = form(
        "type | name | label | parameters
        range | age | Age | start = 18, end = 65
        range | share | Share | start=0 end=1 step=0.1
        range | fives | Fives | start=-10; end=10; step=5; tick_interval=5
        range | plain | Plain",
        "",
    );
    assert_eq!(
        said,
        [
            "survey!A2 changed type-made",
            "survey!A3 changed type-made",
            "survey!A4 changed type-made",
            "survey!D4 passed parameters",
            "survey!A5 changed type-made",
        ]
    );
    let mut desk = Desk::new(&imported);
    for (name, fits, wrong) in [
        ("age", json!(40), json!(17)),
        ("age", json!(65), json!(66)),
        ("share", json!("0.3"), json!("0.35")),
        ("share", json!("1"), json!("1.1")),
        ("share", json!("0.7"), json!("seven")),
        ("fives", json!(-10), json!(-9)),
        ("fives", json!(5), json!(15)),
        ("plain", json!(10), json!(11)),
    ] {
        assert_eq!(desk.answer(name, wrong.clone()).wrong(), [name], "{wrong}");
        assert_eq!(desk.answer(name, fits.clone()).wrong(), [""; 0], "{name} {fits}");
    }
    assert_eq!(imported.kind.field("share").unwrap().r#type, FieldType::Text);
    assert!(imported.kind.field("age").unwrap().constraint_message.as_ref().unwrap().zh.contains("18 到 65"));
}

#[test]
fn times_compare_and_are_reckoned_with() {
    let (imported, _) = form(
        "type | name | label | constraint | constraint_message::English | calculation | relevant
        time | from | From
        time | to | To | . > ${from} | Ends before it begins
        calculate | hours | | | | (decimal-time(${to}) - decimal-time(${from})) * 24
        calculate | minutes | | | | round((${to} - ${from}) * 1440)
        text | late | Why so late? | | | | ${to} >= '22:00'",
        "",
    );
    let mut desk = Desk::new(&imported);
    desk.answer("from", json!("21:00")).answer("to", json!("22:30"));
    assert_eq!(desk.wrong(), [""; 0]);
    assert_eq!((desk.value("hours"), desk.value("minutes")), (json!(1.5), json!(90)));
    assert!(desk.asked().contains(&"late".to_owned()));
    desk.answer("to", json!("09:15"));
    assert_eq!(desk.wrong(), ["to"]);
    assert!(!desk.asked().contains(&"late".to_owned()));
    assert_eq!(desk.answer("to", json!("25:00")).wrong(), ["to"]);
}

#[test]
fn decimals_are_equal_as_numbers_and_a_comma_is_told_what_to_write() {
    let (imported, _) = form(
        "type | name | label | constraint | constraint_message::English | relevant
        decimal | weight | Weight | . > 0 and . < 300 | From 0 to 300
        decimal | again | Again | . = ${weight} | The two weights differ
        text | why | Why | | | ${weight} != ${again}
        text | none | None | | | ${weight} = ''",
        "",
    );
    let mut desk = Desk::new(&imported);
    assert!(desk.asked().contains(&"none".to_owned()));
    desk.answer("weight", json!("60")).answer("again", json!("60.0"));
    assert_eq!(desk.wrong(), [""; 0]);
    assert!(!desk.asked().contains(&"why".to_owned()) && !desk.asked().contains(&"none".to_owned()));
    assert_eq!(desk.answer("again", json!("60.5")).wrong(), ["again"]);
    assert!(desk.asked().contains(&"why".to_owned()));
    desk.answer("again", json!("62,5")).answer("weight", json!("62.5"));
    assert_eq!(desk.wrong(), ["again"]);
    let message = imported.kind.field("weight").unwrap().constraint_message.clone().unwrap();
    assert_eq!(message.en, "From 0 to 300 Please write a number such as 62.5.");
}

#[test]
fn choices_of_one_name_in_two_branches_of_a_cascade_both_stay() {
    let choices = "list_name | name | label | county
        county | bomi | Bomi
        county | bong | Bong
        point | 1 | Bomi One | bomi
        point | 2 | Bomi Two | bomi
        point | 1 | Bong One | bong
        point | 1 | Bong One again | bong";
    let (imported, said) = form(
        "type | name | label | choice_filter
        select_one county | county | County
        select_one point | point | Point | county = ${county}
        calculate | said",
        choices,
    );
    assert_eq!(
        said.iter().filter(|line| line.contains("choice-twice")).collect::<Vec<_>>(),
        ["choices!B7 refused choice-twice"]
    );
    let mut desk = Desk::new(&imported);
    for county in ["bomi", "bong"] {
        desk.answer("county", json!(county)).answer("point", json!("1"));
        assert_eq!(desk.wrong(), [""; 0]);
    }
    assert_eq!(desk.answer("point", json!("2")).wrong(), ["point"], "it is another county's");
    desk.answer("county", json!("bomi"));
    assert_eq!(desk.choices("point"), ["1", "2"]);
    let was = Pack::community();
    let pack = imported.within(&was).succeed(&was).unwrap();
    assert!(imported.edits(&pack, &[]).is_empty(), "it is in force as it stands");
    // Nothing tells them apart where the question has no filter.
    let (imported, said) = form(
        "type | name | label\nselect_one county | county | County\nselect_multiple point | point | Point",
        choices,
    );
    assert_eq!(said.iter().filter(|line| line.contains("choice-twice")).count(), 2, "{said:?}");
    assert_eq!(imported.choices["idiom.point"].len(), 2);
}

#[test]
fn a_reference_means_the_nearest_question_of_its_name() {
    let (imported, said) = form(
        "type | name | label | relevant | constraint | constraint_message::English | calculation
        begin_group | head | Head
        integer | age | Age
        text | school | School of ${age} | ${age} < 18
        end_group
        begin_group | partner | Partner
        integer | age | Age
        begin_group | more | | ${age} > 0
        text | school | School of ${age} | ${age} < 18 | string-length(.) < ${age} | Short
        end_group
        end_group
        begin_repeat | child | Child
        integer | age | Age
        text | school | School | ${age} > 6
        end_repeat
        calculate | either ||||| ${age} + 1",
        "",
    );
    assert!(said.contains(&"survey!G16 passed expression-twice".to_owned()), "{said:?}");
    let source = |name: &str| imported.kind.field(name).unwrap().relevant.as_ref().unwrap().source().to_owned();
    assert_eq!(source("school"), "${age} < 18");
    assert_eq!(source("school_2"), "(${age_2} > 0) and (${age_2} < 18)");
    assert_eq!(imported.kind.field("school_2").unwrap().label.en, "School of ${age_2}");
    let child = imported.kind.field("child").unwrap();
    assert_eq!(child.inner("school_3").unwrap().relevant.as_ref().unwrap().source(), "${age_3} > 6");
    let mut desk = Desk::new(&imported);
    desk.answer("age", json!(40)).answer("age_2", json!(17));
    assert!(desk.asked().contains(&"school_2".to_owned()) && !desk.asked().contains(&"school".to_owned()));
}

#[test]
fn yes_and_no_are_expressions_however_they_are_written() {
    let (imported, said) = form(
        "type | name | label | relevant | required | readonly | appearance
        begin_group | inputs | Inputs | FALSE
        text | hidden | Hidden
        end_group
        begin_group | shown | Shown | True
        text | never | Never | false | TRUE
        text | always | Always | yes | no | False
        text | shown_only | Shown only | TRUE() | | Yes
        end_group
        begin_group | bad | Bad | field-list
        text | in_bad | In bad
        begin_repeat | rows | Rows
        begin_group | worse | | . = 'x'
        text | in_worse | In worse
        end_group
        end_repeat
        end_group",
        "",
    );
    assert!(said.contains(&"survey!D10 passed expression-bare".to_owned()), "{said:?}");
    assert!(said.contains(&"survey!D13 passed expression-this".to_owned()), "{said:?}");
    assert!(!said.iter().any(|line| line.contains("kind-wrong") || line.contains("read-only")), "{said:?}");
    let mut desk = Desk::new(&imported);
    let asked = desk.asked();
    let is_asked = |name: &str| asked.iter().any(|asked| asked == name);
    assert!(!is_asked("hidden") && !is_asked("never"));
    assert!(is_asked("always") && is_asked("in_bad") && is_asked("shown_only"));
    assert!(imported.kind.field("shown_only").unwrap().read_only && !imported.kind.field("always").unwrap().read_only);
    assert_eq!(desk.answer("always", json!("x")).wrong(), [""; 0]);
}

#[test]
fn a_required_note_keeps_the_form_from_being_saved_while_it_shows() {
    let (imported, said) = form(
        "type | name | label | required | relevant
        integer | given | Given
        integer | got | Got
        note | differs | They differ: count again. | yes | ${given} != ${got}
        note | plain | Thank you.",
        "",
    );
    assert!(said.contains(&"survey!D4 changed note-required".to_owned()), "{said:?}");
    let mut desk = Desk::new(&imported);
    assert_eq!(desk.answer("given", json!(1)).answer("got", json!(2)).wrong(), ["differs"]);
    assert_eq!(desk.answer("got", json!(1)).wrong(), [""; 0]);
}

#[test]
fn what_reckons_with_itself_is_named_and_null_is_nothing() {
    let (imported, said) = form(
        "type | name | label | calculation | relevant
        integer | n | N | ${n} + 1
        integer | kept | Kept | once(${n})
        calculate | empty | | if(${n} > 1, null, 'few')
        text | any | Any | | ${n} != null",
        "",
    );
    assert_eq!(said, ["survey!D2 passed expression-itself"]);
    let mut desk = Desk::new(&imported);
    desk.answer("n", json!(1));
    assert_eq!((desk.value("n"), desk.value("kept"), desk.value("empty")), (json!(1), json!(1), json!("few")));
    assert!(desk.asked().contains(&"any".to_owned()));
    desk.answer("n", json!(3));
    assert_eq!(desk.value("empty"), Value::Null);
}

#[test]
fn a_plain_text_is_as_long_as_it_was_there() {
    let (imported, _) = form("type | name | label\ntext | story | Story\nbarcode | code | Code", "");
    let mut desk = Desk::new(&imported);
    desk.answer("story", json!("一行\n".repeat(400)));
    assert_eq!(desk.wrong(), [""; 0]);
    desk.answer("code", json!("1".repeat(501)));
    assert_eq!(desk.wrong(), ["code"]);
}

#[test]
fn labels_follow_names_and_the_forms_root_is_called_otherwise() {
    let (imported, _) = form(
        "type | name | label | hint::English
        text | Enum_Name | Name
        text | data | Data of ${Enum_Name} | Ask ${ Enum_Name }
        begin_group | meta | Meta
        note | done | Thank you, ${Enum_Name}!
        end_group",
        "",
    );
    let label = |name: &str| imported.kind.field(name).unwrap().label.en.clone();
    assert_eq!((label("data"), label("done")), ("Data of ${enum_name}".into(), "Thank you, ${enum_name}!".into()));
    assert_eq!(imported.kind.field("data").unwrap().hint.as_ref().unwrap().en, "Ask ${enum_name}");
    assert!(imported.kind.field("meta").is_none());
    let was = Pack::community();
    let pack = imported.within(&was).succeed(&was).unwrap();
    let bytes = export::xlsform::export(&pack, "idiom").unwrap().unwrap();
    let again = import(&pack, "idiom.xlsx", &bytes).unwrap();
    assert!(again.edits(&pack, &[]).is_empty());
    let mut sheets = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let settings = calamine::Reader::worksheet_range(&mut sheets, "settings").unwrap();
    let column = settings.rows().next().unwrap().iter().position(|head| *head == "name").unwrap();
    assert_eq!(settings.rows().nth(1).unwrap()[column].to_string(), "record");
}

#[test]
fn one_kind_of_finding_is_one_line_and_what_is_lost_comes_first() {
    let questions: String = (0..40).map(|n| format!("\ntext | Name{n}X | Name | ")).collect();
    let (imported, _) = form(
        &format!(
            "type | name | label | relevant{questions}\naudio | voice | Voice\ntext | now | Now | now() > 1\nstart | start"
        ),
        "",
    );
    let lines = folded(&imported.findings);
    let codes: Vec<&str> = lines.iter().map(|line| line.first.code).collect();
    assert_eq!(codes[..2], ["type-refused", "expression-function"]);
    assert_eq!(codes.last(), Some(&"type-known"));
    assert!(codes.iter().all(|code| codes.iter().filter(|other| *other == code).count() == 1));
    let names = lines.iter().find(|line| line.first.code == "name-changed").unwrap();
    assert_eq!(
        (names.places.len(), names.places[1].as_str(), names.first.outcome),
        (40, "survey!B3", Outcome::Changed)
    );
    assert!(names.words.en.ends_with("it is called …"), "{}", names.words.en);
}
