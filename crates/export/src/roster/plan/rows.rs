//! Which rows are imported, and who stands in them.

use std::collections::BTreeSet;

use records::{Text, identity};

use super::{Outcome, Planner, RowResult, SHOWN};
use crate::roster::{
    place::{buildings_in, place},
    sheet::{Cell, fold, narrow},
    target::Target,
    value::{day, is_blank, short},
};

/// With these begin sums and signatures.
const SUMS: &[&str] = &[
    "合计",
    "总计",
    "小计",
    "共计",
    "累计",
    "本页",
    "本表",
    "本册",
    "总户数",
    "总人数",
    "户数",
    "人数",
    "共户",
    "共人",
    "制表",
    "填表",
    "填报",
    "审核",
    "审批",
    "复核",
    "校对",
    "经办",
    "统计人",
    "统计日期",
    "录入人",
    "盖章",
    "公章",
    "签字",
    "签名",
    "以下空白",
    "以下无正文",
    "此页",
    "完",
    "end",
    "total",
    "subtotal",
    "grandtotal",
    "preparedby",
];

/// Before a colon these say that what follows is about the table and not about a person.
const LABELS: &[&str] = &[
    "制表",
    "填表",
    "填报",
    "审核",
    "审批",
    "复核",
    "校对",
    "经办",
    "统计",
    "录入",
    "采集",
    "负责人",
    "主任",
    "书记",
    "网格员",
    "网格长",
    "联系人",
    "日期",
    "时间",
    "单位",
    "盖章",
    "签字",
    "签名",
    "备注",
    "注",
    "附注",
    "说明",
    "户数",
    "人数",
    "合计",
    "总计",
    "小计",
    "共计",
    "楼长",
    "社区",
    "note",
    "notes",
    "date",
    "preparedby",
    "signature",
    "total",
];

/// Longest label, in characters.
const LONGEST: usize = 12;

impl Planner<'_, '_> {
    /// The rows below the headings that hold something.
    fn filled(&self) -> impl Iterator<Item = usize> {
        let first = self.choices.heading_row.map_or(0, |row| row + 1);
        (first..self.sheet.rows.len()).filter(|row| !self.sheet.is_blank(*row))
    }

    /// The building that the sheet's name or title says it is of; `None` when rows name theirs, or several are named.
    pub(super) fn sheet_building(&self) -> Option<String> {
        let (building, name) = (&self.roles.building.name, &self.roles.building_name.name);
        let names = |target: &Target| {
            *target == Target::Address
                || matches!(target, Target::Field { kind, field } if kind == building && field == name)
        };
        if self.choices.columns.values().any(names) {
            return None;
        }
        let titles = (0..self.choices.heading_row.unwrap_or(0)).flat_map(|row| &self.sheet.rows[row]).map(Cell::shown);
        let mut named: Vec<String> =
            std::iter::once(self.sheet.name.clone()).chain(titles).flat_map(|text| buildings_in(&text)).collect();
        named.sort();
        named.dedup();
        if let [one] = &named[..] { Some(one.clone()) } else { None }
    }

    /// The rows to be imported.
    pub(super) fn rows(&self) -> Vec<usize> {
        self.filled().filter(|row| !self.is_aside(*row)).collect()
    }

    /// Says which rows are passed over.
    pub(super) fn skip(&mut self) {
        let skipped: Vec<usize> = self.filled().filter(|row| self.is_aside(*row)).collect();
        for row in skipped.iter().copied().take(SHOWN) {
            let cells = self.sheet.rows[row].iter().filter(|cell| !cell.is_empty()).map(Cell::shown);
            let text = short(&cells.collect::<Vec<_>>().join(" "));
            self.plan.rows.push(RowResult { row, outcome: Outcome::Skipped, title: Text::new(text.clone(), text) });
        }
        if !skipped.is_empty() {
            self.plan.counts.outcomes.insert(Outcome::Skipped, skipped.len());
        }
    }

    /// Sums, signatures and notes, and headings that a printed roster repeats on each page.
    fn is_aside(&self, row: usize) -> bool {
        let cells = &self.sheet.rows[row];
        let headings = self.choices.heading_row.into_iter().flat_map(|row| [Some(row), row.checked_sub(1)]).flatten();
        let mut headings = headings.filter(|head| !self.sheet.is_blank(*head));
        headings.any(|head| self.sheet.rows.get(head) == Some(cells)) || is_footer(cells)
    }

    /// The people of a row, by their number: those who have a cell of their own in it, but for a first one who stands
    /// there because the row before does (a cell merged over all rows of a household).
    pub(super) fn people(&self, at: usize) -> Vec<usize> {
        let of = |target: &Target| if let Target::Beside { nth, .. } = target { *nth } else { 1 };
        let beside: BTreeSet<usize> = self.choices.columns.values().map(of).filter(|nth| *nth > 1).collect();
        if beside.is_empty() {
            return vec![1];
        }
        let cells = |row: usize, nth: usize| {
            let columns = self.choices.columns.iter().filter(move |(_, target)| of(target) == nth);
            columns.map(move |(column, _)| self.sheet.cell(row, *column))
        };
        let is_there = |nth: &usize| cells(at, *nth).any(|cell| !is_blank(&cell.shown()));
        let beside: Vec<usize> = beside.into_iter().filter(is_there).collect();
        let kind = &self.roles.person.name;
        let is_of_first = |target: &Target| match target {
            Target::Field { kind: of, .. } | Target::Member { kind: of, .. } => of == kind,
            Target::Head => true,
            Target::Address | Target::Beside { .. } => false,
        };
        let mut own = self.choices.columns.iter().filter(|(_, target)| is_of_first(target));
        let is_first = own.any(|(column, _)| !is_blank(&self.sheet.cell(at, *column).shown()));
        let again = at.checked_sub(1).is_some_and(|above| cells(above, 1).eq(cells(at, 1)));
        let first = (beside.is_empty() || is_first && !again).then_some(1);
        first.into_iter().chain(beside).collect()
    }
}

/// Whether a row speaks of the table. Nobody's ID number or door stands in such a row.
fn is_footer(cells: &[Cell]) -> bool {
    let filled = || cells.iter().filter(|cell| !cell.is_empty());
    let words = || filled().filter_map(|cell| if let Cell::Text(text) = cell { Some(&**text) } else { None });
    // A running number may stand before the sum.
    let Some(first) = words().find(|text| text.chars().any(|c| !c.is_ascii_digit())) else { return false };
    let (plain, folded) = (narrow(first), fold(first));
    let label = plain.split_once(':').map(|(label, _)| fold(label)).filter(|label| label.chars().count() <= LONGEST);
    let labelled =
        label.is_some_and(|label| LABELS.iter().any(|word| label.ends_with(word) || label.starts_with(word)));
    let sums = SUMS.iter().any(|word| {
        if word.chars().count() == 1 || word.is_ascii() { folded == *word } else { folded.starts_with(word) }
    });
    let page = folded.starts_with('第') && folded.contains('页')
        || folded.starts_with("共") && folded.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    let note = plain
        .trim_start()
        .strip_prefix('注')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || ".、① ".contains(c)));
    let alone = filled().count() == 1 && day(filled().next().unwrap_or(&Cell::Empty)).is_ok();
    (labelled || sums || page || note || alone) && !words().any(is_someones)
}

fn is_someones(text: &str) -> bool {
    text.len() == 18 && identity::is_valid(text)
        || place(text).is_some_and(|place| place.building.is_some() && place.flat.is_some())
}
