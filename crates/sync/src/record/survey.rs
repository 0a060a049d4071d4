//! All that a book asks of a record it takes in: what it points at, when it last changed, which days it speaks of. What is
//! not about a year need not be read again to know that.

use records::{RecordId, figures::Period};

use super::{
    Kept, Record, Register, Sets,
    bytes::{self, Cursor, Raw, tag},
};
use crate::Clock;

/// What a book wants to know of a record beside what it points at.
pub(crate) struct Survey {
    /// The latest clock anywhere in it.
    pub latest: Clock,
    /// The days it speaks of.
    pub days: Days,
}

impl Record {
    /// The latest clock anywhere in it: when it last changed.
    pub fn touched(&self) -> Clock {
        self.survey(&mut |_| ()).latest
    }

    /// Tells of each record that values which show point at, members of sets too, and answers with what else a book asks of a
    /// record it takes in, in one reading.
    #[inline(never)]
    pub(crate) fn survey(&self, link: &mut dyn FnMut(RecordId)) -> Survey {
        let mut survey = Survey { latest: self.made, days: Days::default() };
        let Some(mut leaf) = self.leaf() else { return survey };
        let mut shows = |raw: Raw<'_>, days: &mut Days| {
            raw.link().into_iter().for_each(&mut *link);
            days.see(raw);
        };
        while let Some((_, kept)) = leaf.field() {
            match kept {
                Kept::Plain(raw) => shows(raw, &mut survey.days),
                Kept::Full(mut from) => {
                    let register = Register::read(&mut from).unwrap_or_default();
                    survey.latest = register.winner().map_or(survey.latest, |(clock, _)| survey.latest.max(*clock));
                    kept.shown().into_iter().for_each(|raw| shows(raw, &mut survey.days));
                }
            }
        }
        let mut sets = leaf.sets();
        while let Some((_, words)) = sets.as_mut().and_then(Sets::set) {
            for (member, clock, is_in) in words {
                survey.latest = survey.latest.max(clock);
                if is_in && let Some(id) = bytes::link_of(member) {
                    link(id);
                }
            }
        }
        survey
    }
}

/// The first and the last day among a record's values, by a count that only keeps their order; none when there is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    first: u16,
    last: u16,
}

impl Default for Days {
    fn default() -> Self {
        Self { first: u16::MAX, last: 0 }
    }
}

impl Days {
    /// A value that shows.
    pub fn see(&mut self, raw: Raw<'_>) {
        let mut from = Cursor { rest: raw.0 };
        if from.byte() == Some(tag::TEXT)
            && let Some(day) = from.raw_text().and_then(count)
        {
            self.first = self.first.min(day);
            self.last = self.last.max(day);
        }
    }

    /// Whether a day of the period may be among them. Never says no wrongly.
    pub fn may_lie_in(self, period: Period) -> bool {
        let (from, to) = (period.from, period.to);
        self.first <= order(to.year().into(), to.month().into(), to.day().into())
            && order(from.year().into(), from.month().into(), from.day().into()) <= self.last
    }
}

/// `2009-03-01` and whatever else has this shape.
fn count(text: &[u8]) -> Option<u16> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text else { return None };
    let digits = |digits: &[u8]| {
        digits.iter().try_fold(0, |n, digit| digit.is_ascii_digit().then(|| n * 10 + i32::from(digit - b'0')))
    };
    Some(order(digits(&[a, b, c, d])?, digits(&[e, f])?, digits(&[g, h])?))
}

/// From 1900 to 2075; what is earlier or later is the first or the last of these.
fn order(year: i32, month: i32, day: i32) -> u16 {
    let count = (year - 1900) * 372 + (month - 1) * 31 + day - 1;
    count.clamp(0, u16::MAX.into()) as u16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use records::{Value, days};

    use super::*;
    use crate::record::bytes::Writer;

    fn day() -> impl Strategy<Value = jiff::civil::Date> {
        (1850i16..2100, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| jiff::civil::date(year, month, day))
    }

    proptest! {
        #[test]
        fn a_day_within_is_never_missed_and_one_alone_is_not_made_up(of in day(), other in day(), from in day(), to in day()) {
            let mut span = Days::default();
            prop_assert!(!span.may_lie_in(Period { from, to: from }), "none when there is no day");
            for day in [of, other] {
                let mut bytes = Writer::default();
                bytes.value(&Value::from(days::write(day)));
                span.see(Raw(&bytes.out));
            }
            let period = Period { from: from.min(to), to: from.max(to) };
            if period.contains(of) || period.contains(other) {
                prop_assert!(span.may_lie_in(period));
            }
            let is_between = (1901..2075).contains(&of.year()) && (1901..2075).contains(&period.from.year());
            if is_between && of.max(other) < period.from {
                prop_assert!(!span.may_lie_in(period));
            }
        }
    }
}
