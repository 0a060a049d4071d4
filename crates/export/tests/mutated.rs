//! Workbooks and texts that a stranger has changed, in their bytes and inside their parts: refused or read, never a panic, never
//! long.

#[path = "../../sync/tests/mutate/mod.rs"]
mod mutate;

use std::{
    io::{Cursor, Read as _, Write as _},
    path::{Path, PathBuf},
};

use export::{
    excel::workbook,
    roster::{Roles, guess, read},
    xlsform,
};
use mutate::Dice;
use records::{
    Pack,
    ledger::{Cell, Sheet},
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name)
}

/// A change in the bytes as they are, or in one part of a workbook.
fn changed(bytes: &[u8], others: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    match dice.below(5) {
        0 => mutate::changed(bytes, others, dice),
        _ => inside(bytes, dice).unwrap_or_else(|| mutate::changed(bytes, others, dice)),
    }
}

/// The workbook with one part changed; none if it is no zip.
fn inside(bytes: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok().filter(|archive| !archive.is_empty())?;
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).ok()?;
        let mut text = Vec::new();
        part.by_ref().take(1 << 20).read_to_end(&mut text).ok()?;
        parts.push((part.name().to_owned(), text));
    }
    let others: Vec<Vec<u8>> = parts.iter().map(|(_, text)| text.clone()).collect();
    let which = dice.below(parts.len());
    parts[which].1 = mutate::changed(&others[which], &others, dice);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        out.start_file(name, stored).ok()?;
        out.write_all(&text).ok()?;
    }
    Some(out.finish().ok()?.into_inner())
}

fn roster() -> Vec<u8> {
    let rows = [["王伟", "13900000021", "3幢2单元501室"], ["李芳", "0512-65000000", "3-2-502"]];
    let cells = rows.iter().map(|row| row.iter().map(|cell| Cell::Text((*cell).into())).collect()).collect();
    let heads = ["姓名", "电话", "地址"].map(Into::into).to_vec();
    workbook(&[Sheet { name: "名册".into(), heads, rows: cells, ..Sheet::default() }]).unwrap()
}

#[test]
fn a_changed_roster_is_refused_or_read() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rosters");
    let csv = "姓名,身份证号码,电话,地址\n王伟,,13900000021,3幢501\n\"李\n芳\",,,\"3幢\"\"502\"\n";
    let mut seeds = vec![roster(), csv.as_bytes().to_vec(), b"\xff\xfe\xd3Y\rT\r\x00\n\x00".to_vec()];
    seeds.extend(["old.xls", "locked.xlsx"].map(|name| std::fs::read(own.join(name)).unwrap()));
    let pack = Pack::community();
    let roles = Roles::of(&pack).unwrap();
    mutate::play(&corpus("roster"), seeds, changed, |bytes| {
        for name in ["a.xlsx", "a.xls", "a.csv"] {
            for sheet in read(name, bytes).into_iter().flatten().take(3) {
                _ = guess(&roles, &sheet);
            }
        }
    });
}

#[test]
fn a_changed_form_is_refused_or_read() {
    let pack = Pack::community();
    let seeds: Vec<Vec<u8>> =
        ["service", "person", "patrol"].map(|kind| xlsform::export(&pack, kind).unwrap().unwrap()).to_vec();
    mutate::play(&corpus("form"), seeds, changed, |bytes| _ = xlsform::import(&pack, "a.xlsx", bytes));
}
