//! Dates in expressions: texts as they are kept, numbers as days since 1970-01-01, formats by ODK's codes.

use jiff::civil::Date;

use crate::{
    Lang,
    days::{self, Moment},
};

/// The date a text begins with: `2009-03-01` or the day of `2009-03-01T08:00:00+08:00`.
pub(super) fn date(text: &str) -> Option<Date> {
    days::parse(text).or_else(|| moment(text).map(|moment| moment.day))
}

/// A moment as its clock showed it, taken for UTC if it has no offset; midnight of a date.
pub(super) fn moment(text: &str) -> Option<Moment> {
    match text.len() {
        0..10 => None,
        10 => days::parse(text).map(|day| Moment { day, millis: 0, offset: 0 }),
        _ => days::parse_moment(text).or_else(|| days::parse_moment(&format!("{text}Z"))),
    }
}

/// Days since 1970-01-01, with a fraction for a moment, which counts by its own clock, as dates do; the fraction alone of a
/// time of day.
pub(super) fn days(text: &str) -> Option<f64> {
    moment(text).map(Moment::local_days).or_else(|| time(text))
}

/// A time of day as the fraction of a day.
pub(super) fn time(text: &str) -> Option<f64> {
    let is_time = text.as_bytes().get(2) == Some(&b':');
    is_time.then(|| days::parse_time(text)).flatten().map(|millis| f64::from(millis) / 86_400_000.0)
}

/// Two texts as numbers: two moments by what passed between them, wherever their clocks stood.
pub(super) fn apart(one: &str, other: &str) -> Option<(f64, f64)> {
    let is_moment = |text: &str| text.as_bytes().get(10) == Some(&b'T');
    (is_moment(one) && is_moment(other)).then(|| Some((moment(one)?.days(), moment(other)?.days()))).flatten()
}

/// The date so many days after 1970-01-01.
pub(super) fn from_days(number: f64) -> Option<Date> {
    if number.is_finite() { days::from_number(number.floor() as i64) } else { None }
}

/// ODK's codes: `%Y %y %m %n %b %d %e %a %H %h %M %S %3 %%`.
pub(super) const CODES: &str = "YymnbdeaHhMS3%";

/// Written by ODK's codes; a code it does not know is left as it stands (the parser has refused it before).
pub(super) fn write(moment: Moment, format: &str, lang: Lang) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const DAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let Moment { day, millis, .. } = moment;
    let (month, weekday) = (day.month() as usize, days::weekday(day));
    let mut out = String::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('Y') => out += &format!("{:04}", day.year()),
            Some('y') => out += &format!("{:02}", day.year() % 100),
            Some('m') => out += &format!("{month:02}"),
            Some('n') => out += &month.to_string(),
            Some('b') if lang == Lang::Zh => out += &format!("{month}月"),
            Some('b') => out += MONTHS[month - 1],
            Some('d') => out += &format!("{:02}", day.day()),
            Some('e') => out += &day.day().to_string(),
            Some('a') => out += if lang == Lang::Zh { DAYS_ZH[weekday] } else { DAYS[weekday] },
            Some('H') => out += &format!("{:02}", millis / 3_600_000),
            Some('h') => out += &(millis / 3_600_000).to_string(),
            Some('M') => out += &format!("{:02}", millis / 60_000 % 60),
            Some('S') => out += &format!("{:02}", millis / 1000 % 60),
            Some('3') => out += &format!("{:03}", millis % 1000),
            Some('%') => out.push('%'),
            other => {
                out.push('%');
                out.extend(other);
            }
        }
    }
    out
}
