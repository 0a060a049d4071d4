//! What was changed in a record after it was made: who, when, why, from what to what. Worked out of its changes where these are
//! at hand, from the office or in the tablet's own log; of others a record says who and when, and what shows since.

use std::collections::{BTreeMap, BTreeSet};

use records::Value;

use crate::{Change, Clock, Record};

/// One change of a record after its first.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// When.
    pub at: Clock,
    /// The account.
    pub by: String,
    /// Why; `None` where it did not say or where only its effect is known here.
    pub why: Option<String>,
    /// The fields, in order of their names.
    pub fields: Vec<Moved>,
}

/// A field that moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Its name.
    pub field: String,
    /// What it said before, `null` for nothing; `None` where that is not known here.
    pub old: Option<Value>,
    /// What it says since.
    pub new: Value,
}

/// Corrections of a record, the latest first. `known` are changes of it in any order; `before` is its state without them, for
/// a record whose earlier changes are not at hand.
pub fn corrections(record: &Record, before: Option<&Record>, known: &[Change]) -> Vec<Correction> {
    let mut known: Vec<&Change> = known.iter().filter(|change| change.record == record.id).collect();
    known.sort_by_key(|change| (change.clock, change.device, change.number));
    let mut state = before.cloned();
    let mut found: BTreeMap<Clock, Correction> = BTreeMap::new();
    let mut told: BTreeSet<Clock> = BTreeSet::from([record.made]);
    for change in known {
        told.insert(change.clock);
        let was = state.as_ref();
        let names: BTreeSet<&String> = change.set.keys().chain(change.add.keys()).chain(change.remove.keys()).collect();
        let mut now = Record::from(change);
        if let Some(was) = was {
            now.join(was.clone());
        }
        if change.clock != record.made {
            let moved = |field: &String| Moved {
                field: field.clone(),
                old: was.map(|was| was.value(field).unwrap_or_default()),
                new: change.set.get(field).cloned().or_else(|| now.value(field)).unwrap_or_default(),
            };
            let fields = names.into_iter().map(moved).collect();
            let (at, by, why) = (change.clock, change.author.clone(), change.why.clone());
            found.insert(at, Correction { at, by, why, fields });
        }
        state = Some(now);
    }
    for field in record.names() {
        for (at, write) in record.writes(field).into_iter().filter(|(at, _)| !told.contains(at)) {
            let entry = found.entry(at);
            let empty = || Correction { at, by: write.by.to_string(), why: None, fields: Vec::new() };
            let moved = Moved { field: field.to_owned(), old: None, new: write.value };
            entry.or_insert_with(empty).fields.push(moved);
        }
    }
    found.into_values().rev().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{DeviceId, Draft, draft::Pen};
    use records::Pack;

    fn change(record: Option<&Record>, field: &str, value: Value, second: u64, why: Option<&str>) -> Change {
        let id = uuid::Uuid::from_u128(7);
        let mut draft = record.map_or_else(|| Draft::new(id, "service", Default::default()), Draft::of);
        draft.now.insert(field.into(), value);
        draft.why = why.map(Into::into);
        let device = DeviceId(1);
        let clock = Clock::default().tick(second * 1000, device);
        let pen = Pen { device, number: second, clock, author: "cha".into() };
        draft.change(&Pack::community(), pen).expect("something was written")
    }

    fn made() -> (Record, [Change; 3]) {
        let first = change(None, "note", "血压正常".into(), 1, None);
        let mut record = Record::from(&first);
        let second = change(Some(&record), "note", "160/95".into(), 2, Some("血压记错了"));
        record.apply(&second);
        let third = change(Some(&record), "photos", json!(["a", "b"]), 3, Some("补照片"));
        record.apply(&third);
        (record, [first, second, third])
    }

    #[test]
    fn with_all_changes_at_hand_each_says_who_why_and_from_what_to_what() {
        let (record, [first, second, third]) = made();
        let all = corrections(&record, None, &[third, first, second]);
        let said: Vec<_> = all.iter().map(|c| (c.by.as_str(), c.why.as_deref())).collect();
        assert_eq!(said, [("cha", Some("补照片")), ("cha", Some("血压记错了"))]);
        let moved = |field: &str, old: Value, new: Value| Moved { field: field.into(), old: Some(old), new };
        assert_eq!(all[0].fields, [moved("photos", Value::Null, json!(["a", "b"]))]);
        assert_eq!(all[1].fields, [moved("note", "血压正常".into(), "160/95".into())]);
    }

    #[test]
    fn a_tablet_knows_its_own_change_whole_and_of_others_what_the_record_says() {
        let (_, [first, second, _]) = made();
        let mut settled = Record::from(&first);
        settled.apply(&second);
        let own = change(Some(&settled), "note", "165/95".into(), 5, Some("又量了一次"));
        let mut record = settled.clone();
        record.apply(&own);
        let all = corrections(&record, Some(&settled), &[own]);
        assert_eq!(all[0].why.as_deref(), Some("又量了一次"));
        assert_eq!(all[0].fields[0].old, Some("160/95".into()));
        // Before it was written over, the settled record said who and when, but neither why nor what stood there.
        let earlier = corrections(&settled, None, &[]);
        assert_eq!((earlier.len(), earlier[0].by.as_str(), &earlier[0].why), (1, "cha", &None));
        assert_eq!(earlier[0].fields, [Moved { field: "note".into(), old: None, new: "160/95".into() }]);
        assert!(corrections(&Record::from(&first), None, &[first]).is_empty(), "never corrected");
    }
}
