//! What the roster page shows, worked out from what the office says: who may import, how columns are understood, what is
//! covered, the counts, and the problems as a table to take along.

use records::{Field, Lang, Pack, Right, csv, identity, words};
use sync::wire::{RosterChoices, RosterCounts, RosterOutcome, RosterPlan, RosterSheet, RosterUpload};

/// Whether a post writes all that a roster writes; the office asks the same.
pub fn may_import(pack: &Pack, post: &str) -> bool {
    let Some(doors) = &pack.screens.doors else { return false };
    let may = |kind: &String| [Right::Read, Right::Write].iter().all(|right| pack.allows(post, kind, *right));
    [&doors.building, &doors.household, &doors.person].into_iter().all(may)
}

/// Whether a kind's records come by rosters.
pub fn is_of_rosters(pack: &Pack, kind: &str) -> bool {
    let doors = pack.screens.doors.as_ref();
    doors.is_some_and(|doors| [&doors.building, &doors.household, &doors.person].into_iter().any(|k| k == kind))
}

/// A sheet as it was guessed.
pub fn guessed(upload: &RosterUpload, sheet: u32, create_buildings: bool) -> RosterChoices {
    let Some(of) = upload.sheets.get(sheet as usize) else { return RosterChoices::default() };
    let columns = of.columns.iter().filter_map(|column| Some((column.index, column.target.clone()?)));
    let (heading_row, columns) = (of.heading_row, columns.collect());
    RosterChoices { sheet, heading_row, columns, create_buildings, prefer_file: false }
}

/// The field that a column fills, for meanings that are one field.
pub fn field<'p>(pack: &'p Pack, target: &str) -> Option<&'p Field> {
    let (kind, field) = target.split_once('.')?;
    // `person/2.phone` is of another person of the row.
    let kind = kind.split_once('/').map_or(kind, |(kind, _)| kind);
    pack.kind(kind)?.field(field)
}

/// A cell as it is shown: covered where its column is private, but for words such as “none”; elsewhere, numbers that could
/// be someone's.
pub fn covered(cell: &str, of: Option<&Field>) -> String {
    let is_number = cell.bytes().filter(u8::is_ascii_digit).count() > 2;
    if is_number && of.is_some_and(words::is_masked) { identity::mask_id(cell) } else { cover_numbers(cell) }
}

/// A text with what could be an ID number or a telephone covered: from seven signs on with six digits, but no dates.
pub fn cover_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let run = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(run);
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let is_date = word.len() == 8 && digits == 8 && (word.starts_with("19") || word.starts_with("20"));
        match word.len() >= 7 && digits >= 6 && !is_date {
            true => out += &identity::mask_id(word),
            false => out += word,
        }
        let between = after.find(|c: char| c.is_ascii_alphanumeric()).unwrap_or(after.len());
        out += &after[..between];
        rest = &after[between..];
    }
    out
}

/// The field of the column a cell stands in.
pub fn field_at<'p>(pack: &'p Pack, choices: &RosterChoices, address: &str) -> Option<&'p Field> {
    field(pack, choices.columns.get(&column(address)?)?)
}

/// The column of an address, counted from 0: `C17` is 2.
fn column(address: &str) -> Option<u32> {
    let letters = address.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.fold(0u32, |n, letter| n.saturating_mul(26).saturating_add(u32::from(letter - b'A') + 1));
    number.checked_sub(1)
}

/// How many of what, by what the pack calls them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Buildings made.
    pub buildings: u32,
    /// Households made.
    pub homes: u32,
    /// People made.
    pub people: u32,
    /// People who are there and are filled up or changed.
    pub known: u32,
    /// Rows that hold nothing new.
    pub unchanged: u32,
    /// Rows that repeat an earlier one.
    pub repeated: u32,
    /// Rows that wait for a problem to be mended.
    pub held: u32,
    /// Rows of nobody.
    pub skipped: u32,
    /// Records written in all.
    pub records: u32,
}

/// The counts of a plan or an import.
pub fn told(pack: &Pack, counts: &RosterCounts) -> Told {
    let Some(doors) = &pack.screens.doors else { return Told::default() };
    let made = |kind: &String| counts.create.get(kind).copied().unwrap_or_default();
    let rows = |outcome| counts.outcomes.get(&outcome).copied().unwrap_or_default();
    Told {
        buildings: made(&doors.building),
        homes: made(&doors.household),
        people: made(&doors.person),
        known: counts.update.get(&doors.person).copied().unwrap_or_default(),
        unchanged: rows(RosterOutcome::Unchanged),
        repeated: rows(RosterOutcome::Repeated),
        held: rows(RosterOutcome::Held),
        skipped: rows(RosterOutcome::Skipped),
        records: counts.create.values().chain(counts.update.values()).sum(),
    }
}

impl Told {
    /// What the red button says; `None` when there is nothing to import.
    pub fn offer(&self, lang: Lang) -> Option<String> {
        let n = |count: u32| words::grouped(count.into());
        let (zh, en) = match *self {
            Self { records: 0, .. } => return None,
            Self { people: 1, .. } => ("导入 1 人".into(), "Import 1 person".into()),
            Self { people, .. } if people > 0 => {
                (format!("导入 {} 人", n(people)), format!("Import {} people", n(people)))
            }
            Self { known: 1, .. } => ("补充 1 人".into(), "Fill up 1 person".into()),
            Self { known, .. } if known > 0 => {
                (format!("补充 {} 人", n(known)), format!("Fill up {} people", n(known)))
            }
            Self { records: 1, .. } => ("导入 1 条".into(), "Import 1 record".into()),
            Self { records, .. } => (format!("导入 {} 条", n(records)), format!("Import {} records", n(records))),
        };
        Some(if lang == Lang::Zh { zh } else { en })
    }

    /// What was written and what was not, in a line; empty for nothing.
    pub fn line(&self, lang: Lang) -> String {
        let part = |count: u32, zh: &str, one: &str, many: &str| {
            let n = words::grouped(count.into());
            let said = match lang {
                Lang::Zh => zh.replace('#', &n),
                Lang::En if count == 1 => format!("1 {one}"),
                Lang::En => format!("{n} {many}"),
            };
            (count > 0).then_some(said)
        };
        let parts = [
            part(self.people, "新登记 # 人", "new person", "new people"),
            part(self.homes, "新建 # 户", "new household", "new households"),
            part(self.buildings, "新建 # 幢楼", "new building", "new buildings"),
            part(self.known, "补充 # 人", "person filled up", "people filled up"),
            part(self.held, "# 行有问题，没有导入", "row held back by a problem", "rows held back by problems"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(if lang == Lang::Zh { "，" } else { ", " })
    }
}

/// The problems as a table, for mending the file beside it: whole values, as the file has them.
pub fn problems_csv(plan: &RosterPlan, heads: [&str; 4], marks: [&str; 2], lang: Lang) -> String {
    let row = |p: &sync::wire::RosterProblem| {
        [&p.address, &p.value, p.problem.message.get(lang), marks[usize::from(!p.holds)]].map(str::to_owned)
    };
    let rows = plan.problems.iter().map(row);
    csv::table(std::iter::once(heads.map(str::to_owned)).chain(rows))
}

/// A sheet's first rows, private columns covered.
pub fn preview(pack: &Pack, sheet: &RosterSheet, choices: &RosterChoices) -> Vec<(u32, Vec<String>)> {
    let fields: Vec<Option<&Field>> = sheet
        .columns
        .iter()
        .map(|column| choices.columns.get(&column.index).and_then(|target| field(pack, target)))
        .collect();
    let line = |line: &sync::wire::RosterLine| {
        let cells = line.cells.iter().zip(&fields).map(|(cell, field)| covered(cell, *field));
        (line.row, cells.collect())
    };
    sheet.first.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn numbers_that_could_be_someones_are_covered_wherever_they_stand() {
        assert_eq!(cover_numbers("电话13900000021，王伟"), "电话139****0021，王伟");
        assert_eq!(cover_numbers("“999999194912310021”不对"), "“999***********0021”不对");
        assert_eq!(cover_numbers("护照 H12345678"), "护照 H12**5678");
        assert_eq!(cover_numbers("19500301 · 1950-03-01 · 3幢2单元501"), "19500301 · 1950-03-01 · 3幢2单元501");
        assert_eq!(cover_numbers(""), "");
    }

    #[test]
    fn a_private_column_is_covered_whatever_stands_in_it() {
        let pack = Pack::community();
        let of = |target| field(&pack, target);
        assert_eq!(covered("0571-1234", of("person.phone")), "057**1234");
        assert_eq!(covered("不知道", of("person.phone")), "不知道", "what was no number can be read");
        assert_eq!(covered("0571-1234", of("person/2.phone")), "057**1234", "also of another person of the row");
        assert_eq!(covered("王伟", of("person.name")), "王伟");
        assert_eq!(covered("999999194912310021", None), "999***********0021", "also where nobody said what it is");
    }

    #[test]
    fn a_cell_finds_its_column() {
        let pack = Pack::community();
        let columns = BTreeMap::from([(2, "person.phone".to_owned()), (27, "person.id_number".to_owned())]);
        let choices = RosterChoices { columns, ..RosterChoices::default() };
        let name = |address| field_at(&pack, &choices, address).map(|field| field.name.clone());
        assert_eq!(name("C17").as_deref(), Some("phone"));
        assert_eq!(name("AB3").as_deref(), Some("id_number"));
        assert_eq!(name("A1"), None);
        assert_eq!(name(""), None);
    }

    #[test]
    fn who_writes_buildings_households_and_people_may_import() {
        let pack = Pack::community();
        assert!(may_import(&pack, "director"));
        assert!(!may_import(&pack, "civil_affairs"), "writes no buildings");
        assert!(!may_import(&pack, "volunteer"));
        assert!(is_of_rosters(&pack, "person") && !is_of_rosters(&pack, "service"));
    }

    #[test]
    fn the_button_says_how_many() {
        let told = |people, known, records| Told { people, known, records, ..Told::default() };
        assert_eq!(told(1234, 5, 1500).offer(Lang::Zh).as_deref(), Some("导入 1,234 人"));
        assert_eq!(told(1, 5, 6).offer(Lang::En).as_deref(), Some("Import 1 person"));
        assert_eq!(told(0, 5, 5).offer(Lang::Zh).as_deref(), Some("补充 5 人"));
        assert_eq!(told(0, 0, 3).offer(Lang::En).as_deref(), Some("Import 3 records"));
        assert_eq!(told(0, 0, 0).offer(Lang::Zh), None);
        let all = Told { people: 2, homes: 1, known: 1, held: 3, ..Told::default() };
        assert_eq!(all.line(Lang::Zh), "新登记 2 人，新建 1 户，补充 1 人，3 行有问题，没有导入");
        assert_eq!(
            all.line(Lang::En),
            "2 new people, 1 new household, 1 person filled up, 3 rows held back by problems"
        );
    }
}
