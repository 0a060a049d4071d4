//! Dates in expressions: texts as they are kept, numbers as days since 1970-01-01.

use jiff::civil::{Date, DateTime};

use crate::Lang;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The date a text begins with: `2009-03-01` or the day of `2009-03-01T08:00:00+08:00`.
pub(super) fn date(text: &str) -> Option<Date> {
    let day = text.get(..10).filter(|_| text.len() == 10 || text.as_bytes()[10] == b'T')?;
    let bytes = day.as_bytes();
    let part = |from: usize, to: usize| -> Option<i16> {
        bytes[from..to].iter().try_fold(0i16, |n, b| b.is_ascii_digit().then(|| n * 10 + i16::from(b - b'0')))
    };
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    Date::new(part(0, 4)?, part(5, 7)? as i8, part(8, 10)? as i8).ok()
}

/// Wall-clock time of a date-time, whatever its offset; midnight of a date.
pub(super) fn date_time(text: &str) -> Option<DateTime> {
    let date = date(text)?;
    match text.get(11..) {
        None => Some(date.at(0, 0, 0, 0)),
        Some(_) => split(text)?.0.parse().ok(),
    }
}

/// Days since 1970-01-01, with a fraction for a date-time, which counts in UTC when it has an offset.
pub(super) fn days(text: &str) -> Option<f64> {
    let whole = |d: Date| f64::from(d.duration_since(EPOCH).as_hours() as i32 / 24);
    let day = date(text)?;
    if text.len() == 10 {
        return Some(whole(day));
    }
    let (_, minutes) = split(text)?;
    let time = date_time(text)?.time();
    let seconds = f64::from(time.hour()) * 3600.0 + f64::from(time.minute()) * 60.0 + f64::from(time.second());
    let seconds = seconds + f64::from(time.subsec_nanosecond()) / 1e9 - f64::from(minutes) * 60.0;
    Some(whole(day) + seconds / 86_400.0)
}

/// The date so many days after 1970-01-01.
pub(super) fn from_days(days: f64) -> Option<Date> {
    let days = days.floor();
    if !(-4_000_000.0..4_000_000.0).contains(&days) {
        return None;
    }
    EPOCH.checked_add(jiff::Span::new().days(days as i64)).ok()
}

/// Full years from `born` to `on`; someone born on 29 February is a year older on 1 March.
pub(super) fn age(born: Date, on: Date) -> i64 {
    let had = (on.month(), on.day()) >= (born.month(), born.day());
    i64::from(on.year()) - i64::from(born.year()) - i64::from(!had)
}

/// Date-time without its offset, and the offset in minutes.
fn split(text: &str) -> Option<(&str, i32)> {
    if let Some(utc) = text.strip_suffix('Z') {
        return Some((utc, 0));
    }
    let at = text.get(11..)?.find(['+', '-']).map(|at| at + 11);
    let Some(at) = at else { return Some((text, 0)) };
    let (hours, minutes) = text[at + 1..].split_once(':')?;
    let minutes = hours.parse::<u8>().ok()? as i32 * 60 + minutes.parse::<u8>().ok()? as i32;
    Some((&text[..at], if text.as_bytes()[at] == b'-' { -minutes } else { minutes }))
}

/// ODK's codes: `%Y %y %m %n %b %d %e %a %H %h %M %S %3 %%`.
pub(super) const CODES: &str = "YymnbdeaHhMS3%";

/// Written by ODK's codes; a code it does not know is left as it stands (the parser has refused it before).
pub(super) fn write(time: DateTime, format: &str, lang: Lang) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const DAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let mut out = String::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let day = time.weekday().to_monday_zero_offset() as usize;
        let month = time.month() as usize;
        match rest.next() {
            Some('Y') => out += &format!("{:04}", time.year()),
            Some('y') => out += &format!("{:02}", time.year() % 100),
            Some('m') => out += &format!("{month:02}"),
            Some('n') => out += &month.to_string(),
            Some('b') => match lang {
                Lang::Zh => out += &format!("{month}月"),
                Lang::En => out += MONTHS[month - 1],
            },
            Some('d') => out += &format!("{:02}", time.day()),
            Some('e') => out += &time.day().to_string(),
            Some('a') => out += if lang == Lang::Zh { DAYS_ZH[day] } else { DAYS[day] },
            Some('H') => out += &format!("{:02}", time.hour()),
            Some('h') => out += &time.hour().to_string(),
            Some('M') => out += &format!("{:02}", time.minute()),
            Some('S') => out += &format!("{:02}", time.second()),
            Some('3') => out += &format!("{:03}", time.subsec_nanosecond() / 1_000_000),
            Some('%') => out.push('%'),
            other => {
                out.push('%');
                out.extend(other);
            }
        }
    }
    out
}
