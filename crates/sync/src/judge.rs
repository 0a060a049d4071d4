//! May this change be merged? Asked on the tablet before it is saved and at the server when it is pushed: one answer.

use records::{Context, FieldType, Kind, Pack, Problem, RecordId, Right, Value, check, link, pack::Nature};

use crate::{
    Change, Record,
    bucket::officer,
    change::{ERASED, UNFINISHED},
    wire::{MAX_CHANGE_BYTES, MAX_DEPTH},
};

/// The [`Problem::code`] of a change whose author's post may not write such records.
pub const FORBIDDEN: &str = "forbidden";

/// Judges `change` by the account `context.user` against the record's state `current`; the merged record if it may be.
///
/// Only what the change touches is held against it: an old record that a newer pack finds wanting can still get a new
/// telephone number. A new record is judged whole.
pub fn judge(
    pack: &Pack,
    change: &Change,
    current: Option<&Record>,
    context: &Context<'_>,
) -> Result<Record, Vec<Problem>> {
    let refuse = |code: &str, zh: &str, en: &str| Err(vec![Problem::new(code, zh, en)]);
    if change.more.contains_key(UNFINISHED) {
        return refuse("unfinished", "这张表没有写完，也没有保存过。", "This form was half filled and never saved.");
    }
    let Some(kind) = pack.kind(&change.kind) else {
        return refuse(
            "unknown_kind",
            "这类记录在社区的表单里没有。",
            "The community's forms have no such kind of record.",
        );
    };
    if !pack.allows(context.user.post, &change.kind, Right::Write) {
        return refuse(FORBIDDEN, "您的岗位不能写这类记录。", "Your post may not write this kind of record.");
    }
    if change.author != context.user.name {
        return refuse("author", "这条记录是另一个账号写的。", "This record was written by another account.");
    }
    let is_erased = |id: RecordId| context.lookup.value(id, ERASED).is_some();
    let points_at_erased = |value: &Value| value.as_str().and_then(link).is_some_and(is_erased);
    if change.set.contains_key(ERASED)
        || current.is_some_and(Record::is_erased)
        || change.set.values().any(points_at_erased)
    {
        return Err(vec![erased()]);
    }
    if current.is_some_and(|r| r.kind != change.kind) {
        return refuse("kind", "这条记录已经是另一类记录。", "This record is of another kind already.");
    }
    // To write about a colleague's charge is allowed, for a visit may come before the news that the charge was handed on;
    // to change what is assigned to another is not, for so one could assign it to oneself.
    let elsewhere = |id, field: &str| context.lookup.value(id, field);
    let is_others = |current: &Record| {
        pack.assignment(&current.kind).is_some() && officer(pack, current, &elsewhere) != context.user.name
    };
    if current.is_some_and(is_others) {
        return refuse("assigned", "这条记录由另一位同事负责。", "This record is assigned to a colleague.");
    }
    if change.set.is_empty() && change.add.is_empty() && change.remove.is_empty() {
        return refuse("empty", "这条记录里什么也没有写。", "Nothing is written in this record.");
    }
    if serde_json::to_vec(change).map_or(usize::MAX, |json| json.len()) > MAX_CHANGE_BYTES {
        return refuse("too_large", "这条记录太大，请分成几条。", "This record is too large. Please split it.");
    }
    if is_deep(change) {
        return Err(vec![too_deep()]);
    }
    let corrects = current.is_some() && kind.nature == Nature::Fact;
    if corrects && change.why.as_deref().is_none_or(|why| why.trim().is_empty()) {
        return refuse("why", "更正已经记下的事，请写明原因。", "Please say why what was recorded is corrected.");
    }
    let mut merged = Record::from(change);
    if let Some(current) = current {
        merged.join(current.clone());
    }
    let mut problems = check(pack, &change.kind, &merged.values(), context);
    if current.is_none() {
        problems.retain(|problem| !is_of_a_later_question(kind, problem));
    } else {
        let touched = |field: &str| {
            change.set.contains_key(field) || change.add.contains_key(field) || change.remove.contains_key(field)
        };
        // Inside a repeat a problem's place reads `findings[2].what`: the change touches `findings`. A note speaks of the
        // fields that make it show.
        let base =
            |place: &str| place.split('[').next().is_some_and(|name| touched(name) || makes_show(kind, name, &touched));
        problems.retain(|p| p.field.as_deref().is_none_or(base));
    }
    if problems.is_empty() { Ok(merged) } else { Err(problems) }
}

fn makes_show(kind: &Kind, note: &str, touched: &dyn Fn(&str) -> bool) -> bool {
    let note = kind.field(note).filter(|field| field.r#type == FieldType::Note);
    let expressions = note.into_iter().flat_map(|note| [&note.relevant, &note.required]).flatten();
    expressions.flat_map(|expression| expression.fields()).any(|field| touched(&field))
}

/// A question that became required later is asked by forms that know it; a record made before its tablet had heard of it
/// is not refused for that.
fn is_of_a_later_question(kind: &Kind, problem: &Problem) -> bool {
    let name = problem.field.as_deref().and_then(|place| place.rsplit('.').next()).unwrap_or_default();
    let field = kind.fields.iter().find_map(|field| if field.name == name { Some(field) } else { field.inner(name) });
    problem.code == "required" && field.is_some_and(|field| field.since > 0)
}

/// Whether a value of the change, also one that the pack does not know, nests lists and objects deeper than
/// [`MAX_DEPTH`]: no tablet could read the record's block again.
pub fn is_deep(change: &Change) -> bool {
    fn nests(value: &Value, most: usize) -> bool {
        match value {
            Value::Array(list) => most == 0 || list.iter().any(|v| nests(v, most - 1)),
            Value::Object(map) => most == 0 || map.values().any(|v| nests(v, most - 1)),
            _ => false,
        }
    }
    change.set.values().chain(change.more.values()).any(|value| nests(value, MAX_DEPTH))
}

/// The [`Problem::code`] of a change about someone whose data were erased: the office does not keep what it says.
pub const ERASED_CODE: &str = "erased";

fn erased() -> Problem {
    Problem::new(ERASED_CODE, "该居民的个人信息已依本人申请删除，这条没有记入。", {
        "This person's data were erased at their request. This was not recorded."
    })
}

/// What is said of a change that [`is_deep`].
pub fn too_deep() -> Problem {
    Problem::new("too_deep", "这条记录的内容嵌套太深。", "This record's values are nested too deep.")
}
