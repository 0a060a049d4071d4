//! Nobody is ever doubled: by number, by door, within the file and against the register.

mod rosters;

use export::roster::{Outcome, Plan};
use rosters::{Book, Desk, id};

const HEADINGS: &str = "姓名,身份证号码,电话,地址,出生日期,标签,与户主关系\n";

fn outcomes(plan: &Plan) -> Vec<(usize, Outcome)> {
    plan.rows.iter().map(|row| (row.row + 1, row.outcome)).collect()
}

#[test]
fn the_same_file_twice_plans_nothing() {
    let csv = format!(
        "{HEADINGS}王伟,{},13900000021/13900000022,桂花路1号3幢2单元501,,低保,户主\n\
         李芳,,,3-2-501,1950.3.1,退休、党员,妻\n\
         王小宝,{},,,,,子\n\
         王伟,{},13900000099,3-2-501,,残疾,\n\
         赵四,123456,,3-2-504,,,\n",
        id(1),
        id(2),
        id(1)
    );
    let mut desk = Desk::new();
    let first = desk.import(&csv);
    assert_eq!(
        outcomes(&first),
        [(2, Outcome::Create), (3, Outcome::Create), (4, Outcome::Create), (5, Outcome::Repeated), (6, Outcome::Held)]
    );
    assert_eq!(desk.counted(&first), [("building", 1, 0), ("household", 1, 0), ("person", 3, 0)]);
    let before = desk.records.clone();
    for prefer_file in [false, true] {
        let book = Book::read(&desk.pack, csv.as_bytes());
        let again = desk.run(&book, |c| {
            c.create_buildings = true;
            c.prefer_file = prefer_file;
        });
        assert_eq!(again.planned, [], "prefer_file: {prefer_file}");
        assert_eq!(desk.records, before);
    }
}

#[test]
fn rows_of_one_person_in_a_file_become_one_record_and_the_first_word_stands() {
    let old = format!("{}{}", &id(1)[..6], &id(1)[8..17]);
    let csv = format!("{HEADINGS}王伟,{},13900000021,3-2-501,,低保,户主\n王伟,{old},13900000022,,,党员,\n", id(1));
    let mut desk = Desk::new();
    let plan = desk.import(&csv);
    let found = desk.people("王伟");
    assert_eq!(found.len(), 1, "an old number is the same person's");
    assert_eq!(found[0]["phone"], "13900000021");
    assert_eq!(found[0]["labels"], serde_json::json!(["low_income", "party_member"]));
    assert_eq!(desk.told(&plan), [("C3".to_owned(), "said_before".to_owned(), false)]);
}

#[test]
fn a_person_without_a_number_is_known_by_name_door_and_birthday() {
    let mut desk = Desk::new();
    desk.import(&format!("{HEADINGS}李芳,,,3幢2单元501,1950-03-01,,\n"));
    let plan = desk.import(&format!("{HEADINGS}李 芳,,13900000021,3-2-501室,1950年3月1日,,\n"));
    assert_eq!(outcomes(&plan), [(2, Outcome::Update)]);
    let plan = desk.import(&format!("{HEADINGS}李芳,,,3-2-501,1980-01-01,,\n"));
    assert_eq!(outcomes(&plan), [(2, Outcome::Create)], "a namesake of another age is someone else");
    let plan = desk.import(&format!("{HEADINGS}李芳,,,3-2-501,,,\n"));
    assert_eq!(desk.told(&plan), [("A2".to_owned(), "several_people".to_owned(), true)]);
    let plan = desk.import(&format!("{HEADINGS}李芳,,,,,,\n"));
    assert_eq!(desk.told(&plan), [("A2".to_owned(), "who".to_owned(), true)]);
    assert_eq!(desk.people("李芳").len(), 2);
}

#[test]
fn a_number_that_comes_later_is_filled_in() {
    let mut desk = Desk::new();
    desk.import(&format!("{HEADINGS}王伟,,,3-2-501,,,\n"));
    let plan = desk.import(&format!("{HEADINGS}王伟,{},,3-2-501,,,\n", id(1)));
    assert_eq!(desk.counted(&plan), [("person", 0, 1)]);
    let found = desk.people("王伟");
    assert_eq!((found.len(), &found[0]["id_number"]), (1, &id(1).into()));
    assert!(found[0].contains_key("born") && found[0].contains_key("sex"), "worked out from the number");
}

#[test]
fn a_number_under_another_name_is_asked_about() {
    let mut desk = Desk::new();
    desk.import(&format!("{HEADINGS}王伟,{},,3-2-501,,,\n", id(1)));
    let plan = desk.import(&format!("{HEADINGS}王维,{},,3-2-501,,,\n", id(1)));
    assert_eq!(desk.told(&plan), [("B2".to_owned(), "number_of_another".to_owned(), true)]);
    assert_eq!(plan.planned, []);
}

#[test]
fn empty_fields_are_filled_and_differences_are_a_choice() {
    let mut desk = Desk::new();
    desk.import(&format!("{HEADINGS}王伟,{},13900000021,3-2-501,,低保,户主\n", id(1)));
    let csv = format!("{HEADINGS}王伟,{},13900000022,3-2-502,,党员,户主\n", id(1));
    let book = Book::read(&desk.pack, csv.as_bytes());
    let kept = desk.plan(&book, |_| {});
    assert_eq!(kept.counts.differences, 2);
    let told: Vec<_> =
        kept.differences.iter().map(|d| (d.field.as_str(), &*d.register.zh, &*d.file.zh, d.takes_file)).collect();
    assert_eq!(
        told,
        [("household", "3幢2单元501", "3幢2单元502", false), ("phone", "13900000021", "13900000022", false)]
    );
    let now = &kept.planned.iter().find(|p| p.kind == "person").unwrap().now;
    assert_eq!(
        (&now["phone"], &now["labels"]),
        (&"13900000021".into(), &serde_json::json!(["low_income", "party_member"]))
    );
    desk.run(&book, |c| c.prefer_file = true);
    assert_eq!(desk.people("王伟")[0]["phone"], "13900000022");
    assert_eq!(desk.count("household"), 2);
}

#[test]
fn what_the_number_says_stands_against_what_the_column_says() {
    let mut desk = Desk::new();
    let plan = desk.import(&format!("{HEADINGS}王伟,{},,3-2-501,1930-01-01,,\n", id(1)));
    assert_eq!(desk.told(&plan), [("E2".to_owned(), "worked_out".to_owned(), false)]);
    assert_eq!(desk.people("王伟")[0]["born"], "1940-01-02");
}

#[test]
fn other_papers_go_where_they_belong() {
    let mut desk = Desk::new();
    let csv = "姓名,证件类型,证件号码,地址\nJohn Smith,护照,E12345678,3-2-501\nJohn Smith,护照,E12345678,3-2-501\n";
    let plan = desk.import(csv);
    assert_eq!(desk.told(&plan), []);
    let found = desk.people("John Smith");
    assert_eq!((found.len(), &found[0]["paper_number"], found[0].get("id_number")), (1, &"E12345678".into(), None));
}

#[test]
fn buildings_are_made_only_when_asked_and_as_large_as_their_doors() {
    let csv = format!(
        "{HEADINGS}王伟,{},,桂花路1号3幢2单元501,,,\n李芳,{},,桂花路1号3幢4单元1201,,,\n赵四,{},,玉兰路9号3幢1单元101,,,\n",
        id(1),
        id(2),
        id(3)
    );
    let mut desk = Desk::new();
    let held = desk.plan(&Book::read(&desk.pack, csv.as_bytes()), |_| {});
    assert!(desk.told(&held).iter().all(|(_, code, holds)| code == "no_building" && *holds));
    let plan = desk.import(&csv);
    let buildings: Vec<_> = plan.planned.iter().filter(|p| p.kind == "building").map(|p| &p.now).collect();
    assert_eq!(buildings.len(), 2, "the same number in another street is another house");
    assert_eq!((&buildings[0]["stairwells"], &buildings[0]["floors"]), (&4.into(), &12.into()));
    assert_eq!(buildings[1]["address"], "玉兰路9号");
    assert_eq!(desk.import(&csv).planned, []);
}

#[test]
fn a_door_left_blank_under_another_is_the_same_door() {
    let csv = format!(
        "楼栋,单元,室号,姓名,身份证号码,与户主关系\n3幢,2,501,王伟,{},户主\n,,,李芳,{},妻\n,,502,赵四,{},户主\n",
        id(1),
        id(2),
        id(3)
    );
    let mut desk = Desk::new();
    let plan = desk.import(&csv);
    assert_eq!(plan.problems, []);
    assert_eq!(desk.people("李芳")[0]["household"], desk.people("王伟")[0]["household"]);
    assert_ne!(desk.people("赵四")[0]["household"], desk.people("王伟")[0]["household"]);
    assert_eq!((desk.count("building"), desk.count("household")), (1, 2));
}

#[test]
fn ten_thousand_rows_make_ten_thousand_people_once() {
    let mut csv = String::from(HEADINGS);
    for n in 0..10_000 {
        let (building, stairwell, floor, flat) = (n / 120 + 1, n / 30 % 4 + 1, n / 5 % 6 + 1, n % 5 / 3 + 1);
        csv += &format!("某{n},{},,{building}幢{stairwell}单元{floor}0{flat},,低保,\n", id(n)).replace("某", "王");
    }
    let mut desk = Desk::new();
    let plan = desk.import(&csv);
    assert_eq!(plan.problems, []);
    assert_eq!(desk.count("person"), 10_000);
    assert_eq!(desk.import(&csv).planned, []);
}
