//! The year's working days and the times of day at which people work.

use jiff::civil::{Date, Weekday, date};

use super::dice::Dice;

/// Days off of 2009 and the first of 2010, as the State Council's office announced them.
const OFF: &[(Date, Date)] = &[
    (date(2009, 1, 1), date(2009, 1, 3)),
    (date(2009, 1, 25), date(2009, 1, 31)),
    (date(2009, 4, 4), date(2009, 4, 6)),
    (date(2009, 5, 1), date(2009, 5, 3)),
    (date(2009, 5, 28), date(2009, 5, 30)),
    (date(2009, 10, 1), date(2009, 10, 8)),
    (date(2010, 1, 1), date(2010, 1, 3)),
];

/// Weekend days that were worked in exchange.
const ON: &[Date] =
    &[date(2009, 1, 4), date(2009, 1, 24), date(2009, 2, 1), date(2009, 5, 31), date(2009, 9, 27), date(2009, 10, 10)];

/// Whether the committee's office is open.
pub fn is_working_day(day: Date) -> bool {
    if ON.contains(&day) {
        return true;
    }
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    !weekend && !OFF.iter().any(|(from, to)| (*from..=*to).contains(&day))
}

/// Every day from `from` to `to`, both included.
pub fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| day.tomorrow().ok()).take_while(move |day| *day <= to)
}

/// Working days from `from` to `to`, both included.
pub fn working_days(from: Date, to: Date) -> Vec<Date> {
    days(from, to).filter(|day| is_working_day(*day)).collect()
}

/// The day itself if it is worked, else the next one that is.
pub fn working_day_from(day: Date) -> Date {
    days(day, Date::MAX).find(|day| is_working_day(*day)).unwrap_or(day)
}

/// `day` moved by so many days.
pub fn moved(day: Date, by: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(by))
}

/// Days from `from` to `to`.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

/// Completed years of age on `day`.
pub fn age(born: Date, day: Date) -> i64 {
    let years = i64::from(day.year()) - i64::from(born.year());
    years - i64::from((day.month(), day.day()) < (born.month(), born.day()))
}

/// The same day of a later year; 1 March for 29 February.
pub fn birthday(born: Date, age: i64) -> Date {
    let year = born.year() + age as i16;
    Date::new(year, born.month(), born.day()).unwrap_or_else(|_| date(year, 3, 1))
}

/// Milliseconds since 1970 UTC of a moment in China (UTC+8, no summer time in these years).
pub fn millis(day: Date, minute_of_day: i64, within: i64) -> u64 {
    let days = days_between(date(1970, 1, 1), day);
    (((days * 24 * 60 + minute_of_day - 8 * 60) * 60_000) + within).max(0).cast_unsigned()
}

/// A moment of an ordinary working day at the desk: mornings are busier.
pub fn office_hour(dice: &mut Dice, day: Date) -> u64 {
    let minute = if dice.chance(600) { dice.between(510..=690) } else { dice.between(810..=1020) };
    millis(day, minute, dice.between(0..=59_999))
}

/// A moment at which one rings at doors: not at lunch, some calls in the early evening, when people are in.
pub fn visiting_hour(dice: &mut Dice, day: Date) -> u64 {
    let minute = match dice.below(10) {
        0..5 => dice.between(540..=690),
        5..9 => dice.between(840..=1010),
        _ => dice.between(1080..=1180),
    };
    millis(day, minute, dice.between(0..=59_999))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{age, birthday, is_working_day, millis, working_days};

    #[test]
    fn holidays_are_off_and_their_exchange_days_are_on() {
        assert_eq!(working_days(date(2009, 1, 1), date(2009, 12, 31)).len(), 250, "2009 had 250 working days");
        assert!(!is_working_day(date(2009, 10, 1)));
        assert!(is_working_day(date(2009, 10, 10)), "a Saturday, worked for the National Day holiday");
    }

    #[test]
    fn ages_and_moments_are_those_of_the_calendar() {
        assert_eq!(age(date(1949, 12, 31), date(2009, 12, 30)), 59);
        assert_eq!(age(date(1949, 12, 31), date(2009, 12, 31)), 60);
        assert_eq!(birthday(date(1948, 2, 29), 61), date(2009, 3, 1));
        // 2009-01-01T00:00:00Z is eight in the morning in China.
        assert_eq!(millis(date(2009, 1, 1), 480, 0), 1_230_768_000_000);
    }
}
