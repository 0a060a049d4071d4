//! What is not supported is named by its cell.

use records::FieldType;
use serde_json::json;

use crate::{book::read, forms::Desk};

/// One of each thing we have not, each named where it stands.
#[test]
fn what_is_not_supported_is_named_cell_by_cell() {
    let (imported, said) = read(&[
        (
            "survey",
            "type | name | label | hint | relevant | constraint | calculation | default | appearance | parameters | trigger | required_message | media::image | read_only | choice_filter | remark
            text | Name of Child | Name
            text | a | Look at **this** | ${a}
            decimal | weight | Weight | | | . > 0.5
            range | score | Score |||||| | start=1 end=5 step=1
            rank list | order | Order
            audio | voice | Voice
            geoshape | field | Field
            barcode | code | Code
            acknowledge | ack | Seen
            text | after_ack | After | | ${ack} = 'OK'
            select_one_from_file villages.csv | village | Village
            text | of_village | Of the village | | ${village} = 'x'
            calculate | pulled ||||| pulldata('x', 'a', 'b', ${a})
            calculate | again ||||| ${pulled} + 1
            text | last | Last ||||| ${last-saved#last}
            text | path | Path | | /data/a = 'x'
            text | now | Now ||||| now()
            text | tail | Tail | | position(../..) > 1
            text | broken | Broken | | ${a} = = 'x'
            text | bare | Bare | | a = 'x'
            text | this | This | | . = 'x'
            integer | triggered | Triggered |||| ${a} * 2 |||| ${a} | Needed | a.jpg
            text | ro | Read only ||||||||||| ${a} = 'x' | b
            image | photo | Photo ||||| | annotate | max-pixels=640
            image | sign | Sign ||||| | signature
            select_one list | picked | Picked ||||| | quick columns-2 | randomize=true
            select_one ${member} | who | Who
            select_one nowhere | none | None
            begin_repeat | member | Member
            text | member_name | Name
            begin_repeat | inner | Inner
            text | deep | Deep
            end_repeat
            end_repeat
            text | all_names | All | | ${member_name} = 'x'
            begin_group | open | | | ${gone} = 'x'
            text | a | Again
            xml-external | file
            audit | audit
            integr | typo | Typo
            | untyped | Untyped",
        ),
        (
            "choices",
            "list_name | name | label | media::image
            list | a b | A | a.png
            list | c
            list | c | C
            list | | D
            unused | x | X",
        ),
        (
            "settings",
            "form_title | form_id | style | allow_choice_duplicates | instance_name | colour
            All of it | All of It | pages | yes | uuid() | red",
        ),
        ("entities", "list_name | label\ntrees | x"),
        ("notes for us", "anything"),
        ("_hidden", "anything"),
    ]);
    assert_eq!(
        said,
        [
            "survey!C1 changed language-lacks",
            "survey!P1 passed column-unknown",
            "survey!B2 changed name-changed",
            "survey!C3 changed text-markup",
            "survey!D3 changed text-reference",
            "survey!A4 changed type-made",
            "survey!A5 changed type-made",
            "survey!A6 refused type-refused",
            "survey!A7 refused type-refused",
            "survey!A8 refused type-refused",
            "survey!A9 changed type-made",
            "survey!A10 changed type-made",
            "survey!A12 refused type-refused",
            "survey!E13 passed expression-reference",
            "survey!B14 refused calculation-lacks",
            "survey!G14 passed expression-function",
            "survey!B15 refused calculation-lacks",
            "survey!G15 passed expression-reference",
            "survey!H16 passed expression-last-saved",
            "survey!E17 passed expression-path",
            "survey!H18 passed expression-function",
            "survey!E19 passed expression-path",
            "survey!E20 passed expression",
            "survey!E21 passed expression-bare",
            "survey!E22 passed expression-this",
            "survey!K23 passed column",
            "survey!L23 passed column",
            "survey!M23 passed column",
            "survey!N24 passed read-only",
            "survey!O24 passed column",
            "survey!I25 passed appearance",
            "survey!J25 passed parameters",
            "survey!I27 passed appearance",
            "survey!J27 passed parameters",
            "survey!A28 refused list-answers",
            "survey!A29 refused list-unknown",
            "survey!A32 refused repeat-nested",
            "survey!E36 passed expression-rows",
            "survey!A37 changed group",
            "survey!A37 changed group-open",
            "survey!E37 passed expression-reference",
            "survey!B38 changed name-twice",
            "survey!A39 refused type-refused",
            "survey!A40 passed type-known",
            "survey!A41 refused type-unknown",
            "survey!A42 refused type-lacks",
            "choices!C1 changed language-lacks",
            "choices!B2 changed choice-changed",
            "choices!D2 passed column",
            "choices!C3 changed label-lacks",
            "choices!B4 refused choice-twice",
            "choices!B5 refused choice-lacks",
            "choices!A6 passed list-unused",
            "settings!F1 passed column-unknown",
            "settings!A2 changed text-lacks",
            "settings!A2 changed date-added",
            "settings!B2 changed name-changed",
            "settings!B2 changed attributes",
            "settings!C2 passed column",
            "settings!D2 passed column",
            "settings!E2 passed expression-function",
            "settings!E2 changed title-made",
            "entities!A1 passed sheet",
            "notes for us!A1 passed sheet",
        ]
    );
    for finding in &imported.findings {
        assert!(!finding.words.zh.is_empty() && !finding.words.en.contains("{}"), "{finding:?}");
    }
    let names: Vec<&str> = imported.kind.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "name_of_child",
            "a",
            "weight",
            "score",
            "code",
            "ack",
            "after_ack",
            "of_village",
            "last",
            "path",
            "now",
            "tail",
            "broken",
            "bare",
            "this",
            "triggered",
            "ro",
            "photo",
            "sign",
            "picked",
            "member",
            "all_names",
            "a_2",
            "date",
        ]
    );
    let field = |name: &str| imported.kind.field(name).unwrap();
    assert_eq!(field("sign").r#type, FieldType::Signature);
    assert_eq!(field("after_ack").relevant.as_ref().unwrap().source(), "${ack} = true()");
    assert_eq!(imported.kind.name, "all_of_it");

    let mut desk = Desk::new(&imported);
    desk.answer("weight", json!("0.4")).answer("score", json!(6)).answer("ack", json!(false));
    assert_eq!(desk.wrong(), ["weight", "score"]);
    desk.answer("weight", json!("12.5")).answer("score", json!(5));
    assert_eq!(desk.wrong(), [""; 0]);
    assert!(!desk.asked().contains(&"after_ack".to_owned()));
}
