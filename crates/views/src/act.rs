//! What can be done with a record beyond writing into it freely: which actions are offered, and what each of them writes.

use std::collections::BTreeMap;

use records::{
    Context, FieldType, Fields, Kind, Pack, RecordId, Right, Value,
    expression::{Expression, Scope},
    pack::{Action, Field},
};

/// The actions of a kind that a post is offered on a record as it stands.
pub fn offered<'p>(pack: &'p Pack, kind: &'p Kind, fields: &Fields, context: &Context<'_>) -> Vec<&'p Action> {
    let post = context.user.post;
    let scope = Scope::of(pack, kind, fields, context);
    let is_for = |action: &&Action| {
        let target = action.makes.as_ref().unwrap_or(&kind.name);
        (action.posts.is_empty() || action.posts.iter().any(|p| p == post))
            && pack.allows(post, target, Right::Write)
            && action.when.as_ref().is_none_or(|when| when.truth(&scope))
    };
    kind.actions.iter().filter(is_for).collect()
}

/// What an action writes into the record it is done with, over what stands there: its fields worked out over the record,
/// and the moment.
pub fn changed(pack: &Pack, kind: &Kind, action: &Action, fields: &Fields, at: &str, context: &Context<'_>) -> Fields {
    let mut now = fields.clone();
    now.extend(worked_out(pack, kind, kind, action, fields, context));
    now.extend(action.stamp.clone().map(|stamp| (stamp, at.into())));
    now
}

/// What a record begins with that an action makes of another; `None` when the pack has no kind to make.
pub fn made(
    pack: &Pack,
    from: (RecordId, &Kind, &Fields),
    action: &Action,
    at: &str,
    context: &Context<'_>,
) -> Option<Fields> {
    let (id, kind, fields) = from;
    let target = pack.kind(action.makes.as_ref()?)?;
    let mut now = worked_out(pack, kind, target, action, fields, context);
    now.extend(action.link.clone().map(|link| (link, id.to_string().into())));
    now.extend(action.stamp.clone().map(|stamp| (stamp, at.into())));
    Some(now)
}

fn worked_out(
    pack: &Pack,
    kind: &Kind,
    target: &Kind,
    action: &Action,
    fields: &Fields,
    context: &Context<'_>,
) -> Fields {
    let scope = Scope::of(pack, kind, fields, context);
    let shaped = |(name, says): (&String, &Expression)| {
        let value = shape(target.field(name)?, says.eval(&scope));
        Some((name.clone(), value))
    };
    action.set.iter().filter_map(shaped).collect()
}

/// A worked-out value as its field keeps it: days as a date, an empty text as no answer.
pub(crate) fn shape(field: &Field, value: Value) -> Value {
    match (&field.r#type, &value) {
        (FieldType::Date, Value::Number(_)) => Expression::date(&value).map_or(Value::Null, Value::String),
        (_, Value::String(text)) if text.is_empty() => Value::Null,
        (kind, Value::String(text)) if kind.is_set() => text.split_whitespace().map(Value::from).collect(),
        _ => value,
    }
}

/// Whether a text holds the name of an account, which is shown as the person behind it.
pub fn holds_account(field: &Field) -> bool {
    field.r#type == FieldType::Text && field.appears("account")
}

/// The steps that were taken with a record: the moment of each, and the action that bears it, the earliest first.
pub fn steps_taken<'k>(kind: &'k Kind, fields: &Fields) -> Vec<(String, &'k Action)> {
    let stamped = |action: &&Action| action.makes.is_none() && action.stamp.is_some();
    let mut steps = BTreeMap::new();
    for action in kind.actions.iter().filter(stamped) {
        let Some(stamp) = &action.stamp else { continue };
        let Some(at) = fields.get(stamp).and_then(Value::as_str) else { continue };
        // Two actions may share a stamp, such as closing and sending back: the one whose mark the record bears, or the
        // later one when the record has gone on since.
        let bears = |taken: &Action| {
            let says = |(name, says): (&String, &Expression)| {
                literal(says).is_none_or(|word| fields.get(name).and_then(Value::as_str) == Some(word))
            };
            taken.set.iter().all(says)
        };
        let step = steps.entry(stamp).or_insert((at.to_owned(), action));
        if !bears(step.1) {
            step.1 = action;
        }
    }
    let mut steps: Vec<_> = steps.into_values().collect();
    steps.sort_by(|a, b| a.0.cmp(&b.0));
    steps
}

/// The word an expression always gives, such as `'closed'`.
pub fn literal(says: &Expression) -> Option<&str> {
    says.source().strip_prefix('\'')?.strip_suffix('\'').filter(|word| !word.contains('\''))
}

#[cfg(test)]
mod tests {
    use records::User;

    use super::*;
    use crate::made::{Made, today};

    const AT: &str = "2026-11-23T10:00:00+08:00";

    fn with<R>(post: &str, f: impl FnOnce(&Context<'_>) -> R) -> R {
        f(&Context { today: today(), user: User { name: "chen", post }, lookup: &records::NoOthers })
    }

    fn names(kind: &str, fields: Value, post: &str) -> Vec<String> {
        let pack = Pack::community();
        let fields: Fields = serde_json::from_value(fields).expect("fields");
        let kind = pack.kind(kind).expect("a kind");
        with(post, |context| offered(&pack, kind, &fields, context).into_iter().map(|a| a.name.clone()).collect())
    }

    #[test]
    fn a_task_is_taken_then_done_and_only_the_director_closes_it() {
        let at = |state: &str, post: &str| names("task", serde_json::json!({ "what": "修灯", "state": state }), post);
        assert_eq!(at("open", "police"), ["take"]);
        assert_eq!(at("taken", "police"), ["done"]);
        assert_eq!(at("done", "police"), [""; 0]);
        assert_eq!(at("done", "director"), ["close", "send_back"]);
        assert_eq!(at("sent_back", "police"), ["take", "done"]);
        assert_eq!(at("open", "volunteer"), [""; 0], "who may not write tasks takes none");
    }

    #[test]
    fn taking_a_task_says_who_and_when() {
        let pack = Pack::community();
        let kind = pack.kind("task").expect("tasks");
        let fields: Fields =
            serde_json::from_value(serde_json::json!({"what": "修灯", "state": "open"})).expect("fields");
        let take = &kind.actions[0];
        let now = with("police", |context| changed(&pack, kind, take, &fields, AT, context));
        assert_eq!(now["state"], "taken");
        assert_eq!(now["taken_by"], "chen");
        assert_eq!(now["taken_at"], AT);
        assert_eq!(now["what"], "修灯");
    }

    #[test]
    fn a_task_made_of_an_incident_says_what_where_and_from_which() {
        let mut made_up = Made::default();
        let building = made_up.building("3幢");
        let id = made_up
            .record("incident", serde_json::json!({"sort": "gas_leak", "building": building, "what": "闻到味道"}));
        let pack = Pack::community();
        let kind = pack.kind("incident").expect("incidents");
        let action = kind.actions.iter().find(|action| action.makes.is_some()).expect("makes a task");
        let fields = made_up.book.get(id).expect("here").values();
        let begun = made_up.context(|context| made(&pack, (id, kind, &fields), action, AT, context)).expect("a kind");
        assert_eq!(begun["what"], "天然气泄漏");
        assert_eq!(begun["building"], building.to_string());
        assert_eq!(begun["origin"], id.to_string());
    }

    #[test]
    fn a_tasks_steps_stand_in_the_order_they_were_taken_and_a_shared_stamp_tells_which_it_was() {
        let pack = Pack::community();
        let kind = pack.kind("task").expect("tasks");
        let fields: Fields = serde_json::from_value(serde_json::json!({
            "state": "sent_back", "checked_at": "2026-11-23T12:00:00+08:00",
            "done_at": "2026-11-23T11:00:00+08:00", "taken_at": "2026-11-23T10:00:00+08:00",
        }))
        .expect("fields");
        let names: Vec<_> = steps_taken(kind, &fields).into_iter().map(|(_, action)| action.name.as_str()).collect();
        assert_eq!(names, ["take", "done", "send_back"]);
    }

    #[test]
    fn fields_with_the_account_of_who_did_it_are_known() {
        let pack = Pack::community();
        let kind = pack.kind("task").expect("tasks");
        let holds = |name: &str| holds_account(kind.field(name).expect("a field"));
        assert!(holds("taken_by") && holds("to_officer") && !holds("what"));
    }
}
