//! Publishing changed forms over the wire.

use records::{Lang, Pack, pack::Wrong};
use sync::wire::Published;

use super::{LONGEST, Request, Trouble, fetch, json, spoken};

/// Puts a pack in the place of the version it says it is, which the office makes the next one.
pub async fn publish(pack: &Pack, lang: Lang) -> Result<Published, Trouble> {
    let request = spoken(Request::put("/api/v1/pack"), lang);
    let request = request.header("if-match", &format!("\"{}-{}\"", pack.name, pack.version));
    json(fetch(request, Some(pack), LONGEST).await?)
}

/// Whether another version is in force by now.
pub fn is_overtaken(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Told { details, .. } if details.status == 412)
}

/// What the office found wrong with the pack, thing by thing.
pub fn wrongs(trouble: &Trouble) -> Vec<Wrong> {
    let Trouble::Told { details, .. } = trouble else { return Vec::new() };
    details.more.get("problems").and_then(|all| serde_json::from_value(all.clone()).ok()).unwrap_or_default()
}
