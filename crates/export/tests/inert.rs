//! What people write comes out as the words they wrote: never as markup, a formula or a broken file.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use export::{excel, page, word};
use quick_xml::events::Event;
use records::{
    Lang,
    ledger::{Cell, Sheet},
    report::{Block, ChartRow, ChartTable, Report, Span},
};

/// Words that try to be something else.
const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "]]><!--",
    "&lt;b&gt; &amp; &#60;",
    "=HYPERLINK(\"http://x\")",
    "+1+cmd|' /C calc'!A0",
    "\u{202e}gnp.exe",
    "a\u{0}\u{1}\u{8}\u{b}\u{1f}\u{fffe}b",
    "𠮷野家 ' \" < >",
];

fn report(words: &str) -> Report {
    let span = || vec![Span::Text(words.into()), Span::Figure { indicator: "x".into(), text: words.into() }];
    let blocks = vec![
        Block::Heading { level: 1, number: words.into(), spans: span() },
        Block::Paragraph(span()),
        Block::Chart(ChartTable {
            name: words.into(),
            caption: words.into(),
            head: words.into(),
            series: vec![words.into()],
            rows: vec![ChartRow { key: words.into(), label: words.into(), values: vec![(1, words.into())] }],
        }),
    ];
    Report { title: words.into(), blocks }
}

/// Without the characters that XML has no way to say (XML 1.0, 2.2).
fn sayable(words: &str) -> String {
    let is_char =
        |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    words.chars().filter(is_char).collect()
}

#[test]
fn a_page_holds_no_tag_of_theirs() {
    let tags = |html: &str| html.matches('<').count();
    let expected = tags(&page::html(&report("words"), Lang::Zh));
    for words in HOSTILE {
        let html = page::html(&report(words), Lang::Zh);
        assert_eq!(tags(&html), expected, "{words:?} made a tag");
        assert!(!html.contains('\0'), "{words:?}");
        assert_eq!(html.matches("<script").count(), 0);
    }
}

#[test]
fn a_word_document_is_whole_and_says_the_same() {
    for words in HOSTILE {
        let bytes = word::document(&report(words), words, jiff::civil::date(2026, 11, 30), Lang::Zh).unwrap();
        let mut said = String::new();
        for xml in parts(&bytes) {
            let mut reader = quick_xml::Reader::from_str(&xml);
            reader.config_mut().check_end_names = true;
            loop {
                match reader.read_event().unwrap_or_else(|e| panic!("{words:?} broke the document: {e}")) {
                    Event::Text(text) => said += AsRef::<str>::as_ref(&text),
                    Event::GeneralRef(name) => match name.resolve_char_ref().unwrap() {
                        Some(c) => said.push(c),
                        None => said += quick_xml::escape::resolve_xml_entity(name.as_ref()).expect("known"),
                    },
                    Event::Eof => break,
                    _ => {}
                }
            }
            assert_eq!(sayable(&xml), xml, "{words:?}: XML cannot say that");
        }
        assert!(said.contains(&sayable(words)), "{words:?} became {said:?}");
    }
}

/// The XML files of a document.
fn parts(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().filter(|name| name.ends_with(".xml")).map(Into::into).collect();
    names.iter().map(|name| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()).collect()
}

#[test]
fn a_ledger_holds_their_words_as_text() {
    let rows: Vec<Vec<Cell>> = HOSTILE.iter().map(|words| vec![Cell::Text((*words).to_owned())]).collect();
    let sheet = Sheet {
        name: "a/b[c]<script>".into(),
        heads: vec![HOSTILE[4].into()],
        rows,
        totals: vec![None],
        total: String::new(),
    };
    let bytes = excel::workbook(&[sheet]).unwrap();
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let name = book.sheet_names()[0].clone();
    assert_eq!(book.worksheet_formula(&name).unwrap().cells().filter(|(_, _, f)| !f.is_empty()).count(), 0);
    let range = book.worksheet_range(&name).unwrap();
    for (row, words) in (1u32..).zip(HOSTILE) {
        let Some(Data::String(text)) = range.get_value((row, 0)) else { panic!("{words:?} is no text") };
        assert!(sayable(text).contains(&sayable(words)) || text == words, "{words:?} became {text:?}");
    }
}
