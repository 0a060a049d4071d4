//! What the columns of a sheet mean: by their headings first, then by what they hold.

use std::collections::BTreeSet;

use records::{FieldType, identity};

use super::{
    headings::meanings,
    place::place,
    roles::Roles,
    sheet::{Cell, Sheet, fold},
    target::Target,
    value,
};

/// How far down headings are looked for: titles and notes stand above them.
const HEADING_WITHIN: usize = 15;
/// How many rows are looked at to know what a column holds.
const LOOKED_AT: usize = 200;

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Counted from 0.
    pub index: usize,
    /// The heading, empty without one.
    pub heading: String,
    /// What it means; `None` when it is left out.
    pub target: Option<Target>,
    /// Up to three different values.
    pub sample: Vec<String>,
}

/// A sheet as it is understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The row with the headings, counted from 0; `None` when there is none.
    pub heading_row: Option<usize>,
    /// Columns that hold something.
    pub columns: Vec<Column>,
    /// Rows below the headings that hold something.
    pub rows: usize,
    /// How many columns are understood; the sheet with most is the roster.
    pub score: usize,
}

/// Guesses what a sheet's columns mean. Each target is given to one column only: that whose heading says it most clearly.
pub fn guess(roles: &Roles<'_>, sheet: &Sheet) -> Guess {
    let heading_row = heading_row(roles, sheet);
    let first = heading_row.map_or(0, |row| row + 1);
    let mut columns: Vec<Column> =
        (0..sheet.width()).filter_map(|index| column(sheet, heading_row, first, index)).collect();
    let mut taken = BTreeSet::new();
    by_heading(roles, sheet, first, &mut columns, &mut taken);
    by_content(roles, sheet, first, heading_row.is_none(), &mut columns, &mut taken);
    // The head's name is a name only where no other column is.
    let name = Target::field(&roles.person.name, &roles.name.name);
    if taken.contains(&name) {
        columns.iter_mut().filter(|c| c.target == Some(Target::Head)).for_each(|c| c.target = None);
    }
    let rows = (first..sheet.rows.len()).filter(|row| !sheet.is_blank(*row)).count();
    let score = columns.iter().filter(|column| column.target.is_some()).count();
    Guess { heading_row, columns, rows, score }
}

/// The row in which most different things are named, at least two of them.
fn heading_row(roles: &Roles<'_>, sheet: &Sheet) -> Option<usize> {
    let named = |row: usize| {
        let words =
            sheet.rows[row].iter().filter_map(|cell| if let Cell::Text(text) = cell { Some(text) } else { None });
        let firsts = words.filter_map(|text| meanings(roles, text).into_iter().next().map(|(_, target)| target));
        firsts.collect::<BTreeSet<_>>().len()
    };
    let counted = (0..sheet.rows.len().min(HEADING_WITHIN)).map(|row| (named(row), row));
    let best = counted.max_by_key(|(count, row)| (*count, std::cmp::Reverse(*row)));
    best.filter(|(count, _)| *count >= 2).map(|(_, row)| row)
}

fn column(sheet: &Sheet, heading_row: Option<usize>, first: usize, index: usize) -> Option<Column> {
    let heading = heading_row.map(|row| sheet.cell(row, index).shown()).unwrap_or_default();
    let mut sample: Vec<String> = Vec::new();
    for cell in values(sheet, first, index) {
        let shown = value::short(&cell.shown());
        if !sample.contains(&shown) {
            sample.push(shown);
        }
        if sample.len() == 3 {
            break;
        }
    }
    (!heading.is_empty() || !sample.is_empty()).then_some(Column { index, heading, target: None, sample })
}

/// The cells of a column that hold something.
fn values(sheet: &Sheet, first: usize, index: usize) -> impl Iterator<Item = &Cell> {
    let cells = (first..sheet.rows.len()).map(move |row| sheet.cell(row, index));
    cells.filter(|cell| !cell.is_empty()).take(LOOKED_AT)
}

fn by_heading(roles: &Roles<'_>, sheet: &Sheet, first: usize, columns: &mut [Column], taken: &mut BTreeSet<Target>) {
    let mut claims = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        for (far, target) in meanings(roles, &column.heading) {
            let target = as_held(roles, sheet, first, column.index, target);
            claims.extend(target.map(|target| (far, place, target)));
        }
    }
    claims.sort();
    for (_, place, target) in claims {
        if columns[place].target.is_none() && taken.insert(target.clone()) {
            columns[place].target = Some(target);
        }
    }
}

/// What a heading means, seen with what stands under it: 门牌 over `3幢2单元501` is a whole address, and a column of choices
/// in which nothing is a choice, or of dates in which nothing is a whole date (出生年月), is something else.
fn as_held(roles: &Roles<'_>, sheet: &Sheet, first: usize, index: usize, target: Target) -> Option<Target> {
    let share = |is: &dyn Fn(&Cell) -> bool| {
        let (mut all, mut held) = (0, 0);
        for cell in values(sheet, first, index) {
            all += 1;
            held += usize::from(is(cell));
        }
        (held, all)
    };
    match &target {
        Target::Field { kind, field }
            if *kind == roles.building.name && *field == roles.building_name.name
                || *kind == roles.household.name && *field == roles.doors.flat =>
        {
            let (held, all) = share(&is_address);
            Some(if held * 2 > all { Target::Address } else { target })
        }
        Target::Field { kind, field } => {
            let field = roles.kind(kind)?.field(field)?;
            use FieldType as T;
            let is_strict = matches!(field.r#type, T::SelectOne(_) | T::SelectMultiple(_) | T::Date | T::Integer);
            let (held, all) = share(&|cell| matches!(value::value(roles, field, cell), Ok((Some(_), _))));
            (!is_strict || all == 0 || held > 0).then_some(target)
        }
        Target::Member { .. } => {
            let (held, all) = share(&|cell| value::ticked(&cell.shown()).is_some());
            // 低保 may also head a column of amounts.
            (held * 2 >= all).then_some(target)
        }
        _ => Some(target),
    }
}

fn is_address(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text) if place(text).is_some_and(|place| place.building.is_some()))
}

/// Whether a cell looks like something.
type Looks = fn(&Cell) -> bool;

/// Columns no heading explains, by what most of their cells are. Names only where there are no headings at all.
fn by_content(
    roles: &Roles<'_>,
    sheet: &Sheet,
    first: usize,
    unheaded: bool,
    columns: &mut [Column],
    taken: &mut BTreeSet<Target>,
) {
    let person = |field: &str| Target::field(&roles.person.name, field);
    let of_type = |is: fn(&FieldType) -> bool| roles.person.fields.iter().find(|field| is(&field.r#type));
    let mut kinds: Vec<(Target, Looks)> = Vec::new();
    kinds.extend(roles.id_number.map(|field| (person(&field.name), is_id as Looks)));
    kinds.extend(of_type(|t| *t == FieldType::Phone).map(|f| (person(&f.name), is_mobile as Looks)));
    let whole =
        columns.iter().any(|column| column.target == Some(Target::field(&roles.household.name, &roles.doors.flat)));
    if !whole {
        kinds.push((Target::Address, is_address));
    }
    if unheaded {
        kinds.extend(roles.person.field("sex").map(|field| (person(&field.name), is_sex as Looks)));
        kinds.push((person(&roles.name.name), is_name));
    }
    for (target, is) in kinds {
        for column in columns.iter_mut().filter(|column| column.target.is_none()) {
            let (mut all, mut held) = (0, 0);
            for cell in values(sheet, first, column.index) {
                all += 1;
                held += usize::from(is(cell));
            }
            if all > 0 && held * 3 > all * 2 && !taken.contains(&target) {
                taken.insert(target.clone());
                column.target = Some(target.clone());
            }
        }
    }
}

fn is_id(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => text.len() == 18 && identity::is_valid(text),
        // Eighteen digits as a number: what is lost is said when the row is planned.
        Cell::Number(number) => (1e17..1e18).contains(number),
        _ => false,
    }
}

fn is_mobile(cell: &Cell) -> bool {
    let shown = cell.shown();
    shown.len() == 11 && shown.starts_with('1') && shown.bytes().all(|b| b.is_ascii_digit())
}

fn is_sex(cell: &Cell) -> bool {
    matches!(fold(&cell.shown()).as_str(), "男" | "女")
}

/// Two to four Han characters.
fn is_name(cell: &Cell) -> bool {
    let folded = fold(&cell.shown());
    let han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    (2..=4).contains(&folded.chars().count()) && folded.chars().all(han) && !matches!(folded.as_str(), "合计" | "总计")
}
