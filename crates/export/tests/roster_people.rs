//! Whose a column is: the row's own person, the head, members beside, or somebody who is not registered by it.

mod rosters;

use export::roster::{Outcome, Roles, guess, read};
use records::Pack;
use rosters::{Book, Desk, id};
use rust_xlsxwriter::{Format, Workbook};

/// Heading and meaning of the columns that are taken.
fn taken(csv: &str) -> Vec<(String, String)> {
    let pack = Pack::community();
    let guessed = guess(&Roles::of(&pack).unwrap(), &read("x.csv", csv.as_bytes()).unwrap()[0]);
    guessed.columns.into_iter().filter_map(|c| Some((c.heading, c.target?.to_string()))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

/// Name, relation, ID number and telephone of everyone, by name.
fn people(desk: &Desk) -> Vec<[String; 4]> {
    let text = |fields: &records::Fields, field: &str| {
        fields.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    };
    let people = desk.records.values().filter(|(kind, _)| kind == "person");
    let mut people: Vec<_> =
        people.map(|(_, p)| ["name", "relation", "id_number", "phone"].map(|field| text(p, field))).collect();
    people.sort();
    people
}

#[test]
fn what_is_somebody_elses_is_never_taken_by_what_stands_under_it() {
    for of in [
        "配偶",
        "监护人",
        "房东",
        "业主",
        "承租人",
        "父亲",
        "母亲",
        "女儿",
        "网格员",
        "经办人",
        "户主",
        "委托代理人",
        "介绍人",
    ] {
        let csv = format!("姓名,地址,{of}姓名,{of}身份证号,{of}电话\n王伟,3-2-501,李芳,{},13900000021\n", id(1));
        assert_eq!(taken(&csv), pairs(&[("姓名", "person.name"), ("地址", "address")]), "{of}");
    }
    for (heading, value) in [
        ("户籍地址", "5幢1单元101"),
        ("电话（配偶）", "13900000021"),
        ("主要联系人号码", "13900000021"),
        ("Spouse ID", &id(1)),
        ("Landlord's mobile", "13900000021"),
    ] {
        let csv = format!("姓名,性别,{heading}\n王伟,男,{value}\n");
        assert_eq!(taken(&csv), pairs(&[("姓名", "person.name"), ("性别", "person.sex")]), "{heading}");
    }
    let own = format!("姓名,性别,号码,本人手机\n王伟,男,{},13900000021\n", id(1));
    assert!(
        taken(&own).contains(&("号码".into(), "person.id_number".into())),
        "what nothing speaks against is still seen"
    );
}

#[test]
fn who_is_to_be_called_and_further_numbers_have_their_place() {
    let csv = "姓名,联系电话,电话2,紧急联系人,紧急联系人电话,地址\n王伟,13900000021/0512-66660000,13900000022,女儿,13900000023,3-2-501\n";
    let mut desk = Desk::new();
    let plan = desk.import(csv);
    assert_eq!(desk.told(&plan), []);
    let wang = desk.people("王伟")[0];
    assert_eq!(
        (&wang["phone"], &wang["other_phones"], &wang["contact"]),
        (&"13900000021".into(), &"0512-66660000 13900000022".into(), &"女儿 13900000023".into())
    );
    assert_eq!(desk.import(csv).planned, []);
}

/// Headings in two rows, a head block beside a block of members, the head merged over all rows of the household.
#[test]
fn head_and_members_beside_each_other_under_headings_in_two_rows_are_people_of_their_own() {
    let mut book = Workbook::new();
    let (sheet, plain) = (book.add_worksheet(), Format::new());
    sheet.merge_range(0, 0, 0, 9, "桂花社区居民信息台账（一户一档）", &plain).unwrap();
    sheet.write(1, 0, "填表单位：桂花社区居委会").unwrap();
    sheet.write(1, 7, "填表日期：2026年3月5日").unwrap();
    sheet.merge_range(2, 0, 3, 0, "序号", &plain).unwrap();
    sheet.merge_range(2, 1, 2, 3, "户主信息", &plain).unwrap();
    sheet.merge_range(2, 4, 2, 7, "家庭成员信息", &plain).unwrap();
    sheet.merge_range(2, 8, 2, 9, "住址", &plain).unwrap();
    let lower = ["姓名", "身份证号", "联系电话", "姓名", "与户主关系", "身份证号", "联系电话", "楼号", "房号"];
    for (at, heading) in lower.iter().enumerate() {
        sheet.write(3, at as u16 + 1, *heading).unwrap();
    }
    let (a, b, c, d, e) = (id(1), id(2), id(3), id(4), id(5));
    let rows: [[&str; 10]; 3] = [
        ["1", "王伟", &a, "13900000021", "李芳", "妻", &b, "13900000022", "3号楼", "501"],
        ["", "", "", "", "王小宝", "长子", &c, "13900000023", "", ""],
        ["2", "赵四", &d, "13900000024", "钱七", "妻", &e, "", "3号楼", "502"],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let at = (row as u32 + 4, column as u16);
            match (row, column) {
                (0, 0..=3 | 8..=9) => drop(sheet.merge_range(at.0, at.1, at.0 + 1, at.1, cell, &plain).unwrap()),
                _ => drop(sheet.write(at.0, at.1, *cell).unwrap()),
            }
        }
    }
    let mut desk = Desk::new();
    let book = Book::read(&desk.pack, &book.save_to_buffer().unwrap());
    let told: Vec<_> = book.guess.columns.iter().map(|c| c.heading.as_str()).collect();
    assert_eq!(told[1..4], ["户主信息·姓名", "户主信息·身份证号", "户主信息·联系电话"]);
    let plan = desk.run(&book, |c| c.create_buildings = true);
    assert_eq!(plan.problems, []);
    assert_eq!(
        people(&desk),
        [
            ["李芳", "spouse", &b, "13900000022"],
            ["王伟", "head", &a, "13900000021"],
            ["王小宝", "child", &c, "13900000023"],
            ["赵四", "head", &d, "13900000024"],
            ["钱七", "spouse", &e, ""],
        ]
        .map(|of| of.map(str::to_owned))
    );
    assert_eq!(plan.counts.outcomes.get(&Outcome::Create), Some(&5));
    assert_eq!(plan.counts.outcomes.get(&Outcome::Repeated), None, "a merged head is one head");
    assert_eq!(desk.people("王小宝")[0]["household"], desk.people("王伟")[0]["household"]);
    assert_eq!(desk.count("household"), 2);
    assert_eq!(desk.run(&book, |c| c.create_buildings = true).planned, []);
}

#[test]
fn members_side_by_side_are_read_however_they_are_numbered() {
    let (a, b, c) = (id(1), id(2), id(3));
    for headings in [
        "楼栋,房号,户主,户主身份证,户主电话,家庭人口,成员1姓名,成员1关系,成员1身份证,成员2姓名,成员2关系,成员2身份证",
        "楼栋,房号,户主姓名,户主身份证号,户主联系电话,人口,家庭成员1姓名,家庭成员1与户主关系,家庭成员1身份证号,家庭成员2姓名,家庭成员2与户主关系,家庭成员2身份证号",
        "楼栋,房号,户主,身份证号,电话,人数,成员一姓名,与户主关系,身份证号,成员二姓名,与户主关系,身份证号",
        "楼栋,房号,姓名,身份证号,电话,人数,姓名,与户主关系,身份证号,姓名,与户主关系,身份证号",
        "楼栋,房号,姓名1,身份证号1,电话1,人数,姓名2,关系2,身份证号2,姓名3,关系3,身份证号3",
        "楼栋,房号,户主（姓名）,户主（身份证号）,户主（电话）,人数,第一成员姓名,第一成员关系,第一成员身份证号,第二成员姓名,第二成员关系,第二成员身份证号",
    ] {
        let mut desk = Desk::new();
        let csv = format!(
            "{headings}\n3幢,501,王伟,{a},13900000021,3,李芳,妻,{b},王小宝,子,{c}\n3幢,502,赵四,,13900000024,1,无,,,/,,\n"
        );
        let plan = desk.import(&csv);
        assert_eq!(desk.told(&plan), [], "{headings}");
        let mut found = people(&desk);
        // Nothing says that 姓名 is the head's.
        found.iter_mut().filter(|of| of[1] == "head").for_each(|of| of[1].clear());
        assert_eq!(
            found,
            [
                ["李芳", "spouse", &b, ""],
                ["王伟", "", &a, "13900000021"],
                ["王小宝", "child", &c, ""],
                ["赵四", "", "", "13900000024"],
            ]
            .map(|of| of.map(str::to_owned)),
            "{headings}"
        );
        assert_eq!(desk.count("household"), 2);
        assert_eq!(desk.import(&csv).planned, []);
    }
}

#[test]
fn a_head_who_is_held_holds_those_in_the_rows_below_and_not_those_beside() {
    let csv = format!(
        "户主姓名,户主身份证号,成员姓名,成员关系,成员身份证号,住址\n王伟,123456,李芳,妻,{},3-2-501\n,,王小宝,子,{},\n赵四,{},钱七,妻,{},东头\n,,赵小宝,子,{},\n",
        id(1),
        id(2),
        id(3),
        id(4),
        id(5)
    );
    let mut desk = Desk::new();
    let plan = desk.import(&csv);
    let names: Vec<_> = people(&desk).into_iter().map(|[name, ..]| name).collect();
    assert_eq!(names, ["李芳", "王小宝"]);
    let place: Vec<_> = plan.problems.iter().filter(|p| p.problem.code == "place").collect();
    assert_eq!(place.len(), 1, "what is wrong with a door is said once for all who stand in the row");
    assert!(plan.problems.iter().any(|p| p.problem.code == "not_above" && p.row == 4));
}

#[test]
fn a_group_heading_that_is_not_merged_reaches_over_its_columns() {
    let csv = format!(
        "序号,户主信息,,,家庭成员,,,住址,\n,姓名,身份证号,电话,姓名,与户主关系,身份证号,幢,室\n1,王伟,{},13900000021,李芳,妻,{},3,501\n",
        id(1),
        id(2)
    );
    let mut desk = Desk::new();
    let plan = desk.import(&csv);
    assert_eq!(desk.told(&plan), []);
    assert_eq!(
        people(&desk),
        [["李芳", "spouse", &id(2), ""], ["王伟", "head", &id(1), "13900000021"]].map(|of| of.map(str::to_owned))
    );
}

#[test]
fn headings_of_which_some_stand_a_row_lower_are_one() {
    let csv = format!("姓名,身份证号,联系电话,现住址,,\n,,,幢,单元,室\n王伟,{},13900000021,3幢,2,501\n", id(1));
    let mut desk = Desk::new();
    let book = Book::read(&desk.pack, csv.as_bytes());
    assert_eq!(book.guess.heading_row, Some(1));
    let plan = desk.run(&book, |c| c.create_buildings = true);
    assert_eq!(plan.problems, []);
    assert_eq!(people(&desk), [["王伟", "", &id(1), "13900000021"]].map(|of| of.map(str::to_owned)));
    assert_eq!(desk.count("household"), 1);
}

#[test]
fn births_of_which_only_the_month_or_year_is_known_are_kept() {
    let mut desk = Desk::new();
    let csv = format!(
        "姓名,身份证号,出生年月,地址\n赵一,,1950年3月,3-1-101\n钱二,,一九五〇年三月五日,3-1-102\n孙三,,1950,3-1-103\n李四,,农历1950年三月初五,3-1-104\n\
         周五,,5/3/1950,3-1-105\n吴六,{},1940.01,3-1-106\n郑七,{},1940.05,3-1-107\n",
        id(1),
        id(29)
    );
    let plan = desk.import(&csv);
    let born = |name: &str| {
        let person = desk.people(name)[0];
        [person.get("born"), person.get("born_about")].map(|v| v.and_then(|v| v.as_str()).unwrap_or("").to_owned())
    };
    assert_eq!(born("赵一"), ["", "1950-03"]);
    assert_eq!(born("钱二"), ["1950-03-05", ""]);
    assert_eq!(born("孙三"), ["", "1950"]);
    assert_eq!(born("李四"), ["", ""]);
    assert_eq!(born("周五"), ["", "1950"]);
    assert_eq!(born("吴六")[1], "", "the number says the day");
    assert_eq!(
        desk.told(&plan),
        [("C5", "lunar"), ("C6", "only_the_year"), ("C8", "worked_out")].map(|(at, code)| (
            at.to_owned(),
            code.to_owned(),
            false
        ))
    );
    assert_eq!(desk.import(&csv).planned, []);
    // The day comes later: it replaces the month. Another month is another person.
    let plan = desk.import("姓名,出生日期,地址\n赵一,1950-03-07,3-1-101\n");
    assert_eq!((desk.counted(&plan), desk.people("赵一").len()), (vec![("person", 0, 1)], 1));
    assert_eq!(desk.people("赵一")[0].get("born_about"), None);
    desk.import("姓名,出生年月,地址\n孙三,1980年5月,3-1-103\n");
    assert_eq!(desk.people("孙三").len(), 2);
}

#[test]
fn what_nobody_sees_and_words_for_nothing_are_no_part_of_a_value() {
    let mut desk = Desk::new();
    let number = id(1);
    let hidden = format!("\u{200e}{}\u{200b}{}\u{feff}", &number[..6], &number[6..]);
    let mut csv = format!(
        "姓名,身份证号,电话,地址,备注\n\u{200e}王\u{a0}伟,{hidden},\u{202d}13900000021\u{202c},３-２-501\u{200f},\u{2066}好\u{2069}\n"
    );
    for (at, nothing) in
        ["未办理", "（空）", "暂无", "—", "/", "无", "不详", "……", "未上户口", "N/A"].iter().enumerate()
    {
        csv += &format!(
            "李{at},{nothing},{nothing},3-2-6{at:02},{nothing}\n{nothing},{nothing},{nothing},3-2-7{at:02},{nothing}\n"
        );
    }
    let plan = desk.import(&csv);
    assert_eq!(desk.told(&plan), []);
    let wang = desk.people("王伟")[0];
    assert_eq!(
        (&wang["id_number"], &wang["phone"], &wang["note"]),
        (&number.into(), &"13900000021".into(), &"好".into())
    );
    assert_eq!((desk.count("person"), desk.count("household")), (11, 21));
    for (_, person) in desk.records.values().filter(|(kind, _)| kind == "person") {
        if person["name"] != "王伟" {
            assert!(!person.contains_key("id_number") && !person.contains_key("phone") && !person.contains_key("note"));
        }
    }
}

#[test]
fn what_stands_below_the_table_is_passed_over_and_said() {
    let mut desk = Desk::new();
    let csv = format!(
        "序号,姓名,身份证号,室号,人数\n1,王伟,{},12-1-101,3\n,小 计,,,9\n本页合计,5户,,,13\n总 计,,,,13\n,,,,\n注：1.本表由网格员填写；2.一式两份。,,,,\n社区负责人：王某,,填表人：李某,,2026年3月5日\n\
         第1页 共3页,,,,\n序号,姓名,身份证号,室号,人数\n2,李芳,{},12-1-102,1\n户数：6户  人数：14人,,,,\n制表人,李某,,,\n2026年3月5日,,,,\n",
        id(1),
        id(2)
    );
    let plan = desk.import(&csv);
    assert_eq!(plan.problems, []);
    assert_eq!((desk.count("person"), plan.counts.rows), (2, 2));
    assert_eq!(plan.counts.outcomes.get(&Outcome::Skipped), Some(&10));
    let said: Vec<_> = plan.rows.iter().filter(|row| row.outcome == Outcome::Skipped).collect();
    assert_eq!((said.len(), said[0].row, &*said[0].title.zh), (10, 2, "小 计 9"));
    let plan = desk.import(&format!("姓名,身份证号,备注\n共和,{},合计三处住房\n", id(3)));
    assert_eq!(
        (plan.counts.outcomes.get(&Outcome::Skipped), desk.people("共和").len()),
        (None, 1),
        "people are not passed over"
    );
}

#[test]
fn relatives_are_read_however_people_call_them() {
    let mut desk = Desk::new();
    let words = [
        ("户主", "head"),
        ("户主（父）", "head"),
        ("户主本人", "head"),
        ("02", "head"),
        ("之妻", "spouse"),
        ("老伴", "spouse"),
        ("户主之夫", "spouse"),
        ("1", "spouse"),
        ("三儿子", "child"),
        ("二女儿", "child"),
        ("四子", "child"),
        ("小孩", "child"),
        ("22", "child"),
        ("之母", "parent"),
        ("户主之父", "parent"),
        ("丈母娘", "parent"),
        ("长孙", "grandchild"),
        ("次孙女", "grandchild"),
        ("41", "grandchild"),
        ("长女婿", "child_in_law"),
        ("大儿媳", "child_in_law"),
        ("38", "child_in_law"),
        ("嫂子", "other"),
        ("弟媳", "other"),
        ("奶奶", "other"),
        ("孙媳", "other"),
        ("外甥女婿", "other"),
        ("72", "other"),
        ("保姆", "lodger"),
        ("子（长子）", "child"),
    ];
    let rows = words.iter().enumerate().map(|(at, (word, _))| format!("王{at},{word},4-1-{}01\n", at + 1));
    let csv = format!("姓名,户主或与户主关系,地址\n{}朋友甲,朋友,4-2-101\n", rows.collect::<String>());
    let plan = desk.import(&csv);
    for (at, (word, choice)) in words.iter().enumerate() {
        assert_eq!(desk.people(&format!("王{at}"))[0].get("relation"), Some(&(*choice).into()), "{word}");
    }
    assert_eq!(desk.told(&plan), [("B32".to_owned(), "choice".to_owned(), false)], "whom nobody knows is asked about");
}
