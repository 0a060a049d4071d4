//! More years like the first, for trying what ten years of records are: everything that happened in 2009 happens again, on
//! the same day of a later year, to the same people. The register itself goes on as it is: nobody grows up or moves.

use std::collections::HashMap;

use jiff::{Span, civil::Date};
use records::{Fields, RecordId, Value};

use super::{act::Act, calendar::days_between, dice::Dice, tablet::day_of};

/// The year that is made up.
const FIRST: i16 = 2009;
/// The most years: the last must be over before anyone looks at it.
pub const MOST: usize = 15;
/// What happens and is over. Teams, members, people from elsewhere and such are there once and stay.
const HAPPENS: &[&str] = &[
    "activity",
    "aid",
    "attendance",
    "handout",
    "incident",
    "mediation",
    "patrol",
    "planning",
    "referral",
    "service",
    "talk",
    "task",
    "works",
];
const DAY: u64 = 24 * 60 * 60 * 1000;

/// The acts of the years after the first, up to `years` in all.
pub fn later(dice: &Dice, acts: &[Act], years: usize) -> Vec<Act> {
    // A record's first act says when it happened; what is done to it later comes along.
    let mut begun: HashMap<RecordId, u64> = HashMap::new();
    for act in acts.iter().filter(|act| HAPPENS.contains(&act.kind)) {
        let at = begun.entry(act.record).or_insert(act.at);
        *at = act.at.min(*at);
    }
    begun.retain(|_, at| day_of(*at).year() == FIRST);
    let mut all = Vec::new();
    for ahead in 1..i16::try_from(years).unwrap_or(1) {
        let mut dice = dice.of(&format!("year {ahead}"));
        let mut anew = HashMap::new();
        // In the acts' order, which is the same every time; the map's is not.
        for act in acts.iter().filter(|act| begun.contains_key(&act.record)) {
            anew.entry(act.record).or_insert_with(|| dice.uuid(shifted(begun[&act.record], ahead)));
        }
        let again = acts.iter().filter_map(|act| {
            let answers: Fields =
                act.answers.iter().map(|(name, value)| (name.clone(), turned(value, ahead, &anew))).collect();
            Some(Act { at: shifted(act.at, ahead), record: *anew.get(&act.record)?, answers, ..act.clone() })
        });
        all.extend(again);
    }
    all
}

/// The same time of the same day, so many years later.
fn shifted(at: u64, ahead: i16) -> u64 {
    let day = day_of(at);
    at + days_between(day, year_on(day, ahead)).cast_unsigned() * DAY
}

fn year_on(day: Date, ahead: i16) -> Date {
    day.checked_add(Span::new().years(ahead)).unwrap_or(day)
}

/// An answer so many years later: dates of the year move along, and who was pointed at is the one of that year.
fn turned(value: &Value, ahead: i16, anew: &HashMap<RecordId, RecordId>) -> Value {
    match value {
        Value::String(text) => Value::String(turned_text(text, ahead, anew).unwrap_or_else(|| text.clone())),
        Value::Array(items) => items.iter().map(|item| turned(item, ahead, anew)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), turned(value, ahead, anew))).collect())
        }
        other => other.clone(),
    }
}

fn turned_text(text: &str, ahead: i16, anew: &HashMap<RecordId, RecordId>) -> Option<String> {
    if text.len() == 36 {
        return anew.get(&text.parse().ok()?).map(ToString::to_string);
    }
    let (day, rest) = text.split_at_checked(10)?;
    let day: Date = day.parse().ok()?;
    let is_near = (FIRST - 1..=FIRST + 1).contains(&day.year()) && (rest.is_empty() || rest.starts_with('T'));
    is_near.then(|| format!("{}{rest}", year_on(day, ahead)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::demo::{
        act,
        calendar::{millis, moved},
    };

    #[test]
    fn a_year_comes_again_with_its_dates_and_pointers_and_nothing_else() {
        let mut dice = Dice::new(1);
        let at = millis(date(2009, 3, 2), 600, 0);
        let works = act::record(&mut dice, at, "a", "works").with("date", "2009-03-02").with("what", "修2009年的灯");
        let task = act::record(&mut dice, at + DAY, "a", "task").with("from", works.record.to_string());
        let old = act::record(&mut dice, millis(date(2008, 12, 30), 600, 0), "a", "service").with("date", "2008-12-30");
        let team = act::record(&mut dice, at, "a", "team").with("name", "合唱队");
        let acts = [works.clone(), task, old, team, works.void(millis(date(2010, 1, 5), 600, 0), "记重了")];
        let later = later(&dice, &acts, 3);
        assert_eq!(later.len(), 6, "two works taken back, two tasks");
        let first = &later[0];
        assert_eq!((day_of(first.at), &first.answers["date"]), (date(2010, 3, 2), &"2010-03-02".into()));
        assert_eq!(first.answers["what"], works.answers["what"]);
        assert_ne!(first.record, works.record);
        assert_eq!(later[1].answers["from"], first.record.to_string());
        assert_eq!((later[2].record, day_of(later[2].at)), (first.record, date(2011, 1, 5)));
        assert_eq!(day_of(later[3].at), date(2011, 3, 2));
        assert_eq!(moved(day_of(at), 365), day_of(first.at));
        assert_eq!(super::later(&dice, &acts, 1), []);
    }
}
