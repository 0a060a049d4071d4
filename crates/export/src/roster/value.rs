//! A cell as a field keeps it.

use records::{Field, FieldType, Problem, Value, days, pack::Choice};

use super::{
    roles::Roles,
    sheet::{Cell, fold, narrow},
};

mod choices;
mod day;
mod identity;
mod number;

pub use choices::{choose, ticked};
pub use day::{about, day};
pub use identity::{canonical, papers};
pub use number::{counted, whole};

/// A cell's value for a field, `None` when nothing stands there; with it, what had to be left out of the cell.
pub type Reading = (Option<Value>, Option<Problem>);

/// Words that mean "nothing".
const NOTHING: &[&str] = &[
    "无",
    "空",
    "空白",
    "暂无",
    "暂缺",
    "没有",
    "不详",
    "不明",
    "不清楚",
    "未知",
    "未办理",
    "未办",
    "未办证",
    "未登记",
    "未填",
    "未提供",
    "未采集",
    "未上户口",
    "未落户",
    "办理中",
    "正在办理",
    "待办",
    "待补",
    "待补充",
    "待查",
    "待核实",
    "缺",
    "缺失",
    "略",
    "none",
    "nil",
    "na",
    "null",
    "nan",
    "unknown",
    "blank",
    "empty",
    "pending",
    "tbd",
];

/// What stands for a person's name where nobody lives.
const NOBODY: &[&str] =
    &["空户", "空房", "空关", "空置", "空关户", "空置房", "空挂户", "无人", "无人居住", "无人住", "未入住", "vacant"];

/// Reads a cell for a field. Choices are matched by name, by label in both languages and by the words people use; texts are
/// kept as they are.
///
/// # Errors
/// When the cell cannot be what the field keeps, with what to write instead.
pub fn value(roles: &Roles<'_>, field: &Field, cell: &Cell) -> Result<Reading, Problem> {
    let shown = narrow(&cell.shown());
    let text = shown.trim();
    let whole = |value: Value| Ok((Some(value), None));
    if is_nothing(roles, field, text) {
        return Ok((None, None));
    }
    match &field.r#type {
        FieldType::Text if field.name == roles.name.name => whole(name(text).into()),
        // Texts keep the signs they were written with.
        FieldType::Text => whole(cell.shown().into()),
        FieldType::Integer => match number::whole(text) {
            Some(number) => whole(number.into()),
            None => Err(wrong(field, text, "请写整数，如 3。", "Please write a whole number, such as 3.")),
        },
        FieldType::Date => day(cell).map(|day| (Some(days::write(day).into()), None)).map_err(|p| p.at(&field.name)),
        FieldType::SelectOne(_) => match choose(roles, field, text) {
            Some(choice) => whole(choice.name.clone().into()),
            None => Err(unlisted(field, text, roles.choices(field))),
        },
        FieldType::SelectMultiple(_) => Ok(members(roles, field, text)),
        FieldType::YesNo => match ticked(text) {
            Some(truth) => whole(truth.into()),
            None => Err(wrong(field, text, "请写“是”或“否”。", "Please write yes or no.")),
        },
        FieldType::Phone => Ok(phone(field, text)),
        // 未办, 丢了: whatever it says, it is no number that could be wrong.
        FieldType::ResidentId if !text.bytes().any(|byte| byte.is_ascii_alphanumeric()) => {
            let (zh, en) = (
                format!("“{}”不是证件号码，没有导入。", short(text)),
                format!("“{}” is no number; it was not imported.", short(text)),
            );
            Ok((None, Some(Problem::new("no_number", zh, en).at(&field.name))))
        }
        FieldType::ResidentId => {
            identity::number(cell).map(|number| (Some(number.into()), None)).map_err(|p| p.at(&field.name))
        }
        _ => Ok((None, None)),
    }
}

/// 王 伟 is 王伟: rosters pad two characters to the width of three. Names in letters keep their spaces.
fn name(text: &str) -> String {
    let is_latin = text.chars().any(|c| c.is_ascii_alphabetic());
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(if is_latin { " " } else { "" })
}

/// Whether a cell holds nothing: dashes, or a word that says so.
pub fn is_blank(text: &str) -> bool {
    let is_sign = |c: char| {
        !c.is_alphanumeric() && !matches!(c, '√' | '✓' | '✔' | '☑' | '×' | '✗' | '✘' | '☒' | '□' | '■' | '●' | '○')
    };
    text.chars().all(is_sign) || NOTHING.contains(&fold(text).as_str())
}

fn is_nothing(roles: &Roles<'_>, field: &Field, text: &str) -> bool {
    match &field.r#type {
        // A choice may be called so (暂无证件), and a flat that is empty.
        FieldType::SelectOne(_) => is_blank(text) && choose(roles, field, text).is_none(),
        FieldType::Text if field.name == roles.name.name => is_blank(text) || NOBODY.contains(&fold(text).as_str()),
        _ => is_blank(text),
    }
}

/// Choices separated by 、 ， ； / and spaces; what is not in the list is left out and said.
fn members(roles: &Roles<'_>, field: &Field, text: &str) -> Reading {
    if let Some(choice) = choose(roles, field, text) {
        return (Some(vec![choice.name.clone()].into()), None);
    }
    let (mut names, mut unknown) = (Vec::new(), Vec::new());
    let words = text.split(['、', ',', ';', '/', '|', '+', '\n', '，', '；']);
    for word in words.map(str::trim).filter(|word| !word.is_empty()) {
        match choose(roles, field, word) {
            Some(choice) if names.contains(&choice.name) => {}
            Some(choice) => names.push(choice.name.clone()),
            // Labels in one cell with spaces between them.
            None => match word.split_whitespace().map(|w| choose(roles, field, w)).collect::<Option<Vec<_>>>() {
                Some(several) if word.contains(char::is_whitespace) => {
                    names.extend(several.into_iter().map(|choice| choice.name.clone()));
                }
                _ if NOTHING.contains(&fold(word).as_str()) => {}
                _ => unknown.push(word),
            },
        }
    }
    names.sort_unstable();
    names.dedup();
    let problem = (!unknown.is_empty()).then(|| unlisted(field, &unknown.join("、"), roles.choices(field)));
    ((!names.is_empty()).then(|| names.into()), problem)
}

/// The telephone numbers in a cell: 13900000021/0512-66666666, also with blanks between whole ones.
pub fn phones(text: &str) -> Vec<String> {
    let text = narrow(text);
    let parts =
        text.split(['/', '、', ',', ';', '\n', '|', '，', '；', '或']).map(str::trim).filter(|part| !part.is_empty());
    let is_whole = |part: &str| part.bytes().filter(u8::is_ascii_digit).count() >= 7;
    let each = |part: &str| -> Vec<String> {
        match part.split_whitespace().all(is_whole) {
            true => part.split_whitespace().map(str::to_owned).collect(),
            false => vec![part.to_owned()],
        }
    };
    parts.flat_map(each).collect()
}

/// The first of several numbers; the others are said.
fn phone(field: &Field, text: &str) -> Reading {
    let mut numbers = phones(text).into_iter();
    let first = numbers.next().unwrap_or_default();
    let others: Vec<String> = numbers.collect();
    let problem = (!others.is_empty()).then(|| {
        let others = others.join("、");
        let zh = format!("只能记一个号码：记下了第一个，“{others}”没有导入。");
        let en = format!("Only one number is kept: the first was taken, “{others}” was not imported.");
        Problem::new("several", zh, en).at(&field.name)
    });
    (Some(first.into()), problem)
}

fn wrong(field: &Field, text: &str, zh: &str, en: &str) -> Problem {
    let (text, label) = (short(text), &field.label);
    let zh = format!("“{}”写的是“{text}”，读不懂。{zh}", label.zh);
    Problem::new("unread", zh, format!("“{}” says “{text}”, which cannot be read. {en}", label.en)).at(&field.name)
}

fn unlisted(field: &Field, text: &str, choices: &[Choice]) -> Problem {
    const SHOWN: usize = 12;
    let list = |word: fn(&Choice) -> &str, between: &str| {
        let mut words: Vec<&str> = choices.iter().take(SHOWN).map(word).collect();
        if choices.len() > SHOWN {
            words.push("…");
        }
        words.join(between)
    };
    let (text, label) = (short(text), &field.label);
    let zh = format!("“{}”里没有“{text}”这一项，可以写：{}。", label.zh, list(|c| &c.label.zh, "、"));
    let en = format!("“{}” has no “{text}”; it may be: {}.", label.en, list(|c| &c.label.en, ", "));
    Problem::new("choice", zh, en).at(&field.name)
}

/// At most forty characters of what stands there.
pub(super) fn short(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { short + "…" } else { short }
}
