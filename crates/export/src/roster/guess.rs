//! What the columns of a sheet mean: by their headings first, then by what they hold.

use std::collections::BTreeSet;

use records::{FieldType, identity};

use super::{
    headings::meanings,
    place::place,
    roles::Roles,
    sheet::{Cell, Sheet, fold},
    target::{MOST_BESIDE, Target},
    value,
};
use people::{Heading, Owned};

mod groups;
mod people;

/// How far down headings are looked for: titles and notes stand above them.
const HEADING_WITHIN: usize = 60;
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
    guess_below(roles, sheet, heading_row(roles, sheet))
}

/// Longest text that is a number, a name or an address, in characters: what is longer is not looked at.
const LONGEST: usize = 200;

/// The same, with headings in a row that is known.
pub fn guess_below(roles: &Roles<'_>, sheet: &Sheet, heading_row: Option<usize>) -> Guess {
    let first = heading_row.map_or(0, |row| row + 1);
    let headings = heading_row.map(|row| groups::headings(roles, sheet, row)).unwrap_or_default();
    let heading = |index: usize| headings.get(index).cloned().unwrap_or_default();
    let mut columns: Vec<Column> =
        (0..sheet.width()).filter_map(|index| column(sheet, heading(index).whole(), first, index)).collect();
    let headed: Vec<Heading> = columns.iter().map(|column| heading(column.index)).collect();
    let owned = people::owned(roles, &headed);
    let mut taken = BTreeSet::new();
    by_heading(roles, sheet, first, &owned, &mut columns, &mut taken);
    by_content(roles, sheet, first, heading_row.is_none(), &owned, &mut columns, &mut taken);
    let rows = (first..sheet.rows.len()).filter(|row| !sheet.is_blank(*row)).count();
    let score = columns.iter().filter(|column| column.target.is_some()).count();
    Guess { heading_row, columns, rows, score }
}

/// The row in which most different things are named, at least two of them; of headings in two rows the lower.
fn heading_row(roles: &Roles<'_>, sheet: &Sheet) -> Option<usize> {
    let named = |row: usize| {
        let words =
            sheet.rows[row].iter().filter_map(|cell| if let Cell::Text(text) = cell { Some(text) } else { None });
        let firsts = words.filter_map(|text| meanings(roles, text).into_iter().next().map(|(_, target)| target));
        firsts.collect::<BTreeSet<_>>().len()
    };
    let counted = (0..sheet.rows.len().min(HEADING_WITHIN)).map(|row| (named(row), row));
    let best = counted.max_by_key(|(count, row)| (*count, std::cmp::Reverse(*row)));
    let row = best.filter(|(count, _)| *count >= 2).map(|(_, row)| row)?;
    Some(if groups::goes_on_below(roles, sheet, row) { row + 1 } else { row })
}

fn column(sheet: &Sheet, heading: String, first: usize, index: usize) -> Option<Column> {
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

fn by_heading(
    roles: &Roles<'_>,
    sheet: &Sheet,
    first: usize,
    owned: &[Owned],
    columns: &mut [Column],
    taken: &mut BTreeSet<Target>,
) {
    let mut claims = Vec::new();
    for (place, (column, owned)) in columns.iter().zip(owned).enumerate() {
        let Some(nth) = owned.nth.filter(|nth| *nth <= MOST_BESIDE) else { continue };
        for (far, target) in meanings(roles, &owned.text) {
            let target = as_held(roles, sheet, first, column.index, target);
            let target = target.and_then(|target| of_nth(roles, target, nth, owned.is_head));
            claims.extend(target.map(|target| (far, place, target)));
        }
    }
    claims.sort();
    for (_, place, target) in claims {
        if columns[place].target.is_none() && (taken.insert(target.clone()) || comes_together(roles, &target)) {
            columns[place].target = Some(target);
        }
    }
}

/// A meaning for the `nth` person of the row.
fn of_nth(roles: &Roles<'_>, target: Target, nth: usize, is_head: bool) -> Option<Target> {
    let is_name = target == Target::field(&roles.person.name, &roles.name.name) || target == Target::Head;
    match target {
        _ if is_name && nth == 1 => {
            let is_head = is_head && roles.head.is_some();
            Some(if is_head { Target::Head } else { Target::field(&roles.person.name, &roles.name.name) })
        }
        Target::Head => Some(Target::Beside { nth, kind: roles.person.name.clone(), field: roles.name.name.clone() }),
        Target::Field { kind, field } if nth > 1 && kind == roles.person.name => {
            Some(Target::Beside { nth, kind, field })
        }
        target => (nth == 1).then_some(target),
    }
}

/// Whether a target may have several columns: lines of text, such as who is to be called and by which number.
fn comes_together(roles: &Roles<'_>, target: &Target) -> bool {
    let Target::Field { kind, field } = target else { return false };
    let Some(field) = roles.kind(kind).and_then(|kind| kind.field(field)) else { return false };
    *kind == roles.person.name
        && matches!(field.name.as_str(), "contact" | "other_phones")
        && field.r#type == FieldType::Text
}

/// What a heading means, seen with what stands under it: 门牌 over `3幢2单元501` is a whole address, and a column of choices
/// in which nothing is a choice, or of dates in which nothing is a date, is something else.
fn as_held(roles: &Roles<'_>, sheet: &Sheet, first: usize, index: usize, target: Target) -> Option<Target> {
    let share = |is: &dyn Fn(&Cell) -> bool| {
        let (mut all, mut held) = (0, 0);
        for cell in values(sheet, first, index) {
            all += 1;
            held += usize::from(!cell.is_longer_than(LONGEST) && is(cell));
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
            let is_born = roles.born_about.is_some() && roles.born.is_some_and(|born| born.name == field.name);
            let holds = |cell: &Cell| {
                matches!(value::value(roles, field, cell), Ok((Some(_), _))) || is_born && value::about(cell).is_some()
            };
            let (held, all) = share(&holds);
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

/// Columns no heading explains, by what most of their cells are; never such as are somebody else's. Names only where there are no headings at all.
fn by_content(
    roles: &Roles<'_>,
    sheet: &Sheet,
    first: usize,
    unheaded: bool,
    owned: &[Owned],
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
        let free = columns.iter_mut().zip(owned).filter(|(_, owned)| owned.is_free).map(|(column, _)| column);
        for column in free.filter(|column| column.target.is_none()) {
            let (mut all, mut held) = (0, 0);
            for cell in values(sheet, first, column.index) {
                all += 1;
                held += usize::from(!cell.is_longer_than(LONGEST) && is(cell));
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
