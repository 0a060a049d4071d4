//! Files made to fill the memory: refused, in little time and little room. Alone in its program, since it looks at the
//! program's own memory.

use std::io::{Cursor, Write as _};

use export::roster::{self, Unreadable};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// Megabytes this program ever needed at once.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// A workbook whose shared texts unpack to so many megabytes of blanks.
fn bomb(megabytes: usize) -> Vec<u8> {
    let sheet = export::excel::Sheet { name: "a".into(), heads: vec!["姓名".into()], ..Default::default() };
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

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_unpacks_to_gigabytes_is_refused_in_little_room() {
    let honest = bomb(600);
    assert!(honest.len() < 4 << 20, "it comes as {} bytes", honest.len());
    let before = peak();
    for bytes in [honest.clone(), lying(honest)] {
        let begin = std::time::Instant::now();
        assert!(matches!(roster::read("a.xlsx", &bytes), Err(Unreadable::TooLong | Unreadable::Damaged)));
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }
    assert!(export::xlsform::import(&records::Pack::community(), "a.xlsx", &bomb(600)).is_err(), "nor is it a form");
    assert!(peak() - before < 64, "{} MB more", peak() - before);
    assert!(roster::read("a.xlsx", &bomb(0)).is_ok() || roster::read("a.xlsx", &bomb(0)) == Err(Unreadable::Empty));
}
