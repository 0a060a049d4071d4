//! Forms over the wire: workbooks read, changed forms published.

use records::{Lang, Pack, pack::Wrong};
use serde::de::DeserializeOwned;
use sync::wire::{FormFinding, FormRead, Published};

use super::{Request, SILENCE, Trouble, carry, fetch, json, post, spoken};

/// Sends a workbook; the form it makes comes back. Nothing is in force by it.
pub async fn read(file: &str, bytes: &[u8], lang: Lang) -> Result<FormRead, Trouble> {
    let path = format!("/api/v1/pack/xlsform?file={}", String::from(js_sys::encode_uri_component(file)));
    json(carry(post(&path, lang), bytes, SILENCE).await?)
}

/// Of a workbook that makes no form: its cells that could not be taken.
pub fn findings(trouble: &Trouble) -> Vec<FormFinding> {
    said(trouble, "findings")
}

/// Puts a pack in the place of the version it says it is, which the office makes the next one.
pub async fn publish(pack: &Pack, lang: Lang) -> Result<Published, Trouble> {
    let request = spoken(Request::put("/api/v1/pack"), lang);
    let request = request.header("if-match", format!("\"{}-{}\"", pack.name, pack.version));
    json(fetch(request, Some(pack), SILENCE).await?)
}

/// Whether another version is in force by now.
pub fn is_overtaken(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Told { details, .. } if details.status == 412)
}

/// What the office found wrong with the pack, thing by thing.
pub fn wrongs(trouble: &Trouble) -> Vec<Wrong> {
    said(trouble, "problems")
}

/// A list that stands in a problem's details.
fn said<T: DeserializeOwned>(trouble: &Trouble, name: &str) -> Vec<T> {
    let Trouble::Told { details, .. } = trouble else { return Vec::new() };
    details.more.get(name).and_then(|all| serde_json::from_value(all.clone()).ok()).unwrap_or_default()
}
