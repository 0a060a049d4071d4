//! What is due, rule by rule, as Today lists it.

use records::{Pack, pack::DueRule};

use super::{DueItem, DueState, is_personal};

/// What one rule makes due, as Today lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The pack's rule by name.
    pub rule: String,
    /// How many are overdue.
    pub late: usize,
    /// How many were never done at all.
    pub never: usize,
    /// What is due, the longest overdue first.
    pub items: Vec<DueItem>,
    /// What is overdue so long that it is no work for today.
    pub old: Vec<DueItem>,
    /// Handed to whoever looks, by account or to their post alone: such rules come first.
    pub is_own: bool,
}

/// What is due rule by rule: what was handed to whoever looks first, then in the order of the pack. What is more than
/// `long_ago` days overdue is set apart.
pub fn groups(pack: &Pack, items: Vec<DueItem>, long_ago: i32, post: &str) -> Vec<Group> {
    let mut all: Vec<Group> = Vec::new();
    for rule in &pack.due {
        let own = items.iter().filter(|item| item.rule == rule.name).cloned();
        let is_old = |item: &DueItem| matches!(item.state, DueState::Overdue(days) if days > long_ago);
        let (old, items): (Vec<_>, Vec<_>) = own.partition(is_old);
        if items.is_empty() && old.is_empty() {
            continue;
        }
        let count = |fits: fn(&DueState) -> bool| items.iter().filter(|item| fits(&item.state)).count();
        let (late, never) =
            (count(|state| matches!(state, DueState::Overdue(_))), count(|state| *state == DueState::Never));
        let is_for_post = matches!(rule.rule, DueRule::Until { .. }) && rule.posts == [post];
        let is_own = is_personal(rule) || is_for_post;
        all.push(Group { rule: rule.name.clone(), late, never, items, old, is_own });
    }
    all.sort_by_key(|group| !group.is_own);
    all
}

#[cfg(test)]
mod tests {
    use records::User;

    use super::*;
    use crate::{
        due::{Asker, due},
        made::{Made, today},
    };

    #[test]
    fn rules_are_listed_one_by_one_what_was_handed_to_me_first_and_what_is_long_past_apart() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let alone = serde_json::json!({"name": "王阿婆", "household": home, "labels": ["elder_alone"]});
        let wang = made.record("person", alone);
        let other = made.household(building, 1, 1, "102");
        made.visit(other, None, "2024-01-01", Some("2024-02-01"));
        let task =
            serde_json::json!({"what": "修路灯", "to_post": "civil_affairs", "state": "open", "due_on": "2026-11-20"});
        let task = made.record("task", task);
        let pack = Pack::community();
        let asker = Asker { user: User { name: "chen", post: "civil_affairs" }, all: false };
        let groups = groups(&pack, due(&pack, &made.book, today(), 7, asker), 365, "civil_affairs");
        let rules: Vec<_> = groups.iter().map(|group| group.rule.as_str()).collect();
        assert_eq!(rules[0], "task");
        assert_eq!((groups[0].late, groups[0].items[0].about, groups[0].is_own), (1, task, true));
        let alone = groups.iter().find(|group| group.rule == "elder_alone").expect("a rule");
        assert_eq!((alone.never, alone.items[0].about), (1, wang));
        let promised = groups.iter().find(|group| group.rule == "follow_up").expect("a rule");
        assert_eq!((promised.items.len(), promised.old.len()), (0, 1));
    }
}
