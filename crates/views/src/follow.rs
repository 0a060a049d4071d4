//! What a record entails for the one it points at: who is registered as having come from elsewhere is no local.

use records::{
    Context, FieldType, Fields, Pack, RecordId, Right, Value,
    expression::{Expression, Scope},
    link,
    pack::{Follow, Nature},
};
use sync::{Draft, Record};

use crate::act::shape;

/// The changes that saving a draft entails, of records that are here, that may be written and that do not say so already: for a
/// new record, or one that is pointed elsewhere. What someone set otherwise later is not set again.
pub fn follows(
    pack: &Pack,
    draft: &Draft,
    context: &Context<'_>,
    of: impl Fn(RecordId) -> Option<Record>,
) -> Vec<Draft> {
    let Some(kind) = pack.kind(&draft.kind) else { return Vec::new() };
    let scope = Scope::of(pack, kind, &draft.now, context);
    let entailed = |follow: &Follow| {
        let pointed = |fields: &Fields| fields.get(&follow.at).and_then(Value::as_str).and_then(link);
        let target = pointed(&draft.now).filter(|id| pointed(&draft.was) != Some(*id)).and_then(&of)?;
        let of_target = pack.kind(&target.kind).filter(|kind| kind.nature == Nature::Register)?;
        let is_open = !target.is_void() && !target.is_erased() && !draft.now.contains_key(records::VOID);
        let may = pack.allows(context.user.post, &of_target.name, Right::Write);
        if !is_open || !may || follow.when.as_ref().is_some_and(|when| !when.truth(&scope)) {
            return None;
        }
        let mut change = Draft::of(&target);
        let said = |(name, says): (&String, &Expression)| {
            let field = of_target.field(name)?;
            let value = shape(field, says.eval(&scope));
            let value = match (&field.r#type, change.was.get(name), value) {
                (FieldType::SelectMultiple(_), Some(Value::Array(was)), Value::Array(new)) => {
                    let more = new.into_iter().filter(|member| !was.contains(member));
                    Value::Array(was.iter().cloned().chain(more).collect())
                }
                (_, _, value) => value,
            };
            Some((name.clone(), value))
        };
        let now: Vec<(String, Value)> = follow.set.iter().filter_map(said).collect();
        change.now.extend(now);
        change.is_touched().then_some(change)
    };
    kind.follows.iter().filter_map(entailed).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::made::Made;

    fn entailed(made: &Made, post: &str, draft: &Draft) -> Vec<Draft> {
        let pack = Pack::community();
        made.context(|context| {
            let context = Context { user: records::User { name: "wai", post }, ..*context };
            follows(&pack, draft, &context, |id| made.book.get(id).cloned())
        })
    }

    fn permit(person: RecordId, more: Value) -> Draft {
        let mut fields = json!({"person": person, "origin": "安徽", "arrived_on": "2026-11-01"});
        fields.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        Draft::new(RecordId::from_u128(99), "migrant", serde_json::from_value(fields).unwrap())
    }

    #[test]
    fn who_is_registered_as_a_migrant_is_no_local_and_keeps_the_labels_they_have() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let fields = json!({"name": "韦小租", "household": home, "residence": "here", "labels": ["jobless"]});
        let person = made.record("person", fields);
        for post in ["migrants", "police", "director"] {
            let changes = entailed(&made, post, &permit(person, json!({})));
            assert_eq!(changes.len(), 1, "{post}");
            assert_eq!(changes[0].record, person);
            assert_eq!(changes[0].now["residence"], "person_only");
            assert_eq!(changes[0].now["labels"], json!(["jobless", "migrant"]));
        }
        assert_eq!(entailed(&made, "civil_affairs", &permit(person, json!({}))).len(), 1, "writes people too");
        assert!(entailed(&made, "corrections", &permit(person, json!({}))).is_empty(), "may not write people");
        assert!(entailed(&made, "migrants", &permit(person, json!({"left_on": "2026-11-20"}))).is_empty(), "has left");
    }

    #[test]
    fn nothing_is_said_twice_or_over_what_someone_set_since() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let fields = json!({"name": "韦小租", "household": home, "residence": "person_only", "labels": ["migrant"]});
        let person = made.record("person", fields);
        assert!(entailed(&made, "migrants", &permit(person, json!({}))).is_empty(), "it says so already");
        let local = made.record("person", json!({"name": "韦落户", "household": home, "residence": "here"}));
        let mut renewed = permit(local, json!({}));
        renewed.was = renewed.now.clone();
        renewed.now.insert("permit_until".into(), "2027-11-01".into());
        assert!(entailed(&made, "migrants", &renewed).is_empty(), "a renewal is no new registration");
        renewed.now.insert("person".into(), person.to_string().into());
        renewed.now.insert("person".into(), local.to_string().into());
        renewed.was.insert("person".into(), person.to_string().into());
        assert_eq!(entailed(&made, "migrants", &renewed).len(), 1, "it was another's permit");
    }
}
