//! The work report as a Word document, laid out by GB/T 9704-2012 (党政机关公文格式).
//!
//! A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm (5.2.1); body 3号 仿宋, 22 lines of 28 characters (5.2.2); title 2号 小标宋
//! centred (7.3.1); headings 黑体, 楷体, 仿宋 (7.3.3); page numbers 4号 宋体 between dashes, odd pages right, even left (7.5).
//! The fonts are named and never shipped: Word takes the reader's own.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, DocGrid, DocGridType, Docx, FieldCharType, Footer, InstrPAGE, InstrText, LineSpacing,
    LineSpacingType, PageMargin, Paragraph, Run, RunFonts, SpecialIndentType, Table as Grid, TableAlignmentType,
    TableCell, TableLayoutType, TableRow, WidthType,
};
use jiff::civil::Date;
use records::{
    Lang,
    report::{Block, ChartTable, Report, Span},
};

use crate::{escaped, sayable};

/// Twentieths of a point in a millimetre, and in the fixed pitch of 22 lines on 225 mm.
const MM: f64 = 1440.0 / 25.4;
const PITCH: i32 = 579;
/// What a character of 16 pt gives up so that 28 of them stand on 156 mm, in 4096ths of a point (ECMA-376, docGrid).
const CHARACTER: isize = -849;
/// The text's width in twips: 156 mm.
const WIDTH: usize = 8845;
/// Half points: 2号, 3号, 4号 and 小四.
const TITLE: usize = 44;
const BODY: usize = 32;
const PAGE: usize = 28;
const CELL: usize = 24;

fn twips(mm: f64) -> i32 {
    (mm * MM).round() as i32
}

fn fonts(chinese: &str) -> RunFonts {
    RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia(chinese)
}

const SONG: &str = "仿宋_GB2312";
const HEADLINE: &str = "方正小标宋简体";

/// The document's bytes, from `author`, made `today`. Charts stand in it as tables.
///
/// # Errors
/// Nothing that depends on the report; the packer's own.
pub fn document(report: &Report, author: &str, today: Date, lang: Lang) -> std::io::Result<Vec<u8>> {
    let mut docx = Docx::new()
        .page_size(twips(210.0) as u32, twips(297.0) as u32)
        .page_margin(
            PageMargin::new()
                .top(twips(37.0))
                .bottom(twips(35.0))
                .left(twips(28.0))
                .right(twips(26.0))
                .header(twips(15.0))
                .footer(twips(28.0)),
        )
        .default_fonts(fonts(SONG))
        .default_size(BODY)
        .footer(footer(AlignmentType::Right))
        .even_footer(footer(AlignmentType::Left));
    let grid_of_page = DocGrid::with_empty().grid_type(DocGridType::LinesAndChars);
    docx.document = docx.document.doc_grid(grid_of_page.line_pitch(PITCH as usize).char_space(CHARACTER));
    let title = Run::new().add_text(sayable(&report.title)).size(TITLE).fonts(fonts(HEADLINE));
    docx = docx.add_paragraph(spaced(Paragraph::new().add_run(title)).align(AlignmentType::Center));
    docx = docx.add_paragraph(spaced(Paragraph::new()));
    for block in &report.blocks {
        docx = match block {
            Block::Heading { level, number, spans } => {
                let (font, bold) = match level {
                    1 => ("黑体", false),
                    2 => ("楷体_GB2312", false),
                    _ => (SONG, true),
                };
                let number = Span::Text(number.clone());
                let runs = runs(std::iter::once(&number).chain(spans), font, bold);
                let line = runs.into_iter().fold(Paragraph::new(), Paragraph::add_run);
                let line = line.outline_lvl(usize::from(level - 1)).keep_next(true);
                docx.add_paragraph(indented(spaced(line), lang))
            }
            Block::Paragraph(spans) => {
                let line = runs(spans, SONG, false).into_iter().fold(Paragraph::new(), Paragraph::add_run);
                docx.add_paragraph(indented(spaced(line), lang).align(AlignmentType::Both))
            }
            Block::Chart(table) => docx
                .add_paragraph(caption(&table.caption))
                .add_table(grid(table))
                .add_paragraph(spaced(Paragraph::new())),
        };
    }
    let mut bytes = Cursor::new(Vec::new());
    let mut parts = docx.build();
    parts.document = with_repeated_heads(parts.document);
    parts.doc_props.core = core(&report.title, author, today).into_bytes();
    parts.pack(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes.into_inner())
}

/// A line's runs: one for what reads on, and one in red for each place whose figure is not known.
fn runs<'s>(spans: impl IntoIterator<Item = &'s Span>, font: &str, is_bold: bool) -> Vec<Run> {
    let mut texts: Vec<(String, bool)> = Vec::new();
    for span in spans {
        let is_unknown = matches!(span, Span::Unknown(_));
        match texts.last_mut().filter(|(_, last)| *last == is_unknown) {
            Some((text, _)) => *text += &sayable(span.text()),
            None => texts.push((sayable(span.text()), is_unknown)),
        }
    }
    let run = |(text, is_unknown): (String, bool)| {
        let run = Run::new().add_text(text).size(BODY).fonts(fonts(font));
        let run = if is_bold { run.bold() } else { run };
        if is_unknown { run.color("C00000") } else { run }
    };
    texts.into_iter().map(run).collect()
}

/// The mark of a table's head, which a page it runs on to repeats. The library has no word for it, but one for rows that do not
/// split, which only heads are given.
fn with_repeated_heads(document: Vec<u8>) -> Vec<u8> {
    match String::from_utf8(document) {
        Ok(text) => text.replace("<w:cantSplit />", "<w:cantSplit /><w:tblHeader />").into_bytes(),
        Err(other) => other.into_bytes(),
    }
}

/// The document's properties: what it is called, who it is from, when it was made.
fn core(title: &str, author: &str, today: Date) -> String {
    let (title, author) = (escaped(title), escaped(author));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><cp:coreProperties \
xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>\
<cp:lastModifiedBy>{author}</cp:lastModifiedBy>\
<dcterms:created xsi:type=\"dcterms:W3CDTF\">{today}T00:00:00Z</dcterms:created>\
<dcterms:modified xsi:type=\"dcterms:W3CDTF\">{today}T00:00:00Z</dcterms:modified></cp:coreProperties>"
    )
}

fn spaced(paragraph: Paragraph) -> Paragraph {
    paragraph.line_spacing(LineSpacing::new().line_rule(LineSpacingType::Exact).line(PITCH).before(0).after(0))
}

/// Two characters in, as Chinese paragraphs begin.
fn indented(paragraph: Paragraph, lang: Lang) -> Paragraph {
    match lang {
        Lang::Zh => paragraph.indent(None, Some(SpecialIndentType::FirstLine(640)), None, None).first_line_chars(200),
        Lang::En => paragraph,
    }
}

fn caption(text: &str) -> Paragraph {
    let run = Run::new().add_text(sayable(text)).size(CELL).fonts(fonts("黑体"));
    spaced(Paragraph::new().add_run(run)).align(AlignmentType::Center).keep_next(true)
}

fn grid(table: &ChartTable) -> Grid {
    // The labels take what the figures leave; WPS goes by these widths alone.
    let heads = table.heads();
    let columns = table.rows.iter().map(|row| row.values.len() + 1).chain([heads.len(), 1]).max().unwrap_or(1);
    let figures = (WIDTH / 5).min(WIDTH * 3 / 5 / (columns - 1).max(1));
    let width = |at: usize| if at == 0 { WIDTH - figures * (columns - 1) } else { figures };
    let cell = |text: &str, at: usize, font: &str| {
        let run = Run::new().add_text(sayable(text)).size(CELL).fonts(fonts(font));
        let align = if at == 0 { AlignmentType::Left } else { AlignmentType::Right };
        TableCell::new().add_paragraph(Paragraph::new().add_run(run).align(align)).width(width(at), WidthType::Dxa)
    };
    let row = |cells: &mut dyn Iterator<Item = &str>, font: &str| {
        TableRow::new(cells.enumerate().map(|(at, text)| cell(text, at, font)).collect())
    };
    let head = (!heads.is_empty()).then(|| row(&mut heads.into_iter(), "黑体").cant_split());
    Grid::new(head.into_iter().chain(table.rows.iter().map(|cells| row(&mut cells.cells(), SONG))).collect())
        .set_grid((0..columns).map(width).collect())
        .width(WIDTH, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
}

/// `— 1 —`, one character in from the outer edge.
fn footer(side: AlignmentType) -> Footer {
    let dash = |text: &str| Run::new().add_text(text).size(PAGE).fonts(fonts("宋体"));
    let number = Run::new()
        .size(PAGE)
        .fonts(fonts("宋体"))
        .add_field_char(FieldCharType::Begin, false)
        .add_instr_text(InstrText::PAGE(InstrPAGE::new()))
        .add_field_char(FieldCharType::Separate, false)
        .add_text("1")
        .add_field_char(FieldCharType::End, false);
    let line = Paragraph::new().add_run(dash("— ")).add_run(number).add_run(dash(" —")).align(side);
    Footer::new().add_paragraph(line.indent(Some(280), None, Some(280), None))
}

#[cfg(test)]
mod tests {
    use records::report::ChartRow;

    use super::*;

    #[test]
    fn twenty_eight_characters_stand_on_a_line_tables_have_widths_and_repeat_their_heads() {
        let pitch = BODY as f64 / 2.0 + CHARACTER as f64 / 4096.0;
        let line = WIDTH as f64 / 20.0;
        assert!((28.0..29.0).contains(&(line / pitch)), "{} characters", line / pitch);
        let values = vec![(2, "2".to_owned()), (3, "3".to_owned())];
        let table = ChartTable {
            name: "t".into(),
            caption: "按月".into(),
            head: "月份".into(),
            series: ["走访", "窗口"].map(Into::into).to_vec(),
            rows: vec![ChartRow { key: "2009-01".into(), label: "1月".into(), values }],
        };
        let blocks = vec![
            Block::Paragraph(vec![
                Span::Text("走访".into()),
                Span::Unknown("〔没有〕".into()),
                Span::Text("次".into()),
            ]),
            Block::Chart(table),
        ];
        let report = Report { title: "甲<乙".into(), blocks };
        let bytes = document(&report, "友新&社区", jiff::civil::date(2026, 11, 30), Lang::Zh).unwrap();
        let part = |name: &str| {
            let mut archive = zip::ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
            text
        };
        let text = part("word/document.xml");
        for mark in [
            "w:type=\"linesAndChars\"",
            "w:linePitch=\"579\"",
            "w:charSpace=\"-849\"",
            "<w:tblHeader />",
            "<w:gridCol w:w=\"5307\"",
            "C00000",
        ] {
            assert!(text.contains(mark), "{mark}: {text}");
        }
        assert_eq!(text.matches("<w:tblHeader />").count(), 1);
        let core = part("docProps/core.xml");
        assert!(core.contains("<dc:title>甲&lt;乙</dc:title><dc:creator>友新&amp;社区</dc:creator>"), "{core}");
        assert!(core.contains("2026-11-30T"), "{core}");
    }
}
