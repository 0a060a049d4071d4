//! The tables of `docs/xlsform.md` are those of the code. `UPDATE=1 cargo test -p export --test xlsform doc` writes them anew.

use std::fmt::Write as _;

use export::xlsform::{
    columns::{APPEARANCES, CHOICES, Column, SETTINGS, SHEETS, SURVEY, Use},
    finding::SAYINGS,
    types::{FOREIGN, Made, TYPES},
};

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn types() -> String {
    let mut table = "| ours | ODK's | |\n|---|---|---|\n".to_owned();
    for pair in &TYPES {
        let appearance =
            if pair.appearance.is_empty() { String::new() } else { format!(", appearance `{}`", pair.appearance) };
        let note = if pair.enough { "" } else { "ours stands in `linli_type`" };
        writeln!(table, "| `{}` | `{}`{appearance} | {note} |", pair.ours, pair.odk).unwrap();
    }
    table
}

fn foreign() -> String {
    let mut table = "| ODK's | becomes | |\n|---|---|---|\n".to_owned();
    for foreign in &FOREIGN {
        let made = match foreign.made {
            Made::Question(ours, _) => code(ours),
            Made::Range => code("integer"),
            Made::Calculation => code("calculate"),
            Made::Nothing => "— left out".to_owned(),
            Made::Known => "— not asked".to_owned(),
        };
        writeln!(table, "| `{}` | {made} | {} |", foreign.odk, foreign.en).unwrap();
    }
    table
}

fn columns() -> String {
    let mut table = "| sheet | column | also written | |\n|---|---|---|---|\n".to_owned();
    let sheets: [(&str, &[Column]); 3] = [("survey", &SURVEY), ("choices", &CHOICES), ("settings", &SETTINGS)];
    for (sheet, columns) in sheets {
        for column in columns {
            let aliases: Vec<String> = column.aliases.iter().map(|alias| code(alias)).collect();
            let becomes = match column.r#use {
                Use::Read => "read".to_owned(),
                Use::Passed(_, en) => format!("passed over: {en}"),
                Use::Silent => "says nothing that would have to be kept".to_owned(),
            };
            writeln!(table, "| {sheet} | `{}` | {} | {becomes} |", column.name, aliases.join(", ")).unwrap();
        }
    }
    for (sheet, _, en) in &SHEETS {
        writeln!(table, "| {sheet} | all | | passed over: {en} |").unwrap();
    }
    table
}

fn appearances() -> String {
    format!("{}\n", APPEARANCES.map(code).join(", "))
}

fn sayings() -> String {
    let mut table = "| name | what became of the cell | |\n|---|---|---|\n".to_owned();
    for saying in SAYINGS {
        writeln!(table, "| `{}` | {} | {} |", saying.code, saying.outcome.words().en, saying.en.replace("{}", "…"))
            .unwrap();
    }
    table
}

#[test]
fn the_tables_of_the_page_are_those_of_the_code() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/xlsform.md");
    let page = std::fs::read_to_string(file).unwrap();
    let mut wanted = page.clone();
    let tables = [
        ("types", types()),
        ("foreign", foreign()),
        ("columns", columns()),
        ("appearances", appearances()),
        ("findings", sayings()),
    ];
    for (name, table) in tables {
        let begin = format!("<!-- {name} -->\n");
        let at = wanted.find(&begin).unwrap_or_else(|| panic!("the page has a place for {name}")) + begin.len();
        let end = at + wanted[at..].find("<!-- end -->").unwrap();
        wanted.replace_range(at..end, &table);
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &wanted).unwrap();
    }
    assert!(
        std::env::var_os("UPDATE").is_some() || page == wanted,
        "the tables have changed: UPDATE=1 writes them anew"
    );
}

#[test]
fn everything_that_can_be_said_has_a_name_of_its_own() {
    for saying in SAYINGS {
        assert_eq!(SAYINGS.iter().filter(|other| other.code == saying.code).count(), 1, "{}", saying.code);
        assert_eq!(saying.zh.matches("{}").count(), saying.en.matches("{}").count(), "{}", saying.code);
    }
}
