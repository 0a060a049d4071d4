//! When someone was last at each door.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use records::{
    Context, FieldType, NoOthers, Pack, RecordId, User,
    expression::Scope,
    pack::{Doors, Kind},
};
use sync::{Record, book::Book};

use super::Visit;
use crate::when::{Which, when, which};

/// The last visit of every door, kept while records change: after one change only the doors it is about are looked at again.
#[derive(Clone, Debug, Default)]
pub struct Visits {
    /// Of which pack and day it is true.
    of: Option<(Which, Date)>,
    moment: u64,
    last: HashMap<RecordId, Visit>,
}

impl Visits {
    /// As the book stands now.
    pub fn now(&mut self, pack: &Pack, book: &Book, today: Date) -> &HashMap<RecordId, Visit> {
        let of = Some((which(pack), today));
        match book.touched_since(self.moment).filter(|_| of == self.of) {
            Some(touched) => {
                let touched: HashSet<RecordId> = touched.iter().copied().collect();
                let anew = self::of(pack, book, today, touched.iter().copied());
                self.last.retain(|home, _| !touched.contains(home));
                self.last.extend(anew);
            }
            None => {
                let homes = pack.screens.doors.as_ref().map(|doors| book.of_kind(&doors.household));
                self.last = self::of(pack, book, today, homes.into_iter().flatten().map(|home| home.id));
            }
        }
        (self.of, self.moment) = (of, book.moment());
        &self.last
    }
}

/// The last visits of some doors.
pub(super) fn of(
    pack: &Pack,
    book: &Book,
    today: Date,
    homes: impl Iterator<Item = RecordId>,
) -> HashMap<RecordId, Visit> {
    let Some((doors, kind)) = pack.screens.doors.as_ref().and_then(|doors| Some((doors, pack.kind(&doors.visit)?)))
    else {
        return HashMap::new();
    };
    let context = Context { today, user: User::default(), lookup: &NoOthers };
    let household = FieldType::Record(doors.household.clone());
    let at: Vec<&str> = kind.fields.iter().filter(|f| f.r#type == household).map(|f| f.name.as_str()).collect();
    let last = |home: RecordId| {
        let was_here = |record: &&Record| {
            record.kind == *kind.name
                && !record.is_void()
                && at.iter().find_map(|field| record.link(field)) == Some(home)
        };
        let mut visits: Vec<_> =
            book.pointing_at(home).filter(was_here).map(|visit| (when(kind, visit), visit)).collect();
        visits.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        // From the newest back to the first that was a visit: to ask reads the whole record.
        visits.into_iter().rev().find_map(|((day, _), visit)| {
            let (is_visit, nobody) = judge(doors, kind, visit, &context);
            is_visit.then(|| (day.into_owned(), nobody))
        })
    };
    homes.filter_map(|home| Some((home, last(home)?))).collect()
}

/// Whether a record is a visit, and whether it met nobody.
fn judge(doors: &Doors, kind: &Kind, record: &Record, context: &Context<'_>) -> (bool, bool) {
    let fields = record.values();
    let scope = Scope { kind: Some(kind), ..Scope::new(&fields, context) };
    let is_visit = doors.visit_filter.as_ref().is_none_or(|filter| filter.truth(&scope));
    (is_visit, doors.visit_nobody.as_ref().is_some_and(|nobody| nobody.truth(&scope)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{Made, at, today};

    #[test]
    fn after_a_change_it_says_what_all_records_say() {
        let pack = Pack::community();
        let mut made = Made::default();
        let building = made.building("3幢");
        let homes: Vec<_> = (0..3).map(|n| made.household(building, 1, n, &format!("{n}01"))).collect();
        let mut visits = Visits::default();
        let anew = |made: &Made| Visits::default().now(&pack, &made.book, today()).clone();
        assert!(visits.now(&pack, &made.book, today()).is_empty());
        let first = made.visit(homes[0], None, "2026-11-03", None);
        let other = made.visit(homes[1], None, "2026-11-04", None);
        assert_eq!(*visits.now(&pack, &made.book, today()), anew(&made));
        assert_eq!(visits.last.len(), 2);
        made.set(first, "_void", "写错了".into(), at(100));
        made.set(other, "household", homes[2].to_string().into(), at(101));
        assert_eq!(*visits.now(&pack, &made.book, today()), anew(&made));
        assert_eq!(visits.last.keys().copied().collect::<Vec<_>>(), [homes[2]], "taken back, and moved");
    }
}
