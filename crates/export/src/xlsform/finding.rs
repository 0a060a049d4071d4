//! What became of a cell that was not taken as it stands, and all that can be said of one.

use records::Text;

use super::table::Written;
use crate::roster::{Unreadable, address};

/// Most findings of one workbook; what comes after is counted.
const MOST: usize = 1000;
/// Most characters of a cell that are shown.
const SHOWN: usize = 120;

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// What it stands for is not in the kind.
    Refused,
    /// The cell has no effect.
    PassedOver,
    /// It was taken as something else.
    Changed,
}

impl Outcome {
    /// As it is said to people.
    pub fn words(self) -> Text {
        match self {
            Self::Refused => Text::new("没有带进来", "left out"),
            Self::PassedOver => Text::new("没有用", "passed over"),
            Self::Changed => Text::new("改了", "changed"),
        }
    }
}

/// One cell that was not taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The sheet.
    pub sheet: String,
    /// The cell as people see it, `C7`.
    pub cell: String,
    /// What is written there, cut to [`SHOWN`] characters; empty where something is missing.
    pub written: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Which of [`SAYINGS`] it is.
    pub code: &'static str,
    /// Why, and what it means.
    pub words: Text,
}

impl Finding {
    /// `survey!C7`.
    pub fn place(&self) -> String {
        format!("{}!{}", self.sheet, self.cell)
    }
}

/// Findings of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded<'f> {
    /// The first of them.
    pub first: &'f Finding,
    /// Where they are, in the order of the sheets.
    pub places: Vec<String>,
    /// Why, and what it means, of all of them: what differs from cell to cell is left out.
    pub words: Text,
}

/// One line for each kind of finding, what is lost first: what was left out, expressions that are not used, what is other
/// than in the sheet, what has no effect.
pub fn folded(findings: &[Finding]) -> Vec<Folded<'_>> {
    let mut all: Vec<Folded<'_>> = Vec::new();
    for finding in findings {
        match all.iter_mut().find(|folded| folded.first.code == finding.code) {
            Some(folded) => {
                folded.places.push(finding.place());
                if folded.words != finding.words {
                    let saying = SAYINGS.iter().find(|saying| saying.code == finding.code);
                    let plain = |words: &str| words.replace("{}", "…");
                    folded.words = saying.map(|s| Text::new(plain(s.zh), plain(s.en))).unwrap_or_default();
                }
            }
            None => all.push(Folded { first: finding, places: vec![finding.place()], words: finding.words.clone() }),
        }
    }
    all.sort_by_key(|folded| match folded.first.outcome {
        Outcome::Refused => 0,
        Outcome::PassedOver if folded.first.code.starts_with("expression") => 1,
        Outcome::Changed => 2,
        Outcome::PassedOver => 3,
    });
    all
}

/// A workbook that no kind can be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAForm {
    /// It cannot be read at all.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It has no sheet `survey`.
    #[error("the workbook has no sheet `survey`")]
    NoSurvey,
    /// Its sheet `survey` lacks this heading.
    #[error("the sheet `survey` has no column `{0}`")]
    NoColumn(&'static str),
    /// None of its questions could be taken; what is wrong with each.
    #[error("no question of the form can be taken")]
    NoQuestion(Vec<Finding>),
}

impl NotAForm {
    /// What to do about it.
    pub fn words(&self) -> Text {
        match self {
            Self::Unreadable(Unreadable::Unknown | Unreadable::WebPage) => Text::new(
                "只能读 Excel 文件（.xlsx、.xls），请另存后再上传。",
                "Only Excel files (.xlsx, .xls) can be read; please save it as one of these.",
            ),
            Self::Unreadable(why) => why.words(),
            Self::NoSurvey => Text::new(
                "文件里没有叫 survey 的工作表，不是 XLSForm 表单。",
                "The file has no sheet called survey, so it is no XLSForm.",
            ),
            Self::NoColumn(name) => Text::new(
                format!("survey 表里没有 {name} 这一列，请补上。"),
                format!("The sheet survey has no column {name}; please add it."),
            ),
            Self::NoQuestion(_) => Text::new("表单里没有一题能用。", "None of the form's questions can be taken."),
        }
    }
}

/// Something that can be said of a cell; `{}` is what it is about.
#[derive(Debug)]
pub struct Saying {
    /// Stable name.
    pub code: &'static str,
    /// What became of the cell.
    pub outcome: Outcome,
    /// Simplified Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

macro_rules! sayings {
    ($($name:ident $code:literal $outcome:ident $zh:literal $en:literal;)*) => {
        $(pub(super) const $name: Saying =
            Saying { code: $code, outcome: Outcome::$outcome, zh: $zh, en: $en };)*
        /// All that can be said of a cell.
        pub const SAYINGS: &[Saying] = &[$($name),*];
    };
}

sayings! {
    SHEET "sheet" PassedOver "这张表不读：{}" "this sheet is not read: {}";
    COLUMN_UNKNOWN "column-unknown" PassedOver "没有这样的列，整列没有读" "there is no such column; it is not read";
    COLUMN_TWICE "column-twice" PassedOver "这一列有两次，只读第一次" "this column stands twice; the first is read";
    COLUMN_PASSED "column" PassedOver "{}" "{}";
    LANGUAGE_OTHER "language-other" PassedOver "只有中文和英文，这种语言没有读" "the languages are Chinese and English; this one is not read";
    LANGUAGE_ONLY "language-only" Changed "没有中文，也没有英文，中英文都先用这种语言" "neither Chinese nor English; this language stands for both";
    LANGUAGE_LACKS "language-lacks" Changed "这张表缺{}，先用另一种语言" "the sheet lacks {}; the other language stands for it";
    TEXT_LACKS "text-lacks" Changed "这一格缺{}，先用另一种语言" "this cell lacks {}; the other language stands for it";
    TEXT_REFERENCE "text-reference" Changed "文字里不能显示答案，照原样写出来" "texts do not show answers; shown as it is written";
    TEXT_MARKUP "text-markup" Changed "文字不排版，照原样写出来" "texts are not formatted; shown as they are written";
    LABEL_LACKS "label-lacks" Changed "没有题目，先用名称代替" "no label; the name stands for it";
    TYPE_UNKNOWN "type-unknown" Refused "没有这种题型，这一题没有带进来" "there is no such type; the question is left out";
    TYPE_MADE "type-made" Changed "改用相近的题型：{}" "taken as the nearest type: {}";
    TYPE_REFUSED "type-refused" Refused "没有这种题型：{}；这一题没有带进来" "there is no such type: {}; the question is left out";
    TYPE_KNOWN "type-known" PassedOver "不用问：{}" "not asked: {}";
    TYPE_OURS "type-ours" PassedOver "与 type 列不合，以 type 列为准" "does not fit the column `type`, which counts";
    NOTE_REQUIRED "note-required" Changed "这句说明显示时不能保存，和 ODK 一样" "while this note shows, the record cannot be saved, as in ODK";
    NO_TYPE "type-lacks" Refused "这一行没有题型" "this row has no type";
    GROUP_HEADING "group-heading" Changed "不分组：标题成了一句说明，里面的题一题接一题" "there are no groups: its label is a note, its questions follow one another";
    GROUP "group" Changed "不分组：里面的题一题接一题" "there are no groups: its questions follow one another";
    GROUP_OPEN "group-open" Changed "没有结束的一行，到表末为止" "it is never ended; it ends with the sheet";
    GROUP_END "group-end" PassedOver "没有可以结束的" "there is nothing to end";
    REPEAT_NESTED "repeat-nested" Refused "重复组里不能再有重复组，里面的题都没有带进来；请另建一类记录" "a repeat inside a repeat; all within is left out; make it a kind of its own";
    REPEAT_EMPTY "repeat-empty" Refused "重复组里没有一题能用" "none of the repeat's questions can be taken";
    NAME_LACKS "name-lacks" Changed "没有名称，起名为 {}" "no name; it is called {}";
    NAME_CHANGED "name-changed" Changed "名称只用小写字母、数字和 _，改为 {}" "names are small letters, digits and _; it is called {}";
    NAME_TWICE "name-twice" Changed "名称在一类记录里不能重复，改为 {}" "names are unique in a kind; it is called {}";
    LIST_UNKNOWN "list-unknown" Refused "没有“{}”这组选项，这一题没有带进来" "there is no list `{}`; the question is left out";
    LIST_ANSWERS "list-answers" Refused "选项不能来自前面的答案，这一题没有带进来" "choices do not come from earlier answers; the question is left out";
    LIST_UNUSED "list-unused" PassedOver "没有题用这组选项" "no question offers this list";
    LIST_SHARED "list-shared" PassedOver "这是共用的选项，以现行的为准" "this is a shared list; the one in force counts";
    CHOICE_TWICE "choice-twice" Refused "“{}”这一项重复了，只留第一个" "`{}` stands twice; the first counts";
    CHOICE_CHANGED "choice-changed" Changed "选项的名称里不能有空格，改为 {}" "a choice's name has no spaces; it is called {}";
    CHOICE_LACKS "choice-lacks" Refused "这一项没有名称" "the choice has no name";
    EXPRESSION "expression" PassedOver "式子读不懂：{}；没有用" "the expression does not read: {}; it is not used";
    FUNCTION "expression-function" PassedOver "没有 {} 这个函数，式子没有用" "there is no function {}; the expression is not used";
    LAST_SAVED "expression-last-saved" PassedOver "不能用上一份表单的答案，式子没有用" "answers of the last form are not at hand; the expression is not used";
    PATH "expression-path" PassedOver "不能用路径，请写 ${名称}；式子没有用" "paths are not read, write ${name}; the expression is not used";
    REFERENCE "expression-reference" PassedOver "用到的 {} 不在这类记录里，式子没有用" "it names {}, which is not in the kind; the expression is not used";
    REFERENCE_ROWS "expression-rows" PassedOver "{} 在重复组里，每行一个值，要用 sum()、count() 之类；式子没有用" "{} has a value a row: take sum(), count() or join() of it; the expression is not used";
    REFERENCE_TWICE "expression-twice" PassedOver "叫 {} 的有几题，分不清是哪一题，式子没有用" "several questions are called {} and none is the nearest; the expression is not used";
    RUNS_AWAY "expression-itself" PassedOver "用自己的答案算自己，每算一次都不同，式子没有用" "it reckons with its own answer and would be another each time; the expression is not used";
    BARE_NAME "expression-bare" PassedOver "“{}”不是这组选项的列；式子没有用" "`{}` is no column of the choices; the expression is not used";
    THIS_ELSEWHERE "expression-this" PassedOver "这里不能用“.”；式子没有用" "`.` has no meaning here; the expression is not used";
    OURS_STALE "ours-stale" PassedOver "与 {} 列不合，以那一列为准" "does not fit the column `{}`, which counts";
    READ_ONLY "read-only" PassedOver "只读不能看情况，这一题可以填" "whether it may be written cannot depend; it may be";
    NOT_A_FLAG "not-a-flag" PassedOver "应为 yes 或 no" "it is yes or no";
    CALCULATION_LACKS "calculation-lacks" Refused "计算没有式子，没有带进来" "a calculation without an expression; it is left out";
    MESSAGE_LACKS "message-lacks" Changed "没有写不合要求时说什么，用了通用的话" "it does not say what to say when it fails; a plain sentence stands for it";
    APPEARANCE "appearance" PassedOver "“{}”没有作用" "`{}` has no effect";
    APPEARANCE_FILE "appearance-file" Refused "选项不能来自别的文件，这一题没有带进来" "choices do not come from files; the question is left out";
    APPEARANCE_HEADER "appearance-header" PassedOver "只是表头，不是一题" "the head of a table and no question";
    PARAMETERS "parameters" PassedOver "“{}”没有作用" "`{}` has no effect";
    TOO_MANY "too-many" Refused "{}，从这里起没有带进来" "{}; what follows is left out";
    KIND_IN_FORCE "kind-in-force" Changed "现行的表单里已有 {}，改的就是它" "{} is in force; this form changes it";
    FIELD_GONE "field-gone" Changed "现行的“{}”不在表里：停用，不再问，已写的内容还在" "`{}` of the kind in force is not in the form: it is put out of use; what was written stays";
    FIELD_KEPT "field-kept" Changed "现行的“{}”照旧不变" "`{}` stays as it is in force";
    FIELD_STAYS "field-stays" Changed "不在表里，但还要问：{}" "not in the form, but still asked: {}";
    FIELD_OTHER "field-other" Refused "现行的题型是 {}，不能改，这一题照现行的不变；要换题型请另起名称" "in force its type is {}, which cannot change: the question stays as it is; give one of another type another name";
    CHOICE_GONE "choice-gone" Changed "现行的选项“{}”不在表里：已有的记录用着它，留着" "the choice `{}` in force is not in the form: records use it, so it stays";
    IN_FORCE "in-force" Changed "{}，照现行的不变" "{}; it stays as it is in force";
    ATTRIBUTES "attributes" Changed "没有写是哪种记录，按事实、居民资料处理" "it does not say what records it makes; taken as facts about residents";
    SETTING_WRONG "setting-wrong" PassedOver "应为 {} 之一" "it is one of {}";
    DATE_ADDED "date-added" Changed "事实要有日期，加了一题：{}" "a fact needs its date; a question was added: {}";
    TITLE_MADE "title-made" Changed "没有写一条记录怎么称呼，用 {}" "it does not say what a record is called; {} does";
    KIND_WRONG "kind-wrong" Refused "还不能启用：{}" "it cannot be put in force yet: {}";
}

/// Findings as they are gathered.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// With their rows and columns.
    found: Vec<((usize, usize), Finding)>,
    more: usize,
}

impl Findings {
    /// Says something of a cell.
    pub(super) fn say(&mut self, at: &Written, saying: &Saying) {
        self.about(at, saying, Text::default());
    }

    /// Says something of a cell, about this.
    pub(super) fn of(&mut self, at: &Written, saying: &Saying, about: &str) {
        self.about(at, saying, Text::new(about, about));
    }

    /// Says something of a cell, about what is called differently in the languages.
    pub(super) fn about(&mut self, at: &Written, saying: &Saying, about: Text) {
        if self.found.len() >= MOST {
            self.more += 1;
            return;
        }
        let fill = |words: &str, about: &str| words.replacen("{}", about, 1);
        let finding = Finding {
            sheet: at.sheet.clone(),
            cell: address(at.row, at.column),
            written: at.text.chars().take(SHOWN).collect(),
            outcome: saying.outcome,
            code: saying.code,
            words: Text::new(fill(saying.zh, &about.zh), fill(saying.en, &about.en)),
        };
        self.found.push(((at.row, at.column), finding));
    }

    /// All of them, as one comes upon them in these sheets; the last says how many there are besides.
    pub(super) fn all(mut self, sheets: &[&str]) -> Vec<Finding> {
        let place = |finding: &Finding| sheets.iter().position(|sheet| **sheet == finding.sheet);
        self.found.sort_by_key(|(cell, finding)| (place(finding), *cell));
        let mut all: Vec<Finding> = self.found.into_iter().map(|(_, finding)| finding).collect();
        if let (Some(last), more @ 1..) = (all.last_mut(), self.more) {
            let Text { zh, en } = &last.words;
            last.words =
                Text::new(format!("{zh}（另有 {more} 处没有列出）"), format!("{en} ({more} more are not listed)"));
        }
        all
    }
}
