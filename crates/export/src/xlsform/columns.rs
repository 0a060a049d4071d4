//! Columns of the sheets, with other spellings that ODK's tools take, and appearances: what is read, and what has no effect.
//!
//! Our own begin with `linli_` and not with `linli::`: ODK's tools take what stands before colons for a thing of theirs.

/// What is done with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is read.
    Read,
    /// It is known and has no effect, which is said of each of its cells, in both languages.
    Passed(&'static str, &'static str),
    /// It says nothing that would have to be kept.
    Silent,
}

/// A column of a sheet.
#[derive(Debug)]
pub struct Column {
    /// Its heading, without its language.
    pub name: &'static str,
    /// Other headings for it.
    pub aliases: &'static [&'static str],
    /// What is done with it.
    pub r#use: Use,
}

const fn read(name: &'static str, aliases: &'static [&'static str]) -> Column {
    Column { name, aliases, r#use: Use::Read }
}

const fn passed(name: &'static str, aliases: &'static [&'static str], zh: &'static str, en: &'static str) -> Column {
    Column { name, aliases, r#use: Use::Passed(zh, en) }
}

const fn silent(name: &'static str, aliases: &'static [&'static str]) -> Column {
    Column { name, aliases, r#use: Use::Silent }
}

const MEDIA: (&str, &str) = ("题目和选项不带图片、声音", "labels have no pictures or sounds");
const SMS: (&str, &str) = ("不经短信提交", "nothing is sent by text message");
const ENTITY: (&str, &str) = ("不用实体，请用“关联记录”题型", "entities are not used; point at records instead");

/// The sheet `survey`; a name that ends in `*` stands for all that begin so.
pub const SURVEY: [Column; 44] = [
    read("type", &["command"]),
    read("name", &["tag", "value"]),
    read("label", &["caption"]),
    read("hint", &[]),
    read("required", &["bind::required"]),
    read("relevant", &["relevance", "bind::relevant"]),
    read("constraint", &["bind::constraint"]),
    read("constraint_message", &["constraining_message", "bind::jr:constraintmsg", "jr:constraintmsg"]),
    read("calculation", &["calculate", "bind::calculate"]),
    read("default", &[]),
    read("choice_filter", &[]),
    read("read_only", &["readonly", "bind::readonly"]),
    read("appearance", &["control::appearance", "body::appearance"]),
    read("parameters", &[]),
    read("disabled", &[]),
    read("linli_type", &[]),
    read("linli_required", &[]),
    read("linli_relevant", &[]),
    read("linli_constraint", &[]),
    read("linli_calculation", &[]),
    read("linli_default", &[]),
    read("linli_choice_filter", &[]),
    read("linli_class", &[]),
    read("linli_search", &[]),
    read("linli_column", &[]),
    read("linli_review", &[]),
    read("linli_disused", &[]),
    passed(
        "required_message",
        &["requiredmsg", "bind::jr:requiredmsg", "jr:requiredmsg"],
        "没有填时说的话是统一的",
        "what is said of an empty answer is the same everywhere",
    ),
    passed("guidance_hint", &[], "没有培训用的提示", "there are no hints for training"),
    passed(
        "repeat_count",
        &["count", "jr:count", "control::jr:count", "body::jr:count"],
        "行数由填写的人加，不限定",
        "rows are added by hand, as many as there are",
    ),
    passed("trigger", &[], "计算随时重算，不等某一题", "calculations follow all they name, whenever it changes"),
    passed("media::image", &["image"], MEDIA.0, MEDIA.1),
    passed("media::big-image", &["big-image"], MEDIA.0, MEDIA.1),
    passed("media::audio", &["audio"], MEDIA.0, MEDIA.1),
    passed("media::video", &["video"], MEDIA.0, MEDIA.1),
    passed("autoplay", &[], MEDIA.0, MEDIA.1),
    passed(
        "rows",
        &["body::rows"],
        "文本框的高度不设定，多行请用 multiline",
        "a box is as high as its text; multiline makes it several lines",
    ),
    passed("save_to", &[], ENTITY.0, ENTITY.1),
    passed(
        "noapperrorstring",
        &["no_app_error_string", "bind::jr:noapperrorstring"],
        "不启动别的应用",
        "no other apps are started",
    ),
    passed("sms_*", &["compact_tag"], SMS.0, SMS.1),
    passed("bind::*", &[], "XForms 的属性不读", "attributes of XForms are not read"),
    passed("body::*", &["control::*"], "XForms 的属性不读", "attributes of XForms are not read"),
    passed("instance::*", &[], "XForms 的属性不读", "attributes of XForms are not read"),
    passed("intent", &[], "不启动别的应用", "no other apps are started"),
];

/// The sheet `choices`; every other column is one of the choices', for `choice_filter`.
pub const CHOICES: [Column; 8] = [
    read("list_name", &["list name"]),
    read("name", &["value"]),
    read("label", &["caption"]),
    read("linli_shared", &[]),
    passed("media::image", &["image"], MEDIA.0, MEDIA.1),
    passed("media::big-image", &["big-image"], MEDIA.0, MEDIA.1),
    passed("media::audio", &["audio"], MEDIA.0, MEDIA.1),
    passed("media::video", &["video"], MEDIA.0, MEDIA.1),
];

/// The sheet `settings`.
pub const SETTINGS: [Column; 32] = [
    read("form_title", &["title", "set_form_title"]),
    read("form_id", &["id_string", "set_form_id"]),
    read("default_language", &[]),
    read("instance_name", &[]),
    read("linli_label", &[]),
    read("linli_nature", &[]),
    read("linli_class", &[]),
    read("linli_date", &[]),
    read("linli_icon", &[]),
    read("linli_title", &[]),
    read("linli_summary", &[]),
    read("linli_assigned", &[]),
    read("linli_keep_years", &[]),
    read("linli_once", &[]),
    silent("version", &[]),
    silent("name", &[]),
    silent("clean_text_values", &[]),
    silent("omit_instanceid", &[]),
    silent("flat", &[]),
    passed("style", &[], "版面只有一种", "there is one layout"),
    passed(
        "allow_choice_duplicates",
        &[],
        "同名的选项靠筛选分开，不用另写",
        "choices of one name are told apart by their filter; it need not be said",
    ),
    passed("add_none_option", &[], "不自动加“无”", "no choice of none is added"),
    passed("public_key", &[], "在设备上另行加密", "records are sealed on the device anyway"),
    passed("submission_url", &[], "只交到本社区的服务器", "records go to the community's own server"),
    passed("auto_send", &[], "联网就同步", "records are sent when there is a network"),
    passed("auto_delete", &[], "记录留在设备上", "records stay on the device"),
    passed("client_editable", &[], "能不能改由记录的种类决定", "whether it may be corrected is the kind's nature"),
    passed("namespaces", &[], "XForms 的属性不读", "attributes of XForms are not read"),
    passed("attribute::*", &[], "XForms 的属性不读", "attributes of XForms are not read"),
    passed("sms_*", &["prefix", "delimiter"], SMS.0, SMS.1),
    passed("entity_version", &[], ENTITY.0, ENTITY.1),
    passed("instance_xmlns", &[], "XForms 的属性不读", "attributes of XForms are not read"),
];

/// Other sheets that mean something to ODK.
pub const SHEETS: [(&str, &str, &str); 4] = [
    (
        "external_choices",
        "选项不能来自别的文件，请写进 choices 表",
        "choices do not come from files; write them in the sheet `choices`",
    ),
    ("entities", ENTITY.0, ENTITY.1),
    ("osm", "不连地图编辑", "maps are not edited"),
    ("cascades", "旧的写法，请用 choice_filter", "an old way; use choice_filter"),
];

/// Appearances that stay: those the app reads, and those that a pack may keep for later.
pub const APPEARANCES: [&str; 7] = ["multiline", "long", "minimal", "likert", "masked", "account", "no-sum"];

impl Column {
    /// Whether a heading, without its language and in small letters, is this column's.
    pub(super) fn is(&self, heading: &str) -> bool {
        let fits = |name: &str| match name.strip_suffix('*') {
            Some(begin) => heading.starts_with(begin),
            None => heading == name,
        };
        fits(self.name) || self.aliases.iter().any(|alias| fits(alias))
    }
}
