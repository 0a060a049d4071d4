//! XPath's values and the conversions between them, on JSON without copying it.

use std::borrow::Cow;

use jiff::civil::Date;

use super::dates;
use crate::{Value, days};

/// A value on its way through an expression.
#[derive(Clone, Debug)]
pub(super) enum Atom<'a> {
    /// No answer: the empty text, not a number, false.
    Nothing,
    Truth(bool),
    Number(f64),
    Text(Cow<'a, str>),
    /// Many choices, rows, or an object.
    Many(&'a Value),
}

impl<'a> Atom<'a> {
    pub(super) fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(truth) => Self::Truth(*truth),
            Value::Number(number) => number.as_f64().map_or(Self::Nothing, Self::Number),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(_) | Value::Object(_) => Self::Many(value),
        }
    }

    /// The same of a value that does not live long enough to be borrowed; many choices become their XForms text.
    pub(super) fn from_value(value: Value) -> Self {
        match value {
            Value::String(text) => Self::text(text),
            Value::Array(_) | Value::Object(_) => Self::text(Atom::of(&value).to_text().into_owned()),
            simple => match Atom::of(&simple) {
                Atom::Truth(truth) => Self::Truth(truth),
                Atom::Number(number) => Self::Number(number),
                _ => Self::Nothing,
            },
        }
    }

    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn date(date: Option<Date>) -> Self {
        date.map_or(Self::Nothing, |d| Self::text(days::write(d)))
    }

    /// XPath's `string()`; many choices are joined by spaces, as XForms stores them.
    pub(super) fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Nothing => Cow::Borrowed(""),
            Self::Truth(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Many(Value::Array(members)) => {
                Cow::Owned(members.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
            }
            Self::Many(_) => Cow::Borrowed(""),
        }
    }

    /// XPath's `number()`; a date is its days since 1970-01-01, a time the fraction of a day, as in JavaRosa.
    pub(super) fn to_number(&self) -> f64 {
        match self {
            Self::Nothing | Self::Many(_) => f64::NAN,
            Self::Truth(truth) => f64::from(u8::from(*truth)),
            Self::Number(number) => *number,
            Self::Text(text) => number(text).or_else(|| dates::days(text)).unwrap_or(f64::NAN),
        }
    }

    /// XPath's `boolean()`. An unanswered question is false, as in JavaRosa (an empty node is true in Enketo).
    pub(super) fn to_truth(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Truth(truth) => *truth,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Many(Value::Array(members)) => !members.is_empty(),
            Self::Many(_) => true,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.is_empty(),
            Self::Many(Value::Array(members)) => members.is_empty(),
            _ => false,
        }
    }

    /// Whether `coalesce` passes it over: what is empty, and what came of reckoning with it, as in JavaRosa.
    pub(super) fn is_null(&self) -> bool {
        self.is_empty() || matches!(self, Self::Number(number) if number.is_nan())
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Truth(truth) => Value::Bool(truth),
            // 2^53: beyond it a float no longer counts every whole number.
            Self::Number(n) if n.fract() == 0.0 && n.abs() <= 9_007_199_254_740_992.0 => Value::from(n as i64),
            Self::Number(n) => serde_json::Number::from_f64(n).map_or(Value::Null, Value::Number),
            Self::Text(text) if text.is_empty() => Value::Null,
            Self::Text(text) => Value::String(text.into_owned()),
            Self::Many(value) => value.clone(),
        }
    }
}

/// XPath's `=`: as truths if either is one, else as numbers if either is one, else as text.
pub(super) fn equal(a: &Atom<'_>, b: &Atom<'_>) -> bool {
    match (a, b) {
        (Atom::Text(a), Atom::Text(b)) => a == b,
        (Atom::Truth(_), _) | (_, Atom::Truth(_)) => a.to_truth() == b.to_truth(),
        (Atom::Number(_), _) | (_, Atom::Number(_)) => is_same(a.to_number(), b.to_number()),
        _ => a.to_text() == b.to_text(),
    }
}

/// Two numbers are equal within what tenths lose as floats, as in JavaRosa: `0.1 + 0.2 = 0.3`.
fn is_same(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() < 1e-12
}

/// Both as numbers, to be compared or reckoned with.
pub(super) fn numbers(a: &Atom<'_>, b: &Atom<'_>) -> (f64, f64) {
    match (a, b) {
        (Atom::Text(one), Atom::Text(other)) => dates::apart(one, other),
        _ => None,
    }
    .unwrap_or_else(|| (a.to_number(), b.to_number()))
}

/// XPath's number literal, with surrounding space; not Rust's `inf`, `1e5` or `+1`.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.strip_prefix('-') {
        Some(digits) => plain_number(digits).map(|n| -n),
        None => plain_number(text),
    }
}

/// Digits with at most one point. Exact up to 15 digits; the standard library's parser and its tables of powers would weigh
/// more in the app than all the functions of this language.
pub(super) fn plain_number(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() + fraction.len() == 0 {
        return None;
    }
    let mut number = 0.0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        number = number * 10.0 + f64::from(byte.is_ascii_digit().then(|| byte - b'0')?);
    }
    Some(number / 10f64.powi(i32::try_from(fraction.len()).ok()?))
}

/// XPath's text of a number: whole ones without a point.
fn number_text(n: f64) -> String {
    if n.is_nan() {
        "NaN".into()
    } else if n.is_infinite() {
        if n > 0.0 { "Infinity" } else { "-Infinity" }.into()
    } else if n.fract() == 0.0 && n.abs() < 1e18 {
        (n as i64).to_string()
    } else {
        // serde_json's printer is in the app anyway, the standard library's is not.
        serde_json::Number::from_f64(n).map_or_else(String::new, |n| without_exponent(&n.to_string()))
    }
}

/// `-1.5e-7` as `-0.00000015`: XPath knows no exponents.
fn without_exponent(text: &str) -> String {
    let Some((number, exponent)) = text.split_once('e') else { return text.into() };
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    match whole.len() as i32 + exponent.parse::<i32>().unwrap_or(0) {
        point @ ..=0 => format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        point if point as usize >= digits.len() => format!("{sign}{digits:0<width$}", width = point as usize),
        point => format!("{sign}{}.{}", &digits[..point as usize], &digits[point as usize..]),
    }
}
