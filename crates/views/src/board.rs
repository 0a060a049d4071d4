//! The director's board: what is due and late, what is in hand and what was recorded, all of it counted on the tablet.
//! By rule, by building, by post and by kind; people are never set in a row by how much they wrote.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use records::{
    Context, FieldType, Fields, Kind, Pack, RecordId, User, Value,
    expression::Scope,
    figures::{Entry, keys_of},
    pack::{Choice, Due, Field},
};
use sync::{book::Book, wire::Colleague};

use super::{
    act::literal,
    due::{DueItem, DueState, due_by_rule, is_personal},
    history::happens,
};

/// How much is due, and how it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Due by now or soon, the overdue and the never done among them.
    pub due: usize,
    /// Overdue.
    pub late: usize,
    /// Never done at all.
    pub never: usize,
}

impl Load {
    fn add(&mut self, state: DueState) {
        self.due += 1;
        self.late += usize::from(matches!(state, DueState::Overdue(_)));
        self.never += usize::from(state == DueState::Never);
    }
}

/// What one rule makes due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLoad {
    /// The pack's rule by name.
    pub rule: String,
    /// In all.
    pub whole: Load,
    /// By post, where the records say whose it is; the empty name where they do not.
    pub posts: Vec<(String, Load)>,
}

/// What waits at one building.
pub type BuildingLoad = (RecordId, Load);

/// Everything due in the community, rule by rule in the pack's order, and by building, the most overdue first.
pub fn loads(
    pack: &Pack,
    book: &Book,
    today: Date,
    horizon: i32,
    user: User<'_>,
    colleagues: &[Colleague],
) -> (Vec<RuleLoad>, Vec<BuildingLoad>) {
    let (mut rules, mut buildings) = (Vec::new(), BTreeMap::<RecordId, Load>::new());
    for rule in &pack.due {
        let items = match is_personal(rule) {
            false => due_by_rule(pack, book, today, horizon, user, rule),
            true => of_everyone(pack, book, today, horizon, rule, user, colleagues),
        };
        let (mut whole, mut posts) = (Load::default(), BTreeMap::<String, Load>::new());
        for item in &items {
            whole.add(item.state);
            for post in keys(pack, book, item.record, "post") {
                posts.entry(post).or_default().add(item.state);
            }
            for building in keys(pack, book, item.about, "building") {
                if let Ok(building) = building.parse() {
                    buildings.entry(building).or_default().add(item.state);
                }
            }
        }
        if whole.due > 0 {
            rules.push(RuleLoad { rule: rule.name.clone(), whole, posts: in_order(pack, posts) });
        }
    }
    let mut buildings: Vec<_> = buildings.into_iter().collect();
    buildings.sort_by_key(|(id, load)| (std::cmp::Reverse((load.late, load.due)), *id));
    (rules, buildings)
}

/// What a rule that asks who looks makes due to anyone, each once.
fn of_everyone(
    pack: &Pack,
    book: &Book,
    today: Date,
    horizon: i32,
    rule: &Due,
    user: User<'_>,
    colleagues: &[Colleague],
) -> Vec<DueItem> {
    let others = colleagues.iter().map(|other| User { name: &other.account, post: &other.post });
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for user in [user].into_iter().chain(others) {
        let items = due_by_rule(pack, book, today, horizon, user, rule);
        all.extend(items.into_iter().filter(|item| seen.insert(item.record)));
    }
    all
}

/// A record's values of a dimension.
fn keys(pack: &Pack, book: &Book, id: RecordId, dimension: &str) -> Vec<String> {
    let Some(record) = book.get(id) else { return Vec::new() };
    let Some(kind) = pack.kind(&record.kind).filter(|kind| kind.by.contains_key(dimension)) else { return Vec::new() };
    let first = kind.by[dimension].steps().next().unwrap_or_default();
    let fields: Fields = record.value(first).map(|value| (first.to_owned(), value)).into_iter().collect();
    let entry = Entry { kind: &record.kind, by: &record.by, fields: &fields };
    keys_of(kind, dimension, entry, &|id, field| book.get(id)?.value(field), None)
}

/// Posts as the pack orders them, never by amount; those it does not know last.
fn in_order<T>(pack: &Pack, posts: BTreeMap<String, T>) -> Vec<(String, T)> {
    let mut posts: Vec<_> = posts.into_iter().collect();
    posts.sort_by_key(|(name, _)| pack.posts.iter().position(|post| post.name == *name).unwrap_or(usize::MAX));
    posts
}

/// What is in hand of a kind: its states from which something can still be done, and how many records are in each.
#[derive(Clone, Debug, PartialEq)]
pub struct InHand {
    /// The kind.
    pub kind: String,
    /// The field that holds the state.
    pub field: String,
    /// States and their records.
    pub states: Vec<(Choice, usize)>,
}

/// What is in hand, kind by kind; kinds without anything in hand are left out.
pub fn in_hand(pack: &Pack, book: &Book, context: &Context<'_>) -> Vec<InHand> {
    let mut all = Vec::new();
    for kind in pack.kinds.values() {
        let Some((field, choices)) = state_of(pack, kind) else { continue };
        let open: Vec<&Choice> = choices.iter().filter(|choice| is_open(pack, kind, field, choice, context)).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for record in book.of_kind(&kind.name).filter(|record| !record.is_void()) {
            let state = record.text(&field.name).and_then(|name| open.iter().find(|choice| *choice.name == *name));
            if let Some(choice) = state {
                *counts.entry(&choice.name).or_default() += 1;
            }
        }
        if !counts.is_empty() {
            let count = |choice: &Choice| counts.get(choice.name.as_str()).copied().unwrap_or(0);
            let states = open.into_iter().map(|choice| (choice.clone(), count(choice))).collect();
            all.push(InHand { kind: kind.name.clone(), field: field.name.clone(), states });
        }
    }
    all
}

/// The field that actions move on from choice to choice.
fn state_of<'p>(pack: &'p Pack, kind: &'p Kind) -> Option<(&'p Field, &'p [Choice])> {
    let moves = |field: &&Field| {
        let own = kind.actions.iter().filter(|action| action.makes.is_none());
        own.filter_map(|action| action.set.get(&field.name)).any(|says| literal(says).is_some())
    };
    let field = kind.fields.iter().filter(moves).find(|field| matches!(field.r#type, FieldType::SelectOne(_)))?;
    let FieldType::SelectOne(list) = &field.r#type else { return None };
    Some((field, pack.choices.get(list)?))
}

/// Whether something can be done with a record in this state.
fn is_open(pack: &Pack, kind: &Kind, field: &Field, choice: &Choice, context: &Context<'_>) -> bool {
    let fields = Fields::from([(field.name.clone(), Value::from(choice.name.clone()))]);
    let scope = Scope::of(pack, kind, &fields, context);
    let own = kind.actions.iter().filter(|action| action.makes.is_none());
    own.filter_map(|action| action.when.as_ref()).any(|when| when.truth(&scope))
}

/// How many records of a kind were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The kind.
    pub kind: String,
    /// Today.
    pub today: usize,
    /// Since Monday.
    pub week: usize,
    /// Since Monday, by the writer's post, in the pack's order.
    pub posts: Vec<(String, usize)>,
}

/// What was written today and since Monday, kind by kind. `day_of` is the day of a moment (milliseconds since 1970 UTC).
pub fn written(
    pack: &Pack,
    book: &Book,
    today: Date,
    day_of: impl Fn(u64) -> Date,
    colleagues: &[Colleague],
) -> Vec<Written> {
    let back = jiff::Span::new().days(i64::from(today.weekday().to_monday_zero_offset()));
    let monday = today.saturating_sub(back);
    let post_of =
        |account: &str| colleagues.iter().find(|other| other.account == account).map(|other| other.post.clone());
    let mut all = Vec::new();
    for kind in pack.kinds.values().filter(|kind| happens(kind)) {
        let mut line = Written { kind: kind.name.clone(), today: 0, week: 0, posts: Vec::new() };
        let mut posts = BTreeMap::<String, usize>::new();
        // Newest last: from the end, until the first that is older.
        let fresh = book.of_kind(&kind.name).rev().map(|record| (record, day_of(record.made.millis())));
        for (record, day) in fresh.take_while(|(_, day)| *day >= monday).filter(|(record, _)| !record.is_void()) {
            line.week += 1;
            line.today += usize::from(day == today);
            *posts.entry(post_of(&record.by).unwrap_or_default()).or_default() += 1;
        }
        if line.week > 0 {
            line.posts = in_order(pack, posts);
            all.push(line);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::made::{Made, today};

    const DIRECTOR: User<'_> = User { name: "zhuren", post: "director" };

    fn colleague(account: &str, post: &str) -> Colleague {
        Colleague { account: account.into(), name: account.into(), post: post.into() }
    }

    #[test]
    fn tasks_of_all_posts_are_counted_once_each_by_the_post_they_were_handed_to() {
        let mut made = Made::default();
        let task = |post: &str, due: &str| json!({"what": "修路灯", "to_post": post, "state": "open", "due_on": due});
        made.record("task", task("civil_affairs", "2026-11-20"));
        made.record("task", task("police", "2026-11-30"));
        made.record("task", json!({"what": "看看", "to_officer": "li", "state": "open", "due_on": "2026-11-30"}));
        let all = [colleague("chen", "civil_affairs"), colleague("wu", "police"), colleague("li", "police")];
        let (rules, _) = loads(&Pack::community(), &made.book, today(), 7, DIRECTOR, &all);
        let tasks = rules.iter().find(|rule| rule.rule == "task").expect("tasks");
        assert_eq!((tasks.whole.due, tasks.whole.late), (3, 1));
        let posts: Vec<_> = tasks.posts.iter().map(|(post, load)| (post.as_str(), load.due)).collect();
        assert_eq!(posts, [("civil_affairs", 1), ("police", 1), ("", 1)]);
    }

    #[test]
    fn what_is_due_at_a_building_is_added_up_there_and_the_most_overdue_comes_first() {
        let mut made = Made::default();
        let (three, four) = (made.building("3幢"), made.building("4幢"));
        let (here, there) = (made.household(three, 1, 1, "101"), made.household(four, 1, 1, "101"));
        made.visit(here, None, "2026-11-01", Some("2026-11-25"));
        made.visit(there, None, "2026-11-01", Some("2026-11-20"));
        let (_, buildings) = loads(&Pack::community(), &made.book, today(), 7, DIRECTOR, &[]);
        let counted: Vec<_> = buildings.iter().map(|(id, load)| (*id, load.due, load.late)).collect();
        assert_eq!(counted, [(four, 1, 1), (three, 1, 0)]);
    }

    #[test]
    fn what_is_in_hand_is_counted_by_state_and_what_is_settled_is_not() {
        let mut made = Made::default();
        for state in ["open", "open", "taken", "closed"] {
            made.record("task", json!({"what": "修路灯", "state": state}));
        }
        let pack = Pack::community();
        let all = made.context(|context| in_hand(&pack, &made.book, context));
        let tasks = all.iter().find(|kind| kind.kind == "task").expect("tasks");
        let states: Vec<_> = tasks.states.iter().map(|(choice, count)| (choice.name.as_str(), *count)).collect();
        assert_eq!(states, [("open", 2), ("taken", 1), ("done", 0), ("sent_back", 0)]);
    }

    #[test]
    fn what_was_written_this_week_is_counted_by_kind_and_post_and_last_week_s_is_not() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        made.visit(home, None, "2026-11-20", None);
        made.visit(home, None, "2026-11-23", None);
        made.visit(home, None, "2026-11-23", None);
        let cut = crate::made::at(4);
        let last_week = today().saturating_sub(jiff::Span::new().days(3));
        let day_of = |millis| if millis < cut { last_week } else { today() };
        let all = written(&Pack::community(), &made.book, today(), day_of, &[colleague("chen", "retirees")]);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].kind.as_str(), all[0].today, all[0].week), ("service", 2, 2));
        assert_eq!(all[0].posts, [("retirees".to_owned(), 2)]);
    }
}
