//! What people are called besides their names: 王阿姨, 老王, 小李师傅. Left out only when nothing is found with it, for 老 and 奶
//! stand in names too.

/// After a name, the longest first where one ends another.
const AFTER: [&str; 66] = [
    "老太太",
    "老先生",
    "老人家",
    "老爷子",
    "老爷爷",
    "老奶奶",
    "老师傅",
    "老伯伯",
    "亲婆",
    "亲爹",
    "好婆",
    "好公",
    "阿姨",
    "阿婆",
    "阿公",
    "阿伯",
    "阿爹",
    "阿爷",
    "阿嫂",
    "大爷",
    "大妈",
    "大娘",
    "大叔",
    "大婶",
    "大姐",
    "大哥",
    "大嫂",
    "大伯",
    "奶奶",
    "爷爷",
    "外婆",
    "外公",
    "婆婆",
    "公公",
    "伯伯",
    "伯母",
    "叔叔",
    "婶婶",
    "娘娘",
    "爹爹",
    "妈妈",
    "爸爸",
    "嫂子",
    "姐姐",
    "哥哥",
    "师傅",
    "师母",
    "老师",
    "先生",
    "女士",
    "小姐",
    "太太",
    "同志",
    "主任",
    "书记",
    "医生",
    "队长",
    "老板",
    "老伯",
    "老太",
    "老头",
    "家里",
    "他家",
    "家",
    "工",
    "总",
];
/// Before a name of one or two characters.
const BEFORE: [char; 4] = ['老', '小', '大', '阿'];
/// What else is said and finds nobody.
const AROUND: [&str; 13] =
    ["那户人家", "那一户", "那户", "那个", "住在", "姓", "找", "住", "在", "的", "里", "是", "叫"];
const LETTERS_AFTER: [&str; 14] = [
    "laoshi",
    "nainai",
    "yeye",
    "dashu",
    "dama",
    "daye",
    "dajie",
    "dage",
    "shifu",
    "ayi",
    "apo",
    "agong",
    "xiansheng",
    "nvshi",
];
const LETTERS_BEFORE: [&str; 2] = ["lao", "xiao"];

/// The text without titles and the words around a name; empty when it was nothing else.
pub fn bare(text: &str) -> String {
    if text.is_ascii() {
        return bare_letters(text).to_owned();
    }
    let mut rest = around(text);
    while let Some(less) = AFTER.iter().find_map(|title| rest.strip_suffix(title)) {
        rest = around(less);
    }
    let count = rest.chars().count();
    if let Some(less) = rest.strip_prefix(BEFORE).filter(|_| (2..=3).contains(&count)) {
        rest = less;
    }
    rest.to_owned()
}

fn around(text: &str) -> &str {
    let mut rest = text;
    while let Some(less) = AROUND.iter().find_map(|word| rest.strip_prefix(word).or_else(|| rest.strip_suffix(word))) {
        rest = less;
    }
    rest
}

fn bare_letters(text: &str) -> &str {
    let longer = |less: &&str| !less.is_empty();
    let rest = LETTERS_AFTER.iter().find_map(|title| text.strip_suffix(title).filter(longer)).unwrap_or(text);
    LETTERS_BEFORE.iter().find_map(|title| rest.strip_prefix(title).filter(longer)).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn titles_go_and_names_stay() {
        for text in [
            "王阿姨",
            "老王",
            "小王",
            "王大爷",
            "王奶奶",
            "王师傅",
            "王老师",
            "小王师傅",
            "的王阿姨",
            "王家",
            "王老师家",
        ] {
            assert_eq!(bare(text), "王", "{text}");
        }
        assert_eq!(bare("欧阳老师"), "欧阳");
        assert_eq!(bare("老欧阳"), "欧阳");
        assert_eq!([bare("阿姨"), bare("老")], [String::new(), "老".into()]);
        assert_eq!([bare("王秀英"), bare("wangayi"), bare("laowang"), bare("lao")], ["王秀英", "wang", "wang", "lao"]);
    }
}
