//! What this device remembers beside the databases: language, size of type, which account has which database, and the
//! mirror of its numbers. Nothing about any resident.

use gloo::storage::{LocalStorage, Storage};
use records::Lang;
use serde::{Deserialize, Serialize};

use crate::store::{
    SealedDraft,
    mirror::{KEY, Mirror},
};

const LANG: &str = "linli.lang";
const ELDER: &str = "linli.elder";
const PLACES: &str = "linli.places";
const WELCOMED: &str = "linli.welcomed";
const PEOPLE: &str = "linli.people";
const LEFT: &str = "linli.left";
const WITHDRAWN: &str = "linli.withdrawn";

/// Someone who has signed in on this tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Account name.
    pub account: String,
    /// The name of their database.
    pub database: String,
}

/// The language chosen here; Chinese until someone chooses.
pub fn lang() -> Lang {
    LocalStorage::get(LANG).unwrap_or_default()
}

/// Whether larger type was chosen here, or smaller; `None` until someone chooses.
pub fn elder() -> Option<bool> {
    LocalStorage::get(ELDER).ok()
}

/// Whether an account takes down where it is at the points of a round.
pub fn with_places(account: &str) -> bool {
    LocalStorage::get::<Vec<String>>(PLACES).is_ok_and(|all| all.iter().any(|other| other == account))
}

/// Remembers it.
pub fn keep_with_places(account: &str, with: bool) {
    let mut all: Vec<String> = LocalStorage::get(PLACES).unwrap_or_default();
    all.retain(|other| other != account);
    if with {
        all.push(account.into());
    }
    let _ = LocalStorage::set(PLACES, all);
}

/// Whether the help for the first time was read here.
pub fn welcomed() -> bool {
    LocalStorage::get(WELCOMED).unwrap_or_default()
}

/// Remembers that it was.
pub fn keep_welcomed() {
    let _ = LocalStorage::set(WELCOMED, true);
}

/// Remembers the language. A browser that keeps nothing asks again next time.
pub fn keep_lang(lang: Lang) {
    let _ = LocalStorage::set(LANG, lang);
}

/// Remembers the size of type.
pub fn keep_elder(elder: bool) {
    let _ = LocalStorage::set(ELDER, elder);
}

/// Who has signed in here, the last one first.
pub fn people(name: &str) -> Vec<Person> {
    LocalStorage::get(named(PEOPLE, name)).unwrap_or_default()
}

/// An account as it is called here, however its name was typed: capitals, full-width letters and what nobody sees are no other
/// account, and would be no other at the office.
pub fn as_known(name: &str, typed: String) -> String {
    let plain = |text: &str| {
        let narrow = |c: char| match u32::from(c) {
            wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
            _ => c,
        };
        let unseen = |c: &char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        text.trim().chars().filter(|c| !unseen(c)).map(narrow).flat_map(char::to_lowercase).collect::<String>()
    };
    let wanted = plain(&typed);
    let exactly = |person: &Person| person.account == typed;
    let people = people(name);
    let found = people
        .iter()
        .find(|person| exactly(person))
        .or_else(|| people.iter().find(|person| plain(&person.account) == wanted));
    found.map_or(typed.clone(), |person| person.account.clone())
}

/// Remembers who was here last, and in which database.
pub fn keep_person(name: &str, account: &str, database: &str) {
    let mut people = people(name);
    people.retain(|person| person.account != account);
    people.insert(0, Person { account: account.into(), database: database.into() });
    let _ = LocalStorage::set(named(PEOPLE, name), people);
}

/// Drafts that a page kept here as it went, sealed.
pub fn left(of: &str) -> Vec<SealedDraft> {
    LocalStorage::get(left_key(of)).unwrap_or_default()
}

/// Keeps them, in place of those before.
pub fn keep_left(of: &str, drafts: &[SealedDraft]) {
    let _ = LocalStorage::set(left_key(of), drafts);
}

/// Forgets them.
pub fn forget_left(of: &str) {
    LocalStorage::delete(left_key(of));
}

fn left_key(of: &str) -> String {
    named(LEFT, of)
}

/// Forgets who had the database `of` and its mirror; `name` is the app's first database.
pub fn forget(name: &str, of: &str) {
    let mut people = people(name);
    people.retain(|person| person.database != of);
    let _ = LocalStorage::set(named(PEOPLE, name), people);
    LocalStorage::delete(mirror_key(of));
    forget_left(of);
}

/// What became of the work on a tablet that the office took out of use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Forms half filled that were handed in as they were.
    pub drafts: usize,
    /// Photos and papers that the office did not take.
    pub files: usize,
    /// Acts that nobody could read any more.
    pub records: usize,
    /// Accounts whose databases are still on the tablet, each with what waits in it.
    pub others: Vec<String>,
}

/// Remembers that the office had everything on this tablet destroyed, to say so until someone signs in again.
pub fn keep_withdrawn(withdrawn: Option<Withdrawn>) {
    match withdrawn {
        Some(withdrawn) => drop(LocalStorage::set(WITHDRAWN, withdrawn)),
        None => LocalStorage::delete(WITHDRAWN),
    }
}

/// What became of it, if it had.
pub fn withdrawn() -> Option<Withdrawn> {
    LocalStorage::get(WITHDRAWN).ok()
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
    named(KEY, name)
}

fn named(key: &str, name: &str) -> String {
    if name == super::DATABASE { key.into() } else { format!("{key}.{name}") }
}
