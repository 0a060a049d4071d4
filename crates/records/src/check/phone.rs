//! Telephone numbers as they are written down at doors.

/// Whether it can be dialled: a mobile (`1[3-9]` and 11 digits), a fixed line with or without its area code and extension,
/// a short or 400/800 number, or an international one with `+`. Spaces, hyphens and brackets do not matter.
pub(super) fn is_phone(text: &str) -> bool {
    let (number, extension) = match text.split_once(['转', 'x', 'X']) {
        Some((number, extension)) => (number, Some(extension.trim())),
        None => (text, None),
    };
    if extension.is_some_and(|e| e.is_empty() || e.len() > 6 || !e.bytes().all(|b| b.is_ascii_digit())) {
        return false;
    }
    let abroad = number.trim_start().starts_with('+');
    let mut digits = String::new();
    for c in number.trim().trim_start_matches('+').chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '(' | ')' | '（' | '）' | '－' => {}
            _ => return false,
        }
    }
    let digits = match digits.strip_prefix("86") {
        Some(home) if abroad => home,
        _ if abroad => return (7..=15).contains(&digits.len()),
        _ => &digits,
    };
    let shape = (digits.as_bytes(), digits.len());
    let mobile = matches!(shape, ([b'1', b'3'..=b'9', ..], 11));
    let fixed = matches!(shape, ([b'0', b'1'..=b'9', ..], 10..=12) | ([b'2'..=b'9', ..], 7 | 8));
    let service = matches!(shape, ([b'4' | b'8', b'0', b'0', ..], 10) | ([b'1' | b'9', ..], 3..=6));
    mobile || fixed || service
}

#[cfg(test)]
mod tests {
    use super::is_phone;

    #[test]
    fn numbers_as_people_give_them_are_taken() {
        for number in ["13900000021", "139 0000 0021", "+86 13900000021", "0512-65212345", "（0512）65212345"] {
            assert!(is_phone(number), "{number}");
        }
        for number in
            ["65212345", "0512-65212345转801", "110", "12345", "400-800-8000", "+852 2123 4567", "010-65212345"]
        {
            assert!(is_phone(number), "{number}");
        }
    }

    #[test]
    fn a_digit_too_few_or_too_many_is_noticed() {
        for number in ["1390000002", "139000000211", "12900000021", "65", "0512-652", "没有电话", "13900000021转", ""]
        {
            assert!(!is_phone(number), "{number}");
        }
    }
}
