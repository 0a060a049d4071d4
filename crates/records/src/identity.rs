//! Resident identity numbers, GB 11643: 18 digits with a check digit, and the old 15-digit form.

use jiff::civil::Date;

/// Sex as the number says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Odd order code.
    Male,
    /// Even order code.
    Female,
}

/// Check character of an 18-digit number's first 17 digits; `None` unless they are 17 digits.
pub fn check_digit(first17: &str) -> Option<char> {
    let _ = first17;
    todo!()
}

/// Whether it is a well-formed number: date of birth, and check digit where it has one.
pub fn is_valid(number: &str) -> bool {
    let _ = number;
    todo!()
}

/// Date of birth.
pub fn born(number: &str) -> Option<Date> {
    let _ = number;
    todo!()
}

/// Sex.
pub fn sex(number: &str) -> Option<Sex> {
    let _ = number;
    todo!()
}

/// `110***********1234`: first 3 and last 4.
pub fn mask_id(number: &str) -> String {
    let _ = number;
    todo!()
}

/// `139****0021`.
pub fn mask_phone(number: &str) -> String {
    let _ = number;
    todo!()
}
