//! A query as people say it, taken apart: `12幢5楼王` is building 12, floor 5 and 王; `3栋501`, `3号楼 501` and `3#501` are one
//! door; blanks stand anywhere or nowhere.

use super::numerals;
use crate::plain::plain;

/// What a part of a query asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// These characters or their pinyin.
    Text(String),
    /// `12幢`, `12栋`, `12号楼`, `12座`, `12#`.
    Building(String),
    /// `1单元`.
    Stairwell(String),
    /// `5楼`, `5层`.
    Floor(String),
    /// `501室`.
    Flat(String),
    /// `12号`: a building here, a flat there.
    Numbered(String),
    /// Digits alone: of a door, a telephone, a paper.
    Number(String),
    /// `12-1-501`.
    Dashed(Vec<String>),
    /// Completed years, both included; said of one year, it may be a year or two more than there are (虚岁).
    Age(u32, u32),
}

/// A part and the words it was said in.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub said: String,
    pub ask: Ask,
}

/// What stands between two blanks.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub said: String,
    pub parts: Vec<Part>,
}

/// A sign after a number, and what the number asks for then.
type Mark = (&'static str, fn(String) -> Ask);

/// What makes a number before it something of a house, the longest first.
const MARKS: [Mark; 17] = [
    ("号楼", Ask::Building),
    ("幢楼", Ask::Building),
    ("栋楼", Ask::Building),
    ("座楼", Ask::Building),
    ("#楼", Ask::Building),
    ("单元", Ask::Stairwell),
    ("幢", Ask::Building),
    ("栋", Ask::Building),
    ("座", Ask::Building),
    ("#", Ask::Building),
    ("梯", Ask::Stairwell),
    ("楼", Ask::Floor),
    ("层", Ask::Floor),
    ("室", Ask::Flat),
    ("房", Ask::Flat),
    ("户", Ask::Flat),
    ("号", Ask::Numbered),
];
/// `户` after which means no flat: 户主, 户口, 户籍.
const NO_FLAT: [char; 3] = ['主', '口', '籍'];

/// The words of a query and their parts.
pub fn read(query: &str) -> Vec<Word> {
    let made_plain = joined(&plain(query).to_lowercase());
    let mut words: Vec<Word> =
        made_plain.split_whitespace().map(|word| Word { said: word.to_owned(), parts: parts(word) }).collect();
    settle(&mut words);
    words.retain(|word| !word.parts.is_empty());
    words
}

/// A building's number or letter, from its name: `3幢`, `三号楼` and `桂花苑3幢` are 3.
pub fn building_key(name: &str) -> Option<String> {
    let parts: Vec<Part> = read(name).into_iter().flat_map(|word| word.parts).collect();
    let key = parts.iter().rev().find_map(|part| match &part.ask {
        Ask::Building(key) | Ask::Numbered(key) | Ask::Floor(key) => Some(key.clone()),
        _ => None,
    });
    key.or_else(|| match parts.as_slice() {
        [Part { ask: Ask::Number(key), .. }] => Some(key.clone()),
        _ => None,
    })
}

/// Signs between digits become dashes, other signs blanks; a number stands with what follows it.
fn joined(text: &str) -> String {
    let text: Vec<char> = text
        .chars()
        .map(|c| match c {
            '＃' | '♯' => '#',
            '–' | '−' | '‐' | '~' | '～' | '/' | '／' | '_' | '、' | '·' | '•' | '.' | ',' => '-',
            '；' | ';' | '(' | ')' | '（' | '）' | '“' | '”' | '"' | '？' | '?' | '！' | '!' | ':' => ' ',
            c => c,
        })
        .collect();
    let is_digit = |at: Option<&char>| at.is_some_and(|c| c.is_ascii_digit());
    let mut joined = String::new();
    let mut at = 0;
    while let Some(&c) = text.get(at) {
        let after = |at: usize| text[at..].iter().position(|c| !c.is_whitespace()).map(|more| at + more);
        let last = joined.chars().last();
        if c.is_whitespace() {
            let next = after(at);
            let counts = last.is_some_and(|c| c.is_ascii_digit() || numerals::is_numeral(c));
            let rest: String = next.map(|next| text[next..].iter().take(2).collect()).unwrap_or_default();
            let is_mark = counts && !rest.starts_with('户') && (mark(&rest).is_some() || rest.starts_with('岁'));
            let is_dash = is_digit(last.as_ref()) && rest.starts_with('-')
                || last == Some('-') && is_digit(rest.chars().next().as_ref());
            if !(is_mark || is_dash) {
                joined.push(' ');
            }
            at = next.unwrap_or(text.len());
        } else {
            let next = after(at + 1);
            let before = joined.chars().rev().find(|c| !c.is_whitespace());
            let holds = before.is_some_and(|c| c.is_ascii_alphanumeric() || "元幢栋座楼#号".contains(c));
            let keeps = c != '-' || holds && next.is_none_or(|next| text[next].is_ascii_alphanumeric());
            joined.push(if keeps { c } else { ' ' });
            at += 1;
        }
    }
    joined
}

fn mark(rest: &str) -> Option<Mark> {
    let found = MARKS.into_iter().find(|(mark, _)| rest.starts_with(mark))?;
    let follows = rest[found.0.len()..].chars().next();
    (found.0 != "户" || !follows.is_some_and(|c| NO_FLAT.contains(&c))).then_some(found)
}

/// The parts of a word.
fn parts(word: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut text = String::new();
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let is_door = text.is_empty() && parts.last().is_some_and(|part| !matches!(part.ask, Ask::Text(_)));
        match number(rest, is_door) {
            Some((asks, len)) => {
                flush(&mut text, &mut parts);
                let said = &rest[..len];
                parts.extend(asks.into_iter().map(|ask| Part { said: said.to_owned(), ask }));
                rest = &rest[len..];
            }
            None => {
                // Latin letters and characters are told apart: `wang三幢`.
                let is_letter = |c: char| c.is_ascii_alphabetic() || c == '\'';
                if text.chars().last().is_some_and(|last| is_letter(last) != is_letter(c)) {
                    flush(&mut text, &mut parts);
                }
                if c != '-' {
                    text.push(c);
                }
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    flush(&mut text, &mut parts);
    parts
}

fn flush(text: &mut String, parts: &mut Vec<Part>) {
    let said = std::mem::take(text);
    if !said.is_empty() {
        parts.push(Part { said: said.clone(), ask: Ask::Text(said) });
    }
}

/// What a text begins with that is a number, and its length in bytes. Characters count as numbers before a mark, or when they
/// go on with a door.
fn number(rest: &str, is_door: bool) -> Option<(Vec<Ask>, usize)> {
    let ordinal = if rest.starts_with('第') { '第'.len_utf8() } else { 0 };
    let text = &rest[ordinal..];
    let first = text.chars().next()?;
    if first.is_ascii_digit() {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
        let digits = text[..end].trim_end_matches('-');
        let mut segments: Vec<String> = digits.split('-').filter(|s| !s.is_empty()).map(str::to_owned).collect();
        let mut used = digits.len();
        // A flat may bear a letter: 5a, 12-1-5a.
        let more = &text[used..];
        let letters = more.bytes().take_while(u8::is_ascii_alphabetic).count();
        if letters == 1 && !more[1..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            segments.last_mut()?.push_str(&more[..1]);
            used += 1;
        }
        let (asks, len) = marked(segments, &text[used..])?;
        return Some((asks, ordinal + used + len));
    }
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if (1..=2).contains(&letters) {
        let (sign, ask) = mark(&text[letters..]).filter(|(_, ask)| matches!(ask(String::new()), Ask::Building(_)))?;
        return Some((vec![ask(text[..letters].to_owned())], ordinal + letters + sign.len()));
    }
    let run = text.find(|c| !numerals::is_numeral(c)).unwrap_or(text.len());
    let value = numerals::value(&text[..run])?;
    let after = &text[run..];
    let is_marked = mark(after).is_some() || age(value, after).is_some();
    let is_plain = is_door && text[..run].chars().count() >= 3;
    if !is_marked && !is_plain {
        return None;
    }
    let (asks, len) = marked(vec![value.to_string()], after)?;
    Some((asks, ordinal + run + len))
}

/// What numbers ask for with what follows them, and how much of that is theirs.
fn marked(mut segments: Vec<String>, after: &str) -> Option<(Vec<Ask>, usize)> {
    if let [one] = segments.as_slice()
        && let Some(found) = one.parse().ok().and_then(|years| age(years, after))
    {
        return Some((vec![found.0], found.1));
    }
    if let [from, to] = segments.as_slice()
        && let (Ok(from), Ok(to), Some(len)) = (from.parse(), to.parse(), years_mark(after))
    {
        return Some((vec![Ask::Age(from, to)], len));
    }
    let Some((sign, ask)) = mark(after) else {
        let one = segments.len() == 1;
        return Some((vec![if one { Ask::Number(segments.pop()?) } else { Ask::Dashed(segments) }], 0));
    };
    let len = sign.len();
    let last = segments.pop()?;
    Some(match (ask(last.clone()), segments.pop()) {
        (ask, None) => (vec![ask], len),
        (Ask::Stairwell(stairwell), Some(building)) => (vec![Ask::Building(building), Ask::Stairwell(stairwell)], len),
        (Ask::Floor(floor), Some(building)) => (vec![Ask::Building(building), Ask::Floor(floor)], len),
        (Ask::Building(_), Some(_)) => (vec![ask(last)], len),
        (_, Some(before)) => {
            segments.extend([before, last]);
            (vec![Ask::Dashed(segments)], len)
        }
    })
}

/// Years of age: `80岁`, `80岁以上`, `80多岁`, `80以上`, `80+`.
fn age(years: u32, after: &str) -> Option<(Ask, usize)> {
    if years > 130 {
        return None;
    }
    let vague = after.chars().next().filter(|c| "多几来余".contains(*c)).map_or(0, char::len_utf8);
    let unit = after[vague..].strip_prefix(['岁', '歲']).map_or(0, |_| '岁'.len_utf8());
    let tail = &after[vague + unit..];
    let bounds: [(&[&str], u32, u32); 2] =
        [(&["及以上", "以上", "往上", "朝上", "+"], years, 200), (&["及以下", "以下", "以内"], 0, years)];
    let bound = bounds.iter().find_map(|(signs, from, to)| {
        let sign = signs.iter().find(|sign| tail.starts_with(**sign))?;
        Some((Ask::Age(*from, *to), sign.len()))
    });
    let (ask, more) = match bound {
        Some(found) => found,
        None if unit == 0 => return None,
        None if vague > 0 => (Ask::Age(years, years + 9 - years % 10), 0),
        None => (Ask::Age(years, years), 0),
    };
    Some((ask, vague + unit + more + people(&tail[more..])))
}

fn years_mark(after: &str) -> Option<usize> {
    let rest = after.strip_prefix('岁')?;
    Some('岁'.len_utf8() + people(rest))
}

/// `80岁的老人`: who else.
fn people(tail: &str) -> usize {
    let rest = tail.strip_prefix('的').unwrap_or(tail);
    let rest = ["老年人", "老人", "居民", "人"].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    tail.len() - rest.len()
}

/// What only the neighbours of a part tell: `12 1单元`, `3楼2单元`, `3号501`, `12幢1-501`.
fn settle(words: &mut [Word]) {
    let mut before: Option<&mut Part> = None;
    for part in words.iter_mut().flat_map(|word| word.parts.iter_mut()) {
        if let Some(before) = before {
            let is_door = matches!(part.ask, Ask::Number(_) | Ask::Flat(_) | Ask::Floor(_) | Ask::Stairwell(_));
            let building = match (&before.ask, &part.ask) {
                (Ask::Number(n) | Ask::Floor(n), Ask::Stairwell(_)) => Some(n.clone()),
                (Ask::Numbered(n), _) if is_door => Some(n.clone()),
                _ => None,
            };
            if let Some(number) = building {
                before.ask = Ask::Building(number);
            }
            if let (Ask::Building(number), Ask::Dashed(rest)) = (&before.ask, &part.ask) {
                let whole = std::iter::once(number).chain(rest).cloned().collect();
                part.ask = Ask::Dashed(whole);
            }
            if let (Ask::Stairwell(_), Ask::Numbered(flat)) = (&before.ask, &part.ask) {
                part.ask = Ask::Flat(flat.clone());
            }
        }
        before = Some(part);
    }
}
