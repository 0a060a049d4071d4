//! The order of names with numbers in them: 2幢 before 10幢, 第二网格 before 第十网格, 一单元 before 二单元.

/// A name as it sorts: numbers, in digits or in Chinese numerals, by what they count, the words between as they are written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Natural(Vec<Part>, String);

/// A piece of a name; a number stands before a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

/// How a name sorts among others.
pub fn natural(name: &str) -> Natural {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let run = |is_in: fn(char) -> bool| rest.find(|c| !is_in(c)).unwrap_or(rest.len());
        let (digits, numerals) = (run(|c| digit(c).is_some()), run(|c| numeral(c).is_some()));
        let (number, length) = match (digits, numerals) {
            (0, 0) => (None, first.len_utf8()),
            (0, length) => (chinese(&rest[..length]), length),
            (length, _) => (decimal(rest[..length].chars().filter_map(digit)), length),
        };
        match (number, parts.last_mut()) {
            (Some(number), _) => parts.push(Part::Number(number)),
            (None, Some(Part::Word(word))) => word.push_str(&rest[..length]),
            (None, _) => parts.push(Part::Word(rest[..length].to_owned())),
        }
        rest = &rest[length..];
    }
    Natural(parts, name.to_owned())
}

/// The worth of a digit, narrow or wide.
fn digit(c: char) -> Option<u64> {
    let narrow = if ('０'..='９').contains(&c) { char::from_u32(u32::from(c) - 0xfee0)? } else { c };
    narrow.to_digit(10).map(u64::from)
}

/// A sign of a Chinese number.
#[derive(Clone, Copy)]
enum Numeral {
    Digit(u64),
    Unit(u64),
}

fn numeral(c: char) -> Option<Numeral> {
    let digit = "零一二三四五六七八九".chars().position(|d| d == c).map(|at| Numeral::Digit(at as u64));
    digit.or(match c {
        '〇' | '○' => Some(Numeral::Digit(0)),
        '两' => Some(Numeral::Digit(2)),
        '十' => Some(Numeral::Unit(10)),
        '百' => Some(Numeral::Unit(100)),
        '千' => Some(Numeral::Unit(1000)),
        '万' => Some(Numeral::Unit(10_000)),
        _ => None,
    })
}

fn decimal(digits: impl Iterator<Item = u64>) -> Option<u64> {
    digits.into_iter().try_fold(0u64, |number, digit| number.checked_mul(10)?.checked_add(digit))
}

/// 十二, 二十, 一百零五, 一万二千, and digit by digit as in 二〇二六 or 三零一; `None` for what is a word, such as 百 in 百花园.
fn chinese(text: &str) -> Option<u64> {
    let signs: Vec<Numeral> = text.chars().filter_map(numeral).collect();
    let digits = signs.iter().map(|sign| match sign {
        Numeral::Digit(digit) => Some(*digit),
        Numeral::Unit(_) => None,
    });
    if let Some(digits) = digits.collect::<Option<Vec<u64>>>() {
        return decimal(digits.into_iter());
    }
    // Sections of four: what stands before 万 counts ten thousand times.
    let (mut whole, mut section, mut last) = (0u64, 0u64, None);
    for (at, sign) in signs.iter().enumerate() {
        match *sign {
            Numeral::Digit(digit) => last = Some(digit),
            Numeral::Unit(10_000) => {
                let before = section + last.take().unwrap_or(0);
                if before == 0 {
                    return None;
                }
                whole += before * 10_000;
                section = 0;
            }
            // Only ten is said without a one before it.
            Numeral::Unit(10) if at == 0 => section += 10,
            Numeral::Unit(unit) => section += last.take()? * unit,
        }
    }
    Some(whole + section + last.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::natural;

    fn sorted(names: &[&'static str]) -> Vec<&'static str> {
        let mut turned: Vec<&str> = names.iter().rev().copied().collect();
        turned.sort_by_key(|name| natural(name));
        turned
    }

    #[test]
    fn numbers_in_names_sort_as_numbers_however_they_are_written() {
        let orders: &[&[&str]] = &[
            &["2幢", "10幢", "东幢"],
            &[
                "第一网格",
                "第二网格",
                "第三网格",
                "第四网格",
                "第九网格",
                "第十网格",
                "第十一网格",
                "第二十网格",
                "第一百零二网格",
            ],
            &["一单元", "二单元", "三单元", "十单元", "十二单元"],
            &["3幢1单元501", "3幢1单元1001", "3幢2单元101", "12幢1单元101"],
            &["3幢二单元", "3幢十单元", "12幢一单元"],
            &["二〇〇九年", "二〇一〇年", "二〇二六年"],
            &["九千号", "一万二千号", "十万号"],
            &["２号", "１０号"],
            &["桂花1幢", "桂花2幢", "海棠1幢"],
            &["101", "0102", "103"],
        ];
        for order in orders {
            assert_eq!(sorted(order), *order);
        }
    }

    #[test]
    fn a_numeral_that_counts_nothing_is_a_word_and_no_number_is_too_long() {
        assert_eq!(sorted(&["1幢", "万家花园", "百花园"]), ["1幢", "万家花园", "百花园"]);
        assert_eq!(sorted(&["9", "99999999999999999999999999"]).len(), 2);
        assert!(natural("三零一") > natural("二零九"));
        assert!(natural("") < natural("甲"));
    }
}
