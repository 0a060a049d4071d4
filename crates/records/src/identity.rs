//! Resident identity numbers, GB 11643-1999: 18 digits with a check digit, and the 15-digit form issued before 1999.
//!
//! Whether a number is well formed, not whether anyone holds it: that only the police's register knows. The area code is
//! not looked up, because codes are dissolved and renamed while people keep their numbers.

use jiff::civil::Date;

/// Sex as the number says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Odd order code.
    Male,
    /// Even order code.
    Female,
}

/// Weights of the first 17 digits, ISO 7064 MOD 11-2.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by the weighted sum's remainder.
const CHECKS: &[u8; 11] = b"10X98765432";

/// Check character of an 18-digit number's first 17 digits; `None` unless they are 17 digits.
pub fn check_digit(first17: &str) -> Option<char> {
    let digits = first17.as_bytes();
    if digits.len() != 17 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    Some(CHECKS[sum as usize % 11] as char)
}

/// Whether it is well formed: a real date of birth and, with 18 digits, the right check digit. A small `x` is taken for `X`.
pub fn is_valid(number: &str) -> bool {
    match number.len() {
        18 => {
            let given = number.chars().next_back().map(|c| c.to_ascii_uppercase());
            number.get(..17).and_then(check_digit).is_some_and(|c| Some(c) == given) && born(number).is_some()
        }
        15 => born(number).is_some(),
        _ => false,
    }
}

/// The form under which a person's old and new number are the same, in capitals: 15 digits are of the 1900s and lack the
/// century and the check digit (GB 11643-1999, annex).
pub fn canonical(number: &str) -> String {
    let number = number.trim().to_ascii_uppercase();
    if number.len() == 15 && number.bytes().all(|b| b.is_ascii_digit()) {
        let first17 = format!("{}19{}", &number[..6], &number[6..]);
        if let Some(check) = check_digit(&first17) {
            return format!("{first17}{check}");
        }
    }
    number
}

/// Date of birth; the year of a 15-digit number is of the 1900s.
pub fn born(number: &str) -> Option<Date> {
    let digits = leading_digits(number)?;
    let (year, rest) = match number.len() {
        18 => (digits.get(6..10)?.parse().ok()?, digits.get(10..14)?),
        _ => (1900 + digits.get(6..8)?.parse::<i16>().ok()?, digits.get(8..12)?),
    };
    Date::new(year, rest[..2].parse().ok()?, rest[2..].parse().ok()?).ok()
}

/// Sex, by the order code's last digit.
pub fn sex(number: &str) -> Option<Sex> {
    let digits = leading_digits(number)?;
    let order = digits.as_bytes()[if number.len() == 18 { 16 } else { 14 }];
    Some(if (order - b'0') % 2 == 1 { Sex::Male } else { Sex::Female })
}

/// The digits before the check character; `None` if the length is not 18 or 15 or another character is among them.
fn leading_digits(number: &str) -> Option<&str> {
    let digits = match number.len() {
        18 => number.get(..17)?,
        15 => number,
        _ => return None,
    };
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)
}

/// `110***********1234`: first 3 and last 4 shown; of a text of fewer than 8 only the last is.
pub fn mask_id(number: &str) -> String {
    mask(number, 3, 4)
}

/// `139****0021`: first 3 and last 4 shown, also of a fixed line's number.
pub fn mask_phone(number: &str) -> String {
    mask(number, 3, 4)
}

fn mask(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    let (head, tail) = if count > head + tail { (head, tail) } else { (0, usize::from(count > 1)) };
    text.chars().enumerate().map(|(at, c)| if at < head || at >= count - tail { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Area code 999999 is assigned to no place, so these are nobody's numbers.
    fn numbered(first17: &str) -> String {
        format!("{first17}{}", check_digit(first17).unwrap())
    }

    #[test]
    fn the_check_digit_is_that_of_the_standard() {
        // GB 11643-1999 works 11010519491231002X through as its example; the sum is 167, the remainder 2.
        assert_eq!(check_digit("11010519491231002"), Some('X'));
        assert_eq!(check_digit("99999919800101001"), Some('1'), "387 + 75 = 462, remainder 0");
        assert_eq!(check_digit("9999991980010100"), None);
        assert_eq!(check_digit("9999991980010100a"), None);
        assert_eq!(check_digit("九九九九九九"), None);
    }

    #[test]
    fn a_number_is_valid_with_its_check_digit_and_a_real_birthday() {
        let number = numbered("99999919800229002");
        assert!(is_valid(&number), "{number}");
        assert!(!is_valid(&numbered("99999919810229002")), "1981 had no 29 February");
        assert!(!is_valid(&numbered("99999919801301002")), "there is no 13th month");
        let wrong = if number.ends_with('0') { '1' } else { '0' };
        assert!(!is_valid(&format!("{}{wrong}", &number[..17])));
        assert!(is_valid("11010519491231002x"), "a small x is read as X");
        assert!(!is_valid(""));
        assert!(!is_valid("99999919800101001三"));
    }

    #[test]
    fn one_wrong_digit_or_two_swapped_neighbours_are_always_noticed() {
        let number = numbered("99999919760517123");
        for at in 0..17 {
            for digit in '0'..='9' {
                let mut wrong: Vec<char> = number.chars().collect();
                if wrong[at] != digit {
                    wrong[at] = digit;
                    assert!(!is_valid(&wrong.iter().collect::<String>()), "digit {at} as {digit}");
                }
            }
            let mut swapped: Vec<char> = number.chars().collect();
            swapped.swap(at, at + 1);
            assert!(swapped[at] == swapped[at + 1] || !is_valid(&swapped.iter().collect::<String>()), "swap {at}");
        }
    }

    #[test]
    fn birthday_and_sex_are_read_from_new_and_old_numbers() {
        let number = numbered("99999919491231002");
        assert_eq!(born(&number), Some(Date::constant(1949, 12, 31)));
        assert_eq!(sex(&number), Some(Sex::Female));
        assert_eq!(sex(&numbered("99999919491231003")), Some(Sex::Male));
        assert!(is_valid("999999491231003"));
        assert_eq!(born("999999491231003"), Some(Date::constant(1949, 12, 31)));
        assert_eq!(sex("999999491231003"), Some(Sex::Male));
        assert_eq!(born("999999490231003"), None);
        assert_eq!(sex("护照"), None);
    }

    #[test]
    fn numbers_are_covered_but_for_their_ends() {
        assert_eq!(mask_id("999999194912310021"), "999***********0021");
        assert_eq!(mask_id("999999491231003"), "999********1003");
        assert_eq!(mask_phone("13900000021"), "139****0021");
        assert_eq!(mask_phone("110"), "**0");
        assert_eq!(mask_id(""), "");
        assert_eq!(mask_id("H1234567"), "H12*4567");
    }
}
