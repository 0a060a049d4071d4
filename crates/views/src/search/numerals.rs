//! Numbers in Chinese characters: 三, 十二, 一百零五, 五零一.

/// Whether a character stands for a digit or a power of ten.
pub fn is_numeral(c: char) -> bool {
    digit(c).is_some() || "十百".contains(c)
}

fn digit(c: char) -> Option<u32> {
    let at = "零一二三四五六七八九".chars().position(|other| other == c);
    at.and_then(|at| u32::try_from(at).ok()).or(match c {
        '〇' => Some(0),
        '两' => Some(2),
        _ => None,
    })
}

/// What they say; `None` for anything else.
pub fn value(text: &str) -> Option<u32> {
    let count = text.chars().count();
    if count == 0 || count > 6 || !text.chars().all(is_numeral) {
        return None;
    }
    if !text.contains(['十', '百']) {
        // Digit by digit: 五零一.
        return text.chars().filter_map(digit).try_fold(0_u32, |all, digit| all.checked_mul(10)?.checked_add(digit));
    }
    let (mut total, mut pending) = (0, None);
    for c in text.chars() {
        match c {
            '十' => total += pending.take().unwrap_or(1) * 10,
            '百' => total += pending.take()? * 100,
            c => pending = digit(c),
        }
    }
    Some(total + pending.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn numbers_are_read_in_characters() {
        let read = ["三", "十", "十二", "二十", "二十一", "一百零五", "一百二十", "五零一", "两"].map(value);
        assert_eq!(read, [3, 10, 12, 20, 21, 105, 120, 501, 2].map(Some));
        assert_eq!(["", "王", "三楼", "百"].map(value), [None; 4]);
    }
}
