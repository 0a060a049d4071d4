//! Files made to fill the memory: refused, in little time and little room. Alone in its program, since it looks at the
//! program's own memory.

#![cfg(target_os = "linux")]

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use export::roster::{self, Stop, Unreadable};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// One at a time: all look at the same memory.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Megabytes this program needed at once since the last time.
fn peak() -> u64 {
    megabytes("VmHWM:")
}

/// Megabytes it needs now; from here on the most is counted anew.
fn now() -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    megabytes("VmRSS:")
}

fn megabytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// A workbook whose shared texts unpack to so many megabytes of blanks.
fn bomb(megabytes: usize) -> Vec<u8> {
    let sheet = records::ledger::Sheet { name: "a".into(), heads: vec!["姓名".into()], ..Default::default() };
    let book = export::excel::workbook(&[sheet]).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        out.start_file(part.name().to_owned(), SimpleFileOptions::default()).unwrap();
        if part.name() == "xl/sharedStrings.xml" {
            out.write_all(b"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>").unwrap();
            let blanks = vec![b'x'; 1 << 20];
            (0..megabytes).for_each(|_| out.write_all(&blanks).unwrap());
            out.write_all(b"</t></si></sst>").unwrap();
        } else {
            std::io::copy(&mut part, &mut out).unwrap();
        }
    }
    out.finish().unwrap().into_inner()
}

/// The same, with headers that say its parts are small.
fn lying(mut bytes: Vec<u8>) -> Vec<u8> {
    for (mark, at) in [(b"PK\x01\x02", 24), (b"PK\x03\x04", 22)] {
        let places: Vec<usize> =
            bytes.windows(4).enumerate().filter(|(_, four)| four == mark).map(|(place, _)| place).collect();
        for place in places {
            bytes[place + at..place + at + 4].copy_from_slice(&1000_u32.to_le_bytes());
        }
    }
    bytes
}

const SPREADSHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A workbook of these sheets (what stands inside `worksheet`) and shared texts (inside `sst`).
fn book(sheets: &[&str], shared: &str) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    };
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut list, mut paths) = (String::new(), String::new());
    for (n, sheet) in sheets.iter().enumerate() {
        write!(list, "<sheet name=\"s{n}\" sheetId=\"{}\" r:id=\"r{n}\"/>", n + 1).unwrap();
        write!(paths, "<Relationship Id=\"r{n}\" Type=\"{relation}/worksheet\" Target=\"worksheets/s{n}.xml\"/>")
            .unwrap();
        part(&format!("xl/worksheets/s{n}.xml"), &format!("<worksheet xmlns=\"{SPREADSHEET}\">{sheet}</worksheet>"));
    }
    part("xl/sharedStrings.xml", &format!("<sst xmlns=\"{SPREADSHEET}\">{shared}</sst>"));
    let sheets = format!("<workbook xmlns=\"{SPREADSHEET}\" xmlns:r=\"{relation}\"><sheets>{list}</sheets></workbook>");
    part("xl/workbook.xml", &sheets);
    let all = "http://schemas.openxmlformats.org/package/2006/relationships";
    part("xl/_rels/workbook.xml.rels", &format!("<Relationships xmlns=\"{all}\">{paths}</Relationships>"));
    let office = format!("<Relationship Id=\"r\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/>");
    part("_rels/.rels", &format!("<Relationships xmlns=\"{all}\">{office}</Relationships>"));
    out.finish().unwrap().into_inner()
}

/// So many rows, each with one cell in this column that shows the first of the shared texts.
fn column(rows: usize, column: &str) -> String {
    let row = |n| format!("<row r=\"{n}\"><c r=\"{column}{n}\" t=\"s\"><v>0</v></c></row>");
    format!("<sheetData>{}</sheetData>", (1..=rows).map(row).collect::<String>())
}

/// So many areas merged.
fn merged(areas: impl Iterator<Item = String>) -> String {
    let cells: String = areas.map(|area| format!("<mergeCell ref=\"{area}\"/>")).collect();
    format!("<mergeCells>{cells}</mergeCells>")
}

fn text(length: usize) -> String {
    format!("<si><t>{}</t></si>", "长".repeat(length))
}

#[test]
fn what_asks_for_far_more_than_a_roster_is_refused_or_shared() {
    let _turn = turn();
    let far = column(60_000, "GR");
    let wide = format!("{}{}", column(2000, "A"), merged(["A1:GR2000".to_owned()].into_iter()));
    let again =
        format!("{}{}", column(60_000, "A"), merged((0..100_000).map(|n| format!("A{}:GR60000", n % 50_000 + 1))));
    let apart = format!("{}{}", column(2, "A"), merged((1..=300_000).map(|n| format!("ZZ{n}:ZZ{n}"))));
    let full: String =
        (1..=8_000).map(|n| format!("<row r=\"{n}\">{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(60))).collect();
    let full = format!("<sheetData>{full}</sheetData>");
    let own: String = (1..=60_000)
        .map(|n| format!("<row r=\"{n}\"><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "长".repeat(1000)))
        .collect();
    let own = format!("<sheetData>{own}</sheetData>");
    let cases = [
        ("a long text in a merged area of 400,000 cells", book(&[&wide], &text(2000)), true),
        ("the same on twelve sheets", book(&[&*wide; 12], &text(2000)), false),
        ("far cells in 60,000 rows", book(&[&far], &text(1)), false),
        ("the same on four sheets", book(&[&*far; 4], &text(1)), false),
        ("a hundred thousand merged areas over each other", book(&[&again], &text(1)), false),
        ("300,000 merged areas of nothing", book(&[&apart], &text(1)), true),
        ("the longest text in 480,000 cells", book(&[&full], &text(32_767)), true),
        ("180 MB of texts of their own", book(&[&own], ""), false),
        ("a million texts of nothing", book(&[&column(1, "A")], &"<si><t/></si>".repeat(1_000_000)), false),
        ("five thousand sheets", book(&vec!["<sheetData/>"; 5000], &text(1)), false),
    ];
    for (name, bytes, is_read) in cases {
        let before = now();
        let begin = Instant::now();
        let read = roster::read("a.xlsx", &bytes);
        let (took, needed) = (begin.elapsed(), peak().saturating_sub(before));
        println!("{name}: {} kB, {took:.1?}, {needed} MB: {:?}", bytes.len() / 1024, read.as_ref().map(Vec::len));
        assert_eq!(read.is_ok(), is_read, "{name}: {:?}", read.err());
        assert!(needed < 350, "{name}: {needed} MB");
    }
}

#[test]
fn reading_ends_soon_after_nobody_waits_for_it() {
    let _turn = turn();
    let full: String =
        (1..=8_000).map(|n| format!("<row r=\"{n}\">{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(60))).collect();
    let bytes = book(&[&format!("<sheetData>{full}</sheetData>")], &text(10));
    let begin = Instant::now();
    assert!(roster::read("a.xlsx", &bytes).is_ok());
    let whole = begin.elapsed();
    for part in [0, 10, 2] {
        let stop = Stop::default();
        let begin = Instant::now();
        let read = std::thread::scope(|scope| {
            let reading = scope.spawn(|| roster::read_until("a.xlsx", &bytes, &stop));
            std::thread::sleep(whole.checked_div(part).unwrap_or(Duration::ZERO));
            stop.stop();
            reading.join().unwrap()
        });
        assert_eq!(read, Err(Unreadable::GivenUp), "after {:?} of {whole:?}", begin.elapsed());
    }
}

#[test]
fn a_file_that_unpacks_to_gigabytes_is_refused_in_little_room() {
    let _turn = turn();
    let honest = bomb(600);
    assert!(honest.len() < 4 << 20, "it comes as {} bytes", honest.len());
    let before = now();
    for bytes in [honest.clone(), lying(honest)] {
        let begin = Instant::now();
        assert!(matches!(roster::read("a.xlsx", &bytes), Err(Unreadable::TooMuch | Unreadable::Damaged)));
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }
    assert!(export::xlsform::import(&records::Pack::community(), "a.xlsx", &bomb(600)).is_err(), "nor is it a form");
    let more = peak().saturating_sub(before);
    assert!(more < 64, "{more} MB more");
    assert!(roster::read("a.xlsx", &bomb(0)).is_ok() || roster::read("a.xlsx", &bomb(0)) == Err(Unreadable::Empty));
}

#[test]
fn guessing_what_long_texts_mean_takes_no_time() {
    let _turn = turn();
    let wide = format!("{}{}", column(2000, "A"), merged(["A1:GR2000".to_owned()].into_iter()));
    let pack = records::Pack::community();
    let roles = roster::Roles::of(&pack).unwrap();
    let mut before = None;
    for words in ["x".repeat(2000), "长".repeat(2000)] {
        let sheets = roster::read("a.xlsx", &book(&[&wide], &format!("<si><t>{words}</t></si>"))).unwrap();
        let begin = Instant::now();
        let guess = roster::guess(&roles, &sheets[0]);
        println!("guessed in {:.1?}: {}", begin.elapsed(), guess.score);
        before.get_or_insert(guess.score);
    }
    assert_eq!(before, Some(0));
}
