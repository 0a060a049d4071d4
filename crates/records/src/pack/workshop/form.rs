//! A whole form that comes from elsewhere, such as a workbook: of one in force only what is other about it.

use std::collections::{BTreeMap, BTreeSet};

use super::Edit;
use crate::pack::{Choice, Kind, Pack};

/// The edits that make a pack's kind of this name this one, with these choice lists; none when it is so already. Questions
/// and choices that it lacks stay as they are. `posts` may read and write it if it is new, beside those that see the report.
pub fn form(pack: &Pack, kind: &Kind, choices: &BTreeMap<String, Vec<Choice>>, posts: &[String]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (list, now) in choices {
        let was = pack.choices.get(list).map_or(&[][..], |was| was);
        let put = |(after, choice)| Edit::Choice { list: list.clone(), after, choice };
        let ((was, twins), (now, more)) = (apart(was), apart(now));
        edits.extend(other(&was, &now, |choice| &choice.name).into_iter().map(put));
        let new = more.into_iter().filter(|choice| !twins.contains(choice));
        edits.extend(new.map(|choice| put((Some(choice.name.clone()), choice))));
    }
    let Some(was) = pack.kind(&kind.name) else {
        edits.push(Edit::Kind { kind: Box::new(kind.clone()), posts: posts.to_vec() });
        return edits;
    };
    let head = Kind { fields: Vec::new(), ..kind.clone() };
    if head != (Kind { fields: Vec::new(), ..was.clone() }) {
        edits.push(Edit::Head(Box::new(head)));
    }
    let put = |(after, field)| Edit::Field { kind: kind.name.clone(), after, field: Box::new(field) };
    edits.extend(other(&was.fields, &kind.fields, |field| &field.name).into_iter().map(put));
    edits
}

/// Choices, the first of each name and those that stand beside one of theirs, in other branches of a cascade.
fn apart(choices: &[Choice]) -> (Vec<Choice>, Vec<Choice>) {
    let mut names = BTreeSet::new();
    choices.iter().cloned().partition(|choice| names.insert(choice.name.clone()))
}

/// What is new, other or elsewhere in `now`, in its order; with what it comes after, where it does not stay in its place.
fn other<T: Clone + PartialEq>(was: &[T], now: &[T], name: fn(&T) -> &String) -> Vec<(Option<String>, T)> {
    let places: BTreeMap<&String, usize> = was.iter().enumerate().map(|(at, one)| (name(one), at)).collect();
    let there: Vec<Option<usize>> = now.iter().map(|one| places.get(name(one)).copied()).collect();
    let stays = rising(&there);
    let mut put = Vec::new();
    let mut before = String::new();
    for (at, one) in now.iter().enumerate() {
        let old = there[at].map(|place| &was[place]);
        if !stays[at] {
            put.push((Some(before), one.clone()));
        } else if old != Some(one) {
            put.push((None, one.clone()));
        }
        before = name(one).clone();
    }
    put
}

/// Which of these numbers belong to the longest run that only grows: what need not move when all come to stand as they do.
fn rising(numbers: &[Option<usize>]) -> Vec<bool> {
    // The last of the best run of each length, and what each comes after.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let Some(number) = number else { continue };
        let length = ends.partition_point(|end| numbers[*end].is_some_and(|last| last < *number));
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut is_in = vec![false; numbers.len()];
    let mut at = ends.last().copied();
    while let Some(place) = at {
        is_in[place] = true;
        at = before[place];
    }
    is_in
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_little_moves_as_can() {
        let moved = |was: &[&str], now: &[&str]| -> Vec<String> {
            let own = |all: &[&str]| all.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
            let put = other(&own(was), &own(now), |name| name);
            put.into_iter().map(|(after, one)| format!("{one}<{}", after.unwrap_or("=".into()))).collect()
        };
        assert_eq!(moved(&["a", "b", "c"], &["a", "b", "c"]), [""; 0]);
        assert_eq!(moved(&["a", "b", "c"], &["b", "c", "a"]), ["a<c"]);
        assert_eq!(moved(&["a", "b", "c"], &["c", "a", "b"]), ["c<"]);
        assert_eq!(moved(&["a", "b", "c"], &["a", "new", "c"]), ["new<a"]);
        assert_eq!(moved(&[], &["a", "b"]), ["a<", "b<a"]);
    }
}
