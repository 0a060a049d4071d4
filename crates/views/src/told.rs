//! What a figure counts, in words.

use records::{
    Lang, Pack,
    pack::{Indicator, Measure},
};

/// A sentence: over which records, and what is done with them. The label says which of them.
pub fn how(pack: &Pack, indicator: &Indicator, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let kind = pack.kind(&indicator.kind);
    let of = kind.map(|kind| kind.label.get(lang)).unwrap_or_default();
    let named =
        |field: &str| kind.and_then(|kind| kind.field(field)).map_or(field, |field| field.label.get(lang)).to_owned();
    let label = |name: &str| pack.indicator(name).map_or(name, |other| other.label.get(lang)).to_owned();
    // The filter is written for machines; that there is one is said, which one the label says.
    let records = match (indicator.filter.is_some(), zh) {
        (true, true) => format!("“{of}”里属于这一项的记录"),
        (true, false) => format!("the records of “{of}” that belong here"),
        (false, true) => format!("“{of}”的记录"),
        (false, false) => format!("the records of “{of}”"),
    };
    let words = match (&indicator.measure, zh) {
        (Measure::Count, true) => format!("{records}，一条算一次"),
        (Measure::Count, false) => format!("Counts {records}"),
        (Measure::Sum(field), true) => format!("把{records}里的“{}”加起来", named(field)),
        (Measure::Sum(field), false) => format!("Adds up “{}” of {records}", named(field)),
        (Measure::Distinct(path), zh) => {
            let end = kind.and_then(|kind| pack.end_of(kind, path)).map_or("", |field| field.label.get(lang));
            match zh {
                true => format!("从{records}里数“{end}”，同一个只数一次"),
                false => format!("Counts “{end}” in {records}, each once"),
            }
        }
        (Measure::Min(field), true) => format!("{records}里“{}”最小的一个", named(field)),
        (Measure::Min(field), false) => format!("The smallest “{}” in {records}", named(field)),
        (Measure::Max(field), true) => format!("{records}里“{}”最大的一个", named(field)),
        (Measure::Max(field), false) => format!("The largest “{}” in {records}", named(field)),
        (Measure::Rate(part, whole), true) => {
            format!("“{}”占“{}”的比例，只留一位小数，多出的舍去", label(part), label(whole))
        }
        (Measure::Rate(part, whole), false) => {
            format!("“{}” as a share of “{}”, cut after one decimal place", label(part), label(whole))
        }
    };
    match (indicator.standing, zh) {
        (true, true) => format!("{words}，按这段时间最后一天的情况。作废的不算。"),
        (true, false) => format!("{words}, as of the last day. Those taken back do not count."),
        (false, true) => format!("{words}。作废的不算。"),
        (false, false) => format!("{words}. Those taken back do not count."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_what_it_counts_by_the_pack_s_own_words() {
        let pack = Pack::community();
        let told = |name: &str, lang| how(&pack, pack.indicator(name).unwrap(), lang);
        assert_eq!(told("mediation.cases", Lang::Zh), "“调解”的记录，一条算一次。作废的不算。");
        assert!(told("mediation.settled", Lang::Zh).starts_with("“调解”里属于这一项的记录"));
        assert_eq!(
            told("mediation.settled_rate", Lang::En),
            "“Cases settled” as a share of “Mediation cases”, cut after one decimal place. Those taken back do not count."
        );
    }

    #[test]
    fn every_figure_of_the_pack_can_be_told_in_both_languages() {
        let pack = Pack::community();
        for indicator in &pack.indicators {
            for lang in [Lang::Zh, Lang::En] {
                let words = how(&pack, indicator, lang);
                assert!(!words.contains("“”"), "{}: {words}", indicator.name);
            }
        }
    }
}
