//! Dates as rosters have them: cells of dates, serial numbers, and every way to write one.

use jiff::civil::Date;
use records::{Problem, days};

use super::short;
use crate::roster::sheet::{Cell, narrow};

/// Serial number 60 is 29 February 1900, which never was; from 61 on, day 0 is 30 December 1899 (ECMA-376, 18.17.4.1).
const SERIAL_ZERO: i64 = -25_569;
/// 1 March 1900 and 31 December 2099 as serial numbers.
const SERIALS: std::ops::RangeInclusive<f64> = 61.0..=73_050.0;

/// A cell's date.
///
/// # Errors
/// When it is none, or could be several (`3/4/1950`), with how to write it.
pub fn day(cell: &Cell) -> Result<Date, Problem> {
    let found = match cell {
        Cell::Date(day) => Some(*day),
        // 19500301 and not the serial number of a day in the year 55287.
        Cell::Number(number) if number.fract() == 0.0 && (19_000_101.0..21_000_000.0).contains(number) => {
            digits(&cell.shown())
        }
        Cell::Number(number) if SERIALS.contains(number) && !(1900.0..2100.0).contains(number) => {
            days::from_number(number.trunc() as i64 + SERIAL_ZERO)
        }
        Cell::Text(text) => written(text),
        _ => None,
    };
    found.ok_or_else(|| {
        let shown = short(&cell.shown());
        let zh = format!("“{shown}”不是完整的日期，请写成 1950-03-01 这样。");
        Problem::new("date", zh, format!("“{shown}” is not a whole date; please write it like 1950-03-01."))
    })
}

/// `19500301`.
fn digits(text: &str) -> Option<Date> {
    let all = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    if all { Date::new(year, month as i8, day as i8).ok() } else { None }
}

/// `1950-03-01`, `1950.3.1`, `1950/3/1`, `1950年3月1日`, `19500301`, with or without a time after it.
fn written(text: &str) -> Option<Date> {
    let text = narrow(text);
    let text = text.trim();
    // A time follows after a space or a T.
    let text = text.split_once(['T', 't']).map_or(text, |(day, _)| day);
    let day = text.split_once(' ').filter(|(_, time)| time.contains(':')).map_or(text, |(day, _)| day);
    if let Some(day) = digits(day) {
        return Some(day);
    }
    let mut numbers = day.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let odd = |c: char| !(c.is_ascii_digit() || c.is_whitespace() || "-./年月日号、".contains(c));
    let (year, month, of_month) = (numbers.next()?, numbers.next()?, numbers.next()?);
    if year.len() != 4 || month.len() > 2 || of_month.len() > 2 || numbers.next().is_some() || day.contains(odd) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, of_month.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_date_is_understood_however_it_is_written() {
        let first = date(1950, 3, 1);
        for text in [
            "1950-03-01",
            "1950.3.1",
            "1950/3/1",
            "1950年3月1日",
            "19500301",
            "１９５０．０３．０１",
            "1950-03-01 00:00:00",
            "1950 . 3 . 1",
        ] {
            assert_eq!(day(&Cell::Text(text.into())), Ok(first), "{text}");
        }
        assert_eq!(day(&Cell::Number(19_500_301.0)), Ok(first));
        assert_eq!(day(&Cell::Number(18_323.0)), Ok(first), "as a serial number");
        assert_eq!(day(&Cell::Number(61.0)), Ok(date(1900, 3, 1)));
    }

    #[test]
    fn half_a_date_and_one_that_could_be_two_are_asked_for_again() {
        for cell in [Cell::Text("3/4/1950".into()), Cell::Text("50.3.1".into()), Cell::Text("1950年3月".into())] {
            assert!(day(&cell).is_err(), "{cell:?}");
        }
        for cell in [Cell::Number(1950.0), Cell::Number(1950.3), Cell::Text("1950-02-30".into()), Cell::Truth(true)] {
            let problem = day(&cell).unwrap_err();
            assert!(problem.message.zh.contains(&cell.shown()), "{problem:?}");
        }
    }
}
