//! From a day to a day, as people count: years, halves, quarters, months.

use jiff::civil::Date;

use crate::{Lang, days};

/// Civil dates, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// What a period is, when it is one of the calendar's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Months(i32),
    Days(i32),
}

impl Period {
    /// From the first of January to the last of December.
    pub fn year(year: i16) -> Option<Self> {
        Self::months(i32::from(year), 1, 12)
    }

    /// So many whole months, the first counted from 1.
    pub fn months(year: i32, first: i32, count: i32) -> Option<Self> {
        let start = year * 12 + first - 1;
        let day = |months: i32| {
            let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
            Date::new(i16::try_from(year).ok()?, month as i8, 1).ok()
        };
        Some(Self { from: day(start)?, to: day(start + count - 1)?.last_of_month() })
    }

    /// Whether the day is within.
    pub fn contains(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    fn span(&self) -> Span {
        let months = |d: Date| i32::from(d.year()) * 12 + i32::from(d.month());
        match self.from.day() == 1 && self.to == self.to.last_of_month() && self.to >= self.from {
            true => Span::Months(months(self.to) - months(self.from) + 1),
            false => Span::Days(days::number(self.to) - days::number(self.from) + 1),
        }
    }

    /// The period of the same length that ends the day before; whole months before whole months.
    pub fn before(&self) -> Option<Self> {
        match self.span() {
            Span::Months(count) => {
                Self::months(i32::from(self.from.year()), i32::from(self.from.month()) - count, count)
            }
            Span::Days(count) => {
                let first = i64::from(days::number(self.from));
                Some(Self { from: days::from_number(first - i64::from(count))?, to: days::from_number(first - 1)? })
            }
        }
    }

    /// As it is read: `2009年`, `2009年上半年`, `2009年第三季度`, `2009年3月`, or from day to day.
    pub fn name(&self, lang: Lang) -> String {
        let (year, month) = (self.from.year(), self.from.month());
        let zh = lang == Lang::Zh;
        match self.span() {
            Span::Months(12) if month == 1 => {
                if zh {
                    format!("{year}年")
                } else {
                    year.to_string()
                }
            }
            Span::Months(6) if month == 1 => {
                if zh {
                    format!("{year}年上半年")
                } else {
                    format!("first half of {year}")
                }
            }
            Span::Months(6) if month == 7 => {
                if zh {
                    format!("{year}年下半年")
                } else {
                    format!("second half of {year}")
                }
            }
            Span::Months(3) if month % 3 == 1 => {
                let quarter = usize::from(month.unsigned_abs() / 3);
                match zh {
                    true => format!("{year}年第{}季度", ["一", "二", "三", "四"][quarter]),
                    false => format!("Q{} {year}", quarter + 1),
                }
            }
            Span::Months(1) => {
                if zh {
                    format!("{year}年{month}月")
                } else {
                    format!("{} {year}", MONTHS[usize::from(month.unsigned_abs()) - 1])
                }
            }
            _ if zh => format!("{}至{}", day(self.from), day(self.to)),
            _ => format!("{} to {}", days::write(self.from), days::write(self.to)),
        }
    }

    /// What the period before is called when two are compared: 上年, 上月 …
    pub fn name_before(&self, lang: Lang) -> &'static str {
        let zh = lang == Lang::Zh;
        match self.span() {
            Span::Months(12) => {
                if zh {
                    "上年"
                } else {
                    "the year before"
                }
            }
            Span::Months(3) => {
                if zh {
                    "上季度"
                } else {
                    "the quarter before"
                }
            }
            Span::Months(1) => {
                if zh {
                    "上月"
                } else {
                    "the month before"
                }
            }
            Span::Days(7) => {
                if zh {
                    "上周"
                } else {
                    "the week before"
                }
            }
            _ => {
                if zh {
                    "上期"
                } else {
                    "the period before"
                }
            }
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_period_before_is_of_the_same_kind() {
        let before = |from, to| Period { from, to }.before().map(|p| (days::write(p.from), days::write(p.to))).unwrap();
        let text = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(before(date(2009, 1, 1), date(2009, 12, 31)), text("2008-01-01", "2008-12-31"));
        assert_eq!(before(date(2009, 3, 1), date(2009, 3, 31)), text("2009-02-01", "2009-02-28"));
        assert_eq!(before(date(2009, 1, 1), date(2009, 3, 31)), text("2008-10-01", "2008-12-31"));
        assert_eq!(before(date(2009, 3, 2), date(2009, 3, 8)), text("2009-02-23", "2009-03-01"));
    }

    #[test]
    fn a_period_is_called_what_people_call_it() {
        let name = |year, first, count| Period::months(year, first, count).unwrap().name(Lang::Zh);
        assert_eq!(name(2009, 1, 12), "2009年");
        assert_eq!(name(2009, 7, 6), "2009年下半年");
        assert_eq!(name(2009, 10, 3), "2009年第四季度");
        assert_eq!(name(2009, 3, 1), "2009年3月");
        assert_eq!(name(2009, 2, 2), "2009年2月1日至2009年3月31日");
        assert_eq!(Period::months(2009, 10, 3).unwrap().name(Lang::En), "Q4 2009");
    }
}
