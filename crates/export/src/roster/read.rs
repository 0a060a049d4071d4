//! Bytes to sheets: Excel (.xlsx, .xls), CSV in UTF-8, UTF-16 or GB18030.
//!
//! What the bytes are is read from the bytes: files are renamed by hand, and what some offices' systems call `.xls` is a
//! web page.

use std::{
    collections::{HashMap, hash_map::Entry},
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{Data, DataRef, Dimensions, Reader, Xls, XlsError, Xlsx, XlsxError};
use jiff::civil::Date;
use records::{Text, days};

use super::sheet::{Cell, Sheet};
use budget::{Budget, MAX_CELLS, MAX_TEXT};
use old::Held;

mod budget;
mod marks;
mod old;
mod text;
mod zipped;

pub use budget::Stop;

/// Most rows of a sheet that hold something.
pub const MAX_ROWS: usize = 60_000;
/// Rows that a sheet can have.
const LAST_ROW: usize = 1_048_576;
/// Most columns that are read.
pub const MAX_COLUMNS: usize = 200;
/// Most sheets that are read.
pub const MAX_SHEETS: usize = 20;

/// Why a file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing stands in it.
    #[error("the file is empty")]
    Empty,
    /// It asks for a password.
    #[error("the file is protected by a password")]
    Password,
    /// A web page that calls itself Excel.
    #[error("the file is a web page")]
    WebPage,
    /// Neither Excel nor text in an encoding that is known.
    #[error("the file is neither Excel nor CSV")]
    Unknown,
    /// Excel, but damaged.
    #[error("the file is damaged")]
    Damaged,
    /// Excel's old XML (Excel 2003), or XML of another kind.
    #[error("the file is XML")]
    Xml,
    /// More than [`MAX_ROWS`] rows.
    #[error("the file has more than {MAX_ROWS} rows")]
    TooLong,
    /// Far more cells or text than a roster has, in whatever shape.
    #[error("the file holds too much")]
    TooMuch,
    /// Nobody waits for it any more.
    #[error("reading was given up")]
    GivenUp,
}

impl Unreadable {
    /// What to do about it.
    pub fn words(self) -> Text {
        match self {
            Self::Empty => Text::new("文件是空的，请换一个文件。", "The file is empty; please choose another."),
            Self::Password => Text::new(
                "文件设了密码，请在 Excel 里去掉密码再上传。",
                "The file has a password; please take it off in Excel and upload it again.",
            ),
            Self::WebPage => Text::new(
                "这个文件其实是网页，请用 Excel 打开，另存为 .xlsx 再上传。",
                "This file is really a web page; please open it in Excel, save it as .xlsx and upload that.",
            ),
            Self::Unknown => Text::new(
                "只能读 Excel（.xlsx、.xls）和 CSV 文件，请另存后再上传。",
                "Only Excel (.xlsx, .xls) and CSV files can be read; please save it as one of these.",
            ),
            Self::Damaged => Text::new(
                "文件不完整，请用 Excel 打开，另存为 .xlsx 再上传。",
                "The file is damaged; please open it in Excel, save it as .xlsx and upload that.",
            ),
            Self::Xml => Text::new(
                "这是 XML 格式的表格（Excel 2003 XML），请用 Excel 打开，另存为 .xlsx 再上传。",
                "This is a sheet in XML (Excel 2003); please open it in Excel, save it as .xlsx and upload that.",
            ),
            Self::TooLong => Text::new(
                format!("一张表最多 {MAX_ROWS} 行，请分成几个文件。"),
                format!("A sheet has at most {MAX_ROWS} rows; please split the file."),
            ),
            Self::TooMuch => Text::new(
                "文件里的格子或文字太多（也可能有很大的合并单元格），请只留下要导入的内容，另存后再上传。",
                "The file holds too many cells or too much text (or has very large merged areas); please keep only what is to \
                 be imported, save it and upload that.",
            ),
            Self::GivenUp => {
                Text::new("读文件用的时间太长，已经停下。", "Reading the file took too long and was given up.")
            }
        }
    }
}

/// How cells are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// As people mean them: what keeps Excel from reading a number is no part of a text, and what a merged area shows
    /// stands in all its cells.
    Meant,
    /// As they were typed: an apostrophe may begin an expression.
    Typed,
}

/// All sheets of a file that hold something; `name` names the one sheet of a CSV file.
///
/// # Errors
/// When there is nothing to read, with what to do about it.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    read_until(name, bytes, &Stop::default())
}

/// The same, ended early when `stop` is said.
///
/// # Errors
/// As [`read`].
pub fn read_until(name: &str, bytes: &[u8], stop: &Stop) -> Result<Vec<Sheet>, Unreadable> {
    match book(bytes, Taken::Meant, stop) {
        Some(sheets) => filled(sheets?),
        None => filled(vec![text::read(name, bytes)?]),
    }
}

/// All sheets of an Excel file that hold something, their cells as they were typed.
///
/// # Errors
/// When there is nothing to read, with what to do about it.
pub(crate) fn typed(bytes: &[u8], stop: &Stop) -> Result<Vec<Sheet>, Unreadable> {
    filled(book(bytes, Taken::Typed, stop).ok_or(Unreadable::Unknown)??)
}

/// The sheets of an Excel file; `None` for bytes of another thing.
fn book(bytes: &[u8], taken: Taken, stop: &Stop) -> Option<Result<Vec<Sheet>, Unreadable>> {
    match bytes {
        [] => Some(Err(Unreadable::Empty)),
        [b'P', b'K', 3, 4, ..] => Some(whole_or_damaged(|| xlsx(bytes, taken, Budget::new(stop)))),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(whole_or_damaged(|| xls(bytes, taken, Budget::new(stop)))),
        _ => None,
    }
}

fn filled(sheets: Vec<Sheet>) -> Result<Vec<Sheet>, Unreadable> {
    let sheets: Vec<Sheet> = sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).collect();
    if sheets.is_empty() { Err(Unreadable::Empty) } else { Ok(sheets) }
}

/// The library that reads Excel counts places without looking whether they overflow: on a file made for that it may panic,
/// which damages nothing but its own reading.
fn whole_or_damaged(read: impl FnOnce() -> Result<Vec<Sheet>, Unreadable>) -> Result<Vec<Sheet>, Unreadable> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Unreadable::Damaged))
}

fn xlsx(bytes: &[u8], taken: Taken, mut budget: Budget<'_>) -> Result<Vec<Sheet>, Unreadable> {
    zipped::look_through(bytes, budget.stop)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsxError::Password => Unreadable::Password,
        // A zip that is another thing: a Word file, a folder of photographs.
        XlsxError::FileNotFound(_) => Unreadable::Unknown,
        _ => Unreadable::Damaged,
    })?;
    let names: Vec<String> = book.sheet_names().into_iter().take(MAX_SHEETS).collect();
    let mut marks = if taken == Taken::Meant { marks::marks(bytes, budget.stop)? } else { Vec::new() }.into_iter();
    let (mut sheets, mut laid) = (Vec::with_capacity(names.len()), 0);
    // Texts that cells share, by where the library keeps them: hashing a long one for each cell takes as long as copying it.
    let mut shared: HashMap<(usize, usize), Cell> = HashMap::new();
    for name in names {
        let marks = marks.next().unwrap_or_default();
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        // Cell by cell: as a whole, one cell in the last corner of a sheet would ask for room for all seventeen thousand
        // million. Charts are sheets without cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let (mut rows, mut filled): (Vec<Vec<Cell>>, usize) = (Vec::new(), 0);
        while let Some(found) = cells.next_cell().map_err(|_| Unreadable::Damaged)? {
            let (row, column) = (found.get_position().0 as usize, found.get_position().1 as usize);
            budget.stop.look()?;
            let value = match found.get_value() {
                DataRef::SharedString(text) => match shared.entry((text.as_ptr() as usize, text.len())) {
                    Entry::Occupied(known) => known.get().clone(),
                    Entry::Vacant(new) => {
                        budget.keep(text.len())?;
                        new.insert(cell(&Data::String((*text).to_owned()), taken)).clone()
                    }
                },
                own => {
                    let value = cell(&Data::from(own.clone()), taken);
                    budget.keep(value.bytes())?;
                    value
                }
            };
            if value.is_empty() || column >= MAX_COLUMNS {
                continue;
            }
            // A remark may stand far below the table; a row without cells takes no room to speak of.
            if row >= LAST_ROW {
                continue;
            }
            let below = (row + 1).saturating_sub(rows.len());
            laid += below;
            if laid > 2 * LAST_ROW {
                return Err(Unreadable::TooLong);
            }
            rows.resize(rows.len() + below, Vec::new());
            let here = &mut rows[row];
            filled += usize::from(here.is_empty());
            if filled > MAX_ROWS {
                return Err(Unreadable::TooLong);
            }
            budget.lay((column + 1).saturating_sub(here.len()))?;
            here.resize(here.len().max(column + 1), Cell::Empty);
            here[column] = value;
        }
        sheets.push(Sheet { marks, ..whole(name, rows, &merged, taken, &mut budget)? });
    }
    Ok(sheets)
}

fn xls(bytes: &[u8], taken: Taken, mut budget: Budget<'_>) -> Result<Vec<Sheet>, Unreadable> {
    let clean = match old::held(bytes).ok_or(Unreadable::Damaged)? {
        Held::Protected => return Err(Unreadable::Password),
        // The library copies a text for each cell that shows it, and lays out the whole of each sheet.
        Held::Workbook { cells, text, .. } if cells > MAX_CELLS || text > 2 * MAX_TEXT => {
            return Err(Unreadable::TooMuch);
        }
        Held::Workbook { clean, .. } => clean,
    };
    let mut book = Xls::new(Cursor::new(&clean)).map_err(|e| match e {
        XlsError::Password => Unreadable::Password,
        _ => Unreadable::Damaged,
    })?;
    let names: Vec<String> = book.sheet_names().into_iter().take(MAX_SHEETS).collect();
    let mut sheets = Vec::with_capacity(names.len());
    for name in names {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        budget.stop.look()?;
        sheets.push(sheet(name, &range, &merged, taken, &mut budget)?);
    }
    Ok(sheets)
}

fn sheet(
    name: String,
    range: &calamine::Range<Data>,
    merged: &[Dimensions],
    taken: Taken,
    budget: &mut Budget<'_>,
) -> Result<Sheet, Unreadable> {
    let (top, left) = range.start().map_or((0, 0), |(row, column)| (row as usize, column as usize));
    let mut rows = vec![Vec::new(); top];
    for cells in range.rows() {
        let here = cells.iter().map(|data| cell(data, taken)).take(MAX_COLUMNS);
        let mut row: Vec<Cell> = std::iter::repeat_n(Cell::Empty, left.min(MAX_COLUMNS)).chain(here).collect();
        let used = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        row.truncate(used);
        rows.push(row);
    }
    let used = rows.iter().rposition(|row| !row.is_empty()).map_or(0, |last| last + 1);
    rows.truncate(used);
    if rows.iter().filter(|row| !row.is_empty()).count() > MAX_ROWS {
        return Err(Unreadable::TooLong);
    }
    whole(name, rows, merged, taken, budget)
}

fn whole(
    name: String,
    mut rows: Vec<Vec<Cell>>,
    merged: &[Dimensions],
    taken: Taken,
    budget: &mut Budget<'_>,
) -> Result<Sheet, Unreadable> {
    for area in merged.iter().filter(|_| taken == Taken::Meant) {
        spread(&mut rows, area, budget)?;
    }
    Ok(Sheet { name, rows, ..Sheet::default() })
}

/// Writes what a merged area shows into all its cells: a household's address often stands once beside its members. Its text is
/// there once.
fn spread(rows: &mut [Vec<Cell>], area: &Dimensions, budget: &mut Budget<'_>) -> Result<(), Unreadable> {
    let (top, left) = (area.start.0 as usize, area.start.1 as usize);
    let shown = rows.get(top).and_then(|row| row.get(left)).cloned().unwrap_or_default();
    if shown.is_empty() {
        return Ok(());
    }
    let right = (area.end.1 as usize).min(MAX_COLUMNS - 1);
    let end = (area.end.0 as usize + 1).min(top + MAX_ROWS);
    for row in rows.iter_mut().take(end).skip(top) {
        budget.lay((right + 1).saturating_sub(row.len().min(left)))?;
        if row.len() <= right {
            row.resize(right + 1, Cell::Empty);
        }
        for cell in row.iter_mut().take(right + 1).skip(left) {
            *cell = shown.clone();
        }
    }
    Ok(())
}

fn cell(data: &Data, taken: Taken) -> Cell {
    let text = |text: &str| match taken {
        Taken::Meant => Cell::text(text),
        Taken::Typed if text.trim().is_empty() => Cell::Empty,
        Taken::Typed => Cell::Text(text.trim().into()),
    };
    match data {
        Data::Empty | Data::Error(_) | Data::DurationIso(_) => Cell::Empty,
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(typed) => text(typed),
        Data::Bool(truth) => Cell::Truth(*truth),
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            let day = i16::try_from(year).ok().and_then(|year| Date::new(year, month as i8, day as i8).ok());
            day.map_or(Cell::Number(at.as_f64()), Cell::Date)
        }
        Data::DateTime(at) => Cell::Number(at.as_f64()),
        Data::DateTimeIso(typed) => typed.get(..10).and_then(days::parse).map_or_else(|| text(typed), Cell::Date),
    }
}
