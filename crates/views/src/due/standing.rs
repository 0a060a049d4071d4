//! What is due, kept while records change: after one change only those it is about are looked at again.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use records::{Pack, RecordId, pack::Nature};
use sync::{Record, book::Book};

use super::{Asker, Dated, DueItem, dated, in_order, without_days};
use crate::when::{Which, which};

/// When so many records would have to be looked at for what has changed, all are.
const MANY: usize = 20_000;

/// What is due, as of a moment of the book.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Of whom and when it is true: the pack, the day, days ahead, the account, its post, all rules.
    of: Option<Of>,
    moment: u64,
    items: Dated,
}

type Of = (Which, Date, i32, String, String, bool);

impl Standing {
    /// What [`due`](super::due) says now.
    pub fn now(&mut self, pack: &Pack, book: &Book, today: Date, horizon: i32, asker: Asker<'_>) -> Vec<DueItem> {
        let user = asker.user;
        let of = Some((which(pack), today, horizon, user.name.to_owned(), user.post.to_owned(), asker.all));
        let touched = book.touched_since(self.moment).filter(|_| of == self.of);
        let among = touched.and_then(|touched| Among::of(pack, book, touched));
        let looked = |of_kind: &dyn Fn(&str) -> Vec<_>| dated(pack, book, today, horizon, asker, of_kind);
        match among {
            Some(among) => {
                self.items.retain(|(_, item)| !among.subjects.contains(&item.about));
                let anew = looked(&|kind| among.records.get(kind).cloned().unwrap_or_default());
                self.items.extend(anew.into_iter().filter(|(_, item)| among.subjects.contains(&item.about)));
            }
            None => self.items = looked(&|kind| book.of_kind(kind).collect()),
        }
        self.items = in_order(std::mem::take(&mut self.items));
        (self.of, self.moment) = (of, book.moment());
        without_days(self.items.clone())
    }
}

/// Those that changes may have made due or not, with all that decides it.
struct Among<'b> {
    subjects: HashSet<RecordId>,
    records: HashMap<&'b str, Vec<&'b Record>>,
}

impl<'b> Among<'b> {
    /// What was touched, and whoever of the register belongs to it: a visit that names nobody was to the whole household.
    fn of(pack: &Pack, book: &'b Book, touched: &[RecordId]) -> Option<Self> {
        let is_entry = |record: &&Record| pack.kind(&record.kind).is_some_and(|kind| kind.nature == Nature::Register);
        let touched: HashSet<RecordId> = touched.iter().copied().collect();
        let belonging = touched.iter().flat_map(|id| book.pointing_at(*id).filter(is_entry).map(|record| record.id));
        let subjects: HashSet<RecordId> = belonging.chain(touched.iter().copied()).collect();
        let mut records: HashMap<&str, Vec<&Record>> = HashMap::new();
        let all = subjects.iter().flat_map(|id| book.get(*id).into_iter().chain(book.pointing_at(*id)));
        for (count, record) in all.enumerate() {
            if count > MANY {
                return None;
            }
            records.entry(record.kind.as_str()).or_default().push(record);
        }
        Some(Self { subjects, records })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use records::User;
    use serde_json::json;

    use super::*;
    use crate::{
        due::due,
        made::{Made, at, today},
    };

    const ASKER: Asker<'_> = Asker { user: User { name: "chen", post: "civil_affairs" }, all: true };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Whatever is done, and however much of it at once, it says what one says who looks at everything.
        #[test]
        fn it_says_what_all_records_say(acts in proptest::collection::vec((0usize..9, 0usize..6, 0u64..40, 1usize..4), 1..40)) {
            let pack = Pack::community();
            let mut made = Made::default();
            let building = made.building("3幢");
            let homes: Vec<_> = (0..3).map(|n| made.household(building, 1, n, &format!("{n}01"))).collect();
            let mut people: Vec<_> = (0..6).map(|n| made.person(homes[n % 3], &format!("王{n}"), "")).collect();
            let mut visits = Vec::new();
            let mut standing = Standing::default();
            for (n, (act, who, day, often)) in acts.into_iter().enumerate() {
                let date = |days: u64| format!("2026-{:02}-{:02}", 10 + days / 28, 1 + days % 28);
                let (second, who) = (100 + n as u64, who % people.len());
                match act {
                    0 => visits.push(made.visit(homes[who % 3], Some(people[who]), &date(day), Some(&date(day + 9)))),
                    1 => visits.push(made.visit(homes[who % 3], None, &date(day), None)),
                    2 => made.set(people[who], "labels", json!(["elder_alone"]), at(second)),
                    3 => made.set(people[who], "household", json!(homes[day as usize % 3].to_string()), at(second)),
                    4 if !visits.is_empty() => {
                        made.set(visits[who % visits.len()], "_void", "写错了".into(), at(second));
                    }
                    6 => made.set(people[who], "state", json!(["deceased", "moved", "living_here"][day as usize % 3]), at(second)),
                    7 => {
                        let permit = json!({"person": people[who], "origin": "安徽", "permit_until": date(day)});
                        made.record("migrant", permit);
                    }
                    5 => people.push(made.person(homes[who % 3], "李新", "")),
                    _ => made.set(people[who], "_void", "写错了".into(), at(second)),
                }
                if n % often == 0 {
                    let anew = due(&pack, &made.book, today(), 7, ASKER);
                    prop_assert_eq!(standing.now(&pack, &made.book, today(), 7, ASKER), anew);
                }
            }
        }
    }
}
