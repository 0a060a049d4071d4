//! Whole numbers in words people use for floors and stairwells.

use crate::roster::sheet::narrow;

/// A whole number with or without its unit: `3`, `3单元`, `三`, `第3层`, `3.0`, `-1`.
pub fn whole(text: &str) -> Option<i64> {
    let text = narrow(text);
    let text = text.trim().trim_start_matches('第').trim_end_matches(|c: char| "单元层楼梯号幢栋户门F f".contains(c));
    let text = text.strip_suffix(".0").unwrap_or(text);
    text.parse().ok().or_else(|| counted(text))
}

/// A Chinese number below a hundred, or 甲乙丙丁 in their order: `三`, `十二`, `二十`, `乙`.
pub fn counted(text: &str) -> Option<i64> {
    let digit = |c: char| "零一二三四五六七八九".chars().position(|d| d == c).map(|n| n as i64);
    let chars: Vec<char> = text.chars().collect();
    match chars[..] {
        ['两'] => Some(2),
        ['十'] => Some(10),
        ['十', ones] => Some(10 + digit(ones)?),
        [tens, '十'] => Some(digit(tens)? * 10),
        [tens, '十', ones] => Some(digit(tens)? * 10 + digit(ones)?),
        [one] => digit(one).or_else(|| "甲乙丙丁戊".chars().position(|d| d == one).map(|n| n as i64 + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn numbers_are_read_with_their_units_and_in_words() {
        for (text, number) in [
            ("3", 3),
            ("3单元", 3),
            ("三单元", 3),
            ("第12层", 12),
            ("十二", 12),
            ("二十", 20),
            ("乙", 2),
            ("-1", -1),
            ("３.0", 3),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        assert_eq!(whole("东"), None);
        assert_eq!(whole(""), None);
    }
}
