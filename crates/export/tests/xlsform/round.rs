//! What goes out comes in the same, also after someone worked on the sheet.

use export::xlsform::{Imported, export, import};
use records::{FieldType, Pack, Text};

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
/// can be done with it, what is written again, and how it is walked.
#[test]
fn a_kind_goes_to_another_community() {
    let pack = Pack::community();
    for (name, kind) in &pack.kinds {
        let mut elsewhere = pack.clone();
        elsewhere.kinds.remove(name);
        elsewhere.choices.retain(|list, _| !list.starts_with(&format!("{name}.")));
        let imported = import(&elsewhere, "x.xlsx", &exported(&pack, name)).unwrap();
        let mut bare = kind.clone();
        (bare.by, bare.actions, bare.again, bare.walk) = Default::default();
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
        "发给谁" => Some("发给哪一位".into()),
        "(. * 100) > 0 and (. * 100) <= 100000000" => Some(". > 1".into()),
        _ => None,
    });
    let imported = import(&pack, "x.xlsx", &bytes).unwrap();
    let field = |name: &str| imported.kind.field(name).unwrap();
    assert_eq!(field("person").label, Text::new("发给哪一位", "Paid to"));
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
    assert_eq!(phones, 0);
    let said = told(&imported);
    assert!(said.iter().any(|line| line.ends_with("passed type-ours")), "{said:?}");
    assert!(said.iter().any(|line| line.ends_with("changed field-other")), "{said:?}");
}

#[test]
fn a_question_taken_out_is_named_with_all_that_hangs_on_it() {
    let pack = Pack::community();
    let bytes = edited(&exported(&pack, "service"), |_, text| (text == "follow_up_on").then(|| "back_on".into()));
    let imported = import(&pack, "x.xlsx", &bytes).unwrap();
    let said = told(&imported);
    assert!(said.iter().any(|line| line.ends_with("changed field-gone")), "{said:?}");
    // The due rule of the kind in force needs it, so the pack would not hold.
    assert!(!imported.within(&pack).problems().is_empty());
}
