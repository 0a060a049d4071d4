//! Rosters over the wire: a file goes up, is planned, imported and taken back at the office.

use records::Lang;
use sync::wire::{Roster, RosterChoices, RosterPlan, RosterUpload};
use uuid::Uuid;

use super::{Request, SILENCE, Trouble, carry, fetch, get, json, post, spoken};

/// Sends a file; what it holds comes back.
pub async fn upload(file: &str, bytes: &[u8], lang: Lang) -> Result<RosterUpload, Trouble> {
    let path = format!("/api/v1/rosters?file={}", String::from(js_sys::encode_uri_component(file)));
    json(carry(post(&path, lang), bytes, SILENCE).await?)
}

/// What importing would do.
pub async fn plan(id: Uuid, choices: &RosterChoices, lang: Lang) -> Result<RosterPlan, Trouble> {
    json(fetch(post(&format!("/api/v1/rosters/{id}/plan"), lang), Some(choices), SILENCE).await?)
}

/// Begins to import as last planned.
pub async fn run(id: Uuid, lang: Lang) -> Result<Roster, Trouble> {
    json(fetch(post(&format!("/api/v1/rosters/{id}/run"), lang), None::<&()>, SILENCE).await?)
}

/// Where it stands.
pub async fn state(id: Uuid, lang: Lang) -> Result<Roster, Trouble> {
    get(&format!("/api/v1/rosters/{id}"), lang).await
}

/// All that were imported, the latest first.
pub async fn list(lang: Lang) -> Result<Vec<Roster>, Trouble> {
    get("/api/v1/rosters", lang).await
}

/// Stops it, takes it back or forgets it, whichever its state calls for.
pub async fn end(id: Uuid, lang: Lang) -> Result<Roster, Trouble> {
    let path = format!("/api/v1/rosters/{id}");
    json(fetch(spoken(Request::delete(&path), lang), None::<&()>, SILENCE).await?)
}
