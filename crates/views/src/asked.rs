//! What a report is asked of: a period as people count and a part of the community, kept in the page's address.

use jiff::civil::Date;
use records::{
    Lang, days,
    figures::{Ask, Period},
};

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// January to December.
    Year,
    /// Six months.
    Half,
    /// Three months.
    Quarter,
    /// One.
    Month,
    /// Monday to Sunday.
    Week,
    /// One day.
    Day,
    /// From a day to a day.
    Own,
}

impl Span {
    /// In the order they are offered.
    pub const ALL: [Self; 7] = [Self::Year, Self::Half, Self::Quarter, Self::Month, Self::Week, Self::Day, Self::Own];

    /// As it stands in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Half => "half",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::Own => "own",
        }
    }

    /// What it is called.
    pub fn label(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Year => ("年", "Year"),
            Self::Half => ("半年", "Half-year"),
            Self::Quarter => ("季度", "Quarter"),
            Self::Month => ("月", "Month"),
            Self::Week => ("周", "Week"),
            Self::Day => ("日", "Day"),
            Self::Own => ("自选", "From … to"),
        };
        if lang == Lang::Zh { zh } else { en }
    }

    /// The period of this length that `day` lies in; of one's own choice, that day.
    pub fn around(self, day: Date) -> Option<Period> {
        let (year, month) = (i32::from(day.year()), i32::from(day.month()));
        let shift = |by: i64| days::from_number(i64::from(days::number(day)) + by);
        match self {
            Self::Year => Period::months(year, 1, 12),
            Self::Half => Period::months(year, (month - 1) / 6 * 6 + 1, 6),
            Self::Quarter => Period::months(year, (month - 1) / 3 * 3 + 1, 3),
            Self::Month => Period::months(year, month, 1),
            Self::Week => {
                let since = days::weekday(day) as i64;
                Some(Period { from: shift(-since)?, to: shift(6 - since)? })
            }
            Self::Day | Self::Own => Some(Period { from: day, to: day }),
        }
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// How long.
    pub span: Span,
    /// From when to when.
    pub period: Period,
    /// A dimension and its value: one grid, one building.
    pub within: Option<(String, String)>,
}

impl Asked {
    /// A period of the whole, of the calendar's or one's own.
    pub fn of(period: Period) -> Option<Self> {
        let fits = |span: &Span| span.around(period.from) == Some(period);
        let span = Span::ALL.into_iter().find(fits).unwrap_or(Span::Own);
        (period.from <= period.to).then_some(Self { span, period, within: None })
    }

    /// A year of the whole.
    pub fn year(year: i16) -> Option<Self> {
        Some(Self { span: Span::Year, period: Period::year(year)?, within: None })
    }

    /// A month of the whole, as dimensions name it: `2009-03`.
    pub fn month(key: &str) -> Option<Self> {
        let (year, month) = key.split_once('-')?;
        let period = Period::months(year.parse().ok()?, month.parse().ok()?, 1)?;
        Some(Self { span: Span::Month, period, within: None })
    }

    /// The months it lies in, as dimensions name them; none for more than ten years of them.
    pub fn months(&self) -> Vec<String> {
        let number = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
        let (first, last) = (number(self.period.from), number(self.period.to));
        let name = |month: i32| format!("{:04}-{:02}", month / 12, month % 12 + 1);
        (first..=last).filter(|_| last - first < 120).map(name).collect()
    }

    /// Out of an address's query; `None` where it says nothing that can be read.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let day = |name| days::parse(&get(name)?);
        let period = Period { from: day("from")?, to: day("to")? };
        let named = get("span").and_then(|name| Span::ALL.into_iter().find(|span| span.name() == name));
        let within = get("within").and_then(|part| part.split_once(':').map(|(d, k)| (d.to_owned(), k.to_owned())));
        let asked = Self::of(period)?;
        Some(Self { span: named.unwrap_or(asked.span), within, ..asked })
    }

    /// As an address's query: `from=2009-01-01&to=2009-12-31&span=year`.
    pub fn query(&self) -> String {
        let Period { from, to } = self.period;
        let mut query = format!("from={}&to={}&span={}", days::write(from), days::write(to), self.span.name());
        if let Some((dimension, key)) = &self.within {
            query += &format!("&within={dimension}:{key}");
        }
        query
    }

    /// The period before or after, of the same length.
    pub fn stepped(&self, forward: bool) -> Option<Self> {
        let period = match (forward, self.span) {
            (false, Span::Own) => self.period.before()?,
            (false, span) => span.around(days::from_number(i64::from(days::number(self.period.from)) - 1)?)?,
            (true, Span::Own) => {
                let length = i64::from(days::number(self.period.to) - days::number(self.period.from));
                let from = i64::from(days::number(self.period.to)) + 1;
                Period { from: days::from_number(from)?, to: days::from_number(from + length)? }
            }
            (true, span) => span.around(days::from_number(i64::from(days::number(self.period.to)) + 1)?)?,
        };
        Some(Self { period, ..self.clone() })
    }

    /// The same place over another length, around the middle of what is shown: a year becomes its current month.
    pub fn of_span(&self, span: Span, today: Date) -> Option<Self> {
        let day = if self.period.contains(today) { today } else { self.period.from };
        let period = if span == Span::Own { self.period } else { span.around(day)? };
        Some(Self { span, period, within: self.within.clone() })
    }

    /// For counting.
    pub fn ask(&self, by: Option<&str>) -> Ask {
        Ask { period: self.period, within: self.within.clone(), by: by.map(Into::into) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(query: &str) -> Option<Asked> {
        let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        Asked::read(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn an_address_says_what_is_asked_and_is_read_back() {
        let asked = read("from=2009-04-01&to=2009-06-30&within=grid:abc").unwrap();
        assert_eq!(asked.span, Span::Quarter);
        assert_eq!(read(&asked.query()), Some(asked));
        assert_eq!(read("from=2009-04-02&to=2009-06-30").unwrap().span, Span::Own);
        assert_eq!(read("from=2009-06-30&to=2009-04-01"), None);
        assert_eq!(read("from=soon&to=later"), None);
    }

    #[test]
    fn periods_step_to_their_neighbours() {
        let step = |query: &str, forward| read(query).and_then(|a| a.stepped(forward)).map(|a| a.period.name(Lang::Zh));
        assert_eq!(step("from=2009-01-01&to=2009-12-31", false).as_deref(), Some("2008年"));
        assert_eq!(step("from=2009-10-01&to=2009-12-31", true).as_deref(), Some("2010年第一季度"));
        assert_eq!(step("from=2009-01-01&to=2009-01-31", false).as_deref(), Some("2008年12月"));
        let week = read("from=2009-03-02&to=2009-03-08").unwrap();
        assert_eq!((week.span, week.stepped(true).unwrap().period.from), (Span::Week, date(2009, 3, 9)));
    }

    #[test]
    fn a_period_names_every_month_it_touches() {
        let own = read("from=2008-12-31&to=2009-02-01").unwrap();
        assert_eq!(own.months(), ["2008-12", "2009-01", "2009-02"]);
        assert_eq!(Asked::month("2009-02").unwrap().period, Period { from: date(2009, 2, 1), to: date(2009, 2, 28) });
        assert_eq!(Asked::month("soon"), None);
        assert!(read("from=1900-01-01&to=2009-01-01").unwrap().months().is_empty());
    }

    #[test]
    fn another_length_stays_where_one_was_looking() {
        let year = Asked::year(2026).unwrap();
        let month = year.of_span(Span::Month, date(2026, 11, 23)).unwrap();
        assert_eq!(month.period.name(Lang::Zh), "2026年11月");
        let old = Asked::year(2009).unwrap().of_span(Span::Quarter, date(2026, 11, 23)).unwrap();
        assert_eq!(old.period.name(Lang::Zh), "2009年第一季度");
    }
}
