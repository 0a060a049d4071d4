//! Addresses in one cell: `3幢2单元501室`, `3-2-501`, `3栋501`, with or without a street before them.

use super::{
    sheet::{fold, narrow},
    value::counted,
};

/// A door as an address says it; what it does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// What stands before the building: street and number, the quarter's name.
    pub street: String,
    /// The building without its 幢: `3`, `A`.
    pub building: Option<String>,
    /// The stairwell.
    pub stairwell: Option<i64>,
    /// The floor.
    pub floor: Option<i64>,
    /// The flat as on the door.
    pub flat: Option<String>,
}

/// The words after a number that say what it is, the longer ones first.
const MARKS: &[(&str, Mark)] = &[
    ("号楼", Mark::Building),
    ("#楼", Mark::Building),
    ("单元", Mark::Stairwell),
    ("幢", Mark::Building),
    ("栋", Mark::Building),
    ("座", Mark::Building),
    ("#", Mark::Number),
    ("梯", Mark::Stairwell),
    ("门", Mark::Stairwell),
    ("楼", Mark::Storey),
    ("层", Mark::Floor),
    ("室", Mark::Flat),
    ("房", Mark::Flat),
    ("户", Mark::Flat),
    ("号", Mark::Number),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Building,
    Stairwell,
    Floor,
    Flat,
    /// 楼: the building before one is known, then the floor.
    Storey,
    /// 号: a house in a street, a building (3号501室), or a flat (3幢501号).
    Number,
    /// Nothing but a hyphen, a blank or the end.
    Bare,
}

/// One number or word with its mark.
#[derive(Debug)]
struct Part {
    word: String,
    mark: Mark,
}

/// Longest address, in bytes: what is longer is none, and looking for one in it would take ages.
const LONGEST: usize = 600;

/// Reads an address; `None` when no flat can be made out.
pub fn place(text: &str) -> Option<Place> {
    if text.len() > LONGEST {
        return None;
    }
    let text: String = narrow(text).chars().map(|c| if "—–－―_~".contains(c) { '-' } else { c }).collect();
    // 3幢501（出租） is a door and a remark.
    let text = text.split('(').next().unwrap_or_default();
    let (street, parts) = split(text.trim())?;
    let mut place = Place { street, ..Place::default() };
    let mut rest: Vec<&Part> = Vec::new();
    let marked = |mark: Mark| parts.iter().any(|part| part.mark == mark);
    let has_building = marked(Mark::Building);
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        match part.mark {
            Mark::Building => place.building = Some(part.word.clone()),
            Mark::Stairwell => place.stairwell = Some(number(&part.word)?),
            Mark::Floor => place.floor = number(&part.word),
            Mark::Flat => place.flat = Some(part.word.clone()),
            Mark::Storey if has_building || place.building.is_some() => place.floor = number(&part.word),
            Mark::Storey => place.building = Some(part.word.clone()),
            Mark::Number if has_building || place.building.is_some() => place.flat = Some(part.word.clone()),
            // 中山路12号 alone is a house, and no flat of it is named.
            Mark::Number if last => return None,
            Mark::Number => place.building = Some(part.word.clone()),
            Mark::Bare => rest.push(part),
        }
    }
    // What has no mark is, from the end: flat, stairwell, building.
    if place.flat.is_none() {
        place.flat = Some(rest.pop()?.word.clone());
    }
    if place.stairwell.is_none() && (place.building.is_some() || rest.len() > 1) {
        place.stairwell = match rest.pop() {
            Some(part) => Some(number(&part.word)?),
            None => None,
        };
    }
    if place.building.is_none() {
        place.building = rest.pop().map(|part| part.word.clone());
    }
    rest.is_empty().then_some(place)
}

/// The street, and the numbers with their marks after it; `None` when something unknown stands behind the building.
fn split(text: &str) -> Option<(String, Vec<Part>)> {
    let chars: Vec<char> = text.chars().collect();
    let (mut parts, mut street_end, mut at): (Vec<Part>, _, _) = (Vec::new(), 0, 0);
    while at < chars.len() {
        if is_between(chars[at]) {
            // A basement: -1层.
            let minus = chars[at] == '-' && (at == 0 || !chars[at - 1].is_alphanumeric());
            if !(minus && chars.get(at + 1).is_some_and(char::is_ascii_digit) && !parts.is_empty()) {
                at += 1;
                continue;
            }
        }
        let end = word(&chars, at);
        let mark = MARKS.iter().find(|(mark, _)| chars[end..].iter().collect::<String>().starts_with(mark));
        let numeric = end > at;
        match mark {
            Some((sign, mark)) if numeric => {
                // 12号3幢 and 3弄2号楼: what came before a building is the street.
                let house =
                    *mark == Mark::Building && parts.iter().all(|p| matches!(p.mark, Mark::Number | Mark::Storey));
                if house && !parts.is_empty() {
                    parts.clear();
                    street_end = at;
                }
                parts.push(Part { word: plain(&chars[at..end]), mark: *mark });
                at = end + sign.chars().count();
            }
            _ if numeric && (end == chars.len() || is_between(chars[end])) => {
                parts.push(Part { word: plain(&chars[at..end]), mark: Mark::Bare });
                at = end;
            }
            _ if parts.iter().any(|part| part.mark == Mark::Building) => return None,
            // Any other sign is of a street's name: all before it is too.
            _ => {
                at = if numeric { end } else { at + 1 };
                parts.clear();
                street_end = at;
            }
        }
    }
    let street: String = chars[..street_end].iter().collect();
    Some((street.trim_matches(is_between).to_owned(), parts))
}

/// What separates the parts of an address.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "-,、./\\".contains(c)
}

/// Where the number or letter that begins at `at` ends; `at` itself when none does.
fn word(chars: &[char], at: usize) -> usize {
    let from = if chars[at] == '-' { at + 1 } else { at };
    let is_count = |c: char| "一二三四五六七八九十甲乙丙丁".contains(c);
    let run = |is: &dyn Fn(char) -> bool| from + chars[from..].iter().take_while(|c| is(**c)).count();
    let end = run(&|c| c.is_ascii_alphanumeric());
    if end > from {
        return end;
    }
    let end = run(&is_count);
    // 三 counts only before a mark: 三香路 is a street.
    let rest: String = chars[end..].iter().take(2).collect();
    if end > from && MARKS.iter().any(|(mark, _)| rest.starts_with(mark)) { end } else { at }
}

/// The word as it is compared: Chinese numbers as digits, but for 甲乙丙丁.
fn plain(chars: &[char]) -> String {
    let word: String = chars.iter().collect();
    let is_number = chars.iter().all(|c| "一二三四五六七八九十".contains(*c));
    match counted(&word).filter(|_| is_number) {
        Some(number) => number.to_string(),
        None => word.to_ascii_uppercase(),
    }
}

fn number(word: &str) -> Option<i64> {
    word.parse().ok().or_else(|| counted(word))
}

/// Buildings that a title names: 桂花新村3幢居民花名册.
pub fn buildings_in(text: &str) -> Vec<String> {
    let chars: Vec<char> = narrow(text).chars().take(LONGEST).collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let end = if is_between(chars[at]) { at } else { word(&chars, at) };
        let rest: String = chars[end..].iter().take(2).collect();
        if end > at && ["幢", "栋", "号楼", "#楼", "座"].iter().any(|mark| rest.starts_with(mark)) {
            found.push(plain(&chars[at..end]));
        }
        at = end.max(at + 1);
    }
    found
}

/// A building's name for comparing: `3幢`, `3号楼`, `3栋` and `03` are the same.
pub fn building_key(name: &str) -> String {
    let folded = fold(name);
    let mut key = folded.as_str();
    for mark in ["号楼", "幢", "栋", "座", "楼", "号"] {
        key = key.strip_suffix(mark).filter(|rest| !rest.is_empty()).unwrap_or(key);
    }
    let key = key.strip_prefix('第').unwrap_or(key);
    let is_number = key.chars().all(|c| "一二三四五六七八九十".contains(c));
    match counted(key).filter(|_| is_number) {
        Some(number) => number.to_string(),
        None => key.trim_start_matches('0').to_owned(),
    }
}

/// A flat's name for comparing: `501室`, `０５０１` and `501` are the same.
pub fn flat_key(flat: &str) -> String {
    let minus = narrow(flat).trim().starts_with('-');
    let folded = fold(flat);
    let key = folded.trim_end_matches(['室', '号', '房', '户']);
    format!("{}{}", if minus { "-" } else { "" }, key.trim_start_matches('0'))
}

/// The floor in a flat's number: 501 is on the fifth, 1203 on the twelfth; `None` when it does not say.
pub fn floor_of(flat: &str) -> Option<i64> {
    let flat = narrow(flat);
    let digits: String = flat.trim().chars().take_while(char::is_ascii_digit).collect();
    match digits.len() {
        3 | 4 => digits[..digits.len() - 2].parse().ok().filter(|floor| *floor > 0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Option<String>, Option<i64>, Option<i64>, Option<String>) {
        let place = place(text).unwrap_or_else(|| panic!("{text}"));
        (place.street, place.building, place.stairwell, place.floor, place.flat)
    }

    fn door(
        street: &str,
        building: &str,
        stairwell: Option<i64>,
        flat: &str,
    ) -> (String, Option<String>, Option<i64>, Option<i64>, Option<String>) {
        (street.into(), Some(building.into()), stairwell, None, Some(flat.into()))
    }

    #[test]
    fn doors_are_read_however_they_are_written() {
        for text in [
            "3幢2单元501",
            "3幢2单元501室",
            "3-2-501",
            "３－２－５０１",
            "3栋2单元501号",
            "3号楼2单元501",
            "3#2单元501室",
            "三幢二单元501室",
            "3幢，2单元，501（出租）",
            "3幢2-501",
            "3 - 2 - 501室",
            "3幢乙单元501",
            "3座2梯501房",
            "3楼2单元501",
        ] {
            assert_eq!(read(text), door("", "3", Some(2), "501"), "{text}");
        }
        for text in ["3栋501室", "3-501", "3幢501", "3号501室", "3#501"] {
            assert_eq!(read(text), door("", "3", None, "501"), "{text}");
        }
        assert_eq!(read("A座1203"), door("", "A", None, "1203"));
        assert_eq!(read("3幢2单元5A"), door("", "3", Some(2), "5A"));
    }

    #[test]
    fn a_street_before_the_door_is_kept_apart() {
        assert_eq!(
            read("苏州市工业园区桂花路12号3幢2单元501室"),
            door("苏州市工业园区桂花路12号", "3", Some(2), "501")
        );
        assert_eq!(read("桂花新村3-2-501"), door("桂花新村", "3", Some(2), "501"));
        assert_eq!(read("三香路8号 3幢501"), door("三香路8号", "3", None, "501"));
        assert_eq!(read("中山北路100弄3号501室"), door("中山北路100弄", "3", None, "501"));
        assert_eq!(read("桂花新村一区3幢2单元501"), door("桂花新村一区", "3", Some(2), "501"));
    }

    #[test]
    fn a_floor_in_the_address_is_taken() {
        let place = place("3幢2单元5楼501").unwrap();
        assert_eq!((place.floor, place.flat.as_deref()), (Some(5), Some("501")));
        assert_eq!(place.building.as_deref(), Some("3"));
    }

    #[test]
    fn what_names_no_flat_is_not_guessed_at() {
        for text in ["中山路12号", "桂花新村", "", "3幢2单元", "3幢东单元501", "1-2-3-4-5"] {
            assert_eq!(place(text), None, "{text}");
        }
    }

    #[test]
    fn names_of_buildings_and_flats_are_compared_by_what_they_mean() {
        for name in ["3幢", "3号楼", "3栋", "03", "三幢", "第3幢", "３幢"] {
            assert_eq!(building_key(name), "3", "{name}");
        }
        assert_ne!(building_key("13幢"), building_key("3幢"));
        assert_eq!(building_key("东楼"), "东");
        assert_eq!([flat_key("501室"), flat_key("0501"), flat_key("５０１")], ["501", "501", "501"]);
        assert_ne!(flat_key("-101"), flat_key("101"));
        assert_eq!(
            [floor_of("501"), floor_of("1203"), floor_of("12"), floor_of("东")],
            [Some(5), Some(12), None, None]
        );
    }
}
