//! How a value reads on a screen, in either language.

use crate::{
    Context, ERASED, Fields, Lang, Pack, RecordId, VOID, Value,
    expression::{Expression, Scope},
    file::Mention,
    identity,
    pack::{Field, FieldType},
};

/// A value in words, in full. `name_of` gives another record's title; a record not held here reads as a dash.
pub fn read(
    pack: &Pack,
    field: &Field,
    value: &Value,
    lang: Lang,
    name_of: &dyn Fn(RecordId) -> Option<String>,
) -> String {
    let label = |list: &str, name: &str| {
        let so_called = pack.choices.get(list).into_iter().flatten().filter(|choice| choice.name == name);
        let mut labels: Vec<&str> = so_called.map(|choice| choice.label.get(lang)).collect();
        labels.dedup();
        // None: a choice a newer pack has, or an older one had. Several: branches of a cascade, told apart by another answer.
        if labels.is_empty() { name.to_owned() } else { labels.join(" / ") }
    };
    let record = |id: &str| id.parse().ok().and_then(name_of).unwrap_or_else(|| "—".into());
    let members = |word: &dyn Fn(&str) -> String| {
        let words: Vec<_> = value.as_array().into_iter().flatten().filter_map(Value::as_str).map(word).collect();
        words.join(between(lang))
    };
    match (&field.r#type, value) {
        (_, Value::Null) => String::new(),
        (FieldType::SelectOne(list), Value::String(name)) => label(list, name),
        (FieldType::SelectMultiple(list), Value::Array(_)) => members(&|name| label(list, name)),
        (FieldType::Record(_), Value::String(id)) => record(id),
        (FieldType::Records(_), Value::Array(_)) => members(&record),
        (FieldType::Money, Value::Number(fen)) => fen.as_i64().map_or(fen.to_string(), |fen| money(fen, lang)),
        (FieldType::DateTime, Value::String(time)) => instant(time),
        (FieldType::Location, Value::Object(_)) => location(value, lang),
        (FieldType::Signature, Value::Object(_)) => tr(lang, "已签名", "Signed").into(),
        (FieldType::Trace(_), Value::Array(steps)) => trace(steps, lang),
        (FieldType::Photos, Value::Array(all)) => match lang {
            Lang::Zh => format!("{} 张照片", all.len()),
            Lang::En if all.len() == 1 => "1 photo".into(),
            Lang::En => format!("{} photos", all.len()),
        },
        (FieldType::Files, Value::Array(_)) => members(&|text| Mention::read(text).map_or("—", |m| m.name).to_owned()),
        (FieldType::Repeat(inner), Value::Array(rows)) => {
            let rows: Vec<_> = rows.iter().map(|row| read_row(pack, inner, row, lang, name_of)).collect();
            rows.join(tr(lang, "；", "; "))
        }
        (_, Value::Bool(truth)) => if *truth { tr(lang, "是", "Yes") } else { tr(lang, "否", "No") }.into(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Array(_) | Value::Object(_)) => String::new(),
    }
}

/// As [`read`], with ID numbers, telephones and fields of appearance `masked` covered.
pub fn read_masked(
    pack: &Pack,
    field: &Field,
    value: &Value,
    lang: Lang,
    name_of: &dyn Fn(RecordId) -> Option<String>,
) -> String {
    covered(field, read(pack, field, value, lang, name_of))
}

/// What is read of a field, covered where the field is covered until asked for.
pub fn covered(field: &Field, text: String) -> String {
    match field.r#type {
        FieldType::Phone => identity::mask_phone(&text),
        FieldType::ResidentId => identity::mask_id(&text),
        _ if is_masked(field) => identity::mask_id(&text),
        _ => text,
    }
}

/// Whether a field is covered until asked for.
pub fn is_masked(field: &Field) -> bool {
    matches!(field.r#type, FieldType::Phone | FieldType::ResidentId) || field.appears("masked")
}

/// The line that names a record in lists; the kind's name for a kind the pack does not know.
pub fn title(pack: &Pack, kind: &str, fields: &Fields, lang: Lang, context: &Context<'_>) -> String {
    title_at(pack, kind, fields, lang, context, (false, 0))
}

/// [`title`] as screens show it: beside the name of one who is no longer here, that they are not.
pub fn called(pack: &Pack, kind: &str, fields: &Fields, lang: Lang, context: &Context<'_>) -> String {
    title_at(pack, kind, fields, lang, context, (true, 0))
}

/// What is said of an entry that is no longer here, such as 已故; none of one that is, or where the pack says nothing.
pub fn gone(pack: &Pack, kind: &str, fields: &Fields, lang: Lang, context: &Context<'_>) -> Option<String> {
    let known = pack.kind(kind)?;
    let said = known.gone.as_ref()?.said.as_ref()?;
    let is_gone = pack.is_gone(known, fields, context.today, &|id, field| context.lookup.value(id, field));
    let said = is_gone.then(|| run(said, pack, kind, fields, lang, context, (false, 0)))?;
    Some(said).filter(|said| !said.is_empty())
}

/// What tells it from others of the same title, where one of them is chosen; its second line where the pack says nothing.
pub fn apart(pack: &Pack, kind: &str, fields: &Fields, lang: Lang, context: &Context<'_>) -> String {
    let line = pack.kind(kind).and_then(|k| k.tells_apart.as_ref());
    line.map_or_else(
        || summary(pack, kind, fields, lang, context),
        |line| run(line, pack, kind, fields, lang, context, (true, 0)),
    )
}

/// [`title`]: whether it says who is no longer here, and so many titles deep already.
pub(crate) fn title_at(
    pack: &Pack,
    kind: &str,
    fields: &Fields,
    lang: Lang,
    context: &Context<'_>,
    at: (bool, u8),
) -> String {
    let is_erased = fields.contains_key(ERASED) && fields.contains_key(VOID);
    let line = pack.kind(kind).and_then(|k| k.title.as_ref()).filter(|_| !is_erased);
    let title = line.map(|line| run(line, pack, kind, fields, lang, context, at)).unwrap_or_default();
    let title = match pack.kind(kind) {
        _ if is_erased => return tr(lang, "（已删除）", "(erased)").into(),
        _ if !title.trim().is_empty() => title,
        Some(kind) => kind.label.get(lang).to_owned(),
        None => kind.to_owned(),
    };
    match gone(pack, kind, fields, lang, context).filter(|_| at.0) {
        Some(said) => format!("{title}{}{said}{}", tr(lang, "（", " ("), tr(lang, "）", ")")),
        None => title,
    }
}

/// The second, smaller line, as screens show it; empty when there is nothing to say.
pub fn summary(pack: &Pack, kind: &str, fields: &Fields, lang: Lang, context: &Context<'_>) -> String {
    let line = pack.kind(kind).and_then(|k| k.summary.as_ref());
    line.map(|line| run(line, pack, kind, fields, lang, context, (true, 0))).unwrap_or_default()
}

/// Whole fen as yuan with its unit: `1,234.50 元`, `¥1,234.50`.
pub fn money(fen: i64, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{} 元", yuan(fen)),
        Lang::En if fen < 0 => format!("-¥{}", yuan(fen).trim_start_matches('-')),
        Lang::En => format!("¥{}", yuan(fen)),
    }
}

/// A whole number, thousands by commas.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Whole fen as yuan: `1,234.50`, thousands by commas, always two places.
pub fn yuan(fen: i64) -> String {
    let (whole, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{rest:02}", grouped(i64::try_from(whole).unwrap_or(i64::MAX)))
}

fn run(
    line: &Expression,
    pack: &Pack,
    kind: &str,
    fields: &Fields,
    lang: Lang,
    context: &Context<'_>,
    (marked, depth): (bool, u8),
) -> String {
    let scope = Scope { pack: Some(pack), kind: pack.kind(kind), lang, marked, depth, ..Scope::new(fields, context) };
    line.text(&scope)
}

fn read_row(
    pack: &Pack,
    inner: &[Field],
    row: &Value,
    lang: Lang,
    name_of: &dyn Fn(RecordId) -> Option<String>,
) -> String {
    let values = inner.iter().filter_map(|field| Some(read_masked(pack, field, row.get(&field.name)?, lang, name_of)));
    values.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(tr(lang, "，", ", "))
}

/// `2009-03-01 14:02` as the writer's clock showed it.
fn instant(time: &str) -> String {
    match (time.get(..10), time.get(11..16)) {
        (Some(day), Some(clock)) => format!("{day} {clock}"),
        _ => time.to_owned(),
    }
}

fn location(value: &Value, lang: Lang) -> String {
    let part = |name: &str| value.get(name).and_then(Value::as_f64);
    let (Some(lat), Some(lon)) = (part("lat"), part("lon")) else { return String::new() };
    match part("accuracy") {
        Some(metres) => {
            format!("{}, {} ±{} {}", degrees(lat), degrees(lon), metres.round() as i64, tr(lang, "米", "m"))
        }
        None => format!("{}, {}", degrees(lat), degrees(lon)),
    }
}

/// Five places, a step of about a metre.
fn degrees(n: f64) -> String {
    let steps = (n.abs() * 1e5).round() as i64;
    format!("{}{}.{:05}", if n < 0.0 { "-" } else { "" }, steps / 100_000, steps % 100_000)
}

fn between(lang: Lang) -> &'static str {
    tr(lang, "、", ", ")
}

/// How many places, from when to when.
fn trace(steps: &[Value], lang: Lang) -> String {
    let time = |step: &Value| step.get("at")?.as_str()?.get(11..16).map(str::to_owned);
    let times: Vec<String> = steps.iter().filter_map(time).collect();
    let between = match times.as_slice() {
        [] => String::new(),
        [only] => format!(" · {only}"),
        [first, .., last] => format!(" · {first}–{last}"),
    };
    let places = steps.iter().filter(|step| step.get("point").is_some()).count();
    match lang {
        Lang::Zh => format!("{places} 个点{between}"),
        Lang::En => format!("{places} points{between}"),
    }
}

fn tr(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
