//! What goes out comes in the same, also after someone worked on the sheet.

use export::xlsform::{Imported, export, import};
use records::{
    Context, FieldType, Fields, Kind, NoOthers, Pack, Text, User,
    form::Form,
    pack::workshop::{Asked, Edit, News, Shape, choice, disused, question},
};
use serde_json::json;

use crate::book::{edited, told};

fn exported(pack: &Pack, kind: &str) -> Vec<u8> {
    export(pack, kind).unwrap().unwrap()
}

#[test]
fn every_kind_of_the_community_comes_back_as_it_was() {
    let pack = Pack::community();
    for (name, kind) in &pack.kinds {
        let Imported { kind: read, choices, findings, is_new } =
            import(&pack, "x.xlsx", &exported(&pack, name)).unwrap();
        assert_eq!(findings, [], "{name}");
        assert_eq!(&read, kind);
        let own: Vec<_> = pack.choices.iter().filter(|(list, _)| list.starts_with(&format!("{name}."))).collect();
        assert_eq!(choices.iter().collect::<Vec<_>>(), own);
        assert!(!is_new);
    }
}

/// A community that has never heard of the kind gets all that a sheet carries: everything but how it is broken down, what
/// can be done with it, what is written again, how it is walked, when an entry is gone, what tells two apart and what else
/// follows from an entry.
#[test]
fn a_kind_goes_to_another_community() {
    let pack = Pack::community();
    for (name, kind) in &pack.kinds {
        let mut elsewhere = pack.clone();
        elsewhere.kinds.remove(name);
        elsewhere.choices.retain(|list, _| !list.starts_with(&format!("{name}.")));
        let imported = import(&elsewhere, "x.xlsx", &exported(&pack, name)).unwrap();
        let mut bare = kind.clone();
        (bare.by, bare.actions, bare.again, bare.walk, bare.gone, bare.tells_apart, bare.follows) = Default::default();
        assert_eq!(imported.kind, bare);
        assert!(imported.is_new);
        // It may point at itself, or at a kind that points at it; all else holds.
        assert_eq!(told(&imported), [""; 0], "{name}");
        assert_eq!(imported.within(&elsewhere).kinds.len(), pack.kinds.len());
    }
}

#[test]
fn what_a_sheet_does_not_carry_stays() {
    let pack = Pack::community();
    let imported = import(&pack, "x.xlsx", &exported(&pack, "patrol")).unwrap();
    let after = imported.within(&pack);
    assert_eq!(after, pack, "figures, due rules, rights, rounds, actions");
    assert!(after.kind("patrol").unwrap().walk.is_some() && !after.kind("patrol").unwrap().actions.is_empty());
}

#[test]
fn what_was_changed_in_the_sheet_counts() {
    let pack = Pack::community();
    // Wider words and a new bound, in ODK's own columns.
    let bytes = edited(&exported(&pack, "aid"), |_, text| match text {
        "领取人" => Some("领款人".into()),
        "(. * 100) > 0 and (. * 100) <= 100000000" => Some(". > 1".into()),
        _ => None,
    });
    let imported = import(&pack, "x.xlsx", &bytes).unwrap();
    let field = |name: &str| imported.kind.field(name).unwrap();
    assert_eq!(field("person").label, Text::new("领款人", "Paid to"));
    assert_eq!(field("amount").constraint.as_ref().unwrap().source(), ". > 1");
    let said = told(&imported);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("survey!") && said[0].ends_with("passed ours-stale"), "{said:?}");

    // A type that was changed counts over what we wrote beside it.
    let bytes = edited(&exported(&pack, "person"), |at, text| {
        (text == "phone" && !at.starts_with("survey!B")).then(|| "nonsense".into())
    });
    let imported = import(&pack, "x.xlsx", &bytes).unwrap();
    let phones = imported.kind.fields.iter().filter(|field| field.r#type == FieldType::Phone).count();
    let said = told(&imported);
    assert!(said.iter().any(|line| line.ends_with("passed type-ours")), "{said:?}");
    assert_eq!(phones, pack.kind("person").unwrap().fields.iter().filter(|f| f.r#type == FieldType::Phone).count());
    assert!(said.iter().any(|line| line.ends_with("refused field-other")), "records hold telephones: {said:?}");
}

#[test]
fn the_unchanged_export_changes_nothing() {
    let pack = lived_in();
    for name in pack.kinds.keys() {
        let imported = import(&pack, "x.xlsx", &exported(&pack, name)).unwrap();
        assert_eq!(imported.edits(&pack, &[]), [], "{name}");
        assert_eq!(told(&imported), [""; 0], "{name}");
    }
}

/// The community's pack after a director's year: a question that became required later, one out of use, a choice more.
fn lived_in() -> Pack {
    let pack = Pack::community();
    let asked = Asked {
        shape: Shape::One,
        label: Text::new("养宠物吗", "Pets"),
        hint: Text::default(),
        required: true,
        choices: vec![Text::new("猫", "Cat"), Text::new("狗", "Dog")],
    };
    let mut edits = question(&pack, "service", Some("outcome".into()), &asked).unwrap();
    edits.push(disused(&pack, "service", "photos", true).unwrap());
    edits.push(choice(&pack, "person.label", &Text::new("养犬户", "Keeps a dog")).unwrap());
    let pack = pack.edited(&edits).succeed(&pack).unwrap();
    assert!(pack.kind("service").unwrap().fields.iter().any(|field| field.since == pack.version));
    pack
}

#[test]
fn what_is_gone_from_the_sheet_is_out_of_use_and_what_stays_keeps_its_since() {
    let pack = lived_in();
    let bytes = edited(&exported(&pack, "service"), |at, text| {
        let is_name = at.starts_with("survey!B");
        (text == "note" && is_name).then(|| "what_happened".into())
    });
    let imported = import(&pack, "x.xlsx", &bytes).unwrap();
    let edits = imported.edits(&pack, &[]);
    let news: Vec<(News, &str)> = edits
        .iter()
        .map(|edit| match edit {
            Edit::Field { field, .. } => (edit.news(&pack), &*field.name),
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(news.contains(&(News::New, "what_happened")) && news.contains(&(News::Disused, "note")), "{news:?}");
    let said = told(&imported);
    assert!(said.iter().any(|line| line.ends_with("changed field-gone")), "{said:?}");

    let now = imported.within(&pack).succeed(&pack).unwrap();
    let (was, is) = (pack.kind("service").unwrap(), now.kind("service").unwrap());
    let at = |name: &str| is.fields.iter().position(|field| field.name == name).unwrap();
    assert_eq!(at("note"), at("what_happened") - 1, "where it stood");
    let since = |kind: &Kind, name: &str| kind.field(name).unwrap().since;
    assert_eq!(since(is, "pets"), since(was, "pets"));
    assert_eq!(since(is, "pets"), pack.version);
    // Records written before still read.
    let context = Context {
        today: jiff::civil::date(2026, 11, 27),
        user: User { name: "minzheng", post: "civil_affairs" },
        lookup: &NoOthers,
    };
    let old = Fields::from([("note".to_owned(), json!("换了灯泡")), ("date".to_owned(), json!("2026-11-02"))]);
    let form = Form::new(&now, "service", old, false, &context);
    let questions = form.questions(&now, &context);
    assert!(questions.iter().any(|question| question.field.name == "note" && question.relevant));
}

#[test]
fn a_question_that_must_be_answered_is_new_from_the_version_that_asks_it() {
    let pack = lived_in();
    let bytes = edited(&exported(&pack, "service"), |at, text| {
        (text == "pets" && at.starts_with("survey!B")).then(|| "animals".into())
    });
    let now = import(&pack, "x.xlsx", &bytes).unwrap().within(&pack).succeed(&pack).unwrap();
    let field = |name: &str| now.kind("service").unwrap().field(name).unwrap();
    assert_eq!((field("animals").since, field("pets").disused), (now.version, true));
}

#[test]
fn a_question_that_the_rest_leans_on_stays_in_use() {
    let pack = Pack::community();
    let bytes = edited(&exported(&pack, "service"), |_, text| (text == "follow_up_on").then(|| "back_on".into()));
    let imported = import(&pack, "x.xlsx", &bytes).unwrap();
    let said = told(&imported);
    assert!(said.iter().any(|line| line.ends_with("changed field-stays")), "{said:?}");
    let now = imported.within(&pack).succeed(&pack).unwrap();
    assert!(!now.kind("service").unwrap().field("follow_up_on").unwrap().disused, "a due rule counts from it");
}

#[test]
fn choices_that_records_hold_stay_and_new_ones_stand_where_they_are_put() {
    let pack = lived_in();
    let bytes = edited(&exported(&pack, "service"), |at, text| {
        (text == "cat" && at.starts_with("choices!")).then(|| "rabbit".into())
    });
    let imported = import(&pack, "x.xlsx", &bytes).unwrap();
    assert!(told(&imported).iter().any(|line| line.ends_with("changed choice-gone")), "{:?}", told(&imported));
    let now = imported.within(&pack).succeed(&pack).unwrap();
    let names: Vec<&str> = now.choices["service.pets"].iter().map(|choice| &*choice.name).collect();
    assert_eq!(names, ["cat", "rabbit", "dog"]);
}

/// ODK's tools drop columns that are not theirs.
#[test]
fn what_a_sheet_has_no_column_for_stays_as_it_is_in_force() {
    let pack = lived_in();
    for (name, was) in &pack.kinds {
        let bytes = edited(&exported(&pack, name), |_, text| text.starts_with("linli_").then(|| "_dropped".into()));
        let imported = import(&pack, "x.xlsx", &bytes).unwrap();
        let now = imported.within(&pack);
        assert_eq!(now.succeed(&pack).map(drop), Ok(()), "{name}");
        let kind = &imported.kind;
        assert_eq!((kind.class, &kind.date, &kind.assigned), (was.class, &was.date, &was.assigned), "{name}");
        for old in &was.fields {
            let field = kind.field(&old.name).unwrap();
            assert_eq!(field, old, "{name}");
        }
    }
}
