//! Headings in two rows: a group (家庭成员信息) above the columns it is of.

use super::people::Heading;
use crate::roster::{
    headings::meanings,
    roles::Roles,
    sheet::{Cell, Sheet},
    target::Target,
};

/// Longest heading of a group, in characters: what is longer is a title or a note.
const LONGEST: usize = 16;

/// The columns' headings, with the groups above them.
pub(super) fn headings(roles: &Roles<'_>, sheet: &Sheet, row: usize) -> Vec<Heading> {
    let upper = row.checked_sub(1).filter(|above| heads_groups(sheet, *above, row));
    let mut group = String::new();
    // Where areas are merged, every cell says its group; otherwise a group reaches as far as columns of people follow.
    let is_merged = upper.is_some_and(|above| {
        let cells = &sheet.rows[above];
        cells.windows(2).any(|two| !two[0].is_empty() && two[0] == two[1])
    });
    let is_of_person = |own: &str| {
        let meant = meanings(roles, own).into_iter().next();
        meant.is_some_and(|(_, target)| {
            matches!(target, Target::Field { kind, field } if kind == roles.person.name && field != "note")
        })
    };
    let heading = |column: usize| {
        let own = sheet.cell(row, column).shown();
        let above = upper.map(|above| sheet.cell(above, column).shown()).unwrap_or_default();
        group = match above.is_empty() {
            true if is_merged || !is_of_person(&own) => String::new(),
            true => group.clone(),
            false => above,
        };
        match own.is_empty() || own == group {
            true => Heading { group: String::new(), own: group.clone() },
            false => Heading { group: group.clone(), own },
        }
    };
    (0..sheet.width()).map(heading).collect()
}

/// Whether the row below holds headings, too: it names things, and nothing in it is a value.
pub(super) fn goes_on_below(roles: &Roles<'_>, sheet: &Sheet, row: usize) -> bool {
    let Some(below) = sheet.rows.get(row + 1) else { return false };
    let own = |column: usize, cell: &Cell| (!cell.is_empty() && cell != sheet.cell(row, column)).then(|| cell.clone());
    let own: Vec<Cell> = below.iter().enumerate().filter_map(|(column, cell)| own(column, cell)).collect();
    let names = |cell: &Cell| matches!(cell, Cell::Text(text) if !meanings(roles, text).is_empty());
    // A value may be a heading, too (户主); two beside nothing else are headings.
    own.len() >= 2 && own.iter().all(names)
}

/// Whether the row above the headings heads groups of them, and is no title or note.
fn heads_groups(sheet: &Sheet, above: usize, row: usize) -> bool {
    let cells: Vec<(usize, &Cell)> =
        sheet.rows[above].iter().enumerate().filter(|(_, cell)| !cell.is_empty()).collect();
    let is_short = |cell: &Cell| match cell {
        Cell::Text(text) => {
            let digits = text.chars().filter(char::is_ascii_digit).count();
            text.chars().count() <= LONGEST && digits < 4 && !text.contains([':', '：'])
        }
        _ => false,
    };
    let differs = |(column, cell): &&(usize, &Cell)| *cell != sheet.cell(row, *column);
    let is_title = match cells.first() {
        // One text from the first column on; two headings under it make it a group.
        Some((0, first)) => cells.iter().all(|(_, cell)| cell == first) && !is_of_people(first),
        _ => false,
    };
    !is_title && cells.iter().any(|cell| differs(&cell)) && cells.iter().all(|(_, cell)| is_short(cell))
}

/// Whether a text by itself speaks of the head or the members.
fn is_of_people(cell: &Cell) -> bool {
    let text = cell.shown();
    ["户主信息", "家庭成员", "成员信息"].iter().any(|group| text.starts_with(group))
}
