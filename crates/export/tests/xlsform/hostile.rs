//! Workbooks made to do harm: nothing panics, nothing takes long, nothing runs.

use export::xlsform::{NotAForm, export, import};
use proptest::{prelude::*, test_runner::RngSeed};
use records::{Pack, Text, pack::Choice};

use crate::book::{book, told};

/// Cells of every column, sane, odd and mad.
fn cell() -> impl Strategy<Value = String> {
    let words = [
        "text",
        "integer",
        "select_one a",
        "select_multiple a or_other",
        "begin_group",
        "end_group",
        "begin_repeat",
        "end_repeat",
        "calculate",
        "note",
        "range",
        "today",
        "a",
        "b",
        "名",
        "yes",
        "${a} > 1",
        "selected(${a}, 'b')",
        ".",
        "sum(${b})",
        "${b}",
        "''",
        "'",
        "${",
        "(((((",
        "=1+1",
        "<script>",
        "a=${a}",
        "record person",
        "yes_no",
        "FALSE",
        "start=1 end=x",
        "signature",
        "linli_type",
        "\u{0}\u{b}",
        "__proto__",
        "名称::",
        "label::",
        "::",
        "1e999",
    ];
    prop_oneof![
        12 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ]
}

fn sheet(headings: &'static [&'static str]) -> impl Strategy<Value = String> {
    let row = proptest::collection::vec(cell(), headings.len()).prop_map(|cells| cells.join("|"));
    proptest::collection::vec(row, 0..14).prop_map(|rows| format!("{}\n{}", headings.join("|"), rows.join("\n")))
}

const SURVEY: [&str; 12] = [
    "type",
    "name",
    "label::zh",
    "label",
    "relevant",
    "constraint",
    "calculation",
    "default",
    "appearance",
    "parameters",
    "linli_type",
    "choice_filter",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, rng_seed: RngSeed::Fixed(2009), ..ProptestConfig::default() })]

    /// Whatever comes in, what is made of it is whole, or says why not, and goes out and comes in again as it is.
    #[test]
    fn whatever_stands_in_the_cells(
        survey in sheet(&SURVEY),
        choices in sheet(&["list_name", "name", "label", "a"]),
        settings in sheet(&["form_id", "form_title", "default_language", "linli_nature", "linli_date", "instance_name"]),
    ) {
        let pack = Pack::community();
        let sheets = [("survey", survey.as_str()), ("choices", &choices), ("settings", &settings)];
        match import(&pack, "x.xlsx", &book(&sheets)) {
            Err(NotAForm::NoQuestion(findings)) => prop_assert!(!findings.is_empty() || survey.lines().count() < 2),
            Err(why) => prop_assert!(false, "{why:?}"),
            Ok(imported) => {
                let now = imported.within(&pack);
                let problems = now.clone().succeed(&pack).err().unwrap_or_default();
                let said = told(&imported).iter().filter(|line| line.ends_with("kind-wrong")).count();
                prop_assert_eq!(problems.len(), said, "{:?}", problems);
                if problems.is_empty() {
                    let again = import(&now, "x.xlsx", &export(&now, &imported.kind.name).unwrap().unwrap()).unwrap();
                    prop_assert_eq!(again.kind, imported.kind);
                }
            }
        }
    }

    #[test]
    fn whatever_the_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..8000, to in any::<u8>()) {
        prop_assert!(import(&Pack::community(), "x", &bytes).is_err());
        let mut broken = export(&Pack::community(), "talk").unwrap().unwrap();
        let at = at % broken.len();
        broken[at] = to;
        let _ = import(&Pack::community(), "x", &broken);
    }
}

#[test]
fn huge_forms_are_cut_short() {
    let rows: String = (0..2_000).map(|n| format!("text | q{n} | Q | ${{q{}}} = 'x'\n", n + 1)).collect();
    // Each calculation hangs on the next, and the last on nothing: they fall one by one.
    let chain: String = (0..400).map(|n| format!("calculate | c{n} |  |  | ${{c{}}} + 1\n", n + 1)).collect();
    let wide: String = (0..1_100).map(|n| format!("integr{n} | x | {}\n", "y | ".repeat(100))).collect();
    for survey in [rows, chain, wide] {
        let sheet = format!("type | name | label | relevant | calculation\ntext | first | First\n{survey}");
        let imported = import(&Pack::community(), "x", &book(&[("survey", &sheet)])).unwrap();
        assert!(imported.findings.len() <= 1000 && imported.kind.fields.len() <= 1001);
    }
    let deep = |begin: &str, end: &str| {
        format!("type|name|label|relevant\n{}text|a|A|{begin}{end}\n", "begin_group|g|G|\n".repeat(100))
    };
    for (begin, end) in
        [("(".repeat(5_000), String::new()), ("1+".repeat(3_000), "1".into()), ("not(".repeat(2_000), String::new())]
    {
        let imported = import(&Pack::community(), "x", &book(&[("survey", &deep(&begin, &end))])).unwrap();
        assert!(told(&imported).iter().any(|line| line.ends_with("passed expression")));
    }
}

#[test]
fn a_file_that_is_no_form_says_what_it_is() {
    let pack = Pack::community();
    let why = |bytes: &[u8]| import(&pack, "x", bytes).unwrap_err();
    assert_eq!(why(&book(&[("Sheet1", "a\nb")])), NotAForm::NoSurvey);
    assert_eq!(why(&book(&[("survey", "name | label\nb | B")])), NotAForm::NoColumn("type"));
    assert!(matches!(why(b"type,name,label\ntext,a,A"), NotAForm::Unreadable(_)));
    assert!(matches!(why(b""), NotAForm::Unreadable(_)));
    for why in [why(b""), NotAForm::NoSurvey, NotAForm::NoColumn("type"), NotAForm::NoQuestion(Vec::new())] {
        assert!(!why.words().zh.is_empty() && !why.words().en.is_empty());
    }
}

/// What people wrote into a pack stands in the cells as text, never as a formula, and comes back.
#[test]
fn words_stay_words() {
    for words in
        ["=HYPERLINK(\"http://x\")", "+1+cmd|' /C calc'!A0", "@SUM(1)", "<b>&amp;", "'quoted'", "𠮷野家\n第二行"]
    {
        let mut pack = Pack::community();
        let kind = pack.kinds.get_mut("grid").unwrap();
        kind.fields[0].label = Text::new(words, words);
        let choice =
            Choice { name: "x".into(), label: Text::new(words, "x"), columns: [("by".into(), words.into())].into() };
        pack.choices.insert("grid.made".into(), vec![choice]);
        let bytes = export(&pack, "grid").unwrap().unwrap();
        let imported = import(&pack, "x", &bytes).unwrap();
        assert_eq!(&imported.kind, pack.kind("grid").unwrap());
        assert_eq!(imported.choices["grid.made"], pack.choices["grid.made"]);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
        for at in 0..archive.len() {
            let part = std::io::read_to_string(archive.by_index(at).unwrap()).unwrap();
            assert!(!part.contains("<f>"), "{words} became a formula");
        }
    }
}
