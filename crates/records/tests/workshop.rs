//! What a director asks for in plain words becomes a pack that holds together, and does what was asked.

use records::{
    Context, Fields, NoOthers, Pack, Right, Text, User, Value, check,
    expression::Scope,
    figures::{Ask, Period, Tally},
    form::Form,
    pack::{
        DueRule, FieldType,
        workshop::{
            Asked, Edit, FigureAsked, News, Reckoned, RuleAsked, Shape, choice, conditions, days, disused, figure,
            figure_stopped, form, moved, paced, put, question, renamed, reworded, rule, rule_stopped,
        },
    },
};
use serde_json::json;

fn text(zh: &str, en: &str) -> Text {
    Text::new(zh, en)
}

fn asked(shape: Shape, zh: &str, choices: &[&str]) -> Asked {
    let choices = choices.iter().map(|choice| text(choice, "")).collect();
    Asked { shape, label: text(zh, ""), hint: Text::default(), required: false, choices }
}

fn pets() -> (Pack, Vec<Edit>) {
    let pack = Pack::community();
    let mut edits = Vec::new();
    let made =
        question(&pack, "service", Some("outcome".into()), &asked(Shape::Several, "养宠物吗", &["猫", "狗", "没有"]));
    made.unwrap().into_iter().for_each(|edit| put(&pack, &mut edits, edit));
    (pack, edits)
}

/// Edited, as the office would take it.
fn published(pack: &Pack, edits: &[Edit]) -> Pack {
    pack.edited(edits).succeed(pack).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
}

fn with_context<T>(f: impl FnOnce(&Context<'_>) -> T) -> T {
    let today = jiff::civil::date(2026, 11, 27);
    f(&Context { today, user: User { name: "wang", post: "civil_affairs" }, lookup: &NoOthers })
}

#[test]
fn a_question_with_choices_stands_where_it_was_put_and_is_answered() {
    let (pack, edits) = pets();
    let now = published(&pack, &edits);
    let kind = now.kind("service").unwrap();
    let at = kind.fields.iter().position(|field| field.name == "yang_chong_wu_ma").unwrap();
    assert_eq!(kind.fields[at - 1].name, "outcome");
    assert_eq!(kind.fields[at].label, text("养宠物吗", "养宠物吗"), "without English the Chinese serves for both");
    assert_eq!(kind.fields[at].r#type, FieldType::SelectMultiple("service.yang_chong_wu_ma".into()));
    let names: Vec<&str> = now.choices["service.yang_chong_wu_ma"].iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["mao", "gou", "mei_you"]);
    with_context(|context| {
        let mut form = Form::new(&now, "service", Fields::new(), true, context);
        form.set(&now, "yang_chong_wu_ma", json!(["mao"]), context);
        let asked = form.questions(&now, context);
        let pets = asked.iter().find(|question| question.field.name == "yang_chong_wu_ma").unwrap();
        assert!(pets.relevant && pets.problem.is_none() && pets.choices.len() == 3);
        form.set(&now, "yang_chong_wu_ma", json!(["elephant"]), context);
        assert!(form.problems(&now, context).iter().any(|p| p.field.as_deref() == Some("yang_chong_wu_ma")));
    });
}

#[test]
fn every_shape_makes_a_form_that_holds_together() {
    let pack = Pack::community();
    let mut edits = Vec::new();
    for (at, shape) in Shape::ALL.into_iter().enumerate() {
        let asked = Asked { required: true, ..asked(shape, &format!("题目{at}"), &["甲", "乙"]) };
        for edit in question(&pack.edited(&edits), "service", None, &asked).unwrap() {
            put(&pack, &mut edits, edit);
        }
    }
    let now = published(&pack, &edits);
    let made = &now.kind("service").unwrap().fields[pack.kind("service").unwrap().fields.len()..];
    assert_eq!(made.iter().filter_map(Shape::of).collect::<Vec<_>>(), Shape::ALL);
    assert!(made.iter().all(|field| field.since == now.version), "required from now on");
}

#[test]
fn what_is_missing_is_said_at_its_place_and_all_at_once() {
    let pack = Pack::community();
    let places = |asked: &Asked| -> Vec<String> {
        question(&pack, "service", None, asked).unwrap_err().into_iter().filter_map(|wrong| wrong.field).collect()
    };
    assert_eq!(places(&asked(Shape::One, " ", &["只有一个"])), ["label", "choices"]);
    assert_eq!(places(&asked(Shape::One, "同样", &["甲", "甲"])), ["choices"]);
    assert_eq!(places(&asked(Shape::Line, "情况", &[])), ["label"], "the form asks this already");
    let rule_asked = RuleAsked { label: text("", ""), kind: "person".into(), when: vec![], days: 0, posts: vec![] };
    let places: Vec<_> = rule(&pack, &rule_asked).unwrap_err().into_iter().filter_map(|wrong| wrong.field).collect();
    assert_eq!(places, ["label", "days", "when"]);
}

#[test]
fn edits_are_kept_and_laid_over_a_newer_pack() {
    let (pack, mut edits) = pets();
    let added = choice(&pack, "person.label", &text("养犬户", "Keeps a dog")).unwrap();
    put(&pack, &mut edits, added);
    let kept: Vec<Value> = edits.iter().map(Edit::to_value).collect();
    let again: Vec<Edit> = kept.iter().map(|value| Edit::from_value(value).unwrap()).collect();
    assert_eq!(again, edits);
    let other = reworded(&pack, "service", "note", &text("经过", "What went on"), &Text::default(), None).unwrap();
    let newer = published(&pack, &[other]);
    let now = published(&newer, &again);
    assert_eq!(now.version, pack.version + 2);
    assert_eq!(now.kind("service").unwrap().field("note").unwrap().label.zh, "经过", "hers stays");
    assert!(now.kind("service").unwrap().field("yang_chong_wu_ma").is_some());
    assert!(now.choices["person.label"].iter().any(|choice| choice.name == "keeps_a_dog"));
}

#[test]
fn an_edit_that_changes_nothing_any_more_goes() {
    let pack = Pack::community();
    let mut edits = Vec::new();
    let before = pack.kind("service").unwrap().field("note").unwrap().label.clone();
    let reword = |words: &Text| reworded(&pack, "service", "note", words, &Text::default(), None).unwrap();
    put(&pack, &mut edits, reword(&text("经过", "What went on")));
    assert_eq!(edits[0].news(&pack), News::Changed);
    put(&pack, &mut edits, reword(&before));
    assert!(edits.is_empty());
    put(&pack, &mut edits, moved(&pack, "service", "note", true).unwrap());
    assert_eq!(edits[0].news(&pack), News::Moved);
    let order: Vec<String> =
        pack.edited(&edits).kind("service").unwrap().fields.iter().map(|f| f.name.clone()).collect();
    let at = |name: &str| order.iter().position(|field| field == name).unwrap();
    assert!(at("note") < at("outcome") && at("topic") < at("note"), "one place further up: {order:?}");
}

#[test]
fn what_is_out_of_use_is_asked_no_more_but_never_lost() {
    let pack = Pack::community();
    let edit = disused(&pack, "service", "follow_up", true).unwrap();
    let on = disused(&pack, "service", "photos", true).unwrap();
    let now = published(&pack, &[edit, on]);
    with_context(|context| {
        let fresh = Form::new(&now, "service", Fields::new(), true, context);
        assert!(!fresh.answers().contains_key("follow_up"), "its default fills nothing");
        let asked =
            |form: &Form| form.questions(&now, context).iter().any(|q| q.field.name == "follow_up" && q.relevant);
        assert!(!asked(&fresh));
        let answered =
            Fields::from([("follow_up".to_owned(), json!("week")), ("date".to_owned(), json!("2026-11-27"))]);
        let mut draft = Form::new(&now, "service", answered, false, context);
        draft.set(&now, "note", json!("x"), context);
        assert!(asked(&draft), "what was answered shows");
        assert_eq!(draft.fields()["follow_up"], "week", "and is saved");
        assert!(
            !check(&now, "service", draft.fields(), context).iter().any(|p| p.field.as_deref() == Some("follow_up"))
        );
    });
    for (field, needed) in [("date", "记录按它"), ("follow_up_on", "到期提醒"), ("channel", "门牌图")] {
        let wrong = disused(&pack, "service", field, true).unwrap_err();
        assert!(wrong.message.zh.contains(needed), "{wrong:?}");
    }
}

#[test]
fn a_label_is_visited_every_so_often_by_those_who_live_here() {
    let (pack, mut edits) = pets();
    let label = choice(&pack, "person.label", &text("养犬户", "")).unwrap();
    let Edit::Choice { choice: made, .. } = &label else { panic!() };
    assert_eq!(made.name, "yang_quan_hu");
    put(&pack, &mut edits, label);
    let draft = pack.edited(&edits);
    let when = vec![("labels".to_owned(), "yang_quan_hu".to_owned())];
    let asked = RuleAsked { label: text("养犬户走访", ""), kind: "person".into(), when, days: 60, posts: vec![] };
    put(&pack, &mut edits, rule(&draft, &asked).unwrap());
    let now = published(&pack, &edits);
    let due = now.due.iter().find(|due| due.name == "yang_quan_hu_zou_fang").unwrap();
    let DueRule::Every { days: 60, by, about, .. } = &due.rule else { panic!("{due:?}") };
    assert_eq!((by.as_str(), about.clone()), ("service", vec!["person".to_owned(), "household".to_owned()]));
    let is_due = |state: &str| {
        let person = Fields::from([("labels".to_owned(), json!(["yang_quan_hu"])), ("state".to_owned(), json!(state))]);
        with_context(|context| {
            let scope = Scope::of(&now, now.kind("person").unwrap(), &person, context);
            due.filter.as_ref().unwrap().truth(&scope)
        })
    };
    assert_eq!((is_due("living_here"), is_due("deceased")), (true, false), "as the pack's other rules have it");
    assert!(conditions(now.kind("person").unwrap()).any(|field| field.name == "labels"));
}

#[test]
fn figures_count_add_and_tell_apart() {
    let (pack, edits) = pets();
    let draft = pack.edited(&edits);
    let when = vec![("channel".to_owned(), "visit".to_owned()), ("yang_chong_wu_ma".to_owned(), "gou".to_owned())];
    let label = |zh: &str| (text(zh, ""), text("次", "times"));
    let asked = |zh, kind: &str, reckoned, when| {
        let (label, unit) = label(zh);
        FigureAsked { label, unit, kind: kind.into(), reckoned, when }
    };
    let all = [
        asked("养狗的走访", "service", Reckoned::Count, when),
        asked("发出去的钱", "aid", Reckoned::Sum("amount".into()), vec![]),
        asked("走到的人", "service", Reckoned::Different("person".into()), vec![]),
    ];
    let mut edits = edits;
    for asked in &all {
        put(&pack, &mut edits, figure(&draft, asked).unwrap_or_else(|wrong| panic!("{wrong:#?}")));
    }
    let now = published(&pack, &edits);
    let dogs = now.indicator("service.yang_gou_de_zou_fang").unwrap();
    let source = dogs.filter.as_ref().unwrap().source();
    assert_eq!(source, "${channel} = 'visit' and selected(${yang_chong_wu_ma}, 'gou')");
    let renamed = |label: &str| renamed(&now, &dogs.name, &text(label, ""), &text("户", ""));
    let changed = published(&now, &[renamed("养犬走访").unwrap()]);
    let after = changed.indicator(&dogs.name).unwrap();
    assert_eq!(
        (&*after.label.zh, after.unit.clone(), &after.filter),
        ("养犬走访", Some(text("户", "户")), &dogs.filter)
    );

    let mut edits = Vec::new();
    put(&changed, &mut edits, figure_stopped(&changed, &dogs.name, true).unwrap());
    assert_eq!(edits[0].news(&changed), News::Disused);
    assert_eq!(Edit::from_value(&edits[0].to_value()).unwrap(), edits[0]);
    let stopped = published(&changed, &edits);
    assert!(stopped.offered().all(|offered| offered.name != dogs.name));
    let of_both = |pack: &Pack| Tally::new(pack, Ask::of(Period::year(2025).unwrap())).figures().whole;
    assert!(of_both(&stopped).contains_key(&dogs.name), "a report that names it still gets it");
    assert_eq!(figure_stopped(&stopped, &dogs.name, false).unwrap().news(&stopped), News::BackInUse);
    assert!(renamed("发出去的钱").is_err(), "another figure is called so");
    let wrong = figure(&draft, &asked("钱", "service", Reckoned::Sum("note".into()), vec![])).unwrap_err();
    assert_eq!(wrong[0].field.as_deref(), Some("of"));
}

#[test]
fn a_rule_is_paced_otherwise_stopped_and_taken_up_again() {
    let pack = Pack::community();
    let every = pack.due.iter().find(|due| matches!(due.rule, DueRule::Every { .. })).unwrap();
    let name = every.name.as_str();
    let edit = paced(&pack, name, 45).unwrap();
    assert_eq!(edit.news(&pack), News::Changed);
    let now = published(&pack, &[edit]);
    let due = now.due.iter().find(|due| due.name == name).unwrap();
    assert_eq!((days(due), due.filter.as_ref()), (Some(45), every.filter.as_ref()), "only its days are other");
    let until = pack.due.iter().find(|due| matches!(due.rule, DueRule::Until { .. })).unwrap();
    assert!([0, 10].iter().all(|ahead| paced(&pack, &until.name, *ahead).is_ok()), "none ahead is the day itself");
    let promise = pack.due.iter().find(|due| matches!(due.rule, DueRule::Promise { .. })).unwrap();
    for (name, asked) in [(name, 0), (name, 4000), (promise.name.as_str(), 7), ("nothing", 7)] {
        assert!(paced(&pack, name, asked).is_err(), "{name} {asked}");
    }

    let mut edits = Vec::new();
    put(&pack, &mut edits, rule_stopped(&pack, name, true).unwrap());
    assert_eq!(edits[0].news(&pack), News::Disused);
    let kept = Edit::from_value(&edits[0].to_value()).unwrap();
    assert_eq!(kept, edits[0]);
    let now = published(&pack, &edits);
    assert!(
        now.due.iter().any(|due| due.name == name && due.stopped),
        "it stays in the pack, and in what was done by it"
    );
    let again = rule_stopped(&pack.edited(&edits), name, false).unwrap();
    put(&pack, &mut edits, again);
    assert!(edits.is_empty(), "stopped and taken up again is nothing");
    assert_eq!(rule_stopped(&now, name, false).unwrap().news(&now), News::BackInUse);

    // A question that only a stopped rule needs can go out of use.
    let leans = |pack: &Pack| disused(pack, "service", "follow_up_on", true).is_err();
    assert!(leans(&pack));
    let promises = pack.due.iter().filter(|due| due.kind == "service");
    let all: Vec<Edit> = promises.map(|due| rule_stopped(&pack, &due.name, true).unwrap()).collect();
    assert!(!leans(&pack.edited(&all)));
}

#[test]
fn a_whole_form_is_laid_over_one_in_force_question_by_question() {
    let (pack, edits) = pets();
    let wanted = published(&pack, &edits);
    let mut kind = wanted.kind("service").unwrap().clone();
    kind.label = text("走访", "Visit");
    let last = kind.fields.pop().unwrap();
    kind.fields.insert(0, last.clone());
    let own = wanted.choices.iter().filter(|(list, _)| list.starts_with("service."));
    let own = own.map(|(list, choices)| (list.clone(), choices.clone())).collect();
    let edits = form(&pack, &kind, &own, &[]);
    let mut news: Vec<(News, bool)> = edits.iter().map(|e| (e.news(&pack), e.of_form() == Some("service"))).collect();
    news.dedup();
    let expected = [News::New, News::Changed, News::Moved, News::New].map(|news| (news, true));
    assert_eq!(news, expected, "three choices, the head, the one moved, the new question");
    let kept: Vec<Edit> = edits.iter().map(|edit| Edit::from_value(&edit.to_value()).unwrap()).collect();
    assert_eq!(kept, edits);
    let now = pack.edited(&edits);
    assert_eq!(now.kind("service"), Some(&kind));
    assert_eq!(form(&now, &kind, &own, &[]), [], "and then there is nothing more to do");
}

#[test]
fn a_new_form_is_for_the_posts_it_is_given_to() {
    let pack = Pack::community();
    let mut kind = pack.kind("service").unwrap().clone();
    kind.name = "survey".into();
    let edits = form(&pack, &kind, &Default::default(), &["civil_affairs".to_owned()]);
    let now = published(&pack, &edits);
    for post in &now.posts {
        let may = post.report || post.name == "civil_affairs";
        assert_eq!((now.allows(&post.name, "survey", Right::Write), may), (may, may), "{}", post.name);
    }
}
