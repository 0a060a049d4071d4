//! A report's text taken apart: its places for figures, and what in it would be printed as nobody meant it.

use super::{CHANGE, WORDS, chart};
use crate::{Lang, Pack, Problem, near::distance, pack::Indicator};

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part<'t> {
    Text(&'t str),
    /// What stands between braces.
    Place(&'t str),
    /// A brace without its other half, with what follows it.
    Broken(&'t str),
}

/// Braces as they are typed in either width.
const OPEN: [char; 2] = ['{', '｛'];
const CLOSE: [char; 2] = ['}', '｝'];

/// A line cut at its places.
pub(super) fn parts(line: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), line);
    while let Some(at) = rest.find([OPEN, CLOSE].as_flattened()) {
        if at > 0 {
            parts.push(Part::Text(&rest[..at]));
        }
        rest = &rest[at..];
        let brace = rest.chars().next().map_or(0, char::len_utf8);
        let is_open = rest.starts_with(OPEN);
        let end = rest[brace..].find([OPEN, CLOSE].as_flattened()).map(|end| brace + end).filter(|_| is_open);
        match end {
            Some(end) if rest[end..].starts_with(CLOSE) => {
                parts.push(Part::Place(&rest[brace..end]));
                rest = &rest[end + rest[end..].chars().next().map_or(0, char::len_utf8)..];
            }
            end => {
                let end = if is_open { end.unwrap_or(rest.len()) } else { brace };
                parts.push(Part::Broken(&rest[..end]));
                rest = &rest[end..];
            }
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// What a place says: an indicator's name or label or one of [`WORDS`], and whether it is how that moved.
pub(super) fn place(written: &str) -> (String, bool) {
    let name = written.replace('：', ":");
    let name = name.trim();
    let change = name.strip_suffix(CHANGE).map(str::trim_end);
    (change.unwrap_or(name).to_owned(), change.is_some())
}

/// The chart that a line places: `![name]`.
pub(super) fn chart_name(line: &str) -> Option<&str> {
    is_chart(line).then(|| line.get(line.find('[')? + 1..)?.strip_suffix(']')).flatten().map(str::trim)
}

fn is_chart(line: &str) -> bool {
    line.strip_prefix(['!', '！']).is_some_and(|rest| rest.starts_with('['))
}

/// The indicator of this name, or of this label in either language.
pub(super) fn indicator<'p>(pack: &'p Pack, name: &str) -> Option<&'p Indicator> {
    pack.indicator(name).or_else(|| pack.indicators.iter().find(|i| i.label.zh == name || i.label.en == name))
}

/// What in a text has no meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Strange<'p> {
    /// Its line, from 1.
    pub line: usize,
    /// As it stands there.
    pub written: String,
    /// What it would have to be.
    pub sort: Sort,
    /// Figures that may be meant, the likeliest first.
    pub near: Vec<&'p Indicator>,
}

/// What something strange would have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The name of a figure.
    Figure,
    /// The name of a chart.
    Chart,
    /// Half a pair of braces or brackets.
    Half,
}

/// All that has no meaning in a text, from the top down.
pub fn strange<'p>(pack: &'p Pack, body: &str) -> Vec<Strange<'p>> {
    let mut found = Vec::new();
    for (line, text) in (1..).zip(body.lines()) {
        let text = text.trim();
        let mut note = |written: &str, sort, near| found.push(Strange { line, written: written.into(), sort, near });
        if is_chart(text) {
            match chart_name(text) {
                Some(name) if chart(pack, name).is_some() => {}
                Some(_) => note(text, Sort::Chart, Vec::new()),
                None => note(text, Sort::Half, Vec::new()),
            }
            continue;
        }
        for part in parts(text) {
            match part {
                Part::Text(_) => {}
                Part::Broken(half) => note(half, Sort::Half, near(pack, half.trim_start_matches(OPEN))),
                Part::Place(written) => {
                    let (name, is_change) = place(written);
                    if indicator(pack, &name).is_none() && (is_change || !WORDS.contains(&&*name)) {
                        note(&format!("{{{written}}}"), Sort::Figure, near(pack, &name));
                    }
                }
            }
        }
    }
    found
}

/// Figures' names in a text.
pub fn named<'p>(pack: &'p Pack, body: &str) -> Vec<&'p Indicator> {
    let places = body.lines().flat_map(parts).filter_map(|part| match part {
        Part::Place(written) => indicator(pack, &place(written).0),
        _ => None,
    });
    places.collect()
}

/// Names offered for one that is not known.
const OFFERED: usize = 3;

/// Figures whose names or labels are like this, the likeliest first.
fn near<'p>(pack: &'p Pack, name: &str) -> Vec<&'p Indicator> {
    let name: String = name.trim().to_lowercase().chars().take(60).collect();
    let name = name.split_once(':').map_or(name.as_str(), |(name, _)| name);
    let pieces: Vec<&str> = name.split(['.', ' ', '_']).filter(|piece| piece.chars().count() > 1).collect();
    let far = |known: &str| -> Option<usize> {
        let known = known.to_lowercase();
        let apart = distance(name, &known);
        let is_slip = apart * 3 <= known.chars().count().max(3);
        let is_part = !name.is_empty() && (known.contains(name) || name.contains(&known));
        let shared: Vec<&str> = known.split(['.', ' ', '_']).filter(|piece| pieces.contains(piece)).collect();
        // The last piece says what is counted, those before it whose.
        let rank = if shared.last() == pieces.last() { 100 } else { 200 };
        match () {
            () if is_slip => Some(apart),
            () if is_part => Some(20 + apart),
            () if !shared.is_empty() => Some(rank / shared.len() + apart),
            () => None,
        }
    };
    let mut scored: Vec<(usize, &Indicator)> = pack
        .indicators
        .iter()
        .filter_map(|i| Some(([&*i.name, &i.label.zh, &i.label.en].into_iter().filter_map(far).min()?, i)))
        .collect();
    scored.sort_by_key(|(far, _)| *far);
    scored.into_iter().take(OFFERED).map(|(_, indicator)| indicator).collect()
}

/// Whether a text may be kept: refused with the lines of all that is strange in it.
pub(crate) fn check(pack: &Pack, body: &str) -> Result<(), Problem> {
    let strange = strange(pack, body);
    if strange.is_empty() {
        return Ok(());
    }
    let say = |lang: Lang| strange.iter().take(5).map(|one| one.said(lang)).collect::<Vec<_>>();
    let zh = format!("正文里有 {} 处对不上，改好再存：{}。", strange.len(), say(Lang::Zh).join("；"));
    let en = format!("Please mend before saving ({}): {}.", strange.len(), say(Lang::En).join("; "));
    Err(Problem::new("figure_name", zh, en))
}

impl Strange<'_> {
    /// In words: its line, what is wrong, what may be meant.
    pub fn said(&self, lang: Lang) -> String {
        let Self { line, written, sort, near } = self;
        let names: Vec<String> = near
            .iter()
            .map(|i| if lang == Lang::Zh { format!("“{}”", i.label.zh) } else { format!("“{}”", i.label.en) })
            .collect();
        let meant = match (names.is_empty(), lang) {
            (true, _) => String::new(),
            (_, Lang::Zh) => format!("，是不是{}", names.join("、")),
            (_, Lang::En) => format!(", did you mean {}", names.join(", ")),
        };
        match (sort, lang) {
            (Sort::Figure, Lang::Zh) => format!("第 {line} 行“{written}”没有这个数字{meant}"),
            (Sort::Figure, Lang::En) => format!("line {line}: there is no figure “{written}”{meant}"),
            (Sort::Chart, Lang::Zh) => format!("第 {line} 行“{written}”没有这张图"),
            (Sort::Chart, Lang::En) => format!("line {line}: there is no chart “{written}”"),
            (Sort::Half, Lang::Zh) => format!("第 {line} 行“{written}”括号只有一半{meant}"),
            (Sort::Half, Lang::En) => format!("line {line}: “{written}” has half a pair of braces{meant}"),
        }
    }
}
