//! Forms that others wrote: pyxform's own examples and one for each of ODK's features, as the published crate `rxform` brings
//! them. What each becomes stands in `fixtures.txt`; `UPDATE=1 cargo test -p export --test xlsform fixtures` writes it anew.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use export::xlsform::{Imported, NotAForm, import};
use records::{Field, FieldType, Pack};

use crate::book::told;

/// The forms' folder, where cargo keeps the crate.
fn folder() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--offline", "--manifest-path"]);
    let output = command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).output().unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "rxform").unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).with_file_name("tests").join("fixtures")
}

fn field(to: &mut String, indent: &str, field: &Field) {
    let mut kept = serde_json::to_value(&field.r#type).unwrap();
    if let FieldType::Repeat(_) = field.r#type {
        kept = "repeat".into();
    }
    write!(to, "{indent}{} {kept} “{}”", field.name, field.label.en).unwrap();
    let expressions = [
        ("required", &field.required),
        ("relevant", &field.relevant),
        ("constraint", &field.constraint),
        ("calculation", &field.calculation),
        ("default", &field.default),
        ("filter", &field.choice_filter),
    ];
    for (name, expression) in expressions {
        if let Some(expression) = expression {
            write!(to, " {name}: {}", expression.source()).unwrap();
        }
    }
    to.push('\n');
    if let FieldType::Repeat(rows) = &field.r#type {
        rows.iter().for_each(|row| self::field(to, "      ", row));
    }
}

fn became(read: &Result<Imported, NotAForm>) -> String {
    let mut to = String::new();
    match read {
        Ok(imported) => {
            let kind = &imported.kind;
            let title = kind.title.as_ref().map_or("", |title| title.source());
            writeln!(to, "  kind {} “{}” titled {title}", kind.name, kind.label.en).unwrap();
            kind.fields.iter().for_each(|one| field(&mut to, "    ", one));
            told(imported).iter().for_each(|line| writeln!(to, "  {line}").unwrap());
        }
        Err(why) => writeln!(to, "  none: {why}").unwrap(),
    }
    to
}

#[test]
fn each_form_of_others_becomes_what_it_should() {
    let pack = Pack::community();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut text = String::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "xlsx")) {
        let name = path.file_name().unwrap().to_string_lossy();
        let read = import(&pack, &name, &std::fs::read(path).unwrap());
        if let Ok(imported) = &read {
            assert_eq!(imported.within(&pack).succeed(&pack).map(drop), Ok(()), "{name} may be put in force");
        }
        writeln!(text, "{name}\n{}", became(&read)).unwrap();
    }
    assert!(text.matches("kind ").count() > 25, "the forms were found");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/xlsform/fixtures.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    let agreed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(agreed == text, "what forms become has changed: look at the difference after UPDATE=1 cargo test");
}
