//! A record and a pack to run expressions over.

use std::sync::LazyLock;

use jiff::civil::date;
use records::{
    Context, Fields, Lang, Pack, User,
    expression::{Expression, Scope},
};
use serde_json::json;

/// The instance of `rxeval`'s oracle, as a record; names of two fields differ from the paths, which are unique here.
pub fn survey() -> Fields {
    let rows = json!([{"nome": "Ana", "idade": 34}, {"nome": "Bia", "idade": 7}, {"nome": "Caio", "idade": 19}]);
    let fields = json!({
        "age": 42, "income": 1500.5, "zero": 0, "negative": -7, "consent": "yes", "name": "Maria da Silva",
        "spaced": "  padded  ", "services": ["water", "power"], "one_service": ["water"], "blank": "",
        "date": "2026-08-07", "stamp": "2026-08-07T06:31:13.834-03:00", "cpf": "12345678901", "resident": rows,
    });
    serde_json::from_value(fields).unwrap()
}

/// A pack that knows the survey's repeat and one choice list.
fn survey_pack() -> Pack {
    let kind = r#"
        label = { zh = "调查", en = "Survey" }
        nature = "register"
        class = "open"
        title = "${name}"
        [[field]]
        name = "name"
        type = "text"
        label = { zh = "姓名", en = "Name" }
        [[field]]
        name = "consent"
        type = "select_one answer"
        label = { zh = "同意", en = "Consent" }
        [[field]]
        name = "resident"
        type = "repeat"
        label = { zh = "成员", en = "Members" }
        [[field.field]]
        name = "nome"
        type = "text"
        label = { zh = "名", en = "Name" }
        [[field.field]]
        name = "idade"
        type = "integer"
        label = { zh = "年龄", en = "Age" }
        [choices]
        answer = [{ name = "yes", label = { zh = "同意", en = "Agreed" } }]
    "#;
    let head = r#"
        name = "survey"
        version = 1
        label = { zh = "调查", en = "Survey" }
    "#;
    Pack::load(&[("pack.toml", head), ("kinds/survey.toml", kind)]).unwrap()
}

const OTHER: &str = "01938c3e-1a2b-7c3d-8e4f-5a6b7c8d9e0f";

/// Runs an expression over the survey, as text.
pub fn text_in(lang: Lang, expression: &str) -> String {
    static PACK: LazyLock<Pack> = LazyLock::new(survey_pack);
    let mut fields = survey();
    fields.insert("friend".into(), OTHER.into());
    let other: Fields = serde_json::from_value(json!({"name": "Rosa", "labels": ["a", "b"]})).unwrap();
    let lookup = |id: records::RecordId| (id.to_string() == OTHER).then(|| ("survey".to_owned(), other.clone()));
    let user = User { name: "wang", post: "retirees" };
    let context = Context { today: date(2009, 3, 1), user, lookup: &lookup };
    let scope = Scope { lang, ..Scope::of(&PACK, &PACK.kinds["survey"], &fields, &context) };
    Expression::parse(expression).unwrap_or_else(|error| panic!("{error}")).text(&scope)
}

pub fn text(expression: &str) -> String {
    text_in(Lang::En, expression)
}
