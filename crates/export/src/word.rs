//! The work report as a Word document, laid out by GB/T 9704-2012 (党政机关公文格式).
//!
//! A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm (5.2.1); body 3号 仿宋, 22 lines of 28 characters (5.2.2); title 2号 小标宋
//! centred (7.3.1); headings 黑体, 楷体, 仿宋 (7.3.3); page numbers 4号 宋体 between dashes, odd pages right, even left (7.5).
//! The fonts are named and never shipped: Word takes the reader's own.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, FieldCharType, Footer, InstrPAGE, InstrText, LineSpacing, LineSpacingType, PageMargin,
    Paragraph, Run, RunFonts, SpecialIndentType, Table as Grid, TableAlignmentType, TableCell, TableRow,
};
use records::{
    Lang,
    report::{Block, Report, Span},
};

use crate::{Table, sayable};

/// Twentieths of a point in a millimetre, and in the fixed pitch of 22 lines on 225 mm.
const MM: f64 = 1440.0 / 25.4;
const PITCH: i32 = 579;
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

/// The document's bytes. `tables` stand where the text places their charts.
///
/// # Errors
/// Nothing that depends on the report; the packer's own.
pub fn document(report: &Report, tables: &[Table], lang: Lang) -> std::io::Result<Vec<u8>> {
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
                let run =
                    Run::new().add_text(format!("{}{}", sayable(number), words(spans))).size(BODY).fonts(fonts(font));
                let run = if bold { run.bold() } else { run };
                let line = Paragraph::new().add_run(run).outline_lvl(usize::from(level - 1)).keep_next(true);
                docx.add_paragraph(indented(spaced(line), lang))
            }
            Block::Paragraph(spans) => {
                let run = Run::new().add_text(words(spans)).size(BODY).fonts(fonts(SONG));
                docx.add_paragraph(indented(spaced(Paragraph::new().add_run(run)), lang).align(AlignmentType::Both))
            }
            Block::Chart(name) => match tables.iter().find(|table| table.name == *name && !table.rows.is_empty()) {
                None => docx,
                Some(table) => docx
                    .add_paragraph(caption(&table.caption))
                    .add_table(grid(table))
                    .add_paragraph(spaced(Paragraph::new())),
            },
        };
    }
    let mut bytes = Cursor::new(Vec::new());
    docx.build().pack(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes.into_inner())
}

fn words(spans: &[Span]) -> String {
    spans.iter().map(|span| sayable(span.text())).collect()
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

fn grid(table: &Table) -> Grid {
    let cell = |text: &str, at: usize, font: &str| {
        let run = Run::new().add_text(sayable(text)).size(CELL).fonts(fonts(font));
        let align = if at == 0 { AlignmentType::Left } else { AlignmentType::Right };
        TableCell::new().add_paragraph(Paragraph::new().add_run(run).align(align))
    };
    let row = |cells: &[String], font: &str| {
        TableRow::new(cells.iter().enumerate().map(|(at, text)| cell(text, at, font)).collect())
    };
    let heads = (!table.heads.is_empty()).then(|| row(&table.heads, "黑体"));
    Grid::new(heads.into_iter().chain(table.rows.iter().map(|cells| row(cells, SONG))).collect())
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
