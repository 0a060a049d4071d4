//! Doors by their numbers, and how well a number fits one.

use super::phrase::Ask;

/// How well an unmarked digit inside a telephone or a paper fits; numbers of doors come before.
const INSIDE: u8 = 4;
/// The last digits of one.
const LAST: u8 = 3;
/// How well something fits that is written elsewhere than in the door's own numbers.
pub const ELSEWHERE: u8 = 2;
/// Fewer last digits than these say nothing.
const TELLING: usize = 3;

/// Where a door is, each as said on it; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    pub building: String,
    pub stairwell: String,
    pub floor: String,
    pub flat: String,
}

impl Place {
    /// A door; a floor that nobody wrote is read off the flat: 501 is on the fifth.
    pub fn new(building: String, stairwell: String, floor: String, flat: &str) -> Self {
        let flat = flat.trim_end_matches(['室', '号', '房']).trim_start_matches('0').to_lowercase();
        let is_long = flat.len() >= TELLING && flat.bytes().all(|b| b.is_ascii_digit());
        let read = || if is_long { flat[..flat.len() - 2].to_owned() } else { String::new() };
        let floor = Some(floor).filter(|floor| !floor.is_empty()).unwrap_or_else(read);
        Self { building, stairwell, floor, flat }
    }

    /// How well it has what is asked for, 0 the best; `None` when it does not.
    pub fn fits(&self, ask: &Ask) -> Option<u8> {
        let is = |own: &str, asked: &str| !own.is_empty() && own == trimmed(asked);
        let flat = |asked: &str| {
            let asked = trimmed(asked);
            let begins = !asked.is_empty() && self.flat.starts_with(asked);
            begins.then(|| u8::from(self.flat != asked))
        };
        let when = |fits: bool, grade: u8| fits.then_some(grade);
        match ask {
            Ask::Building(number) => when(is(&self.building, number), 0),
            Ask::Stairwell(number) => when(is(&self.stairwell, number), 0),
            // Some call their building so: 12楼.
            Ask::Floor(number) => when(is(&self.floor, number), 0).or(when(is(&self.building, number), ELSEWHERE)),
            Ask::Flat(number) => flat(number),
            Ask::Numbered(number) => when(is(&self.building, number), 0).or_else(|| flat(number)),
            Ask::Number(number) => flat(number).filter(|grade| *grade == 0).or_else(|| {
                let is_any = [&self.building, &self.floor, &self.stairwell].iter().any(|own| is(own, number));
                when(is_any || flat(number).is_some(), 1)
            }),
            Ask::Dashed(segments) => self.dashed(segments, is, flat),
            Ask::Text(_) | Ask::Age(..) => None,
        }
    }

    fn dashed(
        &self,
        segments: &[String],
        is: impl Fn(&str, &str) -> bool,
        flat: impl Fn(&str) -> Option<u8>,
    ) -> Option<u8> {
        match segments {
            [first, last] => {
                let in_building = is(&self.building, first).then(|| flat(last)).flatten();
                let stairwell = is(&self.building, first) && is(&self.stairwell, last);
                let in_stairwell =
                    || is(&self.stairwell, first).then(|| flat(last)).flatten().map(|grade| grade + ELSEWHERE);
                in_building.or(stairwell.then_some(1)).or_else(in_stairwell)
            }
            [.., building, between, last] => {
                let between = match (is(&self.stairwell, between), is(&self.floor, between)) {
                    (true, _) => 0,
                    (_, true) => 1,
                    _ => return None,
                };
                is(&self.building, building).then(|| flat(last)).flatten().map(|grade| grade.max(between))
            }
            _ => None,
        }
    }
}

/// As numbers are compared: `03` is 3.
fn trimmed(number: &str) -> &str {
    let less = number.trim_start_matches('0');
    if less.is_empty() { number } else { less }
}

/// How well digits fit the words of an entry: a whole one, the last digits of one, digits inside one.
pub fn digits(words: &str, digits: &str) -> Option<u8> {
    let places = words.match_indices(digits).map(|(at, _)| at);
    let grade = |at: usize| {
        let begins = at == 0 || words[..at].ends_with(' ');
        let ends = words[at + digits.len()..].chars().next().is_none_or(|c| c == ' ');
        match (begins, ends) {
            (true, true) => 1,
            (_, true) if digits.len() >= TELLING => LAST,
            _ => INSIDE,
        }
    };
    places.map(grade).min()
}

/// How well an age fits; who says 80 may count as one does in the countryside, a year or two more.
pub fn years(age: u8, from: u32, to: u32) -> Option<u8> {
    let age = u32::from(age);
    match (from..=to).contains(&age) {
        true => Some(0),
        false if from == to && age < from && from - age <= 2 => Some(1),
        false => None,
    }
}
