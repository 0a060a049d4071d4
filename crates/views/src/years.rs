//! Which years there is something to count of.

use std::collections::{BTreeMap, BTreeSet};

use records::{Kind, Pack, pack::Nature};
use sync::{Record, book::Book};

/// Kinds that figures count.
fn counted(pack: &Pack) -> impl Iterator<Item = &Kind> {
    let names: BTreeSet<&String> = pack.indicators.iter().map(|indicator| &indicator.kind).collect();
    names.into_iter().filter_map(|name| pack.kind(name))
}

/// How many records that figures count each year has.
pub fn counted_years(pack: &Pack, book: &Book) -> BTreeMap<i16, usize> {
    let mut years = BTreeMap::new();
    for kind in counted(pack).filter(|kind| kind.nature == Nature::Fact) {
        let Some(date) = &kind.date else { continue };
        let year = |record: &Record| record.text(date)?.get(..4)?.parse().ok();
        book.of_kind(&kind.name).filter_map(year).for_each(|year| *years.entry(year).or_default() += 1);
    }
    years
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::Made;

    #[test]
    fn years_are_those_of_counted_records() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        for day in ["2009-02-01", "2009-05-01", "2026-01-01"] {
            made.visit(home, None, day, None);
        }
        assert_eq!(counted_years(&Pack::community(), &made.book), BTreeMap::from([(2009, 2), (2026, 1)]));
    }
}
