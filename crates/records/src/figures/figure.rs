//! One figure and how it is written.

use serde::{Serialize, Serializer};

use crate::{Lang, words};

/// A figure, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A whole number; money in fen.
    Number(i64),
    /// A share: so many of so many.
    Rate {
        /// Those that.
        part: i64,
        /// Of all these.
        whole: i64,
    },
    /// Nothing to say, such as the smallest of none.
    Nothing,
}

impl Figure {
    /// The whole number; `None` for a rate and for nothing.
    pub fn number(self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Rate { .. } | Self::Nothing => None,
        }
    }

    /// A rate in thousandths, cut and never rounded: 91 of 98 is 928. `None` of nothing, and for other figures.
    pub fn permille(self) -> Option<i64> {
        match self {
            Self::Rate { part, whole } => cut(part, whole),
            Self::Number(_) | Self::Nothing => None,
        }
    }

    /// As it is read: `4,705`, `471,906.00 元`, `92.8%`; a dash where there is nothing to say.
    pub fn text(self, is_money: bool, lang: Lang) -> String {
        match self {
            Self::Number(fen) if is_money => words::money(fen, lang),
            Self::Number(number) => words::grouped(number),
            Self::Rate { part, whole } => match cut(part, whole) {
                Some(permille) => format!("{}.{}%", permille / 10, permille % 10),
                None => "—".into(),
            },
            Self::Nothing => "—".into(),
        }
    }

    /// Back from JSON as [`Figure`] writes it; a rate comes back in thousandths of a thousand.
    pub fn read(value: &serde_json::Value) -> Self {
        match (value.as_i64(), value.as_f64()) {
            (Some(number), _) => Self::Number(number),
            (None, Some(percent)) => Self::Rate { part: (percent * 10.0).round() as i64, whole: 1000 },
            (None, None) => Self::Nothing,
        }
    }
}

/// `part` of `whole` in thousandths, cut.
pub fn cut(part: i64, whole: i64) -> Option<i64> {
    let permille = i128::from(part) * 1000 / i128::from((whole != 0).then_some(whole)?);
    i64::try_from(permille).ok()
}

/// A number; a rate as percent with one place, always with its point (`100.0`), so that it reads back as a rate; nothing is
/// null.
impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self, self.permille()) {
            (Self::Number(number), _) => serializer.serialize_i64(*number),
            (_, Some(permille)) => serializer.serialize_f64(permille as f64 / 10.0),
            _ => serializer.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_cut_and_never_rounded() {
        let rate = |part, whole| Figure::Rate { part, whole };
        assert_eq!(rate(91, 98).text(false, Lang::Zh), "92.8%");
        assert_eq!(serde_json::to_string(&rate(91, 98)).unwrap(), "92.8");
        assert_eq!(rate(999_999, 1_000_000).text(false, Lang::Zh), "99.9%");
        assert_eq!(serde_json::to_string(&rate(98, 98)).unwrap(), "100.0");
        assert_eq!((rate(0, 0).permille(), serde_json::to_string(&rate(0, 0)).unwrap()), (None, "null".into()));
    }

    #[test]
    fn figures_come_back_from_json_reading_the_same() {
        for figure in [
            Figure::Number(-3),
            Figure::Rate { part: 91, whole: 98 },
            Figure::Rate { part: 1, whole: 1 },
            Figure::Nothing,
        ] {
            let back = Figure::read(&serde_json::to_value(figure).unwrap());
            assert_eq!(back.text(false, Lang::En), figure.text(false, Lang::En));
        }
    }
}
