//! The words that columns are headed with, in rosters of streets, police stations, housing offices and pension funds.
//!
//! The pack's own labels and names are always understood; this table holds what people write besides. A line for a field
//! that the pack does not have is never looked at.

use super::{
    roles::Roles,
    sheet::{fold, narrow},
    target::Target,
};

/// Whose field it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Building,
    Household,
    Person,
}

/// Field's name in the pack and its headings, the clearest first. Compared by letters and digits alone.
const WORDS: &[(Of, &str, &[&str])] = &[
    (
        Of::Person,
        "name",
        &["姓名", "居民姓名", "人员姓名", "成员姓名", "名字", "name", "fullname", "personname", "resident"],
    ),
    (
        Of::Person,
        "id_number",
        &[
            "身份证号码",
            "公民身份号码",
            "公民身份证号码",
            "身份证号",
            "居民身份证号码",
            "居民身份证号",
            "身份号码",
            "身份证",
            "证件号码",
            "证件号",
            "idnumber",
            "idno",
            "idcardnumber",
            "idcardno",
            "idcard",
            "residentid",
            "identitynumber",
            "nationalid",
            "id",
        ],
    ),
    (Of::Person, "paper", &["证件类型", "证件种类", "证件名称", "证件类别", "documenttype", "papertype", "idtype"]),
    (
        Of::Person,
        "paper_number",
        &["其他证件号码", "护照号码", "护照号", "passportnumber", "passportno", "documentnumber"],
    ),
    (
        Of::Person,
        "born",
        &["出生日期", "出生年月日", "出生年月", "生日", "出生", "dateofbirth", "birthdate", "dob", "birthday"],
    ),
    (Of::Person, "sex", &["性别", "sex", "gender"]),
    (
        Of::Person,
        "phone",
        &[
            "手机号码",
            "手机号",
            "手机",
            "联系电话",
            "电话号码",
            "电话",
            "联系方式",
            "本人电话",
            "移动电话",
            "联系号码",
            "固定电话",
            "mobile",
            "mobilenumber",
            "mobilephone",
            "cellphone",
            "phone",
            "phonenumber",
            "telephone",
            "tel",
            "contactnumber",
        ],
    ),
    (
        Of::Person,
        "relation",
        &[
            "与户主关系",
            "与户主的关系",
            "和户主关系",
            "户主关系",
            "家庭关系",
            "成员关系",
            "关系",
            "relationtohead",
            "relationshiptohead",
            "relationship",
            "relation",
        ],
    ),
    (
        Of::Person,
        "residence",
        &[
            "人户情况",
            "户籍情况",
            "户籍状态",
            "人户状态",
            "户籍类型",
            "户口性质",
            "户籍性质",
            "户籍类别",
            "居住类型",
            "户籍",
            "registrationstatus",
            "householdregistration",
            "hukou",
            "residencetype",
        ],
    ),
    (
        Of::Person,
        "labels",
        &[
            "人群标签",
            "标签",
            "人员类别",
            "人员类型",
            "人群类别",
            "人群分类",
            "特殊人群",
            "重点人群",
            "人员标签",
            "身份类别",
            "labels",
            "tags",
            "label",
            "category",
            "categories",
        ],
    ),
    (Of::Person, "contact", &["紧急联系人", "紧急联系方式", "紧急联系电话", "emergencycontact"]),
    (Of::Person, "state", &["现状", "居住状态", "居住情况", "人员状态", "状态", "status"]),
    (Of::Person, "party_since", &["入党日期", "入党时间", "datejoinedparty"]),
    (Of::Person, "party_branch", &["党支部", "所在支部", "所属支部", "支部", "branch"]),
    (Of::Person, "note", &["备注", "说明", "附注", "note", "notes", "remark", "remarks", "comment", "comments"]),
    (
        Of::Household,
        "tenure",
        &["住房性质", "房屋性质", "房屋类型", "住房情况", "住房类型", "房屋使用情况", "tenure", "ownership"],
    ),
    (
        Of::Household,
        "stairwell",
        &["单元", "单元号", "所在单元", "梯号", "梯", "stairwell", "staircase", "entrance", "unit", "stairs"],
    ),
    (Of::Household, "floor", &["楼层", "所在楼层", "层", "层数", "floor", "storey", "level"]),
    (
        Of::Household,
        "flat",
        &[
            "室号",
            "房号",
            "房室",
            "室",
            "门牌号",
            "门牌",
            "门牌号码",
            "房间号",
            "房室号",
            "户室",
            "户室号",
            "房屋编号",
            "门号",
            "flat",
            "room",
            "roomnumber",
            "roomno",
            "apartment",
            "apt",
            "flatnumber",
            "flatno",
            "door",
        ],
    ),
    (Of::Household, "note", &["住户备注", "householdnote"]),
    (
        Of::Building,
        "name",
        &[
            "幢号",
            "栋号",
            "楼号",
            "楼幢",
            "楼栋",
            "楼栋号",
            "幢",
            "栋",
            "楼",
            "楼幢号",
            "楼宇",
            "楼房号",
            "几幢",
            "座",
            "号楼",
            "所在楼栋",
            "building",
            "buildingno",
            "buildingnumber",
            "block",
            "blockno",
        ],
    ),
    (Of::Building, "address", &["路名", "路名门牌", "街道地址", "所在道路", "小区地址", "street", "streetaddress"]),
];

/// Headings of a whole address in one cell.
const ADDRESS: &[&str] = &[
    "现住址",
    "现居住地址",
    "现住地址",
    "居住地址",
    "家庭住址",
    "家庭地址",
    "居住地",
    "住址",
    "房屋地址",
    "门牌地址",
    "详细地址",
    "实际居住地址",
    "常住地址",
    "地址",
    "楼栋房号",
    "房屋",
    "房屋坐落",
    "homeaddress",
    "currentaddress",
    "address",
    "residence",
];

/// Headings of the head's name.
const HEAD: &[&str] = &["户主姓名", "户主", "householder", "headofhousehold", "householdhead", "head"];

/// Parts of longer headings that say enough…
const PARTS: &[(&str, &str)] = &[
    ("身份证", "id_number"),
    ("公民身份", "id_number"),
    ("姓名", "name"),
    ("手机", "phone"),
    ("电话", "phone"),
    ("联系方式", "phone"),
    ("出生", "born"),
    ("性别", "sex"),
    ("户主关系", "relation"),
];

/// …unless they speak of someone or something else.
const OTHERS: &[&str] = &[
    "紧急",
    "户主",
    "监护",
    "配偶",
    "父",
    "母",
    "家属",
    "房东",
    "亲属",
    "子女",
    "单位",
    "出生地",
    "负责",
    "网格员",
    "楼组长",
    "担保",
    "曾用",
    "有效",
    "签发",
    "填表",
    "登记人",
    "审核",
];

/// Longest heading, in bytes: what is longer is a remark, or made to keep us busy.
const LONGEST: usize = 300;

/// What a heading may mean, the likeliest first, each with how far it is from certain: 0 the pack's own word, then places
/// in the table, 1000 for a part of a longer heading.
pub fn meanings(roles: &Roles<'_>, heading: &str) -> Vec<(usize, Target)> {
    if heading.len() > LONGEST {
        return Vec::new();
    }
    let plain = narrow(heading);
    // 联系电话（手机） and 姓名* mean what stands before the brackets.
    let before = plain.split(['(', '[', '【', '〔']).next().unwrap_or_default();
    let (whole, before) = (fold(&plain), fold(before));
    if whole.is_empty() {
        return Vec::new();
    }
    let is = |word: &str| {
        let word = fold(word);
        word == whole || (word == before && !before.is_empty())
    };
    let mut found = Vec::new();
    for kind in roles.kinds() {
        for field in &kind.fields {
            let target = Target::field(&kind.name, &field.name);
            // A building and a person may both have a `note`: the person's comes first, the others by their longer names.
            let own = kind.name == roles.person.name || field.name != "note";
            if own && (is(&field.label.zh) || is(&field.label.en)) && target.is_known(roles) {
                found.push((0, target));
            }
        }
    }
    let kind_of = |of: Of| match of {
        Of::Building => roles.building,
        Of::Household => roles.household,
        Of::Person => roles.person,
    };
    for (of, field, words) in WORDS {
        let target = Target::field(&kind_of(*of).name, field);
        if let Some(place) = words.iter().position(|word| is(word)).filter(|_| target.is_known(roles)) {
            found.push((1 + place, target));
        }
    }
    found.extend(ADDRESS.iter().position(|word| is(word)).map(|place| (1 + place, Target::Address)));
    found.extend(HEAD.iter().position(|word| is(word)).map(|place| (1 + place, Target::Head)));
    for field in roles.person.fields.iter().filter(|field| field.r#type.is_set()) {
        // 低保, 是否低保, 是否为低保户
        let asked = ["是否为", "是否", "有无"].iter().find_map(|asks| whole.strip_prefix(asks)).unwrap_or(&whole);
        let ticked = super::value::choose(roles, field, asked).map(|choice| Target::Member {
            kind: roles.person.name.clone(),
            field: field.name.clone(),
            choice: choice.name.clone(),
        });
        found.extend(ticked.map(|target| (1, target)));
    }
    if found.is_empty() && !OTHERS.iter().any(|other| whole.contains(other)) {
        let part = PARTS.iter().find(|(part, _)| whole.contains(part));
        let target = part.map(|(_, field)| Target::field(&roles.person.name, field));
        found.extend(target.filter(|target| target.is_known(roles)).map(|target| (1000, target)));
    }
    found.sort_by_key(|(far, _)| *far);
    found
}
