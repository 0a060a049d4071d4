use super::*;
use crate::made::{Made, at};

fn index(made: &Made) -> Index {
    let pack = Pack::community();
    made.context(|context| Index::new(&pack, &made.book, context))
}

fn found(index: &Index, query: &str) -> Vec<RecordId> {
    index.find(query, None, 20, Lift::default()).into_iter().map(|entry| entry.id).collect()
}

#[test]
fn people_are_found_by_name_one_character_phone_digits_home_and_label() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = made.household(building, 2, 5, "501");
    let wang = made.person(home, "王阿婆", "13912340021");
    let li = made.person(home, "李桂英", "13800000000");
    made.set(wang, "labels", serde_json::json!(["elder_alone"]), at(9));
    let index = index(&made);
    assert_eq!(found(&index, "王"), [wang]);
    assert_eq!(found(&index, "0021"), [wang]);
    assert_eq!(found(&index, "３幢 李"), [li]);
    assert_eq!(found(&index, "独居"), [wang]);
    assert_eq!(found(&index, "ALONE"), [wang]);
    assert_eq!(found(&index, "3-2-501")[0], home);
    assert_eq!(found(&index, "3幢2单元501")[0], home);
    assert_eq!(found(&index, "32501")[0], home);
    for letters in ["wap", "wangapo", "apo", "WangAP", "wamgapo", "dujulaoren", "3幢 wap"] {
        assert_eq!(found(&index, letters), [wang], "{letters}");
    }
    assert_eq!(found(&index, "niguiyin"), [li], "as the south says it");
    let du = made.person(home, "杜小明", "");
    let index = self::index(&made);
    assert_eq!(found(&index, "du"), [du, wang], "names before labels: 独居");
    assert!(found(&index, "赵").is_empty() && found(&index, "  ").is_empty());
}

#[test]
fn only_the_kind_asked_for_is_found() {
    let mut made = Made::default();
    let building = made.building("3幢");
    let home = made.household(building, 2, 5, "501");
    made.person(home, "王阿婆", "");
    let kinds: Vec<_> =
        index(&made).find("501", Some("household"), 20, Lift::default()).into_iter().map(|e| e.id).collect();
    assert_eq!(kinds, [home]);
}

#[test]
fn of_those_who_fit_alike_who_is_near_and_due_comes_first() {
    let mut made = Made::default();
    let (three, five) = (made.building("3幢"), made.building("5幢"));
    let (far, near) = (made.household(five, 1, 1, "101"), made.household(three, 2, 5, "501"));
    let a = made.person(far, "王安", "");
    let b = made.person(far, "王冰", "");
    let c = made.person(near, "王晨", "");
    let d = made.person(near, "王丹", "");
    let index = index(&made);
    let order = |due: &HashSet<RecordId>, near| {
        let lift = Lift { due: Some(due), near };
        index.find("王", Some("person"), 20, lift).into_iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    assert_eq!(order(&HashSet::new(), None), [d, b, a, c]);
    assert_eq!(order(&HashSet::from([c]), None), [c, d, b, a]);
    assert_eq!(order(&HashSet::from([b, d]), Some(three)), [d, c, b, a]);
    assert_eq!(order(&HashSet::from([far]), None), [b, a, d, c], "a household that is due lifts who lives there");
    let exact = index.find("王丹", Some("person"), 20, Lift { due: Some(&HashSet::from([a])), near: Some(five) });
    assert_eq!(exact[0].id, d, "but what fits better comes first all the same");
}

/// A street of three buildings, people at doors in each.
fn street() -> (Index, Vec<(RecordId, &'static str)>) {
    let mut made = Made::default();
    let buildings = [made.building("3幢"), made.building("12幢"), made.building("13幢")];
    let mut named = Vec::new();
    let mut person = |made: &mut Made, home: RecordId, name: &'static str, born: &str, phone: &str| {
        let fields = serde_json::json!({"name": name, "household": home, "born": born, "phone": phone});
        named.push((made.record("person", fields), name));
    };
    let home = made.household(buildings[1], 1, 5, "501");
    person(&mut made, home, "王秀英", "1946-01-01", "13912340021");
    person(&mut made, home, "李大勇", "1990-05-05", "");
    let home = made.household(buildings[1], 1, 5, "502");
    person(&mut made, home, "张国强", "1960-05-05", "");
    let home = made.household(buildings[1], 2, 3, "302");
    person(&mut made, home, "王建国", "1955-05-05", "13855555555");
    let home = made.household(buildings[0], 2, 5, "501");
    person(&mut made, home, "王阿婆", "1936-01-01", "");
    person(&mut made, home, "汪老虎", "1971-01-01", "");
    let home = made.household(buildings[2], 1, 5, "501");
    person(&mut made, home, "王月", "1980-01-01", "13812345678");
    (index(&made), named)
}

/// The people a query finds, in order.
fn people(query: &str) -> Vec<&'static str> {
    let (index, named) = street();
    let found = index.find(query, Some("person"), 20, Lift::default());
    found.iter().filter_map(|e| named.iter().find(|(id, _)| *id == e.id).map(|(_, name)| *name)).collect()
}

#[test]
fn a_door_is_found_in_any_way_people_say_it() {
    for query in [
        "12幢5楼王",
        "12幢 5楼 王",
        "12栋5层王",
        "12号楼5楼王",
        "１２幢５楼王",
        "12 幢 5 楼 王",
        "王12幢5楼",
        "王 12幢501",
        "12-1-501王",
        "12-1-50 王",
        "12#501王",
        "12#1-501王",
        "12＃ 501 王",
        "十二幢五楼王",
        "第12幢第5层王",
        "12幢1单元501室王",
        "12幢一单元王",
        "12座501 王",
        "12号501室王",
        "12-501王",
        "12/1/501 王",
        "12、1、501 王",
        "12－1－501王",
        "12—501 王",
        "12. 501 王",
        "12幢，5楼，王",
        "wang 12幢5楼",
        "12幢wang501",
        "12幢501王秀英",
        "王秀英12幢",
        "12幢五零一王",
        "12栋楼501王",
        "wxy12",
        "12wxy",
        "12 1单元 501 王",
        "12楼1单元501王",
        "12幢1单元 5楼的王阿姨",
        "80岁 12幢",
        "八十岁12幢",
        "12幢80岁以上",
        "12幢75-85岁",
        "12幢80岁的老人",
        "12幢 80多岁",
        "王 0021",
        "139 1234 0021",
        "139-1234-0021",
        "0021",
    ] {
        assert_eq!(people(query), ["王秀英"], "{query}");
    }
}

#[test]
fn titles_are_left_out_when_nobody_is_found_with_them() {
    for query in [
        "12幢3楼王师傅",
        "12幢302老王",
        "王老师 302",
        "12幢2单元小王",
        "12栋3层王大爷",
        "laowang 302",
        "12幢三楼姓王的",
    ] {
        assert_eq!(people(query), ["王建国"], "{query}");
    }
    assert_eq!(people("王阿婆"), ["王阿婆"], "whose name it is");
    assert_eq!(people("老虎"), ["汪老虎"]);
    assert_eq!(people("张师傅"), ["张国强"]);
    assert_eq!(people("小李"), ["李大勇"]);
    assert_eq!(people("王奶奶").len(), 4);
}

#[test]
fn a_building_is_that_building_and_a_number_is_a_door_before_it_is_a_digit() {
    assert_eq!(people("3幢"), ["汪老虎", "王阿婆"], "neither 13幢 nor a telephone");
    assert_eq!(people("三号楼王"), ["王阿婆"]);
    assert_eq!(people("王 12幢 5"), ["王秀英", "王建国"], "the fifth floor before the digits of a telephone");
    assert_eq!(people("wang 12")[..2], ["王建国", "王秀英"], "the building before the digits of a telephone");
    assert_eq!(people("3 501")[..2], ["汪老虎", "王阿婆"], "two numbers are a door");
    assert_eq!(people("王 501 12")[0], "王秀英");
    assert_eq!(people("60岁以上 12幢"), ["张国强", "王建国", "王秀英"]);
    assert_eq!(people("90岁"), ["王阿婆"]);
    assert_eq!(people("91岁"), ["王阿婆"], "as one counts from birth");
}

#[test]
fn what_has_all_but_one_part_is_offered_and_which_part_is_said() {
    let (index, named) = street();
    let near = |query: &str| {
        assert!(index.find(query, Some("person"), 20, Lift::default()).is_empty(), "{query}");
        let name = |e: &Entry| named.iter().find(|(id, _)| *id == e.id).map_or("", |(_, name)| *name);
        let all = index.near(query, Some("person"), 2, Lift::default());
        all.iter()
            .map(|near| (near.without.clone(), near.entries.iter().map(name).collect()))
            .collect::<Vec<(_, Vec<_>)>>()
    };
    assert_eq!(near("13幢6楼王"), [("6楼".to_owned(), vec!["王月"])]);
    assert_eq!(near("12幢赵大爷302"), [("赵".to_owned(), vec!["王建国"])]);
    let both = near("3幢张国强");
    assert_eq!(both[0], ("3幢".to_owned(), vec!["张国强"]), "who leaves fewer comes first");
    assert_eq!(both[1].0, "张国强");
    assert!(near("赵").is_empty(), "one part alone leaves nothing to offer");
    assert_eq!(near("99幢 赵"), [], "nor do two that nobody has");
}
