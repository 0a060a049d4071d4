//! Forms in the idioms of ODK's own documents: what is supported works, what is not is named cell by cell.

use export::xlsform::Imported;
use jiff::civil::date;
use records::{Context, FieldType, NoOthers, Pack, User, Value, form::Form, pack::Nature};
use serde_json::json;

use crate::book::read;

/// A record being written by the imported kind.
pub struct Desk {
    pack: Pack,
    form: Form,
}

fn context() -> Context<'static> {
    Context { today: date(2026, 11, 27), user: User { name: "minzheng", post: "civil_affairs" }, lookup: &NoOthers }
}

impl Desk {
    pub fn new(imported: &Imported) -> Self {
        let was = Pack::community();
        let pack = imported.within(&was).succeed(&was).expect("it may be put in force");
        let form = Form::new(&pack, &imported.kind.name, Default::default(), true, &context());
        Self { pack, form }
    }

    pub fn answer(&mut self, name: &str, value: Value) -> &mut Self {
        self.form.set(&self.pack, name, value, &context());
        self
    }

    /// Questions that are asked now.
    pub fn asked(&self) -> Vec<String> {
        let questions = self.form.questions(&self.pack, &context());
        questions.into_iter().filter(|q| q.relevant).map(|q| q.field.name.clone()).collect()
    }

    pub fn choices(&self, name: &str) -> Vec<&str> {
        let questions = self.form.questions(&self.pack, &context());
        questions.into_iter().find(|q| q.field.name == name).unwrap().choices.iter().map(|c| c.name.as_str()).collect()
    }

    pub fn value(&self, name: &str) -> Value {
        self.form.fields().get(name).cloned().unwrap_or_default()
    }

    /// Fields that something is wrong with.
    pub fn wrong(&self) -> Vec<String> {
        self.form.problems(&self.pack, &context()).into_iter().filter_map(|p| p.field).collect()
    }
}

/// A household survey in two languages: groups, relevance, constraints, a repeat, figures over it.
const HOUSEHOLD: [(&str, &str); 3] = [
    (
        "survey",
        "type | name | label::中文 (zh) | label::English (en) | hint::English (en) | required | relevant | constraint | constraint_message::中文 (zh) | constraint_message::English (en) | calculation | default | appearance
        start | start
        today | today
        text | head | 户主姓名 | Name of head || yes
        select_one yes_no | consent | 同意 | Do you agree? || yes
        begin_group | main | 家庭 | Household ||| ${consent} = 'yes'
        integer | size | 人口 | How many live here? | Count everyone || | . > 0 and . <= 30 | 1到30 | From 1 to 30
        select_multiple sources | water | 水源 | Sources of water ||||||||| minimal
        text | water_other | 其他水源 | Which other? ||| selected(${water}, 'other')
        begin_repeat | member | 成员 | Member
        text | name | 姓名 | Name || yes
        date | born | 出生 | Born on ||| | . <= today() | 不能晚于今天 | Not after today
        calculate | years || || | | | || int((today() - ${born}) div 365.25)
        select_one yes_no | school | 上学 | Goes to school? ||| ${years} >= 6 and ${years} < 16
        end_repeat
        calculate | counted |||||||||  count(${member})
        note | differs | 人数不符 | The members are not as many as you said ||| ${counted} != ${size}
        end_group
        geopoint | place | 位置 | Where",
    ),
    (
        "choices",
        "list_name | name | label::中文 (zh) | label::English (en)
        yes_no | yes | 是 | Yes
        yes_no | no | 否 | No
        sources | tap | 自来水 | Tap
        sources | well | 井 | Well
        sources | other | 其他 | Other",
    ),
    (
        "settings",
        "form_title | form_id | version | default_language | instance_name
        入户调查 | household_survey | 2026112701 | 中文 (zh) | concat(${head}, ' ', ${today})",
    ),
];

#[test]
fn a_household_survey_works_as_it_does_in_odk() {
    let (imported, said) = read(&HOUSEHOLD);
    assert_eq!(
        said,
        [
            "survey!A2 passed type-known",
            "survey!A3 changed type-made",
            "survey!A6 changed group-heading",
            "settings!A2 changed text-lacks",
            "settings!B2 changed attributes",
        ]
    );
    let kind = &imported.kind;
    assert_eq!(
        (kind.name.as_str(), kind.nature, kind.date.as_deref()),
        ("household_survey", Nature::Fact, Some("today"))
    );
    assert_eq!(kind.title.as_ref().unwrap().source(), "concat(${head}, ' ', ${today})");
    let FieldType::Repeat(rows) = &kind.field("member").unwrap().r#type else { panic!() };
    assert_eq!(rows.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["name", "born", "years", "school"]);

    let mut desk = Desk::new(&imported);
    assert_eq!(desk.value("today"), json!("2026-11-27"));
    desk.answer("head", json!("甲")).answer("consent", json!("no"));
    assert_eq!(desk.asked(), ["today", "head", "consent", "place"], "nothing more is asked");
    desk.answer("consent", json!("yes")).answer("size", json!(2)).answer("water", json!(["tap", "other"]));
    assert!(desk.asked().contains(&"water_other".to_owned()));
    assert!(desk.asked().contains(&"differs".to_owned()), "none of two is written");
    desk.answer("member", json!([{"name": "乙", "born": "2016-01-01"}, {"name": "丙", "born": "1950-01-01"}]));
    assert!(!desk.asked().contains(&"differs".to_owned()));
    let years: Vec<Value> = desk.value("member").as_array().unwrap().iter().map(|row| row["years"].clone()).collect();
    assert_eq!(years, [json!(10), json!(76)]);
    let questions = desk.form.questions(&desk.pack, &context());
    let rows = &questions.iter().find(|q| q.field.name == "member").unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.last().unwrap().relevant).collect::<Vec<_>>(), [true, false], "of school age");
    assert_eq!(desk.wrong(), [""; 0]);
    desk.answer("size", json!(31));
    assert_eq!(desk.wrong(), ["size"]);
}

#[test]
fn cascading_selects_filter_their_choices() {
    let (imported, said) = read(&[
        (
            "survey",
            "type | name | label | choice_filter | required
            select_one province | province | Province | | yes
            select_one city | city | City | province = ${province} | yes
            select_one district or_other | district | District | city=${city} and name != 'old'",
        ),
        (
            "choices",
            "list_name | name | label | province | city
            province | js | Jiangsu
            province | zj | Zhejiang
            city | sz | Suzhou | js
            city | nj | Nanjing | js
            city | hz | Hangzhou | zj
            district | gusu | Gusu | | sz
            district | old | Canglang | | sz
            district | xihu | Xihu | | hz",
        ),
        ("settings", "form_title | form_id | default_language\nCascade | cascade | English (en)"),
    ]);
    assert_eq!(
        said,
        [
            "survey!C1 changed language-lacks",
            "choices!C1 changed language-lacks",
            "settings!A2 changed text-lacks",
            "settings!A2 changed date-added",
            "settings!A2 changed title-made",
            "settings!B2 changed attributes",
        ]
    );
    let mut desk = Desk::new(&imported);
    desk.answer("province", json!("js"));
    assert_eq!(desk.choices("city"), ["sz", "nj"]);
    desk.answer("city", json!("sz"));
    assert_eq!(desk.choices("district"), ["gusu"]);
    desk.answer("province", json!("zj"));
    assert_eq!(desk.choices("city"), ["hz"]);
    assert!(!desk.asked().contains(&"district_other".to_owned()));
}

#[test]
fn ones_own_words_are_asked_for_as_odk_asks() {
    let (imported, said) = read(&[
        (
            "survey",
            "type | name | label::English | label::中文\nselect_multiple pets or_other | pets | Pets | 宠物\ntoday | today",
        ),
        ("choices", "list_name | name | label::English | label::中文\npets | cat | Cat | 猫"),
    ]);
    assert_eq!(said, ["survey!A1 changed attributes", "survey!A1 changed title-made", "survey!A3 changed type-made"]);
    let mut desk = Desk::new(&imported);
    assert_eq!(desk.choices("pets"), ["cat", "other"]);
    desk.answer("pets", json!(["other"]));
    assert_eq!(desk.asked(), ["pets", "pets_other", "today"]);
}

#[test]
fn a_form_in_neither_language_is_taken_and_said_so() {
    let (imported, said) = read(&[
        (
            "survey",
            "type | name | label::Français (fr) | label::Español (es)\ntext | nom | Votre nom ? | ¿Nombre?\ntoday | jour | Jour | Día",
        ),
        ("settings", "form_id | default_language\nenquete | Français (fr)"),
    ]);
    assert_eq!(imported.kind.field("nom").unwrap().label.zh, "Votre nom ?");
    assert_eq!(
        said,
        [
            "survey!C1 changed language-only",
            "survey!D1 passed language-other",
            "survey!A3 changed type-made",
            "settings!A2 changed attributes",
            "settings!A2 changed title-made",
        ]
    );
}

#[test]
fn a_form_that_would_take_a_kinds_place_says_what_it_takes() {
    let (imported, said) = read(&[
        (
            "survey",
            "type | name | label::中文 | label::English\ntext | number | 编号 | Number\ninteger | name | 名 | Name",
        ),
        ("settings", "form_id\nbuilding"),
    ]);
    assert!(!imported.is_new);
    assert!(said.contains(&"settings!A2 changed kind-in-force".to_owned()), "{said:?}");
    assert!(said.iter().filter(|line| line.ends_with("field-gone")).count() > 2, "{said:?}");
}
