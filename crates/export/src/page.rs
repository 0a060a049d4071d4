//! The work report as a page to print: self-contained, no script, nothing fetched.

use records::{
    Lang,
    report::{Block, Report, Span},
};

use crate::{Table, sayable};

/// The page as HTML. Its style is inline: whoever serves it allows `style-src 'unsafe-inline'` for it alone.
pub fn html(report: &Report, tables: &[Table], lang: Lang) -> String {
    let code = if lang == Lang::Zh { "zh-CN" } else { "en" };
    let mut out = format!(
        "<!doctype html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{0}</title><style>\
@page{{size:A4;margin:37mm 26mm 35mm 28mm}}body{{font:16pt/1.8 FangSong,STFangsong,\"Noto Serif CJK SC\",serif;max-width:156mm;margin:2em auto}}\
h1{{font-size:22pt;text-align:center;font-weight:700}}h2{{font-size:16pt;font-family:SimHei,\"Noto Sans CJK SC\",sans-serif}}\
h3{{font-size:16pt;font-family:KaiTi,STKaiti,serif;font-weight:400}}h2,h3{{text-indent:2em;margin:.4em 0;break-after:avoid}}\
p{{text-indent:2em;margin:0;text-align:justify}}table{{border-collapse:collapse;margin:1em auto;font-size:12pt}}\
caption{{font-family:SimHei,sans-serif;padding:4px}}th,td{{border:1px solid #888;padding:2px 10px;text-align:right}}\
th:first-child,td:first-child{{text-align:left}}:lang(en) p,:lang(en) h2,:lang(en) h3{{text-indent:0}}</style></head><body><h1>{0}</h1>",
        escaped(&report.title)
    );
    for block in &report.blocks {
        match block {
            Block::Heading { level, number, spans } => {
                let level = level + 1;
                out += &format!("<h{level}>{}{}</h{level}>", escaped(number), words(spans));
            }
            Block::Paragraph(spans) => out += &format!("<p>{}</p>", words(spans)),
            Block::Chart(name) => {
                if let Some(table) = tables.iter().find(|table| table.name == *name && !table.rows.is_empty()) {
                    out += &grid(table);
                }
            }
        }
    }
    out + "</body></html>"
}

fn grid(table: &Table) -> String {
    let row = |cells: &[String], tag: &str| -> String {
        let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
        format!("<tr>{cells}</tr>")
    };
    let rows: String = table.rows.iter().map(|cells| row(cells, "td")).collect();
    format!("<table><caption>{}</caption>{}{rows}</table>", escaped(&table.caption), row(&table.heads, "th"))
}

fn words(spans: &[Span]) -> String {
    spans.iter().map(|span| escaped(span.text())).collect()
}

fn escaped(text: &str) -> String {
    sayable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
