//! What is offered where one record is chosen: first what the form is about, then what was searched for.

use std::collections::HashSet;

use records::{Kind, Pack, RecordId};
use sync::{Record, book::Book};

use super::gone::Departed;

/// What is offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// What the form's other answers point at or are pointed at by: who lives in the flat that it is about.
    pub near: Vec<RecordId>,
    /// The others.
    pub others: Vec<RecordId>,
    /// There are others, but ten thousand of them: they are to be searched for.
    pub waits: bool,
}

/// What is searched for.
pub enum Sought<'s> {
    /// Nothing yet.
    All,
    /// These, the best first.
    Found(&'s [RecordId]),
    /// Those that say so.
    Saying(&'s dyn Fn(&Record) -> bool),
}

/// At most `most` records of a kind, for a form whose answers point at `links`. Who is no longer here is offered only when
/// searched for, and after the others.
pub fn offer(
    pack: &Pack,
    book: &Book,
    kind: &Kind,
    links: &[RecordId],
    sought: &Sought<'_>,
    departed: &Departed<'_>,
    most: usize,
) -> Offer {
    let is_offered = |record: &&Record| record.kind == *kind.name && !record.is_void();
    let is_here = |record: &&Record| !departed.has(record);
    let here_first = |records: Vec<&Record>| -> Vec<RecordId> {
        let (here, gone): (Vec<&Record>, Vec<&Record>) = records.into_iter().partition(is_here);
        here.into_iter().chain(gone).map(|record| record.id).take(most).collect()
    };
    let mut seen = HashSet::new();
    let pointed = |link: &RecordId| {
        let ends = book.get(*link).into_iter().flat_map(|from| from.names().filter_map(|name| from.link(name)));
        ends.filter_map(|id| book.get(id)).collect::<Vec<_>>()
    };
    let near = links.iter().flat_map(|link| book.pointing_at(*link).chain(pointed(link)));
    let near: Vec<&Record> = near.filter(is_offered).filter(|record| seen.insert(record.id)).collect();
    let is_far = |record: &&Record| !seen.contains(&record.id);
    let many = pack.screens.doors.as_ref();
    let waits = many.is_some_and(|doors| [&doors.person, &doors.household].contains(&&kind.name));
    match sought {
        Sought::All => {
            let all = book.of_kind(&kind.name).filter(is_offered).filter(is_far).filter(is_here);
            Offer {
                near: here_first(near.into_iter().filter(is_here).collect()),
                others: all.map(|record| record.id).take(if waits { 0 } else { most }).collect(),
                waits,
            }
        }
        Sought::Found(found) => {
            let order = |record: &&Record| found.iter().position(|id| *id == record.id);
            let mut near: Vec<&Record> = near.into_iter().filter(|record| order(record).is_some()).collect();
            near.sort_by_key(order);
            let others = found.iter().filter_map(|id| book.get(*id)).filter(is_offered).filter(is_far);
            Offer { near: here_first(near), others: here_first(others.collect()), waits: false }
        }
        Sought::Saying(says) => {
            let others = book.of_kind(&kind.name).filter(is_offered).filter(is_far).filter(|record| says(record));
            let near = near.into_iter().filter(|record| says(record)).collect();
            Offer { near: here_first(near), others: here_first(others.collect()), waits: false }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::made::{Made, at, today};

    #[test]
    fn who_lives_in_the_flat_is_offered_and_nobody_else_until_something_is_typed() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let (home, other) = (made.household(building, 1, 5, "501"), made.household(building, 1, 5, "502"));
        let [dead, wife, son] = ["倪林良", "王芳", "倪小明"].map(|name| made.person(home, name, ""));
        let namesake = made.person(other, "王芳", "");
        made.set(dead, "state", "deceased".into(), at(50));
        made.set(son, "_void", "写错了".into(), at(51));
        let pack = Pack::community();
        let departed = Departed::new(&pack, &made.book, today());
        let offered = |kind: &str, links: &[RecordId], sought: &Sought<'_>| {
            offer(&pack, &made.book, pack.kind(kind).expect("a kind"), links, sought, &departed, 50)
        };
        let waiting = |near: &[RecordId]| Offer { near: near.to_vec(), others: Vec::new(), waits: true };
        assert_eq!(offered("person", &[home], &Sought::All), waiting(&[wife]));
        assert_eq!(offered("person", &[], &Sought::All), waiting(&[]));
        assert_eq!(offered("household", &[wife], &Sought::All), waiting(&[home]), "where who was chosen lives");
        assert_eq!(offered("household", &[building], &Sought::All), waiting(&[home, other]));
        let found = |near: &[RecordId], others: &[RecordId]| Offer {
            near: near.to_vec(),
            others: others.to_vec(),
            waits: false,
        };
        assert_eq!(
            offered("person", &[home], &Sought::Found(&[namesake, dead, wife])),
            found(&[wife, dead], &[namesake])
        );
        assert_eq!(offered("person", &[], &Sought::Found(&[dead, namesake])), found(&[], &[namesake, dead]));
    }

    #[test]
    fn what_there_are_few_of_is_listed_without_what_has_ended() {
        let mut made = Made::default();
        let team = made.record("team", json!({"name": "交谊舞协会"}));
        let ended = made.record("team", json!({"name": "腰鼓队", "until": "2026-10-01"}));
        let pack = Pack::community();
        let departed = Departed::new(&pack, &made.book, today());
        let kind = pack.kind("team").expect("teams");
        let offered = |sought: &Sought<'_>| offer(&pack, &made.book, kind, &[], sought, &departed, 50).others;
        assert_eq!(offered(&Sought::All), [team]);
        assert_eq!(offered(&Sought::Found(&[ended])), [ended]);
        assert_eq!(offered(&Sought::Saying(&|record| record.id == ended)), [ended]);
    }
}
