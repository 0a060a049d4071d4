//! Dates as rosters have them: cells of dates, serial numbers, and every way to write one.

use jiff::civil::Date;
use records::{Problem, days};

use super::{counted, short};
use crate::roster::sheet::{Cell, narrow};

/// Serial number 60 is 29 February 1900, which never was; from 61 on, day 0 is 30 December 1899 (ECMA-376, 18.17.4.1).
const SERIAL_ZERO: i64 = -25_569;
/// 1 March 1900 and 31 December 2099 as serial numbers.
const SERIALS: std::ops::RangeInclusive<f64> = 61.0..=73_050.0;

/// What a cell says of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Whole(Date),
    /// A year, and perhaps its month.
    About(i16, Option<i8>),
}

/// The year, or the year and month, in a cell that says no whole date: `1950`, `1950-03`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// As it is kept.
    pub text: String,
    /// Whether day and month stand there, but which is which cannot be told.
    pub is_unclear: bool,
}

/// A cell's date.
///
/// # Errors
/// When it is none, or could be several (`3/4/1950`), with how to write it.
pub fn day(cell: &Cell) -> Result<Date, Problem> {
    match understood(cell) {
        Some((Said::Whole(day), _)) => Ok(day),
        _ => Err(wrong(cell)),
    }
}

/// The part of a date that a cell says; `None` when it says a whole one, or nothing that can be read.
pub fn about(cell: &Cell) -> Option<About> {
    match understood(cell)? {
        (Said::About(year, month), is_unclear) => {
            let text = month.map_or(format!("{year:04}"), |month| format!("{year:04}-{month:02}"));
            Some(About { text, is_unclear })
        }
        (Said::Whole(_), _) => None,
    }
}

fn wrong(cell: &Cell) -> Problem {
    let shown = short(&cell.shown());
    if is_lunar(&shown) {
        let zh = format!("“{shown}”是农历，请查成公历，写成 1950-04-21 这样。");
        return Problem::new(
            "lunar",
            zh,
            format!("“{shown}” is of the lunar calendar; please write the date of the solar one, like 1950-04-21."),
        );
    }
    let zh = format!("“{shown}”不是完整的日期，请写成 1950-03-01 这样。");
    Problem::new("date", zh, format!("“{shown}” is not a whole date; please write it like 1950-03-01."))
}

fn is_lunar(text: &str) -> bool {
    ["农历", "阴历", "旧历", "腊月", "正月", "初"].iter().any(|word| text.contains(word))
}

/// What a cell says, and whether day and month cannot be told apart.
fn understood(cell: &Cell) -> Option<(Said, bool)> {
    match cell {
        Cell::Date(day) => Some((Said::Whole(*day), false)),
        Cell::Number(number)
            if number.fract() == 0.0 && SERIALS.contains(number) && !YEARS.contains(&(*number as i64)) =>
        {
            days::from_number(number.trunc() as i64 + SERIAL_ZERO).map(|day| (Said::Whole(day), false))
        }
        // 1950.1 was January or October.
        Cell::Number(number) if (number * 10.0 - 10.0 * number.trunc() - 1.0).abs() < 1e-6 => {
            YEARS.contains(&(number.trunc() as i64)).then(|| (Said::About(number.trunc() as i16, None), true))
        }
        Cell::Number(_) => written(&cell.shown()),
        Cell::Text(text) => written(text),
        _ => None,
    }
}

/// Years that a date may be of.
const YEARS: std::ops::RangeInclusive<i64> = 1850..=2150;
/// Two digits that can only be a year, and only of the last century.
const SHORT_YEARS: std::ops::RangeInclusive<i64> = 32..=99;

/// One number of a date, with as many digits as it was written with, or a month's English name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Number(i64, usize),
    Month(i8),
}

/// `1950-03-01`, `1950.3.1`, `1950年3月1日`, `19500301`, `一九五〇年三月一日`, `民国三十九年三月一日`, `15/3/1950`, `1 Mar 1950`, with or without a
/// time after it, and their beginnings without a day.
fn written(text: &str) -> Option<(Said, bool)> {
    let text = narrow(text);
    let text = text.trim();
    if is_lunar(text) {
        return None;
    }
    // A remark in brackets; and a time, after a space or a T.
    let text = text.split('(').next().unwrap_or_default().trim();
    let timed = text.rsplit_once([' ', 'T', 't']).filter(|(_, time)| time.contains(':'));
    let text = timed.map_or(text, |(day, _)| day);
    let republic = text.strip_prefix("民国");
    let parts = parts(republic.unwrap_or(text).trim_start_matches("公元").trim_start_matches("生于"))?;
    let year = |part: &Part| match part {
        Part::Number(year, _) if republic.is_some() => (1..=120).contains(year).then_some(1911 + year),
        Part::Number(year, 4) => YEARS.contains(year).then_some(*year),
        Part::Number(year, 2) => SHORT_YEARS.contains(year).then_some(1900 + year),
        _ => None,
    };
    let month = |part: &Part| match part {
        Part::Number(month, 1..=2) => (1..=12).contains(month).then_some(*month as i8),
        Part::Month(month) => Some(*month),
        Part::Number(..) => None,
    };
    let of_month = |part: &Part| match part {
        Part::Number(day, 1..=2) => Some(*day as i8),
        _ => None,
    };
    let whole =
        |year: i64, month: i8, day: i8| Date::new(year as i16, month, day).ok().map(|day| (Said::Whole(day), false));
    let about = |year: i64, month: Option<i8>| Some((Said::About(year as i16, month), false));
    match &parts[..] {
        [Part::Number(all, 8)] => {
            whole(all / 10_000, (all / 100 % 100) as i8, (all % 100) as i8).filter(|_| YEARS.contains(&(all / 10_000)))
        }
        [Part::Number(all, 6)] if YEARS.contains(&(all / 100)) && (1..=12).contains(&(all % 100)) => {
            about(all / 100, Some((all % 100) as i8))
        }
        [Part::Number(all, 6)] if SHORT_YEARS.contains(&(all / 10_000)) => {
            whole(1900 + all / 10_000, (all / 100 % 100) as i8, (all % 100) as i8)
        }
        [only @ Part::Number(_, 4)] => about(year(only)?, None),
        [only] if text.contains('年') => about(year(only)?, None),
        [first, second] if year(first).is_some() => about(year(first)?, Some(month(second)?)),
        [first, second] => about(year(second)?, Some(month(first)?)),
        [first, second, third] if year(first).is_some() => whole(year(first)?, month(second)?, of_month(third)?),
        [first, second, third] if year(third).is_some() => {
            let named = matches!(first, Part::Month(_)) || matches!(second, Part::Month(_));
            let read = |month_at: &Part, day_at: &Part| whole(year(third)?, month(month_at)?, of_month(day_at)?);
            match (read(first, second), read(second, first)) {
                (Some(one), Some(other)) if one != other && !named => {
                    Some((Said::About(year(third)? as i16, None), true))
                }
                (one, other) => one.or(other),
            }
        }
        _ => None,
    }
}

/// The numbers and month names of a date; `None` when something else stands between them.
fn parts(text: &str) -> Option<Vec<Part>> {
    let chars: Vec<char> = text.chars().collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let run = |is: fn(char) -> bool| chars[at..].iter().take_while(|c| is(**c)).count();
        let (digits, spoken, letters) = (run(|c| c.is_ascii_digit()), run(is_spoken), run(|c| c.is_ascii_alphabetic()));
        let word: String = chars[at..at + digits.max(spoken).max(letters)].iter().collect();
        if digits > 0 {
            parts.push(Part::Number(word.parse().ok()?, digits));
        } else if spoken > 0 {
            parts.push(spoken_number(&word)?);
        } else if letters > 2 {
            let word = word.to_lowercase();
            let month = MONTHS.iter().position(|month| word.starts_with(month) && (word.len() == 3 || letters > 3))?;
            parts.push(Part::Month(month as i8 + 1));
        } else if letters == 0 && (chars[at].is_whitespace() || "-./年月日号、,，—–生".contains(chars[at])) {
            at += 1;
        } else {
            return None;
        }
        at += digits.max(spoken).max(letters);
    }
    Some(parts)
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn is_spoken(c: char) -> bool {
    "〇零○一二三四五六七八九十廿卅".contains(c)
}

/// 一九五〇 digit by digit, 三十九 as a number.
fn spoken_number(word: &str) -> Option<Part> {
    if word.contains(['十', '廿', '卅']) {
        let word = word.replace("廿", "二十").replace("卅", "三十");
        return counted(&word).map(|number| Part::Number(number, 2));
    }
    let digit = |c: char| {
        "零一二三四五六七八九".chars().position(|d| d == c || d == '零' && "〇○".contains(c)).map(|n| n as i64)
    };
    let digits: Vec<i64> = word.chars().map(digit).collect::<Option<_>>()?;
    (digits.len() <= 8).then(|| Part::Number(digits.iter().fold(0, |sum, digit| sum * 10 + digit), digits.len()))
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
    fn every_way_to_write_a_day_or_the_part_of_it_that_is_known_is_read() {
        let fifth = date(1950, 3, 5);
        for text in [
            "一九五〇年三月五日",
            "一九五零年三月五日",
            "民国三十九年三月五日",
            "民国39年3月5日",
            "50.3.5",
            "1950、3、5",
            "1950 3 5",
            "15/3/1950",
            "3/15/1950",
            "5 Mar 1950",
            "March 5, 1950",
            "5-Mar-50",
            "500305",
            "1950年3月5日（周日）",
            "公元1950年3月5日",
            "1950年三月五日生",
        ] {
            let expected = if text.contains("15") { date(1950, 3, 15) } else { fifth };
            assert_eq!(day(&Cell::Text(text.into())), Ok(expected), "{text}");
        }
        for (text, kept) in [
            ("1950年3月", "1950-03"),
            ("1950.03", "1950-03"),
            ("195003", "1950-03"),
            ("1950.3", "1950-03"),
            ("1950-3", "1950-03"),
            ("1950/03", "1950-03"),
            ("一九五〇年三月", "1950-03"),
            ("Mar-50", "1950-03"),
            ("1950年十二月", "1950-12"),
            ("1950年", "1950"),
            ("1950", "1950"),
            ("一九五〇年", "1950"),
            ("民国三十九年", "1950"),
            ("3/1950", "1950-03"),
            ("50年3月", "1950-03"),
        ] {
            assert_eq!(about(&Cell::Text(text.into())), Some(About { text: kept.into(), is_unclear: false }), "{text}");
        }
        assert_eq!(about(&Cell::Text("5/3/1950".into())), Some(About { text: "1950".into(), is_unclear: true }));
        for (number, kept, is_unclear) in [
            (195_003.0, "1950-03", false),
            (1950.0, "1950", false),
            (1950.03, "1950-03", false),
            (1950.1, "1950", true),
        ] {
            assert_eq!(about(&Cell::Number(number)), Some(About { text: kept.into(), is_unclear }), "{number}");
        }
        for text in [
            "农历1950年三月初五",
            "1950年03月05日（农历）",
            "不记得",
            "1950年13月",
            "19501340",
            "05.3.1",
            "1/2/03",
            "80多岁",
            "1950-02-30",
        ] {
            let cell = Cell::Text(text.into());
            assert!(day(&cell).is_err() && about(&cell).is_none(), "{text}");
        }
        assert_eq!(day(&Cell::Text("农历1950年三月初五".into())).unwrap_err().code, "lunar");
    }

    #[test]
    fn half_a_date_and_one_that_could_be_two_are_asked_for_again() {
        for cell in [Cell::Text("3/4/1950".into()), Cell::Text("05.3.1".into()), Cell::Text("1950年3月".into())] {
            assert!(day(&cell).is_err(), "{cell:?}");
        }
        for cell in [Cell::Number(1950.0), Cell::Number(1950.3), Cell::Text("1950-02-30".into()), Cell::Truth(true)] {
            let problem = day(&cell).unwrap_err();
            assert!(problem.message.zh.contains(&cell.shown()), "{problem:?}");
        }
    }
}
