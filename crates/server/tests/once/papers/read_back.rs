//! Papers read back: a Word document and a page as lines and tables, a workbook as cells, CSV as fields. Written for what the
//! project writes, and apart from what writes it.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};

/// A line of a document, or a table with its heads.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Line(String),
    Table(Vec<Vec<String>>),
}

/// What an element of Word or HTML means.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Line,
    Table,
    Row,
    Cell,
    Other,
}

/// A file of a zip archive, as text.
pub fn unzipped(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// A Word document's text from the top down.
pub fn word(bytes: &[u8]) -> Vec<Piece> {
    pieces(&unzipped(bytes, "word/document.xml"), |name| match name {
        "w:p" => Mark::Line,
        "w:tbl" => Mark::Table,
        "w:tr" => Mark::Row,
        "w:tc" => Mark::Cell,
        _ => Mark::Other,
    })
}

/// A page's text from the top down.
pub fn page(html: &str) -> Vec<Piece> {
    let (_, body) = html.split_once("<body>").expect("a body");
    pieces(body, |name| match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "caption" => Mark::Line,
        "table" => Mark::Table,
        "tr" => Mark::Row,
        "td" | "th" => Mark::Cell,
        _ => Mark::Other,
    })
}

/// Lines without words are left out: documents have them for room.
fn pieces(marked: &str, of: fn(&str) -> Mark) -> Vec<Piece> {
    let (mut pieces, mut rows, mut text) = (Vec::new(), Vec::<Vec<String>>::new(), String::new());
    let (mut is_cell, mut rest) = (false, marked);
    while let Some((before, after)) = rest.split_once('<') {
        text += &unescaped(before);
        let (tag, after) = after.split_once('>').expect("a whole tag");
        rest = after;
        let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let is_both = tag.ends_with('/');
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        match (of(name), is_end || is_both) {
            (Mark::Table, false) => rows.clear(),
            (Mark::Row, false) => rows.push(Vec::new()),
            (Mark::Cell, false) => (is_cell, text) = (true, String::new()),
            // Word's cells hold paragraphs, which are no lines of their own.
            (Mark::Line, false) if !is_cell => text.clear(),
            (Mark::Line, true) if !is_cell && !text.is_empty() => pieces.push(Piece::Line(std::mem::take(&mut text))),
            (Mark::Cell, true) => {
                is_cell = false;
                rows.last_mut().expect("a row").push(std::mem::take(&mut text));
            }
            (Mark::Table, true) => pieces.push(Piece::Table(std::mem::take(&mut rows))),
            _ => {}
        }
    }
    pieces
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&apos;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A workbook's sheets by name, each from its first cell to its last.
pub fn excel(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    let rows = |name: &String| book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect();
    let sheets: Vec<_> = names.iter().map(rows).collect();
    names.into_iter().zip(sheets).collect()
}

/// The lines of CSV, by RFC 4180.
pub fn csv(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    let (mut lines, mut line, mut field, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if is_quoted && signs.peek() == Some(&'"') => field.extend(signs.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => line.push(std::mem::take(&mut field)),
            '\r' if !is_quoted => {
                assert_eq!(signs.next(), Some('\n'), "lines end as RFC 4180 says");
                line.push(std::mem::take(&mut field));
                lines.push(std::mem::take(&mut line));
            }
            other => field.push(other),
        }
    }
    assert!(!is_quoted && field.is_empty() && line.is_empty(), "the last line is whole");
    lines
}

#[test]
fn csv_is_read_as_it_is_written() {
    let text = records::csv::table([["甲,乙", "说\"好\""], ["两\n行", ""]]);
    assert_eq!(csv(&text), [["甲,乙", "说\"好\""], ["两\n行", ""]]);
}
