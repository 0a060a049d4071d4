//! What can be done with many records of a kind at once, and what it writes into each.

use records::{
    Context, FieldType, Fields, Kind, Pack, Right, Value,
    pack::{Action, Choice, Field, Nature},
};

use super::act;

/// The steps that every one of the records allows and that ask nothing more.
pub fn steps<'p>(pack: &'p Pack, kind: &'p Kind, records: &[Fields], context: &Context<'_>) -> Vec<&'p Action> {
    let asks_nothing = |action: &&Action| action.makes.is_none() && action.ask.is_empty();
    let is_offered = |action: &&Action, fields: &Fields| {
        act::offered(pack, kind, fields, context).iter().any(|other| other.name == action.name)
    };
    let on_all = |action: &&Action| !records.is_empty() && records.iter().all(|fields| is_offered(action, fields));
    kind.actions.iter().filter(asks_nothing).filter(on_all).collect()
}

/// The questions of a register entry that can be answered for many at once: those with choices. A fact is corrected one by
/// one, each with its reason.
pub fn questions<'p>(pack: &'p Pack, kind: &'p Kind, post: &str) -> Vec<(&'p Field, &'p [Choice])> {
    if kind.nature != Nature::Register || !pack.allows(post, &kind.name, Right::Write) {
        return Vec::new();
    }
    let asked = kind.fields.iter().filter(|field| !field.read_only && field.calculation.is_none());
    let choices = |field: &'p Field| match &field.r#type {
        FieldType::SelectOne(list) | FieldType::SelectMultiple(list) => {
            Some((field, pack.choices.get(list)?.as_slice()))
        }
        _ => None,
    };
    asked.filter_map(choices).collect()
}

/// What an answer says of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// It is the answer, or one of the answers.
    Is,
    /// It is none of the answers.
    IsNot,
}

/// The value of a field after `choice` was said of it; `None` when that changes nothing.
pub fn answered(field: &Field, before: Option<&Value>, choice: &str, say: Say) -> Option<Value> {
    if !field.r#type.is_set() {
        let is_it = before.and_then(Value::as_str) == Some(choice);
        return match say {
            Say::Is => (!is_it).then(|| choice.into()),
            Say::IsNot => is_it.then_some(Value::Null),
        };
    }
    let members = before.and_then(Value::as_array).cloned().unwrap_or_default();
    let is_in = members.iter().any(|member| member == choice);
    match say {
        Say::Is => (!is_in).then(|| members.into_iter().chain([choice.into()]).collect()),
        Say::IsNot => is_in.then(|| members.into_iter().filter(|member| member != choice).collect()),
    }
}

#[cfg(test)]
mod tests {
    use records::User;
    use serde_json::json;

    use super::*;
    use crate::made::today;

    fn fields(value: Value) -> Fields {
        serde_json::from_value(value).expect("fields")
    }

    #[test]
    fn a_step_is_offered_for_many_only_where_each_of_them_allows_it() {
        let pack = Pack::community();
        let kind = pack.kind("task").expect("tasks");
        let names = |states: &[&str]| {
            let records: Vec<_> = states.iter().map(|s| fields(json!({"what": "修灯", "state": s}))).collect();
            let user = User { name: "zhuren", post: "director" };
            let context = Context { today: today(), user, lookup: &records::NoOthers };
            steps(&pack, kind, &records, &context).into_iter().map(|action| action.name.clone()).collect::<Vec<_>>()
        };
        assert!(names(&["done", "done"]).contains(&"close".to_owned()));
        assert!(!names(&["done", "open"]).contains(&"close".to_owned()));
        assert!(names(&[]).is_empty());
    }

    #[test]
    fn only_entries_of_a_register_are_answered_for_many_and_only_by_who_may_write_them() {
        let pack = Pack::community();
        let asked = |kind: &str, post: &str| {
            let kind = pack.kind(kind).expect("a kind");
            questions(&pack, kind, post).into_iter().map(|(field, _)| field.name.clone()).collect::<Vec<_>>()
        };
        assert!(asked("person", "civil_affairs").contains(&"labels".to_owned()));
        assert!(asked("person", "volunteer").is_empty());
        assert!(asked("aid", "civil_affairs").is_empty(), "a payment is a fact");
    }

    #[test]
    fn a_label_is_put_on_once_and_taken_off_and_other_labels_stay() {
        let pack = Pack::community();
        let labels = pack.kind("person").and_then(|kind| kind.field("labels")).expect("labels");
        let before = json!(["disabled"]);
        let with = answered(labels, Some(&before), "elder_alone", Say::Is).expect("a change");
        assert_eq!(with, json!(["disabled", "elder_alone"]));
        assert_eq!(answered(labels, Some(&with), "elder_alone", Say::Is), None);
        assert_eq!(answered(labels, Some(&with), "elder_alone", Say::IsNot), Some(before));
        assert_eq!(answered(labels, None, "elder_alone", Say::IsNot), None);
        let sex = pack.kind("person").and_then(|kind| kind.field("sex")).expect("sex");
        assert_eq!(answered(sex, None, "female", Say::Is), Some("female".into()));
        assert_eq!(answered(sex, Some(&"female".into()), "female", Say::Is), None);
    }
}
