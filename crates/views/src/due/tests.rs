use records::expression::Expression;

use super::*;
use crate::made::{Made, today};

const ASKER: Asker<'_> = Asker { user: User { name: "chen", post: "civil_affairs" }, all: false };

fn all(made: &Made) -> Vec<DueItem> {
    due(&Pack::community(), &made.book, today(), 7, ASKER)
}

fn states(made: &Made) -> Vec<(DueState, RecordId)> {
    all(made).into_iter().map(|item| (item.state, item.about)).collect()
}

#[test]
fn what_is_overdue_comes_first_and_what_is_far_off_not_at_all() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = |made: &mut Made, flat, back| {
        let home = made.household(building, 1, 1, flat);
        made.visit(home, None, "2026-11-01", Some(back));
        home
    };
    let (soon, today) = (home(&mut made, "101", "2026-11-25"), home(&mut made, "102", "2026-11-23"));
    let late = home(&mut made, "103", "2026-11-20");
    home(&mut made, "104", "2026-12-25");
    assert_eq!(states(&made), [(DueState::Overdue(3), late), (DueState::Today, today), (DueState::Soon(2), soon)]);
}

#[test]
fn a_later_visit_keeps_the_promise_and_an_unanswered_door_does_not() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = made.household(building, 1, 1, "101");
    let wang = made.person(home, "王阿婆", "");
    made.visit(home, Some(wang), "2026-11-01", Some("2026-11-20"));
    let unanswered = made.visit(home, Some(wang), "2026-11-20", None);
    made.set(unanswered, "outcome", "nobody_home".into(), crate::made::at(50));
    assert_eq!(states(&made), [(DueState::Overdue(3), wang)]);
    made.visit(home, Some(wang), "2026-11-21", None);
    assert_eq!(states(&made), []);
}

#[test]
fn a_visit_entered_late_neither_breaks_nor_revives_a_promise_kept_since() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = made.household(building, 1, 1, "101");
    made.visit(home, None, "2026-11-21", None);
    made.visit(home, None, "2026-11-01", Some("2026-11-20"));
    assert_eq!(states(&made), []);
}

#[test]
fn a_promise_to_one_person_is_not_kept_by_a_visit_to_another() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = made.household(building, 1, 1, "101");
    let (wang, li) = (made.person(home, "王阿婆", ""), made.person(home, "李桂英", ""));
    made.visit(home, Some(wang), "2026-11-01", Some("2026-11-20"));
    made.visit(home, Some(li), "2026-11-21", None);
    assert_eq!(states(&made), [(DueState::Overdue(3), wang)]);
}

#[test]
fn nothing_falls_due_to_who_died_or_moved_away() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = made.household(building, 1, 1, "101");
    let alone = serde_json::json!({"name": "王阿婆", "household": home, "labels": ["elder_alone"]});
    let (wang, li) = (made.record("person", alone), made.person(home, "李桂英", ""));
    made.visit(home, Some(li), "2026-11-01", Some("2026-11-20"));
    let permit =
        serde_json::json!({"person": li, "origin": "安徽", "arrived_on": "2026-01-01", "permit_until": "2026-11-25"});
    let permit = made.record("migrant", permit);
    let due = |made: &Made| -> Vec<RecordId> {
        let asker = Asker { all: true, ..ASKER };
        due(&Pack::community(), &made.book, today(), 7, asker).into_iter().map(|item| item.about).collect()
    };
    assert_eq!(due(&made), [li, wang, permit]);
    made.set(li, "state", "moved".into(), crate::made::at(50));
    assert_eq!(due(&made), [wang], "neither the promise nor the permit");
    made.set(wang, "state", "deceased".into(), crate::made::at(51));
    assert!(due(&made).is_empty());
}

#[test]
fn a_rule_that_asks_for_it_itself_is_about_those_who_are_gone() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = made.household(building, 1, 1, "101");
    let (wang, _) = (made.person(home, "王阿婆", ""), made.person(home, "李桂英", ""));
    made.set(wang, "state", "deceased".into(), crate::made::at(50));
    let mut pack = Pack::community();
    let mut rule = pack.due.iter().find(|rule| rule.name == "elder_alone").expect("a rule").clone();
    rule.name = "widowed".into();
    rule.filter = Expression::parse("${state} = 'deceased'").ok();
    pack.due = vec![rule];
    let items = due(&pack, &made.book, today(), 7, ASKER);
    assert_eq!(items.into_iter().map(|item| item.about).collect::<Vec<_>>(), [wang]);
}

#[test]
fn a_promise_taken_back_is_none() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = made.household(building, 1, 1, "101");
    let visit = made.visit(home, None, "2026-11-01", Some("2026-11-20"));
    made.set(visit, "_void", "写错了".into(), crate::made::at(50));
    assert_eq!(states(&made), []);
}

#[test]
fn who_lives_alone_is_visited_every_month_and_a_visit_to_the_household_counts() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = made.household(building, 1, 1, "101");
    let wang =
        made.record("person", serde_json::json!({"name": "王阿婆", "household": home, "labels": ["elder_alone"]}));
    assert_eq!(states(&made), [(DueState::Never, wang)]);
    made.visit(home, None, "2026-10-20", None);
    assert_eq!(states(&made), [(DueState::Overdue(4), wang)]);
    let other = made.person(home, "李桂英", "");
    made.visit(home, Some(other), "2026-11-20", None);
    assert_eq!(states(&made), [(DueState::Overdue(4), wang)], "a visit to another is none to her");
    made.visit(home, Some(wang), "2026-11-20", None);
    assert_eq!(states(&made), []);
}

#[test]
fn a_permit_is_listed_a_month_before_it_runs_out_to_those_who_renew_it() {
    let mut made = Made::default();
    let permit = |until: &str| serde_json::json!({"origin": "安徽", "arrived_on": "2026-01-01", "permit_until": until});
    let soon = made.record("migrant", permit("2026-12-20"));
    made.record("migrant", permit("2027-06-01"));
    assert_eq!(states(&made), [], "not the civil-affairs officer's");
    let asker = Asker { user: User { name: "chen", post: "migrants" }, all: false };
    let items = due(&Pack::community(), &made.book, today(), 7, asker);
    assert_eq!(items.iter().map(|i| (i.state, i.about)).collect::<Vec<_>>(), [(DueState::Soon(27), soon)]);
}

#[test]
fn a_task_is_due_to_whom_it_was_handed() {
    let mut made = Made::default();
    let task = |post: &str, state: &str| serde_json::json!({"what": "修路灯", "to_post": post, "state": state, "due_on": "2026-11-30"});
    let mine = made.record("task", task("civil_affairs", "open"));
    made.record("task", task("police", "open"));
    made.record("task", task("civil_affairs", "closed"));
    assert_eq!(states(&made), [(DueState::Soon(7), mine)]);
}
