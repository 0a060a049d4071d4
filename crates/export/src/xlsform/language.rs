//! Which column speaks which language, and a text in both out of a row.

use records::{Lang, Text};

use super::{
    finding::{Findings, LANGUAGE_LACKS, LANGUAGE_ONLY, LANGUAGE_OTHER, TEXT_LACKS, TEXT_MARKUP, TEXT_REFERENCE},
    table::{Heading, Row, Table, Written},
};

/// How ODK names the languages: the name, and the subtag of BCP 47.
pub(super) const ZH: &str = "中文 (zh)";
/// See [`ZH`].
pub(super) const EN: &str = "English (en)";

/// What a column's language is; `None` for all but the two of the interface.
pub(super) fn of(written: &str) -> Option<Lang> {
    let small = written.trim().to_lowercase();
    let tag = small.rsplit_once('(').and_then(|(_, tag)| tag.strip_suffix(')'));
    match tag.map_or(small.as_str(), |tag| tag.split(['-', '_']).next().unwrap_or_default().trim()) {
        "zh" | "cmn" | "chinese" | "中文" | "汉语" | "漢語" | "简体中文" | "普通话" => Some(Lang::Zh),
        "en" | "eng" | "english" | "英文" | "英语" => Some(Lang::En),
        _ if small.starts_with("chinese") => Some(Lang::Zh),
        _ => None,
    }
}

/// How a sheet's texts are read.
#[derive(Clone, Debug)]
pub(super) struct Languages {
    /// What columns without a language speak.
    bare: Lang,
    /// The language that stands for both where neither is there.
    only: Option<String>,
}

impl Languages {
    /// Those of the form: `default_language` of the settings, or what its labels look like.
    pub(super) fn of(default: &str, tables: &[&Table<'_>], findings: &mut Findings) -> Self {
        let headings = || tables.iter().flat_map(|table| &table.headings);
        let bare = of(default).unwrap_or_else(|| guess(tables));
        let labels = || headings().filter(|heading| heading.name == "label");
        let speaks = |lang: Lang| {
            labels()
                .any(|heading| heading.language.as_deref().map_or(bare == lang, |written| of(written) == Some(lang)))
        };
        let mut others =
            labels().filter_map(|heading| heading.language.clone()).filter(|written| of(written).is_none());
        let only = if speaks(Lang::Zh) || speaks(Lang::En) {
            None
        } else {
            let default = labels().filter_map(|heading| heading.language.clone()).find(|written| written == default);
            default.or_else(|| others.next())
        };
        for heading in headings() {
            let Some(written) = &heading.language else { continue };
            if Some(written) == only.as_ref() {
                if heading.name == "label" {
                    findings.say(&heading.written, &LANGUAGE_ONLY);
                }
            } else if of(written).is_none() && heading.is_known && !heading.name.contains(':') {
                findings.say(&heading.written, &LANGUAGE_OTHER);
            }
        }
        let languages = Self { bare, only };
        for table in tables {
            languages.lacking(table, findings);
        }
        languages
    }

    /// Says once of a sheet whose labels are in one language that they are.
    fn lacking(&self, table: &Table<'_>, findings: &mut Findings) {
        let labels = || table.headings.iter().filter(|heading| heading.name == "label");
        let speaks = |heading: &Heading| self.speaks(heading.language.as_deref());
        let Some(first) = labels().find(|heading| speaks(heading).is_some()) else { return };
        for lang in [Lang::Zh, Lang::En] {
            if self.only.is_none() && labels().all(|heading| speaks(heading) != Some(lang)) {
                findings.about(&first.written, &LANGUAGE_LACKS, name(lang));
            }
        }
    }

    fn speaks(&self, language: Option<&str>) -> Option<Lang> {
        language.map_or(Some(self.bare), of)
    }

    /// A column's text in both languages; `None` where nothing stands.
    pub(super) fn text(&self, row: Row<'_>, column: &str, findings: &mut Findings) -> Option<Text> {
        let cells: Vec<_> = row.cells().filter(|(heading, _)| heading.name == column).collect();
        let said = |lang: Lang| -> Option<Written> {
            // A column with the language before one without, as in ODK.
            let own =
                cells.iter().find(|(h, _)| h.language.as_deref().is_some_and(|written| of(written) == Some(lang)));
            own.or_else(|| cells.iter().find(|(h, _)| h.language.is_none() && self.bare == lang))
                .map(|(_, w)| w.clone())
        };
        let only =
            || cells.iter().find(|(h, _)| h.language == self.only && self.only.is_some()).map(|(_, w)| w.clone());
        let (zh, en) = (said(Lang::Zh), said(Lang::En));
        let any = zh.clone().or_else(|| en.clone()).or_else(only)?;
        for written in zh.iter().chain(&en) {
            telling(written, findings);
        }
        if zh.is_none() && en.is_none() {
            telling(&any, findings);
        }
        for (lang, there) in [(Lang::Zh, &zh), (Lang::En, &en)] {
            // Said once of the sheet where it has no such column at all.
            let column =
                row.headings().iter().find(|h| h.name == column && self.speaks(h.language.as_deref()) == Some(lang));
            if let (None, Some(heading)) = (there, column) {
                let at = Written { text: String::new(), row: row.at, ..heading.written.clone() };
                findings.about(&at, &TEXT_LACKS, name(lang));
            }
        }
        let of = |written: Option<Written>| written.map_or_else(|| any.text.clone(), |written| written.text);
        Some(Text::new(of(zh), of(en)))
    }
}

/// Says of a text that it would show more in ODK.
fn telling(written: &Written, findings: &mut Findings) {
    if written.text.contains("${") {
        findings.say(written, &TEXT_REFERENCE);
    }
    if ["**", "</", "<br", "](http"].iter().any(|mark| written.text.contains(mark)) {
        findings.say(written, &TEXT_MARKUP);
    }
}

/// A language's name.
fn name(lang: Lang) -> Text {
    match lang {
        Lang::Zh => Text::new("中文", "Chinese"),
        Lang::En => Text::new("英文", "English"),
    }
}

/// Chinese when any label without a language has a Chinese character.
fn guess(tables: &[&Table<'_>]) -> Lang {
    let is_chinese =
        |text: &str| text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}'));
    let mut labels = tables.iter().flat_map(|table| table.rows()).flat_map(|row| row.cells());
    let chinese = labels.any(|(h, written)| h.name == "label" && h.language.is_none() && is_chinese(&written.text));
    if chinese { Lang::Zh } else { Lang::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_name_and_by_tag() {
        for (written, lang) in [
            (ZH, Some(Lang::Zh)),
            ("Chinese (zh-Hans)", Some(Lang::Zh)),
            ("chinese", Some(Lang::Zh)),
            ("Chinese simplified", Some(Lang::Zh)),
            (EN, Some(Lang::En)),
            ("english", Some(Lang::En)),
            ("English (en-GB)", Some(Lang::En)),
            ("Français (fr)", None),
            ("default", None),
        ] {
            assert_eq!(of(written), lang, "{written}");
        }
    }
}
