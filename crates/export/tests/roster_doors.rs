//! Doors left blank: whose they are, and when nobody knows.

mod rosters;

use export::roster::{Outcome, Plan};
use rosters::{Book, Desk, id};
use rust_xlsxwriter::{Format, Workbook};

fn held(plan: &Plan) -> Vec<usize> {
    let held = plan.rows.iter().filter(|row| row.outcome == Outcome::Held).map(|row| row.row + 1);
    held.collect()
}

/// Name and door of everyone, in the register's words.
fn homes(desk: &Desk) -> Vec<(String, String)> {
    let text = |fields: &records::Fields, field: &str| fields.get(field).and_then(|v| v.as_str()).map(str::to_owned);
    let home = |person: &records::Fields| {
        let home = text(person, "household").map(|home| &desk.records[&home.parse().unwrap()].1);
        home.map_or(String::new(), |home| {
            let building = &desk.records[&text(home, "building").unwrap().parse().unwrap()].1;
            format!("{}{}-{}", text(building, "name").unwrap(), home["stairwell"], text(home, "flat").unwrap())
        })
    };
    let people = desk.records.values().filter(|(kind, _)| kind == "person");
    let mut homes: Vec<_> = people.map(|(_, p)| (text(p, "name").unwrap(), home(p))).collect();
    homes.sort();
    homes
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    pairs.sort();
    pairs
}

#[test]
fn members_below_a_head_who_is_held_are_not_put_into_the_flat_above() {
    let ids: Vec<String> = (1..9).map(id).collect();
    let csv = format!(
        "姓名,与户主关系,身份证号,现住址\n赵大山,户主,{},41幢1单元101\n赵小山,子,{},\n钱大海,户主,9.99999E+17,41幢1单元202\n\
         钱小海,子,{},\n孙小妹,儿媳,{},\n李大江,户主,{},41幢东单元三楼西户\n李小江,子,{},\n周大河,户主,{},41幢1单元401\n周小河,女,{},\n",
        ids[0], ids[1], ids[2], ids[3], ids[4], ids[5], ids[6], ids[7]
    );
    let mut desk = Desk::new();
    let plan = desk.import(&csv);
    assert_eq!(held(&plan), [4, 5, 6, 7, 8]);
    let below: Vec<_> = plan.problems.iter().filter(|p| p.problem.code == "not_above").collect();
    assert_eq!(below.iter().map(|p| p.row + 1).collect::<Vec<_>>(), [5, 6, 8]);
    assert!(below[0].problem.message.zh.contains("上面一行（第 4 行）没有导入"), "{:?}", below[0]);
    assert!(below[2].problem.message.zh.contains("第 7 行"));
    let lives = [("赵大山", "41幢1-101"), ("赵小山", "41幢1-101"), ("周大河", "41幢1-401"), ("周小河", "41幢1-401")];
    assert_eq!(homes(&desk), pairs(&lives));
}

#[test]
fn members_of_a_held_head_wait_also_when_it_is_the_building_that_is_missing() {
    let csv = format!("姓名,与户主关系,身份证号,现住址\n赵大山,户主,{},41幢1单元101\n赵小山,子,{},\n", id(1), id(2));
    let mut desk = Desk::new();
    let plan = desk.plan(&Book::read(&desk.pack, csv.as_bytes()), |_| {});
    assert_eq!((held(&plan), plan.planned.len()), (vec![2, 3], 0), "nobody is made without a home");
}

#[test]
fn a_building_or_stairwell_whose_first_row_is_held_is_not_that_of_the_rows_above() {
    let csv = format!(
        "楼栋,单元,室号,姓名,身份证号\n42幢,1,101,赵一,{}\n,,102,赵二,{}\n43幢,1,101,钱一,9.99999E+17\n,,102,钱二,{}\n,,201,钱三,{}\n\
         44幢,1,101,孙一,{}\n,,102,孙二,{}\n,2,101,孙三,123456\n,,102,孙四,{}\n,3,101,孙五,{}\n,,102,孙六,{}\n",
        id(1),
        id(2),
        id(3),
        id(4),
        id(5),
        id(6),
        id(7),
        id(8),
        id(9)
    );
    let mut desk = Desk::new();
    let plan = desk.import(&csv);
    assert_eq!(held(&plan), [4, 5, 6, 9, 10]);
    let lives = [
        ("赵一", "42幢1-101"),
        ("赵二", "42幢1-102"),
        ("孙一", "44幢1-101"),
        ("孙二", "44幢1-102"),
        ("孙五", "44幢3-101"),
        ("孙六", "44幢3-102"),
    ];
    assert_eq!(homes(&desk), pairs(&lives));
}

#[test]
fn a_row_held_for_itself_takes_nothing_from_those_below() {
    let csv = format!(
        "楼栋,单元,室号,姓名,身份证号,与户主关系\n3幢,2,501,王伟,{},户主\n,,,李芳,123456,妻\n,,,王小宝,{},子\n,,502,赵四,123456,户主\n,,503,钱七,{},户主\n",
        id(1),
        id(2),
        id(3)
    );
    let mut desk = Desk::new();
    let plan = desk.import(&csv);
    assert_eq!(held(&plan), [3, 5]);
    assert_eq!(homes(&desk), pairs(&[("王伟", "3幢2-501"), ("王小宝", "3幢2-501"), ("钱七", "3幢2-503")]));
}

#[test]
fn members_of_a_head_without_a_door_do_not_live_with_the_family_before() {
    let csv = format!(
        "姓名,与户主关系,身份证号,现住址\n赵大山,户主,{},41幢1单元101\n钱大海,户主,{},\n钱小海,子,{},—\n孙小妹,干女儿,{},\n",
        id(1),
        id(2),
        id(3),
        id(4)
    );
    let mut desk = Desk::new();
    let plan = desk.import(&csv);
    assert_eq!(homes(&desk), pairs(&[("赵大山", "41幢1-101"), ("钱大海", ""), ("钱小海", "")]));
    assert_eq!(held(&plan), [5], "whose relative it is cannot be read, and where she lives is not said");
}

#[test]
fn who_moved_is_found_by_name_and_birthday_behind_the_other_door() {
    let mut desk = Desk::new();
    desk.import("姓名,出生日期,地址\n李芳,1950-03-01,3-2-501\n");
    let plan = desk.import("姓名,出生日期,地址\n李芳,1950-03-01,3-2-502\n李芳,1980-03-01,3-2-503\n");
    assert_eq!(desk.people("李芳").len(), 2, "one who moved and a namesake");
    assert_eq!(plan.differences.len(), 1);
    assert_eq!((&*plan.differences[0].register.zh, &*plan.differences[0].file.zh), ("3幢2单元501", "3幢2单元502"));
    assert_eq!(desk.count("household"), 2, "no flat is made for who stays where the register says");
}

#[test]
fn a_sheet_that_is_named_after_its_building_says_where_its_rows_live() {
    let csv = format!("桂花新村3幢居民花名册,,\n单元,室号,姓名,身份证号\n1,101,王伟,{}\n2,201,李芳,{}\n", id(1), id(2));
    let mut desk = Desk::new();
    desk.import(&csv);
    assert_eq!(homes(&desk), pairs(&[("王伟", "3幢1-101"), ("李芳", "3幢2-201")]));
    // A title of several buildings says nothing.
    let csv = format!("1幢、2幢居民花名册,,\n单元,室号,姓名,身份证号\n1,101,赵四,{}\n", id(3));
    assert_eq!(held(&desk.import(&csv)), [3]);
}

#[test]
fn a_remark_far_below_and_headings_far_down_do_no_harm() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..17 {
        sheet.write(row, 0, format!("填表说明第{}条：请按要求填写。", row + 1)).unwrap();
    }
    for (column, heading) in ["姓名", "身份证号", "地址"].iter().enumerate() {
        sheet.write(17, column as u16, *heading).unwrap();
    }
    for (column, value) in ["王伟", &id(1), "19幢1单元101"].iter().enumerate() {
        sheet.write(18, column as u16, *value).unwrap();
    }
    sheet.write(99_999, 0, "备注：由网格员填写").unwrap();
    let mut desk = Desk::new();
    let book = Book::read(&desk.pack, &book.save_to_buffer().unwrap());
    assert_eq!(book.guess.heading_row, Some(17));
    let plan = desk.run(&book, |c| c.create_buildings = true);
    assert_eq!((plan.problems.len(), desk.count("person")), (0, 1));
    assert_eq!(plan.rows.iter().find(|row| row.outcome == Outcome::Skipped).map(|row| row.row), Some(99_999));
}

#[test]
fn rows_that_are_struck_through_wait_and_hidden_ones_are_said() {
    let mut book = Workbook::new();
    let (sheet, struck) = (book.add_worksheet(), Format::new().set_font_strikethrough());
    let bold = Format::new().set_bold();
    for (column, heading) in ["姓名", "身份证号", "地址"].iter().enumerate() {
        sheet.write_with_format(0, column as u16, *heading, &bold).unwrap();
    }
    for (row, name) in ["王伟", "李芳", "赵四"].iter().enumerate() {
        let row = row as u32 + 1;
        let format = if *name == "李芳" { &struck } else { &bold };
        sheet.write_with_format(row, 0, *name, format).unwrap();
        sheet.write(row, 1, id(row)).unwrap();
        sheet.write(row, 2, format!("3-1-{row}01")).unwrap();
    }
    sheet.set_row_hidden(3).unwrap();
    let mut desk = Desk::new();
    let book = Book::read(&desk.pack, &book.save_to_buffer().unwrap());
    let plan = desk.run(&book, |c| c.create_buildings = true);
    assert_eq!(
        desk.told(&plan),
        [("A3", "struck", true), ("A4", "hidden", false)].map(|(at, code, holds)| (
            at.to_owned(),
            code.to_owned(),
            holds
        ))
    );
    assert_eq!((desk.people("李芳").len(), desk.people("赵四").len(), plan.counts.left_out), (0, 1, 0));
}
