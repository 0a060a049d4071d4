//! ID numbers as cells hold them.

use records::Problem;

use super::short;
use crate::roster::sheet::{Cell, narrow};

/// From here on a double no longer counts every whole number: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The number in a cell, a small `x` made large, blanks taken out.
///
/// # Errors
/// When the cell was a number and has lost its last digits: Excel keeps fifteen.
pub(super) fn number(cell: &Cell) -> Result<String, Problem> {
    let lost = || {
        Problem::new(
            "lost_digits",
            "身份证号码被 Excel 存成了数字，最后几位已经丢了，在这里补不回来。请回到原来的名册，把这一列设为“文本”，重新填写号码。",
            "Excel kept this ID number as a number and lost its last digits. Please format the column as text in the original \
             file and enter the number again.",
        )
    };
    match cell {
        Cell::Number(number) if number.abs() >= EXACT || number.fract() != 0.0 => Err(lost()),
        Cell::Text(text) => {
            let number: String = narrow(text).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
            let number = number.to_ascii_uppercase();
            // 3.20586E+17, as Excel writes such a number into a CSV file.
            let scientific = number.contains("E+") && number.starts_with(|c: char| c.is_ascii_digit());
            if scientific { Err(lost()) } else { Ok(number) }
        }
        cell => Ok(cell.shown()),
    }
}

pub use records::identity::canonical;

/// What is said of a number that is no resident's but could be of other papers.
pub fn papers(number: &str) -> Option<Problem> {
    let letters = number.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let whole = letters + digits == number.len();
    let first = number.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    (whole && first && (1..=2).contains(&letters) && (6..=10).contains(&digits)).then(|| {
        let number = short(number);
        Problem::new(
            "other_papers",
            format!("“{number}”不像身份证号码。如果是护照、通行证等，请加一列“证件类型”，写明是什么证件。"),
            format!("“{number}” is no resident ID number. If it is of a passport or permit, please add a column “Papers” that says so."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_number_and_its_new_form_are_the_same() {
        assert_eq!(canonical("110105491231002"), "11010519491231002X");
        assert_eq!(canonical("11010519491231002x"), "11010519491231002X");
        assert_eq!(canonical("H12345678"), "H12345678");
    }

    #[test]
    fn a_number_that_excel_has_cut_is_noticed() {
        assert_eq!(number(&Cell::Number(999_999_194_912_310_021.0)).unwrap_err().code, "lost_digits");
        assert_eq!(number(&Cell::Text("9.99999E+17".into())).unwrap_err().code, "lost_digits");
        assert_eq!(number(&Cell::Number(110_105_491_231_002.0)).unwrap(), "110105491231002", "fifteen are whole");
        assert_eq!(number(&Cell::Text(" 110105 19491231 002x ".into())).unwrap(), "11010519491231002X");
    }
}
