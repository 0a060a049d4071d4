//! Whose column it is: the row's own person, the head's, a member's, or somebody else's.
//!
//! What is somebody else's (配偶身份证号, 房东电话) is never taken for the person's, whatever stands under it.

use super::others::{ENGLISH, FILLERS, HEADS, KIN, MEMBERS, NOUNS, OTHERS, OWN, PARTIES};
use crate::roster::{
    sheet::{fold, narrow},
    value::counted,
};

/// Whose column it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// The person the row is about, or the door.
    Own,
    /// The head's: 户主身份证.
    Head,
    /// A member's: 成员2姓名; without a number, 家庭成员姓名.
    Member(i64),
    /// A name or number counted without saying whose: 姓名2.
    Numbered(i64),
    /// Of somebody or somewhere that is not registered by this row: 配偶, 监护人, 房东, 户籍地.
    Other,
}

/// Whose a column is, and the heading without the words that say so: of 成员2身份证号, member 2 and 身份证号.
pub fn whose(heading: &str) -> (Whose, String) {
    let plain = narrow(heading);
    let whole = fold(&plain);
    // 与户主关系 is anyone's own, and says nothing of the head.
    let own = |whole: &str| {
        whole.replace("户主或与户主", "").replace("与户主", "").replace("和户主", "").replace("户主关系", "关系")
    };
    let said = own(&whole);
    for (marks, is_member) in [(MEMBERS, true), (HEADS, false)] {
        let Some((before, after)) = marks.iter().find_map(|mark| said.split_once(mark)) else { continue };
        let (number, rest) = if is_member { numbered(before, after) } else { (0, format!("{before}{}", bare(after))) };
        if speaks_of_another(&rest, &rest) {
            return (Whose::Other, rest);
        }
        return (if is_member { Whose::Member(number) } else { Whose::Head }, rest);
    }
    // Before who else is spoken of: 第二人 is one of this row, 承租人 is not.
    if let Some((number, rest)) = third_person(&whole).filter(|(_, rest)| !speaks_of_another(rest, rest)) {
        return (Whose::Numbered(number), rest);
    }
    if speaks_of_another(&said, &plain) {
        return (Whose::Other, whole);
    }
    let digits = whole.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = whole[digits.len()..].parse().ok();
    let spoken = || {
        let rest = whole.trim_end_matches(|c| "一二三四五六七八九十".contains(c));
        counted(&whole[rest.len()..]).map(|number| (rest, number))
    };
    match number.map(|number| (digits, number)).or_else(spoken) {
        Some((rest, number)) if !rest.is_empty() && (1..=20).contains(&number) => {
            (Whose::Numbered(number), rest.to_owned())
        }
        _ => (Whose::Own, heading.to_owned()),
    }
}

/// The number beside a member's word, and the rest: 成员2姓名, 第二成员姓名, 成员（一）身份证.
fn numbered(before: &str, after: &str) -> (i64, String) {
    let of = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let spoken = text.find(|c| !"一二三四五六七八九十".contains(c)).unwrap_or(text.len());
        text[..end].parse().ok().map(|n: i64| (n, end)).or_else(|| counted(&text[..spoken]).map(|n| (n, spoken)))
    };
    let after = bare(after);
    if let Some((number, end)) = of(after) {
        return (number, format!("{before}{}", bare(&after[end..])));
    }
    let first = before.strip_prefix('第').unwrap_or(before);
    if let Some((number, end)) = of(first) {
        let between = first[end..].trim_start_matches(['位', '个', '名', '号']);
        return (number, format!("{between}{after}"));
    }
    let last = after.trim_end_matches(|c: char| c.is_ascii_digit());
    match after[last.len()..].parse() {
        Ok(number) => (number, format!("{before}{last}")),
        Err(_) => (0, format!("{before}{after}")),
    }
}

/// 第二人姓名, 人员2身份证号, 居民三电话.
fn third_person(whole: &str) -> Option<(i64, String)> {
    let rest = ["第", "人员", "居民", "人", "person", "resident"].iter().find_map(|word| whole.strip_prefix(word))?;
    let (number, rest) = numbered("", rest);
    let rest = rest.trim_start_matches(['人', '位', '个']).to_owned();
    (number > 0 && !rest.is_empty()).then_some((number, rest))
}

fn bare(text: &str) -> &str {
    let mut text = text;
    while let Some(rest) = FILLERS.iter().find_map(|filler| text.strip_prefix(filler)) {
        text = rest;
    }
    text
}

fn speaks_of_another(folded: &str, plain: &str) -> bool {
    // 妇女 and 父母 are no daughters; 公 in 公民 is nobody's.
    let clear = OWN.iter().fold(folded.to_owned(), |text, own| text.replace(own, "")).replace("妇女", "");
    let is_english = || {
        let lower = plain.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_ascii_alphabetic());
        words.any(|word| ENGLISH.contains(&word)) || folded.contains("contactperson")
    };
    let party = || {
        let noun = NOUNS.iter().filter_map(|noun| clear.find(noun)).min();
        noun.is_some_and(|at| clear[..at].trim_end_matches(['的', '之']).ends_with(PARTIES))
    };
    KIN.iter().chain(OTHERS).any(|word| clear.contains(word)) || party() || is_english()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_somebody_elses_is_known_by_its_heading() {
        for heading in [
            "配偶身份证号",
            "房东电话",
            "业主手机",
            "承租人身份证",
            "监护人联系方式",
            "父亲姓名",
            "母亲电话",
            "女儿手机",
            "网格员电话",
            "经办人",
            "联系人身份证号",
            "紧急联系人电话",
            "电话（配偶）",
            "身份证号（监护人）",
            "子女身份证号",
            "户籍地址",
            "单位电话",
            "户主配偶身份证号",
            "成员监护人电话",
            "Spouse ID",
            "Father's phone",
            "Landlord phone",
            "委托代理人电话",
            "介绍人姓名",
            "曾用名",
            "爱人电话",
        ] {
            assert_eq!(whose(heading).0, Whose::Other, "{heading}");
        }
    }

    #[test]
    fn what_is_ones_own_stays() {
        for heading in [
            "姓名",
            "本人联系电话",
            "老人姓名",
            "残疾人身份证号",
            "育龄妇女姓名",
            "公民身份号码",
            "与户主关系",
            "户主或与户主关系",
            "和户主关系",
            "户主关系",
            "申请人电话",
            "Person name",
            "联系电话（手机）",
            "居民姓名",
            "出生年月",
            "志愿者姓名",
        ] {
            assert_eq!(whose(heading).0, Whose::Own, "{heading}");
        }
    }

    #[test]
    fn several_people_of_a_row_are_told_apart() {
        for (heading, of, rest) in [
            ("户主身份证", Whose::Head, "身份证"),
            ("户主", Whose::Head, ""),
            ("户主信息·姓名", Whose::Head, "姓名"),
            ("成员1姓名", Whose::Member(1), "姓名"),
            ("家庭成员（2）身份证号", Whose::Member(2), "身份证号"),
            ("家庭成员一·与户主关系", Whose::Member(1), "关系"),
            ("家庭成员信息·与户主关系", Whose::Member(0), "关系"),
            ("成员姓名3", Whose::Member(3), "姓名"),
            ("第二成员电话", Whose::Member(2), "电话"),
            ("姓名2", Whose::Numbered(2), "姓名"),
            ("第二人身份证号", Whose::Numbered(2), "身份证号"),
        ] {
            assert_eq!(whose(heading), (of, rest.to_owned()), "{heading}");
        }
    }
}
