//! Text as a Chinese keyboard writes it, made plain for comparing and reading numbers.

/// Full-width digits, letters and signs as plain ones, without blanks around.
pub fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '．' | '。' => '.',
        '，' => ',',
        '－' | '—' => '-',
        '＋' => '+',
        '：' => ':',
        '\u{3000}' => ' ',
        c => c,
    };
    text.chars().map(plain).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn full_width_digits_and_signs_become_plain_ones() {
        assert_eq!(plain("　１３９００２１，５０．００ＡＢ－３"), "1390021,50.00AB-3");
        assert_eq!(plain("王阿婆"), "王阿婆");
    }
}
