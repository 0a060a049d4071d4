//! The work report as a page to print: self-contained, no script, nothing fetched.

use records::{
    Lang,
    ledger::{Cell, Sheet},
    report::{Block, ChartTable, Report, Span},
};

use crate::escaped;

/// The page as HTML. Its style is inline: whoever serves it allows `style-src 'unsafe-inline'` for it alone.
pub fn html(report: &Report, lang: Lang) -> String {
    let code = if lang == Lang::Zh { "zh-CN" } else { "en" };
    let mut out = format!(
        "<!doctype html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{0}</title><style>\
@page{{size:A4;margin:37mm 26mm 35mm 28mm}}body{{font:16pt/1.8 FangSong,STFangsong,\"Noto Serif CJK SC\",serif;max-width:156mm;margin:2em auto}}\
h1{{font-size:22pt;text-align:center;font-weight:700}}h2{{font-size:16pt;font-family:SimHei,\"Noto Sans CJK SC\",sans-serif}}\
h3{{font-size:16pt;font-family:KaiTi,STKaiti,serif;font-weight:400}}h2,h3{{text-indent:2em;margin:.4em 0;break-after:avoid}}\
p{{text-indent:2em;margin:0;text-align:justify}}table{{border-collapse:collapse;margin:1em auto;font-size:12pt}}\
thead,tr{{break-inside:avoid}}p b{{color:#c00000;font-weight:400}}\
caption{{font-family:SimHei,sans-serif;padding:4px;break-after:avoid}}th,td{{border:1px solid #888;padding:2px 10px;text-align:right}}\
th:first-child,td:first-child{{text-align:left}}:lang(en) p,:lang(en) h2,:lang(en) h3{{text-indent:0}}</style></head><body><h1>{0}</h1>",
        escaped(&report.title)
    );
    for block in &report.blocks {
        match block {
            Block::Heading { level, number, spans } => {
                let level = level + 1;
                out += &format!("<h{level}>{}{}</h{level}>", escaped(number), prose(spans));
            }
            Block::Paragraph(spans) => out += &format!("<p>{}</p>", prose(spans)),
            Block::Chart(table) => out += &grid(table),
        }
    }
    out + "</body></html>"
}

/// A ledger as a page to print: A4 across, its heads on every sheet.
pub fn ledger(sheet: &Sheet, lang: Lang) -> String {
    let code = if lang == Lang::Zh { "zh-CN" } else { "en" };
    let row = |cells: Vec<(String, bool)>, tag: &str| -> String {
        let cell = |(text, is_number): (String, bool)| {
            let class = if is_number { " class=\"n\"" } else { "" };
            format!("<{tag}{class}>{}</{tag}>", escaped(&text))
        };
        format!("<tr>{}</tr>", cells.into_iter().map(cell).collect::<String>())
    };
    let heads = row(sheet.heads.iter().map(|head| (head.clone(), false)).collect(), "th");
    let rows: String =
        sheet.rows.iter().map(|cells| row(cells.iter().map(|cell| said(cell, lang)).collect(), "td")).collect();
    let totals = sheet.totals.iter().enumerate().map(|(column, total)| match (column, total) {
        (_, Some(total)) => said(total, lang),
        (0, None) => (sheet.total.clone(), false),
        _ => Default::default(),
    });
    let foot = if sheet.has_totals() { row(totals.collect(), "th") } else { String::new() };
    format!(
        "<!doctype html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{0}</title><style>\
@page{{size:A4 landscape;margin:12mm}}body{{font:10pt/1.4 sans-serif;margin:0}}h1{{font-size:14pt;margin:0 0 4mm}}\
table{{border-collapse:collapse;width:100%}}th,td{{border:1px solid #888;padding:1mm 2mm;text-align:left;vertical-align:top}}\
.n{{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}}tr{{break-inside:avoid}}</style></head><body>\
<h1>{0} · {1}</h1><table><thead>{heads}</thead><tbody>{rows}</tbody><tfoot>{foot}</tfoot></table></body></html>",
        escaped(&sheet.name),
        sheet.rows.len()
    )
}

/// A cell in words, and whether it is a number.
fn said(cell: &Cell, lang: Lang) -> (String, bool) {
    (cell.text(lang), cell.is_number())
}

fn grid(table: &ChartTable) -> String {
    let row = |cells: &mut dyn Iterator<Item = &str>, tag: &str| -> String {
        let cells: String = cells.map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
        format!("<tr>{cells}</tr>")
    };
    let rows: String = table.rows.iter().map(|cells| row(&mut cells.cells(), "td")).collect();
    let heads = table.heads();
    let heads = match heads.is_empty() {
        true => String::new(),
        false => format!("<thead>{}</thead>", row(&mut heads.into_iter(), "th")),
    };
    format!("<table><caption>{}</caption>{heads}<tbody>{rows}</tbody></table>", escaped(&table.caption))
}

fn prose(spans: &[Span]) -> String {
    let span = |span: &Span| match span {
        Span::Unknown(text) => format!("<b>{}</b>", escaped(text)),
        _ => escaped(span.text()),
    };
    spans.iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use records::words;

    use super::*;

    #[test]
    fn a_printed_ledger_has_every_row_adds_up_and_runs_nothing() {
        let sheet = Sheet {
            name: "发放".into(),
            heads: vec!["领取人".into(), "金额".into(), "人次".into()],
            rows: vec![
                vec![Cell::Text("<script>甲".into()), Cell::Fen(30_000), Cell::Number(1200)],
                vec![Cell::Text("乙".into()), Cell::Empty, Cell::Number(34)],
                vec![Cell::Text("丙".into()), Cell::Fen(12_050), Cell::Empty],
            ],
            totals: vec![None, Some(Cell::Fen(42_050)), Some(Cell::Number(1234))],
            total: "合计".into(),
        };
        let page = ledger(&sheet, Lang::Zh);
        assert_eq!(page.matches("<tr>").count(), 5, "heads, three rows, sums");
        assert!(page.contains("&lt;script&gt;甲") && !page.contains("<script"));
        let (_, foot) = page.split_once("<tfoot>").unwrap();
        assert!(
            foot.contains("合计") && foot.contains(&words::money(42_050, Lang::Zh)) && foot.contains("1,234"),
            "{foot}"
        );
    }
}
