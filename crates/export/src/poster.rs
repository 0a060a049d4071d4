//! The codes of a round's points, to be printed, cut and put on walls.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};
use records::{Kind, Lang, Pack, pack::Walk};

use crate::escaped;

/// Light modules around a code, without which scanners do not find it (ISO/IEC 18004: four).
const QUIET: i32 = 4;

/// The page as HTML: a card a point, two to a row of A4. `None` for a kind that is not walked. Its style is inline: whoever
/// serves it allows that for it alone.
pub fn html(pack: &Pack, kind: &Kind, lang: Lang) -> Option<String> {
    let walk = kind.walk.as_ref()?;
    let code = if lang == Lang::Zh { "zh-CN" } else { "en" };
    let title = escaped(kind.label.get(lang));
    let mut out = format!(
        "<!doctype html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{title}</title><style>\
@page{{size:A4;margin:12mm}}body{{font:16pt/1.4 sans-serif;margin:0;display:grid;grid-template-columns:1fr 1fr;gap:8mm}}\
h1{{grid-column:1/-1;font-size:18pt;margin:0}}figure{{margin:0;padding:6mm;border:1px dashed #888;text-align:center;break-inside:avoid}}\
svg{{width:60mm;height:60mm}}figcaption{{font-size:24pt;font-weight:700}}</style></head><body><h1>{title}</h1>"
    );
    for point in walk.stops(pack, kind) {
        let _ = write!(
            out,
            "<figure>{}<figcaption>{}</figcaption></figure>",
            svg(&Walk::code(&point.name))?,
            escaped(point.label.get(lang))
        );
    }
    Some(out + "</body></html>")
}

/// A code as SVG; `None` for a text too long for any.
fn svg(text: &str) -> Option<String> {
    // A quarter of it may be scratched off and it still reads: it hangs outside.
    let code = QrCode::encode_text(text, QrCodeEcc::Quartile).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Some(format!(
        "<svg viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use records::FieldType;

    use super::*;

    #[test]
    fn every_point_has_a_card_with_its_name() {
        let pack = Pack::community();
        let kind = pack.kind("patrol").unwrap();
        let page = html(&pack, kind, Lang::Zh).unwrap();
        let Some(FieldType::SelectMultiple(list)) = kind.field("checkpoints").map(|f| &f.r#type) else {
            panic!("points")
        };
        assert_eq!(page.matches("<svg").count(), pack.choices[list].len());
        assert!(page.contains("<figcaption>东门</figcaption>") && !page.contains("<script"));
        assert!(html(&pack, pack.kind("service").unwrap(), Lang::Zh).is_none());
    }
}
