//! What this device remembers beside the database: language, size of type, and the mirror of its numbers. Nothing about
//! anyone.

use gloo::storage::{LocalStorage, Storage};
use records::Lang;

use crate::store::mirror::{KEY, Mirror};

const LANG: &str = "linli.lang";
const ELDER: &str = "linli.elder";

/// The language chosen here; Chinese until someone chooses.
pub fn lang() -> Lang {
    LocalStorage::get(LANG).unwrap_or_default()
}

/// Whether larger type was chosen here.
pub fn elder() -> bool {
    LocalStorage::get(ELDER).unwrap_or_default()
}

/// Remembers the language. A browser that keeps nothing asks again next time.
pub fn keep_lang(lang: Lang) {
    let _ = LocalStorage::set(LANG, lang);
}

/// Remembers the size of type.
pub fn keep_elder(elder: bool) {
    let _ = LocalStorage::set(ELDER, elder);
}

/// What was written beside the database `name`.
pub fn mirror(name: &str) -> Option<Mirror> {
    LocalStorage::get(mirror_key(name)).ok()
}

/// Writes it, after the database has it.
pub fn keep_mirror(name: &str, mirror: Mirror) {
    let _ = LocalStorage::set(mirror_key(name), mirror);
}

fn mirror_key(name: &str) -> String {
    if name == super::DATABASE { KEY.into() } else { format!("{KEY}.{name}") }
}
