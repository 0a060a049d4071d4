//! What the officer is told about a row, in both languages: what is wrong and what to do.

use records::{Field, Problem, Text};

use crate::roster::value::short;

pub(super) fn no_place(shown: &str) -> Problem {
    let shown = short(shown);
    Problem::new(
        "place",
        format!("“{shown}”里读不出幢和室，请写成“3幢2单元501室”或“3-2-501”。"),
        format!("“{shown}” names no building and flat; please write it like 3幢2单元501室 or 3-2-501."),
    )
}

pub(super) fn no_tick(shown: &str) -> Problem {
    let shown = short(shown);
    Problem::new(
        "tick",
        format!("“{shown}”看不出是不是，请写“√”或留空。"),
        format!("“{shown}” is neither yes nor no; please write √ or leave it blank."),
    )
}

pub(super) fn nobody() -> Problem {
    Problem::new(
        "nobody",
        "这一行没有姓名，也没有住址，不知道是谁。请补上。",
        "This row has neither a name nor a door. Please fill them in.",
    )
}

pub(super) fn no_name() -> Problem {
    Problem::new("no_name", "有号码，没有姓名，请补上。", "There is a number but no name; please add it.")
}

pub(super) fn who() -> Problem {
    Problem::new(
        "who",
        "只有姓名，认不出是哪一位。请补上身份证号码、住址或出生日期。",
        "A name alone does not say who it is. Please add an ID number, a door or a birth date.",
    )
}

pub(super) fn half_a_door(has_building: bool) -> Problem {
    match has_building {
        true => {
            Problem::new("half_a_door", "有楼栋，没有室号，请补上。", "There is a building but no flat; please add it.")
        }
        false => {
            Problem::new("half_a_door", "有室号，没有楼栋，请补上。", "There is a flat but no building; please add it.")
        }
    }
}

pub(super) fn only_the_year(year: &str) -> Problem {
    Problem::new(
        "only_the_year",
        format!("分不清哪个是月、哪个是日，先只记了 {year} 年；请写成 1950-03-01 这样。"),
        format!(
            "Which is the day and which the month cannot be told; only the year {year} was kept. Please write it like 1950-03-01."
        ),
    )
}

pub(super) fn struck() -> Problem {
    Problem::new(
        "struck",
        "这一行里有划掉的内容，是不是已经不在了？还住着的，请去掉删除线；不在了的，请加一列“现状”写明。",
        "Something in this row is struck through. If the person still lives here, please take the line off; if not, add a column \
         “State” that says so.",
    )
}

pub(super) fn hidden() -> Problem {
    Problem::new(
        "hidden",
        "这一行在表格里是隐藏的，照样导入，请核对。",
        "This row is hidden in the file; it is imported all the same, please check.",
    )
}

pub(super) fn not_above(row: usize) -> Problem {
    let row = row + 1;
    Problem::new(
        "not_above",
        format!(
            "住址空着，要跟上面一行走，可是上面一行（第 {row} 行）没有导入。请先改好第 {row} 行，或者在这一行写明住址。"
        ),
        format!(
            "The door is left blank, to be that of the row above, but row {row} is not imported. Please mend row {row}, or \
             write this row's door."
        ),
    )
}

pub(super) fn no_building(name: &str) -> Problem {
    let name = short(name);
    Problem::new(
        "no_building",
        format!("登记册里没有“{name}”这幢楼。请核对，或选“没有的楼栋一起建”。"),
        format!("The register has no building “{name}”. Please check it, or choose to make missing buildings."),
    )
}

pub(super) fn several_buildings(name: &str) -> Problem {
    let name = short(name);
    Problem::new(
        "several_buildings",
        format!("登记册里叫“{name}”的楼不止一幢，请在地址前写明路名。"),
        format!("Several buildings are called “{name}”; please put the street before it."),
    )
}

pub(super) fn no_stairwell(name: &str) -> Problem {
    let name = short(name);
    Problem::new(
        "no_stairwell",
        format!("“{name}”有几个单元，请写明是几单元。"),
        format!("“{name}” has several stairwells; please say which."),
    )
}

pub(super) fn no_floor(flat: &str) -> Problem {
    let flat = short(flat);
    Problem::new(
        "no_floor",
        format!("从“{flat}”看不出在几楼，请加一列“楼层”。"),
        format!("“{flat}” does not say which floor; please add a column “Floor”."),
    )
}

pub(super) fn papers_without_number() -> Problem {
    Problem::new(
        "papers_without_number",
        "写的是没有证件，却有证件号码；按号码导入，请核对。",
        "It says no papers, yet there is a number; the number was imported, please check.",
    )
}

pub(super) fn number_of_another(name: &str) -> Problem {
    let name = short(name);
    Problem::new(
        "number_of_another",
        format!("这个证件号码已经登记在“{name}”名下，请核对姓名和号码。"),
        format!("This number is registered as that of “{name}”; please check name and number."),
    )
}

pub(super) fn several_people(name: &str) -> Problem {
    let name = short(name);
    Problem::new(
        "several_people",
        format!("这一户登记了几位“{name}”，请补上身份证号码或出生日期。"),
        format!("Several people called “{name}” are registered there; please add an ID number or birth date."),
    )
}

pub(super) fn worked_out(field: &Field, kept: &Text, given: &Text) -> Problem {
    let label = &field.label;
    Problem::new(
        "worked_out",
        format!("“{}”写的是“{}”，按身份证号码是“{}”，以号码为准。", label.zh, given.zh, kept.zh),
        format!("“{}” says “{}”; by the ID number it is “{}”, which is kept.", label.en, given.en, kept.en),
    )
    .at(&field.name)
}

pub(super) fn said_before(field: &Field, kept: &Text, given: &Text) -> Problem {
    let label = &field.label;
    Problem::new(
        "said_before",
        format!("“{}”写的是“{}”，前面的行写的是“{}”，以前面的为准。", label.zh, given.zh, kept.zh),
        format!("“{}” says “{}”; an earlier row says “{}”, which is kept.", label.en, given.en, kept.en),
    )
    .at(&field.name)
}

pub(super) fn not_asked(field: &Field) -> Problem {
    let label = &field.label;
    Problem::new(
        "not_asked",
        format!("按这一行的其他内容，“{}”不用填，没有导入。", label.zh),
        format!("By the rest of the row “{}” does not apply; it was not imported.", label.en),
    )
    .at(&field.name)
}
