//! Putting a changed pack in the place of the one in force: what would harm what is there already is not let through.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Field, FieldType, Kind, Pack, PackProblem, Post};
use crate::{Text, expression::Expression};

/// What stands in the way of a changed pack, said to the person who changed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// Kind, where one is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Field, where one is concerned; else `due NAME`, `indicator NAME`, `choices LIST`, `post NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong and what to do.
    pub message: Text,
}

impl Wrong {
    /// Of the pack as a whole.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind: None, field: None, message: Text::new(zh, en) }
    }

    /// The same, at a kind.
    pub fn of(self, kind: &str) -> Self {
        Self { kind: Some(kind.into()), ..self }
    }

    /// The same, at a field or another named thing.
    pub fn at(self, field: &str) -> Self {
        Self { field: Some(field.into()), ..self }
    }
}

impl From<PackProblem> for Wrong {
    fn from(PackProblem { kind, field, message, .. }: PackProblem) -> Self {
        Self { kind, field, message: Text::new(format!("这里不合规则：{message}"), message) }
    }
}

impl Pack {
    /// This pack, made from `was`, as it may be put in its place: with the next version, and with the marks that only the
    /// office gives. What it says of its own version and origin does not count.
    ///
    /// # Errors
    /// All that does not hold together, and all that would harm what is there.
    pub fn succeed(mut self, was: &Self) -> Result<Self, Vec<Wrong>> {
        self.version = was.version + 1;
        // One that was never changed by its community goes back to the program's of the same version.
        self.origin = Some(was.origin.unwrap_or(was.version));
        let now = self.marked(was);
        let mut wrong = harm(&now, was);
        wrong.extend(now.verify().into_iter().map(Wrong::from));
        if wrong.is_empty() { Ok(now) } else { Err(wrong) }
    }

    /// This pack, about to follow `was`, with the versions noted from which on its fields are required.
    pub fn marked(mut self, was: &Self) -> Self {
        for (name, kind) in &mut self.kinds {
            mark(&mut kind.fields, was.kind(name), self.version);
        }
        self
    }

    /// Reads a changed pack as a client says it.
    ///
    /// # Errors
    /// It is none, or says something that would not be kept, such as a misspelt name.
    pub fn said(body: &Value) -> Result<Self, Vec<Wrong>> {
        let wrong = |message: String| vec![Wrong::new(format!("表单读不了：{message}"), message)];
        let pack: Self = serde_json::from_value(body.clone()).map_err(|error| wrong(error.to_string()))?;
        let read = serde_json::to_value(&pack).map_err(|error| wrong(error.to_string()))?;
        let mut costly = Vec::new();
        costs(&read, &mut costly);
        if !costly.is_empty() {
            return Err(costly);
        }
        match stray(body, &read, "") {
            None => Ok(pack),
            Some(place) => Err(wrong(format!("`{place}` is not understood and would be lost"))),
        }
    }
}

/// Patterns that would take too long on some text, wherever they stand.
fn costs(value: &Value, wrong: &mut Vec<Wrong>) {
    match value {
        Value::String(text) if text.contains("regex") => {
            let costly = Expression::too_costly(text);
            wrong.extend(
                costly.map(|why| Wrong::new(format!("格式（regex）太复杂，匹配起来太慢，请写简单一些：{why}"), why)),
            );
        }
        Value::Array(items) => items.iter().for_each(|item| costs(item, wrong)),
        Value::Object(members) => members.values().for_each(|member| costs(member, wrong)),
        _ => {}
    }
}

/// The place of the first thing that was said and not read; what means nothing when it is left out may be left out.
fn stray(said: &Value, read: &Value, place: &str) -> Option<String> {
    let is_nothing = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(true) => false,
    };
    match (said, read) {
        (Value::Object(said), Value::Object(read)) => said.iter().find_map(|(name, value)| {
            let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            match read.get(name) {
                Some(read) => stray(value, read, &place),
                None => (!is_nothing(value)).then_some(place),
            }
        }),
        (Value::Array(said), Value::Array(read)) if said.len() == read.len() => said
            .iter()
            .zip(read)
            .enumerate()
            .find_map(|(at, (said, read))| stray(said, read, &format!("{place}[{at}]"))),
        (said, read) => (said != read && !(is_nothing(said) && is_nothing(read))).then(|| place.to_owned()),
    }
}

/// Notes from which version on fields are required.
fn mark(fields: &mut [Field], was: Option<&Kind>, version: u32) {
    // Of a new kind there are no tablets that know it by halves.
    let Some(was) = was else { return fields.iter_mut().for_each(|field| field.since = 0) };
    for field in fields {
        let old =
            was.fields.iter().find_map(|old| if old.name == field.name { Some(old) } else { old.inner(&field.name) });
        field.since = match old {
            _ if field.required.is_none() => 0,
            Some(old) if old.required.is_some() && !old.disused => old.since,
            _ => version,
        };
        if let FieldType::Repeat(inner) = &mut field.r#type {
            mark(inner, Some(was), version);
        }
    }
}

/// What would harm records, tablets or people.
fn harm(now: &Pack, was: &Pack) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if now.name != was.name {
        wrong.push(Wrong::new("表单包的名字不能改。", "The pack's name cannot change."));
    }
    for (name, old) in &was.kinds {
        match now.kind(name) {
            Some(kind) => wrong.extend(harm_to_kind(kind, old)),
            None => wrong.push(gone(old.label.clone()).of(name)),
        }
    }
    for (list, old) in &was.choices {
        let has = |name: &str| now.choices.get(list).is_some_and(|all| all.iter().any(|choice| choice.name == name));
        let at = |wrong: Wrong| match list.split_once('.') {
            Some((kind, _)) => wrong.of(kind).at(&format!("choices {list}")),
            None => wrong.at(&format!("choices {list}")),
        };
        wrong.extend(old.iter().filter(|choice| !has(&choice.name)).map(|choice| at(gone(choice.label.clone()))));
    }
    // An upgrade of the program would bring them back.
    let dues = was.due.iter().filter(|old| !now.due.iter().any(|due| due.name == old.name));
    wrong.extend(dues.map(|due| gone(due.label.clone()).at(&format!("due {}", due.name))));
    let figures = was.indicators.iter().filter(|old| now.indicator(&old.name).is_none());
    wrong.extend(figures.map(|figure| gone(figure.label.clone()).at(&format!("indicator {}", figure.name))));
    wrong.extend(harm_to_posts(now, was));
    if now.screens.doors != was.screens.doors || now.screens.versions != was.screens.versions {
        let (zh, en) =
            ("门牌图和报告用到的表单不能在这里换。", "Which kinds the screens are built around cannot change here.");
        wrong.push(Wrong::new(zh, en));
    }
    wrong
}

fn gone(Text { zh, en }: Text) -> Wrong {
    let zh = format!("“{zh}”不能去掉：已有的记录和数字用着它。不再需要的题目可以停用。");
    Wrong::new(
        zh,
        format!(
            "“{en}” cannot be taken away: records and figures use it. A question that is no longer needed can be put out of use."
        ),
    )
}

fn harm_to_kind(kind: &Kind, was: &Kind) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut note = |zh: &str, en: &str| wrong.push(Wrong::new(zh, en).of(&kind.name));
    if kind.class < was.class {
        note("保密级别不能在这里降低。", "How private its records are cannot be lowered here.");
    }
    if kind.assigned != was.assigned {
        note("记录由谁负责，不能在这里改。", "Whom its records are assigned to cannot change here.");
    }
    if (kind.nature, &kind.date) != (was.nature, &was.date) {
        note(
            "按哪个日期计数不能改，否则往年的数会变。",
            "The date it is counted by cannot change, or past figures would.",
        );
    }
    if kind.keep_years.is_some_and(|years| was.keep_years.is_none_or(|before| years < before)) {
        note("保存年限不能在这里缩短。", "How long its records are kept cannot be shortened here.");
    }
    wrong.extend(harm_to_fields(&kind.fields, &was.fields).into_iter().map(|wrong| wrong.of(&kind.name)));
    wrong
}

fn harm_to_fields(fields: &[Field], was: &[Field]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for old in was {
        let Some(field) = fields.iter().find(|field| field.name == old.name) else {
            wrong.push(gone(old.label.clone()).at(&old.name));
            continue;
        };
        let mut note = |zh: &str, en: &str| wrong.push(Wrong::new(zh, en).at(&field.name));
        match (&field.r#type, &old.r#type) {
            (FieldType::Repeat(inner), FieldType::Repeat(before)) => {
                wrong.extend(harm_to_fields(inner, before));
                continue;
            }
            (now, before) if now == before => {}
            _ => note(
                "答案的类型不能改：已有的记录是照原来的类型写的。请停用它，另加一题。",
                {
                    "What is answered cannot change: records hold answers of the old kind. Put it out of use and add another question."
                },
            ),
        }
        if old.class.is_some_and(|before| field.class.is_none_or(|now| now < before)) {
            note("保密级别不能在这里降低。", "How private it is cannot be lowered here.");
        }
        if old.appears("masked") && !field.appears("masked") {
            note("遮住的内容不能在这里改成不遮。", "What is covered on the screen cannot be uncovered here.");
        }
    }
    wrong
}

/// Rights are not given in the workshop, but for kinds that are new in it.
fn harm_to_posts(now: &Pack, was: &Pack) -> Vec<Wrong> {
    let known = |kinds: &[String]| -> BTreeSet<String> {
        kinds.iter().filter(|kind| was.kinds.contains_key(*kind)).cloned().collect()
    };
    let rights = |post: &Post| (known(&post.read), known(&post.write), post.report, post.frame);
    let all = |pack: &Pack| pack.posts.iter().map(|post| post.name.clone()).collect::<BTreeSet<_>>();
    let (zh, en) =
        ("岗位和岗位能看、能写什么，不能在这里改。", "Posts and what they may see and write cannot change here.");
    let mut wrong = Vec::new();
    if all(now) != all(was) {
        wrong.push(Wrong::new(zh, en));
    }
    for post in &now.posts {
        if was.post(&post.name).is_some_and(|old| rights(old) != rights(post)) {
            wrong.push(Wrong::new(zh, en).at(&format!("post {}", post.name)));
        }
    }
    wrong
}
