//! Others judge what goes out: `rxform`, which makes XForms of XLSForms as pyxform does. (pyxform itself: `tests/api`.)

use export::xlsform::export;
use records::{FieldType, Pack};

#[test]
fn every_kind_is_a_form_to_others() {
    let pack = Pack::community();
    for (name, kind) in &pack.kinds {
        let bytes = export(&pack, name).unwrap().unwrap();
        let book = rxform::xls::read_workbook_from_bytes(&bytes).unwrap();
        let xml = rxform::convert_workbook(&book, name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(xml.contains(&format!("<h:title>{}</h:title>", kind.label.zh)), "{name}");
        for field in &kind.fields {
            assert!(xml.contains(&format!("nodeset=\"/data/{}\"", field.name)), "{name}.{}", field.name);
            if field.r#type != FieldType::Calculate {
                assert!(xml.contains(&format!("<text id=\"/data/{}:label\">", field.name)), "{name}.{}", field.name);
            }
        }
    }
}

#[test]
fn a_kind_that_is_not_there_is_no_workbook() {
    assert!(export(&Pack::community(), "nothing").unwrap().is_none());
}
