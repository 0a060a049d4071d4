//! Types of answers: ours and ODK's in one table, read both ways, and ODK's other types with what is made of them.

use records::{FieldType, Text};
use serde_json::Value;

use super::YES_NO;

/// A type of ours and what says it in ODK.
#[derive(Debug)]
pub struct Pair {
    /// As a pack writes it, without the list or kind it names.
    pub ours: &'static str,
    /// ODK's type.
    pub odk: &'static str,
    /// The appearance that makes it this; empty where the type alone does.
    pub appearance: &'static str,
    /// Whether ODK's words are enough; where they are not, ours stands in `linli_type`.
    pub enough: bool,
}

const fn same(ours: &'static str, odk: &'static str) -> Pair {
    Pair { ours, odk, appearance: "", enough: true }
}

const fn near(ours: &'static str, odk: &'static str) -> Pair {
    Pair { ours, odk, appearance: "", enough: false }
}

/// Every type of ours.
pub const TYPES: [Pair; 20] = [
    same("text", "text"),
    same("integer", "integer"),
    near("money", "decimal"),
    same("date", "date"),
    same("date_time", "dateTime"),
    same("select_one", "select_one"),
    same("select_multiple", "select_multiple"),
    near("yes_no", "select_one"),
    near("phone", "text"),
    near("resident_id", "text"),
    near("record", "text"),
    near("records", "text"),
    same("location", "geopoint"),
    near("trace", "geotrace"),
    Pair { ours: "signature", odk: "image", appearance: "signature", enough: true },
    same("photos", "image"),
    same("files", "file"),
    same("repeat", "begin_repeat"),
    same("calculate", "calculate"),
    same("note", "note"),
];

/// What is made of a row whose type we have not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// A question of this type of ours, whose answer must also hold this.
    Question(&'static str, &'static str),
    /// A number between the ends that `parameters` names.
    Range,
    /// Its calculation or its default.
    Calculation,
    /// Nothing: the question is left out.
    Nothing,
    /// Nothing: the record says it by itself.
    Known,
}

/// A type of ODK's that we have not.
#[derive(Debug)]
pub struct Foreign {
    /// ODK's type.
    pub odk: &'static str,
    /// What is made of it.
    pub made: Made,
    /// Why, and what it means.
    pub zh: &'static str,
    /// See `zh`.
    pub en: &'static str,
}

const fn foreign(odk: &'static str, made: Made, zh: &'static str, en: &'static str) -> Foreign {
    Foreign { odk, made, zh, en }
}

/// What a text must be to stand for a number that is not whole.
pub(super) const DECIMAL: &str = r"regex(., '-?[0-9]+([.][0-9]+)?')";
const TIME: &str = "regex(., '([01][0-9]|2[0-3]):[0-5][0-9]')";

/// What to write, where an answer must hold more than its type of ours asks.
pub(super) fn shape(also: &str) -> Option<Text> {
    match also {
        DECIMAL => Some(Text::new("请写数字，如 62.5。", "Please write a number such as 62.5.")),
        TIME => Some(Text::new("时间请写成 22:30 这样。", "Please write the time like 22:30.")),
        _ => None,
    }
}
const NO_SOUND: (&str, &str) = ("不收录音和录像", "sound and film are not taken");
const NO_FILE: (&str, &str) =
    ("选项不能来自别的文件，请写进 choices 表", "choices do not come from files; write them in the sheet `choices`");
const KNOWN: (&str, &str) = ("记录本身就有", "the record says it by itself");

/// ODK's types that are not in [`TYPES`].
pub const FOREIGN: [Foreign; 37] = [
    foreign(
        "decimal",
        Made::Question("text", DECIMAL),
        "小数按数字文本保存，不能合计",
        "kept as a text that is a number, which figures do not add up",
    ),
    foreign("time", Made::Question("text", TIME), "时间按 22:30 这样的文本保存", "kept as a text such as 22:30"),
    foreign("barcode", Made::Question("text", ""), "条码用键盘填写", "typed, not scanned"),
    foreign("acknowledge", Made::Question("yes_no", ""), "改作是或否", "a yes or no"),
    foreign("trigger", Made::Question("yes_no", ""), "改作是或否", "a yes or no"),
    foreign("phone number", Made::Question("phone", ""), "改作电话号码", "a telephone number"),
    foreign(
        "percentage",
        Made::Question("integer", ". >= 0 and . <= 100"),
        "改作0到100的整数",
        "a whole number from 0 to 100",
    ),
    foreign(
        "range",
        Made::Range,
        "改作填写的数字，范围和间隔照写",
        "a number that is typed, with the same ends and steps",
    ),
    foreign("hidden", Made::Calculation, "改作计算", "a calculation"),
    foreign("rank", Made::Nothing, "不能排名次", "there is no ranking"),
    foreign("geoshape", Made::Nothing, "不能画区域", "areas are not drawn"),
    foreign(
        "geotrace",
        Made::Nothing,
        "路线只记走过的点，请用 linli_type 写明是哪些点",
        "a route is made of points passed; say in `linli_type` which",
    ),
    foreign("audio", Made::Nothing, NO_SOUND.0, NO_SOUND.1),
    foreign("video", Made::Nothing, NO_SOUND.0, NO_SOUND.1),
    foreign("background-audio", Made::Nothing, NO_SOUND.0, NO_SOUND.1),
    foreign("osm", Made::Nothing, "不连地图编辑", "maps are not edited"),
    foreign("select_one_external", Made::Nothing, NO_FILE.0, NO_FILE.1),
    foreign("select_one_from_file", Made::Nothing, NO_FILE.0, NO_FILE.1),
    foreign("select_multiple_from_file", Made::Nothing, NO_FILE.0, NO_FILE.1),
    foreign("xml-external", Made::Nothing, "不读别的文件", "no other files are read"),
    foreign("csv-external", Made::Nothing, "不读别的文件", "no other files are read"),
    foreign(
        "begin_loop",
        Made::Nothing,
        "不能按选项循环，里面的题都没有带进来",
        "there are no loops over choices; all within is left out",
    ),
    foreign(
        "number of days in last month",
        Made::Question("integer", ". >= 0 and . <= 31"),
        "改作整数",
        "a whole number",
    ),
    foreign(
        "number of days in last six months",
        Made::Question("integer", ". >= 0 and . <= 183"),
        "改作整数",
        "a whole number",
    ),
    foreign(
        "number of days in last year",
        Made::Question("integer", ". >= 0 and . <= 365"),
        "改作整数",
        "a whole number",
    ),
    foreign("today", Made::Question("date", ""), "改作日期题，先填今天", "a date that begins as today"),
    foreign("username", Made::Calculation, "改作计算：谁在写", "a calculation: who writes"),
    foreign("start", Made::Known, KNOWN.0, KNOWN.1),
    foreign("end", Made::Known, KNOWN.0, KNOWN.1),
    foreign("deviceid", Made::Known, KNOWN.0, KNOWN.1),
    foreign("phonenumber", Made::Known, "不读设备的号码", "the device's number is not read"),
    foreign("email", Made::Known, "不读设备的邮箱", "the device's e-mail is not read"),
    foreign("simserial", Made::Known, "不读设备的卡号", "the device's card is not read"),
    foreign("subscriberid", Made::Known, "不读设备的卡号", "the device's card is not read"),
    foreign("audit", Made::Known, "改动本来就有记录", "changes are on record anyway"),
    foreign("start-geopoint", Made::Known, "不在背后记位置", "places are not taken behind one's back"),
    foreign("background-geopoint", Made::Known, "不在背后记位置", "places are not taken behind one's back"),
];

/// Other spellings that ODK's tools take, longest first where one begins another.
const ALIASES: [(&str, &str); 34] = [
    ("string", "text"),
    ("int", "integer"),
    ("datetime", "dateTime"),
    ("date time", "dateTime"),
    ("gps", "geopoint"),
    ("location", "geopoint"),
    ("photo", "image"),
    ("imei", "deviceid"),
    ("device id", "deviceid"),
    ("sim id", "simserial"),
    ("subscriber id", "subscriberid"),
    ("start time", "start"),
    ("end time", "end"),
    ("uri:deviceid", "deviceid"),
    ("uri:subscriberid", "subscriberid"),
    ("uri:simserial", "simserial"),
    ("uri:phonenumber", "phonenumber"),
    ("uri:username", "username"),
    ("uri:email", "email"),
    ("begin group", "begin_group"),
    ("end group", "end_group"),
    ("begin repeat", "begin_repeat"),
    ("end repeat", "end_repeat"),
    ("begin lgroup", "begin_repeat"),
    ("end lgroup", "end_repeat"),
    ("begin looped group", "begin_repeat"),
    ("end looped group", "end_repeat"),
    ("begin loop", "begin_loop"),
    ("end loop", "end_loop"),
    ("get today", "today"),
    ("get start time", "start"),
    ("get end time", "end"),
    ("get device id", "deviceid"),
    ("get phone number", "phonenumber"),
];

/// Words before a list's name.
const SELECTS: [(&str, &str); 15] = [
    ("select_one_from_file", "select_one_from_file"),
    ("select one from file", "select_one_from_file"),
    ("select_multiple_from_file", "select_multiple_from_file"),
    ("select multiple from file", "select_multiple_from_file"),
    ("select_one_external", "select_one_external"),
    ("select all that apply from", "select_multiple"),
    ("select all that apply", "select_multiple"),
    ("add select multiple prompt using", "select_multiple"),
    ("add select one prompt using", "select_one"),
    ("select one from", "select_one"),
    ("select one", "select_one"),
    ("select multiple", "select_multiple"),
    ("select_one", "select_one"),
    ("select_multiple", "select_multiple"),
    ("select1", "select_one"),
];

/// A type cell, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// ODK's type.
    pub odk: String,
    /// The list it names.
    pub list: String,
    /// Whether a choice of one's own words is offered too.
    pub or_other: bool,
}

/// What a type cell says.
pub(super) fn said(cell: &str) -> Said {
    let words = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = words.to_lowercase();
    let begins = |prefix: &str| lower.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let select = SELECTS.iter().find_map(|(prefix, odk)| begins(prefix).map(|rest| (*odk, rest.len())));
    let rank = || begins("rank").map(|rest| ("rank", rest.len()));
    if let Some((odk, rest)) = select.or_else(rank) {
        let mut rest = words.get(words.len() - rest..).unwrap_or_default().trim();
        let other = [" or_other", " or other", " or specify other"].iter().find_map(|end| rest.strip_suffix(end));
        let or_other = other.is_some();
        rest = other.unwrap_or(rest);
        return Said { odk: odk.into(), list: rest.into(), or_other };
    }
    let plain = lower.replace("begin_", "begin ").replace("end_", "end ");
    if plain.starts_with("begin loop ") {
        return Said { odk: "begin_loop".into(), ..Said::default() };
    }
    let alias = ALIASES.iter().find(|(alias, _)| *alias == plain).map(|(_, odk)| *odk);
    Said { odk: alias.map_or(lower, Into::into), ..Said::default() }
}

/// A type as a pack writes it: the word, and the list or kind it names.
pub(super) fn word(r#type: &FieldType) -> (String, String) {
    match serde_json::to_value(r#type) {
        Ok(Value::String(word)) => (word, String::new()),
        Ok(Value::Object(map)) => map
            .into_iter()
            .next()
            .map(|(word, of)| (word, of.as_str().unwrap_or_default().to_owned()))
            .unwrap_or_default(),
        _ => Default::default(),
    }
}

/// The row of [`TYPES`] for a type of ours.
pub(super) fn of_ours(word: &str) -> Option<&'static Pair> {
    TYPES.iter().find(|pair| pair.ours == word)
}

/// The row of [`TYPES`] that ODK's type and appearance are enough for.
pub(super) fn of_odk(odk: &str, appearance: &str) -> Option<&'static Pair> {
    let fits = |pair: &&Pair| {
        pair.enough && pair.odk == odk && (pair.appearance.is_empty() || has(appearance, pair.appearance))
    };
    TYPES.iter().find(fits)
}

/// ODK's type of a type of ours, whole: with its list, in the kind's own words.
pub(super) fn odk(r#type: &FieldType, list: impl Fn(&str) -> String) -> String {
    let (word, of) = word(r#type);
    let Some(pair) = of_ours(&word) else { return word };
    match r#type {
        FieldType::SelectOne(_) | FieldType::SelectMultiple(_) => format!("{} {}", pair.odk, list(&of)),
        FieldType::YesNo => format!("{} {YES_NO}", pair.odk),
        _ => pair.odk.to_owned(),
    }
}

/// Whether a word is among an appearance's.
pub(super) fn has(appearance: &str, word: &str) -> bool {
    appearance.split_whitespace().any(|one| one == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_in_the_table_once_and_is_a_type() {
        for pair in &TYPES {
            let named = FieldType::named(pair.ours, "x").unwrap();
            assert_eq!(word(&named).0, pair.ours);
            assert_eq!(TYPES.iter().filter(|other| other.ours == pair.ours).count(), 1, "{}", pair.ours);
            if pair.enough {
                assert_eq!(of_odk(pair.odk, pair.appearance).unwrap().ours, pair.ours);
            }
        }
        for foreign in &FOREIGN {
            assert!(of_odk(foreign.odk, "").is_none(), "{} is ours", foreign.odk);
            if let Made::Question(ours, constraint) = foreign.made {
                assert!(FieldType::named(ours, "").is_some(), "{ours}");
                assert!(constraint.is_empty() || records::expression::Expression::parse(constraint).is_ok());
            }
        }
    }

    #[test]
    fn a_type_cell_is_read_however_it_is_spelt() {
        let said = |cell| {
            let Said { odk, list, or_other } = said(cell);
            (odk, list, or_other)
        };
        assert_eq!(said("select_one  yes_no"), ("select_one".into(), "yes_no".into(), false));
        assert_eq!(
            said("select all that apply from Animals or specify other"),
            ("select_multiple".into(), "Animals".into(), true)
        );
        assert_eq!(said("select_one_from_file a.csv"), ("select_one_from_file".into(), "a.csv".into(), false));
        assert_eq!(said("Begin Group").0, "begin_group");
        assert_eq!(said("begin_repeat").0, "begin_repeat");
        assert_eq!(said("begin loop over x").0, "begin_loop");
        assert_eq!(said("dateTime").0, "dateTime");
        assert_eq!(said("datetime").0, "dateTime");
        assert_eq!(said("rank x"), ("rank".into(), "x".into(), false));
        assert_eq!(said("select_one ${people}").1, "${people}");
    }
}
