//! Civil dates as text and as day numbers, and instants as RFC 3339 writes them.
//!
//! jiff's `Date` is the type; its parsers, printers and spans would add a fifth to the app's size for what is done here in
//! a page. Day numbers count from 1970-01-01, which is 0.

use jiff::civil::Date;

/// A moment as the writer's clock showed it, with its offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Date,
    /// Milliseconds since that day's midnight.
    pub millis: u32,
    /// Minutes east of UTC.
    pub offset: i32,
}

/// `2009-03-01` and nothing looser; `None` for days that do not exist.
pub fn parse(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let part = |from: usize, to: usize| digits(&bytes[from..to]);
    Date::new(part(0, 4)? as i16, part(5, 7)? as i8, part(8, 10)? as i8).ok()
}

/// `2009-03-01`.
pub fn write(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// RFC 3339 with its offset, seconds and their fraction optional: `2009-03-01T08:30+08:00`, `2009-03-01T00:30:00.5Z`.
pub fn parse_moment(text: &str) -> Option<Moment> {
    let day = parse(text.get(..10)?)?;
    let clock = text.get(10..)?.strip_prefix('T')?;
    let (clock, offset) = match clock.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let at = clock.rfind(['+', '-'])?;
            let (hours, minutes) = clock[at + 1..].split_once(':')?;
            let minutes = two(hours, 24)? * 60 + two(minutes, 60)?;
            (&clock[..at], if clock[at..].starts_with('-') { -(minutes as i32) } else { minutes as i32 })
        }
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = clock.split(':');
    let (hours, minutes) = (two(parts.next()?, 24)?, two(parts.next()?, 60)?);
    let seconds = parts.next().map_or(Some(0), |seconds| two(seconds, 60))?;
    if parts.next().is_some() || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths = digits(format!("{:0<3}", fraction.get(..3).unwrap_or(fraction)).as_bytes())?;
    Some(Moment { day, millis: (hours * 3600 + minutes * 60 + seconds) * 1000 + thousandths, offset })
}

/// `22:30`, seconds, their fraction and an offset optional: milliseconds since midnight, as its clock showed them.
pub fn parse_time(text: &str) -> Option<u32> {
    let zone = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let offset = if zone == text.len() { "Z" } else { &text[zone..] };
    parse_moment(&format!("1970-01-01T{}{offset}", &text[..zone])).map(|moment| moment.millis)
}

impl Moment {
    /// Days since 1970-01-01 as its own clock counts them, with their fraction.
    pub fn local_days(self) -> f64 {
        f64::from(number(self.day)) + f64::from(self.millis) / 86_400_000.0
    }

    /// Days since 1970-01-01 UTC, with their fraction.
    pub fn days(self) -> f64 {
        f64::from(number(self.day)) + (f64::from(self.millis) / 60_000.0 - f64::from(self.offset)) / 1440.0
    }
}

/// Days since 1970-01-01, by Howard Hinnant's `days_from_civil`: years begin in March, so that the leap day is their last.
pub fn number(day: Date) -> i32 {
    let (year, month) = (i32::from(day.year()), i32::from(day.month()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i32::from(day.day()) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day number; `None` outside the years -9999 to 9999.
pub fn from_number(number: i64) -> Option<Date> {
    let number = i32::try_from(number).ok().filter(|n| n.abs() < 5_000_000)? + 719_468;
    let of_era = number.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + number.div_euclid(146_097) * 400 + i32::from(month <= 2);
    Date::new(year as i16, month as i8, day as i8).ok()
}

/// Days from Monday, 0 to 6.
pub fn weekday(day: Date) -> usize {
    (number(day) + 3).rem_euclid(7) as usize
}

/// Full years from `born` to `on`; who was born on 29 February is a year older on 1 March.
pub fn age(born: Date, on: Date) -> i64 {
    let had = (on.month(), on.day()) >= (born.month(), born.day());
    i64::from(on.year()) - i64::from(born.year()) - i64::from(!had)
}

fn two(text: &str, below: u32) -> Option<u32> {
    digits(text.as_bytes()).filter(|n| text.len() == 2 && *n < below)
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};

    use super::*;

    #[test]
    fn day_numbers_are_those_of_jiff_for_a_whole_cycle_of_leap_years() {
        let mut day = date(1799, 12, 31);
        let first = number(day);
        for n in 0..146_100 {
            assert_eq!((number(day), from_number(i64::from(first + n))), (first + n, Some(day)));
            assert_eq!(weekday(day), day.weekday().to_monday_zero_offset() as usize, "{day}");
            assert_eq!((write(day), parse(&write(day))), (day.to_string(), Some(day)));
            day = day.checked_add(1.day()).unwrap();
        }
        assert_eq!(number(date(1970, 1, 1)), 0);
        assert_eq!(from_number(i64::MAX), None);
        assert_eq!(from_number(4_999_999), None);
    }

    #[test]
    fn only_real_days_written_in_full_are_dates() {
        assert_eq!(parse("2008-02-29"), Some(date(2008, 2, 29)));
        for text in
            ["2009-02-29", "2009-2-1", "2009-03-011", "20090301", "2009/03/01", "２００９-03-01", "", "-009-03-01"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_day_are_read_as_they_are_written() {
        for (text, minutes) in [
            ("22:30", 1350),
            ("00:00", 0),
            ("07:05:30", 425),
            ("07:05:30.250+08:00", 425),
            ("23:59Z", 1439),
            ("06:00-03:30", 360),
        ] {
            assert_eq!(parse_time(text).map(|millis| millis / 60_000), Some(minutes), "{text}");
        }
        for text in ["24:00", "7:05", "22:60", "22", "2230", "22:30+", "", "2009-03-01", "二二:三十"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn moments_are_read_as_jiff_reads_them() {
        for text in [
            "2009-03-01T08:30:00+08:00",
            "2026-08-07T06:31:13.834-03:00",
            "1969-12-31T23:59:59.5Z",
            "2009-03-01T08:30Z",
        ] {
            let theirs = text.replace("30Z", "30:00Z").parse::<jiff::Timestamp>().unwrap();
            let ours = parse_moment(text).unwrap().days() * 86_400_000.0;
            assert!((ours - theirs.as_millisecond() as f64).abs() < 0.01, "{text}");
        }
        for text in [
            "2009-03-01 08:30:00Z",
            "2009-03-01T08:30:00",
            "2009-03-01T24:00:00Z",
            "2009-03-01T08:60:00Z",
            "2009-03-01T08:30:00+8",
            "2009-03-01T8:30:00Z",
            "2009-03-01T08:30:00.Z-",
            "2009-03-01T",
            "2009-03-01T08:30:00:00Z",
            "2009-03-01T中文Z",
        ] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }
}
