//! Questions of a form, in plain words: a line, an amount, one of these.

use std::collections::BTreeMap;

use super::{Edit, both, known, label, name::name_for, parsed};
use crate::{
    Text,
    pack::{Choice, Field, FieldType, Kind, Pack, Wrong, verify},
};

/// How a question is answered, as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 一行字
    Line,
    /// 一段话
    Lines,
    /// 数字
    Number,
    /// 金额
    Money,
    /// 日期
    Date,
    /// 选一个
    One,
    /// 选几个
    Several,
    /// 是/否
    YesNo,
    /// 电话
    Phone,
    /// 照片
    Photos,
}

impl Shape {
    /// All of them, the most used first.
    pub const ALL: [Self; 10] = [
        Self::One,
        Self::Several,
        Self::YesNo,
        Self::Line,
        Self::Lines,
        Self::Number,
        Self::Money,
        Self::Date,
        Self::Phone,
        Self::Photos,
    ];

    /// Whether its answers are chosen from a list.
    pub fn has_choices(self) -> bool {
        matches!(self, Self::One | Self::Several)
    }

    fn field_type(self, list: String) -> FieldType {
        match self {
            Self::Line | Self::Lines => FieldType::Text,
            Self::Number => FieldType::Integer,
            Self::Money => FieldType::Money,
            Self::Date => FieldType::Date,
            Self::One => FieldType::SelectOne(list),
            Self::Several => FieldType::SelectMultiple(list),
            Self::YesNo => FieldType::YesNo,
            Self::Phone => FieldType::Phone,
            Self::Photos => FieldType::Photos,
        }
    }

    /// How a field is answered; none for types that the workshop does not make.
    pub fn of(field: &Field) -> Option<Self> {
        Some(match &field.r#type {
            FieldType::Text if field.appears("multiline") => Self::Lines,
            FieldType::Text => Self::Line,
            FieldType::Integer => Self::Number,
            FieldType::Money => Self::Money,
            FieldType::Date => Self::Date,
            FieldType::SelectOne(_) => Self::One,
            FieldType::SelectMultiple(_) => Self::Several,
            FieldType::YesNo => Self::YesNo,
            FieldType::Phone => Self::Phone,
            FieldType::Photos => Self::Photos,
            _ => return None,
        })
    }
}

/// A question that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// How it is answered.
    pub shape: Shape,
    /// What is asked.
    pub label: Text,
    /// A line of help; blank for none.
    pub hint: Text,
    /// It must be answered.
    pub required: bool,
    /// The choices, in order; of shapes that have them.
    pub choices: Vec<Text>,
}

/// A new question of a form: the edits that add it, its choices first.
///
/// # Errors
/// What is missing, at `label` and `choices`.
pub fn question(pack: &Pack, kind: &str, after: Option<String>, asked: &Asked) -> Result<Vec<Edit>, Vec<Wrong>> {
    let kind = known(pack, kind).map_err(|wrong| vec![wrong])?;
    let mut wrong = Vec::new();
    let called = label(&asked.label).unwrap_or_else(|why| {
        wrong.push(why);
        Text::default()
    });
    if kind.fields.iter().any(|field| !field.disused && field.label.zh == called.zh && !called.zh.is_empty()) {
        wrong.push(Wrong::new("这张表单里已经有这一题。", "The form asks this already.").at("label"));
    }
    let choices: Vec<Text> =
        asked.choices.iter().map(|text| both(&text.zh, &text.en)).filter(|t| !t.zh.is_empty()).collect();
    if asked.shape.has_choices() && choices.len() < 2 {
        wrong.push(
            Wrong::new("请写出至少两个可选的答案，一行一个。", "Please give at least two choices, one a line.")
                .at("choices"),
        );
    }
    if choices.iter().enumerate().any(|(at, choice)| choices[..at].iter().any(|other| other.zh == choice.zh)) {
        wrong.push(Wrong::new("有两个一样的答案。", "Two of the choices are the same.").at("choices"));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let name = name_for(spoken(&called), |name| is_taken(kind, name));
    let list = format!("{}.{name}", kind.name);
    let mut edits = Vec::new();
    if asked.shape.has_choices() {
        let mut made: Vec<String> = Vec::new();
        for label in choices {
            let name = name_for(spoken(&label), |name| made.iter().any(|made| made == name));
            made.push(name.clone());
            let choice = Choice { name, label, columns: BTreeMap::new() };
            edits.push(Edit::Choice { list: list.clone(), after: None, choice });
        }
    }
    let required = if asked.required { Some(parsed("true()").map_err(|wrong| vec![wrong])?) } else { None };
    let field = Field {
        name,
        r#type: asked.shape.field_type(list),
        label: called,
        hint: hint(&asked.hint),
        required,
        relevant: None,
        constraint: None,
        constraint_message: None,
        calculation: None,
        default: None,
        choice_filter: None,
        read_only: false,
        appearance: if asked.shape == Shape::Lines { "multiline".into() } else { String::new() },
        class: None,
        search: false,
        column: !matches!(asked.shape, Shape::Photos),
        review: false,
        disused: false,
        since: 0,
    };
    edits.push(Edit::Field { kind: kind.name.clone(), after, field: Box::new(field) });
    Ok(edits)
}

/// What a machine name is made of: English where there is some of its own.
fn spoken(text: &Text) -> &str {
    if text.en.chars().any(|c| c.is_ascii_alphabetic()) { &text.en } else { &text.zh }
}

fn is_taken(kind: &Kind, name: &str) -> bool {
    kind.fields.iter().any(|field| field.name == name || field.inner(name).is_some())
}

fn hint(text: &Text) -> Option<Text> {
    Some(both(&text.zh, &text.en)).filter(|text| !text.zh.is_empty())
}

/// A question with other words; `required` is left as it is without a word on it.
///
/// # Errors
/// There is no such question, or nothing is asked.
pub fn reworded(
    pack: &Pack,
    kind: &str,
    name: &str,
    words: &Text,
    help: &Text,
    required: Option<bool>,
) -> Result<Edit, Wrong> {
    let mut field = field(pack, kind, name)?.clone();
    field.label = label(words)?;
    field.hint = hint(help);
    match required {
        Some(true) if field.required.is_none() => field.required = Some(parsed("true()")?),
        Some(false) => field.required = None,
        _ => {}
    }
    Ok(Edit::Field { kind: kind.into(), after: None, field: Box::new(field) })
}

/// A question one place further up or down.
///
/// # Errors
/// There is no such question, or no place further on.
pub fn moved(pack: &Pack, kind: &str, name: &str, up: bool) -> Result<Edit, Wrong> {
    let end = || Wrong::new("已经在头上了。", "It cannot go further.").at(name);
    let one = field(pack, kind, name)?.clone();
    let fields = &known(pack, kind)?.fields;
    let at = fields.iter().position(|field| field.name == name).unwrap_or_default();
    let after = match up {
        true if at == 0 => return Err(end()),
        true if at == 1 => String::new(),
        true => fields[at - 2].name.clone(),
        false => fields.get(at + 1).ok_or_else(end)?.name.clone(),
    };
    Ok(Edit::Field { kind: kind.into(), after: Some(after), field: Box::new(one) })
}

/// A question put out of use, or back into it.
///
/// # Errors
/// There is no such question, or the rest of the pack leans on it.
pub fn disused(pack: &Pack, kind: &str, name: &str, disused: bool) -> Result<Edit, Wrong> {
    let mut field = field(pack, kind, name)?.clone();
    if let Some(what) = verify::leans(pack, known(pack, kind)?, name).filter(|_| disused) {
        let (zh, en) = match what {
            "date" => ("记录按它计入哪一天", "records are counted by it"),
            "assigned" => ("它决定谁能看这些记录", "it says who may see the record"),
            "walk" => ("巡逻要用它", "rounds are walked by it"),
            "again" => ("“再记一次”要用它", "writing a record again needs it"),
            "action" => ("表单上的按钮要用它", "a button of the form needs it"),
            "due" => ("到期提醒要用它", "a due rule needs it"),
            _ => ("门牌图或报告要用它", "the door map or the report needs it"),
        };
        let en = format!("“{}” cannot be put out of use: {en}.", field.label.en);
        return Err(Wrong::new(format!("“{}”不能停用：{zh}。", field.label.zh), en).at(name));
    }
    field.disused = disused;
    Ok(Edit::Field { kind: kind.into(), after: None, field: Box::new(field) })
}

/// A further choice of a list, at its end.
///
/// # Errors
/// It says nothing, or is there already.
pub fn choice(pack: &Pack, list: &str, words: &Text) -> Result<Edit, Wrong> {
    let words = label(words)?;
    let known = pack.choices.get(list).map_or(&[][..], |all| all);
    if known.iter().any(|choice| choice.label.zh == words.zh) {
        return Err(Wrong::new("已经有这一个了。", "There is one of this name already.").at("label"));
    }
    let name = name_for(spoken(&words), |name| known.iter().any(|choice| choice.name == name));
    let choice = Choice { name, label: words, columns: BTreeMap::new() };
    Ok(Edit::Choice { list: list.into(), after: None, choice })
}

fn field<'p>(pack: &'p Pack, kind: &str, name: &str) -> Result<&'p Field, Wrong> {
    let unknown = || Wrong::new("没有这一题。", "There is no such question.").at(name);
    known(pack, kind)?.field(name).ok_or_else(unknown)
}
