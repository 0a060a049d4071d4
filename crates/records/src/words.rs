//! How a value reads on a screen.

use crate::{Context, Fields, Lang, Pack, RecordId, Value, pack::Field};

/// A value in words, in full. `name_of` gives a record's title.
pub fn read(
    pack: &Pack,
    field: &Field,
    value: &Value,
    lang: Lang,
    name_of: &dyn Fn(RecordId) -> Option<String>,
) -> String {
    let _ = (pack, field, value, lang, name_of);
    todo!()
}

/// As [`read`], with ID numbers and telephones covered.
pub fn read_masked(
    pack: &Pack,
    field: &Field,
    value: &Value,
    lang: Lang,
    name_of: &dyn Fn(RecordId) -> Option<String>,
) -> String {
    let _ = (pack, field, value, lang, name_of);
    todo!()
}

/// Whole fen as yuan: `1,234.50`.
pub fn yuan(fen: i64) -> String {
    let _ = fen;
    todo!()
}

/// The line that names a record in lists.
pub fn title(pack: &Pack, kind: &str, fields: &Fields, lang: Lang, context: &Context<'_>) -> String {
    let _ = (pack, kind, fields, lang, context);
    todo!()
}

/// The second, smaller line.
pub fn summary(pack: &Pack, kind: &str, fields: &Fields, lang: Lang, context: &Context<'_>) -> String {
    let _ = (pack, kind, fields, lang, context);
    todo!()
}
