//! Yuan as people type them, to whole fen and back. No float touches money.

/// `300`, `300.5`, `1,234.56`, also in full-width digits: whole fen. `None` for anything else, such as a third decimal.
pub fn fen(text: &str) -> Option<i64> {
    let plain: String = text.trim().chars().filter_map(narrow).collect();
    let plain = plain.trim_end_matches('元');
    let (yuan, rest) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if yuan.is_empty() || !digits(yuan) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let yuan: i64 = yuan.parse().ok()?;
    let cents: i64 = format!("{rest:0<2}").parse().ok()?;
    yuan.checked_mul(100)?.checked_add(cents)
}

/// Whole fen as people type them: `300`, `300.50`.
pub fn typed(fen: i64) -> String {
    match fen % 100 {
        0 => (fen / 100).to_string(),
        _ => records::words::yuan(fen).replace(',', ""),
    }
}

/// Full-width digits and points as narrow ones; commas and blanks say nothing.
fn narrow(c: char) -> Option<char> {
    match c {
        ',' | '，' | ' ' | '¥' | '￥' => None,
        '．' | '。' => Some('.'),
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_become_whole_fen_exactly() {
        for (text, expected) in [
            ("300", Some(30_000)),
            ("300.5", Some(30_050)),
            ("300.05", Some(30_005)),
            ("1,234.56", Some(123_456)),
            (" ３００．５ ", Some(30_050)),
            ("¥12元", Some(1_200)),
            ("0.29", Some(29)),
            ("92233720368547758.07", Some(i64::MAX)),
            ("92233720368547758.08", None),
            ("0.005", None),
            ("", None),
            (".", None),
            ("-1", None),
            ("3e2", None),
        ] {
            assert_eq!(fen(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_shown_can_be_typed_again() {
        for amount in [0, 1, 10, 99, 100, 30_050, 123_456_789] {
            assert_eq!(fen(&typed(amount)), Some(amount));
        }
    }
}
