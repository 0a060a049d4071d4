//! Rosters as communities have them, read and planned over the community's own pack.

mod rosters;

use export::roster::{Cell, Outcome, Target, Unreadable, guess, read};
use records::Pack;
use rosters::{Book, Desk, id};
use rust_xlsxwriter::{Format, Workbook};

fn targets(pack: &Pack, bytes: &[u8]) -> Vec<(String, String)> {
    let roles = export::roster::Roles::of(pack).unwrap();
    let sheets = read("名册.csv", bytes).unwrap();
    let guessed = guess(&roles, &sheets[0]);
    let told = |c: export::roster::Column| (c.heading, c.target.map(|t| t.to_string()).unwrap_or_default());
    guessed.columns.into_iter().map(told).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

#[test]
fn columns_are_understood_by_their_chinese_headings() {
    let csv = "序号,姓名,性别,公民身份号码,联系电话（手机）,楼栋,单元,楼层,室号,与户主关系,户籍情况,低保,人群标签,备注\n\
               1,王伟,男,,13900000021,3幢,2,5,501,户主,人户一致,√,退休、党员,\n";
    assert_eq!(
        targets(&Pack::community(), csv.as_bytes()),
        pairs(&[
            ("序号", ""),
            ("姓名", "person.name"),
            ("性别", "person.sex"),
            ("公民身份号码", "person.id_number"),
            ("联系电话（手机）", "person.phone"),
            ("楼栋", "building.name"),
            ("单元", "household.stairwell"),
            ("楼层", "household.floor"),
            ("室号", "household.flat"),
            ("与户主关系", "person.relation"),
            ("户籍情况", "person.residence"),
            ("低保", "person.labels=low_income"),
            ("人群标签", "person.labels"),
            ("备注", "person.note"),
        ])
    );
}

#[test]
fn a_survey_of_a_street_is_understood_as_far_as_the_pack_goes() {
    let csv = "序号,楼栋,房号,户主姓名,姓名,民族,公民身份号码,出生年月,政治面貌,户籍地址,现居住地址,工作单位,本人联系电话,\
               监护人电话,是否低保,是否为残疾人,低保金额\n\
               1,3幢,501,王伟,李芳,汉,,1950-03,群众,外省某县,桂花路1号3幢501,纺织厂,13900000021,13900000022,否,是,800\n";
    let found = targets(&Pack::community(), csv.as_bytes());
    let meant: Vec<_> = found.iter().filter(|(_, t)| !t.is_empty()).map(|(h, t)| (h.as_str(), t.as_str())).collect();
    assert_eq!(
        meant,
        [
            ("楼栋", "building.name"),
            ("房号", "household.flat"),
            ("姓名", "person.name"),
            ("公民身份号码", "person.id_number"),
            ("出生年月", "person.born"),
            ("现居住地址", "address"),
            ("本人联系电话", "person.phone"),
            ("是否低保", "person.labels=low_income"),
            ("是否为残疾人", "person.labels=disabled"),
        ]
    );
}

#[test]
fn columns_are_understood_by_their_english_headings() {
    let csv = "Full name,Gender,ID No.,Date of Birth,Mobile,Building,Unit,Floor,Room,Relationship to head,Tags,Remarks\n\
               Wang Wei,M,,1950-03-01,13900000021,3,2,5,501,self,Retired,x\n";
    assert_eq!(
        targets(&Pack::community(), csv.as_bytes()),
        pairs(&[
            ("Full name", "person.name"),
            ("Gender", "person.sex"),
            ("ID No.", "person.id_number"),
            ("Date of Birth", "person.born"),
            ("Mobile", "person.phone"),
            ("Building", "building.name"),
            ("Unit", "household.stairwell"),
            ("Floor", "household.floor"),
            ("Room", "household.flat"),
            ("Relationship to head", "person.relation"),
            ("Tags", "person.labels"),
            ("Remarks", "person.note"),
        ])
    );
}

#[test]
fn titles_above_and_headings_of_two_rows_are_seen_through() {
    let mut book = Workbook::new();
    let (sheet, plain) = (book.add_worksheet(), Format::new());
    sheet.merge_range(0, 0, 0, 5, "桂花社区居民花名册", &plain).unwrap();
    sheet.write(1, 0, "填表日期：2026年11月23日").unwrap();
    for (column, heading) in [(0, "姓名"), (1, "身份证号"), (5, "手机号码")] {
        sheet.merge_range(2, column, 3, column, heading, &plain).unwrap();
    }
    sheet.merge_range(2, 2, 2, 4, "住址", &plain).unwrap();
    for (column, heading) in [(2, "幢"), (3, "单元"), (4, "室")] {
        sheet.write(3, column, heading).unwrap();
    }
    // Two people behind one merged door.
    for (column, value) in [(2, "3幢"), (3, "2"), (4, "501")] {
        sheet.merge_range(4, column, 5, column, value, &plain).unwrap();
    }
    sheet.write(4, 0, "王 伟").unwrap();
    sheet.write(4, 1, id(1)).unwrap();
    sheet.write(5, 0, "李芳").unwrap();
    sheet.write(5, 1, id(2)).unwrap();
    sheet.write(6, 0, "合计：2人").unwrap();
    let mut desk = Desk::new();
    let book = Book::read(&desk.pack, &book.save_to_buffer().unwrap());
    assert_eq!(book.guess.heading_row, Some(3));
    let plan = desk.plan(&book, |c| c.create_buildings = true);
    assert_eq!(plan.problems, []);
    assert_eq!(plan.counts.rows, 2, "the sum is no person");
    assert_eq!(desk.counted(&plan), [("building", 1, 0), ("household", 1, 0), ("person", 2, 0)]);
    let names: Vec<_> = plan.planned.iter().filter_map(|p| p.now.get("name")?.as_str()).collect();
    assert_eq!(names, ["3幢", "王伟", "李芳"]);
}

#[test]
fn a_file_without_headings_is_understood_by_what_it_holds() {
    let csv = format!("王伟,{},13900000021,3-2-501\n李芳,{},13900000022,3-2-502\n", id(1), id(2));
    let found = targets(&Pack::community(), csv.as_bytes());
    assert_eq!(found, pairs(&[("", "person.name"), ("", "person.id_number"), ("", "person.phone"), ("", "address")]));
}

#[test]
fn a_register_of_households_names_their_heads() {
    let mut desk = Desk::new();
    let book =
        Book::read(&desk.pack, "房屋地址,户主姓名,电话\n3幢2单元501,王伟,13900000021\n3幢2单元502,,\n".as_bytes());
    assert_eq!(book.choices().columns.get(&1), Some(&Target::Head));
    let plan = desk.plan(&book, |c| c.create_buildings = true);
    assert_eq!(plan.problems, []);
    assert_eq!(desk.counted(&plan), [("building", 1, 0), ("household", 2, 0), ("person", 1, 0)]);
    let person = plan.planned.iter().find(|p| p.kind == "person").unwrap();
    assert_eq!(person.now["relation"], "head");
}

#[test]
fn old_encodings_and_the_same_cells_as_excel_are_read() {
    let text = "姓名,身份证号码,地址\n王伟,,3幢2单元501\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    assert_eq!(read("x", &gb).unwrap(), read("x", text.as_bytes()).unwrap());
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(1, 1, "姓名").unwrap();
    sheet.write(2, 1, 19_500_301).unwrap();
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(1950, 3, 1).unwrap();
    sheet.write_with_format(2, 2, &day, &Format::new().set_num_format("yyyy/m/d")).unwrap();
    let sheets = read("x.xlsx", &book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(sheets[0].cell(1, 1), &Cell::Text("姓名".into()), "where it stands on the screen");
    assert_eq!(sheets[0].cell(2, 1), &Cell::Number(19_500_301.0));
    assert_eq!(sheets[0].cell(2, 2), &Cell::Date(jiff::civil::date(1950, 3, 1)));
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    assert_eq!(read("x", b"").unwrap_err(), Unreadable::Empty);
    assert_eq!(read("x.xlsx", b"PK\x03\x04nonsense").unwrap_err(), Unreadable::Damaged);
    assert_eq!(read("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1nonsense").unwrap_err(), Unreadable::Damaged);
    assert_eq!(read("x.xls", "<html><body>名册</body></html>".as_bytes()).unwrap_err(), Unreadable::WebPage);
    let locked = include_bytes!("rosters/locked.xlsx");
    assert_eq!(read("x.xlsx", locked).unwrap_err(), Unreadable::Password);
    assert!(!Unreadable::WebPage.words().zh.is_empty());
}

#[test]
fn a_bad_row_is_told_by_its_cell_and_waits_alone() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in ["姓名", "身份证号码", "电话", "地址", "性别", "标签"].iter().enumerate() {
        sheet.write(1, column as u16, *heading).unwrap();
    }
    let wrong = format!("{}9", &id(3)[..17]);
    let wrong = if wrong == id(3) { format!("{}8", &id(3)[..17]) } else { wrong };
    let rows = [
        ["王伟", &id(1), "13900000021", "3-2-501", "男", "低保"],
        ["李芳", &id(2), "1390000002", "3-2-502", "中", "低保、爱唱歌"],
        ["张三", &wrong, "", "3-2-503", "", ""],
        ["赵四", "E12345678", "", "3-2-504", "", ""],
        ["", &id(5), "", "3-2-505", "", ""],
        ["钱七", &id(6), "", "桂花新村", "", ""],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32 + 2, column as u16, *cell).unwrap();
        }
    }
    // As Excel keeps an ID number that was not typed as text.
    sheet.write(8, 0, "孙八").unwrap();
    sheet.write(8, 1, 999_999_197_001_010_018_u64 as f64).unwrap();
    sheet.write(8, 3, "3-2-506").unwrap();
    let mut desk = Desk::new();
    let plan = desk.plan(&Book::read(&desk.pack, &book.save_to_buffer().unwrap()), |c| c.create_buildings = true);
    assert_eq!(
        desk.told(&plan),
        [
            ("C4", "phone", false),
            ("E4", "choice", false),
            ("F4", "choice", false),
            ("B5", "id_check", true),
            ("B6", "other_papers", true),
            ("A7", "no_name", true),
            ("D8", "place", true),
            ("B9", "lost_digits", true),
        ]
        .map(|(address, code, holds)| (address.to_owned(), code.to_owned(), holds))
    );
    assert_eq!(plan.counts.outcomes.get(&Outcome::Create), Some(&2));
    assert_eq!(plan.counts.outcomes.get(&Outcome::Held), Some(&5));
    let li = plan.planned.iter().find(|p| p.now.get("name") == Some(&"李芳".into())).unwrap();
    assert_eq!((li.now.get("phone"), &li.now["labels"]), (None, &serde_json::json!(["low_income"])));
    for problem in &plan.problems {
        assert!(!problem.problem.message.zh.is_empty() && !problem.problem.message.en.is_empty());
    }
}

/// `old.xls` was written by another program (xlwt), as offices' old systems write them: a merged title, a date cell, a
/// serial number, an address merged over two people.
#[test]
fn a_file_of_the_old_excel_is_read_with_its_merged_cells() {
    let mut desk = Desk::new();
    let book = Book::read(&desk.pack, include_bytes!("rosters/old.xls"));
    assert_eq!(book.guess.heading_row, Some(1));
    let plan = desk.run(&book, |c| c.create_buildings = true);
    assert_eq!(plan.problems, []);
    assert_eq!(desk.counted(&plan), [("building", 1, 0), ("household", 1, 0), ("person", 2, 0)]);
    assert_eq!(desk.people("王伟")[0]["born"], "1949-12-31");
    assert_eq!(desk.people("李芳")[0]["born"], "1950-03-01");
}

#[test]
fn labels_come_together_from_ticks_and_words() {
    let mut desk = Desk::new();
    desk.import(&format!("姓名,身份证号,低保,残疾,人群标签\n王伟,{},√,×,退休；中共党员\n", id(1)));
    assert_eq!(desk.people("王伟")[0]["labels"], serde_json::json!(["low_income", "party_member", "retired"]));
}

#[test]
fn the_sample_that_the_app_offers_is_understood_whole() {
    let (pack, sample) = (Pack::community(), include_bytes!("../../../src/pages/roster/sample.xlsx"));
    let understood = pairs(&[
        ("姓名", "person.name"),
        ("身份证号码", "person.id_number"),
        ("电话", "person.phone"),
        ("地址", "address"),
        ("与户主关系", "person.relation"),
        ("人群标签", "person.labels"),
        ("备注", "person.note"),
    ]);
    assert_eq!(targets(&pack, sample), understood);
    let plan = Desk::new().plan(&Book::read(&pack, sample), |choices| choices.create_buildings = true);
    assert_eq!(plan.problems, [], "its ID numbers are right, of an area that is nobody's, and kept as text");
    assert_eq!(plan.counts.create.get("person"), Some(&2));
}
