//! An old Excel file (.xls, BIFF in a compound file) made safe to read, and how much room it would take as a grid.
//!
//! The library that reads it lays every sheet out whole, from its first to its last cell, before it gives anything away;
//! and a dimension in the file is believed. One changed byte asks for a hundred gigabytes, so it is worked out first.

use std::io::{Cursor, Read as _, Write as _};

mod shared;

/// Record numbers (MS-XLS 2.3): where a part begins, a sheet's place in the stream, its declared size, the end of a part, cells.
const BEGIN: u16 = 0x0809;
const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const END: u16 = 0x000a;
const CELLS: [u16; 8] = [0x0006, 0x00bd, 0x00d6, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e];
/// Of these, the one that shows a text that others may show too.
const SHARED_TEXT: u16 = 0x00fd;
/// Of these, the one that holds several cells: its last column stands at its end.
const SEVERAL: u16 = 0x00bd;

/// Most bytes of a workbook: far more than `MAX_ROWS` rows take.
const LONGEST: u64 = 64 << 20;

/// What an .xls container holds.
pub(super) enum Held {
    /// A workbook, in a container of our own making (one whose chains of sectors go in circles is followed for ever by the
    /// library that reads sheets), the cells of all its sheets as grids, and the bytes of text that they show.
    Workbook { clean: Vec<u8>, cells: u64, text: u64 },
    /// A newer workbook under a password (MS-OFFCRYPTO 2.3.2).
    Protected,
}

/// What is held; `None` for another thing, or a broken one.
pub(super) fn held(bytes: &[u8]) -> Option<Held> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    if file.is_stream("EncryptedPackage") {
        return Some(Held::Protected);
    }
    let name = ["Workbook", "Book"].into_iter().find(|name| file.is_stream(name))?;
    let mut stream = Vec::new();
    file.open_stream(name).ok()?.take(LONGEST).read_to_end(&mut stream).ok()?;
    let mut clean = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).ok()?;
    clean.create_stream(name).ok()?.write_all(&stream).ok()?;
    clean.flush().ok()?;
    let (cells, text) = room(&stream);
    Some(Held::Workbook { clean: clean.into_inner().into_inner(), cells, text })
}

/// Cells of all sheets as grids, and bytes of the shared texts that they show, each as often as it is shown.
fn room(stream: &[u8]) -> (u64, u64) {
    let sheets = records(stream).filter(|(kind, _)| *kind == BOUND_SHEET);
    let sheets = sheets.filter_map(|(_, data)| stream.get(usize::try_from(long(data, 0)?).ok()?..));
    let lengths = shared::lengths(records(stream));
    let shown = |sheet: &[u8]| {
        let cells = sheet_records(sheet).filter(|(kind, _)| *kind == SHARED_TEXT).filter_map(|(_, data)| long(data, 6));
        cells.map(|text| lengths.get(text as usize).copied().unwrap_or(0)).fold(0, u64::saturating_add)
    };
    sheets
        .map(|sheet| (grid(sheet), shown(sheet)))
        .fold((0, 0), |all, one| (all.0.saturating_add(one.0), all.1.saturating_add(one.1)))
}

/// Cells from a sheet's first to its last, or as many as it says of itself.
fn grid(sheet: &[u8]) -> u64 {
    let (mut first, mut last, mut declared) = ((u64::MAX, u64::MAX), (0, 0), 0);
    for (kind, data) in sheet_records(sheet) {
        if kind == DIMENSIONS {
            declared = declared.max(declares(data).unwrap_or(u64::MAX));
        }
        let place = |at| short(data, at).map(u64::from);
        if let (true, Some(row), Some(column)) = (CELLS.contains(&kind), place(0), place(2)) {
            let end = if kind == SEVERAL { place(data.len().saturating_sub(2)).unwrap_or(column) } else { column };
            first = (first.0.min(row), first.1.min(column));
            last = (last.0.max(row), last.1.max(column).max(end));
        }
    }
    let side = |first: u64, last: u64| (last + 1).saturating_sub(first);
    declared.max(side(first.0, last.0).saturating_mul(side(first.1, last.1)))
}

/// The cells of a declared size, whose rows are two bytes or, in newer files, four: as many as the library makes of it, which
/// counts down from nothing where a size ends before it begins, and takes a first column that cannot be for the first.
fn declares(data: &[u8]) -> Option<u64> {
    let (rows, columns): ((u32, u32), (u16, u16)) = match data.len() {
        0..14 => ((short(data, 0)?.into(), short(data, 2)?.into()), (short(data, 4)?, short(data, 6)?)),
        _ => ((long(data, 0)?, long(data, 4)?), (short(data, 8)?, short(data, 10)?)),
    };
    let first = if columns.0 > 0xff || columns.1 < columns.0 { 0 } else { columns.0 };
    let side = |first: u32, end: u32| u64::from(end.wrapping_sub(first)) + 1;
    Some(side(rows.0, rows.1).saturating_mul(side(first.into(), columns.1.into())))
}

/// Records up to the end of the part, each with its number.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    all_records(stream).take_while(|(kind, _)| *kind != END)
}

/// Records of a sheet, without those of parts inside it, such as a chart's.
fn sheet_records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let (mut has_begun, mut inside) = (false, 0_usize);
    let own = move |(kind, data)| {
        match kind {
            BEGIN if has_begun => inside += 1,
            END if inside > 0 => inside -= 1,
            END => return None,
            _ if inside > 0 => {}
            _ => {
                has_begun |= kind == BEGIN;
                return Some(Some((kind, data)));
            }
        }
        Some(None)
    };
    all_records(stream).map_while(own).flatten()
}

fn all_records(mut stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, length) = (short(stream, 0)?, usize::from(short(stream, 2)?));
        let data = stream.get(4..4 + length)?;
        stream = &stream[4 + length..];
        Some((kind, data))
    })
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    fn dimensions(rows: (u32, u32), columns: (u16, u16)) -> Vec<u8> {
        let rows = [rows.0.to_le_bytes(), rows.1.to_le_bytes()].concat();
        let columns = [columns.0.to_le_bytes(), columns.1.to_le_bytes(), [0, 0]].concat();
        record(DIMENSIONS, &[rows, columns].concat())
    }

    fn number(row: u16, column: u16) -> Vec<u8> {
        record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
    }

    #[test]
    fn a_size_counts_as_the_library_takes_it() {
        let usual = |rows, columns| grid(&dimensions(rows, columns));
        assert!((60..100).contains(&usual((0, 10), (0, 6))), "{}", usual((0, 10), (0, 6)));
        assert!(usual((10, 0), (0, 6)) > 1 << 32, "rows that end before they begin");
        assert!(usual((0, 1 << 20), (7, 6)) > 6 << 20, "columns that do");
        assert!(usual((0, 1 << 20), (0x100, 0xffff)) > 0xff00 << 20, "a first column beyond all");
    }

    #[test]
    fn no_sheet_hides_behind_a_second_beginning() {
        let begin = record(BEGIN, &[0; 16]);
        let bound = |at: u32| record(BOUND_SHEET, &[&at.to_le_bytes()[..], &[0; 4]].concat());
        let head = [begin.clone(), begin.clone(), bound(0), record(END, &[])].concat();
        let at = u32::try_from(head.len()).unwrap();
        let head = [begin.clone(), begin.clone(), bound(at), record(END, &[])].concat();
        let sheet = [begin, number(0, 0), number(99, 9), record(END, &[])].concat();
        assert_eq!(room(&[head, sheet].concat()), (1000, 0));
    }

    #[test]
    fn what_stands_behind_a_chart_counts_too() {
        let (begin, end) = (record(BEGIN, &[0; 16]), record(END, &[]));
        let chart = [begin.clone(), number(60_000, 200), end.clone()].concat();
        let sheet = [begin, number(0, 0), chart, number(99, 9), end, number(50_000, 0)].concat();
        assert_eq!(grid(&sheet), 1000);
    }
}
