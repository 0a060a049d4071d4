//! Is a value what its field's type keeps? Each refusal says what to write instead.

use jiff::civil::Date;
use serde_json::Map;

use super::{MAX_ROWS, Problem, phone::is_phone};
use crate::{
    Pack, Value, days,
    expression::Scope,
    file::{MAX_FILES, Mention},
    identity, link,
    pack::{ANY, Field, FieldType},
};

/// Most characters of a text.
pub const MAX_TEXT: usize = 10_000;
/// Most bytes of a signature's strokes as JSON.
pub const MAX_SIGNATURE: usize = 64 * 1024;
/// Most steps of a trace.
pub const MAX_STEPS: usize = 500;
/// Most characters of a name, a number and all else that stands on one line.
pub const MAX_LINE: usize = 500;
/// Most members of a set.
pub const MAX_MEMBERS: usize = 1000;
/// Whole numbers a browser and an expression still count exactly: 2^53 - 1.
const MAX_WHOLE: u64 = 9_007_199_254_740_991;

type Fits = Result<(), Problem>;

fn refuse(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Fits {
    Err(Problem::new(code, zh, en))
}

/// Holds a given answer against its field's type; `happened` for the date of a fact, which cannot lie ahead.
pub(super) fn fits(pack: &Pack, field: &Field, value: &Value, scope: &Scope<'_>, happened: bool) -> Fits {
    let wrong = |zh: &str, en: &str| refuse("type", zh, en);
    match (&field.r#type, value) {
        (FieldType::Text, Value::String(text)) => is_text(field, text),
        (FieldType::Text, _) => wrong("这里写文字。", "This is a text."),
        (FieldType::Integer, _) => match value.as_i64() {
            Some(number) if number.unsigned_abs() <= MAX_WHOLE => Ok(()),
            _ => wrong("这里写整数。", "This is a whole number."),
        },
        (FieldType::Money, _) => match value.as_i64() {
            Some(_) => Ok(()),
            None => wrong("金额请写到分，如 300.00。", "Please write an amount such as 300.00."),
        },
        (FieldType::Date, Value::String(text)) => match days::parse(text) {
            Some(day) => in_range(day, scope.context.today, happened),
            None => wrong("日期请写成 2009-03-01 这样。", "Please write the date like 2009-03-01."),
        },
        (FieldType::Date, _) => wrong("日期请写成 2009-03-01 这样。", "Please write the date like 2009-03-01."),
        (FieldType::DateTime, _) => match value.as_str().and_then(days::parse_moment) {
            Some(moment) => in_range(moment.day, scope.context.today, happened),
            None => wrong("时间不完整，请重新选。", "The time is not complete; please choose it again."),
        },
        (FieldType::SelectOne(_), Value::String(name)) => chosen(pack, field, scope, &[name.as_str()]),
        (FieldType::SelectOne(_), _) => wrong("请从列出的里面选一个。", "Please choose one of those listed."),
        (FieldType::SelectMultiple(_), _) => match members(value) {
            Some(names) => chosen(pack, field, scope, &names),
            None => wrong("请从列出的里面选，每个只选一次。", "Please choose among those listed, each once."),
        },
        (FieldType::YesNo, Value::Bool(_)) => Ok(()),
        (FieldType::YesNo, _) => wrong("请选“是”或“否”。", "Please choose yes or no."),
        (FieldType::Phone, _) => match value.as_str() {
            Some(number) if is_phone(number) => Ok(()),
            _ => refuse(
                "phone",
                "电话号码的位数不对，请核对。",
                "This number cannot be dialled; please count its digits.",
            ),
        },
        (FieldType::ResidentId, _) => is_resident_id(value.as_str().unwrap_or_default(), scope.context.today),
        (FieldType::Record(kind), _) => is_record(value, kind, scope),
        (FieldType::Records(kind), _) => match members(value) {
            Some(ids) => ids.into_iter().try_for_each(|id| is_record(&id.into(), kind, scope)),
            _ => wrong("请重新选，每个只选一次。", "Please choose again, each once."),
        },
        (FieldType::Location, Value::Object(place)) if is_place(place) => Ok(()),
        (FieldType::Location, _) => {
            wrong("定位不完整，请重新定位。", "The position is not complete; please take it again.")
        }
        (FieldType::Trace(_), Value::Array(steps)) if steps.len() <= MAX_STEPS && steps.iter().all(is_step) => Ok(()),
        (FieldType::Trace(_), _) => {
            wrong("巡逻轨迹没有记好，请去掉重来。", "The route was not taken down; please take it off and try again.")
        }
        (FieldType::Signature, _) => is_signature(value),
        (FieldType::Photos, _) => are_files(value, |file| file.is_photo()),
        (FieldType::Files, _) => are_files(value, |_| true),
        (FieldType::Repeat(_), Value::Array(rows)) if rows.len() > MAX_ROWS => {
            refuse("too_many", "行数太多，请分成几条记录。", "Too many rows; please split them over several records.")
        }
        (FieldType::Repeat(_), Value::Array(rows)) if rows.iter().all(Value::is_object) => Ok(()),
        (FieldType::Repeat(_), _) => {
            wrong("这里的内容读不出来，请重新填写。", "This cannot be read; please fill it in again.")
        }
        (FieldType::Calculate | FieldType::Note, _) => Ok(()),
    }
}

fn is_text(field: &Field, text: &str) -> Fits {
    let most = if field.appears("multiline") || field.appears("long") { MAX_TEXT } else { MAX_LINE };
    if text.chars().count() > most {
        return refuse(
            "too_long",
            format!("最多 {most} 个字，请写短一些。"),
            format!("At most {most} characters; please shorten it."),
        );
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return refuse("characters", "请去掉特殊符号。", "Please take the control characters out.");
    }
    Ok(())
}

/// From 1800, for forebears, to ten years ahead; what happened, from 1900 and no later than tomorrow: clocks and time zones
/// differ by a day, and a wrong clock must not stop work.
fn in_range(day: Date, today: Date, happened: bool) -> Fits {
    let latest = if happened { i64::from(days::number(today)) + 1 } else { i64::from(days::number(today)) + 3653 };
    if day.year() < if happened { 1900 } else { 1800 } {
        return refuse("date_range", "日期太早了，请核对年份。", "This date is too early; please check the year.");
    }
    if i64::from(days::number(day)) > latest {
        return match happened {
            true => {
                refuse("date_range", "还没到这一天，请核对日期。", "That day has not come yet; please check the date.")
            }
            false => {
                refuse("date_range", "日期太远了，请核对年份。", "This date is too far ahead; please check the year.")
            }
        };
    }
    Ok(())
}

/// Texts of a list, each once; more than [`MAX_MEMBERS`] are no list.
fn members(value: &Value) -> Option<Vec<&str>> {
    let members: Vec<&str> = value.as_array()?.iter().map(Value::as_str).collect::<Option<_>>()?;
    if members.len() > MAX_MEMBERS {
        return None;
    }
    let is_twice = |(at, member): (usize, &&str)| members[..at].contains(member);
    (!members.iter().enumerate().any(is_twice)).then_some(members)
}

fn chosen(pack: &Pack, field: &Field, scope: &Scope<'_>, names: &[&str]) -> Fits {
    match names.iter().find(|name| !field.offers(pack, scope, name)) {
        None => Ok(()),
        Some(_) => refuse(
            "choice",
            "所选的不在列出的里面，请重新选。",
            "What is chosen is not among those listed; please choose again.",
        ),
    }
}

fn is_resident_id(number: &str, today: Date) -> Fits {
    let wrong = |zh: &str, en: &str| refuse("id_check", zh, en);
    if !matches!(number.chars().count(), 15 | 18) {
        return wrong("身份证号码是18位，请数一数。", "A resident ID number has 18 digits; please count them.");
    }
    let digits = number.strip_suffix(['X', 'x']).unwrap_or(number);
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return wrong("身份证号码只有数字，最后一位可以是X。", "An ID number has digits only; the last may be X.");
    }
    match identity::born(number) {
        None => {
            wrong("号码里的出生日期不存在，请核对。", "The birth date in the number does not exist; please check it.")
        }
        Some(born) if born > today || born.year() < 1900 => {
            wrong("号码里的出生日期不对，请核对。", "The birth date in the number cannot be; please check it.")
        }
        Some(_) if identity::is_valid(number) => Ok(()),
        Some(_) => wrong(
            "身份证号码有一位写错了，请对着证件核对。",
            "A digit of the ID number is wrong; please compare it with the card.",
        ),
    }
}

/// A record's id; of the right kind where the record is held here.
fn is_record(value: &Value, kind: &str, scope: &Scope<'_>) -> Fits {
    let id = value.as_str().and_then(link);
    let found = id.filter(|_| kind != ANY).and_then(|id| scope.context.lookup.kind(id));
    match (id, found) {
        (None, _) => refuse("type", "请重新选一个。", "Please choose it again."),
        (Some(_), Some(other)) if other != kind => {
            refuse("record", "选到了另一类记录，请重新选。", "This is another kind of record; please choose again.")
        }
        _ => Ok(()),
    }
}

fn is_place(place: &Map<String, Value>) -> bool {
    let within = |name: &str, most: f64| place.get(name).and_then(Value::as_f64).is_some_and(|n| n.abs() <= most);
    let accuracy = place.get("accuracy").is_none_or(|a| a.is_null() || a.as_f64().is_some_and(|metres| metres >= 0.0));
    let at =
        place.get("at").is_none_or(|at| at.is_null() || at.as_str().is_some_and(|at| days::parse_moment(at).is_some()));
    within("lat", 90.0) && within("lon", 180.0) && accuracy && at
}

/// When someone passed, and by a choice's name or a position which place: `{"at", "point", "lat", "lon", "accuracy"}`.
fn is_step(step: &Value) -> bool {
    let Some(step) = step.as_object() else { return false };
    let is_timed = step.get("at").and_then(Value::as_str).is_some_and(|at| days::parse_moment(at).is_some());
    let is_named = step.get("point").is_none_or(|point| point.as_str().is_some_and(|p| p.chars().count() <= MAX_LINE));
    is_timed && is_named && (!step.contains_key("lat") || is_place(step))
}

/// Mentions, each once, at most [`MAX_FILES`].
fn are_files(value: &Value, is_such: impl Fn(Mention<'_>) -> bool) -> Fits {
    let Some(texts) = members(value) else {
        return refuse("type", "照片或文件没有记好，请重新添加。", "The files were not taken; please add them again.");
    };
    if texts.len() > MAX_FILES {
        return refuse(
            "too_many",
            format!("最多放 {MAX_FILES} 个，请另记一条。"),
            format!("At most {MAX_FILES}; please put the others in another record."),
        );
    }
    match texts.into_iter().all(|text| Mention::read(text).is_some_and(&is_such)) {
        true => Ok(()),
        false => {
            refuse("type", "这里不能放这样的文件，请去掉它。", "Such a file has no place here; please take it off.")
        }
    }
}

/// `{"w","h","strokes":[[[x,y],…],…]}`, whole points on the pad, at most [`MAX_SIGNATURE`] bytes.
fn is_signature(value: &Value) -> Fits {
    let side = |name: &str| value.get(name).and_then(Value::as_i64).is_some_and(|n| (1..=10_000).contains(&n));
    let coordinate = |n: &Value| n.as_i64().is_some_and(|n| (-10_000..=20_000).contains(&n));
    let point = |p: &Value| p.as_array().is_some_and(|p| p.len() == 2 && p.iter().all(coordinate));
    let stroke = |s: &Value| s.as_array().is_some_and(|s| !s.is_empty() && s.iter().all(point));
    let strokes = value.get("strokes").and_then(Value::as_array).is_some_and(|all| all.iter().all(stroke));
    if !(side("w") && side("h") && strokes) {
        return refuse("type", "签名没有记好，请重新签。", "The signature was not taken; please sign again.");
    }
    if serde_json::to_vec(value).map_or(usize::MAX, |json| json.len()) > MAX_SIGNATURE {
        return refuse(
            "too_large",
            "签名太复杂，请重新签得简单一些。",
            "The signature is too intricate; please sign again, more simply.",
        );
    }
    Ok(())
}
