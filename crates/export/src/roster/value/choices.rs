//! Choices by the words people write for them.

use records::{Field, pack::Choice};

use crate::roster::{roles::Roles, sheet::fold};

/// Field, choice, and what people write besides its name and labels. Lines for choices that a pack does not have are never
/// looked at. Sex by GB/T 2261.1, kinship by the first digit of GB/T 4761.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("sex", "male", &["男性", "男", "m", "1", "man", "boy"]),
    ("sex", "female", &["女性", "女", "f", "2", "woman", "girl"]),
    ("relation", "head", &["户主", "本人", "户主本人", "self", "householder"]),
    ("relation", "spouse", &["夫", "妻", "丈夫", "妻子", "配偶", "爱人", "夫妻", "husband", "wife"]),
    (
        "relation",
        "child",
        &[
            "子",
            "女",
            "儿子",
            "女儿",
            "长子",
            "次子",
            "三子",
            "长女",
            "次女",
            "三女",
            "独生子",
            "独生女",
            "养子",
            "养女",
            "继子",
            "继女",
            "之子",
            "之女",
            "son",
            "daughter",
            "children",
        ],
    ),
    (
        "relation",
        "parent",
        &[
            "父",
            "母",
            "父亲",
            "母亲",
            "公公",
            "婆婆",
            "岳父",
            "岳母",
            "爸爸",
            "妈妈",
            "father",
            "mother",
            "parents",
            "fatherinlaw",
            "motherinlaw",
        ],
    ),
    (
        "relation",
        "grandchild",
        &["孙子", "孙女", "外孙", "外孙女", "外孙子", "孙", "曾孙", "曾孙子", "曾孙女", "grandson", "granddaughter"],
    ),
    ("relation", "child_in_law", &["儿媳", "儿媳妇", "媳妇", "女婿", "媳", "婿", "soninlaw", "daughterinlaw"]),
    (
        "relation",
        "other",
        &[
            "其他",
            "其它",
            "兄",
            "弟",
            "姐",
            "妹",
            "哥哥",
            "弟弟",
            "姐姐",
            "妹妹",
            "兄弟",
            "姐妹",
            "祖父",
            "祖母",
            "外祖父",
            "外祖母",
            "侄子",
            "侄女",
            "外甥",
            "外甥女",
            "亲戚",
            "其他亲属",
            "brother",
            "sister",
            "relative",
        ],
    ),
    ("relation", "lodger", &["租客", "租户", "房客", "承租人", "租住人员", "非亲属", "保姆", "tenant"]),
    ("paper", "resident_id", &["身份证", "居民身份证", "二代身份证", "居民户口簿", "户口簿", "idcard"]),
    (
        "paper",
        "hk_macao",
        &["港澳通行证", "港澳居民来往内地通行证", "回乡证", "港澳居民居住证", "港澳居住证", "hkmacaopermit"],
    ),
    ("paper", "taiwan", &["台胞证", "台湾居民来往大陆通行证", "台湾居民居住证", "台湾通行证"]),
    ("paper", "passport", &["护照", "外国护照", "外籍护照", "外国人永久居留身份证"]),
    ("paper", "none", &["无", "无证件", "无证", "没有", "未办证", "无户口"]),
    (
        "residence",
        "here",
        &["本地户籍", "户籍人口", "本地", "在册", "户在人在", "人户一致", "人户在", "常住户口", "是", "本社区户籍"],
    ),
    (
        "residence",
        "person_only",
        &[
            "流动",
            "流动人口",
            "外来",
            "外来人口",
            "外地",
            "外地户籍",
            "人户分离",
            "寄住",
            "人在户不在",
            "人在户外",
            "非本地户籍",
            "非户籍",
        ],
    ),
    ("residence", "register_only", &["空挂", "空挂户", "户在人不在", "户在人外", "挂靠", "人不在", "集体户"]),
    ("tenure", "own", &["自有", "自购", "自有住房", "自住", "产权房", "自有产权", "商品房", "自房"]),
    ("tenure", "rent", &["租", "租赁", "出租", "租住", "出租房", "租房", "出租屋"]),
    ("tenure", "public", &["公租房", "直管公房", "公房", "廉租房", "单位房"]),
    ("tenure", "empty", &["空", "空置", "空关", "空房", "无人居住", "空挂", "vacant"]),
    ("state", "living_here", &["在住", "常住", "居住", "健在", "正常", "在"]),
    ("state", "away", &["外出", "暂时外出", "临时外出", "在外", "出国", "外出务工"]),
    ("state", "moved", &["迁出", "已迁出", "搬走", "搬离", "已搬离", "已搬走"]),
    ("state", "deceased", &["死亡", "已故", "去世", "已死亡", "故", "过世", "dead"]),
    ("labels", "retired", &["退休人员", "离退休", "企业退休", "企退", "退管", "离休", "pensioner"]),
    ("labels", "elder", &["高龄老人", "80岁以上", "八十岁以上", "80岁以上老人"]),
    ("labels", "elder_alone", &["独居", "空巢", "空巢老人", "孤老", "独居空巢"]),
    ("labels", "low_income", &["低保户", "低保对象", "低保家庭", "低保人员", "最低生活保障", "低收入", "lowincome"]),
    ("labels", "hardship", &["困难", "困难户", "特困", "特困户", "低保边缘", "贫困户", "困难群众", "特困人员"]),
    ("labels", "disabled", &["残疾人", "残障", "残疾人员", "持证残疾人"]),
    ("labels", "severely_disabled", &["重度残疾", "重残人员", "一级残疾", "二级残疾", "重度残疾人"]),
    ("labels", "jobless", &["失业人员", "无业", "待业", "下岗", "登记失业", "下岗失业", "unemployed"]),
    ("labels", "veteran", &["优抚", "退役军人", "退伍军人", "军属", "烈属", "复员军人", "复退军人"]),
    ("labels", "party_member", &["中共党员", "共产党员", "预备党员", "党员"]),
    ("labels", "migrant", &["流动人口", "外来", "新市民", "外来务工", "外来人员", "暂住"]),
    ("labels", "young_child", &["学龄前", "幼儿", "婴幼儿", "0到6岁", "0至6岁", "06岁", "06岁儿童"]),
    ("labels", "childbearing", &["育龄", "已婚育龄妇女", "育龄期妇女"]),
];

/// The choice that a word means, by name, label in either language, or a word people use.
pub fn choose<'p>(roles: &Roles<'p>, field: &Field, word: &str) -> Option<&'p Choice> {
    let word = fold(word);
    if word.is_empty() {
        return None;
    }
    let choices = roles.choices(field);
    let is =
        |choice: &&Choice| [&choice.name, &choice.label.zh, &choice.label.en].iter().any(|known| fold(known) == word);
    let used = || {
        let mut lines = WORDS.iter().filter(|(of, _, _)| *of == field.name);
        let line = lines.find(|(_, _, words)| words.contains(&word.as_str()))?;
        choices.iter().find(|choice| choice.name == line.1)
    };
    choices.iter().find(is).or_else(used)
}

/// Whether a tick stands there: √, 是, 有, 1 …; no for ×, 否, 无, 0 …; `None` for anything else.
pub fn ticked(text: &str) -> Option<bool> {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "√" | "✓" | "✔" | "☑" | "■" | "●" | "○" | "v" | "y" | "yes" | "true" | "t" | "1" | "是" | "有" | "对"
        | "在" => Some(true),
        "" | "×" | "x" | "✗" | "✘" | "☒" | "□" | "n" | "no" | "false" | "f" | "0" | "否" | "无" | "没有" | "不是"
        | "-" | "—" | "/" => Some(false),
        _ => None,
    }
}
