//! Choices by the words people write for them.

use records::{Field, pack::Choice};

use crate::roster::{
    roles::Roles,
    sheet::{fold, narrow},
};

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

/// What people put before and behind the word for a relative: 户主之妻, 二女儿, 三儿子.
const BEFORE: &[&str] = &[
    "户主之",
    "户主的",
    "户主",
    "之",
    "其",
    "本人之",
    "大",
    "长",
    "二",
    "次",
    "三",
    "四",
    "五",
    "六",
    "小",
    "老大",
    "老二",
    "独",
    "养",
    "继",
    "亲",
];
const BEHIND: &[&str] = &["户主", "本人"];

/// More words for relatives, to what they are to the head.
const KIN: &[(&str, &str)] = &[
    ("老伴", "spouse"),
    ("老公", "spouse"),
    ("老婆", "spouse"),
    ("妻子", "spouse"),
    ("太太", "spouse"),
    ("先生", "spouse"),
    ("小孩", "child"),
    ("孩子", "child"),
    ("闺女", "child"),
    ("儿", "child"),
    ("子女", "child"),
    ("爸", "parent"),
    ("妈", "parent"),
    ("丈人", "parent"),
    ("丈母娘", "parent"),
    ("岳父母", "parent"),
    ("公婆", "parent"),
    ("继父", "parent"),
    ("继母", "parent"),
    ("养父", "parent"),
    ("养母", "parent"),
    ("孙儿", "grandchild"),
    ("孙子女", "grandchild"),
    ("外孙子女", "grandchild"),
    ("曾外孙", "grandchild"),
    ("重孙", "grandchild"),
    ("重孙女", "grandchild"),
    ("孙囡", "grandchild"),
    ("儿媳妇", "child_in_law"),
    ("媳妇", "child_in_law"),
    ("嫂", "other"),
    ("嫂子", "other"),
    ("嫂嫂", "other"),
    ("弟媳", "other"),
    ("弟媳妇", "other"),
    ("弟妹", "other"),
    ("姐夫", "other"),
    ("妹夫", "other"),
    ("孙媳", "other"),
    ("孙媳妇", "other"),
    ("孙女婿", "other"),
    ("外孙媳", "other"),
    ("外孙女婿", "other"),
    ("爷爷", "other"),
    ("奶奶", "other"),
    ("外公", "other"),
    ("外婆", "other"),
    ("姥姥", "other"),
    ("姥爷", "other"),
    ("曾祖父", "other"),
    ("曾祖母", "other"),
    ("侄", "other"),
    ("侄儿", "other"),
    ("侄媳", "other"),
    ("侄女婿", "other"),
    ("外甥女婿", "other"),
    ("外甥媳", "other"),
    ("伯父", "other"),
    ("伯母", "other"),
    ("叔父", "other"),
    ("叔叔", "other"),
    ("婶婶", "other"),
    ("婶母", "other"),
    ("舅舅", "other"),
    ("舅父", "other"),
    ("舅妈", "other"),
    ("舅母", "other"),
    ("姑姑", "other"),
    ("姑母", "other"),
    ("姑父", "other"),
    ("姨妈", "other"),
    ("姨母", "other"),
    ("姨父", "other"),
    ("堂兄", "other"),
    ("堂弟", "other"),
    ("堂姐", "other"),
    ("堂妹", "other"),
    ("表兄", "other"),
    ("表哥", "other"),
    ("表弟", "other"),
    ("表姐", "other"),
    ("表妹", "other"),
    ("哥", "other"),
    ("小叔", "other"),
    ("小姑", "other"),
    ("大伯", "other"),
    ("小舅子", "other"),
    ("小姨子", "other"),
    ("未婚妻", "other"),
    ("未婚夫", "other"),
];

/// Kinship by GB/T 4761: the first digit, with 28 and 38 for sons- and daughters-in-law, and 99 for who is no relative.
fn kinship(code: &str) -> Option<&'static str> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    Some(match code {
        "28" | "38" => "child_in_law",
        "45" | "46" => "other",
        "99" => "lodger",
        "03" | "98" => return None,
        _ if !digits || !(1..=2).contains(&code.len()) => return None,
        _ => match code.as_bytes()[0] {
            b'0' => "head",
            b'1' => "spouse",
            b'2' | b'3' => "child",
            b'4' => "grandchild",
            b'5' => "parent",
            _ => "other",
        },
    })
}

/// The choice that a word means, by name, label in either language, or a word people use.
pub fn choose<'p>(roles: &Roles<'p>, field: &Field, word: &str) -> Option<&'p Choice> {
    // 户主（父） is the head with a remark.
    let plain = narrow(word);
    let before = plain.split('(').next().filter(|before| before.len() < plain.len()).map(fold);
    let word = fold(word);
    if word.is_empty() {
        return None;
    }
    let is_relation = roles.head.is_some_and(|(relation, _)| relation.name == field.name);
    let of_kin = |word: &str| is_relation.then(|| relative(roles, field, word)).flatten();
    let before = before.filter(|word| !word.is_empty() && is_relation);
    let whole = || chosen(roles, field, &word).or_else(|| of_kin(&word));
    before.and_then(|word| chosen(roles, field, &word).or_else(|| of_kin(&word))).or_else(whole)
}

fn chosen<'p>(roles: &Roles<'p>, field: &Field, word: &str) -> Option<&'p Choice> {
    let choices = roles.choices(field);
    let is =
        |choice: &&Choice| [&choice.name, &choice.label.zh, &choice.label.en].iter().any(|known| fold(known) == word);
    let used = || {
        let mut lines = WORDS.iter().filter(|(of, _, _)| *of == field.name);
        let line = lines.find(|(_, _, words)| words.contains(&word))?;
        choices.iter().find(|choice| choice.name == line.1)
    };
    choices.iter().find(is).or_else(used)
}

/// A relative, with what stands before and behind the word taken off.
fn relative<'p>(roles: &Roles<'p>, field: &Field, word: &str) -> Option<&'p Choice> {
    let named = |word: &str| {
        let kin = KIN.iter().find(|(kin, _)| *kin == word).map(|(_, choice)| *choice).or_else(|| kinship(word));
        let kin = kin.and_then(|name| roles.choices(field).iter().find(|choice| choice.name == name));
        kin.or_else(|| chosen(roles, field, word))
    };
    let mut rest = word;
    loop {
        if let Some(found) = named(rest) {
            return Some(found);
        }
        let shorter = BEFORE.iter().find_map(|before| rest.strip_prefix(before));
        rest = shorter
            .or_else(|| BEHIND.iter().find_map(|behind| rest.strip_suffix(behind)))
            .filter(|rest| !rest.is_empty())?;
    }
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
